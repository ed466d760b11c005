"""Every page of the gallery opens, with nothing undefined in its template."""

from __future__ import annotations

import pytest
from django.test import Client

from hrdb.kernel.models.user import User


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gallery/",
        "/gallery/people/",
        "/gallery/people/new/",
        "/gallery/figures/",
        "/jobs/",
        "/search/",
        "/password/",
    ],
)
def test_pages_open(page: Client, path: str) -> None:
    response = page.get(path)
    assert response.status_code == 200, response
    text = response.content.decode()
    assert text.count("<h1") == 1
    assert "<script>" not in text
    assert " style=" not in text
    assert "onclick" not in text


def test_detail_pages_open(page: Client) -> None:
    person = User.objects.filter(username="nguoi0001").get()
    for path in ("", "edit/", "close/"):
        assert page.get(f"/gallery/people/{person.pk}/{path}").status_code == 200
