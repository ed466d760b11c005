"""Cells that say several things."""

from decimal import Decimal

import pytest

from personnel.imports.roster.parts import read_pay, split_degrees, split_languages, split_titles
from tests.personnel.imports.roster.known import known


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Bí thư Đảng ủy, Chủ tịch HĐND xã", ["Bí thư Đảng ủy", "Chủ tịch HĐND xã"]),
        ("Ủy viên Ban Thường vụ; Phó Chủ tịch UBND xã", ["Ủy viên Ban Thường vụ", "Phó Chủ tịch UBND xã"]),
        ("Uỷ viên BTV\nPhó Giám đốc", ["Uỷ viên BTV", "Phó Giám đốc"]),
        ("Phó Bí thư kiêm Chủ tịch UBND", ["Phó Bí thư", "Chủ tịch UBND"]),
        ("Bí thư, kiêm nhiệm Chủ tịch HĐND", ["Bí thư", "Chủ tịch HĐND"]),
        ("Bí thư Chi bộ - Hiệu trưởng", ["Bí thư Chi bộ", "Hiệu trưởng"]),
        ("Trưởng phòng Văn hóa, Thông tin", ["Trưởng phòng Văn hóa, Thông tin"]),
        ("Trưởng phòng Tổ chức - Cán bộ", ["Trưởng phòng Tổ chức - Cán bộ"]),
        ("Hiệu trưởng, Trường THPT số 1", ["Hiệu trưởng, Trường THPT số 1"]),
        ("Chủ tịch HĐND, UBND", ["Chủ tịch HĐND, UBND"]),
        ("Phó Trưởng\nphòng", ["Phó Trưởng phòng"]),
        ("Giáo viên", ["Giáo viên"]),
        ("", []),
    ],
)
def test_titles_are_split_only_where_another_begins(text: str, titles: list[str]) -> None:
    assert split_titles(text) == titles


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("ĐH Luật\nThS Quản lý công", [("04", "Luật"), ("03", "Quản lý công")]),
        ("Đại học Luật, Thạc sĩ Kinh tế", [("04", "Luật"), ("03", "Kinh tế")]),
        ("Tiến sỹ Kinh tế và ĐH Luật", [("02", "Kinh tế"), ("04", "Luật")]),
        ("Cử nhân Kinh tế; Kỹ sư Xây dựng", [("04", "Kinh tế"), ("05", "Xây dựng")]),
        ("Thạc sĩ\nQuản lý công", [("03", "Quản lý công")]),
        ("ThS.Quản lý công", [("03", "Quản lý công")]),
        ("Đại học (Luật)", [("04", "Luật")]),
        ("ĐH Luật, Kế toán", [("04", "Luật, Kế toán")]),
        ("Th.S", [("03", "")]),
        ("Thạc sỹ", [("03", "")]),
        ("BS CKI Nội", [("11", "Nội")]),
        ("ĐHSP Toán", [(None, "")]),
    ],
)
def test_degrees_with_their_fields_of_study(text: str, degrees: list[tuple[str | None, str]]) -> None:
    assert [(part.code, part.study_field) for part in split_degrees(text, known(), "degree_levels")] == degrees


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Tiếng Anh B1", [("01", "x-bac-3")]),
        ("Tiếng Anh bậc 3/6", [("01", "x-bac-3")]),
        ("ĐH Tiếng Anh", [("01", "x-dai-hoc")]),
        ("Anh văn B, Tiếng Trung A2", [("01", "x-chung-chi-b"), ("05", "x-bac-2")]),
        ("Tiếng Anh", [("01", None)]),
        ("B1", [(None, "x-bac-3")]),
        ("TOEIC 500", [(None, None)]),
    ],
)
def test_languages_with_their_levels(text: str, languages: list[tuple[str | None, str | None]]) -> None:
    parts = split_languages(text, known(), "languages", "language_levels")
    assert [(part.language, part.level) for part in parts] == languages


@pytest.mark.parametrize(
    ("text", "rank", "step", "coefficient", "over"),
    [
        ("CVC 4/8, 5,42", "01.002", 4, "5.42", None),
        ("01.003 bậc 3/9 hệ số 3,00", "01.003", 3, "3.00", None),
        ("CV, bậc 3, HS 3.0", "01.003", 3, "3.00", None),
        ("Chuyên viên chính (01.002), bậc 2/8, hệ số 4,74", "01.002", 2, "4.74", None),
        ("01.003 - 3/9 - 3,00", "01.003", 3, "3.00", None),
        ("V.07.05.15; 4/9; 3,33", "V.07.05.15", 4, "3.33", None),
        ("GV THPT hạng III, bậc 4/9; HSL: 3,33", "V.07.05.15", 4, "3.33", None),
        ("CV 9/9, 4,98, VK 6%", "01.003", 9, "4.98", 6),
        ("CVCC", "01.001", None, None, None),
        ("V07.05.15", "V.07.05.15", None, None, None),
        ("CVX 3/9", None, 3, None, None),
    ],
)
def test_rank_step_and_coefficient_in_one_text(
    text: str, rank: str | None, step: int | None, coefficient: str | None, over: int | None
) -> None:
    pay = read_pay(text, known(), "ranks")
    number = Decimal(coefficient) if coefficient else None
    assert (pay.rank, pay.step, pay.coefficient, pay.over_frame) == (rank, step, number, over)
