"""The set-wise twins of saving: many rows in few statements, with their history, inside one audit event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from hrdb.kernel.constraints import check_rows, races_as_errors
from hrdb.kernel.history import write_history

Row = TypeVar("Row", bound=models.Model)

BATCH_SIZE = 2_000


class RowsRefused(Exception):
    """Rows that may not be written, with their errors by place."""

    def __init__(self, model: type[models.Model], errors: dict[int, ValidationError]) -> None:
        super().__init__(f"{model._meta.verbose_name}: {len(errors)} dòng không ghi được")
        self.model = model
        self.errors = errors


def create_many(model: type[Row], rows: Sequence[Row], *, check: bool = True) -> list[Row]:
    """Insert rows and their history; raises RowsRefused with errors by place. Needs an open audit event."""
    if not rows:
        return []
    _refuse_bad(model, rows, check)
    with races_as_errors(model):
        created = list(model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE))
    write_history(model, [row.pk for row in created], history_type="+")
    return created


def update_many(model: type[Row], rows: Sequence[Row], fields: Sequence[str], *, check: bool = True) -> int:
    """Update some fields of rows and write their history; raises RowsRefused with errors by place."""
    if not rows:
        return 0
    _refuse_bad(model, rows, check)
    with races_as_errors(model):
        model._default_manager.bulk_update(rows, fields, batch_size=BATCH_SIZE)
    return write_history(model, [row.pk for row in rows], history_type="~")


def delete_many(model: type[Row], ids: Sequence[int]) -> int:
    """Delete rows after writing the history of their removal."""
    if not ids:
        return 0
    write_history(model, ids, history_type="-")
    deleted, _ = model._default_manager.filter(pk__in=list(ids)).delete()
    return deleted


def _refuse_bad(model: type[Row], rows: Sequence[Row], check: bool) -> None:
    errors = check_rows(model, rows) if check else {}
    if errors:
        raise RowsRefused(model, errors)
