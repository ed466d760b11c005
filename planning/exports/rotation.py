"""Rotation as workbooks: the plan of a year, and the table by direction."""

from __future__ import annotations

import io
from collections.abc import Iterator

from hrdb.kernel.dates import format_date
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from planning.reports.rotation import PlanDocument
from planning.statistics.rotation_table import BASES, RotationTable


def plan_workbook(document: PlanDocument) -> bytes:
    """The plan as a workbook."""
    sheet = ExportSheet(
        "Kế hoạch luân chuyển",
        [
            ExportColumn("STT", kind="count", width=7),
            ExportColumn("Họ và tên", width=28),
            ExportColumn("Ngày sinh", width=14),
            ExportColumn("Chức vụ, đơn vị hiện nay", width=44, wraps=True),
            ExportColumn("Chức vụ, nơi luân chuyển đến", width=44, wraps=True),
            ExportColumn("Mục đích", width=34, wraps=True),
            ExportColumn("Hướng", width=26, wraps=True),
            ExportColumn("Dự kiến thời gian", width=26),
            ExportColumn("Lý do, chế độ", width=50, wraps=True),
        ],
        (
            [
                line.number,
                line.name,
                line.born,
                line.from_post,
                line.to_post,
                line.purpose,
                line.direction,
                line.period,
                line.note,
            ]
            for line in document.lines
        ),
        caption=(document.name, document.plan.get_level_display(), document.told),
        frozen_columns=2,
    )
    return _written(sheet)


def table_workbook(table: RotationTable) -> bytes:
    """The table as a workbook: the same numbers as on the page."""
    sheet = ExportSheet(
        f"Luân chuyển {table.year}",
        [
            ExportColumn("Nội dung", width=44),
            ExportColumn("Tổng số", kind="integer", width=11),
            *(ExportColumn(label, kind="integer", width=20) for _, label in table.columns),
        ],
        _rows(table),
        caption=(table.title, BASES[table.basis], f"Tuổi, trình độ tính đến ngày {format_date(table.day)}"),
        frozen_columns=1,
    )
    return _written(sheet)


def _rows(table: RotationTable) -> Iterator[list[object]]:
    for row in table.rows:
        label = f"{row.section}: {row.label.lower()}" if row.section else row.label
        yield [label, row.total, *row.counts]


def _written(sheet: ExportSheet) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, [sheet])
    return buffer.getvalue()
