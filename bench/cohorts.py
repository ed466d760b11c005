"""Choosing cohorts: one class of many, thirty classes of one programme, beside a greedy list and the proven optimum."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from training.statistics.choosing.proposal import TIE_BREAK
from training.statistics.cohorts.candidates import Candidate, Cohort, Course, Quotas
from training.statistics.cohorts.solving import choose, choose_many

PEOPLE, CAPACITY, UNITS = 1_500, 40, 60
MANY, CLASSES = 5_000, 30


def run() -> Iterator[str]:
    """Lines of the comparison, the same people every time."""
    drawn = random.Random(1)
    listed = _people(PEOPLE, drawn)
    quotas = Quotas(capacity=CAPACITY, min_women=18, min_minority=16, min_young=14, max_per_unit=2)
    seconds, cohort = min((_timed(listed, quotas) for _ in range(3)), key=lambda found: found[0])
    greedy = _greedy(listed, quotas)
    yield f"{CAPACITY} of {PEOPLE:,} under five quotas: {seconds:.3f} s (within 0.5 s), status {cohort.status}, gap 0"
    value, short = greedy
    worse = (1 - value / cohort.objective) * 100
    free = sum(sorted((one.priority for one in listed), reverse=True)[:CAPACITY])
    yield f"  objective {cohort.objective:.2f}, proven; the highest {CAPACITY} without any quota {free:.2f}"
    yield f"  a list by hand {value:.2f}: {worse:.2f} % worse, short of the quotas by {short} people"
    many = _people(MANY, drawn)
    courses = [
        Course(
            f"lop-{number}",
            Quotas(capacity=CAPACITY, min_women=15, min_minority=15, max_per_unit=3),
            {one.id: one.priority + drawn.uniform(0, 5) for one in many if drawn.random() < 0.6},
        )
        for number in range(CLASSES)
    ]
    start = time.perf_counter()
    found = choose_many(many, courses)
    seconds = time.perf_counter() - start
    total = sum(one.objective for one in found.values())
    states = Counter(one.status for one in found.values())
    yield f"{CLASSES} classes over {MANY:,} people in one solve: {seconds:.1f} s (within 60 s), {dict(states)}"
    yield f"  objective {total:,.2f}, proven, for {sum(len(one.picked) for one in found.values()):,} places"
    seconds, each = _class_after_class(many, courses)
    worse = (1 - each / total) * 100
    yield f"  each class by itself, one after the other: {each:,.2f} in {seconds:.1f} s, {worse:.2f} % worse"
    yield from _points(drawn)


def _class_after_class(listed: Sequence[Candidate], courses: Sequence[Course]) -> tuple[float, float]:
    """The best list of every class alone, of those whom the classes before it left; seconds and sum."""
    start, taken, total = time.perf_counter(), set[str](), 0.0
    for course in courses:
        priorities = course.priorities or {}
        left = [
            replace(one, priority=priorities[one.id]) for one in listed if one.id in priorities and one.id not in taken
        ]
        cohort = choose(left, course.quotas)
        taken |= set(cohort.picked)
        total += cohort.objective
    return time.perf_counter() - start, total


def _points(drawn: random.Random) -> Iterator[str]:
    """The points of the record: few whole numbers, with equals told apart by their order, as the pages solve it."""
    few = [10, 25, 30, 40, 45, 49, 53, 57, 61, 65, 69, 75, 85]
    ranked = sorted(
        (replace(one, priority=float(drawn.choice(few))) for one in _people(PEOPLE, drawn)),
        key=lambda one: -one.priority,
    )
    listed = [
        replace(one, priority=one.priority + TIE_BREAK * (1 - place / len(ranked))) for place, one in enumerate(ranked)
    ]
    quotas = Quotas(capacity=CAPACITY, min_women=18, min_minority=16, min_young=14, max_per_unit=2)
    seconds, cohort = min((_timed(listed, quotas) for _ in range(3)), key=lambda found: found[0])
    yield f"{CAPACITY} of {PEOPLE:,} by points with many equals: {seconds:.3f} s (within 0.5 s), status {cohort.status}"
    wrong = replace(quotas, min_per_unit=1)
    seconds, cohort = min((_timed(listed, wrong) for _ in range(3)), key=lambda found: found[0])
    told = cohort.conflicts[0].message if cohort.conflicts else ""
    yield f"quotas that contradict one another: {seconds:.3f} s to the nearest list and the conflict: {told}"


def _people(count: int, drawn: random.Random) -> list[Candidate]:
    return [
        Candidate(
            id=f"{place:05d}",
            unit=f"dv-{drawn.randrange(UNITS)}",
            is_woman=drawn.random() < 0.4,
            priority=round(drawn.uniform(0, 100), 2),
            is_minority=drawn.random() < 0.3,
            is_young=drawn.random() < 0.3,
        )
        for place in range(count)
    ]


def _timed(listed: Sequence[Candidate], quotas: Quotas) -> tuple[float, Cohort]:
    start = time.perf_counter()
    cohort = choose(listed, quotas)
    return time.perf_counter() - start, cohort


def _greedy(listed: Sequence[Candidate], quotas: Quotas) -> tuple[float, int]:
    """The list that a careful officer makes by hand: the highest first, then the lowest exchanged for what is short."""
    order = sorted(listed, key=lambda one: -one.priority)
    units: Counter[str] = Counter()
    chosen: list[Candidate] = []
    for one in order:
        if len(chosen) < quotas.capacity and units[one.unit] < (quotas.max_per_unit or quotas.capacity):
            chosen.append(one)
            units[one.unit] += 1
    for _ in range(quotas.capacity * 3):
        short = [name for name, least in _minima(quotas).items() if sum(getattr(one, name) for one in chosen) < least]
        if not short:
            break
        _exchange(order, chosen, units, short[0], quotas)
    short = sum(max(least - sum(getattr(one, name) for one in chosen), 0) for name, least in _minima(quotas).items())
    return sum(one.priority for one in chosen), short


def _minima(quotas: Quotas) -> dict[str, int]:
    return {"is_woman": quotas.min_women, "is_minority": quotas.min_minority, "is_young": quotas.min_young}


def _exchange(
    order: Sequence[Candidate], chosen: list[Candidate], units: Counter[str], mark: str, quotas: Quotas
) -> None:
    """The lowest of the list that no minimum needs goes, the highest with the mark comes."""
    counts = {name: sum(1 for one in chosen if getattr(one, name)) for name in _minima(quotas)}
    others = {name: least for name, least in _minima(quotas).items() if name != mark}
    spare = [
        one
        for one in reversed(chosen)
        if not getattr(one, mark) and not any(getattr(one, name) and counts[name] <= others[name] for name in others)
    ]
    gone = spare[0] if spare else next(one for one in reversed(chosen) if not getattr(one, mark))
    chosen.remove(gone)
    units[gone.unit] -= 1
    most = quotas.max_per_unit or quotas.capacity
    come = next(one for one in order if getattr(one, mark) and one not in (*chosen, gone) and units[one.unit] < most)
    chosen.append(come)
    units[come.unit] += 1
    chosen.sort(key=lambda one: -one.priority)
