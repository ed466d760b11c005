"""Approved ratings of a cycle by unit and by category (tổng hợp kết quả xếp loại): one computation for every outlet.

Only what was approved counts; who is rated and not yet approved is told beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from appraisal.choices import FROZEN_SUBMISSIONS, LevelChoice
from appraisal.models import RatingCycle, UnitRating, UnitSubmission
from appraisal.rules.law import UNIT_LABELS
from appraisal.statistics.groups import GroupCheck, heads_seen_by
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
class UnitLevels:
    """Units of one regime by their own approved level."""

    label: str
    units: int
    approved: int
    levels: tuple[int, ...]

    @property
    def without(self) -> int:
        """How many are approved without a level of their own."""
        return self.approved - sum(self.levels)


@dataclass(frozen=True)
class Summary:
    """The tables: by unit, by category, members of the Party by unit, units by their own level, groups of heads."""

    cycle: RatingCycle
    code: str
    name: str
    by_unit: tuple[SummaryRow, ...]
    by_category: tuple[SummaryRow, ...]
    total: SummaryRow
    units: int
    approved: int
    party: tuple[SummaryRow, ...] = ()
    party_total: SummaryRow | None = None
    unit_levels: tuple[UnitLevels, ...] = ()
    heads: tuple[GroupCheck, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)


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
    by_category: dict[str, list[Tally]] = defaultdict(list)
    for one in counted:
        by_category[one.category].append(one)
    rows = _by_unit(tree, asked, counted, approved)
    seen = units_in_scope(user, agencies)
    members = tallies(cycle, agencies, units=seen, of_members=True) if cycle.rates_party else []
    members = [one for one in members if one.unit_id in below]
    heads = [group for group in heads_seen_by(user, cycle, agencies) if group.key[1] in below]
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
        party=tuple(_by_unit(tree, asked, members, approved)),
        party_total=_row("Tổng số", members, approved) if members else None,
        unit_levels=tuple(_unit_levels(cycle, agencies, units, approved)),
        heads=tuple(sorted(heads, key=lambda group: -group.too_many)),
        places=agencies.names,
    )


def _by_unit(tree: UnitTree, asked: list[PlacedUnit], counted: list[Tally], approved: set[int]) -> list[SummaryRow]:
    """A row for each unit that has one, in the order of the tree."""
    places = _places(tree, asked)
    by_unit: dict[PlacedUnit, list[Tally]] = defaultdict(list)
    for one in counted:
        by_unit[places[one.unit_id]].append(one)
    order = [top for top in asked if len(asked) == 1] + _rows_of(tree, asked)
    return [
        _row(_label(one, asked), by_unit[one], approved, code=one.code, is_own=one in asked and len(asked) == 1)
        for one in dict.fromkeys(order)
        if by_unit[one]
    ]


def _unit_levels(cycle: RatingCycle, agencies: Agencies, units: set[int], approved: set[int]) -> Iterator[UnitLevels]:
    """Units by their own level, one line for each regime that has any; levels of approved units alone."""
    own = dict(UnitRating.objects.filter(cycle=cycle, unit_id__in=units & approved).values_list("unit_id", "level"))
    for regime, label in UNIT_LABELS.items():
        mine = {unit_id for unit_id in units if agencies.regime(unit_id) == regime}
        found = Counter(own.get(unit_id, "") for unit_id in mine & approved)
        if mine:
            yield UnitLevels(
                label[0].upper() + label[1:], len(mine), len(mine & approved), tuple(found[level] for level in LEVELS)
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
