"""What the record holds of some people, read in one query for each part: what set-wise writing compares with."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from personnel.models import Cadre
from personnel.models.cadres import OfCadre

Row = TypeVar("Row", bound=OfCadre)

#: Relations that are read with a row, by the name of the field.
JOINED = {
    "decision": "decision__kind",
    "unit": "unit",
    "title": "title",
    "level": "level",
    "form": "form",
    "kind": "kind",
    "rank": "rank",
}


@dataclass
class HeldRecord:
    """One person's rows by model, oldest first."""

    cadre: Cadre
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def track(self, model: type[Row], **same: Any) -> list[Row]:
        """Rows of a model with these field values, oldest first."""
        return [row for row in self.rows[model] if all(getattr(row, name) == value for name, value in same.items())]

    def in_force(self, model: type[Row], day: datetime.date, **same: Any) -> Row | None:
        """The row of a track that holds on `day`, or None."""
        return next((row for row in self.track(model, **same) if row.holds_on(day)), None)  # type: ignore[attr-defined]


def held_records(cadre_ids: Iterable[int], parts: Iterable[type[OfCadre]]) -> dict[int, HeldRecord]:
    """The records of some people, by id, with the rows of `parts`: one query for each part."""
    ids = list(cadre_ids)
    records = {cadre.pk: HeldRecord(cadre) for cadre in Cadre.objects.filter(pk__any=ids)} if ids else {}
    for model in parts if records else ():
        for row in _rows_of(model, ids):
            records[row.cadre_id].rows[model].append(row)
    return records


def _rows_of(model: type[OfCadre], ids: list[int]) -> models.QuerySet[Any]:
    """Rows of these people, oldest first where they have periods, with the decisions that they rest on."""
    names = {field.name for field in model._meta.concrete_fields}
    related = {field.name for field in model._meta.concrete_fields if field.is_relation}
    ordering = ["cadre_id", *(["effective_from"] if "effective_from" in names else []), "pk"]
    rows = model.objects.filter(cadre_id__any=ids).order_by(*ordering)
    joined = [path for name, path in JOINED.items() if name in related]
    return rows.select_related(*joined) if joined else rows
