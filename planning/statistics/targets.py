"""Titles as targets of planning: their order, standards, reference day, whether they are seats of a body."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from personnel.choices import TitleBranch, UnitLevel
from personnel.models import QualificationLevel, Title, TitleStandard, Unit, UnitVersion
from personnel.rules.standards import RECORD_CONFIDENCE, Level, Standard, written_citation
from planning.models import PlannedSeat
from planning.rules.eligibility import ReferenceKey, Target, reference_day
from planning.rules.law import PlanningObject

#: Kinds of qualification of the requirements that ask for a level.
KIND_OF_REQUIREMENT = {
    "professional_level": "professional",
    "political_theory": "political_theory",
    "state_management": "state_management",
    "foreign_language": "foreign_language",
}

#: Beginnings of codes of titles that are membership of a body: committee, standing committee, inspection committee.
BODIES = ("UVBCH-", "UVBTV-", "UV-UBKT-")


def is_body(title: Title) -> bool:
    """Whether the title is membership of a body, which is planned by a coefficient."""
    return title.code.startswith(BODIES)


def reference_key(title: Title, level: str | None) -> ReferenceKey:
    """Which row of the reference days counts for a title, by its branch and the level of its unit."""
    if title.branch == TitleBranch.FRONT:
        return "front"
    if title.branch != TitleBranch.PARTY:
        return "state"
    at = level or (title.unit_levels[0] if title.unit_levels else UnitLevel.PROVINCE)
    return "party_commune" if at == UnitLevel.COMMUNE else "party_province"


def target_of(
    title: Title,
    *,
    object_: PlanningObject,
    day: date,
    unit: Unit | None = None,
    reference: date | None = None,
    standards: dict[str, Standard] | None = None,
    seats: int | None = None,
    planned_people: int | None = None,
) -> Target:
    """A title, in a unit where one is given, as somebody may be planned for it; `reference` overrides the law's day."""
    level = None
    if unit is not None:
        version = UnitVersion.objects.filter(unit=unit).in_force(day).values_list("level", flat=True)  # type: ignore[attr-defined]
        level = version.first()
    return Target(
        title=title.name,
        code=title.code,
        rank=title.rank,
        object=object_,
        reference_day=reference or reference_day(key=reference_key(title, level), day=day),
        is_body=is_body(title),
        standards=standards_of([title], day)[title.pk] if standards is None else standards,
        seats=seats,
        planned_people=planned_people,
    )


@dataclass(frozen=True)
class SeatTargets:
    """The seats of rounds as targets, for either object; everything about their titles and units is read at once."""

    day: date
    seats: Mapping[int, PlannedSeat]
    levels: Mapping[int, str]
    standards: Mapping[int, dict[str, Standard]]
    planned: Mapping[int, int]

    @classmethod
    def read(cls, seats: Iterable[PlannedSeat], day: date, planned: Mapping[int, int] | None = None) -> SeatTargets:
        """Read levels of units and standards of titles: three queries; `planned` people a seat by its id."""
        listed = {seat.pk: seat for seat in seats}
        units = {seat.unit_id for seat in listed.values()}
        versions = UnitVersion.objects.standing_on(day).filter(unit_id__any=sorted(units))
        return cls(
            day=day,
            seats=listed,
            levels=dict(versions.values_list("unit_id", "level")),
            standards=standards_of({seat.title_id: seat.title for seat in listed.values()}.values(), day),
            planned=planned or {},
        )

    def target(self, seat_id: int, object_: int, *, without: int = 0) -> Target:
        """A seat as a target; `without` people of those planned are not counted (the one who is judged)."""
        seat = self.seats[seat_id]
        key = reference_key(seat.title, self.levels.get(seat.unit_id))
        own = seat.reference_day or _own_day(seat.round.reference_days.get(key))
        return Target(
            title=seat.title.name,
            code=seat.title.code,
            rank=seat.title.rank,
            object=1 if object_ == 1 else 2,
            reference_day=own or reference_day(key=key, day=self.day, term=seat.round.term),
            is_body=seat.is_body,
            coefficient=seat.coefficient,
            standards=self.standards[seat.title_id],
            seats=seat.number,
            planned_people=max(self.planned.get(seat_id, 0) - without, 0),
        )


def post_targets(
    posts: Iterable[tuple[int, Title, int]], *, object_: PlanningObject, day: date, term: str = "2030"
) -> dict[int, Target]:
    """Titles in units as targets, by the key of each post; posts that the rules cannot tell apart share one value."""
    listed = list(posts)
    units = sorted({unit_id for _, _, unit_id in listed})
    levels = dict(UnitVersion.objects.standing_on(day).filter(unit_id__any=units).values_list("unit_id", "level"))
    standards = standards_of({title.pk: title for _, title, _ in listed}.values(), day)
    shared: dict[tuple[int, str | None], Target] = {}
    found = {}
    for key, title, unit_id in listed:
        kind = (title.pk, levels.get(unit_id))
        if kind not in shared:
            at = reference_day(key=reference_key(title, levels.get(unit_id)), day=day, term=term)
            shared[kind] = Target(
                title=title.name,
                code=title.code,
                rank=title.rank,
                object=object_,
                reference_day=at,
                is_body=is_body(title),
                standards=standards[title.pk],
            )
        found[key] = shared[kind]
    return found


def _own_day(text: str | None) -> date | None:
    """A reference day that the approving level set in place of the law's, written as year and month or as a day."""
    if not text:
        return None
    return date.fromisoformat(text if len(text) > 7 else f"{text}-01")


def standards_of(titles: Iterable[Title], day: date) -> dict[int, dict[str, Standard]]:
    """The standards of some titles in force on the day, by title and requirement: two queries."""
    ids = [title.pk for title in titles]
    levels: dict[tuple[str, str], Level] = {
        (kind, code): Level(name, rank)
        for kind, code, name, rank in QualificationLevel.objects.values_list("kind", "code", "name", "rank")
    }
    found: dict[int, dict[str, Standard]] = defaultdict(dict)
    for row in TitleStandard.objects.in_force(day).filter(title_id__in=ids):
        found[row.title_id][row.requirement] = Standard(
            row.requirement,
            _required(row, levels),
            written_citation(row.citation, day=row.effective_from),
            RECORD_CONFIDENCE[row.confidence],
        )
    return {pk: found.get(pk, {}) for pk in ids}


def _required(row: TitleStandard, levels: dict[tuple[str, str], Level]) -> Any:
    """What a standard asks: a level by its code, else the value itself."""
    kind = KIND_OF_REQUIREMENT.get(row.requirement)
    return row.value if kind is None or row.value is None else levels.get((kind, str(row.value)))
