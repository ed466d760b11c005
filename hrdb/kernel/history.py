"""Record time: who wrote which row when and why, on django-simple-history.

One base for all histories: the reason is text, the event is a foreign key to the audit trail, the user is protected.
History tables are append-only in the database itself (see `AppendOnly`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.migrations.operations.base import Operation
from simple_history.models import HistoricalRecords

from hrdb.kernel.audit import NoAuditEvent, current_event
from hrdb.kernel.columns import quoted_column, quoted_table
from hrdb.kernel.models.audit import AuditEvent


class HistoryRow(models.Model):
    """What every history row carries besides the copy of its row."""

    event = models.ForeignKey(AuditEvent, verbose_name="sự kiện", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """History of one model: `history = History()`; `parent` names a foreign key by which whole records are read."""

    def __init__(self, *, parent: str | None = None, excluded_fields: Sequence[str] = ()) -> None:
        super().__init__(
            bases=[HistoryRow],
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.TextField(blank=True, default=""),
            excluded_fields=list(excluded_fields),
        )
        self.parent = parent

    def _get_history_user_fields(self) -> dict[str, Any]:
        return {
            "history_user": models.ForeignKey(
                settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.PROTECT, db_index=False
            )
        }

    def copy_fields(self, model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
        """Copies without indexes: the history is read by row and by parent only."""
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == self.parent
        return fields

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Newest first, by an index that also serves `as_of`."""
        options: dict[str, Any] = super().get_meta_options(model)
        options["verbose_name"] = f"lịch sử {model._meta.verbose_name}"
        options["verbose_name_plural"] = options["verbose_name"]
        options["indexes"] = [
            models.Index(
                fields=[model._meta.pk.attname, "-history_date", "-history_id"],
                name=f"h_{model._meta.db_table}"[:24] + "_row",
            )
        ]
        return options

    def create_historical_record(self, instance: models.Model, history_type: str, using: str | None = None) -> None:
        """Write the history row of a save inside the audit event that is open; refuse to write without one."""
        event = current_event()
        if event is None:
            raise NoAuditEvent(f"{instance._meta.label} ghi ngoài sự kiện nhật ký")
        history_model = getattr(instance, self.manager_name).model
        history_model.objects.create(
            **{field.attname: getattr(instance, field.attname) for field in self.fields_included(instance)},
            history_date=event.moment,
            history_type=history_type,
            history_user_id=event.user_id,
            history_change_reason=event.reason,
            event=event,
        )


def history_model(model: type[models.Model]) -> type[models.Model]:
    """The history table's model of a tracked model."""
    tracked: Any = model
    return tracked.history.model  # type: ignore[no-any-return]


def tracked_models() -> list[type[models.Model]]:
    """Every model that keeps a history."""
    from django.apps import apps

    return [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]


def write_history(model: type[models.Model], ids: Iterable[int], *, history_type: str = "+") -> int:
    """History of many rows in one statement, as they stand now: the set-wise twin of a save.

    Runs inside the open audit event; returns the number of history rows written.
    """
    event = current_event()
    if event is None:
        raise NoAuditEvent(f"{model._meta.label} ghi ngoài sự kiện nhật ký")
    target = history_model(model)
    tracked = _tracked_names(model)
    quoted = ", ".join(quoted_column(field) for field in model._meta.concrete_fields if field.name in tracked)
    own = ["history_date", "history_type", "history_change_reason", "history_user_id", "event_id"]
    which, keys = _named(ids)
    sql = (
        f"INSERT INTO {quoted_table(target)} ({quoted}, {', '.join(own)}) "
        f"SELECT {quoted}, %s, %s, %s, %s, %s FROM {quoted_table(model)} "
        f"WHERE {which} ORDER BY id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [event.moment, history_type, event.reason, event.user_id, event.pk, *keys])
        return int(cursor.rowcount)


def _named(ids: Iterable[int]) -> tuple[str, list[Any]]:
    """A condition on rows by their keys: one behind another, as a load has them, by the first and the last."""
    keys = list(ids)
    if len(keys) > 1 and keys == list(range(keys[0], keys[0] + len(keys))):
        return "id BETWEEN %s AND %s", [keys[0], keys[-1]]
    return "id = ANY(%s)", [keys]


def _tracked_names(model: type[models.Model]) -> set[str]:
    return {field.name for field in history_model(model).tracked_fields}  # type: ignore[attr-defined]


def as_of(model: type[models.Model], moment: datetime.datetime, **filters: Any) -> models.QuerySet[Any]:
    """History rows as the database knew them at `moment`: the newest of each row, deleted rows left out.

    Two writes in one moment are told apart by `history_id`; the library's own `as_of` returns such a row twice.
    """
    history = history_model(model)._default_manager
    newest = (
        history.filter(history_date__lte=moment, **filters)
        .order_by("id", "-history_date", "-history_id")
        .distinct("id")
        .values("history_id")
    )
    return history.filter(history_id__in=newest).exclude(history_type="-")


def version_of(row: models.Model) -> int:
    """The record's version that forms carry: the newest history id of the row, 0 when it has none."""
    newest = (
        history_model(type(row))
        ._default_manager.filter(id=row.pk)
        .order_by("-history_date", "-history_id")
        .values_list("history_id", flat=True)
        .first()
    )
    return int(newest or 0)


_REFUSE = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Bảng % chỉ được ghi thêm, không được sửa hay xóa.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class AppendOnly(Operation):
    """Migration operation: the table of a model refuses UPDATE, DELETE and TRUNCATE."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model state does not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the triggers."""
        schema_editor.execute(_REFUSE, params=None)
        for name in self.model_names:
            table = to_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(
                f'CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION append_only_refuse()"
            )
            schema_editor.execute(
                f'CREATE TRIGGER append_only_table BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()"
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the triggers."""
        for name in self.model_names:
            table = from_state.apps.get_model(app_label, name)._meta.db_table
            schema_editor.execute(f'DROP TRIGGER IF EXISTS append_only_row ON "{table}"')
            schema_editor.execute(f'DROP TRIGGER IF EXISTS append_only_table ON "{table}"')

    def describe(self) -> str:
        """One line for the migration's output."""
        return f"Chỉ ghi thêm: {', '.join(self.model_names)}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes the operation down."""
        return self.__class__.__name__, list(self.model_names), {}
