"""How long somebody can succeed to a seat (nguồn kế cận), and what the benches of many seats look like by quarter.

too_old_from(person, target, day) -> date | None
    the first day on which too little time is left before retirement to take the seat
Bench.count(day, is_sure) -> int
    how many could take it on a day; `is_sure` leaves out those of whom something is not known
quarters(day, years) -> list[Quarter]
    the calendar quarters that end after the day
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from hrdb.kernel.dates import add_months
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.appointment import age_for_title
from planning.rules.eligibility import Person, Target, Verdict, retirement_for

Standing = Literal["met", "later", "unknown", "not_met"]
#: Why somebody leaves the seat that he holds.
Why = Literal["retires", "term", "rotation"]

WHY_LABELS: Final[dict[Why, str]] = {
    "retires": "nghỉ hưu",
    "term": "hết nhiệm kỳ, thời hạn",
    "rotation": "luân chuyển",
}
YEARS: Final = 5
MONTHS_OF_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody planned for a seat: from which day he could take it and until which (exclusive), as far as is known."""

    cadre_id: int
    standing: Standing
    starts: date | None
    ends: date | None

    def is_ready(self, day: date, *, is_sure: bool = False) -> bool:
        """Whether he could take the seat on a day."""
        if self.starts is None or (is_sure and self.standing == "unknown"):
            return False
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who holds the seat and when and why he leaves it."""

    cadre_id: int
    day: date
    why: Why


@dataclass(frozen=True, slots=True)
class Bench:
    """The successors of one seat and those who leave it."""

    title_id: int
    unit_id: int
    title: str
    number: int = 1
    seat_id: int | None = None
    round_id: int | None = None
    is_body: bool = False
    successors: tuple[Successor, ...] = ()
    leaving: tuple[Leaving, ...] = field(default=())

    def count(self, day: date, *, is_sure: bool = False) -> int:
        """How many could take the seat on a day."""
        return sum(one.is_ready(day, is_sure=is_sure) for one in self.successors)

    def within(self, day: date, years: int) -> int:
        """How many can take it on some day within so many years."""
        last = add_months(day, 12 * years)
        ready = (one for one in self.successors if one.starts is not None and one.starts <= last)
        return sum(one.ends is None or one.ends > max(day, one.starts or day) for one in ready)

    def after(self, day: date, years: int) -> int:
        """How many can still take it so many years later."""
        return self.count(add_months(day, 12 * years))

    def unknown(self) -> int:
        """Of how many something is not known."""
        return sum(one.standing == "unknown" for one in self.successors)

    def lost_on(self, day: date) -> date | None:
        """The first day after `day` from which nobody is left who could take it; None while somebody stays, or none is
        left already."""
        ends = [one.ends for one in self.successors if one.starts is not None and (one.ends is None or one.ends > day)]
        if not ends or any(end is None for end in ends):
            return None
        return max(end for end in ends if end is not None)

    @property
    def next_leaving(self) -> Leaving | None:
        """Who leaves it first."""
        return min(self.leaving, key=lambda one: one.day, default=None)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter: its name and its last day."""

    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class QuarterOfBenches:
    """The benches of many seats at the end of a quarter, and who leaves a seat within it."""

    quarter: Quarter
    ready: int
    sure: int
    bare: int
    single: int
    retires: int
    term: int
    rotation: int


def successor_of(cadre_id: int, verdict: Verdict, ends: date | None, day: date) -> Successor:
    """Somebody planned, by what the rules say of him today and the day from which he is too old."""
    last = min((one for one in (verdict.met_until, ends) if one is not None), default=None)
    if last is not None and last <= day:
        return Successor(cadre_id, "not_met", None, last)
    if verdict.outcome != "not_met":
        return Successor(cadre_id, verdict.outcome, day, last)
    if verdict.is_later(day):
        starts = verdict.met_from
        if starts is not None and (last is None or starts < last):
            return Successor(cadre_id, "later", starts, last)
    return Successor(cadre_id, "not_met", None, last)


def too_old_from(person: Person, target: Target, day: date) -> date | None:
    """The first day on which somebody has too little time left to be appointed to the title, None where not known."""
    try:
        retires = retirement_for(person, target, day)
    except ParameterUnknown:
        return None
    if retires is None:
        return None
    change: Literal["first", "higher"] = "higher" if person.holds_title else "first"
    found = age_for_title(sex=person.sex, born=person.born, change=change, day=day, retires_from=retires.retired_from)
    if found.outcome == "met":
        return found.met_until or retires.retired_from
    return day if found.outcome == "not_met" else retires.retired_from


def quarters(day: date, years: int = YEARS) -> list[Quarter]:
    """The calendar quarters from that of the day on, as many as make so many years."""
    month = (day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1
    first = date(day.year, month, 1)
    found = []
    for _ in range(years * 12 // MONTHS_OF_QUARTER):
        after = add_months(first, MONTHS_OF_QUARTER)
        number = (first.month - 1) // MONTHS_OF_QUARTER + 1
        found.append(Quarter(f"Q{number}/{first:%y}", max(first, day), after - timedelta(days=1)))
        first = after
    return found


def by_quarter(benches: Sequence[Bench], day: date, years: int = YEARS) -> list[QuarterOfBenches]:
    """The benches of many seats at the end of each quarter."""
    found = []
    for quarter in quarters(day, years):
        counts = [bench.count(quarter.last) for bench in benches]
        left = [one.why for bench in benches for one in bench.leaving if quarter.first <= one.day <= quarter.last]
        found.append(
            QuarterOfBenches(
                quarter=quarter,
                ready=sum(counts),
                sure=sum(bench.count(quarter.last, is_sure=True) for bench in benches),
                bare=sum(count == 0 for count in counts),
                single=sum(count == 1 for count in counts),
                retires=left.count("retires"),
                term=left.count("term"),
                rotation=left.count("rotation"),
            )
        )
    return found
