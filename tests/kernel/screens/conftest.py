"""The gallery as the site under test, with a few people in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hrdb.kernel.models.user import User
from tests.kernel.screens.gallery.people import make_people
from tests.kernel.screens.gallery.serving import serve_gallery


@pytest.fixture
def gallery(settings: Any) -> None:
    """Serve the gallery beside the site."""
    serve_gallery(settings)


@pytest.fixture
def reader(db: None) -> User:
    """A signed-in account."""
    return User.objects.create_user(username="lan", password="mat-khau-thu-1", full_name="Hoàng Lan")


@pytest.fixture
def people(db: None) -> None:
    """64 invented people."""
    make_people(64)


@pytest.fixture
def page(gallery: None, reader: User, people: None) -> Client:
    """A client that is signed in, before the gallery."""
    client = Client()
    client.force_login(reader)
    return client
