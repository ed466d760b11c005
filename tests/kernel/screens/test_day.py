"""The asked day: read, kept in every link, set back."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.test import Client, RequestFactory

from hrdb.kernel.screens.day import AskedDayMiddleware, read_day, usual_days
from hrdb.kernel.screens.links import with_day, with_query

NOON = "2026-11-24 12:00:00+07:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-12-31", date(2025, 12, 31)),
        ("31/12/2025", date(2025, 12, 31)),
        ("1.2.2025", date(2025, 2, 1)),
        ("31/02/2025", None),
        ("1025-01-01", None),
        ("9999-01-01", None),
        ("hôm qua", None),
    ],
)
def test_reading(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_usual_days() -> None:
    assert [text for _, text in usual_days(date(2026, 11, 24))] == ["30/06/2026", "31/12/2025", "31/12/2024"]
    assert [text for _, text in usual_days(date(2026, 3, 1))] == ["31/12/2025", "31/12/2024"]


@time_machine.travel(NOON, tick=False)
def test_request_carries_the_day(rf: RequestFactory) -> None:
    request = rf.get("/x/?day=2025-12-31")
    AskedDayMiddleware(lambda request: None)(request)  # type: ignore[arg-type, return-value]
    assert (request.day, request.today, request.is_past_day, request.is_other_day) == (  # type: ignore[attr-defined]
        date(2025, 12, 31),
        date(2026, 11, 24),
        True,
        True,
    )
    assert with_day(request, "/y/?a=1") == "/y/?a=1&day=2025-12-31"
    assert with_day(request, "https://example.org/") == "https://example.org/"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("asked", "address"),
    [("31/12/2025", "/gallery/people/?q=a&day=2025-12-31"), ("24/11/2026", "/gallery/people/?q=a")],
)
def test_typed_days_are_sent_on(page: Client, asked: str, address: str) -> None:
    response = page.get("/gallery/people/", {"q": "a", "day": asked})
    assert (response.status_code, response["Location"]) == (302, address)


@time_machine.travel(NOON, tick=False)
def test_every_link_keeps_another_day(page: Client) -> None:
    text = page.get("/gallery/people/?day=2025-12-31").content.decode()
    shell = text[: text.index('<details class="menu to-end day')] + text[text.index("<main") :]
    links = re.findall(r'href="(/[^"]*)"', shell)
    kept = [link for link in links if "day=2025-12-31" in link]
    left = {link for link in links if link not in kept and not link.startswith("/static/")}
    assert left <= {"/gallery/people/"}, left  # only the way back to today
    assert len(kept) > 50
    assert "Đang xem dữ liệu như đã có hiệu lực ngày 31/12/2025" in text


def test_unreadable_day_is_said(page: Client) -> None:
    text = page.get("/gallery/people/?day=2025-02-31").content.decode()
    assert "«2025-02-31» không phải là ngày xem được." in text
    assert "Đang xem dữ liệu" not in text


def test_queries_of_addresses() -> None:
    assert with_query("/x/?a=1&b=2", a=None, c=["1", "2"]) == "/x/?b=2&c=1&c=2"
    assert with_query("/x/?q=%C4%90%C3%A0", page=2) == "/x/?q=%C4%90%C3%A0&page=2"
