"""Printing from the page: scope, day, what is logged, and a selection under the list's filters."""

from __future__ import annotations

import datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, Job, User
from personnel.models import Cadre, Unit
from personnel.policies import Role
from personnel.reports import batch
from tests.factories.personnel import make_unit, make_user
from tests.personnel.reports.reading import text_of
from tests.personnel.reports.records import bare_record


@pytest.fixture
def officer(units: dict[str, Unit]) -> User:
    """Who keeps the records of the department."""
    return make_user(Role.UNIT_OFFICER, unit=units["department"])


@pytest.fixture
def person(units: dict[str, Unit]) -> Cadre:
    """Somebody of the school."""
    return bare_record(units["school"], name="Lò Thị Ỷ")


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_form_opens_in_the_browser_and_is_logged(person: Cadre, officer: User) -> None:
    address = reverse("personnel:cadre-print", args=[person.pk])
    response = signed_in(officer).get(address, {"form": "2c2008", "day": "2025-12-31"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert quote("So yeu ly lich 2C-2008 - Lo Thi Y - 2025-12-31.pdf") in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert "thôngtinđếnngày31/12/2025" in text_of(response.content)
    event = AuditEvent.objects.get(action=AuditEvent.Action.PRINT)
    assert (event.user, event.subject_id, event.details["day"]) == (officer, person.pk, "2025-12-31")


def test_out_of_scope_does_not_exist(person: Cadre) -> None:
    stranger = signed_in(make_user(Role.UNIT_OFFICER, unit=make_unit("NOI-KHAC")))
    administrator = signed_in(make_user(Role.ADMINISTRATOR))
    address, nobody = (reverse("personnel:cadre-print", args=[pk]) for pk in (person.pk, 10**9))
    assert [client.get(url).status_code for client in (stranger, administrator) for url in (address, nobody)] == [
        404
    ] * 4
    assert Client().get(address).status_code == 302
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.PRINT).exists()


def test_unknown_form_is_not_found(person: Cadre, officer: User) -> None:
    address = reverse("personnel:cadre-print", args=[person.pk])
    assert signed_in(officer).get(address, {"form": "khac"}).status_code == 404


def test_selection_is_asked_about_and_started(person: Cadre, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bare_record(make_unit("NOI-KHAC"), name="Người Ngoài")
    monkeypatch.setattr(batch, "start_job", lambda **order: Job.objects.create(
        kind=order["kind"], owner=order["owner"], parameters=order["parameters"], scope=order["scope"]
    ))  # fmt: skip
    client, address = signed_in(officer), reverse("personnel:cadre-print-selection") + "?state=all"
    page = client.get(address)
    assert page.status_code == 200
    assert "In hồ sơ của 1 người?" in page.content.decode()
    sent = client.post(address, {"output": "zip", "form": "unified"})
    job = Job.objects.get()
    assert sent["Location"] == reverse("kernel:job-detail", args=[job.key])
    today = datetime.date.today().isoformat()
    assert job.parameters == {"people": [person.pk], "form": "unified", "day": today, "as_zip": True}


def test_selection_without_anybody_is_refused_in_a_sentence(person: Cadre) -> None:
    stranger = signed_in(make_user(Role.UNIT_OFFICER, unit=make_unit("NOI-KHAC")))
    address = reverse("personnel:cadre-print-selection") + f"?people={person.pk}"
    response = stranger.post(address, {"output": "pdf", "form": "unified"})
    assert response.status_code == 422
    assert batch.NOBODY in response.content.decode()
    assert not Job.objects.exists()
