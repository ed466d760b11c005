"""Printing the sơ yếu lý lịch: a snapshot becomes HTML, the HTML becomes a PDF, and every print is logged."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.models import User
from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.text import fold, nfc
from personnel.choices import Classification
from personnel.models import Cadre
from personnel.reports.form_2c import Form2C2008
from personnel.reports.layout import Form, forms
from personnel.reports.record import RecordSnapshot
from personnel.reports.rows import picture_address
from personnel.reports.snapshot import printable, record_snapshot
from personnel.reports.unified import UnifiedForm
from personnel.services.reading import log_print

__all__ = [
    "STYLESHEETS",
    "curriculum_html",
    "curriculum_name",
    "curriculum_pdf",
    "forms",
    "print_curriculum",
    "printable",
]

STYLESHEETS: tuple[Path, ...] = (Path(settings.BASE_DIR) / "templates" / "personnel" / "forms" / "curriculum.css",)
forms.register(UnifiedForm())
forms.register(Form2C2008())

DOTS = "…" * 42
STUB_TEMPLATE = "personnel/forms/stub.html"


def curriculum_html(record: RecordSnapshot, form: Form) -> str:
    """The form of one record as HTML without any outside address; a stub for records that are kept on paper only."""
    label = Classification(record.classification).label.upper()
    context = {"record": record, "form": form, "mark": "" if record.classification == Classification.PLAIN else label}
    if record.is_stub:
        return nfc(render_to_string(STUB_TEMPLATE, context))
    pages = form.lay_out(record)
    context |= {
        "pages": pages,
        "parts": pages.parts[:-1],
        "last": pages.parts[-1],
        "photo": picture_address(record.identity.photo),
        "dots": DOTS,
    }
    return nfc(render_to_string(form.template, context))


def curriculum_pdf(record: RecordSnapshot, form: Form) -> bytes:
    """The form of one record as PDF."""
    return render_pdf(curriculum_html(record, form), stylesheets=STYLESHEETS)


def curriculum_name(record: RecordSnapshot, form: Form) -> str:
    """A file name that every system takes: form, name without diacritics, day."""
    name = fold(record.full_name).replace("'", "").replace("/", " ").title()
    return f"{form.file_name} - {name} - {record.day:%Y-%m-%d}.pdf"


def printed_as(form: Form) -> str:
    """What the log calls a print of the form."""
    return f"In sơ yếu lý lịch: {form.label}"


def print_curriculum(
    cadre: Cadre, *, form: Form, day: datetime.date, acting_user: User | None
) -> tuple[RecordSnapshot, bytes]:
    """Print one record as of `day` for a reader and log it (in sơ yếu lý lịch); `cadre` comes from `printable`."""
    record = record_snapshot(cadre, day, user=acting_user)
    content = curriculum_pdf(record, form)
    log_print(user=acting_user, what=printed_as(form), cadre=cadre, day=day)
    return record, content
