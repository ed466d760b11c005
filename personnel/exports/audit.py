"""The answer to «who changed what, who saw what» as a workbook that carries its seal."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils import timezone

from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.formats import date_text, number_text
from personnel.models import Cadre
from personnel.models.written import EVERYBODY, About, RowChange, RowCount, changes_in, counts_of
from personnel.services.seals import SEAL_SHEET, Sheets, canonical, issue_seal

EVENTS, CHANGES = "Nhật ký", "Thay đổi"

#: Events of one answer, and rows that they wrote; a larger one is no answer to a question.
MOST_EVENTS = 20_000
MOST_ROWS = 10_000

#: An event that wrote more rows (a whole list taken in) is told in sums; whoever asks about one person gets his rows.
MOST_ROWS_OF_EVENT = 1_000
SUM = "Tổng số dòng"

#: Who acts when nobody is signed in.
OPERATOR = "Người vận hành máy chủ"

EVENT_HEADS = (
    "Số", "Thời điểm", "Người thực hiện", "Việc", "Về", "Phần dữ liệu", "Lý do", "Căn cứ", "Địa chỉ máy",
)  # fmt: skip
CHANGE_HEADS = ("Số sự kiện", "Thời điểm", "Người thực hiện", "Hồ sơ", "Phần", "Thao tác", "Trường", "Trước", "Sau")


@dataclass(frozen=True)
class Written:
    """What the events of an answer wrote: counts by event and table, and how many rows are told field by field."""

    counts: Sequence[RowCount]
    large: frozenset[int]
    rows: int


def weigh(event_ids: list[int], *, user: User, about: About = EVERYBODY) -> Written:
    """How much the events of an answer wrote, before anything of it is read."""
    counts = counts_of(event_ids, user=user, about=about)
    totals = Counter[int]()
    for one in counts:
        totals[one.event_id] += one.rows
    large = frozenset(event_id for event_id, rows in totals.items() if rows > MOST_ROWS_OF_EVENT)
    return Written(counts, large, sum(rows for event_id, rows in totals.items() if event_id not in large))


def sealed_answer(
    *,
    events: Sequence[AuditEvent],
    told: Sequence[Sequence[str]],
    written: Written,
    about: About = EVERYBODY,
    user: User,
    filters: Iterable[str],
    tell: Callable[[str], object] = str,
) -> tuple[bytes, AuditEvent]:
    """The workbook of some events, the field differences they wrote, and the seal; logged as an export.

    `told` are the events' rows in words, one for each event, in the order of EVENT_HEADS; `tell` hears of each phase.
    """
    tell("Đọc các thay đổi")
    changes = changes_in([event.pk for event in events if event.pk not in written.large], user=user, about=about)
    people = {change.person_id for change in changes if change.person_id is not None}
    lines = sorted([*_told_changes(events, changes, people), *_told_sums(events, written)], key=_newest_first)
    tell("Đóng dấu xác nhận")
    sheets = canonical({EVENTS: [EVENT_HEADS, *told], CHANGES: [CHANGE_HEADS, *lines]})
    issued = issue_seal(
        user=user, what="Nhật ký", sheets=sheets, people=people | _subjects(events), filters=list(filters)
    )
    tell("Ghi tệp")
    return _workbook(sheets, issued, user, large=len(written.large)), issued


def _newest_first(line: tuple[str, ...]) -> tuple[int, str]:
    return -int(line[0]), line[4]


def _told_changes(
    events: Sequence[AuditEvent], changes: Sequence[RowChange], people: set[int]
) -> Iterator[tuple[str, ...]]:
    """Every field that was changed, as a row in the order of CHANGE_HEADS."""
    by_id = {event.pk: event for event in events}
    names = dict(Cadre.objects.filter(pk__in=people).values_list("pk", "full_name"))
    for change in sorted(changes, key=lambda change: (change.model._meta.label, change.row_id)):
        event = by_id[change.event_id]
        for field in change.fields:
            yield (
                *_moment_of(event),
                names.get(change.person_id or 0, ""),
                str(change.model._meta.verbose_name),
                change.act,
                field.label,
                field.before,
                field.after,
            )


def _told_sums(events: Sequence[AuditEvent], written: Written) -> Iterator[tuple[str, ...]]:
    """What a large event wrote, as one row for each table and act."""
    by_id = {event.pk: event for event in events}
    for one in written.counts:
        if one.event_id in written.large:
            whose = f"{number_text(one.people)} người" if one.people else ""
            part = str(one.model._meta.verbose_name)
            yield (*_moment_of(by_id[one.event_id]), whose, part, one.act, SUM, "", number_text(one.rows))


def _moment_of(event: AuditEvent) -> tuple[str, str, str]:
    """Which event, when, by whom."""
    return str(event.pk), date_text(event.moment), str(event.user or OPERATOR)


def _subjects(events: Sequence[AuditEvent]) -> set[int]:
    """The people whom the events name."""
    return {event.subject_id for event in events if event.subject_type == "personnel.cadre" and event.subject_id}


def _workbook(sheets: Sheets, issued: AuditEvent, user: User, *, large: int) -> bytes:
    """The sheets, all texts, and the sheet with the seal."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    head = book.add_format({"bold": True, "bg_color": "#E6EFF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, len(rows[0]) - 1, 24)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(place, column, text, head if place == 0 else None)
    _write_seal(book, issued, user, large)
    book.close()
    return buffer.getvalue()


def _write_seal(book: Any, issued: AuditEvent, user: User, large: int) -> None:
    """The sheet that carries the seal, says what was asked and how the file is verified."""
    told = [
        ("Dấu xác nhận", issued.details["seal"]),
        ("Người xuất", str(user)),
        ("Thời điểm xuất", timezone.localtime(issued.moment).strftime("%d/%m/%Y %H:%M:%S")),
        ("Điều kiện lọc", "; ".join(issued.details["filters"]) or "Không lọc"),
        ("Số sự kiện", str(issued.details["rows"][EVENTS])),
        ("Cách kiểm tra", "Mở trang «Kiểm tra dấu xác nhận» trong mục Nhật ký của hệ thống, gửi tệp này lên."),
        (
            "Khi nào khớp",
            "Hai trang «Nhật ký», «Thay đổi» còn nguyên như lúc xuất; sửa một ô là không khớp.",
        ),
    ]
    if large:
        said = f"{large} sự kiện ghi quá {number_text(MOST_ROWS_OF_EVENT)} dòng (nhập cả danh sách) chỉ ghi tổng số; "
        told.append(("Sự kiện lớn", said + "muốn xem từng trường thì lọc theo người hoặc đơn vị rồi xuất."))
    sheet, bold = book.add_worksheet(SEAL_SHEET), book.add_format({"bold": True})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    for place, (label, text) in enumerate(told):
        sheet.write_string(place, 0, label, bold)
        sheet.write_string(place, 1, text)
