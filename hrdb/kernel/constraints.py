"""Asking the database's own rules before writing: one checker for one row and for many.

Fields and `clean` are judged in Python, check, unique and exclusion constraints by one SQL statement over all rows at
once, with errors by row. A race that only the write meets becomes the same error by the constraint's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models

from hrdb.kernel.candidates import violations

RowErrors = dict[int, ValidationError]
#: An error and the place of the row that it is about.
Placed = tuple[int, ValidationError]


def check_rows(model: type[models.Model], rows: Sequence[models.Model]) -> RowErrors:
    """Errors of unsaved or changed rows by their place in `rows`; empty when all may be written.

    Rows that have a primary key are compared with the table without themselves. Foreign keys are left to the database.
    """
    return _by_place([*_field_errors(model, rows), *_database_errors(model, rows)])


def check_fields(model: type[models.Model], rows: Sequence[models.Model]) -> RowErrors:
    """The errors that need no database: fields and the model's own `clean`."""
    return _by_place(_field_errors(model, rows))


def row_derived_fields(model: type[models.Model]) -> set[str]:
    """Fields that services derive and no person types (not editable)."""
    return {field.name for field in model._meta.concrete_fields if not field.editable}


def _field_errors(model: type[models.Model], rows: Sequence[models.Model]) -> Iterator[Placed]:
    """Column by column, so that a value that many rows share is judged once; then each row's own `clean`."""
    derived = row_derived_fields(model)
    for field in model._meta.concrete_fields:
        if not (field.is_relation or field.primary_key or field.generated or field.name in derived):
            yield from _column_errors(field, rows)
    if model.clean is not models.Model.clean or model.clean_fields is not models.Model.clean_fields:
        yield from _own_errors(model, rows)


def _column_errors(field: models.Field[Any, Any], rows: Sequence[models.Model]) -> Iterator[Placed]:
    """As `Model.clean_fields` does it, but each value once: blank ones pass where they may, clean ones are put back."""
    values = list(map(attrgetter(field.attname), rows))
    keys = values
    if len(set(map(type, values)) - {type(None)}) > 1:
        keys = list(zip(map(type, values), values, strict=True))  # 1, 1.0 and True are told apart
    try:
        distinct = dict(zip(keys, values, strict=True))
    except TypeError:
        keys = list(map(repr, values))
        distinct = dict(zip(keys, values, strict=True))
    empty = field.empty_values if field.blank else ()
    judged = {key: _cleaned(field, value) for key, value in distinct.items() if value not in empty}
    judged = {key: cleaned for key, cleaned in judged.items() if cleaned is not distinct[key]}
    for place, key in enumerate(keys) if judged else ():
        cleaned = judged.get(key, judged)
        if isinstance(cleaned, ValidationError):
            yield place, ValidationError({field.name: cleaned})
        elif cleaned is not judged:
            setattr(rows[place], field.attname, cleaned)


def _cleaned(field: models.Field[Any, Any], value: Any) -> Any:
    """The clean value, or the error. Only relations and files would look at the row, and neither is judged here."""
    try:
        return field.clean(value, None)
    except ValidationError as error:
        return error


def _own_errors(model: type[models.Model], rows: Sequence[models.Model]) -> Iterator[Placed]:
    """What a model's own `clean_fields` and `clean` say."""
    skipped = {field.name for field in model._meta.concrete_fields if field.is_relation or field.primary_key}
    skipped |= row_derived_fields(model)
    for place, row in enumerate(rows):
        try:
            if model.clean_fields is not models.Model.clean_fields:
                row.clean_fields(exclude=skipped)
            row.clean()
        except ValidationError as error:
            yield place, error


def _by_place(placed: Iterable[Placed]) -> RowErrors:
    found: dict[int, list[ValidationError]] = defaultdict(list)
    for place, error in placed:
        found[place].append(error)
    return {place: ValidationError(_merged(errors)) for place, errors in found.items()}


def _merged(errors: list[ValidationError]) -> dict[str, list[ValidationError]]:
    merged: dict[str, list[ValidationError]] = {}
    for error in errors:
        if hasattr(error, "error_dict"):
            for name, parts in error.error_dict.items():
                merged.setdefault(name, []).extend(parts)
        else:
            merged.setdefault(NON_FIELD_ERRORS, []).extend(error.error_list)
    return merged


def _database_errors(model: type[models.Model], rows: Sequence[models.Model]) -> Iterator[Placed]:
    rules: list[Any] = [*model._meta.constraints]
    rules += [field for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    for rule, places in violations(model, rows, rules):
        error = _error_of(rule)
        yield from ((place, error) for place in places)


def _error_of(rule: models.BaseConstraint | models.Field[Any, Any]) -> ValidationError:
    if isinstance(rule, models.Field):
        return ValidationError({rule.name: [ValidationError(str(rule.error_messages["unique"]), code="unique")]})
    return ValidationError(rule.get_violation_error_message(), code=_code(rule))


def _code(constraint: models.BaseConstraint) -> str:
    return str(getattr(constraint, "violation_error_code", None) or constraint.name)


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
                    raise _error_of(constraint) from error
            for field in model._meta.concrete_fields:
                if field.unique and not field.primary_key and name and f"_{field.column}_" in name:
                    raise _error_of(field) from error
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
