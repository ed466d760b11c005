"""Seals (dấu xác nhận): a hash over what a file says, kept in the append-only audit trail to be verified later."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.text import clean_text
from personnel.models.trail import PEOPLE

#: The sheet of a sealed workbook that carries the seal itself and so is no part of what is sealed.
SEAL_SHEET = "Dấu xác nhận"

#: A spreadsheet holds no longer text in a cell than some 32 thousand letters; no answer needs that many.
LONGEST_CELL = 2_000

SEAL_FORM = re.compile(r"[0-9a-f]{64}")

Sheets = Mapping[str, Sequence[Sequence[str]]]


def canonical(sheets: Sheets) -> dict[str, list[list[str]]]:
    """What is sealed and written: clean texts of bounded length, without empty cells and rows at the ends."""
    return {name: _trimmed(rows) for name, rows in sheets.items() if name != SEAL_SHEET}


def seal_of(sheets: Sheets) -> str:
    """SHA-256 over the canonical content."""
    return _digest(canonical(sheets))


def _digest(content: Sheets) -> str:
    """SHA-256 over canonical content, row by row: sheets by name, each row as JSON on a line of its own."""
    digest = hashlib.sha256()
    for name in sorted(content):
        for line in ([name], *content[name], []):
            digest.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
    return digest.hexdigest()


def issue_seal(
    *, user: User | None, what: str, sheets: Sheets, people: Iterable[int] = (), filters: Iterable[str] = ()
) -> AuditEvent:
    """Log the export of some content with its seal (cấp dấu xác nhận); the event's `details["seal"]` is the seal.

    `sheets` are canonical already.
    """
    details: dict[str, Any] = {
        "what": what,
        "seal": _digest(sheets),
        "format": "xlsx",
        "rows": {name: max(0, len(rows) - 1) for name, rows in sheets.items()},
        "filters": list(filters),
    }
    if shown := sorted(set(people)):
        details |= {PEOPLE: shown, "count": len(shown)}
    return log(AuditEvent.Action.EXPORT, user=user, **details)


def find_seal(seal: str) -> AuditEvent | None:
    """The export that was sealed so, or None: then the content is not what this system issued."""
    if not SEAL_FORM.fullmatch(seal):
        return None
    return (
        AuditEvent.objects.filter(action=AuditEvent.Action.EXPORT, details__seal=seal)
        .select_related("user")
        .order_by("id")
        .first()
    )


def _trimmed(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Rows of texts as any reader of the file gives them back."""
    texts = [[clean_text(str(cell))[:LONGEST_CELL] for cell in row] for row in rows]
    for row in texts:
        while row and not row[-1]:
            row.pop()
    while texts and not texts[-1]:
        texts.pop()
    return texts
