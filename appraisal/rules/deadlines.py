"""When the yearly rating has to be done (thời hạn xếp loại).

    rating_deadline(year, day, is_special) -> Deadline | None
        the day before which it has to be done; None where the law of the day is not known

Source: Nghị định 335/2025/NĐ-CP, Điều 21.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.rules.law import LAW
from hrdb.kernel.findings import Citation


@dataclass(frozen=True, slots=True)
class Deadline:
    """The first day that is too late, and the law that says so."""

    day: date
    citation: Citation


def rating_deadline(*, year: int, day: date, is_special: bool = False) -> Deadline | None:
    """The day before which the rating of a year has to be done; a special unit has until the next year."""
    held = LAW["deadlines/yearly"].at(day)
    if held is None or held.value is None:
        return None
    month, dom = map(int, held.value["special" if is_special else "ordinary"].split("-"))
    return Deadline(date(year + (1 if is_special else 0), month, dom), held.citation)
