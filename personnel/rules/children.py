"""Small children (con nhỏ), for whose sake rules wait: a child under an age in months on a day; pure Python.

child_under(has_child, youngest_born, months, day) -> bool | None
    whether a child is younger; None when it is not known
grown_on(youngest_born, months) -> date
    the day on which the child is no longer younger
"""

from __future__ import annotations

from datetime import date

from hrdb.kernel.dates import PartialDate, add_months, counted_day, last_of_month, month_index


def child_under(
    *, has_child: bool | None, youngest_born: PartialDate | date | None, months: int, day: date
) -> bool | None:
    """Whether the youngest child is younger than so many months on `day`; None when it is not known.

    Of a birth known by year or month alone the child counts as younger as long as it may be.
    """
    if has_child is False:
        return False
    if has_child is None or youngest_born is None:
        return None
    return counted_day(youngest_born) <= day < grown_on(youngest_born=youngest_born, months=months)


def grown_on(*, youngest_born: PartialDate | date, months: int) -> date:
    """The day on which the child reaches so many months, counted from the last day on which it may have been born."""
    born = counted_day(youngest_born)
    precision = youngest_born.precision if isinstance(youngest_born, PartialDate) else "day"
    if precision == "year":
        born = date(born.year, 12, 31)
    elif precision == "month":
        born = last_of_month(month_index(born))
    return add_months(born, months)
