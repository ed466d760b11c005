"""What the database holds of the people on a roster, read in a constant number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from personnel.models import (
    Assignment,
    Cadre,
    Custody,
    Employment,
    PartyMembership,
    PayStep,
    Qualification,
    UnitVersion,
)

#: Parts of the record that a roster may change.
PARTS = (Custody, Employment, Assignment, Qualification, PayStep, PartyMembership)


@dataclass
class HeldRecord:
    """One person's rows by model, oldest first."""

    cadre: Cadre
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def track(self, model: type[Any], **same: Any) -> list[Any]:
        """Rows of a model with these field values, oldest first."""
        return [row for row in self.rows[model] if all(getattr(row, name) == value for name, value in same.items())]


def held_records(cadre_ids: Iterable[int]) -> dict[int, HeldRecord]:
    """The records of some people, by id: one query for each part."""
    ids = list(cadre_ids)
    records = {cadre.pk: HeldRecord(cadre) for cadre in Cadre.objects.filter(pk__any=ids)} if ids else {}
    if not records:
        return records
    for model in PARTS:
        rows = model.objects.filter(cadre_id__any=ids).order_by("cadre_id", "effective_from", "pk")
        if any(item.name == "decision" for item in model._meta.concrete_fields):
            rows = rows.select_related("decision")
        for row in rows:
            records[row.cadre_id].rows[model].append(row)
    return records


class Tree:
    """Today's tree in memory: who stands above whom, and what units are called."""

    def __init__(self, day: datetime.date) -> None:
        self.parents: dict[int, int | None] = {}
        self.names: dict[int, str] = {}
        self.kinds: dict[int, str] = {}
        for version in UnitVersion.objects.standing_on(day).select_related("kind"):
            self.parents[version.unit_id] = version.parent_id
            self.names[version.unit_id] = version.name
            self.kinds[version.unit_id] = version.kind.code if version.kind else ""

    def is_at_or_below(self, unit_id: int | None, top: int) -> bool:
        """Whether a unit is `top` or stands below it."""
        seen: set[int] = set()
        while unit_id is not None and unit_id not in seen:
            if unit_id == top:
                return True
            seen.add(unit_id)
            unit_id = self.parents.get(unit_id)
        return False

    def telling_kind(self, unit_id: int | None, telling: Mapping[str, str]) -> str:
        """The nearest kind at or above a unit of which `telling` says something; empty when none does."""
        seen: set[int] = set()
        while unit_id is not None and unit_id not in seen:
            kind = self.kinds.get(unit_id, "")
            if telling.get(kind):
                return kind
            seen.add(unit_id)
            unit_id = self.parents.get(unit_id)
        return ""

    def children(self, unit_id: int) -> list[int]:
        """The units directly below one."""
        return [child for child, parent in self.parents.items() if parent == unit_id]
