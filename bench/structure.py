"""The page of structure at a province's size, against its own single query: what asking, adding up and drawing cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.generated import generate_province
from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.models import Cadre, Grant
from personnel.policies import Role
from personnel.statistics import structure

PEOPLE = 60_000
ROUNDS = 11
QUERY_START = "WITH people AS MATERIALIZED"
PROMISED_QUERIES, PROMISED_RATIO = 15, 1.3

#: A page is drawn here without collected static files, by http, for the test client.
DRAWN_HERE = {
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
}


def run() -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with override_settings(**DRAWN_HERE), transaction.atomic():
        yield _people()
        client, day = _officer(), timezone.localdate()
        page = _getter(client, day)
        queries, raw = _own_query(page)
        times = _interleaved(
            {
                "raw": raw,
                "table": lambda: structure(user=None, day=day),
                "page": page,
                "full page": _getter(client, day, show="all"),
            }
        )
        shown = "; ".join(f"{name} {median(seconds) * 1000:.0f} ms" for name, seconds in times.items())
        yield f"{shown} (median of {ROUNDS}, in turn)"
        yield f"queries of the page: {queries} (at most {PROMISED_QUERIES})"
        yield f"page / own raw query: {_ratio(times, 'page'):.2f} (at most {PROMISED_RATIO})"
        yield f"table / own raw query: {_ratio(times, 'table'):.2f}"
        transaction.set_rollback(True)


def _people() -> str:
    """Use the people that are there when they are a province's number, else make them up."""
    found = Cadre.objects.count()
    if found < PEOPLE:
        generate_province(people=PEOPLE - found)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return f"{Cadre.objects.count():,} people"


def _officer() -> Client:
    """A signed-in browser of an officer of the whole province."""
    with writing(acting_user=None, reason="so sánh tốc độ"):
        user = User.objects.create(username="bench-structure")
        Grant(user=user, role=Role.PROVINCE_OFFICER, effective_from=date(2000, 1, 1)).save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _getter(client: Client, day: date, **asked: str) -> Callable[[], Any]:
    """Gets the page."""
    address = reverse("personnel:structure")

    def get() -> None:
        response = client.get(address, {"day": day.isoformat(), **asked}, follow=True)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")

    return get


def _own_query(page: Callable[[], Any]) -> tuple[int, Callable[[], Any]]:
    """How many queries the page takes, and its grouped one alone: executed and fetched."""
    kept: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(QUERY_START):
            kept.append((sql, params))
        return execute(sql, params, many, context)

    page()
    with connection.execute_wrapper(keep), CaptureQueriesContext(connection) as caught:
        page()
    [(sql, params)] = kept

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return len(caught), raw


def _ratio(times: dict[str, list[float]], name: str) -> float:
    """The median of the rounds' ratios to the raw query: both of a round met the same mood of the machine."""
    return median(one / raw for one, raw in zip(times[name], times["raw"], strict=True))


def _interleaved(acts: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Seconds of each act, all in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    for act in acts.values():
        act()
    for _ in range(ROUNDS):
        for name, act in acts.items():
            begun = time.perf_counter()
            act()
            seconds[name].append(time.perf_counter() - begun)
    return seconds
