"""The tree of units as it stood on a day, read by one query and walked in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import connection

#: Each unit as it stood on the day; a closed unit as it last stood, a later one as it will first stand, without parent.
_UNITS = """
SELECT unit.id, unit.code, COALESCE(version.name, unit.code),
       COALESCE(NULLIF(version.short_name, ''), version.name, unit.code),
       CASE WHEN version.effective_from <= %(day)s THEN version.parent_id END,
       COALESCE(version.effective_from <= %(day)s
                AND (version.effective_until IS NULL OR version.effective_until > %(day)s), FALSE)
FROM personnel_unit unit
LEFT JOIN (
    SELECT DISTINCT ON (unit_id) * FROM personnel_unitversion
    ORDER BY unit_id, effective_from > %(day)s, abs(effective_from - %(day)s)
) version ON version.unit_id = unit.id
ORDER BY COALESCE(version.position, 0), unit.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit on the day of a tree."""

    id: int
    code: str
    name: str
    short_name: str
    parent_id: int | None
    is_existing: bool


class UnitTree:
    """Units of a day by id and code, with their children in order."""

    def __init__(self, units: Iterable[PlacedUnit]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._codes = {unit.code: unit for unit in self._units.values()}
        self._children: dict[int | None, list[PlacedUnit]] = {}
        for unit in self._units.values():
            self._children.setdefault(unit.parent_id, []).append(unit)
        self._tops = sorted(self._children.get(None, []), key=lambda top: -sum(1 for _ in self.at_and_below(top)))

    @classmethod
    def on(cls, day: date, within: Collection[int] | None = None) -> Self:
        """The tree of `day`; only the units whose ids are in `within` when given, cut off from those above them."""
        with connection.cursor() as cursor:
            cursor.execute(_UNITS, {"day": day})
            units = [PlacedUnit(*row) for row in cursor.fetchall()]
        if within is None:
            return cls(units)
        kept = set(within)
        return cls(
            unit
            if unit.parent_id in kept
            else PlacedUnit(unit.id, unit.code, unit.name, unit.short_name, None, unit.is_existing)
            for unit in units
            if unit.id in kept
        )

    def __iter__(self) -> Iterator[PlacedUnit]:
        return iter(self._units.values())

    def by_code(self, code: str) -> PlacedUnit | None:
        """The unit of a code."""
        return self._codes.get(code)

    def by_id(self, unit_id: int | None) -> PlacedUnit | None:
        """The unit of an id; None for none."""
        return None if unit_id is None else self._units.get(unit_id)

    def parent(self, unit: PlacedUnit) -> PlacedUnit | None:
        """The unit directly above."""
        return None if unit.parent_id is None else self._units.get(unit.parent_id)

    def tops(self) -> list[PlacedUnit]:
        """Units with none above them, the one with most units first."""
        return self._tops

    def children(self, unit: PlacedUnit) -> list[PlacedUnit]:
        """Units directly below."""
        return self._children.get(unit.id, [])

    def existing_children(self, unit: PlacedUnit) -> list[PlacedUnit]:
        """Units directly below that exist on the day."""
        return [child for child in self.children(unit) if child.is_existing]

    def path(self, unit: PlacedUnit) -> list[PlacedUnit]:
        """The units above, the outermost first, and the unit itself."""
        path = [unit]
        while (above := self.parent(path[-1])) is not None and above not in path:
            path.append(above)
        return path[::-1]

    def at_and_below(self, unit: PlacedUnit) -> Iterator[PlacedUnit]:
        """The unit and everything below it, each once even where the stored tree has a circle."""
        seen: set[int] = set()
        waiting = [unit]
        while waiting:
            one = waiting.pop()
            if one.id not in seen:
                seen.add(one.id)
                yield one
                waiting.extend(self.children(one))
