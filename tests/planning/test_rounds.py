"""Rounds and candidates: who may propose whom, what stands frozen, what a review takes over."""

from __future__ import annotations

from typing import Any

import pytest

from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal, StaleVersion
from planning.choices import CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.services.candidates import change_candidate, override_condition, propose, take_off
from planning.services.rounds import (
    add_seats,
    announce_round,
    approve_round,
    drop_seat,
    is_intact,
    move_round,
    prepare_round,
)
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
    leader = make_user(Role.APPROVER)
    with pytest.raises(ServiceRefusal, match="chưa được trình"):
        approve_round(planning_round=made, decision=None, day=DAY, findings={}, acting_user=leader)
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(ServiceRefusal, match="không mở"):
        propose(seat=other, people=[(make_cadre(), {})], acting_user=None)
    approved = approve_round(planning_round=made, decision=None, day=DAY, findings={}, acting_user=leader)
    assert is_intact(approved)
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


def test_nobody_approves_a_list_with_himself_on_it() -> None:
    made = _round()
    (seat,) = _open(made)
    leader = make_user(Role.APPROVER)
    propose(seat=seat, people=[(make_cadre(account=leader), {})], acting_user=None)
    move_round(planning_round=made, to=RoundState.SUBMITTED, acting_user=None)
    with pytest.raises(ServiceRefusal, match="chính mình"):
        approve_round(planning_round=made, decision=None, day=DAY, findings={}, acting_user=leader)


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
