"""Many rows at once: made without the cost of a model's `__init__`, found by long lists of keys, held in memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def new_row(model: type[Row], **values: Any) -> Row:
    """An unsaved row, as `model(**values)` makes it; values are given by column (`unit_id`, not `unit`)."""
    defaults, computed = _defaults(model)
    row = model.__new__(model)
    row.__dict__.update(defaults, **values)
    if len(row.__dict__) != len(defaults):
        raise TypeError(f"{model._meta.label}: {sorted(values.keys() - defaults.keys())} are no columns")
    for field in computed:
        if field.attname not in values:
            row.__dict__[field.attname] = field.get_default()
    row._state = ModelState()
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[models.Field[Any, Any]]]:
    """What an empty row holds, and the fields whose default is made anew for each row."""
    fields = model._meta.concrete_fields
    computed = [field for field in fields if field.has_default() and callable(field.default)]
    return {field.attname: None if field in computed else field.get_default() for field in fields}, computed


class AnyOf(models.Lookup[Any]):
    """`pk__any=[...]`: the list travels as one array, where `__in` writes every item into the statement."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`column = ANY(array)`."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]


def register_lookups() -> None:
    """Let every plain field be asked with `__any`."""
    for field in (models.AutoField, models.IntegerField, models.CharField, models.ForeignKey):
        field.register_lookup(AnyOf)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Keep the garbage collector from searching millions of living objects while many rows are in memory.

    What is no longer referred to is freed all the same; only cycles wait.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
