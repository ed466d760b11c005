"""The sample province in which every address and every outlet is tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from hrdb.kernel import press
from tests.architecture.url_world import World, build_world
from tests.once import made_once


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The sample province, made once for all addresses and rolled back at the end; its files lie in a folder."""
    on_disk = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path_factory.mktemp("media")},
    }
    storages = override_settings(STORAGES=settings.STORAGES | {"default": on_disk})
    with storages, made_once(django_db_blocker):
        yield build_world()


class Unprinted:
    """Stands in for the press: paper is its HTML, which is quick to make and can be searched."""

    def print(self, text: str, stylesheets: Any) -> bytes:
        """What would be printed."""
        return text.encode()


@pytest.fixture
def _apart(world: World, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test in a savepoint of its own; nothing is laid out on paper."""
    monkeypatch.setattr(press, "press", Unprinted)
