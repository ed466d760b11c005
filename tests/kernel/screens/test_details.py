"""The detail shape: scope, tabs from a registry, the panel as a fragment."""

from __future__ import annotations

import pytest
from django.test import Client

from hrdb.kernel.models.user import User
from tests.kernel.screens.gallery import views


@pytest.fixture
def person(people: None) -> User:
    """One of the people."""
    return User.objects.get(username="nguoi0001")


def test_first_tab_is_open(page: Client, person: User) -> None:
    response = page.get(f"/gallery/people/{person.pk}/")
    assert response.context["tab"].key == "facts"
    assert [tab.key for tab in response.context["tab_links"]][:2] == ["facts", "career"]


def test_asked_tab_is_open_and_marked(page: Client, person: User) -> None:
    text = page.get(f"/gallery/people/{person.pk}/?tab=career").content.decode()
    assert 'aria-current="page" hx-get="/gallery/people/' in text
    assert "Điều kiện quy hoạch Giám đốc Sở" in text


@pytest.mark.parametrize("path", ["?tab=nothing", "999999/"])
def test_what_is_not_there_is_404(page: Client, person: User, path: str) -> None:
    base = f"/gallery/people/{person.pk}/" if path.startswith("?") else "/gallery/people/"
    assert page.get(base + path).status_code == 404


def test_out_of_scope_is_404(page: Client, reader: User) -> None:
    assert page.get(f"/gallery/people/{reader.pk}/").status_code == 404


def test_hidden_tab_is_404(page: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.CareerTab, "is_shown", lambda self: False)
    assert page.get(f"/gallery/people/{person.pk}/?tab=career").status_code == 404
    assert "Quá trình công tác" not in page.get(f"/gallery/people/{person.pk}/").content.decode()


def test_panel_is_a_fragment(page: Client, person: User) -> None:
    part = page.get(
        f"/gallery/people/{person.pk}/?tab=career", headers={"HX-Request": "true", "HX-Target": "panel"}
    ).content.decode()
    assert part.strip().startswith('<div class="panels" id="panel">')
    assert "<html" not in part
    assert 'id="tabs"' in part


def test_findings_say_state_fact_and_citation(page: Client, person: User) -> None:
    text = page.get(f"/gallery/people/{person.pk}/?tab=career").content.decode()
    for state, word in (("met", "đạt"), ("not", "chưa đạt"), ("unknown", "chưa rõ"), ("from", "đạt từ ngày")):
        assert f'class="finding {state}"' in text
        assert f'aria-label="{word}"' in text
    assert "<cite>HD 45-HD/BTCTW, mục II.6.2</cite>" in text
