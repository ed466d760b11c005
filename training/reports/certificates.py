"""Certificates as PDF: one page a person, of a class in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.models import ClassMember
from training.reports.papers import paper_pdf


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one certificate says."""

    title: str
    name: str
    born: str
    programme: str
    class_name: str
    begins: str
    ends: str
    grade: str
    number: str
    issuer: str
    day: str
    month: str
    year: str


def certificates_pdf(rows: Sequence[ClassMember]) -> bytes:
    """The certificates of some members of classes, a page each."""
    return paper_pdf("certificates.html", {"certificates": [certificate(row) for row in rows]})


def certificate(row: ClassMember) -> Certificate:
    """The certificate of one member."""
    held, day = row.training_class, row.certified_on
    return Certificate(
        title=_title(row),
        name=row.cadre.full_name,
        born=row.cadre.birth.text if row.cadre.birth else "",
        programme=held.programme.name,
        class_name=held.name,
        begins=f"{held.begins_on:%d/%m/%Y}" if held.begins_on else "",
        ends=f"{held.ends_on:%d/%m/%Y}" if held.ends_on else "",
        grade=row.grade,
        number=row.certificate_number,
        issuer=held.host,
        day=f"{day:%d}" if day else "……",
        month=f"{day:%m}" if day else "……",
        year=f"{day:%Y}" if day else "………",
    )


def _title(row: ClassMember) -> str:
    """What the paper is called: the first word of the programme's own («Chứng chỉ», «Giấy chứng nhận», «Bằng»)."""
    named = row.training_class.programme.certificate.strip()
    for word in ("Giấy chứng nhận", "Chứng nhận", "Bằng tốt nghiệp", "Chứng chỉ"):
        if named.lower().startswith(word.lower()):
            return word
    return "Giấy chứng nhận" if not row.training_class.programme.gives else "Chứng chỉ"
