"""All people x all titles in one pass (xét cả tỉnh một lượt): the rules of `rules.eligibility` on columns of numbers.

What depends on the person alone is judged once for everybody who differs; what depends on the pair (a higher title, age
at the reference day, standards, the object) is a comparison of columns. A property test holds that every cell is what
`rules.eligibility.judge` says of the pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hrdb.kernel.dates import month_index
from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.appointment import political_review_valid
from planning.rules.eligibility import (
    STANDARD_RULES,
    Person,
    Target,
    age_left,
    classification,
    discipline,
    file_complete,
    higher_title,
    no_proposal,
    party_member,
    people_per_seat,
    political_theory,
    ratings,
    retirement_for,
    seats_per_person,
    standard,
    verdict,
)

#: Outcomes as numbers, worse is lower, so that the least of several decides.
NOT_MET: Final = 0
UNKNOWN: Final = 1
MET: Final = 2

OUTCOMES: Final = ("not_met", "unknown", "met")

#: Where somebody stands with a seat, worse is lower: an outcome, or not met yet but met from a later day.
STANDINGS: Final = ("not_met", "later", "unknown", "met")

#: A month that is not known.
NO_MONTH: Final = -1

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Distinct:
    """A column of few distinct values: the values, and which of them each person has."""

    values: list[Any]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, column: Iterable[Any]) -> Distinct:
        """Number the distinct values of a column."""
        seen: dict[Any, int] = {}
        places = [seen.setdefault(value, len(seen)) for value in column]
        return cls(list(seen), np.array(places, np.int32))

    def judged(self, rule: Callable[[Any], Finding]) -> Codes:
        """The outcome of a rule for everybody: the rule itself judges each distinct value once."""
        told = np.array([OUTCOMES.index(rule(value).outcome) for value in self.values], np.int8)
        return told[self.places] if len(self.values) else np.empty(0, np.int8)


@dataclass(frozen=True)
class Columns:
    """Facts of many people as columns, in the order of `ids`."""

    ids: list[int]
    people: list[Person]
    day: date
    #: Outcome of everything that depends on the person alone, and whether what is not met yet is met from a later day.
    own: Codes
    later: NDArray[np.bool_]
    #: How many rules of the person alone are unknown.
    unclear: NDArray[np.int16]
    #: Which of the distinct orders of titles held, with whether one is held at all.
    rank: Distinct
    planned: NDArray[np.int32]
    #: Month index of retirement as usual, and of women and women of a minority by the later age.
    retires: NDArray[np.int32]
    retires_later: NDArray[np.int32]
    is_minority: NDArray[np.bool_]
    #: Which of the distinct highest levels, by requirement.
    levels: Mapping[str, Distinct]

    def __len__(self) -> int:
        return len(self.ids)


def columns_of(people: Mapping[int, Person], day: date) -> Columns:
    """The columns of some people on a day."""
    ids, listed = list(people), list(people.values())
    own: dict[Any, tuple[int, bool, int]] = {}
    codes, later = np.empty(len(ids), np.int8), np.zeros(len(ids), np.bool_)
    unclear = np.zeros(len(ids), np.int16)
    for place, person in enumerate(listed):
        key = _own_key(person)
        if key not in own:
            own[key] = _own_outcome(person, day)
        codes[place], later[place], unclear[place] = own[key]
    requirements = (*STANDARD_RULES, "political_theory")
    return Columns(
        ids=ids,
        people=listed,
        day=day,
        own=codes,
        later=later,
        unclear=unclear,
        rank=Distinct.of((person.holds_title, person.title_rank) for person in listed),
        planned=np.fromiter((person.planned_seats for person in listed), np.int32, len(ids)),
        retires=np.fromiter((_month(person, "", day) for person in listed), np.int32, len(ids)),
        retires_later=np.fromiter((_month(person, LATER, day) for person in listed), np.int32, len(ids)),
        is_minority=np.fromiter((bool(person.is_minority) for person in listed), np.bool_, len(ids)),
        levels={kind: Distinct.of(person.levels.get(kind) for person in listed) for kind in requirements},
    )


def outcomes(columns: Columns, target: Target) -> Codes:
    """The outcome of everybody for one title, in the order of the columns."""
    return np.minimum(columns.own, _of_pairs(columns, target)[0])


def standings(columns: Columns, target: Target) -> Codes:
    """Where everybody stands with one title, as places in STANDINGS, in the order of the columns."""
    return standings_and_unclear(columns, target)[0]


def standings_and_unclear(columns: Columns, target: Target) -> tuple[Codes, NDArray[np.int16]]:
    """The same, and how many rules of each pair are unknown."""
    pairs, unclear = _of_pairs(columns, target)
    found = np.minimum(columns.own, pairs)
    codes = np.where(found == NOT_MET, 0, found + 1).astype(np.int8)
    stands = np.where(columns.later & (pairs != NOT_MET), STANDINGS.index("later"), codes).astype(np.int8)
    return stands, unclear + columns.unclear


def _of_pairs(columns: Columns, target: Target) -> tuple[Codes, NDArray[np.int16]]:
    """The outcome of what depends on the pair (title, age, places, standards), and how much of it is unknown."""
    unclear = np.zeros(len(columns), np.int16)
    found = np.full(len(columns), MET, np.int8)

    def judged(codes: Any) -> None:
        np.minimum(found, codes, out=found)
        np.add(unclear, codes == UNKNOWN, out=unclear, casting="unsafe")

    held = [replace(_ANYBODY, holds_title=holds, title_rank=rank) for holds, rank in columns.rank.values]
    by_rank = Distinct(held, columns.rank.places)
    judged(by_rank.judged(lambda person: higher_title(person, target, columns.day)))
    judged(_age(columns, target))
    if seats_per_person(_ANYBODY, target, columns.day).outcome == "unknown":
        judged(np.int8(UNKNOWN))
    elif not target.is_body:
        least = _least_planned(columns.day)
        judged(np.where(columns.planned < least, MET, NOT_MET).astype(np.int8))
    judged(np.int8(_code(people_per_seat(target, columns.day))))
    for kind in STANDARD_RULES:
        judged(_standard(columns, kind, partial(_asked, kind, target, columns.day)))
    judged(_standard(columns, "political_theory", lambda one: political_theory(one, target, columns.day)))
    return found, unclear


def matrix(columns: Columns, targets: Sequence[Target]) -> Codes:
    """The outcomes of all pairs: one row a title, one column a person."""
    cells = np.empty((len(targets), len(columns)), np.int8)
    for row, target in enumerate(targets):
        cells[row] = outcomes(columns, target)
    return cells


#: A code of which women are counted to the later age in every case.
LATER: Final = "CT-UBND-TINH"

_ANYBODY: Final = Person(sex=None, born=None)


def _asked(kind: str, target: Target, day: date, person: Person) -> Finding:
    return standard(kind, person, target, day)


def _own_findings(person: Person, day: date) -> Iterable[Finding]:
    """The rules that ask nothing of the title."""
    result, concluded_on, valid_until = person.review
    yield party_member(person, day)
    yield discipline(person, day)
    yield ratings(person, day)
    yield political_review_valid(result=result, concluded_on=concluded_on, valid_until=valid_until, day=day)
    yield no_proposal(person, day)
    yield file_complete(person, day)
    yield classification(person, day)


def _own_outcome(person: Person, day: date) -> tuple[int, bool, int]:
    found = verdict(tuple(_own_findings(person, day)), day)
    unclear = sum(one.outcome == "unknown" for one in found.findings)
    return OUTCOMES.index(found.outcome), found.is_later(day), unclear


def _own_key(person: Person) -> Any:
    """People of the same key have the same outcome of their own; days of the review by whether they hold."""
    return (
        person.is_party_member,
        tuple((one.form, one.effective_on) for one in person.disciplines),
        tuple(sorted((person.ratings or {}).items())),
        person.review,
        person.has_proposal,
        bool(person.missing_rows),
        person.classification,
    )


def _code(found: Finding) -> np.int8:
    return np.int8(OUTCOMES.index(found.outcome))


def _month(person: Person, code: str, day: date) -> int:
    """The month index of retirement as planning for a title of `code` counts it."""
    if person.sex is None or person.born is None:
        return NO_MONTH
    return _retirement_month(person.sex, person.born, code, day)


@lru_cache(maxsize=200_000)
def _retirement_month(sex: Any, born: Any, code: str, day: date) -> int:
    target = Target(title="", code=code, rank=None, object=1, reference_day=None)
    try:
        found = retirement_for(Person(sex=sex, born=born), target, day)
    except ParameterUnknown:
        return NO_MONTH
    return NO_MONTH if found is None else month_index(found.last_working_day)


def _age(columns: Columns, target: Target) -> Codes:
    """Months left from the reference day's month to that of retirement."""
    months = columns.retires
    if _counts_later(target, columns.day, is_minority=False):
        months = columns.retires_later
    elif _counts_later(target, columns.day, is_minority=True):
        months = np.where(columns.is_minority, columns.retires_later, columns.retires)
    least = _least_months(target, columns.day)
    if least is None or target.reference_day is None:
        return np.full(len(columns), UNKNOWN, np.int8)
    found = np.where(months - month_index(target.reference_day) >= least, MET, NOT_MET)
    return np.where(months == NO_MONTH, UNKNOWN, found).astype(np.int8)


def _least_months(target: Target, day: date) -> int | None:
    """How many months the law of the day asks for; None when it is not known."""
    probe = Person(sex="male", born=date(1990, 1, 1))
    found = age_left(probe, replace(target, reference_day=date(2000, 1, 1)), day)
    return None if found.outcome == "unknown" else int(found.value)


@lru_cache(maxsize=4_096)
def _later_by_code(code: str, day: date, is_minority: bool) -> bool:
    target = Target(title="", code=code, rank=None, object=1, reference_day=None)
    woman = Person(sex="female", born=date(1971, 6, 1), is_minority=is_minority)
    plain = retirement_for(woman, replace(target, code=""), day)
    return plain != retirement_for(woman, target, day)


def _counts_later(target: Target, day: date, *, is_minority: bool) -> bool:
    return _later_by_code(target.code, day, is_minority)


def _least_planned(day: date) -> int:
    """For how many titles somebody may be planned, as the rule says it: the first number that is refused."""
    target = Target(title="", code="", rank=None, object=1, reference_day=None)
    for count in range(100):
        if seats_per_person(replace(_ANYBODY, planned_seats=count), target, day).outcome == "not_met":
            return count
    return 100


def _standard(columns: Columns, kind: str, rule: Callable[[Person], Finding]) -> Codes:
    """A standard judged for each distinct level that is held."""
    held = columns.levels[kind]
    people = [replace(_ANYBODY, levels={} if level is None else {kind: level}) for level in held.values]
    return Distinct(people, held.places).judged(rule)
