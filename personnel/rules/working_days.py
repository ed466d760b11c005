"""Working days (ngày làm việc): Monday to Friday without the holidays that the caller knows; pure Python.

    is_working_day(day, holidays)               whether work is done on that day
    working_days_after(day, count, holidays)    the day so many working days later; the first day does not count
    working_days_before(day, count, holidays)   the day so many working days earlier
    working_days_between(start, end, holidays)  how many working days lie after `start` up to `end`

Public holidays and days worked in exchange are announced every year and are no numbers of law: whoever knows them
passes them; without them a period is at most counted too short by the holidays in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether work is done on `day`."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days_after(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The day `count` working days after `day`, which itself does not count."""
    return _walk(day, count, 1, holidays)


def working_days_before(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The day `count` working days before `day`, which itself does not count."""
    return _walk(day, count, -1, holidays)


def working_days_between(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """The working days after `start` up to and with `end`; 0 when `end` lies before."""
    return sum(is_working_day(start + timedelta(days=n), holidays) for n in range(1, (end - start).days + 1))


def _walk(day: date, count: int, step: int, holidays: Collection[date]) -> date:
    while count > 0:
        day += timedelta(days=step)
        count -= is_working_day(day, holidays)
    return day
