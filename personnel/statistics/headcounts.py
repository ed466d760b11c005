"""People and establishment of each unit on a day (có mặt, biên chế): leaf counts in SQL, one roll-up in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Count, FilteredRelation

from hrdb.kernel.periods import in_force_q
from personnel.choices import PRESENT_STATES, EmploymentCategory
from personnel.models import Custody, Establishment
from personnel.statistics.tree import PlacedUnit, UnitTree

#: Categories that count against an establishment.
ESTABLISHED: Final = (EmploymentCategory.CADRE, EmploymentCategory.CIVIL_SERVANT, EmploymentCategory.PUBLIC_EMPLOYEE)


@dataclass(frozen=True, slots=True)
class Quota:
    """Numbers of one category: assigned to a unit itself (`own`) and to the units below it (`below`); None: nothing.

    Lists of units give a department its own number and its divisions theirs out of it, but the People's Committee only
    the number of its own leaders, and a school under a department a number of its own. So the own number is taken to
    cover the units below if it is not smaller than what they have together, else it is added to theirs. Each category
    is judged by itself: a department covers its divisions' civil servants and not its schools' public employees.
    """

    own: int | None = None
    below: int | None = None

    @property
    def covers_below(self) -> bool:
        """Whether the own number holds the numbers below."""
        return self.own is not None and self.below is not None and self.own >= self.below

    @property
    def total(self) -> int | None:
        """The number for the unit and everything below it, nothing counted twice; None when nothing is assigned."""
        if self.covers_below:
            return self.own
        return add_known((self.own, self.below))


@dataclass(frozen=True, slots=True)
class Headcount:
    """Of a unit and everything below it: people present, of them on the establishment, and the quotas by category.

    Both sides of `gap` are of the whole subtree and of the same categories.
    """

    present: int
    on_establishment: int
    quotas: dict[str, Quota] = field(default_factory=dict)

    @property
    def assigned(self) -> int | None:
        """The establishment of the unit and everything below it; None when nothing is assigned."""
        return add_known(quota.total for quota in self.quotas.values())

    @property
    def gap(self) -> int | None:
        """How many on the establishment more than assigned (negative: places left); None when nothing is assigned."""
        assigned = self.assigned
        return None if assigned is None else self.on_establishment - assigned


def add_known(numbers: Iterable[int | None]) -> int | None:
    """The sum of the numbers that are known; None when none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


class Headcounts:
    """Head-counts of a tree's units on the day of the tree."""

    def __init__(self, tree: UnitTree, day: date) -> None:
        self.tree = tree
        self._present = _people(day)
        self._assigned = _assigned(day.year)
        self._sums: dict[int, Headcount] = {}

    def of(self, unit: PlacedUnit) -> Headcount:
        """The head-count of a unit with everything below it. Only units that exist on the day have an establishment."""
        if unit.id not in self._sums:
            self._sums[unit.id] = self._add_up(unit)
        return self._sums[unit.id]

    def _add_up(self, unit: PlacedUnit) -> Headcount:
        below = [self.of(child) for child in self.tree.children(unit)]
        present, established = self._present.get(unit.id, (0, 0))
        own = self._assigned.get(unit.id, {}) if unit.is_existing else {}
        categories = [one for one in ESTABLISHED if one in own or any(one in child.quotas for child in below)]
        return Headcount(
            present + sum(one.present for one in below),
            established + sum(one.on_establishment for one in below),
            {
                category: Quota(
                    own.get(category),
                    add_known(child.quotas[category].total for child in below if category in child.quotas),
                )
                for category in categories
            },
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


def _assigned(year: int) -> dict[int, dict[str, int]]:
    """Numbers assigned by unit and category: of the newest year, not after `year`, for which the unit has any."""
    rows = Establishment.objects.filter(year__lte=year, category__in=ESTABLISHED)
    found: dict[int, tuple[int, dict[str, int]]] = {}
    for unit_id, of_year, category, number in rows.order_by("unit_id", "-year").values_list(
        "unit_id", "year", "category", "number"
    ):
        newest, numbers = found.setdefault(unit_id, (of_year, {}))
        if newest == of_year:
            numbers[category] = number
    return {unit_id: numbers for unit_id, (_, numbers) in found.items()}
