"""Refused attempts: written down with who, what, where and when; never so many that they drown the rest."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hrdb.kernel import refusals
from hrdb.kernel.models import AuditEvent, Job, User
from hrdb.kernel.refusals import BURST, LONGEST_ADDRESS, REFILL, Budgets

pytestmark = pytest.mark.django_db

NOT_THERE = "/jobs/00000000-0000-0000-0000-000000000009/"


@pytest.fixture(autouse=True)
def _fresh_budgets() -> None:
    refusals.budgets.clear()


@pytest.fixture
def user(client: Client) -> User:
    user = User.objects.create_user("lan", password="mat-khau-thu-1", full_name="Hoàng Lan")
    client.force_login(user)
    return user


def refused() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditEvent.Action.REFUSED).order_by("pk"))


def test_what_is_not_there_and_what_is_anothers_are_written_down_alike(client: Client, user: User) -> None:
    job = Job.objects.create(owner=User.objects.create_user("khac"), kind="x")
    for path in (NOT_THERE, f"/jobs/{job.key}/"):
        assert client.get(path, REMOTE_ADDR="10.1.2.3").status_code == 404
    nobody, anothers = refused()
    assert (nobody.details["act"], nobody.details["method"]) == (anothers.details["act"], anothers.details["method"])
    assert (nobody.details["url"], anothers.details["url"]) == (NOT_THERE, f"/jobs/{job.key}/")
    for event in (nobody, anothers):
        assert (event.user, event.subject_type, event.subject_id) == (user, "kernel.user", user.pk)
        assert event.address == "10.1.2.3"
        assert event.moment is not None


def test_a_closed_page_and_a_forged_form_are_written_down(client: Client, user: User) -> None:
    assert client.get(reverse("personnel:account-list") + "?q=ai+đó").status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(reverse("kernel:logout")).status_code == 403
    page, form = refused()
    assert (page.details["method"], page.details["act"]) == ("GET", "Không có quyền mở")
    assert page.details["url"].startswith("/tai-khoan/?q=ai+")
    assert (form.details["method"], form.details["url"]) == ("POST", "/logout/")


def test_typing_errors_open_pages_and_strangers_are_not(client: Client, user: User) -> None:
    assert client.get("/khong-co-trang-nay/").status_code == 404
    assert client.get("/").status_code == 200
    assert Client().get(NOT_THERE).status_code == 302
    assert refused() == []


def test_long_addresses_are_cut(client: Client, user: User) -> None:
    client.get(NOT_THERE + "?x=" + "y" * 2_000)
    assert len(refused()[0].details["url"]) == LONGEST_ADDRESS


def test_a_flood_is_bounded_and_its_size_is_told_later(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: clock[0])
    for _ in range(BURST + 7):
        assert client.get(NOT_THERE).status_code == 404
    assert len(refused()) == BURST
    clock[0] += REFILL
    client.get(NOT_THERE)
    last = refused()[-1]
    assert len(refused()) == BURST + 1
    assert last.details["skipped"] == 7
    clock[0] += REFILL
    client.get(NOT_THERE)
    assert "skipped" not in refused()[-1].details


def test_one_account_does_not_use_up_the_budget_of_another() -> None:
    budgets = Budgets()
    for _ in range(BURST + 5):
        budgets.spend(1, 0.0)
    assert budgets.spend(1, 0.0) is None
    assert budgets.spend(2, 0.0) == 0


def test_budgets_of_many_accounts_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_ACCOUNTS", 10)
    budgets = Budgets()
    for account in range(50):
        budgets.spend(account, 0.0)
    assert len(budgets._by_account) == 10
