"""Who reads plans, classes and their members: who trains or inspects; the yearly plan also who approves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from personnel.models import Cadre
from personnel.models.delegation import offices
from personnel.models.scope import scope_of
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Actions by which classes are read: who trains, and who inspects.
READING = (Action.TRAIN, Action.AUDIT)


def reads_training(user: User | None) -> bool:
    """Whether the user trains or inspects anywhere; asks nothing that the request has not asked."""
    return any(not scope_of(user, action).is_empty for action in READING)


def members_q(user: User | None) -> Q:
    """Condition on rows of cadres that the user trains or inspects the person today."""
    condition = Q(pk__in=[])
    for action in READING:
        scope = scope_of(user, action)
        if scope.is_whole_province:
            return Q()
        if scope.roots:
            condition |= Q(cadre__in=Cadre.objects.visible_to(user, action).order_by().values("pk"))
    return condition


def approves_plans(user: User | None) -> bool:
    """Whether yearly plans are submitted to the user: who approves at the top of a tree."""
    if user is None:
        return True
    return any(office.is_top for office in offices(user, Action.APPROVE, timezone.localdate()))


def reads_plans(user: User | None) -> bool:
    """Whether the user reads yearly plans: who trains or inspects, and who approves at the top."""
    return reads_training(user) or approves_plans(user)
