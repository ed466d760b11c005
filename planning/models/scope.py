"""Who sees planning (ai thấy quy hoạch): seats by unit and managing level, people by unit, and nobody himself.

A seat is read by who may plan it (its unit in scope, its managing level open by the delegation table), and from the day
it is submitted by who may approve it. A person's row asks besides that his record is kept in the same scope. One's own
row is not there until the list is approved and announced. Judged by today's grants and delegations.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hrdb.kernel.periods import in_force_q
from personnel.choices import Bloc, ManagingLevel, TitleGroup
from personnel.models.delegation import Office, offices
from personnel.models.scope import has_role, scope_of
from personnel.policies import Action, Role
from planning.choices import FROZEN_ROUNDS, READ_BY_APPROVERS

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Actions by which planning is read: who plans, and who approves what was submitted.
READING = (Action.PLAN, Action.APPROVE)

#: Conditions that everything and nothing fulfils; an empty Q is neither, because "or" drops it.
EVERYTHING, NOTHING = ~Q(pk__in=[]), Q(pk__in=[])


def offices_of(user: User, action: Action) -> list[Office]:
    """The user's grants that allow an action, with what is open to each today; asked once a request."""
    today = timezone.localdate()
    kept: dict[Any, list[Office]] = user.__dict__.setdefault("_planning_offices", {})
    key = (str(action), today)
    if key not in kept:
        kept[key] = offices(user, action, today)
    return kept[key]


def may_plan(user: User | None) -> bool:
    """Whether the user plans anywhere; asks nothing that the request has not asked."""
    return not scope_of(user, Action.PLAN).is_empty


def may_read_planning(user: User | None) -> bool:
    """Whether the user plans or approves anywhere."""
    return any(not scope_of(user, action).is_empty for action in READING)


def levels_prepared_by(user: User | None) -> list[ManagingLevel]:
    """Approving levels of which the user prepares rounds: an officer of the province, at the top of a tree."""
    if user is None:
        return list(ManagingLevel)
    if not has_role(user, Role.PROVINCE_OFFICER):
        return []
    opened = {level for office in offices_of(user, Action.PLAN) if office.is_top for level, _ in office.opened}
    return [level for level in ManagingLevel if level in opened]


def seats_q(user: User | None, action: Action, path: str = "", unit: str = "unit_id") -> Q:
    """Condition on planned seats (or, by `path`, on rows that point to one) that they are open for an action.

    `unit` is the column of the unit, for other rows that seek a title in one.
    """
    if user is None:
        return EVERYTHING
    condition = NOTHING
    for office in offices_of(user, action):
        condition |= _open_to(office, path, unit)
    return condition


def readable_seats_q(user: User | None, path: str = "") -> Q:
    """Condition that a planned seat may be read: planned by the user, or submitted to his approval."""
    submitted = Q(**{f"{path}round__state__in": READ_BY_APPROVERS})
    return seats_q(user, Action.PLAN, path) | (seats_q(user, Action.APPROVE, path) & submitted)


def people_q(user: User | None, action: Action, path: str = "") -> Q:
    """Condition on cadres (or, by `path`, on rows of cadres) that their record is kept in the scope of an action."""
    if user is None:
        return EVERYTHING
    held = apps.get_model("personnel", "Custody")._default_manager.filter(in_force_q(timezone.localdate()))
    found = NOTHING
    for office in offices_of(user, action):
        if office.unit_id is None:
            return EVERYTHING
        kept = held.filter(office.scope.covers("unit_id"), cadre_id=OuterRef(f"{path}id" if path else "pk"))
        found |= Q(Exists(kept))
    return found


def readable_candidates_q(user: User | None) -> Q:
    """Condition on candidates: seat and person in the scope of one action, and never oneself before it is announced."""
    if user is None:
        return EVERYTHING
    submitted = Q(seat__round__state__in=READ_BY_APPROVERS)
    condition = seats_q(user, Action.PLAN, "seat__") & people_q(user, Action.PLAN, "cadre__")
    condition |= seats_q(user, Action.APPROVE, "seat__") & people_q(user, Action.APPROVE, "cadre__") & submitted
    told = Q(seat__round__is_announced=True, seat__round__state__in=FROZEN_ROUNDS)
    return condition & (Q(cadre__account__isnull=True) | ~Q(cadre__account_id=user.pk) | told)


def _open_to(office: Office, path: str, unit: str = "unit_id") -> Q:
    """Condition that a seat's unit stands below the office, its managing level in its bloc is open, and it is not the
    office's own head."""
    condition = EVERYTHING & office.scope.covers(f"{path}{unit}")
    levels = NOTHING
    is_everything = True
    for level in ManagingLevel:
        blocs = [bloc for bloc in Bloc if (level, bloc) in office.opened]
        of_level = Q(**{f"{path}title__managing_level": level})
        if len(blocs) == len(Bloc):
            levels |= of_level
        else:
            is_everything = False
            if blocs:
                levels |= of_level & in_blocs(f"{path}{unit}", blocs)
    if not is_everything:
        condition &= levels
    if not office.is_top:
        condition &= ~Q(**{f"{path}title__group": TitleGroup.HEAD, f"{path}{unit}": office.unit_id})
    return condition


def in_blocs(field: str, blocs: Iterable[Bloc]) -> Q:
    """Condition that a unit belongs today, or last belonged, to one of some blocs."""
    today: datetime.date = timezone.localdate()
    versions = apps.get_model("personnel", "UnitVersion")._default_manager.filter(unit_id=OuterRef(field))
    later = versions.filter(unit_id=OuterRef("unit_id"), effective_from__gt=OuterRef("effective_from"))
    last = versions.filter(~Exists(later.filter(effective_from__lte=today)), effective_from__lte=today)
    return Q(Exists(last.filter(bloc__in=list(blocs))))
