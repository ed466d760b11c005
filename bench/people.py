"""The list of people, the profile and the tree of units at a province's size: queries, bytes, time; and the export."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.db.models import Count
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bench.pages import DRAWN_HERE, browser, officer
from personnel.models import Assignment, Cadre
from personnel.views.tabs import cadre_tabs

ROUNDS = 7
LIST_QUERIES, LIST_BYTES, PROFILE_QUERIES = 12, 60_000, 25
#: Ways to ask for the list, by what is told of them.
ASKED: dict[str, dict[str, str]] = {
    "first page": {},
    "everyone": {"state": "all"},
    "page 500": {"page": "500"},
    "a common name": {"q": "nguyen thi"},
    "a rare name": {"q": "hoang thi lan"},
    "a number": {"q": "010"},
    "leaders": {"leader": "on"},
    "minority women": {"minority": "on", "sex": "female"},
    "by completeness": {"sort": "completeness"},
    "incomplete": {"incomplete": "on"},
    "a past day": {"day": "2025-06-30"},
    "every column": {"columns": "name,post,degree,theory,rank,step,coefficient,party,ethnicity,religion,home"},
}


@dataclass(frozen=True)
class Page:
    """One address as measured: queries, bytes, seconds as the reader waits, and how many of them are Python's."""

    queries: int
    size: int
    seconds: float
    processor: float

    def __str__(self) -> str:
        return (
            f"{self.queries} queries, {self.size / 1000:.1f} KB, {self.seconds * 1000:.0f} ms "
            f"({self.processor * 1000:.0f} ms of it Python)"
        )


def run() -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with override_settings(**DRAWN_HERE), transaction.atomic():
        client = browser(officer("bench-people"))
        yield f"{Cadre.objects.count():,} people"
        yield from _lists(client)
        yield from _profile(client)
        yield f"tree of units: {_page(client, reverse('personnel:unit-tree'))}"
        yield from _export(client)
        transaction.set_rollback(True)


def _lists(client: Client) -> Iterator[str]:
    pages = {}
    for name, asked in ASKED.items():
        pages[name] = _page(client, reverse("personnel:cadre-list"), **asked)
        yield f"  list, {name}: {pages[name]}"
    queries, size = (max(getattr(page, name) for page in pages.values()) for name in ("queries", "size"))
    yield f"list: {queries} queries (at most {LIST_QUERIES}), {size / 1000:.1f} KB (at most {LIST_BYTES // 1000})"


def _profile(client: Client) -> Iterator[str]:
    """The record with the longest career, tab by tab."""
    held = Assignment.objects.values_list("cadre_id").annotate(number=Count("pk")).order_by("-number")
    address = reverse("personnel:cadre-detail", args=[held[0][0]])
    pages = {}
    for tab in sorted(cadre_tabs, key=lambda tab: tab.order):
        pages[tab.key] = _page(client, address, tab=tab.key)
        yield f"  profile, {tab.key}: {pages[tab.key]}"
    yield f"profile: {max(page.queries for page in pages.values())} queries (at most {PROFILE_QUERIES})"


def _page(client: Client, address: str, **asked: str) -> Page:
    def get() -> HttpResponseBase:
        return _got(client, address, asked)

    with CaptureQueriesContext(connection) as queries:
        size = len(get().content)  # type: ignore[attr-defined]
    count = len(queries)  # the next request forgets them
    taken = [_timed(get) for _ in range(ROUNDS)]
    seconds, processor = (median(column) for column in zip(*taken, strict=True))
    return Page(count, size, seconds, processor)


def _got(client: Client, address: str, asked: dict[str, str]) -> Any:
    response = client.get(address, asked)
    if response.status_code != 200:
        raise RuntimeError(f"{address} {asked}: {response.status_code}")
    return response


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - processor


def _export(client: Client) -> Iterator[str]:
    """Everybody as a workbook, beside the same cells written by bare XlsxWriter."""
    few, _, _ = _exported(client, q="hoang thi lan")
    queries, seconds, content = _exported(client, state="all")
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    bare, _ = _timed(lambda: _written(cells))
    yield (
        f"export: {len(cells):,} rows x {len(cells[-1])} columns in {seconds:.1f} s, "
        f"{queries} queries ({few} for a few people)"
    )
    yield f"ratio export / bare XlsxWriter with the same cells: {seconds / bare:.2f}"


def _exported(client: Client, **asked: str) -> tuple[int, float, bytes]:
    contents: list[bytes] = []
    address = reverse("personnel:cadre-list")
    with CaptureQueriesContext(connection) as queries:
        seconds, _ = _timed(lambda: contents.append(_got(client, address, {**asked, "export": "xlsx"}).content))
    return len(queries), seconds, contents[0]


def _written(cells: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(cells):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    book.close()
