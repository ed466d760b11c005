"""Approved ratings of a cycle by unit and by category (tổng hợp kết quả xếp loại): one computation for every outlet.

Only what was approved counts; who is rated and not yet approved is told beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appraisal.choices import FROZEN_SUBMISSIONS, LevelChoice
from appraisal.models import RatingCycle, UnitSubmission
from appraisal.statistics.progress import Tally, tallies, units_in_scope
from appraisal.statistics.rated import RATED, Agencies
from hrdb.kernel.models import User
from personnel.choices import EmploymentCategory
from personnel.statistics import tree_for
from personnel.statistics.structure import UnitNotFound
from personnel.statistics.tree import PlacedUnit, UnitTree

LEVELS: Final = tuple(LevelChoice.values)


@dataclass(frozen=True)
class SummaryRow:
    """Counts of a unit with everything below it, or of a category; `code` is the unit's, `category` the category's."""

    label: str
    code: str = ""
    category: str = ""
    people: int = 0
    levels: tuple[int, ...] = (0, 0, 0, 0)
    excluded: int = 0
    is_own: bool = False

    @property
    def rated(self) -> int:
        """How many have an approved level."""
        return sum(self.levels)

    @property
    def waiting(self) -> int:
        """How many are not approved yet."""
        return self.people - self.rated - self.excluded


@dataclass(frozen=True)
class Summary:
    """The table: rows by unit, rows by category, the total of both."""

    cycle: RatingCycle
    code: str
    name: str
    by_unit: tuple[SummaryRow, ...]
    by_category: tuple[SummaryRow, ...]
    total: SummaryRow
    units: int
    approved: int


def summary(cycle: RatingCycle, *, user: User | None, unit: str = "") -> Summary:
    """The summary of a reader's scope, or of one unit in it; raises UnitNotFound. A constant number of queries."""
    day = cycle.ends_on
    tree, agencies = tree_for(user, day), Agencies(day)
    asked = _asked(tree, unit)
    below = {one.id for top in asked for one in tree.at_and_below(top)}
    counted = [one for one in tallies(cycle, agencies, units=units_in_scope(user, agencies)) if one.unit_id in below]
    approved = set(
        UnitSubmission.objects.filter(cycle=cycle, state__in=FROZEN_SUBMISSIONS).values_list("unit_id", flat=True)
    )
    places = _places(tree, asked)
    by_unit: dict[PlacedUnit, list[Tally]] = defaultdict(list)
    by_category: dict[str, list[Tally]] = defaultdict(list)
    for one in counted:
        by_unit[places[one.unit_id]].append(one)
        by_category[one.category].append(one)
    order = [top for top in asked if len(asked) == 1] + _rows_of(tree, asked)
    rows = [
        _row(_label(one, asked), by_unit[one], approved, code=one.code, is_own=one in asked and len(asked) == 1)
        for one in dict.fromkeys(order)
        if by_unit[one]
    ]
    categories = [
        _row(EmploymentCategory(key).label, by_category[key], approved, category=key)
        for key in RATED
        if by_category[key]
    ]
    units = {one.unit_id for one in counted}
    single = asked[0] if len(asked) == 1 else None
    return Summary(
        cycle=cycle,
        code=single.code if single else "",
        name=single.name if single else "",
        by_unit=tuple(rows),
        by_category=tuple(categories),
        total=_row("Tổng số", counted, approved, code=single.code if single else ""),
        units=len(units),
        approved=len(units & approved),
    )


def _asked(tree: UnitTree, code: str) -> list[PlacedUnit]:
    """The unit that is asked, else the tops of the reader's scope."""
    if not code:
        return tree.tops()
    found = tree.by_code(code)
    if found is None:
        raise UnitNotFound(code)
    return [found]


def _rows_of(tree: UnitTree, asked: list[PlacedUnit]) -> list[PlacedUnit]:
    """The units that have a row: those below the one asked; of several tops the tops themselves."""
    return tree.children(asked[0]) if len(asked) == 1 else asked


def _places(tree: UnitTree, asked: list[PlacedUnit]) -> Mapping[int, PlacedUnit]:
    """The unit in whose row each unit counts."""
    found = {one.id: row for row in _rows_of(tree, asked) for one in tree.at_and_below(row)}
    return found | ({asked[0].id: asked[0]} if len(asked) == 1 else {})


def _label(unit: PlacedUnit, asked: list[PlacedUnit]) -> str:
    return f"Trực thuộc {unit.name}" if len(asked) == 1 and unit == asked[0] else unit.name


def _row(
    label: str,
    counted: list[Tally],
    approved: set[int],
    *,
    code: str = "",
    category: str = "",
    is_own: bool = False,
) -> SummaryRow:
    levels: Counter[str] = Counter()
    excluded = 0
    for one in counted:
        if one.unit_id not in approved:
            continue
        if one.level:
            levels[one.level] += one.number
        elif one.exclusion:
            excluded += one.number
    return SummaryRow(
        label=label,
        code=code,
        category=category,
        people=sum(one.number for one in counted),
        levels=tuple(levels[level] for level in LEVELS),
        excluded=excluded,
        is_own=is_own,
    )
