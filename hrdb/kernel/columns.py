"""Columns of a model's own table: its fields by name, and the quoted names by which SQL calls them."""

from __future__ import annotations

from typing import Any

from django.db import connection, models


def column_field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The field of a column by its name; FieldDoesNotExist or TypeError where there is none."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model._meta.label}.{name} is no column")
    return field


def quoted_column(field: models.Field[Any, Any]) -> str:
    """The name of a field's column as SQL writes it."""
    return connection.ops.quote_name(field.column or field.attname)


def quoted_table(model: type[models.Model]) -> str:
    """The name of a model's table as SQL writes it."""
    return connection.ops.quote_name(model._meta.db_table)
