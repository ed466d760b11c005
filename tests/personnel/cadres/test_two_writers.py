"""Two people at one row: the second is told, sees both values, and loses nothing."""

from __future__ import annotations

import datetime
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.http import HttpResponse

from hrdb.kernel.history import history_model
from personnel.models import Cadre, HealthCheck
from personnel.policies import Role
from personnel.services.records import correct_row, lock_cadre
from tests.factories.personnel import make, make_cadre, make_unit, make_user
from tests.personnel.cadres.pages import send, show, signed_in, text_of, typed

D = datetime.date


def _differences(html: str) -> list[list[str]]:
    """The rows of the table that shows both values."""
    table = re.search(r"Chỗ khác nhau.*?</table>", html, re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr>(.*?)</tr>", table[0].split("<tbody>")[1], re.DOTALL)
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]


@pytest.mark.django_db
def test_the_second_sees_both_values_and_may_write_knowingly() -> None:
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    row = make(HealthCheck, cadre=cadre, checked_on=D(2026, 1, 10), status="Loại I", facility="Bệnh viện tỉnh")
    address = ("personnel:record-correct", cadre.pk, "health", row.pk)
    first, second = (signed_in(make_user(Role.UNIT_OFFICER, unit=unit)) for _ in range(2))
    opened_first, opened_second = typed(show(first, *address)), typed(show(second, *address))
    send(first, *address, data=opened_first | {"status": "Loại II", "reason": "đọc nhầm kết luận"})
    mine = opened_second | {"status": "Loại III", "facility": "Bệnh viện 103", "reason": "theo sổ khám bệnh"}
    answer = send(second, *address, data=mine, status=409)
    html = text_of(answer)
    assert "vừa được người khác sửa" in html
    assert _differences(html) == [
        ["Tình trạng sức khỏe", "Loại II", "Loại III"],
        ["Nơi khám", "Bệnh viện tỉnh", "Bệnh viện 103"],
    ]
    row.refresh_from_db()
    assert row.status == "Loại II"
    kept = typed(html)
    assert {name: kept[name] for name in ("status", "facility", "reason")} == {
        name: mine[name] for name in ("status", "facility", "reason")
    }
    send(second, *address, data=kept)
    row.refresh_from_db()
    assert (row.status, row.facility) == ("Loại III", "Bệnh viện 103")
    kinds = history_model(HealthCheck).objects.filter(id=row.pk).order_by("history_id").values_list("status", flat=True)
    assert list(kinds) == ["Loại I", "Loại II", "Loại III"]


@pytest.mark.django_db
def test_the_persons_own_row_is_guarded_the_same_way() -> None:
    unit = make_unit()
    cadre = make_cadre(unit=unit, phone="0900")
    address = ("personnel:cadre-correct", cadre.pk, "contact")
    first, second = (signed_in(make_user(Role.UNIT_OFFICER, unit=unit)) for _ in range(2))
    opened = typed(show(second, *address))
    send(first, *address, data=typed(show(first, *address)) | {"phone": "0911", "reason": "đổi số điện thoại"})
    html = text_of(send(second, *address, data=opened | {"phone": "0922", "reason": "số mới hơn"}, status=409))
    assert _differences(html) == [["Số điện thoại", "0911", "0922"]]
    assert Cadre.objects.get(pk=cadre.pk).phone == "0911"


def _in_own_connection(work: Any) -> Any:
    """Run in this thread, and close the connection that the thread opened."""
    try:
        return work()
    finally:
        connections.close_all()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_writer_who_waits_for_the_lock_is_told_what_was_written_meanwhile() -> None:
    """Two real connections: the form passes every check, waits for the row, and meets another version."""
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    row = make(HealthCheck, cadre=cadre, checked_on=D(2026, 1, 10), status="Loại I")
    address = ("personnel:record-correct", cadre.pk, "health", row.pk)
    second = signed_in(make_user(Role.UNIT_OFFICER, unit=unit))
    data = typed(show(second, *address)) | {"status": "Loại III", "reason": "theo sổ khám bệnh"}
    locked, answered = threading.Event(), threading.Event()

    def write_first() -> None:
        with transaction.atomic():
            lock_cadre(cadre.pk, acting_user=None)
            locked.set()
            _until_somebody_waits()
            correct_row(
                row=HealthCheck.objects.get(pk=row.pk),
                values={"status": "Loại II"},
                version=None,
                acting_user=None,
                reason="đọc nhầm kết luận",
            )
            assert not answered.is_set()

    def write_second() -> HttpResponse:
        locked.wait(10)
        answer = send(second, *address, data=data, status=409)
        answered.set()
        return answer

    with ThreadPoolExecutor(2) as both:
        first = both.submit(_in_own_connection, write_first)
        second_writer = both.submit(_in_own_connection, write_second)
        first.result(30)
        answer = second_writer.result(30)
    assert _differences(text_of(answer)) == [["Tình trạng sức khỏe", "Loại II", "Loại III"]]
    assert typed(text_of(answer))["status"] == "Loại III"
    row.refresh_from_db()
    assert row.status == "Loại II"


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
