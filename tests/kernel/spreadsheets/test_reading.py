"""Reading workbooks of every kind into plain values."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from hrdb.kernel.spreadsheets.reading import CellError, MergedRange, read_workbook
from tests.kernel.spreadsheets.makers import ods, ods_text, raw_xlsx, xlsx

OLD_WORKBOOK = Path(__file__).parent / "files" / "roster.xls"


def test_rows_begin_at_the_first_row_and_column(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [[], [None, "Họ và tên", None, 3]])
    sheet = read_workbook(path).sheets[0]
    assert sheet.name == "Danh sách"
    assert sheet.rows == [["", "", "", ""], ["", "Họ và tên", "", 3.0]]
    assert (sheet.width, sheet.cell(1, 1), sheet.cell(9, 9)) == (4, "Họ và tên", "")


def test_values_keep_their_kinds(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_datetime(0, 0, date(1968, 5, 19), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_boolean(0, 1, True)
        sheet.write_number(0, 2, 1)
        sheet.write_number(0, 3, 14082010000)
        sheet.write_string(0, 4, "'=1+1")
        sheet.write_formula(0, 5, "=1+1", None, 2)
    assert read_workbook(tmp_path / "b.xlsx").sheets[0].rows == [
        [date(1968, 5, 19), 1.0, 1.0, 14082010000.0, "'=1+1", 2.0]
    ]


def test_true_does_not_become_every_one(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "c.xlsx", [[True, 1.0, False, 0.0]])
    assert [type(value) for value in read_workbook(path).sheets[0].rows[0]] == [float] * 4


def test_error_cells_are_told_from_empty_ones(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "d.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula(0, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_string(1, 3, "x")
    rows = read_workbook(tmp_path / "d.xlsx").sheets[0].rows
    assert rows == [["#N/A", "", "", ""], ["", "", "#DIV/0!", "x"]]
    assert isinstance(rows[0][0], CellError)


def test_formulas_without_a_result_are_errors_and_not_blanks(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["a", "=1+1"])
    workbook.save(tmp_path / "e.xlsx")
    assert isinstance(read_workbook(tmp_path / "e.xlsx").sheets[0].rows[0][1], CellError)


def test_a_formula_whose_result_is_empty_text_is_blank() -> None:
    content = raw_xlsx(
        "<row r='1'><c r='A1' t='str'><f>IF(1=1,&quot;&quot;)</f><v></v></c><c r='B1'><v>5</v></c></row>"
    )
    assert read_workbook(content).sheets[0].rows == [["", 5.0]]


def test_a_number_beyond_all_numbers_is_an_error() -> None:
    content = raw_xlsx("<row r='1'><c r='A1'><v>1e999</v></c><c r='B1'><v>5</v></c></row>")
    assert read_workbook(content).sheets[0].rows == [["#NUM!", 5.0]]


def test_old_workbooks_are_read_with_their_error_cells() -> None:
    sheet = read_workbook(OLD_WORKBOOK).sheets[0]
    assert sheet.rows[3][1:4] == ["Nguyễn Thị Hoà", date(1980, 2, 16), 10180000001.0]
    assert sheet.rows[5][3] == CellError("#N/A")
    assert isinstance(sheet.rows[5][3], CellError)
    assert sheet.merged == (MergedRange(0, 0, 0, 4),)


def test_open_documents_are_read_with_their_error_cells() -> None:
    error = (
        "<table:table-cell office:value-type='string' office:string-value='' calcext:value-type='error'>"
        "<text:p>#N/A</text:p></table:table-cell>"
    )
    day = "<table:table-cell office:value-type='date' office:date-value='1980-02-16'/>"
    content = ods(
        f"<table:table table:name='DS'><table:table-row>{ods_text('Họ và tên')}{day}{error}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048575'>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>"
    )
    sheet = read_workbook(content).sheets[0]
    assert sheet.rows == [["Họ và tên", date(1980, 2, 16), "#N/A"]]
    assert isinstance(sheet.rows[0][2], CellError)


def test_merged_cells_of_open_documents_are_told() -> None:
    covered = "<table:covered-table-cell/>"
    wide = "<table:table-cell table:number-columns-spanned='2' table:number-rows-spanned='1'><text:p>Trình độ</text:p>"
    tall = "<table:table-cell table:number-rows-spanned='2'><text:p>Sở Y tế</text:p></table:table-cell>"
    content = ods(
        f"<table:table table:name='DS'>"
        f"<table:table-row>{ods_text('A')}{wide}</table:table-cell>{covered}</table:table-row>"
        f"<table:table-row>{tall}{ods_text('1')}</table:table-row>"
        f"<table:table-row>{covered}{ods_text('2')}</table:table-row></table:table>"
    )
    sheet = read_workbook(content).sheets[0]
    assert sheet.merged == (MergedRange(0, 1, 0, 2), MergedRange(1, 0, 2, 0))


def test_hidden_sheets_and_merged_cells_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "f.xlsx")) as workbook:
        workbook.add_worksheet("A").merge_range(1, 0, 2, 3, "gộp")
        hidden = workbook.add_worksheet("B")
        hidden.write(0, 0, "x")
        hidden.hide()
    sheets = read_workbook(tmp_path / "f.xlsx").sheets
    assert [sheet.is_hidden for sheet in sheets] == [False, True]
    assert sheets[0].merged == (MergedRange(1, 0, 2, 3),)


def test_a_file_is_read_from_bytes_and_open_files_alike(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "g.xlsx", [["a"]])
    content = path.read_bytes()
    for source in (path, str(path), content, BytesIO(content)):
        assert read_workbook(source).sheets[0].rows == [["a"]]


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "h.xlsx", [["a"]])
    assert read_workbook(path.rename(tmp_path / "h.csv")).sheets[0].rows == [["a"]]


def test_macros_are_not_run_and_that_is_said() -> None:
    workbook = read_workbook(raw_xlsx("<row r='1'><c r='A1'><v>5</v></c></row>", more={"xl/vbaProject.bin": b"\x00"}))
    assert workbook.sheets[0].rows == [[5.0]]
    assert "macro" in workbook.notes[0]


@pytest.mark.parametrize("value", ["a", "Nguyễn Văn A", "05/08/1968"])
def test_texts_come_as_they_are(tmp_path: Path, value: str) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "i.xlsx")) as workbook:
        workbook.add_worksheet().write_string(0, 0, f"\u00a0{value} ")
    assert read_workbook(tmp_path / "i.xlsx").sheets[0].rows == [[f"\u00a0{value} "]]
