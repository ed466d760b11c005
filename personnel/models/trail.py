"""The audit trail (nhật ký) as a reader with «audit» in a scope may see it: events about people and units in scope.

An event is about whom it names (`subject`, or `people` in its details) and about whose rows it wrote. What it shows of
a write are only the rows of people and units in the reader's scope.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from hrdb.kernel.history import history_model, tracked_models
from hrdb.kernel.models import AuditEvent
from hrdb.kernel.periods import in_force_q
from personnel.models.scope import Scope, scope_of, subtree
from personnel.policies import TIER_2_TABLES, Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Key of an event's details that holds the ids of the people whom it showed.
PEOPLE = "people"

CADRE, UNIT, ACCOUNT = "personnel.cadre", "personnel.unit", "kernel.user"

#: Rows of one event that a page shows of one table.
MOST_ROWS = 200


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


@dataclass(frozen=True)
class FieldChange:
    """One field of a row before and after an event."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """What an event did to one row: added ("+"), changed ("~") or removed ("-") it."""

    event_id: int
    model: type[models.Model]
    row_id: int
    kind: str
    person_id: int | None
    fields: tuple[FieldChange, ...]

    @property
    def act(self) -> str:
        """The act in a word."""
        return {"+": "thêm", "~": "sửa", "-": "xóa"}[self.kind]


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
    events = AuditEvent.objects.all()
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
        | Q(pk__in=_written_in(scope))
        | Q(pk__in=_shown_in(scope))
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


def changes_of(*events: AuditEvent, user: User | None, most: int = MOST_ROWS) -> list[RowChange]:
    """What events wrote, field by field, of the people and units in the reader's scope; at most `most` rows a table."""
    found: list[RowChange] = []
    ids = [event.pk for event in events]
    scope = scope_of(user, Action.AUDIT)
    everything = sees_the_whole_trail(scope)
    for one in _written_by(ids):
        rows = one.history._default_manager.filter(event_id__in=ids)
        if one.model._meta.label_lower in TIER_2_TABLES:
            opened = apps.get_model("personnel", "Cadre")._default_manager.readable_in_tier_2(user)
            rows = rows.filter(**{f"{one.person}__in": opened.values("pk")})
        if not everything:
            rows = _in_scope(rows, one, user, scope)
        found += _row_changes(one, rows, most)
    return found


def _in_scope(rows: QuerySet[Any], one: Tracked, user: User | None, scope: Scope) -> QuerySet[Any]:
    """History rows of people or units in scope; rows that are nobody's are shown to who sees the whole trail."""
    condition = Q(pk__in=[])
    if one.person:
        people = apps.get_model("personnel", "Cadre")._default_manager.visible_to(user, Action.AUDIT)
        condition |= Q(**{f"{one.person}__in": people.values("pk")})
    if one.unit:
        nobody = Q(**{f"{one.person}__isnull": True}) if one.person else Q()
        condition |= nobody & Q(**{f"{one.unit}__in": scope.unit_ids()})
    return rows.filter(condition)


def _written_by(event_ids: list[int]) -> list[Tracked]:
    """The tables that events wrote, asked in one query."""
    candidates = tracked()
    asked = "SELECT {place} WHERE EXISTS (SELECT 1 FROM {table} WHERE event_id = ANY(%s))"
    parts = [asked.format(place=place, table=one.table) for place, one in enumerate(candidates)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [event_ids] * len(parts))
        return [candidates[place] for (place,) in cursor.fetchall()]


def _row_changes(one: Tracked, rows: QuerySet[Any], most: int) -> list[RowChange]:
    """History rows of one table with what stood before each."""
    history = one.history._default_manager
    before = (
        history.filter(id=OuterRef("id"))
        .filter(
            Q(history_date__lt=OuterRef("history_date"))
            | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
        )
        .order_by("-history_date", "-history_id")
        .values("history_id")[:1]
    )
    written = list(rows.order_by("history_id").annotate(before_id=Subquery(before))[:most])
    older = history.in_bulk([row.before_id for row in written if row.before_id])
    fields = [
        field
        for field in one.model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name != "cadre"
    ]
    pairs = [(row, older.get(row.before_id)) for row in written]
    names = _names_of_relations(fields, [row for pair in pairs for row in pair if row is not None])
    return [
        RowChange(
            event_id=row.event_id,
            model=one.model,
            row_id=row.id,
            kind=row.history_type,
            person_id=getattr(row, one.person) if one.person else None,
            fields=tuple(_differences(fields, row, old, names)),
        )
        for row, old in pairs
    ]


def _differences(fields: list[Any], row: Any, old: Any, names: dict[tuple[str, Any], str]) -> Iterable[FieldChange]:
    """The fields that differ; of an added row what it has, of a removed one what it had."""
    for field in fields:
        after = None if row.history_type == "-" else getattr(row, field.attname)
        stood = row if row.history_type == "-" else old
        before = None if stood is None else getattr(stood, field.attname)
        if before != after and not (before in (None, "") and after in (None, "")):
            yield FieldChange(str(field.verbose_name), _shown(field, before, names), _shown(field, after, names))


def _shown(field: Any, value: Any, names: dict[tuple[str, Any], str]) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return "—"
    if isinstance(field, models.ForeignKey):
        return names.get((field.attname, value), f"số {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime.date):
        return f"{value:%d/%m}/{value.year:04d}"
    return str(value)


def _names_of_relations(fields: list[Any], rows: list[Any]) -> dict[tuple[str, Any], str]:
    """Names of the rows that foreign keys point to, one query a related table."""
    names: dict[tuple[str, Any], str] = {}
    for field in fields:
        if isinstance(field, models.ForeignKey):
            keys = {getattr(row, field.attname) for row in rows} - {None}
            names |= {(field.attname, key): name for key, name in _names(field.related_model, keys).items()}
    return names


def _names(model: Any, keys: set[Any]) -> dict[Any, str]:
    """Names of the rows of a table; of units the newest name with the code."""
    found = model._default_manager.in_bulk(keys) if keys else {}
    names = {key: str(row) for key, row in found.items()}
    if model._meta.label_lower == UNIT and keys:
        versions = apps.get_model("personnel", "UnitVersion")._default_manager.filter(unit_id__in=keys)
        newest = versions.order_by("unit_id", "-effective_from").distinct("unit_id").values_list("unit_id", "name")
        names |= {key: f"{name} ({names[key]})" for key, name in newest}
    return names


def _of_people() -> list[Tracked]:
    """Tables with history whose rows are people's."""
    return [one for one in tracked() if one.person]


def _written_in(scope: Scope) -> RawSQL:
    """Events that wrote rows of people or units in scope."""
    units = scope.unit_ids()
    held = (
        "SELECT cadre_id FROM personnel_custody WHERE effective_from <= %s "
        f"AND (effective_until IS NULL OR effective_until > %s) AND unit_id IN ({units.sql})"
    )
    today = timezone.localdate()
    parts, parameters = [], []
    for one in tracked():
        if one.person:
            parts.append(f"SELECT event_id FROM {one.table} WHERE {one.person} IN ({held})")
            parameters += [today, today, *units.params]
        if one.unit:
            nobody = f"{one.person} IS NULL AND " if one.person else ""
            parts.append(f"SELECT event_id FROM {one.table} WHERE {nobody}{one.unit} IN ({units.sql})")
            parameters += units.params
    return RawSQL(" UNION ".join(parts), parameters)


def _shown_in(scope: Scope) -> QuerySet[Any]:
    """Events that showed people in scope in a list, an export or a print."""
    custody = apps.get_model("personnel", "Custody")._default_manager
    held = custody.filter(in_force_q(timezone.localdate()), unit_id__in=subtree(scope.roots, timezone.localdate()))
    sql, parameters = held.values("cadre_id").order_by().query.sql_with_params()
    listed = RawSQL(
        "SELECT event.id FROM kernel_auditevent event, jsonb_array_elements_text(event.details -> 'people') person(id) "
        f"WHERE jsonb_typeof(event.details -> 'people') = 'array' AND person.id::bigint IN ({sql})",
        parameters,
    )
    return AuditEvent.objects.filter(pk__in=listed).values("pk").order_by()


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
    for one in tracked():
        for column, is_person in ((one.person, True), (one.unit if not one.person else "", False)):
            if column:
                parts.append(
                    f"(SELECT {len(kinds)} AS kind, {column} AS pk FROM {one.table} "
                    f"WHERE event_id = event.id AND {column} IS NOT NULL LIMIT 2)"
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
