"""Rounds of planning for tests: prepared, opened, with people, submitted, approved by the machine's operator."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, Title, Unit
from planning.choices import RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.services.candidates import propose
from planning.services.rounds import add_seats, announce_round, approve_round, move_round, prepare_round
from tests.factories.personnel import make_title

DAY = datetime.date(2026, 11, 24)


def make_round(code: str = "QH-2030", **values: Any) -> PlanningRound:
    """A round that is being prepared."""
    given = {
        "code": code,
        "name": "Quy hoạch nhiệm kỳ 2030-2035",
        "term": "2030-2035",
        "level": ManagingLevel.UNIT,
        "day": DAY,
    }
    return prepare_round(values={**given, **values}, acting_user=None)


def make_seat(planning_round: PlanningRound, unit: Unit, title: Title | None = None, **values: Any) -> PlannedSeat:
    """A seat of a round: a head of division managed by the unit itself, unless another title is given."""
    title = title or make_title(group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8)
    (seat,) = add_seats(planning_round=planning_round, seats=[(title, unit, values)], acting_user=None)
    return seat


def open_round(planning_round: PlanningRound) -> None:
    """Open it for candidates."""
    move_round(planning_round=planning_round, to=RoundState.OPEN, acting_user=None)
    planning_round.refresh_from_db()


def put_on(seat: PlannedSeat, *people: Cadre, **values: Any) -> list[Candidate]:
    """Propose people for a seat of an open round."""
    seat.round.refresh_from_db()
    return propose(seat=seat, people=[(person, values) for person in people], acting_user=None)


def approve(planning_round: PlanningRound, *, is_announced: bool = False, day: datetime.date = DAY) -> PlanningRound:
    """Submit and approve it, and announce it when asked."""
    move_round(planning_round=planning_round, to=RoundState.SUBMITTED, acting_user=None)
    approve_round(planning_round=planning_round, decision=None, day=day, acting_user=None)
    if is_announced:
        announce_round(planning_round=planning_round, is_announced=True, acting_user=None)
    planning_round.refresh_from_db()
    return planning_round
