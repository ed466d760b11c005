"""The yearly review: what is proposed of whom, that an officer decides each, and the report to the level above."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader

from hrdb.kernel.findings import Citation, Finding, Outcome
from hrdb.kernel.models import AuditEvent
from personnel.choices import TitleGroup
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from planning.choices import CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.rules.eligibility import Verdict
from planning.rules.review import Proposal, proposal_of, removal_reason, written
from planning.services.candidates import override_condition, propose
from planning.services.review import (
    add_proposed,
    keep_proposed,
    leave_out,
    refresh_review,
    take_off_proposed,
)
from planning.services.rounds import move_round, prepare_round
from planning.statistics.review import additions_for, proposals_for, review_counts
from tests.factories.personnel import add_party, make_cadre, make_title, make_unit, make_user
from tests.planning.making import DAY, approve, make_round, make_seat, open_round, put_on
from tests.planning.test_pages import browser, queries, url

pytestmark = pytest.mark.django_db

OLD, YOUNG = datetime.date(1969, 5, 1), datetime.date(1990, 5, 1)


@pytest.fixture
def office() -> Unit:
    load_default_delegations()
    return make_unit("SO-A", parent=make_unit("GOC"), name="Sở Anh")


def reviewed(office: Unit, *births: datetime.date) -> tuple[PlanningRound, list[Candidate]]:
    """An open review of a list with people of some births."""
    made = make_round()
    seat = make_seat(made, office)
    open_round(made)
    put_on(seat, *(make_cadre(unit=office, born=born) for born in births))
    approve(made)
    values = {"code": "RS", "name": "Rà soát 2027", "day": DAY, "kind": RoundKind.REVIEW}
    values |= {"term": made.term, "level": made.level}
    review = prepare_round(values=values, follows=made, acting_user=None)
    open_round(review)
    return review, list(Candidate.objects.filter(seat__round=review).order_by("position"))


def verdict_with(**outcomes: Outcome) -> Verdict:
    cited = Citation("377-QĐ/TW", DAY)
    found = tuple(
        Finding(
            rule=rule, outcome=one, value=None, facts={}, citation=cited, missing=("gì",) if one == "unknown" else ()
        )
        for rule, one in outcomes.items()
    )
    return Verdict("not_met", None, None, found)


@pytest.mark.parametrize(
    ("outcomes", "more", "proposal"),
    [
        ({"planning_discipline": "not_met"}, {}, Proposal("remove", ("planning_discipline",))),
        ({"age_left": "not_met", "higher_title": "not_met"}, {}, Proposal("remove", ("age_left", "higher_title"))),
        ({"planning_ratings": "not_met", "party_member": "not_met"}, {}, Proposal("remove", ("planning_ratings",))),
        ({"age_left": "met"}, {"is_present": False}, Proposal("remove", ("left",))),
        ({"party_member": "not_met"}, {}, Proposal("warn", ("party_member",))),
        ({"age_left": "met"}, {"ages_out": True}, Proposal("warn", ("ages_out",))),
        ({"age_left": "unknown"}, {}, Proposal("keep")),
        ({"party_member": "not_met"}, {"passed": {"party_member"}}, Proposal("keep")),
    ],
)
def test_what_is_proposed_follows_from_the_findings(
    outcomes: dict[str, Outcome], more: dict[str, Any], proposal: Proposal
) -> None:
    assert proposal_of(verdict_with(**outcomes), **{"is_present": True, **more}) == proposal


def test_discipline_does_not_wait_for_the_review_and_reasons_are_said_in_order() -> None:
    assert Proposal("remove", ("planning_discipline",)).is_at_once
    assert not Proposal("remove", ("age_left",)).is_at_once
    assert removal_reason(["age_left", "planning_discipline"]) == "Bị kỷ luật; Không còn đủ tuổi quy hoạch"


def test_a_decision_stands_until_something_new_comes_up() -> None:
    kept = {"proposal": "remove", "rules": ["age_left"], "decided": "keep", "reason": "vì"}
    assert written(kept, Proposal("remove", ("age_left",))) == kept
    assert "decided" not in written(kept, Proposal("remove", ("planning_discipline", "age_left")))
    assert "decided" not in written(kept, Proposal("keep"))


def test_preparing_a_review_writes_its_proposals_down(office: Unit) -> None:
    review, (old, young) = reviewed(office, OLD, YOUNG)
    assert old.review == {"proposal": "remove", "rules": ["age_left"]}
    assert young.review["proposal"] == "warn"
    assert (old.state, young.state) == (CandidateState.KEPT, CandidateState.KEPT)
    counts = review_counts(Candidate.objects.filter(seat__round=review))
    assert (counts["proposed"], counts["undecided"], counts["warned"], counts["removed"]) == (1, 1, 1, 0)


def test_a_list_is_not_submitted_before_each_proposal_is_decided(office: Unit) -> None:
    review, (old, _) = reviewed(office, OLD, YOUNG)
    with pytest.raises(ServiceRefusal, match="chưa có ý kiến"):
        move_round(planning_round=review, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(Exception, match="ghi lý do"):
        keep_proposed(candidate=old, reason=" ", acting_user=None)
    keep_proposed(candidate=old, reason="chờ kết luận", acting_user=None)
    assert move_round(planning_round=review, to=RoundState.SUBMITTED, acting_user=None).state == RoundState.SUBMITTED


def test_who_is_taken_off_leaves_for_the_reasons_proposed_and_may_come_back(office: Unit) -> None:
    review, (old, young) = reviewed(office, OLD, YOUNG)
    take_off_proposed(candidates=[old], acting_user=None)
    old.refresh_from_db()
    assert (old.state, old.reason, old.review["decided"]) == ("removed", "Không còn đủ tuổi quy hoạch", "remove")
    with pytest.raises(ServiceRefusal, match="không thuộc diện"):
        take_off_proposed(candidates=[young], acting_user=None)
    propose(seat=old.seat, people=[(old.cadre, {})], acting_user=None)
    old.refresh_from_db()
    assert (old.state, old.reason) == (CandidateState.KEPT, "")
    assert "decided" not in old.review
    assert review_counts(Candidate.objects.filter(seat__round=review))["undecided"] == 1


def test_judging_anew_sees_what_changed_since(office: Unit) -> None:
    review, (row,) = reviewed(office, YOUNG)
    Cadre.objects.filter(pk=row.cadre_id).update(born=OLD)
    assert refresh_review(planning_round=review, acting_user=None) == 1
    row.refresh_from_db()
    assert row.review == {"proposal": "remove", "rules": ["age_left"]}
    override_condition(candidate=row, rule="age_left", reason="cấp ủy đồng ý", acting_user=None)
    refresh_review(planning_round=review, acting_user=None)
    row.refresh_from_db()
    assert row.review["proposal"] == "warn"


def test_people_of_the_office_are_proposed_for_a_seat_with_room(office: Unit) -> None:
    review, _ = reviewed(office, YOUNG)
    fit, other = make_cadre(unit=office, born=YOUNG), make_cadre(unit=make_unit(parent=Unit.objects.get(code="GOC")))
    for cadre in (fit, other):
        add_party(cadre)
    seats, listed = list(review.seats.select_related("part", "title")), Candidate.objects.filter(seat__round=review)
    found = additions_for(seats, Cadre.objects.all(), listed, day=DAY, since=None)
    assert [one.cadre_id for one in found[seats[0].pk]] == [fit.pk]
    leave_out(seat=seats[0], cadre=fit, reason="chưa cần", acting_user=None)
    assert Candidate.objects.get(cadre=fit).state == CandidateState.REJECTED
    assert additions_for(seats, Cadre.objects.all(), listed.all(), day=DAY, since=None) == {seats[0].pk: []}


def test_the_officer_decides_by_the_pages(office: Unit) -> None:
    review, (old, second, _) = reviewed(office, OLD, OLD, YOUNG)
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    page = client.get(url("review", review.pk)).content.decode()
    assert "Không còn đủ tuổi quy hoạch" in page
    assert f'value="{old.pk}"' in page
    asked = client.post(url("review-take-off", review.pk), {"rows": [old.pk]})
    assert "ra khỏi quy hoạch?" in asked.content.decode()
    assert client.post(url("review-take-off", review.pk), {"rows": [old.pk], "sure": "1"}).status_code == 302
    assert client.post(url("review-take-off", review.pk), {"rows": [old.pk + 10_000]}).status_code == 404
    assert client.post(url("review-keep", second.pk), {"reason": ""}).status_code == 422
    assert client.post(url("review-keep", second.pk), {"reason": "chờ kết luận"}).status_code == 302
    assert client.get(url("review-keep", old.pk)).status_code == 404
    gone = client.get(url("review", review.pk), {"state": "gone"}).content.decode()
    assert old.cadre.full_name in gone
    assert second.cadre.full_name not in gone


def test_additions_are_chosen_or_left_out_by_the_page(office: Unit) -> None:
    review, _ = reviewed(office, YOUNG)
    seat, one, two = PlannedSeat.objects.get(round=review), *(make_cadre(unit=office, born=YOUNG) for _ in range(2))
    for cadre in (one, two):
        add_party(cadre)
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    page = client.get(url("review-additions", review.pk)).content.decode()
    assert one.full_name in page
    assert two.full_name in page
    assert client.post(url("review-additions", review.pk), {"chosen": [f"{seat.pk}-{one.pk}"]}).status_code == 302
    added = Candidate.objects.get(seat=seat, cadre=one)
    assert (added.state, added.review) == (CandidateState.PROPOSED, {"proposal": "add", "decided": "add"})
    stranger = make_cadre(unit=Unit.objects.get(code="GOC"))
    assert client.post(url("review-additions", review.pk), {"chosen": [f"{seat.pk}-{stranger.pk}"]}).status_code == 404
    assert client.post(url("review-leave-out", seat.pk, two.pk), {"reason": "chưa cần"}).status_code == 302
    assert client.get(url("review-leave-out", seat.pk, two.pk)).status_code == 404
    assert two.full_name not in client.get(url("review-additions", review.pk)).content.decode()


def test_the_report_names_everybody_with_the_reason_on_page_sheet_and_paper(office: Unit) -> None:
    review, (old, second, young) = reviewed(office, OLD, OLD, YOUNG)
    take_off_proposed(candidates=[old], acting_user=None)
    keep_proposed(candidate=second, reason="chờ kết luận", acting_user=None)
    new = make_cadre(unit=office)
    add_proposed(chosen=[(old.seat, new)], acting_user=None)
    client = browser(make_user(Role.PROVINCE_OFFICER))
    page = client.get(url("review-report", review.pk)).content.decode()
    for said in (old.cadre.full_name, "chờ kết luận", new.full_name, "Chưa đạt: là đảng viên"):
        assert said in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(url("review-workbook", review.pk)).content))
    told = {str(cell.value) for row in sheet["Danh sách"] for cell in row}
    assert {old.cadre.full_name, new.full_name, young.cadre.full_name, "chờ kết luận"} <= told
    paper = PdfReader(io.BytesIO(client.get(url("review-print", review.pk)).content))
    assert "rà soát" in paper.pages[0].extract_text().lower()
    logged = AuditEvent.objects.filter(details__needs="plan", action__in=["export", "print"])
    assert {event.action for event in logged} == {"export", "print"}


def test_nobody_finds_his_own_proposal(office: Unit) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=office)
    review, (old, other) = reviewed(office, OLD, OLD)
    Cadre.objects.filter(pk=old.cadre_id).update(account=officer)
    client = browser(officer)
    for page in ("review", "review-report"):
        assert old.cadre.full_name not in client.get(url(page, review.pk)).content.decode()
    assert client.post(url("review-take-off", review.pk), {"rows": [old.pk]}).status_code == 404
    assert client.get(url("review-keep", old.pk)).status_code == 404
    assert other.cadre.full_name in client.get(url("review", review.pk)).content.decode()


def test_pages_of_a_review_cost_the_same_for_few_and_many(office: Unit) -> None:
    review, _ = reviewed(office, YOUNG)
    client = browser(make_user(Role.UNIT_OFFICER, unit=office))
    pages = [reverse(f"planning:{name}", args=[review.pk]) for name in ("review", "review-additions", "review-report")]
    make_cadre(unit=office, born=YOUNG)
    few = [queries(client, page) for page in pages]
    for _ in range(6):
        seat = make_seat(review, office, make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8))
        put_on(seat, make_cadre(unit=office, born=YOUNG))
    many = [queries(client, page) for page in pages]
    assert all(after <= before + 1 for before, after in zip(few, many, strict=True)), (few, many)


def test_only_carried_people_are_judged(office: Unit) -> None:
    review, (row,) = reviewed(office, YOUNG)
    (added,) = put_on(row.seat, make_cadre(unit=office, born=OLD))
    refresh_review(planning_round=review, acting_user=None)
    added.refresh_from_db()
    assert added.review == {}
    assert proposals_for([added], DAY)[added.pk].kind == "remove"
