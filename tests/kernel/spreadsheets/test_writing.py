"""Workbooks that people download: kinds stay kinds, texts are never formulas, big ones use little memory."""

import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.reading import read_workbook
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, sheet_name, shown_text, write_workbook

COLUMNS = [
    ExportColumn("Họ và tên", width=30),
    ExportColumn("Số định danh"),
    ExportColumn("Ngày sinh", "date"),
    ExportColumn("Hệ số", "decimal"),
    ExportColumn("Nữ", "mark"),
    ExportColumn("Tỷ lệ", "percent"),
    ExportColumn("Số người", "integer"),
]
ROW = ["Nguyễn Thị Hoà", "001180000001", date(1980, 2, 16), Decimal("3.66"), True, 0.125, 12]


def _written(rows: list[list[Any]], columns: list[ExportColumn] | None = None, **more: Any) -> BytesIO:
    buffer = BytesIO()
    sheet = ExportSheet("Danh sách", columns or COLUMNS, rows, **more)
    assert write_workbook(buffer, [sheet]) == len(rows)
    return buffer


def test_values_come_back_as_they_were() -> None:
    rows = read_workbook(_written([ROW]).getvalue()).sheets[0].rows
    assert rows[0] == [column.heading for column in COLUMNS]
    assert rows[1] == ["Nguyễn Thị Hoà", "001180000001", date(1980, 2, 16), 3.66, "x", 0.125, 12.0]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 912", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "http://a.vn", "=HYPERLINK(1)"]
)
def test_no_text_is_a_formula_or_a_link(text: str) -> None:
    buffer = _written([[text]], [ExportColumn("Ghi chú")])
    cell = openpyxl.load_workbook(buffer).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.hyperlink is None
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "\t"))
    with zipfile.ZipFile(buffer) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_numbers_that_are_names_keep_their_zeros() -> None:
    assert read_workbook(_written([["001180000001"]], [ExportColumn("Số")]).getvalue()).sheets[0].rows[1] == [
        "001180000001"
    ]


def test_the_head_stays_in_view_and_filters() -> None:
    sheet = openpyxl.load_workbook(
        _written([ROW], caption=["DANH SÁCH", "Tính đến ngày 31/12/2025"], frozen_columns=1)
    ).active
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:G5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet["A1"].value == "DANH SÁCH"
    assert sheet["C5"].number_format == "dd/mm/yyyy"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)


def test_values_of_another_kind_are_written_as_text_and_never_lost() -> None:
    rows = [["", "", PartialDate(date(1968, 1, 1), "year"), "không rõ", False, None, float("nan")]]
    assert read_workbook(_written(rows).getvalue()).sheets[0].rows[1][2:4] == ["1968", "không rõ"]
    old = [[None, None, date(1890, 9, 2), None, None, None, None]]
    assert read_workbook(_written(old).getvalue()).sheets[0].rows[1][2] == "02/09/1890"


def test_values_are_shown_as_vietnamese_write_them() -> None:
    assert shown_text(Decimal("3.66")) == "3,66"
    assert shown_text(date(1980, 2, 6)) == "06/02/1980"
    assert shown_text(PartialDate(date(1980, 2, 1), "month")) == "02/1980"
    assert shown_text(datetime(2025, 12, 31, 8, 5)) == "08:05 31/12/2025"
    assert shown_text(True) == "Có"


def test_sheet_names_are_made_fit_and_different() -> None:
    assert sheet_name("Sở VH/TT: [1]") == "Sở VH TT   1"
    assert sheet_name("", {"trang"}) == "Trang (2)"
    long = "Ủy ban nhân dân phường Cam Đường A"
    first = sheet_name(long)
    assert len(first) == 31
    assert sheet_name(long, {first.lower()}) == first[:27] + " (2)"


def test_several_sheets_and_none() -> None:
    buffer = BytesIO()
    sheets = [ExportSheet("A", COLUMNS, []), ExportSheet("A", COLUMNS, [ROW])]
    assert write_workbook(buffer, sheets) == 1
    assert [sheet.name for sheet in read_workbook(buffer.getvalue()).sheets] == ["A", "A (2)"]
    assert write_workbook(BytesIO(), []) == 0


def test_control_characters_do_not_spoil_the_file() -> None:
    rows = read_workbook(_written([["a\x00b\x0bc\uffff"]], [ExportColumn("x")]).getvalue()).sheets[0].rows
    assert rows[1] == ["abc"]


def test_a_large_export_uses_constant_memory(tmp_path: Any) -> None:
    def rows(count: int) -> Iterator[list[Any]]:
        for number in range(count):
            yield [f"Nguyễn Văn {number}", f"{number:012d}", date(1980, 1, 1), 3.66, True, 0.5, number]

    peaks = []
    for count in (500, 5000):
        tracemalloc.start()
        write_workbook(tmp_path / f"{count}.xlsx", [ExportSheet("A", COLUMNS, rows(count))])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2


def test_a_sheet_to_fill_in_has_pick_lists_and_checks_below_its_rows() -> None:
    sexes = PickList("Giới tính", ("Nam", "Nữ"))
    units = PickList("Đơn vị", ("Sở Nội vụ (SNV)",), is_open=True)
    columns = [
        ExportColumn("Khóa", is_hidden=True),
        ExportColumn("Giới tính", pick=sexes, prompt="Nam hoặc Nữ"),
        ExportColumn("Đơn vị", pick=units),
        ExportColumn("Ngày sinh", "date"),
        ExportColumn("Năm", "count"),
        ExportColumn("Xóa", "mark"),
        ExportColumn("Ghi chú", longest=250),
        ExportColumn("Tự do"),
    ]
    rows = [["k", "Nam", "", date(1980, 2, 16), 1980, False, "", "="]]
    book = openpyxl.load_workbook(_written(rows, columns, open_rows=100))
    sheet, lists = book["Danh sách"], book["Danh mục"]
    checks = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert sheet.column_dimensions["A"].hidden
    assert (checks["B2:B102"].formula1, checks["B2:B102"].errorStyle) == ("'Danh mục'!$A$2:$A$3", None)
    assert checks["B2:B102"].prompt == "Nam hoặc Nữ"
    assert (checks["C2:C102"].formula1, checks["C2:C102"].errorStyle) == ("'Danh mục'!$B$2:$B$2", "information")
    kinds = {where: (one.type, one.operator) for where, one in checks.items()}
    assert kinds["D2:D102"] == ("date", None)
    assert kinds["E2:E102"] == ("whole", None)
    assert checks["F2:F102"].formula1 == '"x"'
    assert kinds["G2:G102"] == ("textLength", "lessThanOrEqual")
    assert "H2:H102" not in checks
    assert [[cell.value for cell in row] for row in lists.rows] == [
        ["Giới tính", "Đơn vị"],
        ["Nam", "Sở Nội vụ (SNV)"],
        ["Nữ", None],
    ]
    assert sheet["E2"].number_format == "0"


def test_days_that_programs_count_differently_are_texts() -> None:
    rows = [
        [None, None, day, None, None, None, None] for day in (date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1))
    ]
    told = [row[2] for row in read_workbook(_written(rows).getvalue()).sheets[0].rows[1:]]
    assert told == ["01/01/1900", "28/02/1900", date(1900, 3, 1)]
