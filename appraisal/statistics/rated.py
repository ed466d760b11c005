"""Who is to be rated by whom in a cycle (đối tượng xếp loại): people of the last day, by the unit that rates them.

Divisions are rated by the agency that they belong to. Somebody who moved during the cycle is rated by the new unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from appraisal.rules.law import Regime, regime_of_unit
from hrdb.kernel.periods import in_force_q
from personnel.choices import DIVISION_KIND, PRESENT_STATES, AssignmentKind, EmploymentCategory, TitleGroup
from personnel.models import Assignment, Cadre, Custody, Employment, PartyMembership, UnitVersion

#: The kind of public service units, whose own rating follows the rules of public employees.
PUBLIC_SERVICE_KIND = "x-don-vi-su-nghiep"

#: The comparable group of those who lead a unit.
HEADS = "heads"

#: Categories that are rated.
RATED = (EmploymentCategory.CADRE, EmploymentCategory.CIVIL_SERVANT, EmploymentCategory.PUBLIC_EMPLOYEE)


@dataclass(frozen=True, slots=True)
class Rated:
    """One person to be rated: by which unit, as what, in which comparable group."""

    cadre_id: int
    unit_id: int
    category: str
    title_group: str
    is_head: bool
    title: str

    def group(self, agencies: Agencies) -> tuple[str, int]:
        """The comparable group: the title group in the unit; heads form one group below their rating authority."""
        if self.is_head:
            return HEADS, agencies.over_head(self.unit_id)
        return self.title_group, self.unit_id


class Agencies:
    """Units of a day with the agency that rates the people of each, in one query."""

    def __init__(self, day: date) -> None:
        names = ("unit_id", "parent_id", "kind__code", "bloc", "name", "position", "unit__code")
        rows = sorted(UnitVersion.objects.standing_on(day).values_list(*names), key=lambda row: row[5:])
        self.names: dict[int, str] = {}
        self._regimes: dict[int, Regime] = {}
        self._parents: dict[int, int | None] = {}
        self._divisions: set[int] = set()
        for unit_id, parent_id, kind, bloc, name, *_ in rows:
            self.names[unit_id], self._parents[unit_id] = name, parent_id
            self._regimes[unit_id] = regime_of_unit(bloc=bloc, is_public_service=kind == PUBLIC_SERVICE_KIND)
            if kind == DIVISION_KIND:
                self._divisions.add(unit_id)
        self._rates = {unit_id: self._agency(unit_id) for unit_id in self._parents}

    def rating(self, unit_id: int) -> int:
        """The unit that rates the people of `unit_id`."""
        return self._rates.get(unit_id, unit_id)

    def of(self, agency_id: int) -> list[int]:
        """The units whose people an agency rates: itself and its divisions."""
        return [unit_id for unit_id, rates in self._rates.items() if rates == agency_id] or [agency_id]

    def all(self) -> set[int]:
        """Every unit that rates."""
        return set(self._rates.values())

    def in_order(self) -> Iterator[int]:
        """Every unit in the order of the tree: what lies below one right after it."""
        below: dict[int | None, list[int]] = defaultdict(list)
        for unit_id, parent_id in self._parents.items():
            below[parent_id if parent_id in self._parents else None].append(unit_id)
        waiting, seen = below[None][::-1], set()
        while waiting:
            unit_id = waiting.pop()
            if unit_id not in seen:
                seen.add(unit_id)
                yield unit_id
                waiting += below[unit_id][::-1]

    def regime(self, agency_id: int) -> Regime:
        """Whose rules the unit itself follows."""
        return self._regimes.get(agency_id, "civil_servant")

    def chain(self, unit_id: int) -> list[int]:
        """A unit and those above it, upwards."""
        found: list[int] = []
        at: int | None = unit_id
        while at is not None and at not in found:
            found.append(at)
            at = self._parents.get(at)
        return found

    def over_head(self, agency_id: int) -> int:
        """The authority below which the head of an agency is compared: the agency above, at the top itself."""
        return self.above(agency_id) or agency_id

    def above(self, agency_id: int) -> int | None:
        """The rating authority over the head of an agency: the agency above it."""
        parent = self._parents.get(agency_id)
        return None if parent is None else self.rating(parent)

    def _agency(self, unit_id: int) -> int:
        seen: set[int] = set()
        while unit_id in self._divisions and unit_id not in seen:
            seen.add(unit_id)
            parent = self._parents.get(unit_id)
            if parent is None:
                break
            unit_id = parent
        return unit_id


def rated_people(
    day: date, agencies: Agencies, *, units: Collection[int] | None = None, cadres: Iterable[int] | None = None
) -> dict[int, Rated]:
    """Everybody to be rated on the last day of a cycle, by id; of some agencies or some people where given.

    Three queries at any size.
    """
    custody = Custody.objects.in_force(day)
    if units is not None:
        custody = custody.filter(unit_id__any=[below for unit in units for below in agencies.of(unit)])
    if cadres is not None:
        custody = custody.filter(cadre_id__any=list(cadres))
    kept = dict(custody.values_list("cadre_id", "unit_id"))
    if not kept:
        return {}
    employed = dict(
        Employment.objects.in_force(day)
        .filter(cadre_id__any=list(kept), state__in=PRESENT_STATES, category__in=RATED)
        .values_list("cadre_id", "category")
    )
    posts = {
        cadre_id: (group or "", name or text, is_leader)
        for cadre_id, group, name, text, is_leader in Assignment.objects.in_force(day)
        .filter(cadre_id__any=list(employed), kind=AssignmentKind.MAIN)
        .values_list("cadre_id", "title__group", "title__name", "title_text", "title__is_leadership")
    }
    return {
        cadre_id: _rated(cadre_id, agencies.rating(kept[cadre_id]), category, posts.get(cadre_id))
        for cadre_id, category in employed.items()
    }


def _rated(cadre_id: int, unit_id: int, category: str, post: tuple[str, str, bool | None] | None) -> Rated:
    group, title, _ = post or ("", "", None)
    return Rated(
        cadre_id,
        unit_id,
        category,
        group or TitleGroup.SPECIALIST,
        group == TitleGroup.HEAD,
        title or "",
    )


def members_of(cadre_ids: Iterable[int], day: date) -> set[int]:
    """Who of these people is a member of the Party on a day."""
    held = PartyMembership.objects.in_force(day).filter(cadre_id__any=list(cadre_ids))
    return set(held.values_list("cadre_id", flat=True))


def people_of(rated: Iterable[int]) -> dict[int, Cadre]:
    """The people themselves, in the order of names."""
    return {cadre.pk: cadre for cadre in Cadre.objects.filter(pk__any=list(rated)).order_by("sort_key", "pk")}


def rated_q(day: date) -> Q:
    """The condition on a person to belong to those who are rated on a day, for querysets of people."""
    held = Employment.objects.filter(in_force_q(day), state__in=PRESENT_STATES, category__in=RATED)
    return Q(pk__in=held.values("cadre_id"))
