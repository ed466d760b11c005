"""The report of a yearly review as a workbook: figures and structure, and everybody named with the reason."""

from __future__ import annotations

import io
from collections.abc import Iterator

from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from planning.reports.review import ReviewReport


def review_workbook(report: ReviewReport) -> bytes:
    """The workbook."""
    caption = (f"Báo cáo kết quả {report.round.name}", report.round.get_level_display())
    figures = ExportSheet(
        "Tổng hợp",
        [
            ExportColumn("Nội dung", width=46),
            *(ExportColumn(words, width=22) for words in ("Trước", "Sau", "Chỉ tiêu")),
        ],
        _figures(report),
        caption=caption,
    )
    people = ExportSheet(
        "Danh sách",
        [
            ExportColumn("Nội dung", width=30),
            ExportColumn("STT", kind="count", width=7),
            ExportColumn("Họ và tên", width=28),
            ExportColumn("Ngày sinh", width=14),
            ExportColumn("Chức vụ, đơn vị", width=42),
            ExportColumn("Chức danh quy hoạch", width=42),
            ExportColumn("Đối tượng", kind="count", width=11),
            ExportColumn("Lý do, ý kiến", width=60),
        ],
        _people(report),
        caption=caption,
        frozen_columns=3,
    )
    buffer = io.BytesIO()
    write_workbook(buffer, [figures, people])
    return buffer.getvalue()


def _figures(report: ReviewReport) -> Iterator[list[object]]:
    for words, count in report.figures:
        yield [words, "", str(count), ""]
    for row in report.structure:
        yield [row.label, row.before, row.after, row.asked]


def _people(report: ReviewReport) -> Iterator[list[object]]:
    for part in report.parts:
        for row in part.rows:
            yield [part.title, row.number, row.name, row.born, row.post, row.seat, row.object, row.reason]
