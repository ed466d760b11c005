"""The calendar of due matters: a secret address that says little, follows today's grants, and ends when it should."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from hrdb.kernel.models import AuditEvent, User
from personnel.choices import Classification, DisciplineRegime
from personnel.models import Discipline, DisciplineForm, DueFeed, Unit
from personnel.policies import Role
from personnel.services.accounts import close_account, reopen_account
from personnel.services.due_feeds import close_feed, feed_of, open_feed
from personnel.services.grants import end_grant
from tests.factories.personnel import make, make_code, make_unit, make_user
from tests.personnel.cadres.pages import show, signed_in
from tests.personnel.due.people import D, change, leader, paid

NOW = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def unit(db: None) -> Unit:
    """The unit of the account."""
    return make_unit("S", name="Sở Nhà")


@pytest.fixture
def officer(unit: Unit) -> User:
    """An account of the unit."""
    return make_user(Role.UNIT_OFFICER, unit=unit)


def read(secret: str, status: int = 200) -> str:
    """What a calendar program gets that knows the address, with folded lines joined."""
    response = Client().get(reverse("personnel:due-feed", args=[secret]))
    assert response.status_code == status
    return response.content.decode().replace("\r\n ", "")


def test_holds_the_matters_of_the_scope_by_day_and_logs_each_reading(unit: Unit, officer: User) -> None:
    late, soon = leader(unit, term_ends_on=D(2026, 5, 1)), leader(unit, term_ends_on=D(2027, 5, 1))
    outside = leader(make_unit("T"), term_ends_on=D(2027, 5, 1))
    text = read(open_feed(acting_user=officer))
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    told = [one for one in events if "reappointment" in one]
    assert len(told) == 2
    assert "DTSTART;VALUE=DATE:20261201" in told[1]
    assert f"SUMMARY:Quá hạn: Bổ nhiệm lại\\, kéo dài thời gian giữ chức vụ: {late.full_name}" in told[1]
    assert "DTSTART;VALUE=DATE:20270131" in told[0]
    assert f"- {soon.full_name} (Sở Nhà)\\, ngày 01/05/2027" in told[0]
    assert "kind=reappointment&when=2027-01" in told[0]
    assert outside.full_name not in text
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.user, event.details["format"]) == ("export", officer, "ics")
    assert set(event.details["people"]) == {late.pk, soon.pk}


def test_says_no_number_no_classified_name_and_no_discipline(unit: Unit, officer: User) -> None:
    secret_one = change(leader(unit, term_ends_on=D(2027, 5, 1)), classification=Classification.SECRET)
    punished = leader(unit)
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE)
    make(Discipline, cadre=punished, regime=DisciplineRegime.STATE, form=form, effective_from=D(2026, 2, 1))
    text = read(open_feed(acting_user=officer))
    assert "Hồ sơ có độ mật" in text
    assert secret_one.full_name not in text
    assert "Kỷ luật" not in text
    assert not re.search(r"\d{12}(?!T)", text.replace("20261201T090000Z", ""))
    assert not AuditEvent.objects.filter(action="read_sensitive").exists()


def test_names_a_few_of_many_in_a_constant_number_of_queries(unit: Unit, officer: User) -> None:
    secret, counts = open_feed(acting_user=officer), []
    for number in (3, 27):
        for _ in range(number):
            paid(unit, "A1", effective_from=D(2024, 3, 1))
        with CaptureQueriesContext(connection) as queries:
            text = read(secret)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "30 việc" in text
    assert "và 22 việc khác" in text


def test_follows_the_grants_of_today(unit: Unit, officer: User) -> None:
    cadre = leader(unit, term_ends_on=D(2027, 5, 1))
    secret = open_feed(acting_user=officer)
    assert cadre.full_name in read(secret)
    end_grant(grant=officer.grants.get(), first_day_without=D(2026, 12, 1), acting_user=None, reason="chuyển công tác")
    assert cadre.full_name not in read(secret)


def test_another_address_ends_the_one_before_and_taking_back_ends_both(officer: User) -> None:
    first = open_feed(acting_user=officer)
    second = open_feed(acting_user=officer)
    assert first != second
    read(first, 404)
    read(second)
    assert close_feed(user=officer, acting_user=officer)
    read(second, 404)
    assert not close_feed(user=officer, acting_user=officer)
    assert DueFeed.objects.filter(user=officer).count() == 2, "nothing is deleted"


def test_closing_the_account_ends_it_for_good(officer: User) -> None:
    secret = open_feed(acting_user=officer)
    close_account(user=officer, acting_user=None, reason="nghỉ việc")
    read(secret, 404)
    reopen_account(user=officer, acting_user=None, reason="làm việc lại")
    read(secret, 404)


def test_only_the_digest_of_the_secret_is_kept(officer: User) -> None:
    secret = open_feed(acting_user=officer)
    feed = DueFeed.objects.get()
    assert secret not in feed.digest
    assert feed_of(secret) == feed
    assert feed_of(feed.digest) is None
    assert all(secret not in str(event.details) + event.reason for event in AuditEvent.objects.all())
    event = AuditEvent.objects.filter(action=AuditEvent.Action.ACCESS).latest("id")
    assert (event.user, event.subject_id, event.details["act"]) == (officer, officer.pk, "Mở lịch nhắc việc")


def test_who_sees_nobody_gets_none(db: None) -> None:
    for role in (Role.ADMINISTRATOR, Role.CADRE):
        with pytest.raises(PermissionDenied):
            open_feed(acting_user=make_user(role))


def test_the_page_shows_the_address_once(officer: User) -> None:
    client, page = signed_in(officer), reverse("personnel:due-calendar")
    assert "Chưa mở." in show(client, "personnel:due-calendar")
    shown = client.post(page, {"act": "open"}).content.decode()
    address = re.search(r'class="once">([^<]+)<', shown)
    assert address is not None
    assert Client().get(address[1]).status_code == 200
    again = show(client, "personnel:due-calendar")
    assert "lich-nhac-viec" not in again
    assert re.search(r"Đang mở từ [\d: ]*01/12/2026", again)
    assert client.post(page, {"act": "close"}).status_code == 302
    assert Client().get(address[1]).status_code == 404
    assert client.post(page, {}).status_code == 302
    assert DueFeed.objects.filter(closed_at=None).count() == 0


def test_the_file_is_kept_nowhere_on_the_way(officer: User) -> None:
    url = reverse("personnel:due-feed", args=[open_feed(acting_user=officer)])
    response = Client().get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert Client().post(url).status_code == 405
