"""Rounds and candidates: who may propose whom, what stands frozen, what a review takes over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal, StaleVersion
from planning.choices import CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, UnitPlan
from planning.services.candidates import change_candidate, override_condition, propose, remove_at_once, take_off
from planning.services.parts import accept_part, return_part, send_part
from planning.services.rounds import (
    add_seats,
    announce_round,
    approve_round,
    drop_seat,
    is_intact,
    move_round,
    prepare_round,
)
from planning.statistics.limits import limits_broken
from tests.factories.personnel import make_cadre, make_title, make_unit, make_user
from tests.personnel.decisions.making import D

pytestmark = pytest.mark.django_db

DAY = D(2026, 11, 24)


@pytest.fixture(autouse=True)
def _delegated() -> None:
    load_default_delegations()


def _round(**values: Any) -> PlanningRound:
    given = {
        "code": "QH-2030",
        "name": "Quy hoạch nhiệm kỳ 2030-2035",
        "term": "2030-2035",
        "level": ManagingLevel.PROVINCIAL_STANDING,
        "day": DAY,
    }
    return prepare_round(values={**given, **values}, acting_user=None)


def _open(planning_round: PlanningRound, count: int = 1) -> list[PlannedSeat]:
    posts = [(make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True), make_unit(), {}) for _ in range(count)]
    seats = add_seats(planning_round=planning_round, seats=posts, acting_user=None)
    move_round(planning_round=planning_round, to=RoundState.OPEN, acting_user=None)
    return seats


def test_a_round_without_seats_is_not_opened_and_a_seat_stands_once() -> None:
    made = _round()
    with pytest.raises(ServiceRefusal, match="chưa có chức danh"):
        move_round(planning_round=made, to=RoundState.OPEN, acting_user=None)
    title, unit = make_title(), make_unit()
    for _ in range(2):
        add_seats(planning_round=made, seats=[(title, unit, {})], acting_user=None)
    (seat,) = made.seats.all()
    drop_seat(seat=seat, acting_user=None)
    assert not made.seats.exists()


def test_proposing_changing_and_taking_off_with_a_reason() -> None:
    (seat,) = _open(_round())
    person = make_cadre()
    (row,) = propose(seat=seat, people=[(person, {"object": 2})], acting_user=None)
    assert propose(seat=seat, people=[(person, {})], acting_user=None) == []
    with pytest.raises(StaleVersion):
        change_candidate(candidate=row, values={"object": 1}, version=0, acting_user=None)
    change_candidate(candidate=row, values={"object": 1}, version=None, acting_user=None)
    override_condition(candidate=row, rule="age_left", reason="trường hợp đặc biệt", acting_user=None)
    with pytest.raises(ServiceRefusal, match="không cho bỏ qua"):
        override_condition(candidate=row, rule="planning_discipline", reason="vẫn đưa vào", acting_user=None)
    taken = take_off(candidate=row, reason="xin rút", acting_user=None)
    assert (taken.state, taken.reason, taken.overrides) == (
        CandidateState.REMOVED,
        "xin rút",
        {"age_left": "trường hợp đặc biệt"},
    )
    propose(seat=seat, people=[(person, {})], acting_user=None)
    assert Candidate.objects.get(pk=row.pk).state == CandidateState.PROPOSED


def test_an_approved_list_is_frozen_and_a_review_goes_on_from_it() -> None:
    made = _round()
    seat, other = _open(made, 2)
    person, gone = make_cadre(), make_cadre()
    propose(seat=seat, people=[(person, {}), (gone, {})], acting_user=None)
    take_off(candidate=Candidate.objects.get(cadre=gone), reason="không đủ phiếu", acting_user=None)
    with pytest.raises(ServiceRefusal, match="chưa được trình"):
        approve_round(planning_round=made, decision=None, day=DAY, acting_user=None)
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(ServiceRefusal, match="không mở"):
        propose(seat=other, people=[(make_cadre(), {})], acting_user=None)
    with pytest.raises(PermissionDenied):
        approve_round(planning_round=made, decision=None, day=DAY, acting_user=make_user(Role.APPROVER))
    approved = approve_round(planning_round=made, decision=None, day=DAY, acting_user=None)
    assert is_intact(approved)
    assert {found["rule"] for found in Candidate.objects.get(cadre=person).findings} >= {"age_left", "party_member"}
    assert [len(one["people"]) for one in approved.content["seats"]] == [1, 0]
    assert announce_round(planning_round=approved, is_announced=True, acting_user=None).is_announced
    review = prepare_round(
        values={
            "code": "RS-2027",
            "name": "Rà soát 2027",
            "term": "2030-2035",
            "kind": RoundKind.REVIEW,
            "level": ManagingLevel.PROVINCIAL_STANDING,
            "day": D(2027, 3, 1),
        },
        follows=approved,
        acting_user=None,
    )
    (kept,) = Candidate.objects.filter(seat__round=review)
    assert (kept.cadre, kept.state, kept.carried_from.cadre) == (person, CandidateState.KEPT, person)
    assert review.seats.count() == 2


def test_who_stands_on_a_list_does_not_learn_it_by_approving() -> None:
    made, top = _round(), make_unit()
    leader, other = make_user(Role.APPROVER, unit=top), make_user(Role.APPROVER, unit=top)
    title = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True)
    (seat,) = add_seats(planning_round=made, seats=[(title, make_unit(parent=top), {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.OPEN, acting_user=None)
    propose(seat=seat, people=[(make_cadre(account=leader), {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(PermissionDenied, match="lãnh đạo khác"):
        approve_round(planning_round=made, decision=None, day=DAY, acting_user=leader)
    assert approve_round(planning_round=made, decision=None, day=DAY, acting_user=other).approved_on == DAY


def test_more_people_than_a_seat_bears_are_not_submitted_without_a_reason() -> None:
    made = _round()
    (seat,) = _open(made)
    people = [make_cadre() for _ in range(4)]
    propose(seat=seat, people=[(person, {}) for person in people], acting_user=None)
    with pytest.raises(ServiceRefusal, match="4 người, tối đa 3"):
        move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    last = Candidate.objects.get(cadre=people[3])
    override_condition(candidate=last, rule="people_per_seat", reason="cấp ủy đồng ý", acting_user=None)
    assert move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None).state == RoundState.SUBMITTED


def test_one_stands_for_three_titles_and_bodies_do_not_count() -> None:
    made = _round()
    seats, person = _open(made, 4), make_cadre()
    body = make_title("UVBCH-THU", is_leadership=True)
    (committee,) = add_seats(planning_round=made, seats=[(body, make_unit(), {"number": 15})], acting_user=None)
    for seat in (*seats[:3], committee):
        propose(seat=seat, people=[(person, {})], acting_user=None)
    assert limits_broken(Candidate.objects.filter(seat__round=made).standing(), DAY) == []
    propose(seat=seats[3], people=[(person, {})], acting_user=None)
    assert "4 chức danh, tối đa 3" in limits_broken(Candidate.objects.filter(seat__round=made).standing(), DAY)[0]


def test_a_body_has_places_by_its_coefficient_rounded_up() -> None:
    body = PlannedSeat(number=15, is_body=True, coefficient=Decimal("1.5"))
    assert (body.places(3), PlannedSeat(number=3).places(3), PlannedSeat(number=9, is_body=True).places(3)) == (
        23,
        9,
        None,
    )


def test_a_unit_sends_its_part_which_then_waits_for_the_province() -> None:
    made, unit = _round(level=ManagingLevel.UNIT), make_unit(parent=make_unit())
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    title = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True)
    (seat,) = add_seats(planning_round=made, seats=[(title, unit, {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.OPEN, acting_user=None)
    person = make_cadre(unit=unit)
    propose(seat=seat, people=[(person, {})], acting_user=officer)
    part = UnitPlan.objects.get(round=made)
    assert (part.unit, list(part.seats.all())) == (unit, [seat])
    send_part(part=part, acting_user=officer)
    with pytest.raises(ServiceRefusal, match="đã gửi"):
        take_off(candidate=Candidate.objects.get(), reason="rút", acting_user=officer)
    with pytest.raises(PermissionDenied):
        return_part(part=part, comment="thiếu", acting_user=officer)
    return_part(part=part, comment="thiếu kế hoạch đào tạo", acting_user=make_user(Role.PROVINCE_OFFICER))
    change_candidate(
        candidate=Candidate.objects.get(), values={"training_plan": "Cao cấp 2027"}, version=None, acting_user=officer
    )
    send_part(part=part, acting_user=officer)
    assert accept_part(part=part, acting_user=None).state == UnitPlan.State.ACCEPTED


def test_somebody_disciplined_leaves_an_approved_list_at_once_and_the_list_stays_as_issued() -> None:
    made = _round()
    (seat,) = _open(made)
    person = make_cadre()
    propose(seat=seat, people=[(person, {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    approve_round(planning_round=made, decision=None, day=DAY, acting_user=None)
    row = Candidate.objects.get()
    assert list(Candidate.objects.all().in_plan(DAY)) == [row]
    remove_at_once(candidate=row, reason="khiển trách", day=D(2027, 1, 5), acting_user=None)
    assert list(Candidate.objects.all().in_plan(D(2027, 1, 4))) == [row]
    assert list(Candidate.objects.all().in_plan(D(2027, 1, 5))) == []
    made.refresh_from_db()
    assert is_intact(made)
    assert made.content["seats"][0]["people"][0]["name"] == person.full_name


def test_units_propose_their_own_people_only_and_never_what_is_managed_above() -> None:
    made, unit = _round(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    head = make_title(group=TitleGroup.HEAD, is_leadership=True, managing_level=ManagingLevel.PROVINCIAL_STANDING)
    division = make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True)
    above, own = add_seats(planning_round=made, seats=[(head, unit, {}), (division, unit, {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.OPEN, acting_user=None)
    mine = make_cadre(unit=unit)
    with pytest.raises(ServiceRefusal, match="cấp khác"):
        propose(seat=above, people=[(mine, {})], acting_user=officer)
    with pytest.raises(Cadre.DoesNotExist):
        propose(seat=own, people=[(make_cadre(), {})], acting_user=officer)
    assert len(propose(seat=own, people=[(mine, {})], acting_user=officer)) == 1
