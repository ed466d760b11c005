"""People and establishment of each unit on a day (có mặt, biên chế): leaf counts in SQL, one roll-up in memory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, FilteredRelation, Sum

from hrdb.kernel.periods import in_force_q
from personnel.choices import PRESENT_STATES, EmploymentCategory
from personnel.models import Custody, Establishment
from personnel.statistics.tree import PlacedUnit, UnitTree

#: Categories that count against an establishment.
ESTABLISHED = (EmploymentCategory.CADRE, EmploymentCategory.CIVIL_SERVANT, EmploymentCategory.PUBLIC_EMPLOYEE)


@dataclass(frozen=True, slots=True)
class Headcount:
    """Of a unit and everything below it: people present, of them on the establishment, and the number assigned."""

    present: int
    on_establishment: int
    assigned: int | None

    @property
    def gap(self) -> int | None:
        """How many more than assigned (negative: places left); None when nothing is assigned."""
        return None if self.assigned is None else self.on_establishment - self.assigned


class Headcounts:
    """Head-counts of a tree's units."""

    def __init__(self, tree: UnitTree, day: date) -> None:
        self.tree = tree
        self._present = _people(day)
        self._assigned = _assigned(day.year)
        self._sums: dict[int, Headcount] = {}

    def of(self, unit: PlacedUnit) -> Headcount:
        """The head-count of a unit with everything below it.

        A number assigned to the unit itself stands for all below it; without one the numbers below are added up.
        """
        if unit.id not in self._sums:
            self._sums[unit.id] = self._add_up(unit)
        return self._sums[unit.id]

    def _add_up(self, unit: PlacedUnit) -> Headcount:
        below = [self.of(child) for child in self.tree.children(unit)]
        present, established = self._present.get(unit.id, (0, 0))
        own = self._assigned.get(unit.id)
        known = [one.assigned for one in below if one.assigned is not None]
        return Headcount(
            present + sum(one.present for one in below),
            established + sum(one.on_establishment for one in below),
            own if own is not None else (sum(known) if known else None),
        )


def _people(day: date) -> dict[int, tuple[int, int]]:
    """Present people and those on the establishment, by the unit that keeps the record: one query."""
    counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    employed = FilteredRelation("cadre__employment_set", condition=in_force_q(day, "cadre__employment_set__"))
    rows = (
        Custody.objects.in_force(day)
        .annotate(employed=employed)
        .filter(employed__state__in=PRESENT_STATES)
        .exclude(employed__category=EmploymentCategory.OUTSIDE)
        .order_by()
        .values_list("unit_id", "employed__category")
        .annotate(people=Count("pk"))
    )
    for unit_id, category, people in rows:
        present, established = counted[unit_id]
        counted[unit_id] = (present + people, established + (people if category in ESTABLISHED else 0))
    return dict(counted)


def _assigned(year: int) -> dict[int, int]:
    """The number assigned for the newest year not after `year`, by unit."""
    rows = Establishment.objects.filter(year__lte=year).values_list("unit_id", "year").annotate(number=Sum("number"))
    return {unit_id: number for unit_id, _, number in rows.order_by("unit_id", "year")}
