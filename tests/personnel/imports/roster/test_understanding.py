"""What cannot be, who stands twice, what an office decided, and files of other kinds."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hrdb.kernel.spreadsheets.reading import CellError
from personnel.imports.roster.columns import spellings
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.results import Understanding
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import TODAY, codes, known, read, read_one, workbook

HEAD = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chức vụ"]
AN = [1.0, "Nguyễn Văn An", "05/03/1975", "Nam", "010075000001", "Giám đốc"]
BINH = [2.0, "Lê Thị Bình", "06/04/1980", "Nữ", "010180000002", "Chuyên viên"]


def _names(understood: Any) -> list[str]:
    return [row.value("name") for row in understood.rows]


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


# Whatever cells hold


STRANGE_CELLS: tuple[Any, ...] = (
    "", " ", "\x00", "\u0301", "x", "nt", "″", "-", "#N/A", CellError("#REF!"), 0.0, 1.0, -1.0, 1e300, 1968.0, 45000.0,
    "1E+10", "0", "31/02/1980", "99/99", "5/78", "4/9", date(1900, 1, 1), date(9999, 12, 31), "Kinh", "CVC 4/8, 5,42",
    "ĐH; ThS", "; ;", "kiêm", "%", "6%%", "bậc", "Tổng cộng", "I.", "A. SỞ Y TẾ", "a" * 3000, "(", "²", "Biệt phái từ ",
    "SỞ NỘI VỤ", "14082010000", "🙂", "A\u0300",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_strange_cells_under_any_columns_are_told_and_never_break(seed: int) -> None:
    dice = random.Random(seed)
    headers = dice.sample([text.split(" > ")[-1] for _, text in spellings()], 15)
    rows = [["Họ và tên", *headers]] + [[dice.choice(STRANGE_CELLS) for _ in range(16)] for _ in range(20)]
    understood = read(rows, is_text=bool(seed % 2), dates=dice.choice(("ask", "swap", "as-is")))
    assert all(issue.message and issue.code for issue in understood.all_issues)
    assert Understanding.from_json(understood.to_json()).to_json() == understood.to_json()
