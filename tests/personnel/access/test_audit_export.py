"""The sealed answer of the audit trail at any size: at once, as a job, in sums, or refused with an offer to narrow."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.audit import log, writing
from hrdb.kernel.models import AuditEvent, Job, User
from personnel.exports import audit as exporting
from personnel.models import Cadre, Unit
from personnel.models.written import MOST_ROWS, About, changes_of, counts_of
from personnel.policies import Role
from personnel.services.seals import find_seal
from personnel.views import audit as screens
from tests.factories.personnel import make_cadre, make_unit, make_user

pytestmark = pytest.mark.django_db

LIST = "/nhat-ky/"
EXPORT = f"{LIST}?export=xlsx"


@pytest.fixture
def unit() -> Unit:
    return make_unit(parent=make_unit("GOC"))


@pytest.fixture
def inspector(client: Client, unit: Unit) -> User:
    user = make_user(Role.INSPECTOR, unit=unit)
    client.force_login(user)
    return user


def write_many(unit: Unit, number: int, reason: str = "nhập danh sách", phone: str = "0203") -> list[Cadre]:
    """Several people changed by one event, as a list that is taken in does."""
    people = [make_cadre(unit=unit) for _ in range(number)]
    with writing(acting_user=None, reason=reason, action=AuditEvent.Action.IMPORT):
        for person in people:
            person.phone = phone
            person.save()
    return people


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The sheets of an answer as rows."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.values) for sheet in book}


def result_of(client: Client, job: Job) -> bytes:
    """What the owner of a job fetches."""
    answer = client.get(reverse("kernel:job-result", args=[job.key]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("inspector")
def test_a_small_answer_comes_at_once(client: Client, unit: Unit) -> None:
    write_many(unit, 3)
    assert client.get(EXPORT)["Content-Type"].startswith("application/vnd.openxml")
    assert not Job.objects.exists()


@pytest.mark.usefixtures("inspector")
def test_what_weighs_are_the_rows_that_were_written_not_only_the_events(
    client: Client, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(unit, 30)
    events = AuditEvent.objects.filter(reason="nhập danh sách").count()
    monkeypatch.setattr(screens.AuditList, "export_at_once", 20)
    asked = client.get(EXPORT, {"export": "xlsx", "cause": "nhập danh sách"})
    assert events == 1
    assert f"Xuất {events} sự kiện ra một tệp Excel?" in asked.content.decode()
    assert "dấu xác nhận để kiểm tra về sau" in asked.content.decode()
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).exists(), "asking exports nothing"


def test_a_long_answer_is_a_job_whose_file_carries_a_seal_that_holds(
    client: Client, unit: Unit, inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = write_many(unit, 5)
    monkeypatch.setattr(screens.AuditList, "export_at_once", 0)
    client.post(f"{EXPORT}&cause=danh", REMOTE_ADDR="10.3.2.1")
    job = Job.objects.get()
    assert (job.state, job.error) == (Job.State.DONE, "")
    content = result_of(client, job)
    told = sheets(content)
    assert sum(row[6:] == ("số điện thoại", None, "0203") or row[8] == "0203" for row in told["Thay đổi"]) == 5
    issued = AuditEvent.objects.get(action=AuditEvent.Action.EXPORT)
    assert (issued.user, issued.address) == (inspector, "10.3.2.1")
    assert set(issued.details["people"]) >= {person.pk for person in people}
    assert find_seal(told["Dấu xác nhận"][0][1]) == issued
    checked = client.post(reverse("personnel:audit-seal"), {"file": io.BytesIO(content), "seal": ""})
    assert "Khớp: nội dung đúng như hệ thống đã xuất." in checked.content.decode()


@pytest.mark.usefixtures("inspector")
def test_an_event_that_took_in_a_whole_list_is_told_in_sums(
    client: Client, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS_OF_EVENT", 4)
    outside = make_cadre()
    people = [make_cadre(unit=unit) for _ in range(6)]
    with writing(acting_user=None, reason="nhập cả danh sách", action=AuditEvent.Action.IMPORT) as event:
        for person in [*people, outside]:
            person.phone = "0203"
            person.save()
    answer = sheets(client.get(EXPORT, {"export": "xlsx", "cause": "nhập cả"}).content)
    rows = [row for row in answer["Thay đổi"] if row[0] == str(event.pk)]
    assert [(row[3], row[5], row[6], row[8]) for row in rows] == [("6 người", "sửa", "Tổng số dòng", "6")]
    assert any("1 sự kiện ghi quá 4 dòng" in str(row[1]) for row in answer["Dấu xác nhận"])
    person = people[0]
    answer = sheets(client.get(EXPORT, {"export": "xlsx", "cadre": person.pk}).content)
    rows = [row for row in answer["Thay đổi"] if row[0] == str(event.pk)]
    assert [(row[3], row[6], row[8]) for row in rows] == [(person.full_name, "số điện thoại", "0203")]


@pytest.mark.usefixtures("inspector")
def test_the_answer_about_one_person_holds_nothing_of_others(client: Client, unit: Unit) -> None:
    person, *others = write_many(unit, 4)
    for asked in ({"cadre": person.pk}, {"person": person.full_name}):
        content = client.get(EXPORT, {"export": "xlsx", **asked}).content
        told = {row[3] for row in sheets(content)["Thay đổi"][1:]}
        assert told == {person.full_name}
    issued = AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT).order_by("-pk")[0]
    assert issued.details["people"] == [person.pk]
    assert others


@pytest.mark.usefixtures("inspector")
def test_too_many_events_are_refused_and_offered_by_months_then_days(
    client: Client, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, now = make_cadre(unit=unit), timezone.now()
    for days, number in ((0, 2), (1, 1), (200, 3)):
        for _ in range(number):
            event = log(AuditEvent.Action.READ_SENSITIVE, user=None, subject=person)
            moved = AuditEvent(user=None, action=event.action, subject_type=event.subject_type, subject_id=person.pk)
            moved.moment = now - datetime.timedelta(days=days)
            moved.save(force_insert=True)
    monkeypatch.setattr(screens, "MOST_EVENTS", 3)
    text = client.get(EXPORT, {"export": "xlsx", "cadre": person.pk}).content.decode()
    assert "Mỗi tệp nhiều nhất 3 sự kiện. Hãy thu hẹp thời gian" in text
    before = timezone.localtime(now - datetime.timedelta(days=200))
    first = before.date().replace(day=1)
    assert f">Tháng {before:%m/%Y}</a>" in text
    assert f"since={first:%d%%2F%m%%2F%Y}" in text
    assert f"cadre={person.pk}" in text
    month = client.get(EXPORT, {"export": "xlsx", "cadre": person.pk, "since": f"{now:%d/%m/%Y}"}).content.decode()
    assert f">Ngày {timezone.localtime(now):%d/%m/%Y}</a>" in month
    assert client.post(f"{EXPORT}&cadre={person.pk}").status_code == 422
    assert not Job.objects.exists()


@pytest.mark.usefixtures("inspector")
def test_too_many_written_rows_are_refused_with_their_number(
    client: Client, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(unit, 8)
    monkeypatch.setattr(screens, "MOST_ROWS", 7)
    text = client.get(EXPORT, {"export": "xlsx", "cause": "nhập danh sách"}).content.decode()
    assert "đã sửa 8 dòng dữ liệu; mỗi tệp ghi nhiều nhất 7 dòng" in text
    assert ">Ngày " in text


def test_a_job_of_an_inspector_whose_role_has_ended_makes_nothing(
    client: Client, unit: Unit, inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from personnel.models import Grant
    from personnel.services import grants

    write_many(unit, 3)
    job = Job.objects.create(owner=inspector, kind="list-export", parameters={"url": EXPORT, "address": None})
    grants.end_grant(
        grant=Grant.objects.get(user=inspector), first_day_without=timezone.localdate(), acting_user=None, reason="hết"
    )
    from hrdb.kernel.jobs import run_job

    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Tài khoản không còn quyền thực hiện việc này.")


def test_counts_are_those_of_the_readers_scope(unit: Unit, inspector: User) -> None:
    inside, outside = make_cadre(unit=unit), make_cadre()
    with writing(acting_user=None, reason="cả hai") as event:
        for person in (inside, outside):
            person.phone = "1"
            person.save()
    (mine,) = counts_of([event.pk], user=inspector)
    assert (mine.model, mine.kind, mine.rows, mine.people) == (Cadre, "~", 1, 1)
    (all_of_it,) = counts_of([event.pk], user=None)
    assert (all_of_it.rows, all_of_it.people) == (2, 2)
    assert counts_of([event.pk], user=None, about=About(people=(outside.pk,)))[0].rows == 1
    assert counts_of([event.pk], user=inspector, about=About(people=(outside.pk,))) == []


@pytest.mark.usefixtures("inspector")
def test_the_page_of_a_large_event_shows_sums_and_a_bounded_number_of_rows(client: Client, unit: Unit) -> None:
    people = [make_cadre(unit=unit) for _ in range(MOST_ROWS // 2 + 10)]
    with writing(acting_user=None, reason="nhiều", action=AuditEvent.Action.IMPORT) as event:
        for phone in ("1", "2"):
            for person in people:
                person.phone = phone
                person.save()
    text = client.get(reverse("personnel:audit-detail", args=[event.pk])).content.decode()
    assert len(changes_of(event, user=None)) == MOST_ROWS
    assert "Sự kiện này ghi nhiều dòng" in text
    assert "Còn 20 dòng khác" in text
    assert text.count("<ins>") == MOST_ROWS
