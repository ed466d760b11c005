"""Procedures of the people of a decision: steps recorded for a seat, who goes on, and the finding among the others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from hrdb.kernel.models import AuditEvent
from personnel.choices import TitleGroup
from personnel.models import Decision, DecisionItem, Title
from personnel.rules.procedure import COMPLETE, POLICY_DAYS, PROCEDURE_DAYS
from personnel.services.decisions.case_papers import record_procedure
from personnel.services.decisions.cases import cases_of, plan
from personnel.services.decisions.procedures import (
    RecordedProcedure,
    RecordedStep,
    Vote,
    candidate_names,
    groups_of,
    known_procedure,
    procedure_verdict,
    recorded_procedure,
)
from tests.factories.personnel import make_cadre, make_title, make_unit
from tests.personnel.decision_texts.papers import draft
from tests.personnel.decisions.making import EFFECTIVE, D

pytestmark = pytest.mark.django_db

FIVE = "on_site_five_steps"
STEPS = ("leadership-list", "extended-leadership", "leadership-choice", "key-staff", "leadership-vote")


def _leader(**values: Any) -> Title:
    return make_title(**{"is_leadership": True, "group": TitleGroup.HEAD, "rank": 5, **values})


def _votes(item: DecisionItem, mine: int | None, **others: int | None) -> tuple[Vote, ...]:
    own = Vote(item.cadre.full_name if item.cadre else "", mine, item.pk)
    return (own, *(Vote(name, count) for name, count in others.items()))


def _five(item: DecisionItem, mine: int = 8, **changes: Any) -> RecordedProcedure:
    """All five steps with ten summoned and present; `mine` votes in the last."""
    steps = [
        RecordedStep(
            step=key,
            held_on=D(2026, 3, 2 + place),
            minutes=f"{place + 1}/BB",
            summoned=10,
            present=10,
            votes=_votes(item, mine if key == "leadership-vote" else 9 if place else None),
        )
        for place, key in enumerate(STEPS)
    ]
    return RecordedProcedure(procedure=FIVE, steps=tuple(steps), **changes)


def _record(decision: Decision, recorded: RecordedProcedure, *items: DecisionItem) -> int:
    chosen = [item.pk for item in items] or list(decision.items.values_list("pk", flat=True))
    return record_procedure(decision=decision, items=chosen, recorded=recorded, version=None, acting_user=None)


def _findings(decision: Decision) -> dict[str, Any]:
    (planned,) = plan(decision, acting_user=None)
    return {found.rule: found for found in planned.findings}


@pytest.fixture
def decision() -> Decision:
    return draft("appointment", [make_cadre(name="Nguyễn Văn Một")], title=_leader())


def test_what_is_recorded_comes_back_as_it_was(decision: Decision) -> None:
    recorded = _five(decision.items.get(), seats=2, proposed_on=D(2026, 2, 2), policy_on=D(2026, 2, 10))
    assert RecordedProcedure.from_json(recorded.as_json()) == recorded
    before = AuditEvent.objects.count()
    assert _record(decision, recorded) == 1
    assert AuditEvent.objects.count() == before + 1
    assert recorded_procedure(decision.items.get()) == recorded
    assert _record(decision, recorded) == 0


def test_before_it_is_held_the_procedure_is_not_known_and_names_its_first_step(decision: Decision) -> None:
    found = _findings(decision)[COMPLETE.key]
    assert found.outcome == "unknown"
    assert found.missing[0].startswith("kết quả: Bước 1")
    assert POLICY_DAYS.key not in _findings(decision)


def test_a_kind_without_procedure_and_a_title_that_does_not_lead_have_none() -> None:
    for other in (draft("appointment", [make_cadre()], title=make_title()), draft("leaving", [make_cadre()])):
        assert COMPLETE.key not in _findings(other)


@pytest.mark.parametrize(("votes", "outcome"), [(6, "met"), (5, "unknown"), (4, "not_met")])
def test_the_last_vote_decides(decision: Decision, votes: int, outcome: str) -> None:
    _record(decision, _five(decision.items.get(), votes))
    found = _findings(decision)[COMPLETE.key]
    assert found.outcome == outcome
    assert found.citation.article == "Điều 33"
    if votes == 5:
        assert found.missing == ("quyết định của người đứng đầu",)


def test_a_tie_is_decided_by_the_head(decision: Decision) -> None:
    recorded = _five(decision.items.get(), 5)
    last = recorded.steps[-1]
    for chose, outcome in ((("Nguyễn Văn Một",), "met"), ((), "not_met")):
        order = known_procedure(FIVE, EFFECTIVE)
        assert order is not None
        decided = recorded.with_step(
            RecordedStep(**{name: getattr(last, name) for name in last.__slots__} | {"head_chose": chose}), order
        )
        _record(decision, decided)
        assert _findings(decision)[COMPLETE.key].outcome == outcome


def test_working_days_are_judged_once_their_beginning_is_recorded(decision: Decision) -> None:
    recorded = _five(decision.items.get(), proposed_on=D(2026, 2, 2), policy_on=D(2026, 2, 27))
    _record(decision, recorded)
    found = _findings(decision)
    assert found[POLICY_DAYS.key].outcome == "not_met"
    assert found[PROCEDURE_DAYS.key].outcome == "met"


def test_steps_out_of_their_order_of_days_do_not_count(decision: Decision) -> None:
    recorded = _five(decision.items.get())
    steps = list(recorded.steps)
    steps[1] = RecordedStep(
        **{name: getattr(steps[1], name) for name in steps[1].__slots__} | {"held_on": D(2026, 4, 1)}
    )
    _record(decision, RecordedProcedure(FIVE, steps=tuple(steps)))
    assert _findings(decision)[COMPLETE.key].outcome == "not_met"


def test_where_the_person_comes_from_names_the_procedure_and_the_special_case_is_not_known() -> None:
    here, there = make_unit(), make_unit()
    title = _leader()
    elsewhere = draft("appointment", [make_cadre(unit=there)], title=title, unit=here)
    (case,) = cases_of(elsewhere)
    assert case.act.usual_procedure(case) == FIVE, "the office drawing up is not where the title is"
    for own, key in (({"unit": here}, "elsewhere_three_steps"), ({"unit": there}, FIVE)):
        (case,) = cases_of(draft("appointment", [(make_cadre(unit=there), own)], title=title))
        assert case.act.usual_procedure(case) == key
    special = draft("appointment", [make_cadre()], title=title, is_special_case=True)
    found = _findings(special)[COMPLETE.key]
    assert found.outcome == "unknown"
    assert procedure_verdict(cases_of(special)[0]) is None


def test_candidates_of_one_seat_share_the_steps_and_reappointments_one_meeting() -> None:
    title, other = _leader(), _leader()
    people = [(make_cadre(name="Nguyễn Văn Một"), {"title": title}), (make_cadre(name="Lê Thị Hai"), {"title": other})]
    pair = (make_cadre(name="Trần Văn Ba"), {"title": title})
    groups = groups_of(cases_of(draft("appointment", [*people, pair])))
    assert [[case.cadre.full_name for case in group] for group in groups] == [
        ["Nguyễn Văn Một", "Trần Văn Ba"],
        ["Lê Thị Hai"],
    ]
    together = groups_of(cases_of(draft("reappointment", [person for person, _ in people])))
    assert [len(group) for group in together] == [2]


def test_two_seats_take_two_of_three_and_names_from_outside_stand_beside() -> None:
    title = _leader()
    decision = draft("appointment", [make_cadre(name=name) for name in ("Một", "Hai")], title=title)
    first, second = decision.items.order_by("position")
    steps = tuple(
        RecordedStep(
            step=key,
            held_on=D(2026, 3, 2),
            summoned=10,
            present=10,
            votes=(
                Vote("Một", 9, first.pk),
                Vote("Hai", 7, second.pk),
                *([Vote("Người Ngoài", 6)] if place < 3 else []),
            ),
        )
        for place, key in enumerate(STEPS)
    )
    _record(decision, RecordedProcedure(FIVE, seats=2, steps=steps))
    outcomes = [
        found.outcome
        for one in plan(decision, acting_user=None)
        for found in one.findings
        if found.rule == COMPLETE.key
    ]
    assert outcomes == ["met", "met"]
    _record(decision, RecordedProcedure(FIVE, seats=1, steps=steps))
    outcomes = [
        found.outcome
        for one in plan(decision, acting_user=None)
        for found in one.findings
        if found.rule == COMPLETE.key
    ]
    assert outcomes == ["not_met", "not_met"], "who fell out of the choice does not stand again"


def test_namesakes_are_told_apart_by_their_year() -> None:
    people = [make_cadre(name="Lê Văn Trùng", born=D(1980, 1, 1)), make_cadre(name="Lê Văn Trùng", born=D(1985, 1, 1))]
    (group,) = groups_of(cases_of(draft("appointment", people, title=_leader())))
    assert list(candidate_names(group).values()) == ["Lê Văn Trùng (sinh 1980)", "Lê Văn Trùng (sinh 1985)"]


def test_numbers_that_cannot_be_and_strange_procedures_are_refused(decision: Decision) -> None:
    item = decision.items.get()
    step = RecordedStep(step="leadership-vote", summoned=10, present=9, votes=_votes(item, 10))
    with pytest.raises(ValidationError, match="không thể nhiều hơn số người dự"):
        _record(decision, RecordedProcedure(FIVE, steps=(step,)))
    with pytest.raises(ValidationError, match="không theo quy trình đó"):
        _record(decision, RecordedProcedure("reappointment"))
    with pytest.raises(ValidationError, match="chưa được kiểm chứng"):
        _record(decision, RecordedProcedure("special_three_steps"))
    with pytest.raises(ValidationError, match="không có bước"):
        _record(decision, RecordedProcedure(FIVE, steps=(RecordedStep(step="x", summoned=1, present=1),)))
    assert decision.items.get().tallies == []
