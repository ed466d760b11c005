"""The units of the day in memory, as the steps of a case change them one after another."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from personnel.choices import UnitSuccessionKind
from personnel.models import Reorganisation, Unit, UnitKind, UnitVersion
from personnel.models.scope import Scope
from personnel.services.reorganisation.faults import CaseFault

#: What a step may say of a unit, by the columns of its version; parent and kind travel as codes.
STANDING = ("name", "short_name", "parent", "kind", "bloc", "level", "position")


@dataclass(slots=True)
class PlannedUnit:
    """A unit as the case leaves it; `held` is the version of the day, None for a unit that the case founds."""

    code: str
    unit_id: int | None
    name: str
    short_name: str = ""
    parent: str | None = None
    kind: str | None = None
    bloc: str = ""
    level: str = ""
    position: int = 0
    held: dict[str, Any] | None = None
    #: The steps, by their place, that last changed it and that ended it.
    changed_by: int | None = None
    ended_by: int | None = None
    decision_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it exists when the case is carried out."""
        return self.ended_by is None

    @property
    def is_founded(self) -> bool:
        """Whether the case founds it."""
        return self.held is None

    @property
    def differs(self) -> bool:
        """Whether it is called or stands otherwise than before."""
        return self.held is None or any(getattr(self, name) != self.held[name] for name in STANDING)


@dataclass(frozen=True, slots=True)
class Passing:
    """What a unit has goes over: to `heirs`, by default to the first; from a unit that goes on, only by name."""

    source: PlannedUnit
    heirs: tuple[str, ...]
    kind: UnitSuccessionKind
    step: int
    decision_id: int | None
    keeps: bool = False

    @property
    def default(self) -> str | None:
        """Where everything goes of which the case does not say otherwise."""
        if self.keeps:
            return self.source.code
        return self.heirs[0] if self.heirs else None


@dataclass
class PlannedTree:
    """All units that are open on the day, by code, and what passes from which to which."""

    day: datetime.date
    units: dict[str, PlannedUnit]
    #: Codes of all units that ever were, with their ids.
    known: dict[str, int]
    kinds: dict[str, tuple[int, str]]
    #: Ids of the units that the case may touch; None: all.
    allowed: frozenset[int] | None
    may_found_roots: bool
    passings: list[Passing] = field(default_factory=list)
    faults: list[CaseFault] = field(default_factory=list)
    warnings: list[CaseFault] = field(default_factory=list)

    def may_touch(self, unit: PlannedUnit) -> bool:
        """Whether a unit lies in the reach of the case; what it founds itself does."""
        return self.allowed is None or unit.unit_id is None or unit.unit_id in self.allowed

    def children(self, code: str) -> list[PlannedUnit]:
        """Open units directly below."""
        return [unit for unit in self.units.values() if unit.parent == code and unit.is_open]

    def below(self, code: str) -> Iterator[PlannedUnit]:
        """Open units below, at any depth."""
        for child in self.children(code):
            yield child
            yield from self.below(child.code)

    def is_above(self, ancestor: str, code: str) -> bool:
        """Whether a unit stood above another before the case."""
        seen: set[str] = set()
        here = self.units.get(code)
        while here is not None and here.held is not None and here.code not in seen:
            seen.add(here.code)
            above = here.held["parent"]
            if above == ancestor:
                return True
            here = self.units.get(above or "")
        return False

    def heir_of(self, code: str, wanted: str | None = None) -> str | None:
        """The open unit to which what stood in `code` comes at last; None where nothing takes it."""
        found = {passing.source.code: passing for passing in self.passings if not passing.keeps}
        here, seen = wanted or code, set()
        while here in found and here not in seen:
            seen.add(here)
            following = found[here].default
            if following is None:
                return None
            here = following
        return here

    @property
    def touched(self) -> list[PlannedUnit]:
        """Units that the case founds, changes or ends."""
        return [unit for unit in self.units.values() if not unit.is_open or unit.differs]

    def name_of(self, code: str | None) -> str:
        """The name of a unit after the case."""
        unit = self.units.get(code or "")
        return unit.name if unit else (code or "")

    def held_name(self, code: str) -> str:
        """The name of a unit before the case."""
        unit = self.units.get(code)
        return str(unit.held["name"]) if unit and unit.held else self.name_of(code)


def read_tree(case: Reorganisation, *, scope: Scope, today: datetime.date) -> PlannedTree:
    """The units open on the day of a case and who of them it may touch; four queries at any size."""
    codes = dict(Unit.objects.values_list("pk", "code"))
    kinds = {code: (pk, name) for pk, code, name in UnitKind.objects.values_list("pk", "code", "name")}
    of_kind = {pk: code for code, (pk, _) in kinds.items()}
    columns = ("pk", "unit_id", "effective_from", "effective_until", "parent_id", "kind_id")
    plain = ("name", "short_name", "bloc", "level", "position")
    units = {}
    for row in UnitVersion.objects.in_force(case.day).order_by("unit_id").values(*columns, *plain):
        parent, kind = codes.get(row["parent_id"]), of_kind.get(row["kind_id"])
        row |= {"parent": parent, "kind": kind}
        code = codes[row["unit_id"]]
        units[code] = PlannedUnit(code, row["unit_id"], **{name: row[name] for name in STANDING}, held=row)
    return PlannedTree(
        day=case.day,
        units=units,
        known={code: pk for pk, code in codes.items()},
        kinds=kinds,
        allowed=_allowed(case, scope, today),
        may_found_roots=scope.is_whole_province and case.unit_id is None,
    )


def _allowed(case: Reorganisation, scope: Scope, today: datetime.date) -> frozenset[int] | None:
    """Ids of the units in the user's scope and in the reach of the case."""
    if scope.is_whole_province and case.unit_id is None:
        return None
    units = Unit.objects.filter(scope.covers("pk"))
    if case.unit_id is not None:
        units = units.below([case.unit_id], case.day) | units.below([case.unit_id], today)
    return frozenset(units.values_list("pk", flat=True))


def later_versions(unit_ids: Iterable[int], day: datetime.date) -> dict[int, datetime.date]:
    """Units that already have a version from a day after `day`, or that stand below one of these from then on."""
    ids = list(unit_ids)
    if not ids:
        return {}
    later = UnitVersion.objects.filter(effective_from__gt=day)
    found = dict(later.filter(unit_id__any=ids).order_by("-effective_from").values_list("unit_id", "effective_from"))
    below = later.filter(parent_id__any=ids).order_by("-effective_from").values_list("parent_id", "effective_from")
    return {**dict(below), **found}
