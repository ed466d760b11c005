"""Each fact of a person, however an office writes it."""

from datetime import date
from typing import Any

import pytest

from hrdb.kernel.spreadsheets.reading import MergedRange
from personnel.imports.roster.parts import DegreePart, LanguagePart
from tests.personnel.imports.roster.known import codes, read, read_one

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


@pytest.mark.parametrize("header", ["Ngày vào Đảng", "Ngày vào Đảng (chính thức)", "Ngày chính thức"])
@pytest.mark.parametrize(
    ("typed", "joined", "official"),
    [
        ("03/02/2010 (03/02/2011)", "2010-02-03", "2011-02-03"),
        ("3/2/2010 - 3/2/2011", "2010-02-03", "2011-02-03"),
        ("03.02.2010\n03.02.2011", "2010-02-03", "2011-02-03"),
        ("03/02/2010; 03/02/2011", "2010-02-03", "2011-02-03"),
        ("03/02/10 (03/02/11)", "2010-02-03", "2011-02-03"),
        ("02/2010 - 02/2011", "2010-02", "2011-02"),
        ("2010 (2011)", "2010", "2011"),
        ("DB: 3/2/2010; CT: 3/2/2011", "2010-02-03", "2011-02-03"),
        ("Chính thức 03/02/2011, dự bị 03/02/2010", "2010-02-03", "2011-02-03"),
        ("Kết nạp ngày 03/02/2010", "2010-02-03", None),
        ("CT: 03/02/2011", None, "2011-02-03"),
    ],
)
def test_days_of_the_party_in_any_column_of_either(
    header: str, typed: str, joined: str | None, official: str | None
) -> None:
    row = read_one([*HEAD, header], [*AN, typed])
    assert not row.has_errors
    told = [row.value(name) for name in ("party_joined_on", "party_official_on")]
    assert [day.iso if day else None for day in told] == [joined, official]
    assert row.value("is_party_member") is True


def test_an_official_day_alone_tells_a_member() -> None:
    row = read_one([*HEAD, "Ngày vào Đảng chính thức"], [*AN, "03/02/2011"])
    assert (row.value("party_official_on").iso, row.value("is_party_member")) == ("2011-02-03", True)
    assert "party_joined_on" not in row.fields
    assert read_one([*HEAD, "Ngày vào Đảng"], [*AN, "03/02/20101"]).has_errors


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
