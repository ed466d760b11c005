"""Rosters as offices really make them, each ugly in its own way: what a careful reader understands is understood."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from hrdb.kernel.spreadsheets.reading import MergedRange
from personnel.imports.roster.results import RosterRow, Understanding
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import TODAY, codes, known, read

AN, BINH, CUC = "Nguyễn Văn An", "Lê Thị Bình", "Trần Cúc"
NUMBER = "010080900001"


@dataclass
class Ugly:
    """A roster, and what it says: one dictionary of facts for each person, errors and warnings by row."""

    rows: list[list[Any]]
    people: list[dict[str, Any]]
    errors: set[tuple[int, str]] = field(default_factory=set)
    warnings: set[tuple[int, str]] = field(default_factory=set)
    merged: tuple[MergedRange, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


def fact(row: RosterRow, name: str) -> Any:
    """A fact of a row as plain text or number."""
    if name == "unit":
        return row.unit
    if name in ("rank", "category", "ethnicity", "state"):
        return row.code(name)
    value = row.value(name)
    if name in ("title", "degree"):
        return [part.text for part in value or ()]
    return getattr(value, "iso", value)


def one(head: list[Any], cells: list[Any], facts: dict[str, Any], **more: Any) -> Ugly:
    """A roster of one person."""
    return Ugly([["TT", "Họ và tên", *head], [1.0, AN, *cells]], [{"name": AN, **facts}], **more)


def names(*people: str) -> list[dict[str, Any]]:
    """People of whom only the names are told."""
    return [{"name": name} for name in people]


CASES: dict[str, Ugly] = {
    "unit in capitals above": Ugly(
        [["UBND TỈNH LÀO CAI", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
         ["SỞ TÀI CHÍNH", "", "Độc lập - Tự do - Hạnh phúc"],
         [], ["DANH SÁCH TRÍCH NGANG"], ["TT", "Họ và tên", "Năm sinh"], [1.0, AN, "1980"]],
        [{"name": AN, "unit": "UBND.03"}], options={"default_unit": None},
    ),
    "two tables one below the other": Ugly(
        [["I. LÃNH ĐẠO"], ["TT", "Họ và tên", "Ngày sinh", "Chức vụ"], [1.0, AN, "05/03/1975", "Giám đốc"], [],
         ["II. NGƯỜI LAO ĐỘNG HỢP ĐỒNG"], ["Số TT", "Họ tên", "Giới tính", "Năm sinh", "Công việc"],
         [1.0, BINH, "Nữ", 1990.0, "Lái xe"]],
        [{"name": AN, "birth_date": "1975-03-05"}, {"name": BINH, "sex": "female", "job_position": "Lái xe"}],
    ),
    "unit cells merged downwards": Ugly(
        [["TT", "Đơn vị", "Họ và tên", "Năm sinh"], [1.0, "Sở Y tế", AN, "1980"], [2.0, "", BINH, "1981"],
         [3.0, "Sở Tài chính", CUC, "1982"]],
        [{"unit": "UBND.04"}, {"unit": "UBND.04"}, {"unit": "UBND.03"}],
        merged=(MergedRange(1, 1, 2, 1),), options={"default_unit": None},
    ),
    "any cells merged downwards": Ugly(
        [["TT", "Họ và tên", "Năm sinh", "Dân tộc", "Ngày tuyển dụng"], [1.0, AN, "1980", "Tày", "01/09/2005"],
         [2.0, BINH, "1981", "", ""]],
        [{"ethnicity": "02"}, {"ethnicity": "02", "recruited_on": "2005-09-01"}],
        merged=(MergedRange(1, 3, 2, 3), MergedRange(1, 4, 2, 4)),
    ),
    "numbering anew in each section": Ugly(
        [["TT", "Họ và tên", "Năm sinh"], ["A", "SỞ Y TẾ"], [1.0, AN, "1980"],
         ["B", "SỞ TÀI CHÍNH"], [1.0, BINH, "1981"], [2.0, CUC, "1982"]],
        [{"unit": "UBND.04"}, {"unit": "UBND.03"}, {"unit": "UBND.03"}], options={"default_unit": None},
    ),
    "a date as one number": one(["Ngày sinh"], [19800512.0], {"birth_date": "1980-05-12"}),
    "a date as one text": one(["Ngày sinh"], ["19800512"], {"birth_date": "1980-05-12"}),
    "day before month as one number": one(["Ngày sinh"], [12051980.0], {"birth_date": "1980-05-12"}),
    "a date as programmers write it": one(["Ngày sinh"], ["1980-05-12"], {"birth_date": "1980-05-12"}),
    "a date with dashes": one(["Ngày sinh"], ["12-5-1980"], {"birth_date": "1980-05-12"}),
    "a date in words": one(["Ngày sinh"], ["Ngày 12 tháng 5 năm 1980"], {"birth_date": "1980-05-12"}),
    "a date in a sentence": one(["Ngày sinh"], ["Sinh ngày 12/5/1980"], {"birth_date": "1980-05-12"}),
    "letters for digits in a date": one(
        ["Ngày sinh"], ["12/O5/198O"], {"birth_date": "1980-05-12"}, warnings={(2, "letter-for-digit")}
    ),
    "family and given names apart": Ugly(
        [["TT", "Họ đệm", "Tên", "NTNS"], [1.0, "NGUYỄN VĂN", "AN", "1980"], [2.0, "Lê Thị", "Bình", "1981"]],
        names(AN, BINH),
    ),
    "sex as one and zero under Nữ": Ugly(
        [["TT", "Họ và tên", "Nữ", "Năm sinh"], [1.0, AN, 0.0, "1980"], [2.0, BINH, 1.0, "1981"]],
        [{"sex": "male"}, {"sex": "female"}],
    ),
    "sex as figures that the header explains": Ugly(
        [["TT", "Họ và tên", "Giới tính (Nam: 1; Nữ: 0)", "Năm sinh"],
         [1.0, AN, 1.0, "1980"], [2.0, BINH, 0.0, "1981"]],
        [{"sex": "male"}, {"sex": "female"}],
    ),
    "sex as figures that nothing explains": Ugly(
        [["TT", "Họ và tên", "Giới", "Năm sinh"], [1.0, AN, 1.0, "1980"], [2.0, BINH, 0.0, "1981"]],
        [{"sex": None}, {"sex": None}], errors={(2, "unknown-value"), (3, "unknown-value")},
    ),
    "sex as letters": Ugly(
        [["TT", "Họ và tên", "GT", "Năm sinh"], [1.0, AN, "N", "1980"], [2.0, BINH, "n", "1981"]],
        [{"sex": None}, {"sex": None}], errors={(2, "unknown-value"), (3, "unknown-value")},
    ),
    "birth dates of women alone under Nữ": Ugly(
        [["TT", "Họ và tên", "Năm sinh", ""], ["", "", "Nam", "Nữ"], [1.0, AN, "", "1980"], [2.0, BINH, "1981", ""]],
        [{"sex": "female", "birth_date": "1980"}, {"sex": "male", "birth_date": "1981"}],
    ),
    "birth years under Nam and Nữ without a group": Ugly(
        [["TT", "Họ và tên", "Nam", "Nữ"], [1.0, AN, 1980.0, ""], [2.0, BINH, "", 1981.0]],
        [{"sex": "male", "birth_date": "1980"}, {"sex": "female", "birth_date": "1981"}],
    ),
    "ethnic group told in the note": one(
        ["Dân tộc", "Ghi chú"], ["", "Dân tộc Kinh"], {"ethnicity": None, "note": "Dân tộc Kinh"}
    ),
    "letters with their marks apart": one(
        [unicodedata.normalize("NFD", "Dân tộc"), "Chức vụ"], [unicodedata.normalize("NFD", "Mường"), "Giám đốc"],
        {"ethnicity": "04", "title": ["Giám đốc"]},
    ),
    "the old fonts of the north": Ugly(
        [["TT", "Hä vµ tªn", "Ngµy sinh", "D©n téc"], [1.0, "NguyÔn V¨n An", "1980", "Kinh"],
         [2.0, "Lª ThÞ B×nh", "1981", "Tµy"], [3.0, "trÇn thÞ hång", "1982", "M«ng"]],
        [{"name": AN}, {"name": BINH, "ethnicity": "02"}, {"name": "Trần Thị Hồng"}],
    ),
    "the old fonts of the south": Ugly(
        [["TT", "Hoï vaø teân", "Ngaøy sinh", "Daân toäc"], [1.0, "Nguyeãn Vaên An", "1980", "Kinh"],
         [2.0, "Leâ Thò Bình", "1981", "Taøy"], [3.0, "Ñaëng Höõu Öôùc", "1982", "Moâng"]],
        [{"name": AN}, {"name": BINH, "ethnicity": "02"}, {"name": "Đặng Hữu Ước"}],
    ),
    "blanks behind numbers": one(["Số CCCD"], [f"{NUMBER} \u00a0"], {"personal_number": NUMBER}),
    "dots in numbers": one(["Số CCCD"], ["010.080.900.001"], {"personal_number": NUMBER}),
    "blanks in numbers": one(["Số CCCD"], ["010 080 900 001"], {"personal_number": NUMBER}),
    "letters for digits in numbers": one(
        ["Năm sinh", "Giới tính", "Số CCCD"], ["1980", "Nam", "O1OO8O9OOOO1"], {"personal_number": NUMBER},
        warnings={(2, "letter-for-digit")},
    ),
    "letters for digits of somebody whose sex is not told": one(
        ["Năm sinh", "Số CCCD"], ["1980", "O1OO8O9OOOO1"], {"personal_number": NUMBER},
        warnings={(2, "letter-for-digit")},
    ),
    "an old number beside the new one": one(
        ["CMND/CCCD"], [f"063123456; {NUMBER}"], {"personal_number": NUMBER}
    ),
    "a division by its initials": Ugly(
        [["TT", "Họ và tên", "Đơn vị"], [1.0, AN, "P. NV"], [2.0, BINH, "Phòng NV"], [3.0, CUC, "P.Nghiệp vụ"],
         [4.0, "Giàng A Páo", "P. TC-CB"], [5.0, "Lò Văn Sẵn", "Phòng TCCB, Sở Y tế"]],
        [{"unit": "UBND.02.04"}, {"unit": "UBND.02.04"}, {"unit": "UBND.02.04"}, {"unit": "UBND.02.02"},
         {"unit": "UBND.04.02"}],
    ),
    "forms of address before names": Ugly(
        [["TT", "Họ và tên", "Năm sinh"], [1.0, f"Đ/c {AN}", "1980"], [2.0, f"Đồng chí {BINH}", "1981"]],
        names(AN, BINH),
    ),
    "marks of footnotes behind names": Ugly(
        [["TT", "Họ và tên", "Năm sinh"], [1.0, f"{AN} (*)", "1980"], [2.0, f"{BINH}**", "1981"]], names(AN, BINH)
    ),
    "names in small letters": Ugly(
        [["TT", "Họ và tên", "Năm sinh"], [1.0, "nguyễn văn an", "1980"]], names(AN)
    ),
    "what is no name": Ugly(
        [["TT", "Họ và tên", "Năm sinh"], [1.0, '=HYPERLINK("http://a")', "1980"], [2.0, "+cmd|' /C calc'!A0", "1981"]],
        [{"name": None}, {"name": None}], errors={(2, "bad-name"), (3, "bad-name")},
    ),
    "ranks as people write them": Ugly(
        [["TT", "Họ và tên", "Năm sinh", "Mã ngạch", "Bậc", "HSL"], [1.0, AN, "1980", "V07.05.15", "Bậc 4", "3,33"],
         [2.0, BINH, "1981", "Chuyên viên (01.003)", "4 / 9", "3.33"], [3.0, CUC, "1982", "01003", "4", 3.33]],
        [{"rank": "V.07.05.15", "pay_step": 4}, {"rank": "01.003", "pay_step": 4}, {"rank": "01.003"}],
    ),
    "abbreviated heads": Ugly(
        [["TT", "Họ tên", "GT", "NTN sinh", "DT", "TG", "QQ", "ĐDCN", "CV CQ", "Ngày TD", "NVĐ", "NVĐ CT", "TĐ CM",
          "LLCT", "QLNN", "NN", "TH", "Mã ngạch", "Bậc", "HSL", "SĐT", "GC"],
         [1.0, AN, "Nam", "12/5/1980", "Tày", "Không", "Lào Cai", NUMBER, "Giám đốc", "1/9/2005", "3/2/2010",
          "3/2/2011", "ĐH Luật", "CC", "CVC", "Anh B1", "CB", "01.002", "4", "5,42", "0912345678", ""]],
        [{"name": AN, "sex": "male", "birth_date": "1980-05-12", "ethnicity": "02", "home_town": "Lào Cai",
          "personal_number": NUMBER, "title": ["Giám đốc"], "recruited_on": "2005-09-01",
          "party_joined_on": "2010-02-03", "party_official_on": "2011-02-03", "political_theory": "Cao cấp",
          "rank": "01.002", "pay_step": 4, "phone": "0912345678"}],
    ),
    "blank lines and an empty column": Ugly(
        [*[[]] * 9, ["", "TT", "", "Họ và tên", "", "Năm sinh"], [], ["", 1.0, "", AN, "", "1980"], [],
         ["", 2.0, "", BINH, "", "1981"]],
        names(AN, BINH),
    ),
    "a line break in the name": Ugly([["TT", "Họ và\ntên", "Năm\nsinh"], [1.0, "Nguyễn Văn\nAn", "1980"]], names(AN)),
    "two numbers of one phone": one(
        ["SĐT"], ["0912.345.678 / 0213 3840 123"], {"phone": "0912.345.678 / 0213 3840 123"}
    ),
    "a day of birth that is not known": one(["Ngày sinh"], ["00/00/1980"], {"birth_date": "1980"}),
    "ratings by year beside": Ugly(
        [["TT", "Họ và tên", "Năm sinh", "Xếp loại", "", ""], ["", "", "", 2023.0, 2024.0, 2025.0],
         [1.0, AN, "1980", "HTXSNV", "HTTNV", "HTTNV"]],
        names(AN),
    ),
    "lists of several sections of hands": Ugly(
        [["TT", "Họ và tên", "Năm sinh", "Chức vụ"], ["I", "Biên chế"], [1.0, AN, "1980", "Giám đốc"], ["", "Cộng: 01"],
         ["II", "Hợp đồng 68"], [1.0, BINH, "1981", "Lái xe"], ["", "Cộng: 01"], ["", "Tổng cộng: 02 người"]],
        [{"name": AN, "category": None}, {"name": BINH, "category": "contract_111"}],
    ),
}  # fmt: skip


def _understood(case: Ugly) -> Understanding:
    return read(case.rows, merged=case.merged, **case.options)


@pytest.mark.parametrize("name", CASES)
def test_an_ugly_roster_is_understood(name: str) -> None:
    case = CASES[name]
    understood = _understood(case)
    rows = list(understood.rows)
    told = [{name: fact(row, name) for name in wanted} for row, wanted in zip(rows, case.people, strict=True)]
    assert told == case.people
    assert codes(understood) == case.errors
    assert case.warnings <= codes(understood, "warning")


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    path = tmp_path / "an.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Danh sách", "Cũ"):
            sheet = book.add_worksheet(name)
            for place, row in enumerate([["TT", "Họ và tên", "Năm sinh"], [1, AN, "1980"], [2, BINH, "1981"]]):
                sheet.write_row(place, 0, row)
            sheet.set_row(2, None, None, {"hidden": True})
            sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.hide()
    understood = understand(path, lookups=known(), today=TODAY, default_unit="UBND.02")
    assert [(row.sheet, row.value("name"), fact(row, "birth_date")) for row in understood.rows] == [
        ("Danh sách", AN, "1980"),
        ("Danh sách", BINH, "1981"),
    ]
    assert understood.notes == ["Trang tính «Danh sách» có 1 dòng ẩn (hoặc đang lọc); các dòng ẩn vẫn được đọc."]
    assert [(sheet.name, sheet.reason) for sheet in understood.skipped] == [("Cũ", "Trang tính ẩn, không đọc.")]
