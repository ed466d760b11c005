"""How values are written for Vietnamese eyes: dates dd/mm/yyyy, decimal comma, thousands point; pure Python."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from hrdb.kernel.dates import PartialDate, format_date

NOTHING = "—"
LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Number = int | float | Decimal


def date_text(value: date | datetime | PartialDate | None) -> str:
    """A day as `dd/mm/yyyy`, a moment as `HH:MM dd/mm/yyyy`, a partial date as far as it is known."""
    if value is None:
        return NOTHING
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, datetime):
        moment = value.astimezone(LOCAL_ZONE) if value.tzinfo else value
        return f"{moment:%H:%M} {format_date(moment.date())}"
    return format_date(value)


def number_text(value: Number | None, decimals: int | None = None) -> str:
    """A number with a thousands point and a decimal comma: `3.902`, `4,74`; zeros at the end go without `decimals`."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value))
    if decimals is None:
        text = f"{exact.normalize():,f}"
    else:
        text = f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP):,f}"
    return text.translate(str.maketrans(",.", ".,"))


def percent_text(ratio: Number | None, decimals: int = 1) -> str:
    """A ratio (0.174) as `17,4%`; whole results lose their zero decimals."""
    if ratio is None:
        return NOTHING
    rounded = (Decimal(str(ratio)) * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{number_text(rounded)}%"


def share_text(count: Number, total: Number) -> str:
    """The share of `count` in `total` in whole per cent, empty when there is nothing to divide by."""
    return percent_text(Decimal(str(count)) / Decimal(str(total)), 0) if total else ""


def masked_text(value: str | None, first: int = 1, last: int = 3) -> str:
    """A number of which only the ends are shown: `0••••••••214`; a short one is hidden whole."""
    if not value:
        return NOTHING
    if len(value) <= first + last:
        return "•" * len(value)
    return value[:first] + "•" * (len(value) - first - last) + value[-last:]


def month_text(value: date | PartialDate) -> str:
    """The month of a day as `mm/yyyy`, or only the year when no more is known."""
    if isinstance(value, PartialDate):
        return value.text if value.precision == "year" else format_date(value.value, "month")
    return format_date(value, "month")


def period_text(start: date | PartialDate | None, until: date | None, *, months: bool = True) -> str:
    """A half-open period as people say it, with its last day: `08/2024 – nay`, `03/2020 – 07/2024`.

    `until` is the first day on which it no longer held. With `months=False` whole days are shown.
    """
    write = month_text if months else date_text
    begin = write(start) if start is not None else ""
    if until is None:
        return f"{begin} – nay" if begin else "đến nay"
    end = write(until - timedelta(days=1))
    if not begin:
        return f"đến {end}"
    return begin if begin == end else f"{begin} – {end}"


def value_text(value: object) -> str:
    """Any value as plain text, as list cells and definition grids show it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date | PartialDate):
        return date_text(value)
    if isinstance(value, int | float | Decimal):
        return number_text(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(value_text(part) for part in value) or NOTHING
    return str(value)
