"""Undoing an audit event: every row it wrote goes back to what its history says it was before.

Refuses, naming the people, where later changes stand on what would be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from hrdb.kernel.audit import writing
from hrdb.kernel.columns import quoted_column, quoted_table
from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.history import history_model, tracked_models, write_history
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre
from personnel.services.bulk import delete_many
from personnel.services.errors import ServiceRefusal

#: People named in a refusal; the rest are counted.
NAMED = 10


class LaterChangesStand(ServiceRefusal):
    """Later changes stand on what would be undone: `cadre_ids` the people concerned, `event_ids` what wrote them."""

    code = "later-changes"

    def __init__(self, cadre_ids: set[int], names: list[str], event_ids: set[int] | None = None) -> None:
        more = f" và {len(cadre_ids) - len(names)} người khác" if len(cadre_ids) > len(names) else ""
        who = ", ".join(names) + more if names else "các dòng liên quan"
        super().__init__(f"Không hoàn tác được vì hồ sơ đã có thay đổi sau đó: {who}.")
        self.cadre_ids = cadre_ids
        self.event_ids = event_ids or set()


def undo_event(
    *,
    event: AuditEvent,
    acting_user: User | None,
    reason: str,
    cause: models.Model | None,
    leaving: Sequence[type[models.Model]] = (),
    before: Iterable[int] = (),
) -> AuditEvent:
    """Put back everything that `event` wrote, in one transaction; returns the event of the undoing.

    Tables in `leaving` stay as they are: a decision that is annulled keeps its place in the register. `before` are
    ids of earlier events that `event` wrote anew (a decision that was corrected): they are put back together.
    """
    events = sorted({event.pk, *before})
    touched = [(model, _written(model, events)) for model in tracked_models() if model not in leaving]
    touched = [(model, rows) for model, rows in touched if rows]
    _refuse_later_changes(touched, events)
    with writing(acting_user=acting_user, reason=reason, cause=cause, action=AuditEvent.Action.UNDO) as undoing:
        with boundaries_may_move(*(model for model, _ in touched)):
            for model, rows in _children_first(touched):
                delete_many(model, [row_id for row_id, first in rows.items() if first == "+"])
            for model, rows in reversed(_children_first(touched)):
                _restore(model, [row_id for row_id, first in rows.items() if first != "+"], events[0])
        return undoing


def people_written(event: AuditEvent) -> set[int]:
    """Ids of the people whose records an event wrote, whether they still are there or not."""
    people: set[int] = set()
    for model in tracked_models():
        people |= _people_of(model, history_model(model)._default_manager.filter(event=event))
    return people


def _written(model: type[models.Model], events: list[int]) -> dict[int, str]:
    """Ids of the rows that the events wrote, with the first thing they did to each (+, ~ or -)."""
    rows = history_model(model)._default_manager.filter(event_id__in=events).order_by("history_id")
    first: dict[int, str] = {}
    for row_id, kind in rows.values_list("id", "history_type"):
        first.setdefault(row_id, kind)
    return first


def _children_first(touched: list[tuple[type[models.Model], dict[int, str]]]) -> list[Any]:
    """Rows that point to others go before the rows that they point to."""
    models_here = {model for model, _ in touched}

    def depth(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> int:
        parents = {
            field.related_model
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model in models_here - {model} - seen
        }
        return 1 + max((depth(parent, seen | {model}) for parent in parents), default=0)  # type: ignore[arg-type]

    return sorted(touched, key=lambda pair: -depth(pair[0]))


def _refuse_later_changes(touched: list[tuple[type[models.Model], dict[int, str]]], events: list[int]) -> None:
    """Rows that are not as the events left them, or rows written later that point to rows which would be deleted.

    A later change that was itself undone has left the row as it was, and stands in nobody's way.
    """
    people: set[int] = set()
    later_events: set[int] = set()
    found = False
    for model, rows in touched:
        changed = _changed_since(model, list(rows), events)
        later = history_model(model)._default_manager.filter(id__any=changed, event_id__gt=events[0])
        later = later.exclude(event_id__in=events)
        people |= _people_of(model, later)
        later_events |= set(later.order_by().values_list("event_id", flat=True).distinct())
        found = found or bool(changed)
        created = [row_id for row_id, first in rows.items() if first == "+"]
        for pointing, by in _pointing_to(model, created, events):
            found = True
            people |= pointing
            later_events |= by
    if found:
        named = Cadre.objects.filter(pk__any=people).order_by("sort_key").values_list("full_name", flat=True)
        names = list(named[:NAMED])
        raise LaterChangesStand(people, names, later_events)


def _changed_since(model: type[models.Model], ids: list[int], events: list[int]) -> list[int]:
    """Those of the rows that are no longer as the last of the events that wrote them left them."""
    names = [quoted_column(field) for field in model._meta.concrete_fields if not field.primary_key]
    now, then = (", ".join(f"{table}.{name}" for name in names) for table in ("kept", "written"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT written.id FROM (SELECT DISTINCT ON (id) * FROM {quoted_table(history_model(model))} "
            "WHERE id = ANY(%s) AND event_id = ANY(%s) ORDER BY id, history_date DESC, history_id DESC) AS written "
            f"LEFT JOIN {quoted_table(model)} AS kept ON kept.id = written.id "
            "WHERE (written.history_type = '-') IS DISTINCT FROM (kept.id IS NULL) "
            f"OR (written.history_type <> '-' AND ROW({now}) IS DISTINCT FROM ROW({then}))",
            [ids, events],
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def _people_of(model: type[models.Model], rows: models.QuerySet[Any]) -> set[int]:
    if model is Cadre:
        return set(rows.values_list("id", flat=True))
    if any(field.attname == "cadre_id" for field in model._meta.concrete_fields):
        return {value for value in rows.values_list("cadre_id", flat=True) if value is not None}
    return set()


def _pointing_to(model: type[models.Model], ids: list[int], events: list[int]) -> Iterable[tuple[set[int], set[int]]]:
    """For each relation to `model`: whose rows, not written by the events, point to `ids`, and what wrote them."""
    if not ids:
        return
    for relation in model._meta.related_objects:
        related, field = relation.related_model, relation.field
        asked = "any" if isinstance(field, models.ForeignKey) else "in"
        rows = related._default_manager.filter(**{f"{field.name}__{asked}": ids})  # type: ignore[union-attr]
        if hasattr(related._meta, "simple_history_manager_attribute"):
            own = history_model(related)._default_manager.filter(event_id__in=events).values("id")  # type: ignore[arg-type]
            rows = rows.exclude(pk__in=own)
        if rows.exists():
            people = set(rows.values_list(field.name, flat=True)) if model is Cadre else _people_of(related, rows)  # type: ignore[arg-type]
            yield people, _events_of(related, rows)  # type: ignore[arg-type]


def _events_of(model: type[models.Model], rows: models.QuerySet[Any]) -> set[int]:
    """The events that wrote rows of a table with a history."""
    if not hasattr(model._meta, "simple_history_manager_attribute"):
        return set()
    written = history_model(model)._default_manager.filter(id__in=rows.values("pk"))
    return set(written.order_by().values_list("event_id", flat=True).distinct())


def _restore(model: type[models.Model], ids: list[int], first: int) -> None:
    """Write back the newest version of each row from before the first event, and its history."""
    if not ids:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [quoted_column(field) for field in fields]
    columns = ", ".join(names)
    before = (
        f"SELECT DISTINCT ON (id) id, {columns} FROM {quoted_table(history_model(model))} "
        "WHERE id = ANY(%s) AND event_id < %s ORDER BY id, history_date DESC, history_id DESC"
    )
    assignments = ", ".join(f"{name} = before.{name}" for name in names)
    table = quoted_table(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {assignments} FROM ({before}) AS before "
            "WHERE kept.id = before.id RETURNING kept.id",
            [ids, first],
        )
        updated = [row_id for (row_id,) in cursor.fetchall()]
        gone = sorted(set(ids) - set(updated))
        cursor.execute(
            f"INSERT INTO {table} (id, {columns}) SELECT id, {columns} FROM ({before}) AS before",
            [gone, first],
        )
    write_history(model, updated, history_type="~")
    write_history(model, gone, history_type="+")
