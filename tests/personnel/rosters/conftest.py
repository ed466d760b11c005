"""Two departments with their officers, and files that lie on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from hrdb.kernel.models import User
from personnel.models import Cadre, ImportBatch, Unit
from personnel.policies import Role
from tests.factories.personnel import make_cadre, make_unit, make_user
from tests.factories.rosters import make_named_lists
from tests.personnel.cadres.pages import signed_in


@dataclass
class Office:
    """A department: its officer in a browser, and who is kept there."""

    unit: Unit
    officer: User
    client: Client
    known: Cadre

    def send(self, content: bytes, name: str = "danh-sach.xlsx", **fields: Any) -> ImportBatch:
        """Send a roster through the page; answers its batch, which was checked at once."""
        data = {"file": SimpleUploadedFile(name, content), "unit": self.unit.code, "day": "31/12/2025"} | fields
        response = self.client.post(reverse("personnel:roster-upload"), data)
        assert response.status_code == 302, response.content.decode()
        batch = ImportBatch.objects.order_by("pk").last()
        assert batch is not None
        assert response["Location"] == reverse("personnel:roster-detail", args=[batch.pk])
        return batch

    def post(self, act: str, batch: ImportBatch, **data: Any) -> ImportBatch:
        """Post to a page of a batch, which leads back to it; answers the batch as it stands then."""
        response = self.client.post(reverse(f"personnel:roster-{act}", args=[batch.pk]), data)
        assert response.status_code == 302, response.content.decode()
        batch.refresh_from_db()
        return batch


@pytest.fixture
def _on_disk(tmp_path: Path) -> Iterator[None]:
    """Uploads lie in a folder, as they do in service."""
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    with override_settings(STORAGES=settings.STORAGES | {"default": where}):
        yield


@pytest.fixture
def new_office(_on_disk: None, db: None) -> Callable[..., Office]:
    """Make a department with an officer and somebody who is kept there."""
    make_named_lists()
    top = make_unit("GOC", name="Ủy ban nhân dân tỉnh")

    def make(code: str, name: str, known: str) -> Office:
        unit = make_unit(code, parent=top, name=name)
        officer = make_user(Role.UNIT_OFFICER, unit=unit)
        kept = make_cadre(unit=unit, name=known, title_text="Chuyên viên")
        return Office(unit, officer, signed_in(officer), kept)

    return make


@pytest.fixture
def office(new_office: Callable[..., Office]) -> Office:
    """The department that sends rosters."""
    return new_office("SNV", "Sở Nội vụ", "Lò Văn Sẵn")


@pytest.fixture
def elsewhere(new_office: Callable[..., Office], office: Office) -> Office:
    """Another department."""
    return new_office("SYT", "Sở Y tế", "Giàng Thị Xa")


@pytest.fixture
def province(office: Office) -> Client:
    """The browser of an officer of the whole province."""
    return signed_in(make_user(Role.PROVINCE_OFFICER))
