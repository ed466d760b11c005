"""The matrix of needs as a workbook: the table as it is seen, and every number on a line of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from hrdb.kernel.screens.formats import date_text
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from training.statistics.gaps import ROWS, GapTable


def gap_workbook(table: GapTable) -> bytes:
    """The workbook: how many need, of how many it is asked."""
    head = ROWS[table.rows_by]
    caption = ("Nhu cầu đào tạo, bồi dưỡng", f"{table.place} · ngày {date_text(table.day)}")
    labels = [table.label(key) for key in table.requirements]
    matrix = ExportSheet(
        "Bảng nhu cầu",
        [
            ExportColumn(head, width=44, wraps=True),
            *(
                column
                for words in labels
                for column in (
                    ExportColumn(f"{words}: cần đào tạo", kind="integer", width=14),
                    ExportColumn(f"{words}: yêu cầu", kind="integer", width=12),
                )
            ),
        ],
        _matrix(table),
        caption=caption,
        footer=("Cần đào tạo: còn thiếu hoặc chứng chỉ hết hạn trong 12 tháng tới.",),
        frozen_columns=1,
    )
    counts = ("Yêu cầu", "Đã có", "Còn thiếu", "Sắp hết hạn", "Chưa rõ")
    lines = ExportSheet(
        "Chi tiết",
        [
            ExportColumn(head, width=44),
            ExportColumn("Loại", width=24),
            ExportColumn("Mức yêu cầu", width=34),
            *(ExportColumn(words, kind="integer", width=12) for words in counts),
            ExportColumn("Tỷ lệ cần đào tạo", kind="percent", width=12),
        ],
        _lines(table),
        caption=caption,
        frozen_columns=1,
    )
    buffer = io.BytesIO()
    write_workbook(buffer, [matrix, lines])
    return buffer.getvalue()


def _matrix(table: GapTable) -> Iterator[list[Any]]:
    for row in (*table.rows, table.total):
        cells = (row.gap(key) for key in table.requirements)
        yield [
            row.label,
            *(number for gap in cells for number in ((gap.open, gap.asked) if gap.asked else (None, None))),
        ]


def _lines(table: GapTable) -> Iterator[list[Any]]:
    for row in (*table.rows, table.total):
        for key in table.requirements:
            gap = row.gap(key)
            if gap.asked:
                numbers = (gap.asked, gap.held, gap.missing, gap.expiring, gap.unknown)
                yield [row.label, *table.words[key], *numbers, gap.open / gap.asked]
