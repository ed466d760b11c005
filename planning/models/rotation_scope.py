"""Who sees rotation (ai thấy luân chuyển): plans by their office and level, people by their unit, and nobody himself.

A plan is read by who plans its level in its office, and from the day it is submitted by who approves that level there.
A rotation that its decision has made known is read besides by who plans for the unit that sent or received the person.
One's own rotation is never there: the person learns of it by the decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from personnel.choices import Bloc, ManagingLevel
from personnel.models.delegation import Office
from personnel.models.scope import scope_of
from personnel.policies import Action
from planning.choices import CARRIED_OUT
from planning.models.scope import EVERYTHING, NOTHING, in_blocs, offices_of, people_q

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: From when who approves reads a plan.
SUBMITTED = Q(submitted_on__isnull=False) | Q(is_approved=True)


def plans_q(user: User | None, action: Action, path: str = "") -> Q:
    """Condition on plans (or, by `path`, on rows that point to one) that their level and office are open."""
    if user is None:
        return EVERYTHING
    condition = NOTHING
    for office in offices_of(user, action):
        condition |= _plans_of(office, path)
    return condition


def readable_items_q(user: User | None) -> Q:
    """Condition on rotations: plan and person in the scope of one action, and never oneself."""
    if user is None:
        return EVERYTHING
    scope = scope_of(user, Action.PLAN)
    places = scope.covers("from_unit_id") | scope.covers("to_unit_id")
    known = EVERYTHING & places & Q(state__in=CARRIED_OUT)
    told = Q(plan__submitted_on__isnull=False) | Q(plan__is_approved=True)
    planned = people_q(user, Action.PLAN, "cadre__") & (plans_q(user, Action.PLAN, "plan__") | known)
    approved = people_q(user, Action.APPROVE, "cadre__") & plans_q(user, Action.APPROVE, "plan__") & told
    return (planned | approved) & not_oneself_q(user)


def managed_items_q(user: User | None) -> Q:
    """Condition on rotations that the user prepares and leads to their end."""
    if user is None:
        return EVERYTHING
    return people_q(user, Action.PLAN, "cadre__") & plans_q(user, Action.PLAN, "plan__") & not_oneself_q(user)


def received_items_q(user: User | None) -> Q:
    """Condition on rotations whose receiving unit is in the user's scope: he enters its evaluation."""
    if user is None:
        return EVERYTHING
    scope = scope_of(user, Action.PLAN)
    return EVERYTHING & scope.covers("to_unit_id") & people_q(user, Action.PLAN, "cadre__") & not_oneself_q(user)


def readable_plans_q(user: User | None) -> Q:
    """Condition on plans that may be read: planned or approved by the user, or with a rotation that he reads."""
    if user is None:
        return EVERYTHING
    items = apps.get_model("planning", "RotationItem")._default_manager.filter(readable_items_q(user))
    own = plans_q(user, Action.PLAN) | (plans_q(user, Action.APPROVE) & SUBMITTED)
    return own | Q(Exists(items.filter(plan=OuterRef("pk"))))


def not_oneself_q(user: User) -> Q:
    """Condition that a row is about somebody else than the user."""
    return Q(cadre__account__isnull=True) | ~Q(cadre__account_id=user.pk)


def levels_open(user: User | None, action: Action = Action.PLAN) -> dict[int | None, list[ManagingLevel]]:
    """The levels whose plans the user makes, by the unit of his office; None is an office over the whole province."""
    if user is None:
        return {None: list(ManagingLevel)}
    found: dict[int | None, list[ManagingLevel]] = {}
    for office in offices_of(user, action):
        opened = {level for level, _ in office.opened}
        held = found.setdefault(office.unit_id, [])
        held += [level for level in ManagingLevel if level in opened and level not in held]
    return {unit_id: levels for unit_id, levels in found.items() if levels}


def _plans_of(office: Office, path: str) -> Q:
    """Condition that a plan's office stands at or below this one, and its level in that bloc is open to it."""
    levels = NOTHING
    for level in ManagingLevel:
        blocs = [bloc for bloc in Bloc if (level, bloc) in office.opened]
        if not blocs:
            continue
        of_level = Q(**{f"{path}level": level})
        levels |= of_level if len(blocs) == len(Bloc) else of_level & in_blocs(f"{path}unit_id", blocs)
    return EVERYTHING & office.scope.covers(f"{path}unit_id") & levels
