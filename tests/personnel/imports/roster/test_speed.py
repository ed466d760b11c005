"""A province's roster is understood about as fast as its file is read."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import python_calamine
import xlsxwriter

from hrdb.kernel.spreadsheets.reading import read_workbook
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import TODAY, known
from tests.personnel.imports.roster.people import ETHNIC_GROUPS, UNITS

ROWS = 6000
HEAD = (
    "TT", "Họ và tên", "Nam", "Nữ", "Dân tộc", "Số CCCD", "Đơn vị", "Chức vụ", "Ngày tuyển dụng", "Ngày vào Đảng",
    "Trình độ chuyên môn", "LLCT", "QLNN", "Ngoại ngữ", "Mã ngạch", "Bậc", "Hệ số", "Ghi chú",
)  # fmt: skip


def _large_roster(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("DS")
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for place, text in enumerate(HEAD):
            sheet.write_string(0, place, text)
        for row in range(1, ROWS + 1):
            born = date(1966 + row % 35, 1 + row % 12, 1 + row % 28)
            century = (2 if born.year >= 2000 else 0) + row % 2
            sheet.write_number(row, 0, row)
            sheet.write_string(row, 1, f"Nguyễn Văn {'ABCDE'[row % 5]}n{row}")
            sheet.write_datetime(row, 2 + row % 2, born, day)
            sheet.write_string(row, 4, ETHNIC_GROUPS[row % len(ETHNIC_GROUPS)])
            sheet.write_string(row, 5, f"010{century}{born.year % 100:02d}{row:06d}")
            sheet.write_string(row, 6, UNITS[row % len(UNITS)][1])
            sheet.write_string(row, 7, "Chuyên viên")
            sheet.write_datetime(row, 8, born.replace(year=born.year + 22), day)
            sheet.write_datetime(row, 9, born.replace(year=born.year + 24), day)
            for place, value in enumerate(("Đại học", "Cao cấp", "Chuyên viên", "Tiếng Anh B1", "01.003", 3, "3,00")):
                sheet.write(row, 10 + place, value)
    return path


def _seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def test_understanding_costs_no_more_than_a_few_readings(tmp_path: Path) -> None:
    path = _large_roster(tmp_path / "large.xlsx")
    workbook = read_workbook(path)
    reading = _seconds(lambda: python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
    understanding = _seconds(lambda: understand(workbook, lookups=known(), today=TODAY))
    understood = understand(workbook, lookups=known(), today=TODAY)
    assert len(list(understood.rows)) == ROWS
    assert not understood.all_issues
    # The bare native reader is the yardstick of the same run; measured 2.0 to 2.6 times.
    assert understanding < 6 * reading
