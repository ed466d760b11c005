"""Filters that write values for Vietnamese eyes; see hrdb.kernel.screens.formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.screens import formats

register = template.Library()


@register.filter
def as_date(value: date | PartialDate | None) -> str:
    """31/12/2025; a moment as 08:30 31/12/2025; a partial date as far as known."""
    return formats.date_text(value)


@register.filter
def as_month(value: date | PartialDate | None) -> str:
    """12/2025."""
    return formats.month_text(value) if value is not None else formats.NOTHING


@register.filter
def as_number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """3.902 and 4,74."""
    return formats.number_text(value, decimals)


@register.filter
def as_percent(ratio: float | Decimal | None, decimals: int = 1) -> str:
    """A ratio 0.174 as 17,4%."""
    return formats.percent_text(ratio, decimals)


@register.filter
def as_masked(value: str | None) -> SafeString:
    """A number of which only the ends are shown."""
    return format_html('<span class="mask" aria-label="đã che">{}</span>', formats.masked_text(value))


@register.filter
def as_value(value: Any) -> str:
    """Any value as text; what is missing as a dash."""
    return formats.value_text(value)


@register.filter
def as_period(dated: Any) -> str:
    """The period of a dated row by months: 08/2024 – nay."""
    return formats.period_text(dated.effective_from, dated.effective_until)


@register.filter
def as_days(dated: Any) -> str:
    """The period of a dated row by days, with its last day: 01/08/2024 – 31/07/2029."""
    return formats.period_text(dated.effective_from, dated.effective_until, months=False)


@register.simple_tag
def period(start: date | PartialDate | None, until: date | None = None, months: bool = True) -> str:
    """A half-open period from its two days."""
    return formats.period_text(start, until, months=months)


@register.simple_tag
def share(count: int, total: int) -> SafeString:
    """A count with its share beside it in grey: 168 41%."""
    ratio = formats.share_text(count, total)
    below = format_html(" <small>{}</small>", ratio) if ratio else ""
    return format_html('<span class="share">{}{}</span>', formats.number_text(count), below)
