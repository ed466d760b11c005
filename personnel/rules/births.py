"""Whether a birth date (ngày sinh) can be: nothing of a record before it, no one at work before the minimum age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from hrdb.kernel.dates import PartialDate, age_on, format_date
from personnel.rules.ages import MinimumAge, old_enough

#: Nobody of whom a record is kept is older: beyond it a year of birth is a slip of the hand.
OLDEST: Final = 110


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A fact of a record with its day: what it is in a sentence, when, and the minimum ages that it asks for."""

    label: str
    told: PartialDate
    asks: tuple[MinimumAge, ...] = ()


def opening_facts(*, day: date, employed_from: PartialDate) -> tuple[DatedFact, ...]:
    """What a new record says of a person: at work since `employed_from`, in the service of the unit from `day`."""
    return (
        DatedFact("bắt đầu làm việc", employed_from, ("work",)),
        DatedFact("về đơn vị", PartialDate(day), ("service",)),
    )


def birth_fault(birth: PartialDate, facts: Iterable[DatedFact], *, today: date) -> str:
    """The sentence that names the first of `facts` which cannot be true of someone with this birth; empty when all can.

    A day known in part is taken at its latest. Service is judged by the law of its own day, and an old day for which no
    law is known passes; work is judged by the law of `today`, so that the age holds for every day.
    """
    if age_on(birth, today) > OLDEST:
        return f"Sinh {birth.text} thì đến nay đã hơn {OLDEST} tuổi: hãy xem lại năm sinh."
    for fact in facts:
        latest = fact.told.last_day
        if latest < birth.value:
            return f"Ngày sinh {birth.text} muộn hơn một việc đã ghi trong hồ sơ: {fact.label} ({_when(fact)})."
        for kind in fact.asks:
            finding = old_enough(kind, born=birth, day=latest, law_of=today if kind == "work" else None)
            if finding.outcome == "not_met":
                return f"Sinh {birth.text}: chưa đủ {finding.value} tuổi khi {fact.label} ({_when(fact)})."
    return ""


def _when(fact: DatedFact) -> str:
    """The day as far as it is known, with its word: «ngày 01/09/2010», «tháng 09/2010», «năm 2010»."""
    told = fact.told
    word = {"day": "ngày", "month": "tháng", "year": "năm"}[told.precision]
    return f"{word} {format_date(told.value, told.precision)}"
