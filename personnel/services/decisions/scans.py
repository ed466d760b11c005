"""The scan of a signed decision (bản quét): a PDF that opens and runs nothing, kept outside the web's root.

A file that came with a refused form waits under a token of its sender, so that it need not be sent again.
"""

from __future__ import annotations

import datetime
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from hrdb.kernel.received_pdf import UnreadablePdf, check_pdf
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.models import Decision
from personnel.services.decisions.register import locked_decision
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked

_WAITING = "decisions/waiting"
_SALT = "decision-scan"
#: How long a file waits for its form.
_WAITS = datetime.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class WaitingScan:
    """A checked file that waits for its decision; `token` names it to its sender alone."""

    token: str
    stored: str
    name: str
    size: int
    pages: int


def keep_scan(*, upload: File[bytes], acting_user: User | None) -> WaitingScan:
    """Check a file and keep it until its form is saved; raises ValidationError with a sentence for the field `scan`."""
    pages = _checked(upload)
    _sweep()
    upload.seek(0)
    stored = default_storage.save(f"{_WAITING}/{uuid.uuid4().hex}.pdf", upload)
    held = {"stored": stored, "name": (upload.name or "ban-quet.pdf")[:200], "size": upload.size, "pages": pages}
    token = signing.dumps({**held, "user": _owner(acting_user)}, salt=_SALT)
    return WaitingScan(token=token, **held)  # type: ignore[arg-type]


def waiting_scan(token: str, *, acting_user: User | None) -> WaitingScan | None:
    """The file that waits under a token of this user; None when there is none any more."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=_WAITS) if token else {}
    except signing.BadSignature:
        return None
    if not held or held.pop("user") != _owner(acting_user) or not default_storage.exists(held["stored"]):
        return None
    return WaitingScan(token=token, **held)


@contextmanager
def filed(scan: WaitingScan | None, folder: str = "decisions") -> Iterator[str]:
    """The stored name under which a waiting file stays for good, empty without one; gone again when saving fails."""
    if scan is None:
        yield ""
        return
    with default_storage.open(scan.stored) as waiting:
        stored = default_storage.save(f"{folder}/{timezone.localdate().year}/{uuid.uuid4().hex}.pdf", waiting)
    try:
        yield stored
    except BaseException:
        default_storage.delete(stored)
        raise
    default_storage.delete(scan.stored)


def attach_scan(*, decision: Decision, scan: WaitingScan, acting_user: User | None) -> Decision:
    """Put the scan to a signed decision; an earlier one stays on disk, as the history names it."""
    with filed(scan) as stored, writing(acting_user=acting_user, reason="Gắn bản quét", cause=decision):
        current = locked_decision(decision, acting_user=acting_user)
        if not current.is_issued:
            raise ServiceRefusal("Chỉ gắn bản quét cho quyết định đã ký.")
        refuse_stub(current.classification)
        current.file = stored
        save_checked(current)
        return current


def refuse_stub(classification: str) -> None:
    """From «tối mật» up no file is kept; raises ValidationError for the field `scan`."""
    if classification in STUB_CLASSIFICATIONS:
        raise ValidationError({"scan": "Văn bản từ độ tối mật chỉ lưu phiếu chỉ dẫn, không lưu tệp."}, code="stub")


def _checked(upload: File[bytes]) -> int:
    """The number of pages; ValidationError for what is too large, no PDF, or runs something."""
    if (upload.size or 0) > settings.SCAN_LARGEST_BYTES:
        most = settings.SCAN_LARGEST_BYTES // 1_000_000
        raise ValidationError({"scan": f"Tệp lớn hơn {most} MB. Hãy quét lại ở độ phân giải thấp hơn."}, code="large")
    with tempfile.NamedTemporaryFile(prefix="scan-", suffix=".pdf") as copy:
        upload.seek(0)
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            return check_pdf(Path(copy.name))
        except UnreadablePdf as refused:
            raise ValidationError({"scan": str(refused)}, code="unreadable") from None


def _sweep() -> None:
    """Remove what nobody came back for."""
    if not default_storage.exists(_WAITING):
        return
    for name in default_storage.listdir(_WAITING)[1]:
        path = f"{_WAITING}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - _WAITS:
            default_storage.delete(path)


def _owner(user: User | None) -> int:
    return user.pk if user is not None else 0
