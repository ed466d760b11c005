"""The list that the solver proposes for a class: ranked, every line with its sentence, quotas with what they got.

propose(training_class, asked, user, day) -> Proposal
    one class; nothing is written
propose_many(classes, user, day) -> dict[class id, Proposal]
    several classes of one programme in one solve: nobody goes to two
costs(proposal) -> list[Cost]
    what each quota costs, by solving again without it
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from hrdb.kernel.models import User
from personnel.rules.youth import youth_definition
from training.models import TrainingClass
from training.statistics.choosing.asking import NOMINATED, Asked, asked_of
from training.statistics.choosing.people import Considered, order, people_for, programme_needs
from training.statistics.cohorts.candidates import QUOTA_LABELS, Candidate, Cohort, Course, Quota
from training.statistics.cohorts.explaining import reasons_for
from training.statistics.cohorts.solving import choose, choose_many

#: Between equals the order decides: whole points count far more than all of it together.
TIE_BREAK: Final = 0.004

#: What is told of who goes to another class of the same solve.
ELSEWHERE: Final = "Không chọn vì được chọn cho lớp khác."

#: Quotas that may be left out to see what they cost, and what is asked then.
RELAXED: Final[Mapping[Quota, Any]] = {
    "min_women": 0,
    "min_minority": 0,
    "min_young": 0,
    "max_per_unit": None,
    "min_per_unit": 0,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list with the plain sentence."""

    person: Considered
    place: int
    is_chosen: bool
    is_reserve: bool
    is_pinned: bool
    is_excluded: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One quota: what is asked beside what the list has."""

    key: Quota
    label: str
    asked: str
    actual: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quota costs: points that the list would gain without it, and how many people would change."""

    label: str
    points: int
    changed: int


@dataclass(frozen=True)
class Proposal:
    """The list for one class: everybody considered, what was asked, what the solver found."""

    training_class: TrainingClass
    asked: Asked
    people: tuple[Considered, ...]
    young: frozenset[int]
    cohort: Cohort
    reasons: Mapping[str, str]
    faults: tuple[str, ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether every quota is met and there is somebody to send."""
        return self.cohort.status == "optimal" and not self.faults and bool(self.cohort.picked)

    @cached_property
    def picked(self) -> frozenset[int]:
        """Who is chosen, by id."""
        return frozenset(int(key) for key in self.cohort.picked)

    @cached_property
    def chosen(self) -> list[Line]:
        """Who is chosen, by priority."""
        return [line for line in self._lines if line.is_chosen]

    @cached_property
    def others(self) -> list[Line]:
        """Who is not, by priority; whom something bars comes last."""
        rest = [line for line in self._lines if not line.is_chosen]
        return sorted(rest, key=lambda line: bool(line.person.bars))

    @cached_property
    def reserves(self) -> list[Line]:
        """Who stands by."""
        return [line for line in self._lines if line.is_reserve]

    @property
    def total(self) -> int:
        """The sum of the points of those who are chosen."""
        return sum(line.person.priority.total for line in self.chosen)

    @cached_property
    def _lines(self) -> list[Line]:
        asked, found, reserves, place = self.asked, [], 0, 0
        for person in self.people:
            is_chosen = person.cadre_id in self.picked
            is_open = not person.bars and person.cadre_id not in asked.excluded
            is_reserve = is_open and not is_chosen and reserves < asked.reserves
            reserves += is_reserve
            place += is_open
            found.append(
                Line(
                    person,
                    place if is_open else 0,
                    is_chosen,
                    is_reserve,
                    person.cadre_id in asked.pinned,
                    person.cadre_id in asked.excluded,
                    self._sentence(person),
                )
            )
        return found

    def _sentence(self, person: Considered) -> str:
        if person.bars and person.cadre_id not in self.picked:
            return " ".join(bar.message for bar in person.bars)
        return self.reasons.get(person.key, "")

    @cached_property
    def quota_lines(self) -> list[QuotaLine]:
        """Every quota that is asked, with what the list has."""
        asked, people = self.asked, [line.person for line in self.chosen]
        found = [_quota("capacity", f"không quá {asked.capacity}", len(people), len(people) <= asked.capacity)]
        for key, count in (
            ("min_women", sum(one.is_woman for one in people)),
            ("min_minority", sum(one.is_minority for one in people)),
            ("min_young", sum(one.cadre_id in self.young for one in people)),
        ):
            least = getattr(asked, key)
            if least:
                found.append(_quota(key, f"ít nhất {least}", count, count >= least))  # type: ignore[arg-type]
        units = Counter(one.unit_id for one in people)
        if asked.max_per_unit is not None:
            most = max(units.values(), default=0)
            found.append(_quota("max_per_unit", f"không quá {asked.max_per_unit}", most, most <= asked.max_per_unit))
        if asked.min_per_unit:
            least = min((units[unit] for unit in self._units), default=0)
            found.append(_quota("min_per_unit", f"ít nhất {asked.min_per_unit}", least, least >= asked.min_per_unit))
        return found

    @property
    def _units(self) -> set[int]:
        return {person.unit_id for person in self.people if not person.bars}

    def nearest(self) -> Asked:
        """What this list keeps of what was asked: quotas that it misses are lowered to what it has."""
        asked, people = self.asked, [line.person for line in self.chosen]
        units = Counter(one.unit_id for one in people)
        barred = {person.cadre_id for person in self.people if person.bars}
        known = {person.cadre_id for person in self.people}
        most = max(units.values(), default=0)
        return replace(
            asked,
            capacity=max(asked.capacity, len(people)),
            min_women=min(asked.min_women, sum(one.is_woman for one in people)),
            min_minority=min(asked.min_minority, sum(one.is_minority for one in people)),
            min_young=min(asked.min_young, sum(one.cadre_id in self.young for one in people)),
            max_per_unit=None if asked.max_per_unit is None else max(asked.max_per_unit, most),
            min_per_unit=min(asked.min_per_unit, min((units[unit] for unit in self._units), default=0)),
            pinned=frozenset(asked.pinned & self.picked & known - barred),
        )


def propose(training_class: TrainingClass, asked: Asked, *, user: User | None, day: datetime.date) -> Proposal:
    """The best list for one class under what is asked; where it contradicts itself, the nearest."""
    people = people_for(training_class, user=user, day=day, only_nominated=asked.source == NOMINATED)
    return solved(training_class, asked, people, day)


def solved(training_class: TrainingClass, asked: Asked, people: Sequence[Considered], day: datetime.date) -> Proposal:
    """The proposal for people who were read already."""
    young = young_of(people, asked.youth, day)
    listed = candidates(people, asked, young)
    return _proposal(training_class, asked, people, young, choose(listed, asked.quotas))


def recorded(
    training_class: TrainingClass,
    asked: Asked,
    people: Sequence[Considered],
    picked: Collection[int],
    day: datetime.date,
    elsewhere: Collection[int] = (),
) -> Proposal:
    """A list that was proposed before, as it looks with the people as they stand now.

    `elsewhere` are those who go to another class that is confirmed with it.
    """
    young = young_of(people, asked.youth, day)
    listed = candidates(people, asked, young)
    there = [one for one in listed if int(one.id) in picked]
    cohort = Cohort("optimal", sum(one.priority for one in there), tuple(one.id for one in there))
    told = _with_reasons(cohort, listed, asked, {f"{key:010d}" for key in elsewhere})
    return _proposal(training_class, asked, people, young, told)


def propose_many(classes: Sequence[TrainingClass], *, user: User | None, day: datetime.date) -> dict[int, Proposal]:
    """The best lists for several classes together, each under its own saved quotas, pins and exclusions."""
    asked = {one.pk: asked_of(one) for one in classes}
    needs: dict[int, dict[int, dict[str, Any]]] = {}
    people = {}
    for one in classes:
        if one.programme_id not in needs:
            needs[one.programme_id] = programme_needs(one, user=user, day=day)
        people[one.pk] = people_for(
            one,
            user=user,
            day=day,
            only_nominated=asked[one.pk].source == NOMINATED,
            needs=needs[one.programme_id],
        )
    young = {one.pk: young_of(people[one.pk], asked[one.pk].youth, day) for one in classes}
    listed = {one.pk: candidates(people[one.pk], asked[one.pk], young[one.pk]) for one in classes}
    courses, everybody = _courses(classes, asked, listed)
    found = choose_many(everybody, courses)
    everywhere = {key for cohort in found.values() for key in cohort.picked}
    return {
        one.pk: _proposal(
            one,
            asked[one.pk],
            people[one.pk],
            young[one.pk],
            _with_reasons(found[str(one.pk)], listed[one.pk], asked[one.pk], everywhere),
        )
        for one in classes
    }


def costs(proposal: Proposal, day: datetime.date) -> list[Cost]:
    """What each quota costs: the same class solved again without it."""
    found = []
    for key, relaxed in RELAXED.items():
        if getattr(proposal.asked, key) == relaxed:
            continue
        changes: dict[str, Any] = {key: relaxed}
        fewer = replace(proposal.asked, **changes)
        freed = solved(proposal.training_class, fewer, proposal.people, day)
        found.append(Cost(QUOTA_LABELS[key], freed.total - proposal.total, len(freed.picked - proposal.picked)))
    more = solved(
        proposal.training_class, replace(proposal.asked, capacity=proposal.asked.capacity + 1), proposal.people, day
    )
    found.append(Cost("thêm một chỗ", more.total - proposal.total, len(more.picked - proposal.picked)))
    return found


def young_of(people: Iterable[Considered], youth: str, day: datetime.date) -> frozenset[int]:
    """Who is young by the document that is named."""
    after = youth_definition(youth, day).born_after(day)
    return frozenset(one.cadre_id for one in people if one.born is not None and one.born > after)


def candidates(people: Sequence[Considered], asked: Asked, young: frozenset[int]) -> list[Candidate]:
    """The people as the solver takes them: nobody who is barred; equals are told apart by their order."""
    ranked = sorted((one for one in people if not one.bars), key=order)
    names = _unit_names(ranked)
    return [
        Candidate(
            id=one.key,
            unit=names[one.unit_id],
            is_woman=one.is_woman,
            priority=one.priority.total + TIE_BREAK * (1 - place / len(ranked)),
            is_minority=one.is_minority,
            is_young=one.cadre_id in young,
            is_pinned=one.cadre_id in asked.pinned,
            is_excluded=one.cadre_id in asked.excluded and one.cadre_id not in asked.pinned,
        )
        for place, one in enumerate(ranked)
    ]


def _unit_names(people: Iterable[Considered]) -> dict[int, str]:
    """Names of units, told apart by a number where two have the same."""
    names = {one.unit_id: one.unit for one in people}
    times = Counter(names.values())
    return {unit: name if times[name] == 1 else f"{name} ({unit})" for unit, name in names.items()}


def _courses(
    classes: Sequence[TrainingClass], asked: Mapping[int, Asked], listed: Mapping[int, Sequence[Candidate]]
) -> tuple[list[Course], list[Candidate]]:
    """Classes as courses over everybody; a pin of one class fixes nobody to another."""
    courses = []
    everybody: dict[str, Candidate] = {}
    for one in classes:
        pinned = {candidate.id for candidate in listed[one.pk] if candidate.is_pinned}
        courses.append(
            Course(
                str(one.pk),
                asked[one.pk].quotas,
                {candidate.id: candidate.priority for candidate in listed[one.pk] if not candidate.is_excluded},
            )
        )
        for candidate in listed[one.pk]:
            held = everybody.get(candidate.id)
            is_pinned = candidate.id in pinned or (held is not None and held.is_pinned)
            everybody[candidate.id] = replace(candidate, is_pinned=is_pinned, is_excluded=False)
    owners = {candidate.id: one.pk for one in classes for candidate in listed[one.pk] if candidate.is_pinned}
    kept = [
        replace(
            course,
            priorities={
                key: points
                for key, points in (course.priorities or {}).items()
                if owners.get(key, int(course.key)) == int(course.key)
            },
        )
        for course in courses
    ]
    return kept, list(everybody.values())


def _with_reasons(cohort: Cohort, listed: Sequence[Candidate], asked: Asked, elsewhere: Collection[str]) -> Cohort:
    """The cohort with its sentences; who goes to another class is told so, and stands in nobody's way here."""
    gone = set(elsewhere) - set(cohort.picked)
    told = reasons_for([one for one in listed if one.id not in gone], asked.quotas, cohort)
    return replace(cohort, reasons={**told, **dict.fromkeys(gone, ELSEWHERE)})


def _proposal(
    training_class: TrainingClass,
    asked: Asked,
    people: Sequence[Considered],
    young: frozenset[int],
    cohort: Cohort,
) -> Proposal:
    return Proposal(training_class, asked, tuple(people), young, cohort, cohort.reasons, tuple(_faults(asked, people)))


def _faults(asked: Asked, people: Sequence[Considered]) -> Iterator[str]:
    """Pins that cannot be kept whatever the quotas are."""
    known = {one.cadre_id: one for one in people}
    for cadre_id in sorted(asked.pinned):
        person = known.get(cadre_id)
        if person is None:
            yield "Có người được ấn định không còn trong danh sách xét: hãy bỏ ấn định."
        elif person.bars:
            yield f"{person.name} được ấn định nhưng không cử đi học được: {person.bars[0].message}"
        elif cadre_id in asked.excluded:
            yield f"{person.name} vừa được ấn định vừa bị loại khỏi danh sách: hãy bỏ một trong hai."


def _quota(key: Quota, asked: str, actual: int, is_met: bool) -> QuotaLine:
    label = QUOTA_LABELS[key]
    return QuotaLine(key, f"{label[:1].upper()}{label[1:]}", asked, str(actual), is_met)
