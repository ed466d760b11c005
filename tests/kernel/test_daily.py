"""Works of every day: done when the worker starts and when a day begins; one that fails stops no other."""

from __future__ import annotations

import datetime
import logging
import threading

import pytest
import time_machine

from hrdb.kernel import daily
from hrdb.kernel.daily import Calendar, DailyWork, daily_works, do_daily_works

EVENING = datetime.datetime(2026, 12, 31, 16, 30, tzinfo=datetime.UTC)
"""Half past eleven in the evening of New Year's Eve in Hanoi."""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[datetime.date]:
    """The days for which the only work was done; the connection stays open for the test."""
    days: list[datetime.date] = []
    monkeypatch.setattr(daily_works, "_entries", {"a": DailyWork("a", "Việc thử", days.append)})
    monkeypatch.setattr(daily, "connection", type("Open", (), {"close": staticmethod(lambda: None)}))
    return days


def test_a_new_day_is_noticed_once(done: list[datetime.date]) -> None:
    calendar = Calendar(done_for=datetime.date(2026, 12, 31))
    with time_machine.travel(EVENING, tick=False) as clock:
        assert calendar.look()
        assert done == []
        clock.shift(datetime.timedelta(minutes=31))
        assert calendar.look()
        assert calendar.look()
        assert done == [datetime.date(2027, 1, 1)]


def test_what_fails_is_logged_keeps_nothing_else_and_is_tried_again(
    done: list[datetime.date], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = iter([OSError("không có mạng"), None])

    def fail_once(day: datetime.date) -> None:
        if (fault := next(faults)) is not None:
            raise fault

    monkeypatch.setitem(daily_works._entries, "0", DailyWork("0", "Việc hỏng", fail_once))
    calendar = Calendar(done_for=datetime.date(2026, 12, 30))
    with time_machine.travel(EVENING, tick=False), caplog.at_level(logging.ERROR, logger="hrdb.daily"):
        assert not calendar.look()
        assert "Việc hằng ngày «Việc hỏng» không thành công" in caplog.text
        assert calendar.look()
    assert done == [datetime.date(2026, 12, 31)] * 2


def test_the_calendar_looks_by_itself_until_it_is_ended(
    done: list[datetime.date], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    monkeypatch.setattr(daily, "BETWEEN_LOOKS", 0.01)
    calendar = Calendar(done_for=datetime.date(2000, 1, 1))
    monkeypatch.setattr(calendar, "look", lambda: looked.set() or True)
    calendar.start()
    assert looked.wait(5)
    calendar.end()
    calendar.join(5)
    assert not calendar.is_alive()


def test_old_results_and_permissions_are_works_of_every_day() -> None:
    assert {"old-results", "project-grants"} <= set(daily_works.keys())


@pytest.mark.django_db
def test_all_of_them_can_be_done() -> None:
    assert do_daily_works(datetime.date.today()) == 0
