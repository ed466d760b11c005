"""Sessions: a new key at sign-in; an end after a working day, an hour left alone, with the account or the password."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User

pytestmark = pytest.mark.django_db

PASSWORD = "hoa-sua-mua-thu-7"
MORNING = datetime.datetime(2026, 11, 24, 1, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PAGE = "/jobs/"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("binh", password=PASSWORD, full_name="Lê Bình")


def sign_in(client: Client, **sent: str) -> Any:
    return client.post(reverse("kernel:login"), {"username": "binh", "password": PASSWORD, **sent})


def key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_key_changes_at_sign_in_so_that_one_planted_before_opens_nothing(client: Client, user: User) -> None:
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    planted = key(client)
    sign_in(client)
    assert key(client) != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get(PAGE).status_code == 302


def test_a_stolen_key_opens_nothing_after_signing_out(client: Client, user: User) -> None:
    sign_in(client)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key(client)
    assert thief.get(PAGE).status_code == 200
    client.post(reverse("kernel:logout"))
    assert thief.get(PAGE).status_code == 302


def test_a_session_left_alone_for_an_hour_ends_and_leads_back(client: Client, user: User) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client)
        for _ in range(3):
            clock.shift(59 * MINUTE)
            assert client.get(PAGE).status_code == 200, "used within the hour, it goes on"
        clock.shift(61 * MINUTE)
        response = client.get(f"{PAGE}?day=2025-12-31")
        assert response["Location"] == "/login/?next=%2Fjobs%2F%3Fday%3D2025-12-31&over=1"
        assert "Phiên làm việc đã hết" in client.get(response["Location"]).content.decode()
        back = sign_in(client, next="/jobs/?day=2025-12-31")
        assert back["Location"] == "/jobs/?day=2025-12-31"
    ended = AuditEvent.objects.get(action=AuditEvent.Action.LOGOUT)
    assert (ended.user, ended.details) == (user, {"act": "Hết phiên làm việc"})


def test_a_session_ends_after_a_working_day_however_much_it_is_used(client: Client, user: User) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client)
        client.get(PAGE)
        for _ in range(16):
            clock.shift(30 * MINUTE)
            assert client.get(PAGE).status_code == 200
        clock.shift(MINUTE)
        assert client.get(PAGE).status_code == 302


def test_the_last_use_is_not_written_at_every_request(client: Client, user: User) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client)
        client.get(PAGE)
        assert "seen" not in client.session, "the moment of signing in is known by itself"
        clock.shift(MINUTE)
        client.get(PAGE)
        seen = client.session["seen"]
        clock.shift(datetime.timedelta(seconds=30))
        client.get(PAGE)
        assert client.session["seen"] == seen
        clock.shift(MINUTE)
        client.get(PAGE)
        assert client.session["seen"] > seen


def test_what_is_sent_into_an_ended_session_writes_nothing_and_leads_back_to_its_form(
    client: Client, user: User
) -> None:
    form = reverse("kernel:password-change")
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client)
        client.get(form)
        clock.shift(61 * MINUTE)
        sent = {"old_password": PASSWORD, "new_password1": "mua-phun-gieng-3", "new_password2": "mua-phun-gieng-3"}
        response = client.post(form, sent, headers={"referer": f"http://testserver{form}"})
        assert response["Location"] == f"/login/?next={form.replace('/', '%2F')}&over=1"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_fragment_is_not_filled_with_the_sign_in_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-Current-URL": "http://testserver/can-bo/?q=Lan"}
    response = client.get("/can-bo/?q=Lan&page=2", headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=%2Fcan-bo%2F%3Fq%3DLan"
    foreign = client.get("/can-bo/", headers=headers | {"HX-Current-URL": "https://example.org/x"})
    assert foreign["HX-Redirect"] == "/login/?next=%2F"


def test_a_page_that_asks_keeps_the_session_and_gets_its_token(client: Client, user: User) -> None:
    address = reverse("kernel:alive")
    assert client.get(address).status_code == 302, "for who is signed out"
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client)
        client.get(PAGE)
        for _ in range(3):
            clock.shift(50 * MINUTE)
            answer = client.get(address)
            assert answer.status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("kernel:logout"), {"csrfmiddlewaretoken": answer.json()["token"]}).status_code == 302
    assert client.post(address).status_code == 405


def test_cookies_are_closed_to_scripts_and_to_other_sites(client: Client, user: User) -> None:
    client.get(reverse("kernel:login"))
    sign_in(client)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == "", "it ends with the browser"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/",
        "///example.org",
        "http:example.org",
        "/\\example.org",
        "\\\\example.org",
        "javascript:alert(1)",
        " //example.org",
        "https://testserver.example.org/",
        "https://testserver@example.org/",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, user: User, target: str) -> None:
    assert sign_in(client, next=target)["Location"] == "/"
    already = client.get(reverse("kernel:login"), {"next": target})
    assert already["Location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, user: User) -> None:
    assert client.get("/can-bo/?q=Lan")["Location"] == "/login/?next=/can-bo/%3Fq%3DLan"
    assert sign_in(client, next="/can-bo/?q=Lan")["Location"] == "/can-bo/?q=Lan"
