"""Room for who is to come: seats of a title and holders, establishment and people of a unit; asked once a decision."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from hrdb.kernel.findings import Citation
from personnel.choices import DIVISION_KIND
from personnel.models import (
    Assignment,
    Decision,
    Establishment,
    QualificationLevel,
    Seat,
    Title,
    TitleStandard,
    Unit,
    UnitVersion,
)
from personnel.rules.standards import Level
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import UnitTree


@dataclass
class Places:
    """What is asked of units and titles for all people of a decision together; each answer is read once."""

    day: datetime.date
    _seats: dict[tuple[int, int], tuple[int, Citation | None]] = field(default_factory=dict)
    _holders: dict[tuple[int, int], int] = field(default_factory=dict)
    _heads: dict[int, tuple[int | None, int, Citation | None] | None] = field(default_factory=dict)
    _standards: dict[int, list[TitleStandard]] | None = None
    _counts: tuple[UnitTree, Headcounts] | None = None
    _expected: set[int] = field(default_factory=set)
    _cited: dict[int, Citation | None] = field(default_factory=dict)
    _levels: dict[tuple[str, str], Level] | None = None
    _above: dict[int, tuple[int | None, str]] | None = None

    def read(self, sought: Iterable[tuple[Unit, Title]]) -> None:
        """Read seats, holders and standards of some posts in three queries."""
        posts = {(unit.pk, title.pk) for unit, title in sought}
        if not posts:
            return
        wanted = Q(pk__in=[])
        for unit_id, title_id in posts:
            wanted |= Q(unit_id=unit_id, title_id=title_id)
        for seat in Seat.objects.in_force(self.day).filter(wanted).select_related("decision"):
            self._seats[seat.unit_id, seat.title_id] = seat.number, citation_of(seat.decision)
        held = Assignment.objects.in_force(self.day).filter(wanted).exclude(kind="acting").order_by()
        for unit_id, title_id, count in held.values_list("unit_id", "title_id").annotate(
            people=Count("cadre", distinct=True)
        ):
            self._holders[unit_id, title_id] = count
        self._standards = defaultdict(list)
        for row in TitleStandard.objects.in_force(self.day).filter(title_id__in={title_id for _, title_id in posts}):
            self._standards[row.title_id].append(row)

    def expect(self, unit_ids: Iterable[int]) -> None:
        """Units whose numbers may be asked for: the decisions that gave them are then read in one query for all."""
        self._expected |= set(unit_ids)

    @property
    def counts(self) -> tuple[UnitTree, Headcounts]:
        """The tree of the day with the people and the numbers of its units."""
        if self._counts is None:
            tree = UnitTree.on(self.day)
            self._counts = tree, Headcounts(tree, self.day)
        return self._counts

    def seats(self, unit: Unit, title: Title) -> tuple[int, Citation | None] | None:
        """How many seats the unit has for the title, and the decision that says so; None when not recorded."""
        return self._seats.get((unit.pk, title.pk))

    def holders(self, unit: Unit, title: Title) -> int:
        """How many hold the title in the unit."""
        return self._holders.get((unit.pk, title.pk), 0)

    def standards(self, title: Title) -> list[TitleStandard]:
        """The standards of the title in force on the day."""
        return (self._standards or {}).get(title.pk, [])

    def establishment(self, unit: Unit) -> tuple[int | None, int, Citation | None] | None:
        """Places assigned to the unit with all below it, people on them, the decision; None for no unit of the day."""
        if unit.pk not in self._heads:
            tree, counts = self.counts
            placed = tree.by_code(unit.code)
            count = counts.of(placed) if placed else None
            cited = self._citation_of(unit.pk)
            self._heads[unit.pk] = (count.assigned, count.on_establishment, cited) if count else None
        return self._heads[unit.pk]

    def _citation_of(self, unit_id: int) -> Citation | None:
        """The newest decision that gave a unit its number, by the year of the day."""
        if unit_id not in self._cited:
            wanted = (self._expected | {unit_id}) - self._cited.keys()
            said = Establishment.objects.filter(unit__in=wanted, year__lte=self.day.year).exclude(decision=None)
            latest = said.order_by("unit_id", "-year", "pk").distinct("unit_id").select_related("decision")
            self._cited |= dict.fromkeys(wanted) | {row.unit_id: citation_of(row.decision) for row in latest}
        return self._cited[unit_id]

    def is_within(self, unit_id: int | None, root_id: int) -> bool:
        """Whether a unit is another one or lies below it on the day."""
        return unit_id == root_id or root_id in self._line(unit_id)

    def is_one_office(self, unit_id: int | None, other_id: int) -> bool:
        """Whether two units belong to one office: its divisions and itself."""
        return unit_id == other_id or (unit_id is not None and self._office(unit_id) == self._office(other_id))

    def _office(self, unit_id: int) -> int:
        line = self._line(unit_id)
        return next((pk for pk in line if self._parents.get(pk, (None, ""))[1] != DIVISION_KIND), unit_id)

    def _line(self, unit_id: int | None) -> list[int]:
        """A unit and what is above it, from below."""
        line: list[int] = []
        while unit_id is not None and unit_id not in line:
            line.append(unit_id)
            unit_id = self._parents.get(unit_id, (None, ""))[0]
        return line

    @property
    def _parents(self) -> dict[int, tuple[int | None, str]]:
        if self._above is None:
            rows = UnitVersion.objects.standing_on(self.day).values_list("unit_id", "parent_id", "kind__code")
            self._above = {unit_id: (parent_id, kind) for unit_id, parent_id, kind in rows}
        return self._above

    def level(self, kind: str, code: str) -> Level | None:
        """A level of qualification by its code."""
        if self._levels is None:
            rows = QualificationLevel.objects.values_list("kind", "code", "name", "rank")
            self._levels = {(of_kind, of_code): Level(name, rank) for of_kind, of_code, name, rank in rows}
        return self._levels.get((kind, code))


def citation_of(decision: Decision | None) -> Citation | None:
    """A decision as the citation of a number that it gave."""
    if decision is None or decision.signed_on is None:
        return None
    return Citation(decision.number, decision.signed_on, name="Quyết định")
