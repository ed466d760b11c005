"""Rosters as offices make them, case by case."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hrdb.kernel.spreadsheets.reading import CellError, MergedRange, UnreadableFile
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.parts import DegreePart, LanguagePart
from personnel.imports.roster.understanding import NoRosterFound, understand
from tests.personnel.imports.roster.known import TODAY, codes, known, read, read_one, workbook

HEAD = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chức vụ"]
AN = [1.0, "Nguyễn Văn An", "05/03/1975", "Nam", "010075000001", "Giám đốc"]
BINH = [2.0, "Lê Thị Bình", "06/04/1980", "Nữ", "010180000002", "Chuyên viên"]


def _names(understood: Any) -> list[str]:
    return [row.value("name") for row in understood.rows]


# Names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN  VĂN\u00a0AN ", "Nguyễn Văn An"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y MOAN ÊBAN", "Y Moan Êban"),
        ("Trần Văn Quí", "Trần Văn Quí"),
        ("Tống Thị Cộng", "Tống Thị Cộng"),
        ("CÔNG TẰNG TÔN NỮ HOÀ", "Công Tằng Tôn Nữ Hoà"),
        ("Tổng Văn A", None),
    ],
)
def test_names_are_kept(typed: str, name: str | None) -> None:
    rows = list(read([HEAD, [1.0, typed, *AN[2:]]]).rows)
    assert [row.value("name") for row in rows] == ([name] if name else [])


@pytest.mark.parametrize("typed", ["", "   ", "\u00a0", "-", 12.0, "31/02/1980", date(1980, 1, 1)])
def test_a_person_without_a_name_is_an_error(typed: Any) -> None:
    assert codes(read([HEAD, AN, [2.0, typed, *BINH[2:]]])) == {(3, "missing-name")}


def test_family_name_and_given_name_in_two_columns() -> None:
    rows = read(
        [["STT", "Họ và tên đệm", "Tên", "Ngày sinh"], [1.0, "NGUYỄN VĂN", "AN", "1975"], [2.0, "Lê", "Hoà", "1980"]]
    )
    assert _names(rows) == ["Nguyễn Văn An", "Lê Hoà"]


def test_one_header_over_family_and_given_names() -> None:
    rows = [["TT", "Họ và tên", "", "Ngày sinh"], [1.0, "NGUYỄN VĂN", "AN", "1975"], [2.0, "Lê Thị", "Hoà", "1980"]]
    assert _names(read(rows)) == ["Nguyễn Văn An", "Lê Thị Hoà"]
    assert _names(read(rows, merged=(MergedRange(0, 1, 0, 2),))) == ["Nguyễn Văn An", "Lê Thị Hoà"]


def test_a_merged_name_cell_in_each_line_is_a_whole_name() -> None:
    rows = [["TT", "Họ và tên", "", "Ngày sinh"], [1.0, "NGUYỄN VĂN AN", "", "1975"], [2.0, "Lê Thị Hoà", "", "1980"]]
    assert _names(read(rows, merged=(MergedRange(0, 1, 0, 2),))) == ["Nguyễn Văn An", "Lê Thị Hoà"]


# Sex and birth


def test_a_birth_date_under_nam_or_nu_tells_the_sex() -> None:
    understood = read(
        [["Họ và tên", "Năm sinh", ""], ["", "Nam", "Nữ"], ["Lê Văn An", 1968.0, ""], ["Lê Thị Bình", "", "3/1970"]]
    )
    assert [(row.value("sex"), row.value("birth_date").iso) for row in understood.rows] == [
        ("male", "1968"),
        ("female", "1970-03"),
    ]


def test_dates_under_nam_and_nu_alone_are_birth_dates() -> None:
    understood = read([["Họ và tên", "Nam", "Nữ"], ["Lê Văn An", "05/03/1968", ""], ["Lê Thị Bình", "", "06/04/1970"]])
    assert [row.value("birth_date").iso for row in understood.rows] == ["1968-03-05", "1970-04-06"]


def test_marks_under_nam_and_nu_with_a_birth_column() -> None:
    understood = read(
        [["Họ và tên", "Ngày sinh", "Nam", "Nữ"], ["Lê An", "1968", "x", ""], ["Lê Bình", "1970", "", "x"]]
    )
    assert [row.value("sex") for row in understood.rows] == ["male", "female"]


def test_a_mark_under_nu_alone_leaves_the_others_men() -> None:
    understood = read([["Họ và tên", "Nữ", "Ngày sinh"], ["Lê An", "", "1968"], ["Lê Bình", "x", "1970"]])
    assert [row.value("sex") for row in understood.rows] == ["male", "female"]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (["Họ và tên", "Nam", "Nữ", "Ngày sinh"], ["Lê An", "x", "x", "1968"]),
        (["Họ và tên", "Ngày sinh nam", "Ngày sinh nữ"], ["Lê An", "1968", "1968"]),
        (["Họ và tên", "Giới tính", "Ngày sinh nam", "Ngày sinh nữ"], ["Lê An", "Nam", "", "05/05/1968"]),
    ],
)
def test_two_sexes(head: list[Any], cells: list[Any]) -> None:
    assert codes(read([head, cells])) == {(2, "two-sexes")}


def test_day_month_and_year_in_columns_of_their_own() -> None:
    head = [["Họ và tên", "Ngày sinh", "", ""], ["", "Ngày", "Tháng", "Năm"]]
    rows = [
        ["Lê An", 5.0, "03", 1975.0],
        ["Lê Bình", "", 4.0, 1980.0],
        ["Lê Chi", "", "", "1990"],
        ["Lê Đô", 31.0, 2.0, 1980.0],
    ]
    understood = read([*head, *rows])
    assert [row.value("birth_date") and row.value("birth_date").iso for row in understood.rows] == [
        "1975-03-05",
        "1980-04",
        "1990",
        None,
    ]
    assert codes(understood) == {(6, "bad-date")}


# Personal numbers


@pytest.mark.parametrize(
    ("typed", "born", "code"),
    [
        ("10075000001", "05/03/1975", None),
        ("10075000001", "05/03/1976", "bad-personal-number"),
        ("10075000001", "", "bad-personal-number"),
        (10075000001.0, "05/03/1976", None),
        ("123456789", "05/03/1975", "bad-personal-number"),
    ],
)
def test_digits_typed_short_count_only_when_they_tell_the_person(typed: Any, born: str, code: str | None) -> None:
    row = read_one(HEAD, [1.0, "Lê Văn An", born, "Nam", typed, "Giám đốc"])
    assert [issue.code for issue in row.issues if issue.severity == "error"] == ([code] if code else [])
    assert row.value("personal_number") == (None if code else "010075000001")


def test_a_number_of_another_birth_year_only_warns() -> None:
    row = read_one(HEAD, [1.0, "Lê Văn An", "05/03/1976", "Nữ", "010075000001", ""])
    assert [issue.code for issue in row.issues] == ["number-birth-mismatch"]
    assert not row.has_errors


# As above


@pytest.mark.parametrize("mark", ["nt", "NT", "-nt-", "″", '"', "như trên", "''", " nt "])
def test_as_above(mark: str) -> None:
    head = [*HEAD, "Dân tộc", "Trình độ chuyên môn"]
    understood = read(
        [head, [*AN, "Tày", "ĐH Luật"], [*BINH, mark, mark], [*BINH[:1], "Lê Chi", "", "", "", "", "", mark]]
    )
    rows = list(understood.rows)
    assert [row.code("ethnicity") for row in rows] == ["02", "02", None]
    assert [row.value("degree")[0].study_field for row in rows] == ["Luật"] * 3


def test_as_above_passes_over_blanks_and_repeats_faults() -> None:
    head = [*HEAD, "Dân tộc"]
    understood = read([head, [*AN, "Kinhh"], [*BINH, ""], [3.0, "Lê Chi", "1980", "Nữ", "", "", "nt"]])
    assert codes(understood) == {(2, "unknown-value"), (4, "unknown-value")}
    assert understood.unknown_values[0].count == 2


def test_as_above_in_every_row_of_a_long_list_is_quick() -> None:
    rows = [[float(place), "Lê Văn An", "1980", "Nam", "", "nt"] for place in range(1, 20_001)]
    rows[0][5] = "Giám đốc"
    assert {row.code("title") for row in read([HEAD, *rows]).rows} == {"GD-SO"}


# Marks, degrees, pay


def test_marks_under_degrees_and_a_field_of_study_in_place_of_a_mark() -> None:
    head = [["Họ và tên", "Trình độ", "", "", ""], ["", "TS", "ThS", "ĐH", "CKII"]]
    understood = read(
        [*head, ["Lê An", "", "x", "Luật", ""], ["Lê Bình", "", "", "X", ""], ["Lê Chi", "0", "-", "", ""]]
    )
    degrees = [row.value("degree") for row in understood.rows]
    assert degrees[0] == (DegreePart("Thạc sĩ", "03"), DegreePart("Đại học Luật", "04", "Luật"))
    assert degrees[1] == (DegreePart("Đại học", "04"),)
    assert degrees[2] is None


def test_marks_under_political_theory_state_management_and_party() -> None:
    head = [["Họ và tên", "LLCT", "", "QLNN", "", "Đảng viên"], ["", "CN", "CC", "CVC", "CV", ""]]
    row = next(read([*head, ["Lê An", "", "x", "", "x", "x"]]).rows)
    assert (row.value("political_theory"), row.code("state_management")) == ("Cao cấp", "x-chuyen-vien")
    assert row.value("is_party_member") is True
    assert "party_joined_on" not in row.fields


@pytest.mark.parametrize(
    ("typed", "is_member"),
    [
        ("x", True),
        ("Đảng viên", True),
        ("Dự bị", True),
        ("01/02/2000", True),
        ("Chưa", None),
        ("Quần chúng", None),
        ("", None),
    ],
)
def test_membership_of_the_party(typed: str, is_member: bool | None) -> None:
    row = read_one(["Họ và tên", "Chức vụ", "Đảng viên"], ["Lê An", "Giám đốc", typed])
    assert row.value("is_party_member") is is_member
    assert not row.issues


def test_a_day_inside_a_text_counts_where_it_is_the_only_one_and_no_birth() -> None:
    head = ["Họ và tên", "Ngày sinh", "Ngày bổ nhiệm", "Năm tốt nghiệp"]
    row = read_one(head, ["Lê An", "1975", "QĐ số 12 ngày 01/02/2020", "2010 - 2014"])
    assert (row.value("appointed_on").iso, row.value("graduated_on").iso) == ("2020-02-01", "2014")
    assert codes(read([head, ["Lê An", "sinh 05/03/1975", "từ 1/2/2020 đến 1/2/2025", ""]])) == {(2, "bad-date")}


def test_both_days_of_the_party_in_one_cell() -> None:
    row = read_one(["Họ và tên", "Ngày vào Đảng"], ["Lê An", "22/12/2003\n22/12/2004"])
    assert (row.value("party_joined_on").iso, row.value("party_official_on").iso) == ("2003-12-22", "2004-12-22")


@pytest.mark.parametrize(
    ("head", "cells", "pay"),
    [
        (["Ngạch, bậc, hệ số"], ["CVC 4/8, 5,42"], ("01.002", 4, "5.42")),
        (["Mã ngạch", "Bậc", "Hệ số"], [1.003, 3.0, "3,00"], ("01.003", 3, "3.00")),
        (["Ngạch lương", "Hệ số"], ["01.003 bậc 3/9", 3.0], ("01.003", 3, "3.00")),
        (["Mã số CDNN", "Bậc/hệ số"], ["V.07.05.15", "3/9; 3,00"], ("V.07.05.15", 3, "3.00")),
        (["Mã ngạch", "Bậc"], ["01.003", date(2025, 9, 3)], ("01.003", 3, None)),
    ],
)
def test_pay_in_one_cell_or_several(head: list[Any], cells: list[Any], pay: tuple[str, int, str | None]) -> None:
    row = read_one(["Họ và tên", *head], ["Lê An", *cells])
    coefficient = row.value("coefficient")
    assert (row.code("rank"), row.value("pay_step"), str(coefficient) if coefficient else None) == pay


def test_a_rank_that_no_list_knows_is_an_error_and_a_degree_only_a_warning() -> None:
    understood = read([["Họ và tên", "Mã ngạch", "Trình độ chuyên môn"], ["Lê An", "99.999", "ĐHSP Toán"]])
    assert codes(understood) == {(2, "unknown-value")}
    assert codes(understood, "warning") == {(2, "unmapped-value")}
    assert next(understood.rows).value("degree")[0].text == "ĐHSP Toán"


def test_languages_schooling_and_academic_titles() -> None:
    head = ["Họ và tên", "Ngoại ngữ", "Văn hóa", "Trình độ chuyên môn", "Tin học"]
    row = read_one(head, ["Lê An", "Tiếng Anh B1", date(2025, 12, 12), "PGS.TS Luật", "Cơ bản"])
    assert row.value("foreign_language") == (LanguagePart("Tiếng Anh B1", "01", "x-bac-3"),)
    assert (row.code("schooling"), row.value("academic_title")) == ("22", "Phó giáo sư")
    assert row.value("degree") == (DegreePart("TS Luật", "02", "Luật"),)


# Titles


def test_two_titles_in_one_cell() -> None:
    row = read_one(HEAD, [*AN[:5], "Đảng ủy viên; Phó Giám đốc"])
    assert [(part.text, part.code) for part in row.value("title")] == [
        ("Đảng ủy viên", None),
        ("Phó Giám đốc", "PGD-SO"),
    ]
    assert [issue.code for issue in row.issues] == ["unknown-title"]


def test_title_and_unit_in_one_cell() -> None:
    head = ["Họ và tên", "Chức vụ, đơn vị công tác"]
    rows = [
        ["Lê An", "Trưởng phòng Nghiệp vụ, Sở Tài chính"],
        ["Lê Bình", "Giám đốc Sở Công Thương"],
        ["Lê Chi", "Chuyên viên"],
    ]
    told = [(row.unit, row.unit_source, row.value("title")[0].code) for row in read([head, *rows]).rows]
    assert told == [("UBND.03", "column", "TP-SO"), ("UBND.10", "column", "GD-SO"), ("UBND.02", "default", "CV")]


def test_a_person_whose_name_is_merged_over_two_lines_has_both_titles() -> None:
    merged = (MergedRange(1, 0, 2, 0), MergedRange(1, 1, 2, 1))
    second = ["", "", "", "", "", "Đảng ủy viên"]
    (row,) = read([HEAD, AN, second], merged=merged).rows
    assert [part.text for part in row.value("title")] == ["Giám đốc", "Đảng ủy viên"]


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


# What cannot be


@pytest.mark.parametrize(
    ("born", "recruited", "joined", "official", "code"),
    [
        ("05/03/1975", "1999", "2001", "2002", None),
        ("05/03/1975", "01/01/1989", "", "", "impossible-order"),
        ("05/03/1975", "05/03/1990", "", "", None),
        ("05/03/1975", "", "01/01/1970", "", "impossible-order"),
        ("1975", "", "1975", "", None),
        ("05/03/1975", "", "01/02/2000", "01/01/2000", "impossible-order"),
        ("05/03/1975", "", "2000", "2000", None),
        ("05/03/1975", "01/01/2026", "", "", "impossible-order"),
        ("01/01/2030", "", "", "", "impossible-order"),
        ("01/01/2015", "03/01/2022", "", "", "under-age"),
        ("31/12/2007", "", "", "", None),
        ("01/01/2008", "", "", "", "under-age"),
        ("2007", "", "", "", None),
        ("2008", "", "", "", "under-age"),
    ],
)
def test_dates_that_cannot_all_be_true(born: str, recruited: str, joined: str, official: str, code: str | None) -> None:
    head = ["Họ và tên", "Ngày sinh", "Ngày tuyển dụng", "Ngày vào Đảng", "Ngày vào Đảng chính thức"]
    understood = read([head, ["Lê An", born, recruited, joined, official]], day=date(2025, 12, 31))
    assert [issue.code for issue in understood.errors] == ([code] if code else [])


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", CellError("#NUM!"), CellError("Err:502")]
)
def test_errors_of_cells(error: Any) -> None:
    understood = read(
        [[*HEAD, "Ghi chú"], [*AN[:4], error, AN[5], ""], [*BINH, error], [error, "Lê Chi", "1980", "Nữ"]]
    )
    assert codes(understood) == {(2, "cell-error"), (3, "cell-error")}
    assert [issue.column for issue in understood.errors] == ["E", "G"]


# One person twice


def test_one_person_on_two_lists_is_one_person_with_two_titles() -> None:
    party = [
        ["TT", "Họ và tên", "Năm sinh", "CCCD", "Chức vụ Đảng"],
        [1.0, "NGUYỄN VĂN AN", "1975", 10075000001.0, "Bí thư Đảng ủy"],
    ]
    file = workbook(("Sở Nội vụ", [HEAD, AN]), ("Đảng ủy UBND tỉnh", party))
    understood = understand(file, lookups=known(), today=TODAY)
    first, second = understood.rows
    assert not understood.errors
    assert (first.same_as, second.same_as) == (None, ("Sở Nội vụ", 2))
    assert second.value("party_title")[0].text == "Bí thư Đảng ủy"


@pytest.mark.parametrize(
    ("place", "other", "differs"),
    [
        (1, "Nguyễn Văn Ân", True),
        (1, "NGUYỄN VĂN AN", False),
        (2, "06/03/1975", True),
        (2, "3/1975", False),
        (3, "Nữ", True),
        (5, "Kế toán", False),
    ],
)
def test_what_contradicts_the_first_line_is_a_duplicate(place: int, other: str, differs: bool) -> None:
    again = [*AN]
    again[place] = other
    understood = read([HEAD, AN, BINH, again, again])
    assert codes(understood) == ({(4, "duplicate-in-file"), (5, "duplicate-in-file")} if differs else set())


# What an office decided


def test_columns_header_rows_and_sheets_chosen_by_hand() -> None:
    rows = [["Cột A", "Cột B", "Tuổi"], ["x", "y", "z"], ["Lê An", "05/03/1975", 50.0]]
    mapping = RosterMapping(
        columns={"cot a": "name", "Danh sách!B": "birth_date", "tuoi": None}, header_rows={"Danh sách": (1, 1)}
    )
    understood = read(rows, mapping=mapping)
    assert [(column.header, column.column_key) for column in understood.tables[0].columns] == [
        ("Cột A", "name"),
        ("Cột B", "birth_date"),
        ("Tuổi", None),
    ]
    assert next(row for row in understood.rows if row.row == 3).value("birth_date").iso == "1975-03-05"
    assert RosterMapping.from_json(mapping.as_json()) == mapping


def test_a_value_chosen_once_counts_for_all_rows() -> None:
    head = [*HEAD, "Trình độ chuyên môn", "Dân tộc", "Đơn vị"]
    rows = [[*AN, "ĐHSP Toán", "Kinhh", "VP Sở"], [*BINH, "đhsp  toán", "KINHH", "VP Sở"]]
    before = read([head, *rows])
    assert {value.text: value.count for value in before.unknown_values} == {
        "ĐHSP Toán": 2,
        "Kinhh": 2,
        "VP Sở": 2,
        "Giám đốc": 1,
    }
    values = {"degree_levels": {"ĐHSP Toán": "04"}, "ethnic_groups": {"Kinhh": "01"}, "units": {"VP Sở": "UBND.02.01"}}
    understood = read([head, *rows], mapping=RosterMapping(values=values | {"titles": {"Giám đốc": None}}))
    assert not understood.all_issues
    assert [(row.code("degree"), row.code("ethnicity"), row.unit) for row in understood.rows] == [
        ("04", "01", "UBND.02.01")
    ] * 2
    assert [row.code("title") for row in understood.rows] == [None, "CV"]


def test_an_administrator_adds_header_spellings() -> None:
    understood = read(
        [["Cán bộ", "Mốc đời"], ["Lê An", "1975"]], more_spellings=[("name", "Cán bộ"), ("birth_date", "Mốc đời")]
    )
    assert next(understood.rows).value("birth_date").iso == "1975"


# Old encodings, text files, raw cells


def test_an_old_encoding_is_converted_and_told() -> None:
    rows = [
        ["TT", "Hä vµ tªn", "Ngµy sinh", "D©n téc"],
        [1.0, "NguyÔn V¨n An", "05/03/1975", "Th¸i"],
        [2.0, "TrÇn ThÞ Hång", "1976", "Tµy"],
    ]
    understood = read(rows)
    assert _names(understood) == ["Nguyễn Văn An", "Trần Thị Hồng"]
    assert [row.code("ethnicity") for row in understood.rows] == ["03", "02"]
    assert [issue.code for issue in understood.warnings] == ["legacy-encoding"]


def test_in_a_text_file_all_digits_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "Sở Tài chính.csv"
    path.write_text("Họ và tên;Ngày sinh;CCCD;Hệ số\nLê An;5/3/1975;10080000001;3,66\n", encoding="utf-8-sig")
    (row,) = understand(path, lookups=known(), today=TODAY).rows
    assert (row.value("personal_number"), row.value("coefficient"), row.unit) == (
        "010080000001",
        Decimal("3.66"),
        "UBND.03",
    )
    assert [issue.code for issue in row.issues] == ["restored-zeros", "number-birth-mismatch"]


def test_rows_keep_their_cells_for_giving_bad_rows_back() -> None:
    assert read_one(HEAD, AN).cells == AN
