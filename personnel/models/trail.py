"""The audit trail (nhật ký) as a reader with «audit» in a scope may see it: events about people and units in scope.

An event is about whom it names (`subject`, or `people` in its details) and about whose rows it wrote. What it wrote,
field by field, stands in `written.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import AuditEvent
from hrdb.kernel.registries import Registry
from personnel.models.scope import Scope, scope_of
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Key of an event's details that holds the ids of the people whom it showed.
PEOPLE = "people"

#: Key of an event's details that names the action without which the event does not exist for a reader.
NEEDS = "needs"

#: Condition that a history row is of an event, asked as a range: told by equality, PostgreSQL takes every event for an
#: average one, of which a whole list taken in is one, and reads a table from end to end for each of them.
OF_EVENT = "event_id BETWEEN {0} AND {0}"

CADRE, UNIT, ACCOUNT = "personnel.cadre", "personnel.unit", "kernel.user"


@dataclass(frozen=True)
class GuardedTable:
    """A table whose rows do not exist for readers of the trail without an action over the whole province.

    `key` is the model's label. Events about nothing else say `needs` in their details; where an event wrote other
    tables too, the rows of this one are left out.
    """

    key: str
    action: Action


#: Tables that an upper app keeps from readers of the trail (planning: who is proposed for what, and the votes).
guarded_tables: Registry[GuardedTable] = Registry("bảng chỉ người có quyền riêng mới thấy")


@dataclass(frozen=True)
class Tracked:
    """A table with history, and the column that says whose rows they are: a person's, a unit's, or nobody's."""

    model: type[models.Model]
    person: str
    unit: str

    @property
    def history(self) -> type[models.Model]:
        """The history table's model."""
        return history_model(self.model)

    @property
    def table(self) -> str:
        """The history table, quoted."""
        return connection.ops.quote_name(str(self.history._meta.db_table))


def tracked_for(user: User | None) -> list[Tracked]:
    """The tables with history whose rows a reader of the trail may be told of."""
    return [one for one in tracked() if _opens(user, guarded_tables.get(one.model._meta.label_lower))]


def _opens(user: User | None, guarded: GuardedTable | None) -> bool:
    return guarded is None or scope_of(user, guarded.action).is_whole_province


def hides_own_rows(one: Tracked, user: User | None) -> bool:
    """Whether the reader is not told of the rows about himself: planning of oneself is never shown."""
    return user is not None and bool(one.person) and one.model._meta.label_lower in guarded_tables


def unguarded_q(user: User | None) -> Q:
    """Condition on events that a reader may know of: those that need an action ask for it over the whole province.

    Such an event is never shown to whom it is about.
    """
    if user is None:
        return Q()
    opened = sorted({str(one.action) for one in guarded_tables if scope_of(user, one.action).is_whole_province})
    plain = ~Q(details__has_key=NEEDS)
    if not opened:
        return plain
    people = apps.get_model("personnel", "Cadre")._default_manager
    own = list(people.filter(account_id=user.pk).values_list("pk", flat=True))
    shows_him = Q(details__has_key=PEOPLE, **{f"details__{PEOPLE}__contains": own}) if own else Q(pk__in=[])
    return plain | Q(**{f"details__{NEEDS}__in": opened}) & ~(Q(subject_type=CADRE, subject_id__in=own) | shows_him)


def tracked() -> list[Tracked]:
    """Every table with history, of all apps, with whose rows it holds."""
    found = []
    for model in tracked_models():
        names = {field.name: field for field in model._meta.concrete_fields}
        person = "id" if model._meta.label_lower == CADRE else _points_to(names.get("cadre"), CADRE)
        unit = "id" if model._meta.label_lower == UNIT else _points_to(names.get("unit"), UNIT)
        found.append(Tracked(model, person, unit))
    return found


def events_visible_to(user: User | None) -> QuerySet[AuditEvent]:
    """Events that a user with «audit» may see: of people and units in scope, and of accounts with roles there."""
    scope = scope_of(user, Action.AUDIT)
    events = AuditEvent.objects.filter(unguarded_q(user))
    if sees_the_whole_trail(scope):
        return events
    if scope.is_empty:
        return events.none()
    people = apps.get_model("personnel", "Cadre")._default_manager.visible_to(user, Action.AUDIT)
    accounts = apps.get_model("personnel", "Grant")._default_manager.filter(scope.covers("unit_id"))
    return events.filter(
        Q(subject_type=CADRE, subject_id__in=people.values("pk"))
        | Q(subject_type=UNIT, subject_id__in=scope.unit_ids())
        | Q(subject_type=ACCOUNT, subject_id__in=accounts.values("user_id"))
        | Q(_ShownIn(scope))
        | Q(~Q(subject_type=CADRE), _WroteIn(scope, user))
    )


def sees_the_whole_trail(scope: Scope) -> bool:
    """Whether a scope covers the province: it says so, or every unit at the top of a tree is in it."""
    if scope.is_whole_province:
        return True
    if scope.is_empty:
        return False
    tops = apps.get_model("personnel", "UnitVersion")._default_manager.in_force(timezone.localdate())
    return not tops.filter(parent__isnull=True).exclude(unit_id__in=scope.roots).exists()


def events_about(cadres: Iterable[int]) -> Q:
    """Condition on events that name some people, showed them, or wrote rows of their records."""
    ids = list(cadres)
    condition = Q(subject_type=CADRE, subject_id__in=ids) | Q(
        pk__in=_union([f"SELECT event_id FROM {one.table} WHERE {one.person} = ANY(%s)" for one in _of_people()], ids)
    )
    for one in ids:
        condition |= Q(**{f"details__{PEOPLE}__contains": [one]})
    return condition


def events_about_units(units: Iterable[int]) -> Q:
    """Condition on events that name some units or wrote rows of theirs."""
    ids = list(units)
    own = [one for one in tracked() if one.unit and not one.person]
    return Q(subject_type=UNIT, subject_id__in=ids) | Q(
        pk__in=_union([f"SELECT event_id FROM {one.table} WHERE {one.unit} = ANY(%s)" for one in own], ids)
    )


def _of_people() -> list[Tracked]:
    """Tables with history whose rows are people's."""
    return [one for one in tracked() if one.person]


class _InScope(Func):
    """Condition on an event, asked of each event apart so that it costs as much as there are events, not histories."""

    output_field = models.BooleanField()

    def __init__(self, scope: Scope, *columns: str) -> None:
        super().__init__(*map(F, columns))
        self.units = scope.unit_ids()

    def condition(self) -> tuple[str, list[Any]]:
        """The SQL, with the columns as {0}, {1}, and its parameters."""
        raise NotImplementedError

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The condition over the columns of the event."""
        columns = [compiler.compile(one)[0] for one in self.get_source_expressions()]
        sql, parameters = self.condition()
        return sql.format(*columns), parameters

    @property
    def held(self) -> tuple[str, list[Any]]:
        """The people whose records units in scope keep today."""
        today = timezone.localdate()
        since = "effective_from <= %s AND (effective_until IS NULL OR effective_until > %s)"
        sql = f"SELECT cadre_id FROM personnel_custody WHERE {since} AND unit_id IN ({self.units.sql})"
        return sql, [today, today, *self.units.params]


class _WroteIn(_InScope):
    """Whether an event wrote rows of people or units in scope; one that names a person wrote only that person's."""

    def __init__(self, scope: Scope, user: User | None) -> None:
        super().__init__(scope, "pk")
        self.tables = tracked_for(user)

    def condition(self) -> tuple[str, list[Any]]:
        """Whose rows it wrote, by table; the first one in scope is enough."""
        held, parameters = self.held
        of_people = [
            f"SELECT {one.person} FROM {one.table} WHERE {OF_EVENT.format('{0}')}" for one in self.tables if one.person
        ]
        of_units = [
            f"SELECT {one.unit} FROM {one.table} WHERE {OF_EVENT.format('{0}')}"
            + (f" AND {one.person} IS NULL" if one.person else "")
            for one in self.tables
            if one.unit
        ]
        asked = "EXISTS (SELECT 1 FROM ({}) row(pk) WHERE pk IN ({}))"
        people, units = " UNION ALL ".join(of_people), " UNION ALL ".join(of_units)
        sql = f"({asked.format(people, held)} OR {asked.format(units, self.units.sql)})"
        return sql, [*parameters, *self.units.params]


class _ShownIn(_InScope):
    """Whether an event showed people in scope in a list, an export or a print."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, "details")

    def condition(self) -> tuple[str, list[Any]]:
        """Whom it showed; the first one in scope is enough."""
        held, parameters = self.held
        shown = f"jsonb_array_elements_text({{0}} -> '{PEOPLE}') person(pk)"
        any_held = f"EXISTS (SELECT 1 FROM {shown} WHERE pk::bigint IN ({held}))"
        return f"CASE WHEN jsonb_typeof({{0}} -> '{PEOPLE}') = 'array' THEN {any_held} ELSE FALSE END", parameters


def _union(parts: list[str], ids: list[int]) -> RawSQL:
    """The union of queries that each take the same list of ids."""
    return RawSQL(" UNION ".join(parts), [ids] * len(parts))


def _points_to(field: Any, label: str) -> str:
    """The column of a foreign key when it points to a table, else nothing."""
    target = getattr(field, "related_model", None)
    return field.attname if target is not None and target._meta.label_lower == label else ""


def with_user(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Events with their author joined, newest first."""
    return events.select_related("user").order_by(F("id").desc())


def written_about(event_ids: list[int], user: User | None) -> dict[int, tuple[list[int], list[int]]]:
    """Whose rows events wrote: at most two people and two units of each, in the reader's scope; one query for all."""
    parts: list[str] = []
    kinds: list[bool] = []
    for one in tracked_for(user):
        for column, is_person in ((one.person, True), (one.unit if not one.person else "", False)):
            if column:
                parts.append(
                    f"(SELECT {len(kinds)} AS kind, {column} AS pk FROM {one.table} "
                    f"WHERE {OF_EVENT.format('event.id')} AND {column} IS NOT NULL LIMIT 2)"
                )
                kinds.append(is_person)
    found: dict[int, tuple[set[int], set[int]]] = {pk: (set(), set()) for pk in event_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT event.id, row.kind, row.pk FROM unnest(%s::bigint[]) AS event(id), "
            f"LATERAL ({' UNION ALL '.join(parts)}) AS row",
            [event_ids],
        )
        for event_id, kind, pk in cursor.fetchall():
            found[event_id][0 if kinds[kind] else 1].add(pk)
    people = apps.get_model("personnel", "Cadre")._default_manager.visible_to(user, Action.AUDIT)
    units = apps.get_model("personnel", "Unit")._default_manager.visible_to(user, Action.AUDIT)
    seen = set(people.filter(pk__in={pk for some, _ in found.values() for pk in some}).values_list("pk", flat=True))
    known = set(units.filter(pk__in={pk for _, some in found.values() for pk in some}).values_list("pk", flat=True))
    return {event_id: (sorted(some & seen), sorted(of & known)) for event_id, (some, of) in found.items()}
