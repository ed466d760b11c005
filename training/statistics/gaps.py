"""The matrix of gaps (bảng nhu cầu): units, titles or planning rounds by what is asked of people.

One computation behind page, workbook and paper.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from personnel.choices import TitleGroup
from personnel.models import Title
from personnel.statistics.tree import PlacedUnit, UnitTree
from planning.models import PlanningRound
from training.statistics.asking import Asking, people_on
from training.statistics.needs import counts_by
from training.statistics.person_needs import Requirements

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What rows may be, with their heads.
ROWS: Final = {"unit": "Đơn vị", "title": "Nhóm chức danh", "post": "Chức danh đang giữ", "round": "Đợt quy hoạch"}
NO_TITLE: Final = "none"
STATES: Final = ("held", "missing", "expiring", "unknown")


@dataclass(slots=True)
class Gap:
    """How many people of a row stand how with one requirement."""

    held: int = 0
    missing: int = 0
    expiring: int = 0
    unknown: int = 0

    @property
    def asked(self) -> int:
        """Of how many it is asked."""
        return self.held + self.missing + self.expiring + self.unknown

    @property
    def open(self) -> int:
        """How many need it."""
        return self.missing + self.expiring

    def add(self, state: str, count: int) -> None:
        """So many more."""
        setattr(self, state, getattr(self, state) + count)


@dataclass
class GapRow:
    """A row: its key in the address, its name, its gaps by requirement.

    `is_own`: the unit itself without those below; `opens`: the code of a unit that has others below it.
    """

    key: str
    label: str
    gaps: dict[str, Gap] = field(default_factory=lambda: defaultdict(Gap))
    is_own: bool = False
    opens: str = ""

    def gap(self, requirement: str) -> Gap:
        """How it stands with a requirement."""
        return self.gaps.get(requirement) or Gap()


@dataclass
class GapTable:
    """The matrix: rows with anybody asked, requirements in order with their words, the total."""

    day: datetime.date
    rows_by: str
    place: str
    rows: list[GapRow]
    total: GapRow
    requirements: list[str]
    words: dict[str, tuple[str, str]]
    has_plans: bool

    def label(self, requirement: str) -> str:
        """«Lý luận chính trị: Cao cấp»."""
        return ": ".join(self.words[requirement])


def gap_table(
    *,
    user: User | None,
    day: datetime.date,
    tree: UnitTree,
    rows_by: str = "unit",
    unit: PlacedUnit | None = None,
    sources: Sequence[str] = (),
    kind: str = "",
) -> GapTable:
    """Count within the user's scope, at or below a unit; of some sources and one kind of requirement where asked."""
    people = people_on(user, day)
    if unit is not None:
        people = people.in_units([unit.id], day)
    asking = Asking(people, day, user)
    counted = counts_by(asking, rows_by, sources)
    if kind:
        counted = counted[counted["requirement"].str.startswith(f"{kind}:")]
    rows, places = _rows(rows_by, tree, unit, set(counted["row"]), user)
    total = GapRow("", "Tổng số")
    for key, requirement, state, count in counted.itertuples(index=False):
        if key not in places:
            continue
        places[key].gaps[requirement].add(state, count)
        total.gaps[requirement].add(state, count)
    words = Requirements(total.gaps)
    requirements = sorted(total.gaps, key=words.order)
    return GapTable(
        day=day,
        rows_by=rows_by,
        place=unit.name if unit is not None else "Mọi đơn vị được giao",
        rows=[row for row in rows if row.gaps],
        total=total,
        requirements=requirements,
        words={key: words.parts(key) for key in requirements},
        has_plans=bool(asking.planned),
    )


def _rows(
    rows_by: str, tree: UnitTree, unit: PlacedUnit | None, keys: Iterable[str], user: User | None
) -> tuple[list[GapRow], dict[str, GapRow]]:
    """The rows in order, and the row of each key that was counted."""
    if rows_by == "unit":
        return _unit_rows(tree, unit)
    if rows_by == "title":
        rows = [GapRow(str(one), str(one.label)) for one in TitleGroup]
        rows.append(GapRow(NO_TITLE, "Chức danh ngoài danh mục"))
    elif rows_by == "post":
        titles = Title.objects.filter(pk__in=[int(key) for key in keys if key != NO_TITLE])
        named = titles.order_by("rank", "position", "code").values_list("pk", "name")
        rows = [*(GapRow(str(pk), name) for pk, name in named), GapRow(NO_TITLE, "Chức danh ngoài danh mục")]
    else:
        rounds = PlanningRound.objects.visible_to(user).filter(pk__in=[int(key) for key in keys])
        names = rounds.order_by("-day", "code").values_list("pk", "name")
        rows = [GapRow(str(pk), name) for pk, name in names]
    return rows, {row.key: row for row in rows}


def _unit_rows(tree: UnitTree, unit: PlacedUnit | None) -> tuple[list[GapRow], dict[str, GapRow]]:
    """A row for each unit directly below, everything below it counted there, and one for the unit itself."""
    tops = [unit] if unit is not None else tree.tops()
    if unit is None and len(tops) > 1:
        return _rows_of(tree, tops, None)
    if not tops:
        return [], {}
    return _rows_of(tree, tree.children(tops[0]), tops[0])


def _rows_of(
    tree: UnitTree, units: Sequence[PlacedUnit], above: PlacedUnit | None
) -> tuple[list[GapRow], dict[str, GapRow]]:
    rows, places = [], {}
    if above is not None:
        own = GapRow(above.code, above.name, is_own=True)
        rows.append(own)
        places[str(above.id)] = own
    for one in units:
        row = GapRow(one.code, one.name, opens=one.code if tree.children(one) else "")
        rows.append(row)
        for below in tree.at_and_below(one):
            places[str(below.id)] = row
    return rows, places
