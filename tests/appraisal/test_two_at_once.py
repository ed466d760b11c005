"""Two at once, over two real connections: entering beside submission, two heads approved beside each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction

from appraisal.models import Rating, UnitSubmission
from appraisal.services.entering import enter_rating
from appraisal.services.submitting import approve_unit, submit_unit
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal
from tests.appraisal.making import D, head_title, make_cycle, rate_own
from tests.factories.personnel import make_cadre, make_unit

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _in_own_connection(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()


def _until_somebody_waits() -> None:
    """Wait until another connection is blocked by this one."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waited for the lock")


def _together(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Run both; the second after the first holds its lock and before it commits."""
    held = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            first()
            held.set()
            _until_somebody_waits()

    def follow() -> None:
        held.wait(20)
        second()

    with ThreadPoolExecutor(2) as both:
        running = [both.submit(_in_own_connection, work) for work in (hold, follow)]
        for one in running:
            one.result(60)


def test_what_is_entered_while_a_unit_is_submitted_waits_and_is_refused() -> None:
    load_default_delegations()
    cycle, unit = make_cycle(), make_unit()
    cadre = make_cadre(unit=unit)
    args: dict[str, Any] = {"cycle": cycle, "acting_user": None}
    enter_rating(**args, cadre=cadre, values={"level": "good", "score": Decimal(80)}, version=None)
    rate_own(cycle, unit)

    def enter() -> None:
        with pytest.raises(ServiceRefusal, match="đã trình hoặc đã duyệt"):
            enter_rating(**args, cadre=cadre, values={"level": "completed", "score": Decimal(60)}, version=None)

    _together(lambda: submit_unit(**args, unit=unit), enter)
    assert Rating.objects.get(cadre=cadre).level == "good"
    assert UnitSubmission.objects.get(unit=unit).state == "submitted"


def test_a_submission_waits_for_what_is_being_entered_and_sees_it() -> None:
    load_default_delegations()
    cycle, unit = make_cycle(), make_unit()
    cadre = make_cadre(unit=unit)
    args: dict[str, Any] = {"cycle": cycle, "acting_user": None}
    enter_rating(**args, cadre=cadre, values={"level": "good", "score": Decimal(80)}, version=None)
    rate_own(cycle, unit)

    def submit() -> None:
        with pytest.raises(ServiceRefusal, match="1 người có mức xếp loại chưa đúng"):
            submit_unit(**args, unit=unit)

    _together(lambda: enter_rating(**args, cadre=cadre, values={"level": "excellent"}, version=None), submit)
    assert not UnitSubmission.objects.exists()


def test_two_heads_approved_at_once_are_counted_together() -> None:
    load_default_delegations()
    cycle, above, title = make_cycle(), make_unit(), head_title()
    args: dict[str, Any] = {"cycle": cycle, "acting_user": None}
    units = [make_unit(parent=above) for _ in range(7)]
    for place, unit in enumerate(units):
        level, score = ("excellent", 95) if place > 4 else ("good", 80)
        head = make_cadre(unit=unit, title=title)
        enter_rating(**args, cadre=head, values={"level": level, "score": Decimal(score)}, version=None)
        rate_own(cycle, unit, "excellent")
        submit_unit(**args, unit=unit)
        if place < 5:
            approve_unit(**args, unit=unit, day=D(2026, 12, 10))

    def approve_second() -> None:
        with pytest.raises(ServiceRefusal, match="2 xuất sắc, tối đa 1"):
            approve_unit(**args, unit=units[6], day=D(2026, 12, 10))

    _together(lambda: approve_unit(**args, unit=units[5], day=D(2026, 12, 10)), approve_second)
    assert UnitSubmission.objects.filter(state="approved").count() == 6
