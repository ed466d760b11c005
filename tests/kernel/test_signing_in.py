"""Signing in and out leaves its trace; a password that somebody else set must be changed first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hrdb.kernel.models import AuditEvent, User

pytestmark = pytest.mark.django_db

PASSWORD = "hoa-sua-mua-thu-7"
OTHER = "mua-phun-thang-gieng-3"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("binh", password=PASSWORD)


def sign_in(client: Client, name: str = "binh", password: str = PASSWORD) -> int:
    return client.post(reverse("kernel:login"), {"username": name, "password": password}).status_code


def trail() -> list[tuple[str, int | None, int | None]]:
    return list(AuditEvent.objects.order_by("id").values_list("action", "user_id", "subject_id"))


def test_signing_in_and_out_is_logged_with_the_address(client: Client, user: User) -> None:
    assert sign_in(client) == 302
    client.post(reverse("kernel:logout"))
    assert trail() == [("login", user.pk, user.pk), ("logout", user.pk, user.pk)]
    assert set(AuditEvent.objects.values_list("address", flat=True)) == {"127.0.0.1"}
    client.post(reverse("kernel:logout"))
    assert len(trail()) == 2, "who is signed out already leaves no second trace"


def test_a_wrong_password_is_logged_on_the_account_that_was_tried(client: Client, user: User) -> None:
    assert sign_in(client, password="sai-mat-khau-roi") == 200
    assert trail() == [("login_failed", None, user.pk)]


def test_what_was_typed_as_the_name_of_no_account_is_not_kept(client: Client, user: User) -> None:
    sign_in(client, name=PASSWORD, password="x")
    event = AuditEvent.objects.get()
    assert event.action == AuditEvent.Action.LOGIN_FAILED
    assert (event.subject_id, event.details, event.reason) == (None, {"known_account": False}, "")


def test_an_empty_form_is_no_attempt(client: Client) -> None:
    sign_in(client, name="", password="")
    assert trail() == []


def test_a_closed_account_does_not_sign_in(client: Client, user: User) -> None:
    user.is_active = False
    user.save()
    assert sign_in(client) == 200
    assert trail() == [("login_failed", None, user.pk)]


def test_a_password_set_by_somebody_else_must_be_changed_before_anything(client: Client, user: User) -> None:
    user.must_change_password = True
    user.save()
    sign_in(client)
    page = reverse("kernel:password-change")
    for name in ("home", "kernel:job-list", "kernel:search"):
        response = client.get(reverse(name))
        assert (response.status_code, response["Location"]) == (302, page)
    assert client.get(page).status_code == 200
    sent = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    assert client.post(page, sent)["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200, "still signed in here"
    user.refresh_from_db()
    assert user.check_password(OTHER)
    assert not user.must_change_password
    assert trail()[-1] == ("access", user.pk, user.pk)


def test_the_same_password_again_is_no_change(client: Client, user: User) -> None:
    sign_in(client)
    sent = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    response = client.post(reverse("kernel:password-change"), sent)
    assert response.status_code == 200
    assert "phải khác mật khẩu đang dùng" in response.content.decode()


def test_changing_the_password_ends_the_sessions_elsewhere(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    sent = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    client.post(reverse("kernel:password-change"), sent)
    assert elsewhere.get(reverse("kernel:job-list")).status_code == 302
    assert client.get(reverse("kernel:job-list")).status_code == 200


def test_too_many_wrong_passwords_lock_the_door_for_a_while(client: Client, user: User, settings: object) -> None:
    settings.AXES_ENABLED = True  # type: ignore[attr-defined]
    for _ in range(5):
        sign_in(client, password="sai-mat-khau-roi")
    assert sign_in(client) == 429
    assert AuditEvent.objects.filter(action=AuditEvent.Action.LOGIN).count() == 0
