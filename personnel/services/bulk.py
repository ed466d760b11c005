"""The set-wise twins of saving: many rows in few statements, with their history, inside one audit event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from hrdb.kernel.columns import column_field, quoted_column, quoted_table
from hrdb.kernel.constraints import check_fields, check_rows, races_as_errors
from hrdb.kernel.history import write_history

Row = TypeVar("Row", bound=models.Model)

#: From this many rows on, rows travel by COPY instead of INSERT and UPDATE with values.
COPY_FROM = 100
BATCH_SIZE = 2_000
#: Fields whose values travel by COPY as they are; the rest as the field itself prepares them.
PLAIN = (
    models.CharField,
    models.TextField,
    models.DateField,
    models.IntegerField,
    models.DecimalField,
    models.BooleanField,
    models.ForeignKey,
)


class RowsRefused(Exception):
    """Rows that may not be written, with their errors by place."""

    def __init__(self, model: type[models.Model], errors: dict[int, ValidationError]) -> None:
        super().__init__(f"{model._meta.verbose_name}: {len(errors)} dòng không ghi được")
        self.model = model
        self.errors = errors


def create_many(model: type[Row], rows: Sequence[Row], *, check_first: bool = False) -> Sequence[Row]:
    """Insert rows and their history; raises RowsRefused with errors by place. Needs an open audit event.

    Constraints are left to the database, and asked row by row only when it refuses; `check_first` asks beforehand,
    for rows whose periods the database judges later.
    """
    if not rows:
        return rows
    with _refusing_by_row(model, rows, check_first):
        if len(rows) < COPY_FROM:
            model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)
            keys = [row.pk for row in rows]
        else:
            keys = copy_rows(model, rows)
    write_history(model, keys, history_type="+")
    return rows


def update_many(model: type[Row], rows: Sequence[Row], fields: Sequence[str], *, check_first: bool = False) -> int:
    """Update some fields of rows and write their history; refusals as `create_many` has them."""
    if not rows:
        return 0
    with _refusing_by_row(model, rows, check_first):
        if len(rows) < COPY_FROM:
            model._default_manager.bulk_update(rows, fields, batch_size=BATCH_SIZE)
        else:
            _copy_over(model, rows, [column_field(model, name) for name in fields])
    return write_history(model, [row.pk for row in rows], history_type="~")


@contextmanager
def _refusing_by_row(model: type[Row], rows: Sequence[Row], check_first: bool) -> Iterator[None]:
    """Writes inside a savepoint; what the database refuses is asked again, to name the rows."""
    errors = check_rows(model, rows) if check_first else check_fields(model, rows)
    if errors:
        raise RowsRefused(model, errors)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if errors := check_rows(model, rows):
            raise RowsRefused(model, errors) from refused
        with races_as_errors(model):
            raise


def delete_many(model: type[models.Model], ids: Sequence[int]) -> int:
    """Delete rows after writing the history of their removal."""
    if not ids:
        return 0
    write_history(model, ids, history_type="-")
    return int(model._default_manager.filter(pk__any=list(ids))._raw_delete(connection.alias))


def copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> list[int]:
    """Send new rows by COPY, with primary keys taken from the table's own sequence beforehand; answers the keys."""
    name, alias, keys = model._meta.pk.attname, connection.alias, _next_keys(model, len(rows))
    for row, key in zip(rows, keys, strict=True):
        setattr(row, name, key)
    _send(quoted_table(model), model._meta.concrete_fields, rows)
    for row in rows:
        row._state.adding, row._state.db = False, alias
    return keys


def _copy_over(
    model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[models.Field[Any, Any]]
) -> None:
    """Set fields of stored rows: new values travel by COPY into a table beside, one UPDATE takes them over."""
    key = model._meta.pk
    columns = ", ".join(quoted_column(field) for field in (key, *fields))
    news = ", ".join(f"{quoted_column(field)} = news.{quoted_column(field)}" for field in fields)
    table, own = quoted_table(model), quoted_column(key)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE news AS SELECT {columns} FROM {table} WITH NO DATA")
        _send("news", [key, *fields], rows)
        cursor.execute("ANALYZE news")
        cursor.execute(f"UPDATE {table} AS kept SET {news} FROM news WHERE kept.{own} = news.{own}")
        cursor.execute("DROP TABLE news")


def _send(table: str, fields: Sequence[models.Field[Any, Any]], rows: Sequence[models.Model]) -> None:
    """COPY some fields of rows, none of them deferred, into a table."""
    columns = ", ".join(quoted_column(field) for field in fields)
    values = itemgetter(*(field.attname for field in fields))
    prepared = [(place, field) for place, field in enumerate(fields) if not isinstance(field, PLAIN)]
    sql = f"COPY {table} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            line = list(values(row.__dict__))
            for place, field in prepared:
                line[place] = field.get_db_prep_save(line[place], connection)
            copy.write_row(line)


def _next_keys(model: type[models.Model], count: int) -> list[int]:
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [cursor.fetchone()[0], count])
        return [value for (value,) in cursor.fetchall()]
