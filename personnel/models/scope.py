"""Who may see whom: the one place where scope becomes a query.

Judged by today's grants: a grant opens its unit and everything below it in today's tree (a closed unit counts where it
last stood). Out of scope does not exist; views turn an empty answer into 404.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from hrdb.kernel.periods import DatedQuerySet, in_force_q
from hrdb.kernel.text import fold
from personnel.choices import PRESENT_STATES, AssignmentKind, EmploymentCategory
from personnel.policies import TIER_1_ROLES, Action, Role, roles_allowing

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Units at and below given roots, in the tree of a day; a closed unit stands where it last stood.
SUBTREE_SQL = """
WITH RECURSIVE latest AS (
    SELECT DISTINCT ON (unit_id) unit_id, parent_id FROM personnel_unitversion
    WHERE effective_from <= %s ORDER BY unit_id, effective_from DESC
), subtree(id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT latest.unit_id FROM latest JOIN subtree ON latest.parent_id = subtree.id
)
SELECT id FROM subtree
"""


@dataclass(frozen=True)
class Scope:
    """Units that a user may act on: the whole province, or the units at and below `roots`."""

    is_whole_province: bool
    roots: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the scope holds no unit at all."""
        return not self.is_whole_province and not self.roots

    def unit_ids(self, day: datetime.date | None = None) -> RawSQL:
        """SQL sub-query of the unit ids in scope (only for a scope that is not the whole province)."""
        return subtree(self.roots, day or timezone.localdate())

    def covers(self, field: str) -> Q:
        """Condition that a relation path to a unit id lies in scope."""
        if self.is_whole_province:
            return Q()
        if not self.roots:
            return Q(pk__in=[])
        return Q(**{f"{field}__in": self.unit_ids()})


def subtree(roots: Iterable[int], day: datetime.date) -> RawSQL:
    """SQL sub-query of the units at and below `roots` in the tree of `day`."""
    return RawSQL(SUBTREE_SQL, (day, list(roots)), output_field=models.BigIntegerField())


def scope_of(user: User | None, action: Action | str = Action.VIEW) -> Scope:
    """The scope of a user for an action; None is the machine's operator, who acts over everything."""
    return scope_of_roles(user, roles_allowing(action))


def scope_of_roles(user: User | None, roles: Iterable[Role]) -> Scope:
    """The scope that a user has through any of `roles`."""
    if user is None:
        return Scope(is_whole_province=True, roots=())
    wanted = {str(role) for role in roles}
    held = [unit_id for role, unit_id in grants_in_force(user) if role in wanted]
    return Scope(
        is_whole_province=None in held, roots=tuple(sorted(unit_id for unit_id in held if unit_id is not None))
    )


def grants_in_force(user: User) -> list[tuple[str, int | None]]:
    """Role and unit id of the user's grants in force today; asked once per user object, that is once per request."""
    if not user.is_authenticated or not user.is_active:
        return []
    today = timezone.localdate()
    cached: tuple[datetime.date, list[tuple[str, int | None]]] | None = getattr(user, "_grants_in_force", None)
    if cached is None or cached[0] != today:
        grant = apps.get_model("personnel", "Grant")
        rows = list(grant._default_manager.filter(in_force_q(today), user_id=user.pk).values_list("role", "unit_id"))
        cached = (today, rows)
        user._grants_in_force = cached  # type: ignore[attr-defined]
    return cached[1]


def has_role(user: User | None, *roles: Role) -> bool:
    """Whether the user holds one of the roles today, anywhere; the operator holds all."""
    return user is None or any(role in {str(r) for r in roles} for role, _ in grants_in_force(user))


def tier_1_open(user: User | None) -> models.expressions.Combinable | Any:
    """Annotation on cadres: whether the user may see tier 1 (personal number, ethnicity, religion) unmasked."""
    scope = scope_of_roles(user, TIER_1_ROLES)
    if scope.is_whole_province:
        return Value(True, output_field=models.BooleanField())
    condition = own_q(user)
    if scope.roots:
        condition |= held_q(scope, timezone.localdate())
    return models.Case(models.When(condition, then=Value(True)), default=Value(False))


def sees_tier_2(user: User | None, cadre: Any) -> bool:
    """Whether the user may open tier 2 of a record (health, relatives, assets, discipline, political review).

    Needs «view sensitive» over the unit that keeps the record today, or the record is one's own.
    """
    if scope_of(user, Action.VIEW_SENSITIVE).is_whole_province:
        return True
    people = apps.get_model("personnel", "Cadre")._default_manager
    return bool(people.readable_in_tier_2(user).filter(pk=cadre.pk).exists())


def sees_tier_1(user: User | None, cadre: Any) -> bool:
    """Whether the user sees personal number, ethnicity and religion of a record unmasked."""
    if not hasattr(cadre, "is_tier_1_open"):
        people = apps.get_model("personnel", "Cadre")._default_manager
        cadre = people.filter(pk=cadre.pk).with_tier_1(user).first()
    return bool(getattr(cadre, "is_tier_1_open", False))


def _custody_of(day: datetime.date, scope: Scope) -> QuerySet[Any]:
    custody = apps.get_model("personnel", "Custody")
    return custody._default_manager.filter(in_force_q(day), scope.covers("unit_id"), cadre_id=OuterRef("pk"))


def held_q(scope: Scope, day: datetime.date) -> Q:
    """Condition on cadres whose record was kept on `day` by a unit in scope."""
    return Q(Exists(_custody_of(day, scope)))


def own_q(user: User | None) -> Q:
    """Condition that a record is the user's own; a closed account has none."""
    return Q(account_id=user.pk) if user is not None and user.is_active else Q(pk__in=[])


def _guest_q(scope: Scope, day: datetime.date) -> Q:
    """Seconded to, or holding a concurrent, Party or acting post in, a unit in scope."""
    assignment = apps.get_model("personnel", "Assignment")
    return Q(
        Exists(
            assignment._default_manager.filter(
                in_force_q(day), scope.covers("unit_id"), cadre_id=OuterRef("pk"), unit__isnull=False
            ).exclude(kind=AssignmentKind.MAIN)
        )
    )


class CadreQuerySet(models.QuerySet[Any]):
    """Cadres, always asked through a scope before anything leaves the server."""

    def visible_to(self, user: User | None, action: Action | str = Action.VIEW) -> Self:
        """Cadres whom `user` may act on today: held in a granted unit or below one (the last unit for those who left);
        to view, also those seconded there or holding a concurrent post there, and one's own record."""
        scope = scope_of(user, action)
        if scope.is_whole_province:
            return self
        today = timezone.localdate()
        condition = Q(pk__in=[])
        if scope.roots:
            condition |= held_q(scope, today)
        if action == Action.VIEW:
            if scope.roots:
                condition |= _guest_q(scope, today)
            condition |= own_q(user)
        return self.filter(condition)

    def readable_in_tier_2(self, user: User | None) -> Self:
        """Cadres whose tier 2 data `user` may read today: with «view sensitive» in scope, or one's own record."""
        scope = scope_of(user, Action.VIEW_SENSITIVE)
        if scope.is_whole_province:
            return self
        held = held_q(scope, timezone.localdate()) if scope.roots else Q(pk__in=[])
        return self.filter(held | own_q(user))

    def manageable_by(self, user: User | None, action: Action | str, day: datetime.date) -> Self:
        """Cadres in scope whose titles on `day` are managed at a level that is open to the user for this action."""
        from personnel.models.delegation import manageable_q

        return self if user is None else self.filter(manageable_q(user, action, day))

    def held_on(self, user: User | None, day: datetime.date, action: Action | str = Action.VIEW) -> Self:
        """Cadres of a list or statistic of `day`: that day's custody within today's scope; today also guests."""
        if day == timezone.localdate():
            return self.visible_to(user, action).filter(held_q(Scope(True, ()), day))
        scope = scope_of(user, action)
        if scope.is_empty:
            return self.none()
        return self.filter(held_q(scope, day))

    def in_units(self, roots: Iterable[int], day: datetime.date) -> Self:
        """Cadres whose record was kept on `day` at or below the units `roots`."""
        custody = apps.get_model("personnel", "Custody")
        below = custody._default_manager.filter(unit_id__in=subtree(roots, day))
        return self.filter(Exists(below.filter(in_force_q(day), cadre_id=OuterRef("pk"))))

    def kept_by(self, unit_ids: Iterable[int], day: datetime.date) -> Self:
        """Cadres whose record was kept on `day` by one of these very units."""
        custody = apps.get_model("personnel", "Custody")
        kept = custody._default_manager.filter(in_force_q(day), cadre_id=OuterRef("pk"), unit_id__in=list(unit_ids))
        return self.filter(Exists(kept))

    def present_on(self, day: datetime.date) -> Self:
        """Cadres who belonged to the workforce on `day` (working, seconded, on leave, awaiting ...).

        People outside the province's management, of whom only a minimal record is kept, are not counted.
        """
        employment = apps.get_model("personnel", "Employment")
        held = employment._default_manager.filter(in_force_q(day), cadre_id=OuterRef("pk"), state__in=PRESENT_STATES)
        return self.filter(Exists(held.exclude(category=EmploymentCategory.OUTSIDE)))

    def search(self, text: str, user: User | None) -> Self:
        """Cadres by part of the name without diacritics, by officer code, by a personal number that `user` may see."""
        words = text.strip()
        if not words:
            return self
        compact = words.replace(" ", "").replace(".", "")
        if compact.isdigit():
            by_number = Q(personal_number__startswith=compact, _is_number_open=True)
            return self.alias(_is_number_open=tier_1_open(user)).filter(by_number | Q(officer_code__iexact=words))
        return self.filter(Q(officer_code__iexact=words) | Q(search_key__contains=fold(words)))

    def with_tier_1(self, user: User | None) -> Self:
        """Annotate `is_tier_1_open`: whether the user sees personal number, ethnicity and religion unmasked."""
        return self.annotate(is_tier_1_open=tier_1_open(user))


class RecordQuerySet(DatedQuerySet):
    """Rows of records; the scope is that of their cadre."""

    def visible_to(self, user: User | None, action: Action | str = Action.VIEW) -> Self:
        """Rows of the cadres whom `user` may act on today."""
        if scope_of(user, action).is_whole_province:
            return self
        cadre = apps.get_model("personnel", "Cadre")
        return self.filter(cadre__in=cadre._default_manager.visible_to(user, action))


class UnitQuerySet(models.QuerySet[Any]):
    """Units."""

    def visible_to(self, user: User | None, action: Action | str = Action.VIEW) -> Self:
        """Units in the user's scope today."""
        return self.filter(scope_of(user, action).covers("pk"))

    def existing_on(self, day: datetime.date) -> Self:
        """Units that existed on `day`."""
        version = apps.get_model("personnel", "UnitVersion")
        return self.filter(Exists(version._default_manager.filter(in_force_q(day), unit_id=OuterRef("pk"))))

    def below(self, roots: Iterable[int], day: datetime.date) -> Self:
        """Units at and below `roots` in the tree of `day`."""
        return self.filter(pk__in=subtree(roots, day))
