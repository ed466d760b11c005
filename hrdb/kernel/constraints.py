"""Asking the database's own rules before writing: one checker for one row and for many.

Fields and `clean` are judged in Python; check, unique and exclusion constraints by one SQL statement each over all rows
at once, with errors by row. A race that only the write meets becomes the same error by the constraint's name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models
from django.db.models import CheckConstraint, F, UniqueConstraint

from hrdb.kernel.columns import column_field, quoted_column, quoted_table

RowErrors = dict[int, ValidationError]


def check_rows(model: type[models.Model], rows: Sequence[models.Model]) -> RowErrors:
    """Errors of unsaved or changed rows by their place in `rows`; empty when all may be written.

    Rows that have a primary key are compared with the table without themselves. Foreign keys are left to the database.
    """
    found: dict[int, list[ValidationError]] = defaultdict(list)
    skipped = {field.name for field in model._meta.concrete_fields if field.is_relation or field.primary_key}
    for place, row in enumerate(rows):
        try:
            row.clean_fields(exclude=skipped | row_derived_fields(model))
            row.clean()
        except ValidationError as error:
            found[place].append(error)
    for places, refusal in _database_errors(model, rows):
        for place in places:
            found[place].append(refusal)
    return {place: ValidationError(_merged(errors)) for place, errors in found.items()}


def row_derived_fields(model: type[models.Model]) -> set[str]:
    """Fields that services derive and no person types (not editable)."""
    return {field.name for field in model._meta.concrete_fields if not field.editable}


def _merged(errors: list[ValidationError]) -> dict[str, list[ValidationError]]:
    merged: dict[str, list[ValidationError]] = {}
    for error in errors:
        if hasattr(error, "error_dict"):
            for name, parts in error.error_dict.items():
                merged.setdefault(name, []).extend(parts)
        else:
            merged.setdefault(NON_FIELD_ERRORS, []).extend(error.error_list)
    return merged


def _database_errors(
    model: type[models.Model], rows: Sequence[models.Model]
) -> Iterator[tuple[list[int], ValidationError]]:
    if not rows:
        return
    payload = _as_json(model, rows)
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            places = _violating(_check_sql(model, constraint), [payload])
        elif isinstance(constraint, ExclusionConstraint):
            places = _violating(*_overlap_sql(model, constraint, payload))
        elif isinstance(constraint, UniqueConstraint) and constraint.fields:
            places = _violating(*_unique_sql(model, constraint.fields, constraint.condition, payload))
        else:
            continue
        if places:
            yield places, ValidationError(constraint.get_violation_error_message(), code=_code(constraint))
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            places = _violating(*_unique_sql(model, (field.name,), None, payload))
            if places:
                message = str(field.error_messages["unique"])
                yield places, ValidationError({field.name: [ValidationError(message, code="unique")]})


def _code(constraint: models.BaseConstraint) -> str:
    return str(getattr(constraint, "violation_error_code", None) or constraint.name)


def _as_json(model: type[models.Model], rows: Sequence[models.Model]) -> str:
    fields = [
        field for field in model._meta.concrete_fields if not isinstance(field, models.JSONField | models.BinaryField)
    ]
    records = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    return json.dumps(records, cls=DjangoJSONEncoder)


def _rowset(model: type[models.Model], alias: str) -> str:
    """The rows under test as a table of the model's own row type, with their place."""
    return (
        f"(SELECT (jsonb_populate_record(NULL::{quoted_table(model)}, item)).*, place - 1 AS place "
        f"FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS items(item, place)) AS {alias}"
    )


def _violating(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return sorted({int(place) for (place,) in cursor.fetchall()})


def _condition_sql(model: type[models.Model], constraint: CheckConstraint) -> str:
    """The constraint's own condition as SQL on bare column names, ready to stand in a statement with parameters."""
    with connection.schema_editor(collect_sql=True) as editor:
        written = str(constraint._get_check_sql(model, editor) or "true")  # type: ignore[attr-defined]
    return written.replace("%", "%%")


def _check_sql(model: type[models.Model], constraint: CheckConstraint) -> str:
    return f"SELECT place FROM {_rowset(model, 'candidate')} WHERE NOT ({_condition_sql(model, constraint)})"


def _pair_sql(
    model: type[models.Model], matches: list[str], condition: models.Q | None, payload: str
) -> tuple[str, list[Any]]:
    """Rows under test that match (`matches` joins l and r) a stored row or another row under test."""
    columns = ", ".join(quoted_column(field) for field in model._meta.concrete_fields)
    under_test, stored = _rowset(model, "t"), quoted_table(model)
    where = "true"
    if condition is not None:
        where = _condition_sql(model, CheckConstraint(name="probe", condition=condition))
    left = f"(SELECT * FROM {under_test} WHERE {where}) AS l"
    right = f"(SELECT {columns} FROM {stored} WHERE {where}) AS r"
    others = f"(SELECT * FROM {under_test} WHERE {where}) AS r"
    on = " AND ".join(matches)
    tested = f"SELECT id FROM {_rowset(model, 'ids')} WHERE id IS NOT NULL"
    sql = (
        f"SELECT l.place FROM {left} JOIN {right} ON {on} WHERE r.id NOT IN ({tested}) "
        f"UNION SELECT l.place FROM {left} JOIN {others} ON {on} AND l.place > r.place"
    )
    return sql, [payload] * sql.count("%s")


def _unique_sql(
    model: type[models.Model], fields: Sequence[str], condition: models.Q | None, payload: str
) -> tuple[str, list[Any]]:
    columns = [quoted_column(column_field(model, name)) for name in fields]
    return _pair_sql(model, [f"l.{column} = r.{column}" for column in columns], condition, payload)


def _overlap_sql(model: type[models.Model], constraint: ExclusionConstraint, payload: str) -> tuple[str, list[Any]]:
    matches = []
    for expression, operator in constraint.expressions:
        if isinstance(expression, str | F):
            named = F(expression) if isinstance(expression, str) else expression
            column = quoted_column(column_field(model, named.name))  # type: ignore[attr-defined]
            matches.append(f"l.{column} {operator} r.{column}")
        else:
            matches.append(
                "daterange(l.effective_from, l.effective_until) && daterange(r.effective_from, r.effective_until)"
            )
    return _pair_sql(model, matches, constraint.condition, payload)


@contextmanager
def races_as_errors(*tables: type[models.Model]) -> Iterator[None]:
    """Turn a violation that only the write met (a race) into the ValidationError of the constraint that refused it."""
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for model in tables:
            for constraint in model._meta.constraints:
                if constraint.name == name:
                    raise ValidationError(constraint.get_violation_error_message(), code=_code(constraint)) from error
            for field in model._meta.concrete_fields:
                if field.unique and not field.primary_key and name and f"_{field.column}_" in name:
                    raise ValidationError({field.name: str(field.error_messages["unique"])}, code="unique") from error
        raise


@contextmanager
def boundaries_may_move(*tables: type[models.Model]) -> Iterator[None]:
    """Defer the period exclusions of some tables while boundaries move; they are checked before this returns."""
    names = [
        connection.ops.quote_name(constraint.name)
        for model in tables
        for constraint in model._meta.constraints
        if isinstance(constraint, ExclusionConstraint) and getattr(constraint, "deferrable", None) is not None
    ]
    if not names:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {', '.join(names)} DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {', '.join(names)} IMMEDIATE")
