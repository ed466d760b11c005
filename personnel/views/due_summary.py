"""Due matters counted for the eye: by time, by unit, by list; each count leads to its rows."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hrdb.kernel.dates import format_date
from personnel.filters.due import WHEN_LABELS
from personnel.statistics.due import OVERDUE, STANDING, DueCount, DueList, lists_for
from personnel.statistics.tree import PlacedUnit, UnitTree

if TYPE_CHECKING:
    from hrdb.kernel.models import User

MOST_UNITS = 10

#: Makes the address of the rows of a time or a list.
Opener = Callable[[str], str]

#: Makes the address of the rows at and below a unit, or with "on" of the unit itself.
UnitOpener = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Tally:
    """One count: what it counts, how many, how many of them overdue, and the address of its rows."""

    key: str
    label: str
    number: int
    overdue: int = 0
    url: str = ""
    is_on: bool = False
    is_counted: bool = True
    note: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether it counts what is overdue."""
        return self.key == OVERDUE


@dataclass(frozen=True, slots=True)
class UnitTallies:
    """Counts by unit, and how many units were left out."""

    rows: list[Tally]
    left_out: int


def by_time(counts: Sequence[DueCount], asked: Collection[str], opener: Opener) -> list[Tally]:
    """The overdue first, then month after month, then what has no day; times without matters are left out."""
    numbers: dict[str, int] = defaultdict(int)
    for one in counts:
        numbers[one.when] += one.number
    ordered = sorted(numbers, key=lambda when: (when != OVERDUE, when == STANDING, when))
    return [Tally(when, _time_text(when), numbers[when], url=opener(when), is_on=when in asked) for when in ordered]


def _time_text(when: str) -> str:
    """A month as it is written, or the word of a time."""
    return WHEN_LABELS.get(when) or format_date(datetime.date.fromisoformat(f"{when}-01"), "month")


def by_unit(
    counts: Sequence[DueCount], tree: UnitTree, code: str | None, opener: UnitOpener, *, most: int = MOST_UNITS
) -> UnitTallies:
    """The children of the unit asked, or of the tops of the scope, each with all below; those with most overdue first.

    What is kept at the parent itself stands under its own name.
    """
    numbers: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in counts:
        numbers[one.unit_id][0] += one.number
        numbers[one.unit_id][1] += one.number if one.when == OVERDUE else 0
    root = tree.by_code(code) if code else None
    rows = []
    for top in [root] if root else tree.tops():
        children = tree.children(top)
        label = f"Trực thuộc {top.name}" if children else top.name
        rows.append(_unit_tally(top.code, label, [top], numbers, opener(top.code, "on" if children else "")))
        for child in children:
            below = tree.at_and_below(child)
            rows.append(_unit_tally(child.code, child.name, below, numbers, opener(child.code, "")))
    rows = sorted((row for row in rows if row.number), key=lambda row: (-row.overdue, -row.number))
    return UnitTallies(rows[:most], max(0, len(rows) - most))


def _unit_tally(code: str, label: str, units: Iterable[PlacedUnit], numbers: dict[int, list[int]], url: str) -> Tally:
    """The sums of some units."""
    found = [numbers[one.id] for one in units if one.id in numbers]
    return Tally(code, label, sum(one[0] for one in found), sum(one[1] for one in found), url)


def by_list(
    counts: Sequence[DueCount],
    counted: Sequence[DueList],
    day: datetime.date,
    asked: Collection[str],
    opener: Opener,
    user: User,
) -> list[Tally]:
    """Every list that is there for the reader: those with matters first; those that were not counted lead to their
    rows without a number; last those that cannot be judged, with the reason."""
    numbers: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in counts:
        numbers[one.kind][0] += one.number
        numbers[one.kind][1] += one.number if one.when == OVERDUE else 0
    known = {due.key for due in counted}
    rows = []
    for made in lists_for(user):
        due = made()
        why = due.unjudged(day)
        number, overdue = numbers.get(due.key, (0, 0))
        rows.append(
            Tally(
                due.key,
                due.label,
                number,
                overdue,
                "" if why else opener(due.key),
                is_on=due.key in asked,
                is_counted=due.key in known,
                note=why or due.note,
            )
        )
    return sorted(rows, key=lambda row: (not row.url, not row.is_counted, not row.number))
