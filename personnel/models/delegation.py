"""Who may act on whom by the managing level of the title (phân cấp quản lý cán bộ): the delegation table as a query.

Deciding, planning, appraising and approving ask, besides the scope, who manages the title held or sought:

- a row of the table opens a managing level and a bloc to a role, for one action and a period;
- a row that names an office opens the level to grants at or above that office;
- a row that names none opens the level to every office of the role in its own scope, but a level above the unit's own
  only to grants over the whole province or at the top of a tree: a department never acts on its director;
- an office never acts on its own head: that is the level above;
- nobody appraises or approves himself.

Levels and titles are those of the asked day; who has a grant is judged today.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hrdb.kernel.periods import in_force_q
from personnel.choices import Bloc, ManagingLevel, TitleGroup
from personnel.models.scope import Scope, grants_in_force, held_q, subtree
from personnel.policies import MANAGED_ACTIONS, NOT_ON_ONESELF, ROLE_ACTIONS, Action, Role

if TYPE_CHECKING:
    from hrdb.kernel.models import User
    from personnel.models import Cadre, Title, Unit


@dataclass(frozen=True)
class Office:
    """One grant in force as the delegation table sees it: where it stands and which levels and blocs are open to it."""

    unit_id: int | None
    is_top: bool
    opened: frozenset[tuple[ManagingLevel, Bloc]]

    @property
    def scope(self) -> Scope:
        """The units that the grant covers."""
        return Scope(self.unit_id is None, () if self.unit_id is None else (self.unit_id,))

    def closed_blocs(self, level: ManagingLevel) -> list[Bloc]:
        """Blocs in which titles of a managing level are closed to this office."""
        return [bloc for bloc in Bloc if (level, bloc) not in self.opened]


def may_act_on_level(
    user: User | None,
    action: Action | str,
    managing_level: ManagingLevel | str,
    bloc: Bloc | str,
    day: datetime.date,
    *,
    unit: Unit | None = None,
) -> bool:
    """Whether the user may act on titles of a managing level (diện quản lý) and bloc: anywhere, or in `unit`."""
    if user is None:
        return True
    wanted = (ManagingLevel(managing_level), Bloc(bloc))
    return any(
        wanted in office.opened and (unit is None or _covers(office, unit)) for office in offices(user, action, day)
    )


def may_act(
    user: User | None,
    action: Action | str,
    cadre: Cadre,
    day: datetime.date,
    *,
    title: Title | None = None,
    unit: Unit | None = None,
) -> bool:
    """Whether the user may act on a person, and on the title in `unit` that is sought for him where one is given."""
    if user is None:
        return True
    people = apps.get_model("personnel", "Cadre")._default_manager
    if not people.manageable_by(user, action, day).filter(pk=cadre.pk).exists():
        return False
    return title is None or may_act_on_title(user, action, title, day, unit=unit)


def may_act_on_title(
    user: User | None, action: Action | str, title: Title, day: datetime.date, *, unit: Unit | None = None
) -> bool:
    """Whether the user may act on a title (in `unit`, in that unit's bloc): to plan or decide who shall hold it."""
    if user is None or action not in MANAGED_ACTIONS:
        return user is None or bool(offices(user, action, day))
    level = ManagingLevel(title.managing_level)
    blocs = [_bloc_of(unit, day)] if unit is not None else list(Bloc)
    return any(
        any((level, bloc) in office.opened for bloc in blocs)
        and (unit is None or (_covers(office, unit) and not _is_own_head(office, title, unit)))
        for office in offices(user, action, day)
    )


def manageable_q(user: User, action: Action | str, day: datetime.date) -> Q:
    """Condition on cadres whose titles held on `day` are open to the user (the scope is part of it)."""
    condition = Q(pk__in=[])
    for office in offices(user, action, day):
        held = held_q(office.scope, timezone.localdate())
        condition |= held & _open_to(office, day) if action in MANAGED_ACTIONS else held
    if action in NOT_ON_ONESELF:
        condition &= Q(account__isnull=True) | ~Q(account_id=user.pk)
    return condition


def offices(user: User, action: Action | str, day: datetime.date) -> list[Office]:
    """The user's grants in force today that allow an action, with what the table of `day` opens to each."""
    wanted = Action(action)
    held = [(Role(role), unit_id) for role, unit_id in grants_in_force(user) if wanted in ROLE_ACTIONS[Role(role)]]
    if not held:
        return []
    tops = _tops({unit_id for _, unit_id in held if unit_id is not None})
    if wanted not in MANAGED_ACTIONS:
        everything = frozenset((level, bloc) for level in ManagingLevel for bloc in Bloc)
        return [Office(unit_id, unit_id is None or unit_id in tops, everything) for _, unit_id in held]
    table = list(
        apps.get_model("personnel", "Delegation")
        ._default_manager.in_force(day)
        .filter(action=wanted)
        .values_list("role", "managing_level", "bloc", "unit_id")
    )
    return [_office(role, unit_id, unit_id is None or unit_id in tops, table) for role, unit_id in held]


def _office(role: Role, unit_id: int | None, is_top: bool, table: list[tuple[str, str, str, int | None]]) -> Office:
    """What the rows of the table open to one grant."""
    opened: set[tuple[ManagingLevel, Bloc]] = set()
    for row_role, level, bloc, row_unit in table:
        if row_role != role:
            continue
        if row_unit is None:
            reaches = is_top or level == ManagingLevel.UNIT
        else:
            reaches = unit_id is None or _is_below(row_unit, unit_id)
        if reaches:
            opened |= {(ManagingLevel(level), one) for one in ([Bloc(bloc)] if bloc else Bloc)}
    return Office(unit_id, is_top, frozenset(opened))


def _open_to(office: Office, day: datetime.date) -> Q:
    """Condition on cadres none of whose titles of `day` is closed to the office.

    Who holds no mapped title is managed at the unit's own level, in the bloc of the unit that keeps the record.
    """
    titled = (
        apps.get_model("personnel", "Assignment")
        ._default_manager.filter(in_force_q(day), cadre_id=OuterRef("pk"), title__isnull=False)
        .order_by()
    )
    closed = Q(pk__in=[])
    for level in ManagingLevel:
        blocs = office.closed_blocs(level)
        if blocs:
            of_level = Q(title__managing_level=level)
            closed |= of_level if len(blocs) == len(Bloc) else of_level & _in_blocs("unit_id", blocs, day)
    if not office.is_top:
        closed |= Q(title__group=TitleGroup.HEAD, unit_id=office.unit_id)
    condition = Q(~Exists(titled.filter(closed)))
    blocs = office.closed_blocs(ManagingLevel.UNIT)
    if blocs:
        custody = apps.get_model("personnel", "Custody")._default_manager.filter(
            in_force_q(timezone.localdate()), _in_blocs("unit_id", blocs, day), cadre_id=OuterRef("pk")
        )
        condition &= Exists(titled) | ~Exists(custody)
    return condition


def _in_blocs(field: str, blocs: Iterable[Bloc], day: datetime.date) -> Q:
    """Condition that the unit of a row belonged to one of `blocs` on `day`."""
    version = apps.get_model("personnel", "UnitVersion")._default_manager
    return Q(Exists(version.filter(in_force_q(day), unit_id=OuterRef(field), bloc__in=list(blocs))))


def _tops(unit_ids: set[int]) -> set[int]:
    """Those of the units that stand at the top of a tree today."""
    if not unit_ids:
        return set()
    version = apps.get_model("personnel", "UnitVersion")._default_manager
    return set(
        version.in_force(timezone.localdate())
        .filter(unit_id__in=unit_ids, parent__isnull=True)
        .values_list("unit_id", flat=True)
    )


def _is_below(unit_id: int, root_id: int) -> bool:
    """Whether a unit stands at or below another in today's tree."""
    units: QuerySet[Any] = apps.get_model("personnel", "Unit")._default_manager.all()
    return units.filter(pk=unit_id).filter(pk__in=subtree([root_id], timezone.localdate())).exists()


def _covers(office: Office, unit: Unit) -> bool:
    """Whether an office's grant covers a unit."""
    return office.unit_id is None or _is_below(unit.pk, office.unit_id)


def _is_own_head(office: Office, title: Title, unit: Unit) -> bool:
    """Whether a title is that of the head of the office itself, which is the business of the level above."""
    return not office.is_top and title.group == TitleGroup.HEAD and unit.pk == office.unit_id


def _bloc_of(unit: Unit, day: datetime.date) -> Bloc:
    """The bloc of a unit on `day`; where it did not exist then, the one it last had."""
    versions = unit.versions.order_by("-effective_from")
    found = versions.filter(in_force_q(day)).first() or versions.first()
    return Bloc(found.bloc) if found is not None else Bloc.GOVERNMENT
