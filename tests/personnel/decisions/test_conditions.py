"""The law's conditions in a case: judged on the decision's own day, passed over with a reason only where law allows."""

from __future__ import annotations

from typing import Any

import pytest

from personnel.choices import AssignmentKind, DisciplineRegime, EmploymentCategory, TitleGroup
from personnel.models import (
    Assignment,
    Cadre,
    Decision,
    DecisionKind,
    Discipline,
    DisciplineForm,
    HealthCheck,
    PoliticalReview,
    Relative,
    RelativeKind,
    Seat,
    Title,
    TitleStandard,
    Unit,
)
from personnel.policies import Role
from personnel.services.decisions.cases import DecisionRefused, Planned, plan
from personnel.services.decisions.kinds import FactSource, decision_acts, fact_sources
from personnel.services.decisions.register import (
    add_people,
    check_draft,
    draft_decision,
    override_rule,
    return_decision,
    submit_decision,
)
from personnel.services.decisions.signing import sign_decision
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit, make_user
from tests.personnel.decisions.making import EFFECTIVE, D, enter, signature

pytestmark = pytest.mark.django_db


def _leader(**values: Any) -> Title:
    return make_title(**{"is_leadership": True, "group": TitleGroup.HEAD, "rank": 5, **values})


def _draft(key: str, people: list[Cadre], *, acting_user: Any = None, own: Any = None, **terms: Any) -> Decision:
    act = decision_acts[key]
    make_code(DecisionKind, act.code, name=act.label)
    common = {item.key for item in act.common_fields}
    decision = draft_decision(
        act=act,
        unit=None,
        effective_on=terms.pop("effective_on", EFFECTIVE),
        terms={name: value for name, value in terms.items() if name in common},
        acting_user=acting_user,
    )
    own = {name: value for name, value in terms.items() if name not in common}
    add_people(decision=decision, act=act, people=[(person, own) for person in people], acting_user=acting_user)
    return decision


def _outcomes(planned: Planned) -> dict[str, str]:
    return {found.rule: found.outcome for found in planned.findings}


def test_a_draft_shows_every_condition_and_what_would_change() -> None:
    person = make_cadre(since=D(2015, 1, 1))
    (planned,) = plan(_draft("appointment", [person], title=_leader()), acting_user=None)
    outcomes = _outcomes(planned)
    assert outcomes["age-for-title"] == "met"
    assert outcomes["planned-for-title"] == "unknown"
    assert outcomes["political-review"] == "unknown"
    assert outcomes["no-pending-procedure"] == "unknown"
    assert [difference.verb for difference in planned.differences] == ["end", "add"]
    assert all(found.citation or found.outcome == "unknown" for found in planned.findings)


@pytest.mark.parametrize(
    ("born", "special", "outcome"),
    [
        (D(1967, 3, 1), False, "not_met"),
        (D(1969, 5, 1), False, "met"),
        (D(1968, 5, 1), True, "met"),
    ],
)
def test_age_for_a_first_post_is_judged_on_the_decisions_day(born: Any, special: bool, outcome: str) -> None:
    person = make_cadre(since=D(2015, 1, 1), born=born)
    draft = _draft("appointment", [person], title=_leader(), is_special_case=special)
    assert _outcomes(plan(draft, acting_user=None)[0])["age-for-title"] == outcome


def test_who_is_too_old_is_refused_until_a_reason_passes_it_over() -> None:
    person = make_cadre(since=D(2015, 1, 1), born=D(1966, 3, 1))
    with pytest.raises(DecisionRefused) as refused:
        enter("appointment", [person], title=_leader())
    assert refused.value.faults[0] == ["Chưa đạt: Còn đủ thời gian công tác để bổ nhiệm."]
    decision = enter(
        "appointment", [person], title=_leader(), overrides={"age-for-title": "Trường hợp đặc biệt, thông báo số 5"}
    )
    kept = {found["rule"]: found for found in decision.items.get().findings}
    assert kept["age-for-title"]["outcome"] == "not_met"
    assert kept["age-for-title"]["citation"]


def test_a_discipline_in_effect_blocks_and_no_reason_passes_it_over() -> None:
    person = make_cadre(since=D(2015, 1, 1))
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=person, regime="state", form=form, effective_from=D(2025, 9, 1))
    with pytest.raises(DecisionRefused) as refused:
        enter(
            "appointment",
            [person],
            title=_leader(),
            overrides={"not-serving-discipline": "vẫn bổ nhiệm", "higher-title-after-discipline": "vẫn bổ nhiệm"},
        )
    assert "Chưa đạt: Không trong thời gian thi hành kỷ luật." in refused.value.faults[0]
    draft = _draft("appointment", [person], title=_leader())
    with pytest.raises(ServiceRefusal, match="không cho bỏ qua"):
        override_rule(item=draft.items.get(), rule="not-serving-discipline", reason="cứ làm", acting_user=None)


def test_months_after_a_reprimand_a_higher_title_is_possible_again() -> None:
    person = make_cadre(since=D(2015, 1, 1))
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=person, regime="state", form=form, effective_from=D(2025, 11, 10))
    rule = "higher-title-after-discipline"
    for day, outcome in ((D(2027, 11, 9), "not_met"), (D(2027, 11, 10), "met")):
        draft = _draft("appointment", [person], title=_leader(), effective_on=day)
        assert _outcomes(plan(draft, acting_user=None)[0])[rule] == outcome


def test_a_small_child_blocks_a_transfer_until_the_person_wishes_it() -> None:
    person = make_cadre(since=D(2015, 1, 1), sex="female")
    child = make_code(RelativeKind, "07", name="Con")
    make(Relative, cadre=person, kind=child, full_name="Bé", birth_year=2025)
    unit = make_unit()
    confirmed = {"is_clear": True, "is_movable": True, "unit": unit}
    (planned,) = plan(_draft("transfer", [person], **confirmed), acting_user=None)
    assert _outcomes(planned)["may-be-moved"] == "not_met"
    (planned,) = plan(_draft("transfer", [person], **confirmed, has_written_wish=True), acting_user=None)
    assert _outcomes(planned)["may-be-moved"] == "met"


def test_a_rotation_needs_its_months_and_a_secondment_is_not_too_long() -> None:
    person, unit = make_cadre(since=D(2015, 1, 1), born=D(1985, 1, 1)), make_unit()
    for end, outcome in ((D(2029, 3, 31), "not_met"), (D(2029, 4, 1), "met")):
        draft = _draft("rotation", [person], unit=unit, title=_leader(), term_ends_on=end)
        assert _outcomes(plan(draft, acting_user=None)[0])["rotation-length"] == outcome
    for last, outcome in ((D(2029, 3, 31), "met"), (D(2029, 4, 1), "not_met")):
        draft = _draft("secondment", [person], unit=unit, until=last)
        assert _outcomes(plan(draft, acting_user=None)[0])["secondment-length"] == outcome


def test_seats_are_counted_with_everybody_who_comes_by_the_same_decision() -> None:
    unit, title = make_unit(), _leader()
    paper = enter("commendation", [make_cadre()], detail="x")
    make(Seat, unit=unit, title=title, number=1, effective_from=D(2020, 1, 1), decision=paper)
    one, two = make_cadre(since=D(2015, 1, 1)), make_cadre(since=D(2015, 1, 1))
    (planned,) = plan(_draft("appointment", [one], unit=unit, title=title), acting_user=None)
    assert _outcomes(planned)["free-seat"] == "met"
    planned_both = plan(_draft("appointment", [one, two], unit=unit, title=title), acting_user=None)
    assert {_outcomes(planned)["free-seat"] for planned in planned_both} == {"not_met"}
    make(Assignment, cadre=two, unit=unit, title=title, kind=AssignmentKind.CONCURRENT, effective_from=D(2021, 1, 1))
    (planned,) = plan(_draft("appointment", [one], unit=unit, title=title), acting_user=None)
    assert _outcomes(planned)["free-seat"] == "not_met"


def test_reviews_certificates_and_standards_are_read_from_the_record() -> None:
    person, title = make_cadre(since=D(2015, 1, 1)), _leader()
    make(PoliticalReview, cadre=person, authority="BTVTU", concluded_on=D(2026, 1, 5), result="met")
    make(HealthCheck, cadre=person, checked_on=D(2025, 10, 1), status="Tốt")
    make(
        TitleStandard,
        title=title,
        requirement="party_member",
        value=True,
        citation="Quy định 365-QĐ/TW ngày 30/08/2025",
        effective_from=D(2025, 8, 30),
    )
    outcomes = _outcomes(plan(_draft("appointment", [person], title=title), acting_user=None)[0])
    assert (outcomes["political-review"], outcomes["title-standard"]) == ("met", "not_met")
    assert outcomes["health-certificate"] == "met"
    make(HealthCheck, cadre=person, checked_on=D(2025, 8, 1), status="Tốt")
    later = _draft("appointment", [person], title=title, effective_on=D(2026, 4, 2))
    assert _outcomes(plan(later, acting_user=None)[0])["health-certificate"] == "not_met"


def test_upper_apps_fill_in_what_they_know(monkeypatch: pytest.MonkeyPatch) -> None:
    class Planned(FactSource):
        key = "is_planned"

        def facts(self, cases: Any) -> Any:
            return {case.place: True for case in cases}

    monkeypatch.setattr(fact_sources, "_entries", {"is_planned": Planned()})
    draft = _draft("appointment", [make_cadre(since=D(2015, 1, 1))], title=_leader())
    assert _outcomes(plan(draft, acting_user=None)[0])["planned-for-title"] == "met"


def test_any_number_of_people_is_judged_with_the_same_queries(django_assert_max_num_queries: Any) -> None:
    title, unit = _leader(), make_unit()
    for size in (1, 8):
        draft = _draft("appointment", [make_cadre() for _ in range(size)], title=title, unit=unit)
        with django_assert_max_num_queries(34):
            plan(draft, acting_user=None)


def test_states_follow_one_another_and_a_submitted_draft_stands_still() -> None:
    person, unit = make_cadre(), make_unit()
    draft = _draft("transfer", [person], unit=unit, is_clear=True, is_movable=True)
    with pytest.raises(ServiceRefusal):
        submit_decision(decision=draft, acting_user=None)
    check_draft(decision=draft, acting_user=None)
    submitted = submit_decision(decision=draft, acting_user=None)
    assert submitted.state == "submitted"
    with pytest.raises(ServiceRefusal, match="không còn là dự thảo"):
        add_people(decision=draft, act=decision_acts["transfer"], people=[(make_cadre(), {})], acting_user=None)
    returned = return_decision(decision=draft, note="thiếu người", acting_user=None)
    assert (returned.state, returned.return_note) == ("draft", "thiếu người")
    signed = sign_decision(decision=draft, signature=signature(), acting_user=None)
    assert signed.state_on(EFFECTIVE) == "Đang có hiệu lực"
    assert signed.state_on(D(2026, 3, 31)) == "Chưa đến ngày hiệu lực"
    with pytest.raises(ServiceRefusal, match="đã ký rồi"):
        sign_decision(decision=draft, signature=signature(), acting_user=None)


def _office() -> tuple[Unit, Any]:
    unit = make_unit()
    return unit, make_user(Role.UNIT_OFFICER, unit=unit)


def test_nobody_decides_on_people_or_units_out_of_scope() -> None:
    unit, officer = _office()
    mine, other = make_cadre(unit=unit, since=D(2015, 1, 1)), make_cadre(since=D(2015, 1, 1))
    act = decision_acts["transfer"]
    make_code(DecisionKind, act.code, name=act.label)
    draft = draft_decision(act=act, unit=unit, effective_on=EFFECTIVE, terms={}, acting_user=officer)
    with pytest.raises(Cadre.DoesNotExist):
        add_people(decision=draft, act=act, people=[(other, {})], acting_user=officer)
    add_people(decision=draft, act=act, people=[(mine, {"unit": make_unit()})], acting_user=officer)
    (planned,) = plan(draft, acting_user=officer)
    assert any("ngoài phạm vi" in fault for fault in planned.faults)
    stranger = make_user(Role.UNIT_OFFICER)
    with pytest.raises(Decision.DoesNotExist):
        check_draft(decision=draft, acting_user=stranger)
    assert not Decision.objects.visible_to(stranger).exists()
    assert Decision.objects.visible_to(officer).get() == draft


def test_a_unit_does_not_decide_on_its_own_head() -> None:
    unit, officer = _office()
    head = make_title("GD-X", group=TitleGroup.HEAD, is_leadership=True, managing_level="provincial_standing")
    person = make_cadre(unit=unit, since=D(2015, 1, 1), category=EmploymentCategory.CIVIL_SERVANT)
    act = decision_acts["appointment"]
    make_code(DecisionKind, act.code, name=act.label)
    draft = draft_decision(act=act, unit=unit, effective_on=EFFECTIVE, terms={}, acting_user=officer)
    add_people(decision=draft, act=act, people=[(person, {"title": head})], acting_user=officer)
    (planned,) = plan(draft, acting_user=officer)
    assert any("thẩm quyền của cấp khác" in fault for fault in planned.faults)
