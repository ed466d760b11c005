"""Structure (cơ cấu đội ngũ): a population on a day, divided by rows and counted in columns by one grouped query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import add
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from personnel.models import Unit
from personnel.models.scope import scope_of
from personnel.rules.youth import DEFAULT_YOUTH, youth_definition
from personnel.statistics.dimensions import (
    DIMENSIONS,
    UNKNOWN,
    UNKNOWN_LABEL,
    Dimension,
    pyramid_steps,
    youth_dimension,
)
from personnel.statistics.people import UNIT, counted, part, positional, with_names
from personnel.statistics.populations import DEFAULT_POPULATION, POPULATIONS
from personnel.statistics.sources import joins
from personnel.statistics.tables import Column, ColumnGroup, PyramidStep, Row, StructureTable, UnitShown
from personnel.statistics.tree import PlacedUnit, UnitTree

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Dimensions that become groups of columns, each dividing everybody.
GROUPS: Final = ("age_band", "degree", "political_theory", "state_management", "rank_group")

#: Counted only to know of how many people it is not known: dimension, the headline's key, the other, and its name.
_COMPLEMENTS: Final = (("sex", "female", "male", "giới tính"), ("ethnic_minority", "yes", "no", "dân tộc"))

_OWN_UNIT: Final = "own_unit"


class UnitNotFound(LookupError):
    """No unit of this code in the reader's scope."""


@dataclass(slots=True)
class _Slot:
    """A row that is being filled: the keys of the grouped query that fall into it."""

    row: Row
    keys: frozenset[str]
    stays_empty: bool = True


def structure(
    *,
    user: User | None,
    day: date,
    population: str = DEFAULT_POPULATION,
    unit: str | None = None,
    rows: str = UNIT,
    youth: str = DEFAULT_YOUTH,
    tree: UnitTree | None = None,
) -> StructureTable:
    """Structure of a population in the reader's scope, or at and below the unit of a code.

    `rows` is `unit` (the children of the unit, or of the tops of the scope, each with everything below it, and people
    kept directly above them in a row of their own) or the key of a dimension; `youth` the key of a definition of young.
    Raises UnitNotFound for a unit out of scope, KeyError for a population, dimension or definition that is not
    there for the reader.
    """
    counting = POPULATIONS[population]
    tree = tree or tree_for(user, day)
    root = None
    if unit is not None and (root := tree.by_code(unit)) is None:
        raise UnitNotFound(unit)
    headline, groups = _columns(day, youth)
    divided = DIMENSIONS[_OWN_UNIT if rows == UNIT else rows]
    if not (counting.is_open(user) and divided.is_open(user)):
        raise KeyError(population if divided.is_open(user) else rows)
    asked = _asked(headline, groups, day)
    try:
        people = counted(counting, user=user, day=day, unit=root.id if root else None)
        found = _count(people, divided, list(asked), day, user)
    except EmptyResultSet:
        found = []
    slots = _unit_slots(tree, root) if rows == UNIT else _member_slots(divided, day, root)
    tallies = _tally(slots, found, len(asked))
    columns = _Counts(asked, headline, groups)
    total = Row("total", "Tổng số", 0, (), part(UNIT, root.code) if root else "", unit_code=root.code if root else "")
    everyone = list(map(sum, zip(*tallies, strict=True)))
    return StructureTable(
        day=day,
        population=counting,
        unit=UnitShown(root.code, root.name) if root else _only_top(tree),
        asked_unit=unit,
        is_whole_province=unit is None and scope_of(user).is_whole_province,
        rows_by=rows,
        rows_label="Đơn vị" if rows == UNIT else divided.label,
        youth=youth,
        headline=headline,
        groups=groups,
        rows=tuple(
            columns.fill(slot.row, counts)
            for slot, counts in zip(slots, tallies, strict=True)
            if slot.stays_empty or counts[0]
        ),
        total=columns.fill(total, everyone),
        pyramid=columns.pyramid(everyone),
        unknown=columns.unknown(everyone),
    )


def tree_for(user: User | None, day: date) -> UnitTree:
    """The tree of `day`, of the units that the reader may see today."""
    if scope_of(user).is_whole_province:
        return UnitTree.on(day)
    return UnitTree.on(day, within=set(Unit.objects.visible_to(user).values_list("pk", flat=True)))


def _only_top(tree: UnitTree) -> UnitShown | None:
    """The one unit at the top of the reader's scope, None when there are several."""
    tops = [unit for unit in tree.tops() if unit.is_existing]
    return UnitShown(tops[0].code, tops[0].name) if len(tops) == 1 else None


# Columns --------------------------------------------------------------------------------------------------------------


def _columns(day: date, youth: str) -> tuple[tuple[Column, ...], tuple[ColumnGroup, ...]]:
    """The columns of the headline and the groups."""
    below = youth_definition(youth, day).below
    headline = (
        Column("female", "Nữ", "sex", "female"),
        Column("ethnic_minority", "Dân tộc thiểu số", "ethnic_minority", "yes", is_tier_1=True, short="DTTS"),
        Column("young", f"Dưới {below} tuổi", youth_dimension(youth), "yes", short=f"Dưới {below}"),
        Column("party", "Đảng viên", "party", "yes"),
        Column("retiring", "Nghỉ hưu trong 12 tháng tới", "retirement", "soon", short="Nghỉ hưu 12 tháng"),
    )
    return headline, tuple(_group(DIMENSIONS[key], day) for key in GROUPS)


def _group(dimension: Dimension, day: date) -> ColumnGroup:
    """The members of a dimension and those of whom it is not known."""
    members = [(member.key, member.label) for member in dimension.members(day)]
    columns = [
        Column(f"{dimension.key}.{key}", label, dimension.key, key, dimension.key, dimension.is_tier_1)
        for key, label in (*members, (UNKNOWN, UNKNOWN_LABEL))
    ]
    return ColumnGroup(dimension.key, dimension.label, tuple(columns))


def _asked(headline: Sequence[Column], groups: Sequence[ColumnGroup], day: date) -> dict[tuple[str, str], int]:
    """What the query counts, as (dimension, key) with its place behind the total."""
    columns = [*headline, *(column for group in groups for column in group.columns if column.member != UNKNOWN)]
    pairs = [(column.dimension, column.member) for column in columns]
    pairs += [(dimension, other) for dimension, _, other, _ in _COMPLEMENTS]
    pairs += [("pyramid", member.key) for member in DIMENSIONS["pyramid"].members(day)]
    return {pair: place for place, pair in enumerate(pairs, start=1)}


@dataclass(frozen=True, slots=True)
class _Counts:
    """Reads the counts of a row by what they count; unknown is what no member accounts for."""

    asked: dict[tuple[str, str], int]
    headline: tuple[Column, ...]
    groups: tuple[ColumnGroup, ...]

    def fill(self, row: Row, counts: Sequence[int]) -> Row:
        """The row with its total and the counts of all columns."""
        values = [counts[self.asked[column.dimension, column.member]] for column in self.headline]
        for group in self.groups:
            known = [counts[self.asked[one.dimension, one.member]] for one in group.columns if one.member != UNKNOWN]
            values += [*known, counts[0] - sum(known)]
        return replace(row, total=counts[0], counts=tuple(values))

    def pyramid(self, counts: Sequence[int]) -> tuple[PyramidStep, ...]:
        """The steps of the pyramid, the oldest first."""
        return tuple(
            PyramidStep(
                step.key,
                step.label,
                counts[self.asked["pyramid", f"male.{step.key}"]],
                counts[self.asked["pyramid", f"female.{step.key}"]],
            )
            for step in pyramid_steps()
        )

    def unknown(self, counts: Sequence[int]) -> tuple[tuple[Column, int], ...]:
        """Of whom sex or ethnic group is not known, as columns that open them."""
        found = []
        for key, one, other, label in _COMPLEMENTS:
            dimension = DIMENSIONS[key]
            missing = counts[0] - counts[self.asked[key, one]] - counts[self.asked[key, other]]
            found.append((Column(f"{key}.{UNKNOWN}", label, key, UNKNOWN, "", dimension.is_tier_1), missing))
        return tuple(found)


# The query ------------------------------------------------------------------------------------------------------------


def _count(
    people: Any, divided: Dimension, pairs: Sequence[tuple[str, str]], day: date, user: User | None
) -> list[tuple[str | None, tuple[int, ...]]]:
    """Counts of `people` by the key of a dimension: the total, then how many fall under each (dimension, key)."""
    sql, values = grouped_query(people, divided, pairs, day, user)
    with connection.cursor() as cursor:
        cursor.execute(*positional(sql, values))
        return [(row[0], row[1:]) for row in cursor.fetchall()]


def grouped_query(
    people: Any, divided: Dimension, pairs: Sequence[tuple[str, str]], day: date, user: User | None
) -> tuple[str, dict[str, Any]]:
    """The one query of a table: facts of each person by the side of its key, then grouped and counted.

    Facts stand behind OFFSET 0, so that each is worked out once a person and not once a column.
    """
    dimensions = {divided.key: divided} | {key: DIMENSIONS[key] for key, _ in pairs}
    values: dict[str, Any] = {"day": day}
    for dimension in dimensions.values():
        values.update(dimension.values_for(day, user))
    names = {key: f"fact_{place}" for place, key in enumerate(dimensions)}
    facts = ", ".join(f"{dimensions[key].expression} AS {name}" for key, name in names.items())
    counts = []
    for place, (key, member) in enumerate(pairs):
        values[f"member_{place}"] = member
        counts.append(f"count(*) FILTER (WHERE {names[key]} = %(member_{place})s)")
    sources = [source for dimension in dimensions.values() for source in dimension.sources]
    sql = (
        f"WITH people AS MATERIALIZED ({with_names(people, values)}) "
        f"SELECT {names[divided.key]}, count(*), {', '.join(counts)} FROM ("
        f"SELECT {facts} FROM people JOIN personnel_cadre cadre ON cadre.id = people.id {joins(sources)} OFFSET 0"
        f") facts GROUP BY {names[divided.key]}"
    )
    return sql, values


# Rows -----------------------------------------------------------------------------------------------------------------


def _tally(slots: Sequence[_Slot], found: Iterable[tuple[str | None, Sequence[int]]], width: int) -> list[list[int]]:
    """Add the counts of every key to its slot; what no slot holds goes to the last one, which is for the unknown."""
    place = {key: number for number, slot in enumerate(slots) for key in slot.keys}
    tallies = [[0] * (width + 1) for _ in slots]
    for key, counts in found:
        at = place.get(key or "", len(slots) - 1)
        tallies[at] = list(map(add, tallies[at], counts))
    return tallies


def _unit_slots(tree: UnitTree, root: PlacedUnit | None) -> list[_Slot]:
    """The children of the root, or of each top of the scope; what is kept at the parent itself comes before them."""
    slots: list[_Slot] = []
    for top in [root] if root else tree.tops():
        children = tree.children(top)
        part_of = top.name if children else ""
        own_label = f"Trực thuộc {top.name}" if children else top.name
        own = Row(top.code, own_label, 0, (), part(_OWN_UNIT, top.code), part_of)
        slots.append(_Slot(own, frozenset({top.code}), stays_empty=top.is_existing and not children))
        for child in children:
            below = frozenset(unit.code for unit in tree.at_and_below(child))
            row = Row(child.code, child.name, 0, (), part(UNIT, child.code), part_of, unit_code=child.code)
            slots.append(_Slot(row, below, stays_empty=child.is_existing))
    slots.append(_unknown_slot("own_unit", root))
    return slots


def _member_slots(dimension: Dimension, day: date, root: PlacedUnit | None) -> list[_Slot]:
    """The members of a dimension in their order, and the unknown."""
    above = f"{part(UNIT, root.code)};" if root else ""
    slots = [
        _Slot(
            Row(member.key, member.label, 0, (), above + part(dimension.key, member.key)),
            frozenset({member.key}),
            stays_empty=dimension.lists_empty and not member.is_past,
        )
        for member in dimension.members(day)
    ]
    return [*slots, _unknown_slot(dimension.key, root)]


def _unknown_slot(dimension: str, root: PlacedUnit | None) -> _Slot:
    """The row of those whose key is not known."""
    above = f"{part(UNIT, root.code)};" if root else ""
    row = Row(UNKNOWN, UNKNOWN_LABEL, 0, (), above + part(dimension, UNKNOWN))
    return _Slot(row, frozenset(), stays_empty=False)
