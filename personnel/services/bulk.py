"""The set-wise twins of saving: many rows in few statements, with their history, inside one audit event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, models

from hrdb.kernel.columns import quoted_column, quoted_table
from hrdb.kernel.constraints import check_rows, races_as_errors
from hrdb.kernel.history import write_history

Row = TypeVar("Row", bound=models.Model)

#: From this many rows on, rows travel by COPY instead of INSERT.
COPY_FROM = 100
BATCH_SIZE = 2_000


class RowsRefused(Exception):
    """Rows that may not be written, with their errors by place."""

    def __init__(self, model: type[models.Model], errors: dict[int, ValidationError]) -> None:
        super().__init__(f"{model._meta.verbose_name}: {len(errors)} dòng không ghi được")
        self.model = model
        self.errors = errors


def create_many(model: type[Row], rows: Sequence[Row], *, check: bool = True) -> Sequence[Row]:
    """Insert rows and their history; raises RowsRefused with errors by place. Needs an open audit event."""
    if not rows:
        return rows
    _refuse_bad(model, rows, check)
    with races_as_errors(model):
        if len(rows) < COPY_FROM:
            model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)
        else:
            copy_rows(model, rows)
    write_history(model, [row.pk for row in rows], history_type="+")
    return rows


def update_many(model: type[Row], rows: Sequence[Row], fields: Sequence[str], *, check: bool = True) -> int:
    """Update some fields of rows and write their history; raises RowsRefused with errors by place."""
    if not rows:
        return 0
    _refuse_bad(model, rows, check)
    with races_as_errors(model):
        model._default_manager.bulk_update(rows, fields, batch_size=BATCH_SIZE)
    return write_history(model, [row.pk for row in rows], history_type="~")


def delete_many(model: type[models.Model], ids: Sequence[int]) -> int:
    """Delete rows after writing the history of their removal."""
    if not ids:
        return 0
    write_history(model, ids, history_type="-")
    return int(model._default_manager.filter(pk__in=list(ids))._raw_delete(connection.alias))


def copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Send new rows by COPY, with primary keys taken from the table's own sequence beforehand."""
    for row, key in zip(rows, _next_keys(model, len(rows)), strict=True):
        row.pk = key
    fields = model._meta.concrete_fields
    columns = ", ".join(quoted_column(field) for field in fields)
    prepare = [_to_copy(field) for field in fields]
    names = [field.attname for field in fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {quoted_table(model)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([to(getattr(row, name)) for to, name in zip(prepare, names, strict=True)])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _next_keys(model: type[models.Model], count: int) -> Iterable[int]:
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count]
        )
        return [value for (value,) in cursor.fetchall()]


def _to_copy(field: models.Field[Any, Any]) -> Any:
    """How a field's value travels; plain values as they are, the rest as the field itself prepares them."""
    plain = (models.CharField, models.TextField, models.DateField, models.IntegerField, models.BooleanField)
    if isinstance(field, plain) and not isinstance(field, models.DateTimeField):
        return lambda value: value
    if isinstance(field, models.ForeignKey):
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)


def _refuse_bad(model: type[Row], rows: Sequence[Row], check: bool) -> None:
    errors = check_rows(model, rows) if check else {}
    if errors:
        raise RowsRefused(model, errors)
