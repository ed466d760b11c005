"""Dossiers of the people of a decision: what came, what the record provides, what lacks; among the other findings."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.history import version_of
from hrdb.kernel.models import AuditEvent
from personnel.choices import DecisionState, TitleGroup
from personnel.models import Asset, Decision, DecisionItem, HealthCheck, PoliticalReview, Title
from personnel.policies import Role
from personnel.rules.dossier import DOSSIER
from personnel.services.decisions.case_papers import record_dossier
from personnel.services.decisions.cases import cases_of, plan
from personnel.services.decisions.dossiers import EnteredPaper, dossier_of, dossier_verdict, held_papers
from personnel.services.decisions.kinds import decision_acts
from personnel.services.errors import ServiceRefusal, StaleVersion
from tests.factories.personnel import make, make_cadre, make_title, make_unit, make_user
from tests.personnel.decision_texts.papers import draft
from tests.personnel.decisions.making import EFFECTIVE, D, enter

pytestmark = pytest.mark.django_db

ON_PAPER = ("proposal", "minutes", "self_review", "assessment", "residence", "diplomas")


def _leader(**values: Any) -> Title:
    return make_title(**{"is_leadership": True, "group": TitleGroup.HEAD, "rank": 5, **values})


def _finding(decision: Decision) -> Any:
    (planned,) = plan(decision, acting_user=None)
    return next((found for found in planned.findings if found.rule == DOSSIER.key), None)


def _enter(decision: Decision, *keys: str, acting_user: Any = None, **days: Any) -> int:
    item = decision.items.get()
    papers = {key: EnteredPaper(True) for key in keys} | {key: EnteredPaper(True, day) for key, day in days.items()}
    return record_dossier(decision=decision, papers={item.pk: papers}, version=None, acting_user=acting_user)


def test_before_anybody_looked_the_dossier_is_not_known_and_does_not_stop_the_signing() -> None:
    decision = draft("appointment", [make_cadre()], title=_leader())
    found = _finding(decision)
    assert found.outcome == "unknown"
    assert "Tờ trình về việc bổ nhiệm" in found.missing
    assert found.citation.article == "Điều 35"
    enter("appointment", [make_cadre()], title=_leader())


def test_a_title_that_does_not_lead_and_a_kind_without_papers_have_none() -> None:
    assert _finding(draft("appointment", [make_cadre()], title=make_title())) is None
    assert _finding(draft("leaving", [make_cadre()])) is None


def test_law_that_is_not_known_is_said() -> None:
    found = _finding(draft("reappointment", [make_cadre(title=_leader())]))
    assert found.outcome == "unknown"
    assert dossier_of(decision_acts["reappointment"], EFFECTIVE) is None


def test_the_record_provides_what_it_has_by_the_day() -> None:
    person = make_cadre()
    make(HealthCheck, cadre=person, checked_on=D(2026, 2, 1), status="Tốt")
    make(HealthCheck, cadre=person, checked_on=D(2026, 4, 2), status="Tốt")
    make(PoliticalReview, cadre=person, concluded_on=D(2025, 5, 1), authority="BTC", result="met")
    make(Asset, cadre=person, kind="house_bought", declared_on=D(2025, 12, 1))
    (case,) = cases_of(draft("appointment", [person], title=_leader()))
    held = held_papers(case)
    assert set(held) == {"cv", "health", "political_review", "assets"}
    assert held["health"].issued_on == D(2026, 2, 1)
    assert all(paper.is_from_record for paper in held.values())


def test_what_was_entered_and_the_record_together_make_the_dossier_whole() -> None:
    person = make_cadre()
    make(HealthCheck, cadre=person, checked_on=D(2026, 2, 1), status="Tốt")
    make(PoliticalReview, cadre=person, concluded_on=D(2025, 5, 1), authority="BTC", result="met")
    make(Asset, cadre=person, kind="house_bought", declared_on=D(2025, 12, 1))
    decision = draft("appointment", [person], title=_leader())
    assert _enter(decision, *ON_PAPER, cv=D(2026, 1, 5)) == 1
    found = _finding(decision)
    assert (found.outcome, found.value) == ("met", "10/10")


def test_what_is_missing_stops_the_signing_until_a_reason_passes_it_over() -> None:
    decision = draft("appointment", [make_cadre()], title=_leader())
    _enter(decision, "proposal", cv=D(2026, 1, 5))
    (planned,) = plan(decision, acting_user=None)
    assert [found.rule for found in planned.blocking] == [DOSSIER.key]
    assert planned.blocking[0].facts["Bản sao văn bằng, chứng chỉ"] == "Còn thiếu"


@pytest.mark.parametrize(
    ("issued", "state"), [(D(2025, 9, 30), "expired"), (D(2025, 10, 1), "held"), (D(2026, 4, 1), "held")]
)
def test_a_certificate_expires_on_the_decisions_own_day(issued: Any, state: str) -> None:
    decision = draft("appointment", [make_cadre()], title=_leader())
    _enter(decision, *ON_PAPER, cv=D(2026, 1, 5), health=issued)
    (case,) = cases_of(decision)
    verdict = dossier_verdict(case)
    assert verdict is not None
    assert next(one.state for one in verdict.papers if one.paper.key == "health") == state


def test_a_newer_certificate_on_paper_counts_before_the_record_and_an_older_one_does_not() -> None:
    person = make_cadre()
    make(HealthCheck, cadre=person, checked_on=D(2025, 12, 1), status="Tốt")
    for entered, counted in ((D(2026, 1, 10), D(2026, 1, 10)), (D(2025, 3, 1), D(2025, 12, 1))):
        decision = draft("appointment", [person], title=_leader())
        _enter(decision, health=entered)
        (case,) = cases_of(decision)
        assert held_papers(case)["health"].issued_on == counted


def test_writing_is_one_event_bumps_the_version_and_asks_for_another_check() -> None:
    decision = draft("appointment", [make_cadre()], title=_leader())
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.CHECKED)
    version = version_of(decision)
    before = AuditEvent.objects.count()
    item = decision.items.get()
    papers = {item.pk: {"proposal": EnteredPaper(True, D(2026, 3, 1), " 12/TTr-SNV ")}}
    record_dossier(decision=decision, papers=papers, version=version, acting_user=None)
    item.refresh_from_db()
    assert item.dossier == {"proposal": {"there": True, "day": "2026-03-01", "note": "12/TTr-SNV"}}
    assert AuditEvent.objects.count() == before + 1
    assert item.history.count() == 2
    decision.refresh_from_db()
    assert decision.state == DecisionState.DRAFT
    with pytest.raises(StaleVersion):
        record_dossier(decision=decision, papers=papers, version=version, acting_user=None)
    assert record_dossier(decision=decision, papers=papers, version=version_of(decision), acting_user=None) == 0


def test_what_may_not_be_written_is_refused() -> None:
    here, elsewhere = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=here)
    decision = draft("appointment", [make_cadre(unit=elsewhere)], unit=elsewhere, title=_leader())
    with pytest.raises(Decision.DoesNotExist):
        _enter(decision, "proposal", acting_user=officer)
    with pytest.raises(ValidationError, match="strange"):
        _enter(decision, "strange")
    Decision.objects.filter(pk=decision.pk).update(state=DecisionState.SUBMITTED)
    with pytest.raises(ServiceRefusal, match="trình ký"):
        _enter(decision, "proposal")


def test_the_dossier_of_a_signed_decision_is_completed_and_its_findings_stay() -> None:
    decision = enter("appointment", [make_cadre()], title=_leader())
    kept = decision.items.get().findings
    assert _enter(decision, *ON_PAPER) == 1
    item = DecisionItem.objects.get(decision=decision)
    assert item.findings == kept
    decision.refresh_from_db()
    assert decision.state == DecisionState.SIGNED


def test_as_many_queries_for_one_dossier_as_for_many() -> None:
    counts = []
    for number in (1, 6):
        decision = draft("appointment", [make_cadre() for _ in range(number)], title=_leader(), unit=make_unit())
        with CaptureQueriesContext(connection) as queries:
            plan(decision, acting_user=None)
        counts.append(len(queries))
    assert counts[0] == counts[1]
