"""The sheet of votes (bảng kết quả kiểm phiếu): the candidates of an office with a column for each step."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from planning.models import Candidate, VoteStep

SHEET: Final = "Kết quả kiểm phiếu"
KEY, NAME, SEAT = "Mã", "Họ và tên", "Chức danh quy hoạch"


def step_heading(step: VoteStep) -> str:
    """The heading of a step's column."""
    return f"Bước {step.number}: số phiếu đồng ý"


def vote_workbook(title: str, rows: Sequence[Candidate], steps: Sequence[VoteStep]) -> bytes:
    """The sheet with what was counted so far."""
    columns = [
        ExportColumn(KEY, kind="count", prompt="Không sửa cột này."),
        ExportColumn(NAME, width=30),
        ExportColumn(SEAT, width=40),
        *(ExportColumn(step_heading(step), kind="count", width=18, prompt=step.name) for step in steps),
    ]
    caption = (title, "Điền số phiếu đồng ý từng bước; ô để trống thì kết quả đang có không đổi.")
    buffer = io.BytesIO()
    write_workbook(buffer, [ExportSheet(SHEET, columns, _rows(rows, steps), caption=caption, frozen_columns=2)])
    return buffer.getvalue()


def _rows(rows: Sequence[Candidate], steps: Sequence[VoteStep]) -> Iterator[list[object]]:
    for row in rows:
        counted = [row.tallies.get(str(step.number), {}).get("votes") for step in steps]
        yield [row.pk, row.cadre.full_name, f"{row.seat.title.name}", *counted]
