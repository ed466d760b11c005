"""An office's own Word templates of decisions (mẫu văn bản riêng): sent, checked, put in place, taken away again.

Files stay on disk when a newer one follows: the history names them.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from hrdb.kernel.word_templates import BadTemplate, check_word_template
from personnel.models import DecisionTemplate, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.decisions.text_fields import tags
from personnel.services.records import save_checked

#: The largest file that is taken.
MOST_BYTES: Final = 2_000_000


def put_template(
    *,
    unit: Unit | None,
    kind: str,
    kind_label: str,
    upload: UploadedFile[bytes],
    samples: Sequence[Mapping[str, Any]],
    acting_user: User | None,
) -> DecisionTemplate:
    """Put an office's template of a kind of paper in place; `samples` are what it is tried with.

    Without a unit it is common to the province. Raises ValidationError with a sentence for the field `file`,
    PermissionDenied for an office out of scope.
    """
    _refuse_foreign_office(unit, acting_user)
    content = _checked(upload, samples)
    with writing(acting_user=acting_user, reason=f"Đặt mẫu văn bản riêng: {kind_label}", subject=unit):
        held = DecisionTemplate.objects.select_for_update(of=("self",)).filter(unit=unit, kind=kind).first()
        template = held or DecisionTemplate(unit=unit, kind=kind)
        template.file = default_storage.save(f"decision-templates/{uuid.uuid4().hex}.docx", ContentFile(content))
        template.file_name = (upload.name or "mau.docx")[-200:]
        template.sha256 = hashlib.sha256(content).hexdigest()
        try:
            save_checked(template)
        except BaseException:
            default_storage.delete(template.file)
            raise
        return template


def drop_template(*, template: DecisionTemplate, reason: str, acting_user: User | None) -> None:
    """Go back to the built-in template (trở lại mẫu mặc định)."""
    _refuse_foreign_office(template.unit, acting_user)
    with writing(acting_user=acting_user, reason=reason, subject=template.unit):
        template.delete()


def template_content(template: DecisionTemplate) -> bytes:
    """The file of a template."""
    with default_storage.open(template.file) as file:
        return bytes(file.read())


def template_for(unit_id: int | None, kind: str) -> bytes | None:
    """The template that an office's papers of a kind are written with: its own, the common one, else None."""
    found = DecisionTemplate.objects.for_office(unit_id, kind).first()
    return template_content(found) if found is not None else None


def _refuse_foreign_office(unit: Unit | None, acting_user: User | None) -> None:
    """Only who draws up decisions of the office sets its templates; the common ones are the whole province's."""
    scope = scope_of(acting_user, Action.DECIDE)
    if scope.is_whole_province:
        return
    if unit is None or not Unit.objects.visible_to(acting_user, Action.DECIDE).filter(pk=unit.pk).exists():
        raise PermissionDenied("Chỉ đặt mẫu văn bản của đơn vị thuộc phạm vi của mình.")


def _checked(upload: UploadedFile[bytes], samples: Sequence[Mapping[str, Any]]) -> bytes:
    """The content of a file that opens, holds nothing but text and known tags, and can be filled."""
    if not (upload.name or "").lower().endswith(".docx"):
        raise ValidationError({"file": "Cần tệp Word có đuôi .docx."}, code="type")
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError({"file": f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB."}, code="size")
    upload.seek(0)
    content = bytes(upload.read())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mau.docx"
        path.write_bytes(content)
        try:
            check_word_template(path, fields=tags(), samples=samples)
        except BadTemplate as fault:
            raise ValidationError({"file": str(fault)}, code="template") from None
    return content
