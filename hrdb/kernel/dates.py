"""Calendar arithmetic and dates of which only the year or the month is known; pure Python.

Ages and months are counted as the civil code counts them: a full month ends on the corresponding day, or on the last
day of a month that lacks it. `age_on` agrees with PostgreSQL's `age()`: a count in SQL and one here never differ.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

Precision = Literal["year", "month", "day"]

#: Years in which a typed date can lie; others are slips of the keyboard.
YEARS = range(1800, 2200)

ISO_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class BadDate(ValueError):
    """A text that is no date; its message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date with the precision to which it is known.

    `value` is the day that counts: where the day is unknown the first of the month, where the month is unknown too the
    first of January. Ordered by `value`.
    """

    value: date
    precision: Precision = "day"

    def __post_init__(self) -> None:
        if self.precision not in ("year", "month", "day"):
            raise ValueError(f"precision: {self.precision!r}")
        floor = self.value.replace(
            day=self.value.day if self.precision == "day" else 1,
            month=1 if self.precision == "year" else self.value.month,
        )
        object.__setattr__(self, "value", floor)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raises BadDate with a sentence."""
        found = ISO_PARTIAL.fullmatch(text.strip())
        if found is None:
            raise BadDate(f"«{text}» không phải là ngày: cần viết YYYY, YYYY-MM hoặc YYYY-MM-DD.")
        year, month, day = found.groups()
        if int(year) not in YEARS:
            raise BadDate(f"«{text}» có năm ngoài khoảng {YEARS.start}-{YEARS.stop - 1}.")
        precision: Precision = "day" if day else "month" if month else "year"
        try:
            return cls(date(int(year), int(month or 1), int(day or 1)), precision)
        except ValueError as error:
            raise BadDate(f"«{text}» không có trong lịch.") from error

    @property
    def last_day(self) -> date:
        """The last day that the date can mean."""
        if self.precision == "year":
            return self.value.replace(month=12, day=31)
        return self.value if self.precision == "day" else last_of_month(month_index(self.value))

    @property
    def iso(self) -> str:
        """The known part in ISO form, as `parse` reads it."""
        return self.value.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    @property
    def text(self) -> str:
        """The known part as it is written on paper: `dd/mm/yyyy`, `mm/yyyy` or `yyyy`."""
        return format_date(self.value, self.precision)

    def __str__(self) -> str:
        return self.text


def format_date(day: date, precision: Precision = "day") -> str:
    """A date as it is written in Vietnamese: `dd/mm/yyyy`, `mm/yyyy` or `yyyy`."""
    if precision == "year":
        return f"{day.year:04d}"
    if precision == "month":
        return f"{day.month:02d}/{day.year:04d}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def counted_day(day: date | PartialDate) -> date:
    """The day that counts: of a partial date its first possible day."""
    return day.value if isinstance(day, PartialDate) else day


def month_index(day: date) -> int:
    """Months since the year 0: two days differ by one when they lie in neighbouring months."""
    return day.year * 12 + day.month - 1


def first_of_month(index: int) -> date:
    """The first day of the month with this `month_index`."""
    return date(index // 12, index % 12 + 1, 1)


def last_of_month(index: int) -> date:
    """The last day of the month with this `month_index`."""
    year, month = index // 12, index % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The corresponding day that many months later (earlier when negative), or the last day of a shorter month."""
    last = last_of_month(month_index(day) + months)
    return last.replace(day=min(day.day, last.day))


def whole_months(start: date | PartialDate, end: date | PartialDate) -> int:
    """Full months from `start` to `end`; negative when `end` lies before `start`."""
    first, last = counted_day(start), counted_day(end)
    if last < first:
        return -whole_months(last, first)
    months = month_index(last) - month_index(first)
    return months if add_months(first, months) <= last else months - 1


def age_on(born: date | PartialDate, day: date) -> int:
    """Full years of age on `day`; who was born on 29 February is a year older on 1 March of a common year.

    Raises ValueError when `day` lies before the birth.
    """
    first = counted_day(born)
    if day < first:
        raise ValueError(f"{day} lies before the birth on {first}")
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))


def latest_birth(age: int, day: date) -> date:
    """The latest birth date of those who have reached `age` full years on `day`; for conditions in SQL."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February has no counterpart in a common year
        return date(day.year - age, 3, 1) - timedelta(days=1)
