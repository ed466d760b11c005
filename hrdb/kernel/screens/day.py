"""The asked day (`?day=2025-12-31`): what every screen shows is what held on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.links import DAY_KEY, with_query

TYPED_DAY = re.compile(r"\s*(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})\s*")
EARLIEST = date(1900, 1, 1)
LATEST_YEARS = 50


class AskedDayMiddleware:
    """Puts `day`, `today`, `is_past_day`, `is_other_day` and `day_fault` on the request.

    A day typed as people write it is sent on to the address that carries it in ISO form; today leaves the address.
    A day that cannot be read is shown as today, with a sentence in `day_fault`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        day = put_day(request)
        asked, today = request.GET.get(DAY_KEY), request.today  # type: ignore[attr-defined]
        if asked is not None and day and request.method == "GET" and asked != day.isoformat():
            return HttpResponseRedirect(
                with_query(request.get_full_path(), day=None if day == today else day.isoformat())
            )
        return self.get_response(request)


def put_day(request: HttpRequest) -> date | None:
    """Put the asked day and what follows from it on a request; answers None for a day that cannot be read."""
    today = timezone.localdate()
    asked = request.GET.get(DAY_KEY)
    day = read_day(asked) if asked else today
    request.today = today  # type: ignore[attr-defined]
    request.day = day or today  # type: ignore[attr-defined]
    request.is_past_day = request.day < today  # type: ignore[attr-defined]
    request.is_other_day = request.day != today  # type: ignore[attr-defined]
    request.day_fault = "" if day else f"«{asked}» không phải là ngày xem được."  # type: ignore[attr-defined]
    return day


def read_day(text: str) -> date | None:
    """A day as in an address (2025-12-31) or as typed (31/12/2025); None when it is none or out of reason."""
    typed = TYPED_DAY.fullmatch(text)
    try:
        day = date(int(typed[3]), int(typed[2]), int(typed[1])) if typed else date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= timezone.localdate() + timedelta(days=366 * LATEST_YEARS) else None


def usual_days(today: date) -> list[tuple[str, str]]:
    """Days that are asked for most, as (ISO, label): the ends of the last half-year and of the last two years."""
    ends = [date(today.year - 1, 12, 31), date(today.year - 2, 12, 31)]
    half = date(today.year, 6, 30)
    if half < today:
        ends.insert(0, half)
    return [(end.isoformat(), format_date(end)) for end in ends]
