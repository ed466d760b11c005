"""What every page's template sees: the asked day, the look, the way to search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.day import usual_days
from hrdb.kernel.screens.links import DAY_KEY, with_query

THEME_COOKIE = "hr-theme"
THEMES = ("auto", "light", "dark")


def screens(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the frame; cheap, asks the database nothing."""
    today = getattr(request, "today", None) or timezone.localdate()
    day = getattr(request, "day", today)
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "title": "",
        "lead": "",
        "actions": (),
        "crumbs": (),
        "is_fragment": False,
        "today": today,
        "day": day,
        "day_text": format_date(day),
        "is_other_day": day != today,
        "is_past_day": day < today,
        "day_fault": getattr(request, "day_fault", ""),
        "usual_days": [
            (with_query(request.get_full_path(), day=iso, page=None), text) for iso, text in usual_days(today)
        ],
        "today_url": with_query(request.get_full_path(), **{DAY_KEY: None}),
        "kept_for_day": _kept_for_day(request),
        "theme": theme if theme in THEMES else "auto",
        "search_url": _address("kernel:search"),
        "password_url": _address("kernel:password-change"),
        "logout_url": _address("kernel:logout"),
    }


def _kept_for_day(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form that asks for another day carries along of the address."""
    asked = [(key, one) for key, values in request.GET.lists() for one in values]
    return [(key, one) for key, one in asked if key not in (DAY_KEY, "filters", "page")]


def _address(name: str) -> str:
    """The address of a view of the frame, empty where a site does without it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
