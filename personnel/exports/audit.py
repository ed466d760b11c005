"""The answer to «who changed what, who saw what» as a workbook that carries its seal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.utils import timezone

from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.formats import date_text
from personnel.models import Cadre
from personnel.models.trail import RowChange, changes_of
from personnel.services.seals import SEAL_SHEET, Sheets, canonical, issue_seal

EVENTS, CHANGES = "Nhật ký", "Thay đổi"

#: Events of one answer; a larger one is no answer to a question.
MOST_EVENTS = 2_000
MOST_CHANGES = 20_000

#: Who acts when nobody is signed in.
OPERATOR = "Người vận hành máy chủ"

EVENT_HEADS = (
    "Số", "Thời điểm", "Người thực hiện", "Việc", "Về", "Phần dữ liệu", "Lý do", "Căn cứ", "Địa chỉ máy",
)  # fmt: skip
CHANGE_HEADS = ("Số sự kiện", "Thời điểm", "Người thực hiện", "Hồ sơ", "Phần", "Thao tác", "Trường", "Trước", "Sau")


def sealed_answer(
    *, events: Sequence[AuditEvent], told: Sequence[Sequence[str]], user: User, filters: Iterable[str]
) -> tuple[bytes, AuditEvent]:
    """The workbook of some events, the field differences they wrote, and the seal; logged as an export.

    `told` are the events' rows in words, one for each event, in the order of EVENT_HEADS.
    """
    changes = changes_of(*events, user=user, most=MOST_CHANGES)
    people = {change.person_id for change in changes if change.person_id is not None}
    sheets = canonical({EVENTS: [EVENT_HEADS, *told], CHANGES: [CHANGE_HEADS, *_told_changes(events, changes, people)]})
    issued = issue_seal(
        user=user, what="Nhật ký", sheets=sheets, people=people | _subjects(events), filters=list(filters)
    )
    return _workbook(sheets, issued, user), issued


def _told_changes(
    events: Sequence[AuditEvent], changes: Sequence[RowChange], people: set[int]
) -> Iterator[tuple[str, ...]]:
    """Every field that was changed, as a row in the order of CHANGE_HEADS."""
    by_id = {event.pk: event for event in events}
    names = dict(Cadre.objects.filter(pk__in=people).values_list("pk", "full_name"))
    for change in sorted(changes, key=lambda change: (-change.event_id, change.model._meta.label, change.row_id)):
        event = by_id[change.event_id]
        for field in change.fields:
            yield (
                str(event.pk),
                date_text(event.moment),
                str(event.user or OPERATOR),
                names.get(change.person_id or 0, ""),
                str(change.model._meta.verbose_name),
                change.act,
                field.label,
                field.before,
                field.after,
            )


def _subjects(events: Sequence[AuditEvent]) -> set[int]:
    """The people whom the events name."""
    return {event.subject_id for event in events if event.subject_type == "personnel.cadre" and event.subject_id}


def _workbook(sheets: Sheets, issued: AuditEvent, user: User) -> bytes:
    """The sheets, all texts, and the sheet with the seal."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E6EFF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text, head if place == 0 else None)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, len(rows[0]) - 1, 24)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    seal = book.add_worksheet(SEAL_SHEET)
    told = (
        ("Dấu xác nhận", issued.details["seal"]),
        ("Người xuất", str(user)),
        ("Thời điểm xuất", timezone.localtime(issued.moment).strftime("%d/%m/%Y %H:%M:%S")),
        ("Điều kiện lọc", "; ".join(issued.details["filters"]) or "Không lọc"),
        ("Số sự kiện", str(issued.details["rows"][EVENTS])),
        ("Cách kiểm tra", "Trang «Kiểm tra dấu xác nhận» của hệ thống: gửi tệp này, hoặc ghi dấu xác nhận."),
    )
    for place, (label, text) in enumerate(told):
        seal.write_string(place, 0, label, book.add_format({"bold": True}))
        seal.write_string(place, 1, text)
    seal.set_column(0, 0, 18)
    seal.set_column(1, 1, 80)
    book.close()
    return buffer.getvalue()
