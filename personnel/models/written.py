"""What events of the audit trail wrote: rows and their fields before and after, in the reader's scope."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from hrdb.kernel.models import AuditEvent
from personnel.models.scope import Scope, scope_of
from personnel.models.trail import UNIT, Tracked, hides_own_rows, sees_the_whole_trail, tracked_for
from personnel.policies import TIER_2_TABLES, Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Rows of one event that a page shows.
MOST_ROWS = 200

#: The act of a history row in a word, by its kind.
ACTS = {"+": "thêm", "~": "sửa", "-": "xóa"}


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
        return ACTS[self.kind]


@dataclass(frozen=True)
class RowCount:
    """How many rows of one table an event added, changed or removed, and of how many people."""

    event_id: int
    model: type[models.Model]
    kind: str
    rows: int
    people: int

    @property
    def act(self) -> str:
        """The act in a word."""
        return ACTS[self.kind]


@dataclass(frozen=True)
class About:
    """Whom a question is about: some people, some units, or (both None) everybody."""

    people: tuple[int, ...] | None = None
    units: tuple[int, ...] | None = None


EVERYBODY = About()


def changes_of(
    *events: AuditEvent, user: User | None, most: int | None = MOST_ROWS, about: About = EVERYBODY
) -> list[RowChange]:
    """What events wrote, field by field, of the people and units in the reader's scope; at most `most` rows."""
    return changes_in([event.pk for event in events], user=user, most=most, about=about)


def changes_in(
    ids: list[int], *, user: User | None, most: int | None = None, about: About = EVERYBODY
) -> list[RowChange]:
    """The same for the ids of events."""
    found: list[RowChange] = []
    for one, rows in _rows_written(ids, user, about):
        found += row_changes(one, rows, None if most is None else most - len(found))
        if most is not None and len(found) >= most:
            break
    return found


def counts_of(ids: list[int], *, user: User | None, about: About = EVERYBODY) -> list[RowCount]:
    """How many rows of each table events wrote, of the people and units in the reader's scope."""
    found = []
    for one, rows in _rows_written(ids, user, about):
        people = Count(one.person, distinct=True) if one.person else Value(0)
        grouped = rows.order_by().values_list("event_id", "history_type").annotate(Count("history_id"), people=people)
        found += [RowCount(event_id, one.model, kind, *counts) for event_id, kind, *counts in grouped]
    return found


def _rows_written(ids: list[int], user: User | None, about: About) -> Iterator[tuple[Tracked, QuerySet[Any]]]:
    """The history rows that events wrote, by table: those in the reader's scope, about whom is asked."""
    scope = scope_of(user, Action.AUDIT)
    everything = sees_the_whole_trail(scope)
    for one in _written_by(ids, user):
        rows = one.history._default_manager.filter(event_id__any=ids)
        if hides_own_rows(one, user):
            own = apps.get_model("personnel", "Cadre")._default_manager.filter(account=user)
            rows = rows.exclude(**{f"{one.person}__in": own.values("pk")})
        if one.model._meta.label_lower in TIER_2_TABLES:
            opened = apps.get_model("personnel", "Cadre")._default_manager.readable_in_tier_2(user)
            rows = rows.filter(**{f"{one.person}__in": opened.values("pk")})
        if not everything:
            rows = _in_scope(rows, one, user, scope)
        if about != EVERYBODY:
            rows = rows.filter(_about_q(one, about))
        yield one, rows


def _about_q(one: Tracked, about: About) -> Q:
    """Condition on history rows of a table that they are of some people or units."""
    condition = Q(pk__in=[])
    if one.person and about.people is not None:
        condition |= Q(**{f"{one.person}__any": list(about.people)})
    if one.unit and not one.person and about.units is not None:
        condition |= Q(**{f"{one.unit}__any": list(about.units)})
    return condition


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


def _written_by(event_ids: list[int], user: User | None) -> list[Tracked]:
    """The tables that events wrote, of those that the reader may be told of, asked in one query."""
    candidates = tracked_for(user)
    asked = "SELECT {place} WHERE EXISTS (SELECT 1 FROM {table} WHERE event_id = ANY(%s))"
    parts = [asked.format(place=place, table=one.table) for place, one in enumerate(candidates)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [event_ids] * len(parts))
        return [candidates[place] for (place,) in cursor.fetchall()]


def row_changes(one: Tracked, rows: QuerySet[Any], most: int | None) -> list[RowChange]:
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
