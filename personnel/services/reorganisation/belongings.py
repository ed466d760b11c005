"""What a unit has beside its people: seats, job positions, establishment, and the mandates of a body.

Seats are not added up: a unit made of three has the seats that the largest of them had, until a decision says
otherwise. Approved numbers of job positions and of the establishment are added up.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from personnel.choices import AssignmentKind, UnitSuccessionKind
from personnel.models import Establishment, JobPosition, Mandate, Seat
from personnel.services.reorganisation.faults import CaseFault
from personnel.services.reorganisation.people import PostMove
from personnel.services.reorganisation.tree import Passing, PlannedTree
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import UnitTree

POSITION_COLUMNS = ("name", "group", "required_rank_id", "competence")
#: Numbers by category.
Numbers = dict[str, int]


@dataclass(frozen=True, slots=True)
class Ending:
    """A dated row of a unit that ends with it."""

    row_id: int
    unit: str
    label: str
    number: int


@dataclass(slots=True)
class NewSeat:
    """A seat of a unit that follows."""

    unit: str
    title_id: int
    label: str
    number: int
    decision_id: int | None


@dataclass(slots=True)
class NewPosition:
    """A job position of a unit that follows; `replaces` is the period that ends where the unit had it already."""

    unit: str
    code: str
    values: dict[str, Any]
    number: int
    decision_id: int | None
    replaces: int | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """The establishment of a unit for a year and category afterwards; `row_id` is the row that says a number now.

    `coming` are the numbers that it takes over, by unit.
    """

    unit: str
    year: int
    category: str
    before: int | None
    number: int
    row_id: int | None
    decision_id: int | None
    coming: tuple[tuple[str, int], ...] = ()


@dataclass
class BelongingsPlan:
    """Everything that becomes of seats, job positions, establishment and mandates."""

    ended_seats: list[Ending] = field(default_factory=list)
    new_seats: dict[tuple[str, int], NewSeat] = field(default_factory=dict)
    #: Seats that a following unit has already, by unit and title.
    held_seats: dict[tuple[str, int], int] = field(default_factory=dict)
    ended_positions: list[Ending] = field(default_factory=list)
    new_positions: dict[tuple[str, str], NewPosition] = field(default_factory=dict)
    #: Codes of the positions that end, by their id, and positions that stay, by unit and code.
    position_codes: dict[int, str] = field(default_factory=dict)
    held_positions: dict[tuple[str, str], int] = field(default_factory=dict)
    quotas: list[Quota] = field(default_factory=list)
    ended_quotas: list[Ending] = field(default_factory=list)
    ended_mandates: list[Ending] = field(default_factory=list)


class BelongingsReader:
    """Reads what the units that end have, in five queries at any size, and plans for it."""

    def __init__(self, tree: PlannedTree, posts: list[PostMove], titles: Mapping[int, Any]) -> None:
        self.tree, self.day, self.posts, self.titles = tree, tree.day, posts, titles
        self.ended: dict[int, Passing] = {
            one.source.unit_id: one for one in tree.passings if not one.keeps and one.source.unit_id is not None
        }
        self.divided = {
            one.source.unit_id: one for one in tree.passings if one.keeps and one.source.unit_id is not None
        }
        heirs = {self._heir(one) for one in tree.passings} | {code for one in tree.passings for code in one.heirs}
        self.heir_ids = {
            unit.unit_id: code for code in heirs if code and (unit := tree.units.get(code)) and unit.unit_id is not None
        }
        self.plan = BelongingsPlan()

    def read(self) -> BelongingsPlan:
        """What becomes of everything."""
        self._seats()
        self._positions()
        self._establishment()
        self._mandates()
        return self.plan

    def _heir(self, passing: Passing) -> str | None:
        return self.tree.heir_of(passing.source.code, passing.default)

    def _open(self, rows: QuerySet[Any], unit_ids: list[int]) -> QuerySet[Any]:
        """Dated rows of units that are not over by the day."""
        rows = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=self.day))
        return rows.filter(unit_id__any=unit_ids).order_by("unit__code", "pk")

    def _refuse_later(self, unit: str, since: datetime.date, what: str) -> bool:
        """Whether a row begins so late that it cannot end on the day: a fault that names it."""
        if since < self.day:
            return False
        message = f"«{self.tree.held_name(unit)}» có {what} từ ngày {since:%d/%m/%Y}; hãy sửa trước khi sắp xếp."
        place = self.tree.units[unit].ended_by or 0
        self.tree.faults.append(CaseFault("step", place, "sources", "later-row", message, unit))
        return True

    # Seats ------------------------------------------------------------------------------------------------------------

    def _seats(self) -> None:
        columns = ("pk", "unit_id", "title_id", "number", "effective_from")
        rows = self._open(Seat.objects.all(), [*self.ended, *self.heir_ids]).values_list(*columns)
        largest: dict[tuple[str, int], NewSeat] = {}
        for pk, unit_id, title_id, number, since in rows:
            label = self.titles[title_id].name
            if unit_id not in self.ended:
                self.plan.held_seats[self.heir_ids[unit_id], title_id] = pk
                continue
            passing = self.ended[unit_id]
            if self._refuse_later(passing.source.code, since, f"ghế chức danh «{label}»"):
                continue
            self.plan.ended_seats.append(Ending(pk, passing.source.code, label, number))
            heir = self._heir(passing)
            if heir is None or passing.kind == UnitSuccessionKind.TRANSFER:
                continue
            seat = largest.setdefault((heir, title_id), NewSeat(heir, title_id, label, number, passing.decision_id))
            seat.number = max(seat.number, number)
        self.plan.new_seats = {key: seat for key, seat in largest.items() if key not in self.plan.held_seats}

    # Job positions ----------------------------------------------------------------------------------------------------

    def _positions(self) -> None:
        columns = ("pk", "unit_id", "code", "number", "effective_from", *POSITION_COLUMNS)
        wanted = [*self.ended, *self.divided, *self.heir_ids]
        going = self._people_by_position()
        held: dict[tuple[str, str], dict[str, Any]] = {}
        for row in self._open(JobPosition.objects.all(), wanted).values(*columns):
            unit_id, code = row["unit_id"], row["code"]
            if unit_id in self.ended:
                source = self.ended[unit_id]
                if self._refuse_later(source.source.code, row["effective_from"], f"vị trí việc làm «{row['name']}»"):
                    continue
                self.plan.position_codes[row["pk"]] = code
                self.plan.ended_positions.append(Ending(row["pk"], source.source.code, row["name"], row["number"]))
                self._share(source, row, going[row["pk"]])
                continue
            unit = self.heir_ids.get(unit_id) or self.divided[unit_id].source.code
            held[unit, code] = row
            if unit_id in self.divided:
                self.plan.position_codes[row["pk"]] = code
                self._share(self.divided[unit_id], row, going[row["pk"]])
        self._join(held)

    def _people_by_position(self) -> dict[int, Counter[str]]:
        """How many holders of each position go where."""
        going: dict[int, Counter[str]] = defaultdict(Counter)
        for move in self.posts:
            if move.target is not None and move.row["job_position_id"] and move.row["kind"] == AssignmentKind.MAIN:
                going[move.row["job_position_id"]][move.target] += 1
        return going

    def _share(self, passing: Passing, row: dict[str, Any], going: Counter[str]) -> None:
        """Give a position to the units where its holders go, and what is left of its number to the first heir."""
        heir, number = self._heir(passing), row["number"]
        for unit, holders in going.items():
            if unit != heir:
                self._add(unit, row, holders, passing)
        rest = max(number - sum(holders for unit, holders in going.items() if unit != heir), going[heir or ""])
        if heir is not None and rest and not passing.keeps:
            self._add(heir, row, rest, passing)

    def _add(self, unit: str, row: dict[str, Any], number: int, passing: Passing) -> None:
        values = {name: row[name] for name in POSITION_COLUMNS}
        key = (unit, row["code"])
        position = self.plan.new_positions.setdefault(
            key, NewPosition(unit, row["code"], values, 0, passing.decision_id)
        )
        if position.values["name"] != values["name"]:
            message = (
                f"Vị trí việc làm mã «{row['code']}» mang hai tên: «{position.values['name']}» và «{values['name']}»."
            )
            self.tree.warnings.append(CaseFault("step", passing.step, "sources", "position-names", message))
        position.number += number

    def _join(self, held: dict[tuple[str, str], dict[str, Any]]) -> None:
        """Positions that a following unit has already grow by what comes to them."""
        for key, position in self.plan.new_positions.items():
            row = held.get(key)
            if row is None or self._refuse_later(key[0], row["effective_from"], f"vị trí việc làm «{row['name']}»"):
                continue
            position.replaces, position.before = row["pk"], row["number"]
            position.number += row["number"]
            position.values = {name: row[name] for name in POSITION_COLUMNS}
        self.plan.held_positions = {key: row["pk"] for key, row in held.items() if key not in self.plan.new_positions}

    # Establishment ----------------------------------------------------------------------------------------------------

    def _establishment(self) -> None:
        held = self._quota_rows()
        coming: dict[str, list[Passing]] = defaultdict(list)
        for passing in self.ended.values():
            heir = self._heir(passing)
            if heir is not None:
                coming[heir].append(passing)
        covers = self._covering(coming)
        for heir, passings in coming.items():
            self._add_up(heir, passings, held, covers)
        for unit_id, passing in self.ended.items():
            self._end_quotas(passing.source.code, held[unit_id])

    def _quota_rows(self) -> dict[int, dict[int, dict[str, tuple[int, int]]]]:
        """Number and row by unit, year and category."""
        held: dict[int, dict[int, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
        rows = Establishment.objects.filter(unit_id__any=[*self.ended, *self.heir_ids])
        columns = ("unit_id", "year", "category", "number", "pk")
        for unit_id, year, category, number, pk in rows.order_by("year", "pk").values_list(*columns):
            held[unit_id][year][category] = (number, pk)
        return held

    def _covering(self, coming: dict[str, list[Passing]]) -> set[tuple[str, str]]:
        """Units above one that ends whose number already holds the numbers below it, with the category."""
        above = {
            heir for heir, some in coming.items() if any(self.tree.is_above(heir, one.source.code) for one in some)
        }
        if not above:
            return set()
        tree = UnitTree.on(self.day)
        counts = Headcounts(tree, self.day)
        found = {heir: tree.by_code(heir) for heir in above}
        quotas = {heir: counts.of(unit).quotas for heir, unit in found.items() if unit is not None}
        return {(heir, category) for heir, some in quotas.items() for category, one in some.items() if one.covers_below}

    def _add_up(
        self,
        heir: str,
        passings: list[Passing],
        held: dict[int, dict[int, dict[str, tuple[int, int]]]],
        covers: set[tuple[str, str]],
    ) -> None:
        """Numbers of the following unit for the year of the day and every later one for which something is said."""
        heir_id = self.tree.units[heir].unit_id
        own = held[heir_id] if heir_id is not None else {}
        sources = [held[one.source.unit_id] for one in passings if one.source.unit_id is not None]
        years = {self.day.year} | {year for one in (*sources, own) for year in one if year > self.day.year}
        for year in sorted(years):
            before = _numbers(own, year)
            added: Counter[str] = Counter()
            coming: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for passing, source in zip(passings, sources, strict=True):
                inside = self.tree.is_above(heir, passing.source.code)
                for category, number in _numbers(source, year).items():
                    if not (inside and (heir, category) in covers):
                        added[category] += number
                        coming[category].append((passing.source.code, number))
            if not +added:
                continue
            for category in sorted({*before, *added}):
                row = own.get(year, {}).get(category)
                number = before.get(category, 0) + added[category]
                if row is None or row[0] != number:
                    quota = Quota(
                        heir,
                        year,
                        category,
                        before.get(category),
                        number,
                        row[1] if row else None,
                        passings[0].decision_id,
                        tuple(coming[category]),
                    )
                    self.plan.quotas.append(quota)

    def _end_quotas(self, unit: str, held: dict[int, dict[str, tuple[int, int]]]) -> None:
        """Numbers for years in which the unit no longer exists at all."""
        for year, numbers in held.items():
            if datetime.date(year, 1, 1) >= self.day:
                for number, pk in numbers.values():
                    self.plan.ended_quotas.append(Ending(pk, unit, str(year), number))

    # Mandates ---------------------------------------------------------------------------------------------------------

    def _mandates(self) -> None:
        rows = Mandate.objects.filter(body_id__any=list(self.ended), begins_on__lt=self.day)
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=self.day)).order_by("body__code", "pk")
        for pk, body_id, name in rows.values_list("pk", "body_id", "name"):
            self.plan.ended_mandates.append(Ending(pk, self.ended[body_id].source.code, name, 1))


def _numbers(held: Mapping[int, dict[str, tuple[int, int]]], year: int) -> Numbers:
    """What a unit had for a year: the numbers of the newest year, not after it, for which it has any."""
    known = [one for one in held if one <= year]
    return {category: number for category, (number, _) in held[max(known)].items()} if known else {}
