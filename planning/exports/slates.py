"""A slate as a workbook: its moves, establishment, posts, leadership teams, the bench that is left."""

from __future__ import annotations

import io
from collections.abc import Iterator

from hrdb.kernel.screens.formats import date_text
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from planning.reports.slates import TEAM_HEADS, SlateReport


def slate_workbook(report: SlateReport) -> bytes:
    """The workbook."""
    slate = report.slate
    caption = (f"Phương án nhân sự: {slate.name}", f"Ngày dự kiến {date_text(slate.day)}")
    moves = ExportSheet(
        "Các bước",
        [
            ExportColumn("STT", kind="count", width=7),
            ExportColumn("Họ và tên", width=28),
            ExportColumn("Ngày sinh", width=14),
            ExportColumn("Loại quyết định", width=24),
            ExportColumn("Hiện nay", width=44, wraps=True),
            ExportColumn("Sau phương án", width=44, wraps=True),
            ExportColumn("Thẩm quyền", width=34),
            ExportColumn("Kết quả xét", width=22),
            ExportColumn("Vướng mắc", width=70, wraps=True),
            ExportColumn("Quyết định", width=40),
        ],
        _moves(report),
        caption=caption,
        frozen_columns=2,
    )
    quotas = ExportSheet(
        "Biên chế",
        [
            ExportColumn("Đơn vị", width=44),
            *(ExportColumn(words, width=14) for words in ("Được giao", "Hiện nay", "Sau phương án", "Ghi chú")),
        ],
        ([line.unit, line.assigned, str(line.row.before), str(line.row.after), line.remark] for line in report.quotas),
        caption=caption,
    )
    posts = ExportSheet(
        "Chức vụ",
        [
            ExportColumn("Chức vụ", width=34),
            ExportColumn("Đơn vị", width=44),
            ExportColumn("Số ghế", width=11),
            ExportColumn("Hiện nay", width=44, wraps=True),
            ExportColumn("Sau phương án", width=44, wraps=True),
            ExportColumn("Ghi chú", width=18),
        ],
        ([line.row.title, line.unit, line.seats, line.before, line.after, line.remark] for line in report.posts),
        caption=caption,
    )
    teams = ExportSheet(
        "Tập thể lãnh đạo",
        [ExportColumn("Đơn vị", width=44), ExportColumn("Thời điểm", width=16)]
        + [ExportColumn(head, width=18, wraps=True) for head in TEAM_HEADS],
        _teams(report),
        caption=caption,
    )
    benches = ExportSheet(
        "Nguồn kế cận",
        [
            ExportColumn("Chức vụ", width=34),
            ExportColumn("Đơn vị", width=44),
            ExportColumn("Sẵn sàng hiện nay", kind="count", width=18),
            ExportColumn("Còn lại", kind="count", width=12),
            ExportColumn("Người trong quy hoạch", width=70, wraps=True),
        ],
        ([line.row.title, line.unit, line.row.before, line.row.after, _named(line.people)] for line in report.benches),
        caption=caption,
    )
    buffer = io.BytesIO()
    write_workbook(buffer, [moves, quotas, posts, teams, benches])
    return buffer.getvalue()


def _moves(report: SlateReport) -> Iterator[list[object]]:
    for line in report.moves:
        told = (line.name, line.born, line.kind, line.before, line.after, line.authority, line.verdict)
        yield [line.place, *told, "\n".join(line.notes), line.decision]


def _teams(report: SlateReport) -> Iterator[list[object]]:
    for line in report.teams:
        yield [line.unit, "Hiện nay", *(before for before, _ in line.cells)]
        yield [line.unit, "Sau phương án", *(after for _, after in line.cells)]


def _named(people: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(f"{name} ({words})" if words else name for name, words in people)
