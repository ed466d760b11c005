"""Who plans what, and the audit event of every act of planning: readers of the trail without planning never see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import models

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet
from personnel.models.trail import NEEDS
from personnel.policies import Action
from planning.models import PlannedSeat, PlanningRound
from planning.models.scope import levels_prepared_by

NOT_YOURS = "Đợt quy hoạch thuộc cấp khác lập và quản lý."


@contextmanager
def planning_event(
    *, acting_user: User | None, reason: str, subject: models.Model | None = None, cause: models.Model | None = None
) -> Iterator[AuditEvent]:
    """One transaction and one audit event around an act of planning."""
    with writing(
        acting_user=acting_user, reason=reason, subject=subject, cause=cause, **{NEEDS: str(Action.PLAN)}
    ) as event:
        yield event


def require_level(user: User | None, level: str) -> None:
    """Rounds of an approving level are prepared by the offices at the top to which the level is open."""
    if level not in levels_prepared_by(user):
        raise PermissionDenied("Bạn không được giao lập quy hoạch của cấp phê duyệt này.")


def manages_round(user: User | None, planning_round: PlanningRound) -> bool:
    """Whether the user prepares the round: its level, and every seat of it."""
    if user is None:
        return True
    if planning_round.level not in levels_prepared_by(user):
        return False
    opened = PlannedSeat.objects.open_to(user, Action.PLAN)
    return not planning_round.seats.exclude(pk__in=opened.values("pk")).exists()


def require_manager(user: User | None, planning_round: PlanningRound) -> None:
    """Refuse who does not prepare the round as a whole."""
    if not manages_round(user, planning_round):
        raise PermissionDenied(NOT_YOURS)


def may_approve_round(user: User | None, planning_round: PlanningRound) -> bool:
    """Whether every seat of the round is submitted to the user's approval, and he himself stands on none of them."""
    if user is None:
        return True
    seats = planning_round.seats
    opened = PlannedSeat.objects.open_to(user, Action.APPROVE)
    if not seats.exists() or seats.exclude(pk__in=opened.values("pk")).exists():
        return False
    return not seats.filter(candidates__cadre__account_id=user.pk).exists()


def planned_by(user: User | None, planning_round: PlanningRound) -> CadreQuerySet:
    """People whom the user may plan on the round's day: in scope, at a managing level open to him, never himself."""
    people: CadreQuerySet = Cadre.objects.visible_to(user, Action.PLAN)
    if user is None:
        return people
    return people.manageable_by(user, Action.PLAN, planning_round.day).exclude(account_id=user.pk)
