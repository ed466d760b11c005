"""What was written to a record, when, by whom and why (lịch sử thay đổi): read from the histories, field by field.

A page of it costs the same few queries however many tables a record has: one for the acts, one for their rows with what
stood before, one for the names of what they point to.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import connection, models
from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Cast, Concat

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.formats import date_text
from hrdb.kernel.screens.pieces import Change
from personnel.models import Cadre, Decision, JobPosition, Mandate, Seat, Unit, UnitVersion
from personnel.services.decisions.recording import Difference

#: Acts by the mark that histories give them, and what a plan calls the end of a period.
ACTS: Final[Mapping[str, str]] = {"+": "Thêm", "~": "Sửa", "-": "Xóa", "end": "Kết thúc"}
#: The verbs of a plan by those marks.
VERBS: Final[Mapping[str, str]] = {"add": "+", "amend": "~", "end": "end"}

#: What is said in place of a value that the reader may not see.
CLOSED: Final = "đã che"

#: Labels of columns that read differently on screens.
LABELS: Final[Mapping[str, str]] = {"effective_from": "Từ ngày", "effective_until": "Đến hết ngày", "photo": "Ảnh"}

#: Columns that go without saying on the page of the decision that wrote them.
UNSAID: Final = frozenset({"decision_id", "start_precision"})

#: Columns that hold years, which are written without a mark between thousands.
YEARS: Final = frozenset({"year", "birth_year"})

#: How many values name a row.
GIST: Final = 3

#: Columns of which only what they say together with another is told.
SILENT: Final = frozenset({"search_key", "sort_key", "cadre"})


@dataclass(frozen=True)
class RowChange:
    """One row written by an act: what happened to it, its fields before and after, a few words that name it."""

    model: type[models.Model]
    row_id: int
    act: str
    changes: tuple[Change, ...]
    gist: str = ""

    @property
    def label(self) -> str:
        """The kind of row in words."""
        name = str(self.model._meta.verbose_name)
        return "Lý lịch" if self.model is Cadre else name[:1].upper() + name[1:]

    @property
    def act_label(self) -> str:
        """What happened, in words."""
        return ACTS[self.act]


@dataclass(frozen=True)
class Act:
    """One act on a record: when, who, why, and the rows it wrote."""

    event: AuditEvent
    rows: tuple[RowChange, ...]

    @property
    def moment(self) -> datetime.datetime:
        """When it was written."""
        return self.event.moment

    @property
    def who(self) -> str:
        """Who wrote it; commands without a user are the machine's operator."""
        return self.event.user.get_full_name() if self.event.user else "Người vận hành máy chủ"


@dataclass(frozen=True)
class ActPage:
    """A page of acts, newest first."""

    acts: tuple[Act, ...]
    number: int
    has_next: bool

    @property
    def models(self) -> set[type[models.Model]]:
        """The tables whose rows stand on the page."""
        return {row.model for act in self.acts for row in act.rows}


@dataclass(frozen=True)
class _Written:
    model: type[models.Model]
    row_id: int
    event_id: int
    act: str
    new: Mapping[str, Any]
    old: Mapping[str, Any] | None


def changes_of_record(
    cadre_id: int,
    tables: Sequence[type[models.Model]],
    *,
    closed_fields: Collection[str] = (),
    page: int = 1,
    size: int = 20,
) -> ActPage:
    """The acts that wrote rows of `tables` (the person's own row and parts of the record), a page of them.

    `closed_fields` are fields of the person that the reader may not see: that they changed is told, not how.
    """
    first = (page - 1) * size
    events = _events(cadre_id, tables, first, size + 1)
    written = _rows([cadre_id], tables, events[:size])
    return ActPage(_acts(events[:size], written, frozenset(closed_fields)), page, len(events) > size)


def changes_of_signing(
    event_id: int,
    cadre_ids: Sequence[int],
    tables: Sequence[type[models.Model]],
    *,
    closed_fields: Collection[str] = (),
) -> dict[int, tuple[RowChange, ...]]:
    """What one decision wrote to the records of some people when it was signed (`event_id`), by person.

    The same few queries for any number of people; that the rows rest on the decision need not be said.
    """
    written = _rows(list(cadre_ids), tables, [event_id]) if cadre_ids and tables else []
    written = [replace(one, new=_unbased(one.new), old=_unbased(one.old) if one.old else None) for one in written]
    names, closed = _Names.read(written), frozenset(closed_fields)
    found: dict[int, list[RowChange]] = defaultdict(list)
    for one in written:
        owner = int(one.new[_owner(one.model)])
        found[owner] += _told([one], names, closed)
    return {owner: tuple(rows) for owner, rows in found.items()}


def planned_changes(plans: Sequence[Sequence[Difference]]) -> list[tuple[RowChange, ...]]:
    """What plans would write, each as an act would be told; one query names everything that they point to."""
    written = [[_planned(one) for one in plan] for plan in plans]
    names = _Names.read(one for rows in written for one in rows)
    return [tuple(_told(rows, names, frozenset())) for rows in written]


def _planned(one: Difference) -> _Written:
    """A planned row as a history would hold it; that it rests on the decision itself and begins on its very day need
    not be said."""
    held = {
        str(column.column): _plain(getattr(one.row, column.attname)) for column in type(one.row)._meta.concrete_fields
    }
    new, old = dict(held), dict(held)
    for name, (before, after) in one.values.items():
        column = str(type(one.row)._meta.get_field(name).column)  # type: ignore[union-attr]
        old[column], new[column] = _plain(before), _plain(after)
    new, old = _unbased(new), _unbased(old)
    return _Written(type(one.row), one.row.pk or 0, 0, VERBS[one.verb], new, None if one.verb == "add" else old)


def _unbased(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what goes without saying on the page of its decision."""
    return {name: value for name, value in row.items() if name not in UNSAID}


def _plain(value: Any) -> Any:
    """A value of a row as its history holds it."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int) else str(value)


def changes_of_row(cadre_id: int, table: type[models.Model], row_id: int) -> tuple[Act, ...]:
    """Everything that was ever written to one row of a record, newest first."""
    written = _rows([cadre_id], [table], None, row_id)
    return _acts(sorted({row.event_id for row in written}, reverse=True), written, frozenset())


def _owner(table: type[models.Model]) -> str:
    return "id" if table is Cadre else "cadre_id"


def _quoted(table: type[models.Model]) -> str:
    return connection.ops.quote_name(history_model(table)._meta.db_table)


def _events(cadre_id: int, tables: Sequence[type[models.Model]], first: int, size: int) -> list[int]:
    """Ids of the newest events that wrote to any of the tables."""
    parts = [f"SELECT event_id FROM {_quoted(table)} WHERE {_owner(table)} = %s" for table in tables]
    sql = f"SELECT event_id FROM ({' UNION '.join(parts)}) AS written ORDER BY event_id DESC LIMIT %s OFFSET %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*[cadre_id] * len(tables), size, first])
        return [event_id for (event_id,) in cursor.fetchall()]


def _rows(
    cadre_ids: list[int], tables: Sequence[type[models.Model]], events: list[int] | None, row_id: int | None = None
) -> list[_Written]:
    """Rows written by events, each with what stood before, in one query."""
    if events == []:
        return []
    parts, values = [], []
    for place, table in enumerate(tables):
        name = _quoted(table)
        where = [f"h.{_owner(table)} = ANY(%s)"]
        values.append(cadre_ids)
        if events is not None:
            where.append("h.event_id = ANY(%s)")
            values.append(events)
        if row_id is not None:
            where.append("h.id = %s")
            values.append(row_id)  # type: ignore[arg-type]
        parts.append(
            f"SELECT {place} AS place, h.id, h.event_id, h.history_id, h.history_type, to_jsonb(h) AS new, "
            f"(SELECT to_jsonb(b) FROM {name} b WHERE b.id = h.id AND (b.history_date, b.history_id) < "
            "(h.history_date, h.history_id) ORDER BY b.history_date DESC, b.history_id DESC LIMIT 1) AS old "
            f"FROM {name} h WHERE {' AND '.join(where)}"
        )
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY event_id DESC, place, history_id", values)
        return [
            _Written(tables[place], found, event, act, _json(new), None if old is None else _json(old))
            for place, found, event, _, act, new, old in cursor.fetchall()
        ]


def _json(value: Any) -> Mapping[str, Any]:
    """A row as the driver gives it: read, or still text."""
    return json.loads(value) if isinstance(value, str) else value


def _acts(events: list[int], written: list[_Written], closed: frozenset[str]) -> tuple[Act, ...]:
    """Events with their rows; names of what rows point to are read once."""
    names = _Names.read(written)
    found = AuditEvent.objects.select_related("user").in_bulk(events)
    rows: dict[int, list[RowChange]] = defaultdict(list)
    for one in written:
        rows[one.event_id] += _told([one], names, closed)
    return tuple(Act(found[event], tuple(rows[event])) for event in events if rows[event])


def _told(written: Iterable[_Written], names: _Names, closed: frozenset[str]) -> Iterator[RowChange]:
    """Written rows that say something."""
    for one in written:
        changes = tuple(_changes(one, names, closed))
        if changes or one.act != "~":
            yield RowChange(one.model, one.row_id, one.act, changes, _gist(one, names))


def _changes(one: _Written, names: _Names, closed: frozenset[str]) -> Iterator[Change]:
    """Fields that differ; of a new or a removed row those that say something."""
    for column in _told_fields(one.model):
        name = str(column.column)
        new = None if one.act == "-" else one.new.get(name)
        old = one.new.get(name) if one.act == "-" else (one.old or {}).get(name)
        if one.act == "+":
            old = None
        if new == old or (new in (None, "", False) and old in (None, "", False)):
            continue
        label = LABELS.get(column.name) or str(column.verbose_name)
        if one.model is Cadre and column.name in closed:
            yield Change(label[:1].upper() + label[1:], CLOSED if old else None, CLOSED if new else None)
            continue
        yield Change(label[:1].upper() + label[1:], names.text(column, old), names.text(column, new))


def _gist(one: _Written, names: _Names) -> str:
    """A few values that tell a row from others of its kind; the person's own row needs none."""
    if one.model is Cadre:
        return ""
    texts = [
        names.text(column, one.new.get(str(column.column)))
        for column in _told_fields(one.model)
        if isinstance(column, models.ForeignKey | models.CharField)
        and not column.choices
        and column.name not in ("decision", "basis", "note")
    ]
    return ", ".join(list(dict.fromkeys(text for text in texts if text))[:GIST])


def _told_fields(table: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        column
        for column in table._meta.concrete_fields
        if not column.primary_key and column.name not in SILENT and column.editable
    ]


@dataclass
class _Names:
    """Names of the items that changed rows point to, by model and id."""

    found: dict[tuple[str, int], str] = field(default_factory=dict)

    @classmethod
    def read(cls, written: Iterable[_Written]) -> _Names:
        """Ask for all names in one query."""
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for one in written:
            for column in _told_fields(one.model):
                if isinstance(column, models.ForeignKey):
                    held = (one.new.get(str(column.column)), (one.old or {}).get(str(column.column)))
                    wanted[column.related_model] |= {pk for pk in held if pk is not None}  # type: ignore[index]
        queries = [_labelled(model, ids) for model, ids in wanted.items() if ids]
        if not queries:
            return cls()
        rows = queries[0] if len(queries) == 1 else queries[0].union(*queries[1:], all=True)
        return cls({(model, pk): text for model, pk, text in rows})

    def text(self, column: models.Field[Any, Any], value: Any) -> Any:
        """A value of a history row as screens write it."""
        if value in (None, ""):
            return None
        if isinstance(column, models.ForeignKey):
            return self.found.get((column.related_model._meta.label_lower, value), f"#{value}")  # type: ignore[union-attr]
        if column.choices:
            return dict(column.flatchoices).get(value, value)
        if isinstance(column, models.DateField):
            day = datetime.date.fromisoformat(value)
            return date_text(day - datetime.timedelta(days=1) if column.name == "effective_until" else day)
        if column.name == "photo":
            return "có ảnh"
        if column.name in YEARS:
            return str(value)
        return column.to_python(str(value)) if isinstance(column, models.DecimalField) else value


def _labelled(model: type[models.Model], ids: set[int]) -> QuerySet[Any]:
    """Model, id and name of items, of one shape for all models so that they join into one query."""
    if model is Unit:
        latest = UnitVersion.objects.filter(unit__in=ids).order_by("unit_id", "-effective_from").distinct("unit_id")
        rows: QuerySet[Any] = UnitVersion.objects.filter(pk__in=latest.values("pk")).order_by()
        return rows.values_list(_constant(model), F("unit_id"), Cast("name", CharField()))
    rows = model._default_manager.filter(pk__in=ids).order_by()
    return rows.values_list(_constant(model), F("pk"), Cast(_NAMED.get(model, F("name")), CharField()))


def _constant(model: type[models.Model]) -> Value:
    return Value(model._meta.label_lower, output_field=CharField())


def _written_day(name: str) -> Func:
    """A day as people write it."""
    return Func(F(name), Value("DD/MM/YYYY"), function="to_char", output_field=CharField())


_NAMED: Final[Mapping[type[models.Model], Any]] = {
    Decision: Concat(Value("Quyết định "), F("number"), Value(" ngày "), _written_day("signed_on")),
    Seat: F("title__name"),
    JobPosition: F("name"),
    Mandate: F("name"),
    User: F("username"),
}
