"""The frame: side bar, search, home page, signing in, pages of errors."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hrdb.kernel.models.user import User
from hrdb.kernel.screens import Hit, HomeCard, NavGroup, NavItem, SearchSource, home_cards, search_sources
from hrdb.kernel.screens.navigation import draw
from tests.kernel.screens.gallery import views


class Names(SearchSource):
    """People by name."""

    key, label, icon = "gallery-names", "Cán bộ", "user"

    def search(self, text: str, limit: int) -> list[Hit]:
        found = User.objects.filter(full_name__icontains=text).order_by("pk")[:limit]
        return [Hit(label=user.full_name, url=f"/gallery/people/{user.pk}/") for user in found]


class Closed(Names):
    """A source that this reader may not search."""

    key = "gallery-closed"

    def may_search(self) -> bool:
        return False


class Figure(HomeCard):
    """A figure on the home page."""

    key, title, template_name, place = "gallery-figure", "Hồ sơ", "components/tile.html", "figure"

    def context(self) -> dict[str, Any]:
        return {"title": "Hồ sơ", "figure": "64", "text": "", "chart": "", "url": "", "alarm": "", "tone": ""}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sources and the card, for one test."""
    monkeypatch.setattr(search_sources, "_entries", {source.key: source for source in (Names, Closed)})
    monkeypatch.setattr(home_cards, "_entries", {Figure.key: Figure})


@pytest.mark.usefixtures("registered")
def test_search_finds_within_open_sources(page: Client) -> None:
    text = page.post("/search/", {"q": " giàng "}).content.decode()
    assert text.count("Giàng Minh Ánh") == 5
    assert text.count("<h3>Cán bộ</h3>") == 1
    part = page.post("/search/?day=2025-12-31", {"q": "giàng"}, headers={"HX-Request": "true", "HX-Target": "hits"})
    assert b"<html" not in part.content
    assert part.content.count(b"?day=2025-12-31") == 5


@pytest.mark.usefixtures("registered")
def test_search_asks_for_more_letters(page: Client) -> None:
    assert "Gõ từ hai ký tự trở lên" in page.post("/search/", {"q": "g"}).content.decode()
    assert "Không có kết quả cho «zzz»" in page.post("/search/", {"q": "zzz"}).content.decode()


@pytest.mark.usefixtures("registered")
def test_home_page_draws_the_registered_cards(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<span class="figure">64</span>' in page.get("/").content.decode()
    monkeypatch.setattr(Figure, "is_shown", lambda self: False)
    assert '<span class="figure">' not in page.get("/").content.decode()


def test_side_bar_marks_the_page_that_owns_the_view(page: Client) -> None:
    request: Any = page.get("/gallery/people/new/").wsgi_request
    groups = [
        NavGroup(
            "A",
            [
                NavItem(label="Người", view="gallery:people", icon="users", owns=("gallery:",)),
                NavItem(label="Số liệu", view="gallery:figures", icon="users", count=lambda request: 37),
                NavItem(label="Chưa có", view="gallery:not-yet", icon="users"),
                NavItem(label="Kín", view="gallery:pieces", icon="users", may_see=lambda request: False),
            ],
        )
    ]
    [(heading, items)] = draw(groups, request)
    assert heading == "A"
    assert [(item.label, item.is_current, item.count) for item in items] == [
        ("Người", True, None),
        ("Số liệu", False, 37),
    ]


def test_side_bar_leaves_out_pages_that_would_not_open(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = page.get("/jobs/").wsgi_request
    groups = [NavGroup("A", [NavItem(label="Người", view="gallery:people", icon="users")])]
    assert draw(groups, request)
    monkeypatch.setattr(views.PeopleList, "may_open", lambda self: self.request.user.is_superuser)
    assert draw(groups, request) == []
    assert page.get("/gallery/people/").status_code == 403


def test_side_bar_marks_this_page(page: Client) -> None:
    text = page.get("/jobs/").content.decode()
    assert '<a href="/jobs/" aria-current="page">' in text


def test_signing_in_and_out(client: Client, reader: User) -> None:
    assert client.post("/login/", {"username": "lan", "password": "sai"}).status_code == 200
    response = client.post("/login/?next=/jobs/", {"username": "lan", "password": "mat-khau-thu-1", "next": "/jobs/"})
    assert response["Location"] == "/jobs/"
    assert client.get("/login/")["Location"] == "/"
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/jobs/").status_code == 302
    assert client.get("/logout/").status_code == 405


def test_password_set_by_another_must_be_changed_first(client: Client, reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(must_change_password=True)
    client.force_login(reader)
    assert client.get("/jobs/")["Location"] == "/password/"
    assert "Mật khẩu này do người khác đặt." in client.get("/password/").content.decode()
    new = {"old_password": "mat-khau-thu-1", "new_password1": "song-hong-1985-x", "new_password2": "song-hong-1985-x"}
    assert client.post("/password/", new)["Location"] == "/"
    reader.refresh_from_db()
    assert not reader.must_change_password
    assert client.get("/jobs/").status_code == 200


def test_wrong_new_password_says_why_in_vietnamese(client: Client, reader: User) -> None:
    client.force_login(reader)
    response = client.post("/password/", {"old_password": "x", "new_password1": "12345", "new_password2": "12345"})
    text = response.content.decode()
    assert "Mật khẩu hiện tại không đúng." in text
    assert "Chưa lưu được" in text


def test_pages_of_errors_have_a_sentence_and_a_way_on(page: Client) -> None:
    page.raise_request_exception = False
    for path, status, sentence in (
        ("/gallery/missing/", 404, "Không có trang này"),
        ("/gallery/broken/", 500, "Hệ thống gặp lỗi"),
        ("/nowhere/", 404, "Không có trang này"),
    ):
        response = page.get(path)
        assert response.status_code == status
        assert sentence in response.content.decode()
        assert 'href="/"' in response.content.decode()
        assert '<link rel="icon"' in response.content.decode(), "else the browser asks for /favicon.ico"


def test_old_form_is_refused_with_a_sentence(gallery: None, reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    response = client.post("/search/", {"q": "xx"})
    assert response.status_code == 403
    assert "Biểu mẫu đã quá hạn" in response.content.decode()


def test_chosen_look_is_remembered(page: Client) -> None:
    page.cookies["hr-theme"] = "dark"
    assert 'data-theme="dark"' in page.get("/jobs/").content.decode()
    page.cookies["hr-theme"] = '"><script>'
    assert 'data-theme="auto"' in page.get("/jobs/").content.decode()
