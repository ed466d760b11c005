"""Units, sections, and lines that are no people."""

from datetime import date
from typing import Any

import pytest

from hrdb.kernel.spreadsheets.reading import UnreadableFile
from personnel.imports.roster.understanding import NoRosterFound, understand
from tests.personnel.imports.roster.known import TODAY, codes, known, read, workbook

HEAD = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chức vụ"]
AN = [1.0, "Nguyễn Văn An", "05/03/1975", "Nam", "010075000001", "Giám đốc"]
BINH = [2.0, "Lê Thị Bình", "06/04/1980", "Nữ", "010180000002", "Chuyên viên"]


def _names(understood: Any) -> list[str]:
    return [row.value("name") for row in understood.rows]


# Units


def test_the_unit_is_that_of_the_column_then_the_section_then_the_sheet_then_the_office() -> None:
    head = [*HEAD, "Đơn vị"]
    rows = [[*AN, ""], ["A. SỞ TÀI CHÍNH"], [*BINH, ""], [3.0, "Lê Chi", "1980", "", "", "", "Sở Công Thương"]]
    understood = understand(workbook(("Sở Y tế", [head, *rows])), lookups=known(), today=TODAY, default_unit="UBND.02")
    assert [(row.unit, row.unit_source) for row in understood.rows] == [
        ("UBND.04", "sheet"),
        ("UBND.03", "section"),
        ("UBND.10", "column"),
    ]
    assert [row.unit for row in read([HEAD, AN]).rows] == ["UBND.02"]


def test_sections_that_name_a_group_stay_in_their_unit() -> None:
    understood = read(
        [
            HEAD,
            ["A. SỞ TÀI CHÍNH (12 người)"],
            ["I. Lãnh đạo"],
            AN,
            ["II. Phòng Nghiệp vụ"],
            BINH,
            ["III. Tổ giúp việc"],
            [3.0, "Lê Chi", "1980"],
            ["B. SỞ Y TẾ"],
            [4.0, "Lê Dung", "1980"],
        ]
    )
    assert [row.unit for row in understood.rows] == ["UBND.03", "UBND.03.04", "UBND.03", "UBND.04"]
    assert next(understood.rows).section == "I. Lãnh đạo"


def test_letters_that_are_roman_numbers_too_follow_their_letters() -> None:
    names = [
        "Văn phòng UBND tỉnh",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Y tế",
        "Sở Xây dựng",
        "Sở Tư pháp",
        "Sở Công Thương",
        "Thanh tra tỉnh",
        "Sở Khoa học và Công nghệ",
    ]
    rows: list[list[Any]] = [HEAD]
    for letter, name in zip("ABCDEGHIK", names, strict=True):
        rows += [
            [f"{letter}. {name.upper()}"],
            ["I. Lãnh đạo"],
            ["", f"Lê {letter}n", "1980", "Nam", "", "Chuyên viên"],
        ]
    units = [row.unit for row in read(rows).rows]
    assert units == ["UBND.01", "UBND.02", "UBND.03", "UBND.04", "UBND.06", "UBND.09", "UBND.10", "UBND.13", "UBND.08"]


@pytest.mark.parametrize(
    "cells",
    [["I", "LÃNH ĐẠO"], ["I.", "Lãnh đạo", "", "3"], ["", "Phòng Nghiệp vụ"], ["1", "Ban Giám đốc"], ["Ban Giám đốc"]],
)
def test_headings_of_groups_are_no_people(cells: list[Any]) -> None:
    understood = read([HEAD, cells, AN])
    assert _names(understood) == ["Nguyễn Văn An"]
    assert not understood.errors


def test_a_section_of_a_unit_that_nobody_knows_is_not_taken_for_another() -> None:
    understood = read([HEAD, ["A. SỞ KHÔNG CÓ THẬT"], ["I. Lãnh đạo"], AN, ["B. SỞ Y TẾ"], BINH])
    assert codes(understood) == {(4, "unknown-unit")}


def test_an_unknown_unit_and_none_at_all() -> None:
    understood = read([[*HEAD, "Đơn vị"], [*AN, "Sở Không Có Thật"], [*BINH, ""]], default_unit=None)
    assert codes(understood) == {(2, "unknown-unit"), (3, "unknown-unit")}


def test_an_unknown_title_in_an_unknown_unit_is_no_second_fault() -> None:
    head = ["TT", "Họ và tên", "Ngày sinh", "Đơn vị", "Chức vụ"]
    row = [1.0, "Nguyễn Văn An", "05/03/1975", "Sở Không Có Thật", "Trưởng phòng Nghiệp vụ"]
    understood = read([head, row], default_unit=None)
    assert [issue.code for issue in understood.all_issues] == ["unknown-unit"]
    assert [value.list_name for value in understood.unknown_values] == ["units"]
    understood = read([head, [*row[:3], "Sở Nội vụ", "Trưởng phòng Nghiệp vụ lạ"]], default_unit=None)
    assert [issue.code for issue in understood.all_issues] == ["unknown-title"]


@pytest.mark.parametrize(
    ("captions", "unit"),
    [
        (["SỞ NỘI VỤ"], "UBND.02"),
        (["ỦY BAN NHÂN DÂN TỈNH", "SỞ NỘI VỤ", "DANH SÁCH TRÍCH NGANG"], "UBND.02"),
        (["DANH SÁCH CÁN BỘ, CÔNG CHỨC SỞ Y TẾ NĂM 2025"], "UBND.04"),
        (["VĂN PHÒNG UBND TỈNH", "Biểu số 1"], "UBND.01"),
        (["Đơn vị: Sở Tài chính", "SỞ NỘI VỤ"], "UBND.03"),
        (["Kính gửi: Sở Nội vụ", "DANH SÁCH TRÍCH NGANG SỞ TÀI CHÍNH"], "UBND.03"),
        (["SỞ NỘI VỤ", "SỞ Y TẾ"], None),
        (["DANH SÁCH CÁN BỘ"], None),
    ],
)
def test_the_unit_of_a_heading_holds_where_nothing_else_tells_it(captions: list[str], unit: str | None) -> None:
    understood = read([*([text] for text in captions), [], HEAD, AN], default_unit=None)
    (row,) = understood.rows
    assert (row.unit, {issue.code for issue in understood.errors}) == (unit, set() if unit else {"unknown-unit"})
    assert next(read([*([text] for text in captions), [], HEAD, AN], default_unit="UBND.05").rows).unit == "UBND.05"


def test_divisions_inside_the_unit() -> None:
    head = [*HEAD, "Đơn vị", "Phòng, ban"]
    understood = read([head, [*AN, "Sở Y tế", "Phòng Nghiệp vụ"], [*BINH, "Sở Y tế", "Tổ xe"]])
    assert [row.unit for row in understood.rows] == ["UBND.04.04", "UBND.04"]
    assert (3, "unmapped-value") in codes(understood, "warning")


def test_sheet_names_that_a_spreadsheet_cut_off() -> None:
    name = "Ủy ban nhân dân phường Cam Đường"[:31]
    understood = understand(workbook((name, [HEAD, AN])), lookups=known(), today=TODAY)
    assert [row.unit for row in understood.rows] == ["XP.02671"]


# Lines that are no people


def test_subtotals_repeated_heads_numbering_and_signatures_are_passed_over() -> None:
    understood = read(
        [
            ["UBND TỈNH", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["DANH SÁCH (tính đến ngày 31/12/2025)"],
            HEAD,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
            AN,
            ["Cộng: 1 người"],
            HEAD,
            ["1", "2", "3", "4", "5", "6"],
            BINH,
            ["", "Tổng cộng", 2.0, "", 2.0, ""],
            [],
            ["", "Danh sách có 2 người./."],
            ["", "", "", "Lào Cai, ngày 05 tháng 01 năm 2026"],
            ["", "NGƯỜI LẬP BIỂU", "", "", "GIÁM ĐỐC"],
            ["", "Trần Thị B", "", "", "Nguyễn Văn A"],
        ]
    )
    assert _names(understood) == ["Nguyễn Văn An", "Lê Thị Bình"]
    assert not understood.errors
    assert understood.day == date(2025, 12, 31)


def test_a_person_without_number_in_the_list_or_with_a_title_only_is_no_less_a_person() -> None:
    understood = read([HEAD, AN, ["", "Lê Văn Chi", "", "", "", "Chuyên viên"], [3.0, "Lê Văn Dũng", "", "", "", ""]])
    assert _names(understood) == ["Nguyễn Văn An", "Lê Văn Chi", "Lê Văn Dũng"]


def test_two_tables_with_different_headers_in_one_sheet() -> None:
    understood = read(
        [
            HEAD,
            AN,
            ["NGƯỜI LẬP", "", "", "GIÁM ĐỐC"],
            [],
            ["SỞ TÀI CHÍNH"],
            ["STT", "Họ tên", "Năm sinh", "", "Dân tộc"],
            ["", "", "Nam", "Nữ", ""],
            [1.0, "Trần Thị Chi", "", "1980", "Tày"],
        ]
    )
    assert [(table.first_header_row, table.last_header_row) for table in understood.tables] == [(1, 1), (6, 7)]
    assert [(row.value("name"), row.unit) for row in understood.rows] == [
        ("Nguyễn Văn An", "UBND.02"),
        ("Trần Thị Chi", "UBND.03"),
    ]


def test_hidden_sheets_and_sheets_without_a_roster_are_skipped_and_told() -> None:
    file = workbook(("Bìa", [["Xin chào"]]), ("DS", [HEAD, AN]), ("Danh mục", [HEAD, BINH]))
    file.sheets[2].is_hidden = True
    understood = understand(file, lookups=known(), today=TODAY, default_unit="UBND.02")
    assert _names(understood) == ["Nguyễn Văn An"]
    assert [sheet.name for sheet in understood.skipped] == ["Bìa", "Danh mục"]


def test_a_file_without_a_roster_is_unreadable_and_shows_its_first_rows() -> None:
    with pytest.raises(NoRosterFound) as refusal:
        understand(workbook(("A", [["Mã", "Tên hàng"], ["1", "Bút"]])), lookups=known(), today=TODAY)
    assert isinstance(refusal.value, UnreadableFile)
    assert refusal.value.sheets[0].first_rows[0] == ["Mã", "Tên hàng"]


def test_unknown_columns_are_told_and_wholly_empty_ones_are_not() -> None:
    understood = read([[*HEAD, "Tuổi", "Xếp loại"], [*AN, 50.0, ""]])
    assert [(issue.column, issue.value) for issue in understood.warnings] == [("G", "Tuổi")]


# The day


@pytest.mark.parametrize(
    ("caption", "day"),
    [
        ("(Tính đến ngày 31/12/2025)", "2025-12-31"),
        ("DANH SÁCH (thời điểm 31/12/2025)", "2025-12-31"),
        ("Có đến ngày 31 tháng 12 năm 2025", "2025-12-31"),
        ("Số liệu tính đến 30-6-2025", "2025-06-30"),
        ("tính đến tháng 6/2025", "2025-06-30"),
        ("Đến hết tháng 6 năm 2025", "2025-06-30"),
        ("Lào Cai, ngày 05 tháng 01 năm 2026", None),
        ("Kèm theo Công văn số 12/CV ngày 3/4/2025", None),
        ("Tính đến ngày 31/02/2025", None),
    ],
)
def test_the_day_of_the_roster(caption: str, day: str | None) -> None:
    understood = read([[caption], HEAD, AN])
    assert understood.day == (date.fromisoformat(day) if day else TODAY)
    assert understood.tables[0].is_day_stated is (day is not None)
    assert read([[caption], HEAD, AN], day=date(2024, 1, 1)).day == date(2024, 1, 1)


def test_a_day_in_a_cell_of_its_own() -> None:
    assert read([["Tính đến ngày", date(2025, 6, 30)], HEAD, AN]).day == date(2025, 6, 30)
