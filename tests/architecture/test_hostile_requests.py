"""What a hostile browser sends: another method, no token, another host, fields and versions that no form has."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre, Grant, ImportBatch, ReceivingRequest, Relative
from personnel.policies import Role
from personnel.services.accounts import close_account, reset_password
from tests.architecture.test_every_url import inside
from tests.architecture.url_answers import address
from tests.architecture.url_table import PAGES, Page
from tests.architecture.url_world import ANONYMOUS, VISITORS, World
from tests.factories.personnel import make_user
from tests.personnel.cadres.pages import typed

#: What any request may write: the trail, and when a session was last used.
ALWAYS_WRITTEN = (AuditEvent, Session)

#: What a file that somebody sent may carry instead of the site's own policy: it may do nothing at all.
SANDBOX, POLICY = "default-src 'none'; sandbox", "frame-ancestors 'none'"

NAMES = sorted(PAGES)


def opener(page: Page) -> str:
    """One who opens a page."""
    return next(visitor for visitor in VISITORS if page.may_open(visitor))


def client_of(world: World, visitor: str, *, strict: bool = False) -> Client:
    """A browser of a visitor; a strict one is asked for the token of its forms."""
    client = Client(enforce_csrf_checks=strict)
    client.cookies = world.client(visitor).cookies
    return client


def where(world: World, name: str, **query: Any) -> str:
    """The address of a page for one who opens it."""
    page = PAGES[name]
    return address(name, inside(world, page, opener(page)), **query)


def put_away(response: Any) -> None:
    """Close the file of an answer; closing the answer itself would close the test's connection too."""
    for close in response._resource_closers:
        close()


def fingerprint() -> dict[str, str]:
    """What stands in every table, in short."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model not in ALWAYS_WRITTEN})
    parts = [
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM \"{table}\" t"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> list[str]:
    """Tables that hold something else than before."""
    after = fingerprint()
    return [table for table in before if before[table] != after[table]]


@pytest.mark.usefixtures("_apart")
def test_looking_writes_nothing_but_the_trail(world: World) -> None:
    places = {name: where(world, name) for name in NAMES}
    before = fingerprint()
    for name, place in places.items():
        client = client_of(world, opener(PAGES[name]))
        for method in ("get", "head", "options"):
            put_away(getattr(client, method)(place))
        assert changed(before) == [], name


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_page_knows_another_method(world: World, method: str) -> None:
    places = {name: where(world, name) for name in NAMES}
    before = fingerprint()
    for name, place in places.items():
        response = getattr(client_of(world, opener(PAGES[name])), method)(place)
        assert response.status_code == 405 or name == "kernel:login", (name, response.status_code)
    assert changed(before) == []


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", sorted(name for name, page in PAGES.items() if page.post))
def test_what_is_done_by_post_is_not_done_by_a_link(world: World, name: str) -> None:
    before = fingerprint()
    client = client_of(world, opener(PAGES[name]))
    assert client.get(where(world, name)).status_code == 405
    assert client.head(where(world, name)).status_code == 405
    assert changed(before) == []


@pytest.mark.usefixtures("_apart")
def test_a_form_of_another_site_does_nothing_anywhere(world: World) -> None:
    """Without the token every POST is refused before anything is looked at."""
    places = {name: where(world, name) for name in NAMES}
    before, wrong = fingerprint(), []
    for name, page in PAGES.items():
        client = client_of(world, opener(page), strict=True)
        for sent in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            response = client.post(places[name], sent, headers={"origin": "https://example.org"})
            allowed = {403} if name != "kernel:csp-report" else {400}
            if response.status_code not in allowed:
                wrong.append(f"{name}: {response.status_code}")
    assert wrong == []
    assert changed(before) == []


@pytest.mark.usefixtures("_apart")
def test_every_answer_carries_the_headers_that_protect_it(world: World) -> None:
    wrong = []
    for name, page in PAGES.items():
        for visitor in {ANONYMOUS, opener(page)}:
            response = world.client(visitor).get(where(world, name))
            told = response.headers
            put_away(response)
            policy = told["Content-Security-Policy"]
            if told.get("X-Frame-Options") != "DENY" or "frame-ancestors 'none'" not in policy.replace(SANDBOX, POLICY):
                wrong.append(f"{name}: may be framed")
            if told.get("X-Content-Type-Options") != "nosniff" or told.get("Referrer-Policy") != "same-origin":
                wrong.append(f"{name}: {dict(told)}")
            if visitor != ANONYMOUS and response.status_code == 200 and "no-store" not in told.get("Cache-Control", ""):
                wrong.append(f"{name}: may be kept by the browser")
    assert wrong == []


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("host", ["example.org", "testserver.example.org", "testserver@example.org", "testserver:x"])
def test_another_host_is_not_answered(world: World, host: str) -> None:
    client = client_of(world, "province_officer")
    assert client.get("/", headers={"host": host}).status_code == 400
    forwarded = client.get("/", headers={"x-forwarded-host": host})
    assert forwarded.status_code == 200
    assert host not in forwarded.content.decode()


# Sessions that end --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("act", [close_account, reset_password])
def test_closing_an_account_or_its_password_ends_its_sessions_at_once(world: World, act: Any) -> None:
    user, stolen = make_user(Role.PROVINCE_OFFICER), Client()
    stolen.force_login(user)
    assert stolen.get("/can-bo/").status_code == 200
    act(user=user, acting_user=world.users["administrator"], reason="Mất máy")
    assert stolen.get("/can-bo/").status_code == 302


@pytest.mark.usefixtures("_apart")
def test_an_ended_role_opens_nothing_in_a_session_that_goes_on(world: World) -> None:
    from django.utils import timezone

    from personnel.services.grants import end_grant

    user, client = make_user(Role.PROVINCE_OFFICER), Client()
    client.force_login(user)
    assert client.get("/can-bo/").status_code == 200
    end_grant(
        grant=Grant.objects.get(user=user), first_day_without=timezone.localdate(), acting_user=None, reason="Chuyển"
    )
    assert client.get("/can-bo/").status_code == 403
    assert client.get(f"/can-bo/{world.inside.person.pk}/").status_code == 404


# Fields that no form has ----------------------------------------------------------------------------------------------


def form_of(client: Client, url: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    return typed(client.get(url).content.decode())


@pytest.mark.usefixtures("_apart")
def test_a_correction_writes_the_fields_of_its_section_only(world: World) -> None:
    client, person = client_of(world, "unit_officer"), world.inside.person
    before = Cadre.objects.filter(pk=person.pk).values().get()
    url = address("personnel:cadre-correct", (person.pk, "person"))
    forged = {
        "id": world.outside.person.pk, "pk": world.outside.person.pk, "account": world.users["unit_officer"].pk,
        "account_id": world.users["unit_officer"].pk, "photo": "../../etc/passwd", "search_key": "x", "sort_key": "x",
        "born_precision": "year", "classification": "top_secret", "history_user": world.users["nobody"].pk,
        "unit": "SO-NGOAI", "version": "999999", "phone": "0999",
    }  # fmt: skip
    response = client.post(url, forged | form_of(client, url) | {"reason": "xem lại, không đổi gì"})
    assert response.status_code == 302
    after = Cadre.objects.filter(pk=person.pk).values().get()
    assert {key: value for key, value in after.items() if value != before[key]} == {}
    written = history_model(Cadre).objects.filter(id=person.pk).latest("history_id")
    assert written.history_user in (None, world.users["unit_officer"])


@pytest.mark.usefixtures("_apart")
def test_a_new_row_is_the_addressed_persons_whoever_else_is_named(world: World) -> None:
    client, person, stranger = client_of(world, "unit_officer"), world.inside.person, world.outside
    url = address("personnel:record-add", (person.pk, "relatives"))
    forged = {
        "cadre": stranger.person.pk, "cadre_id": stranger.person.pk, "id": stranger.relative.pk,
        "pk": stranger.relative.pk, "event": "1", "decision": stranger.decision.pk, "decision_id": stranger.decision.pk,
    }  # fmt: skip
    before = Relative.objects.filter(pk=stranger.relative.pk).values().get()
    kind = world.inside.relative.kind_id
    response = client.post(url, form_of(client, url) | forged | {"kind": kind, "full_name": "Nông Văn Mới"})
    assert response.status_code == 302, response.content.decode()[-3000:]
    made = Relative.objects.get(full_name="Nông Văn Mới")
    assert made.cadre == person
    assert getattr(made, "decision_id", None) is None
    assert Relative.objects.filter(pk=stranger.relative.pk).values().get() == before


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("version", ["", "0", "999999999", "-1", "1e9", "١", "9" * 400, None])
@pytest.mark.parametrize("act", ["correct", "end", "remove"])
def test_a_forged_version_overwrites_nothing(world: World, act: str, version: str | None) -> None:
    client = client_of(world, "unit_officer")
    url = address(f"personnel:record-{act}", (world.inside.person.pk, "assignments", world.inside.assignment.pk))
    sent = form_of(client, url) | {"reason": "giả phiên bản hồ sơ", "title_text": "Chức khác"}
    sent.pop("record_version")
    before = fingerprint()
    response = client.post(url, sent if version is None else sent | {"record_version": version})
    assert response.status_code in {409, 422}
    assert changed(before) == []


@pytest.mark.usefixtures("_apart")
def test_a_new_account_has_no_more_rights_than_its_form_gives(world: World) -> None:
    client = client_of(world, "administrator")
    url = address("personnel:account-create")
    forged = {
        "is_superuser": "on", "is_staff": "on", "is_active": "", "must_change_password": "", "password": "x",
        "user_permissions": "1", "groups": "1", "user": world.users["administrator"].pk, "id": world.account.pk,
        "acting_user": "", "decision": world.inside.decision.pk,
    }  # fmt: skip
    asked = {"username": "moi.mo", "full_name": "Người Mới", "role": "administrator", "reason": "Phân công nhiệm vụ"}
    response = client.post(url, form_of(client, url) | forged | asked | {"basis": "QĐ 01"})
    assert response.status_code == 200, response.content.decode()[-2000:]
    made = User.objects.get(username="moi.mo")
    assert (made.is_superuser, made.is_staff, made.is_active, made.must_change_password) == (False, False, True, True)
    assert not made.check_password("x")
    assert not made.user_permissions.exists()
    assert Grant.objects.get(user=made).decision is None


@pytest.mark.usefixtures("_apart")
def test_a_request_to_receive_is_not_decided_by_who_asks(world: World) -> None:
    client = client_of(world, "unit_officer")
    url = address("personnel:receiving-ask")
    forged = {
        "state": "accepted", "decided_by": world.users["province_officer"].pk, "answer": "Đồng ý",
        "cadre": world.outside.person.pk, "asked_by": world.users["province_officer"].pk,
    }  # fmt: skip
    asked = {"unit": "SO-TRONG", "personal_number": "046099933333", "full_name": "Xin Ai Đó"}
    assert client.post(url, form_of(client, url) | forged | asked).status_code == 302
    made = ReceivingRequest.objects.get(personal_number="046099933333")
    assert (made.state, made.decided_by, made.answer, made.cadre) == ("pending", None, "", None)
    assert made.asked_by == world.users["unit_officer"]


@pytest.mark.usefixtures("_apart")
def test_a_roster_is_its_senders_and_is_not_written_by_being_sent(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from personnel.services.batches import stored_path

    client, batch = client_of(world, "unit_officer"), world.inside.batches["unit_officer"]
    last = ImportBatch.objects.order_by("-pk")[0].pk
    url = address("personnel:roster-upload")
    people = Cadre.objects.count()
    forged = {"user": world.users["province_officer"].pk, "state": "committed", "sha256": "0" * 64, "unit": "SO-TRONG"}
    file = SimpleUploadedFile("../../../tmp/danh-sach.xlsx", stored_path(batch).read_bytes())
    response = client.post(url, form_of(client, url) | forged | {"file": file})
    assert response.status_code in {302, 422}
    for made in ImportBatch.objects.filter(pk__gt=last):
        assert made.user == world.users["unit_officer"]
        assert made.state != "committed"
        assert stored_path(made).resolve().is_relative_to(stored_path(batch).parent.parent.resolve())
    assert Cadre.objects.count() == people


def test_the_walk_would_notice_a_write(world: World, db: None) -> None:
    before = fingerprint()
    make_user()
    assert changed(before) == ["kernel_user"]
    assert settings.CSRF_COOKIE_HTTPONLY


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("day", ["rac", "2025-02-31", "0001-01-01", "2999-01-01"])
def test_nothing_leaves_for_a_day_that_cannot_be_read(world: World, day: str) -> None:
    """A workbook or a paper of today would pass for one of the day that was asked."""
    for name in ("personnel:cadre-list", "personnel:structure", "personnel:cadre-print"):
        for kind in ("xlsx", "pdf"):
            response = client_of(world, "unit_officer").get(address_of(world, name, day=day, export=kind))
            assert response["Content-Type"].startswith("text/html"), (name, kind)
            assert response.status_code in {200, 404}, (name, kind)


def address_of(world: World, name: str, **query: str) -> str:
    """The address of a page for the officer of the unit."""
    return address(name, inside(world, PAGES[name], "unit_officer"), **query)
