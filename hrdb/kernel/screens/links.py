"""Addresses that keep the asked day: every link of a page goes through here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

DAY_KEY = "day"


def asked_day(request: HttpRequest) -> date:
    """The day that the reader asks about: today unless the address says another."""
    day: date = getattr(request, "day", None) or timezone.localdate()
    return day


def with_query(url: str, /, **changes: object) -> str:
    """`url` with query parameters set; None and "" take a parameter away, a list repeats it."""
    parts = urlsplit(url)
    pairs = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in changes]
    for key, value in changes.items():
        if isinstance(value, str) or not isinstance(value, Iterable):
            pairs += [(key, str(value))] if value not in (None, "") else []
        else:
            pairs += [(key, str(one)) for one in value]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def with_day(request: HttpRequest | None, url: str) -> str:
    """`url` carrying the asked day when it is another than today; addresses of other sites stay as they are."""
    if request is None or not getattr(request, "is_other_day", False) or urlsplit(url).netloc:
        return url
    return with_query(url, **{DAY_KEY: asked_day(request).isoformat()})


def link(request: HttpRequest, view_name: str, *args: object, **query: object) -> str:
    """The address of a view (`args` fill its path, `query` its parameters) for the asked day."""
    return with_day(request, with_query(reverse(view_name, args=args), **query))
