"""What must be done anew every day (việc hằng ngày): the worker does it when it starts, and when a new day begins.

    @daily("forget-old", "Xóa tệp cũ")
    def forget_old(day: date) -> None: ...

A work may be done twice and by several workers at once: it makes things as they should be on the day.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from hrdb.kernel.registries import Registry

logger = logging.getLogger("hrdb.daily")

BETWEEN_LOOKS, BETWEEN_TRIES = 30.0, 600.0
"""Seconds between two looks at the calendar, and until works that failed are tried again."""


@dataclass(frozen=True)
class DailyWork:
    """One work: its key, its name in the log, and the function that does it for a day."""

    key: str
    label: str
    run: Callable[[date], object]


daily_works: Registry[DailyWork] = Registry("việc hằng ngày")


def daily(key: str, label: str) -> Callable[[Callable[[date], object]], Callable[[date], object]]:
    """Register a function `run(day)` as work of every day."""

    def register(function: Callable[[date], object]) -> Callable[[date], object]:
        daily_works.register(DailyWork(key=key, label=label, run=function))
        return function

    return register


def do_daily_works(day: date) -> int:
    """Do everything for a day; what fails is logged and keeps nothing else from being done. Answers how many failed."""
    failed = 0
    for work in daily_works:
        try:
            work.run(day)
        except Exception:
            logger.exception("Việc hằng ngày «%s» không thành công", work.label)
            failed += 1
    return failed


class Calendar(threading.Thread):
    """Watches for a new day beside a worker's own work; ends with the process."""

    def __init__(self, done_for: date) -> None:
        super().__init__(name="daily", daemon=True)
        self.done_for = done_for
        self._ended = threading.Event()

    def run(self) -> None:
        """Look at the calendar until told to end."""
        pause = BETWEEN_LOOKS
        while not self._ended.wait(pause):
            pause = BETWEEN_LOOKS if self.look() else BETWEEN_TRIES

    def look(self) -> bool:
        """Do the works of a day that has begun since they were done; False when some must be tried again."""
        today = timezone.localdate()
        if today == self.done_for:
            return True
        try:
            if do_daily_works(today):
                return False
        finally:
            connection.close()
        self.done_for = today
        return True

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
