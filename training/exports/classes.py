"""Sheets of a class: the list of people to send, and the results, to be filled in and sent back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from personnel.imports.decision_list import NAME, NUMBER
from training.choices import MemberState
from training.models import ClassMember, TrainingClass

NOTE: Final = "Lý do cử, ghi chú"
KEY, UNIT, RESULT, SCORE, GRADE = "Mã", "Đơn vị cử", "Kết quả", "Điểm", "Xếp loại"
#: Lines that are there to be filled in.
OPEN_ROWS: Final = 200
RESULT_WORDS: Final = {MemberState.PASSED: "Đạt", MemberState.FAILED: "Không đạt"}


def nomination_sheet(training_class: TrainingClass) -> bytes:
    """An empty list of people to send."""
    columns = [
        ExportColumn(NUMBER, width=18, prompt="12 chữ số."),
        ExportColumn(NAME, width=30, prompt="Để đối chiếu với số định danh."),
        ExportColumn(NOTE, width=50, longest=500),
    ]
    deadline = f" · hạn cử {training_class.nominate_by:%d/%m/%Y}" if training_class.nominate_by else ""
    caption = (f"Danh sách cử dự lớp {training_class.name}", f"{training_class.programme.name}{deadline}")
    return _book(ExportSheet("Cử người", columns, (), caption=caption, frozen_columns=2, open_rows=OPEN_ROWS))


def result_sheet(training_class: TrainingClass, rows: Sequence[ClassMember], units: dict[int, str]) -> bytes:
    """The results as they stand, to be filled in."""
    columns = [
        ExportColumn(KEY, kind="count", prompt="Không sửa cột này."),
        ExportColumn(NAME, width=30),
        ExportColumn(UNIT, width=36),
        ExportColumn(SCORE, kind="decimal", prompt="Từ 0 đến 100."),
        ExportColumn(GRADE, width=16, longest=100),
        ExportColumn(RESULT, width=14, pick=PickList(RESULT, tuple(RESULT_WORDS.values()))),
    ]
    caption = (
        f"Kết quả học tập lớp {training_class.name}",
        "Ô để trống thì kết quả đang có không đổi.",
    )
    return _book(ExportSheet("Kết quả", columns, _results(rows, units), caption=caption, frozen_columns=2))


def _results(rows: Sequence[ClassMember], units: dict[int, str]) -> Iterator[list[Any]]:
    for row in rows:
        result = RESULT_WORDS.get(MemberState(row.state), "")
        yield [row.pk, row.cadre.full_name, units.get(row.unit_id, ""), row.score, row.grade, result]


def _book(sheet: ExportSheet) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, [sheet])
    return buffer.getvalue()
