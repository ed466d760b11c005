"""The photograph of a person (ảnh): kept outside the web's root, served only to who may see the record."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hrdb.kernel.models import User
from personnel.models import Cadre
from personnel.services.cadres import correct_cadre


def change_photo(
    *, cadre: Cadre, picture: bytes, version: int | None, acting_user: User | None, reason: str = "Thay ảnh"
) -> Cadre:
    """Put a new photograph (JPEG) on a record; earlier ones stay on disk, as the history names them.

    Raises Cadre.DoesNotExist (out of scope), StaleVersion.
    """
    path = default_storage.save(f"photos/{cadre.pk % 1000:03d}/{uuid.uuid4().hex}.jpg", ContentFile(picture))
    try:
        return correct_cadre(
            cadre=cadre, values={"photo": path}, version=version, acting_user=acting_user, reason=reason
        )
    except BaseException:
        default_storage.delete(path)
        raise
