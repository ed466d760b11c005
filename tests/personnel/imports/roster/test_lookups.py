"""What words mean: by folded name, code or alias; two meanings are none unless the place tells them apart."""

import pytest

from personnel.imports.roster.lookups import CodeRecord, DictionaryLookups, UnitRecord
from tests.personnel.imports.roster.known import known


@pytest.mark.parametrize(
    ("list_name", "text", "code"),
    [
        ("ethnic_groups", "KINH", "01"),
        ("ethnic_groups", " Kinh\u00a0", "01"),
        ("ethnic_groups", "H’Mông", "08"),
        ("ethnic_groups", "Gia - rai", "10"),
        ("ethnic_groups", "01", "01"),
        ("ethnic_groups", "Kinhh", None),
        ("ethnic_groups", "Tay ninh", None),
        ("political_theory_levels", "CC", "09"),
        ("political_theory_levels", "Cao cấp", "09"),
        ("political_theory_levels", "cao cấp LLCT", "09"),
        ("degree_levels", "Th.S", "03"),
        ("degree_levels", "ThS", "03"),
        ("degree_levels", "Thạc sỹ", "03"),
        ("degree_levels", "ĐHSP Toán", None),
        ("ranks", "V07.05.15", "V.07.05.15"),
        ("ranks", "01003", "01.003"),
        ("ranks", "GV THPT hạng III", "V.07.05.15"),
        ("nothing", "x", None),
        ("ethnic_groups", "", None),
    ],
)
def test_codes_are_matched_and_never_guessed(list_name: str, text: str, code: str | None) -> None:
    assert known().match_code(list_name, text) == code


@pytest.mark.parametrize(
    ("text", "within", "unit"),
    [
        ("VĂN PHÒNG  UBND TỈNH", None, "UBND.01"),
        ("UBND tỉnh", None, "UBND"),
        ("UBND tỉnh Lào Cai", None, "UBND"),
        ("Sở Nội vụ tỉnh Lào Cai", None, "UBND.02"),
        ("Sở GD&ĐT", None, "UBND.05"),
        ("Sở VH, TT & DL", None, "UBND.11"),
        ("Sở Văn hoá, Thể thao và Du lịch", None, "UBND.11"),
        ("UBND.03", None, "UBND.03"),
        ("xã Bát Xát", None, "XP.02683"),
        ("UBND xã Bát Xát", None, "XP.02683"),
        ("Trường THPT số 1", None, "TR.01"),
        ("THPT số 1", None, "TR.01"),
        ("BVĐK khu vực 2", None, "BV.02"),
        ("Văn phòng", None, None),
        ("Văn phòng", "UBND.02", "UBND.02.01"),
        ("Văn phòng", "UBND.02.03", "UBND.02.01"),
        ("Phòng Nghiệp vụ, Sở Tài chính", None, "UBND.03.04"),
        ("Sở Tài chính - Phòng Tổ chức - Cán bộ", None, "UBND.03.02"),
        ("Phòng Nghiệp vụ\nSở Tài chính", None, "UBND.03.04"),
        ("Phòng Nghiệp vụ thuộc Sở Tài chính", None, "UBND.03.04"),
        ("Ủy ban nhân dân phường Cam Đườn", None, "XP.02671"),
        ("Sở Không Có Thật", None, None),
        ("", None, None),
    ],
)
def test_units(text: str, within: str | None, unit: str | None) -> None:
    match = known().match_unit(text, within)
    assert (match.code if match else None) == unit
    assert match is None or match.rest == ""


def test_a_group_inside_a_unit_is_told_apart() -> None:
    match = known().match_unit("Tổ Toán, Trường THPT số 1")
    assert match is not None
    assert (match.code, match.rest) == ("TR.01", "Tổ Toán")


def test_parents_that_go_in_a_circle_end() -> None:
    lookups = DictionaryLookups({}, [UnitRecord("a", "Phòng A", "b"), UnitRecord("b", "Phòng A", "a")])
    assert lookups.match_unit("Phòng A", "a") is None


@pytest.mark.parametrize(
    ("text", "unit", "title"),
    [
        ("Giám đốc", "UBND.02", "GD-SO"),
        ("Giám đốc", "BV.01", "GD-DVSN"),
        ("Giám đốc", None, None),
        ("Giám đốc Sở Nội vụ", "UBND.02", "GD-SO"),
        ("Trưởng phòng", "UBND.02.01", "TP-SO"),
        ("Trưởng phòng Nghiệp vụ", "UBND.02", "TP-SO"),
        ("Phó Trưởng phòng Tổ chức - Cán bộ", "UBND.02", "PTP-SO"),
        ("Trưởng phòng Không Có", "UBND.02", None),
        ("Chủ tịch HĐND xã", "XP.02683", "CT-HDND-XA"),
        ("Hiệu trưởng", "TR.01", "HT"),
        ("CT HĐND", "XP.02683", "CT-HDND-XA"),
        ("Phó CT UBND xã", "XP.02683", "PCT-UBND-XA"),
        ("Trưởng ấp", "XP.02683", None),
    ],
)
def test_titles_are_meant_in_their_unit(text: str, unit: str | None, title: str | None) -> None:
    assert known().match_title(text, unit) == title


def test_two_items_of_one_spelling_mean_nothing_and_names_go_before_aliases() -> None:
    lookups = DictionaryLookups(
        {"x": [CodeRecord("1", "Một", ("M",)), CodeRecord("2", "Hai", ("M", "Ba")), CodeRecord("3", "Ba")]}
    )
    assert [lookups.match_code("x", text) for text in ("M", "Ba", "Một")] == [None, "3", "1"]


def test_the_nearest_known_values() -> None:
    assert known().nearest("ethnic_groups", "Kinhh")[0].code == "01"
    assert known().nearest("degree_levels", "ĐHSP Toán")[0].code == "04"
    assert known().nearest("units", "Sở Nội vu tinh")[0].code == "UBND.02"
    assert known().nearest("ethnic_groups", "xyz") == ()
    assert len(known().nearest("ranks", "Chuyên viên", 2)) == 2
    assert known().name_of("units", "UBND.02") == "Sở Nội vụ"
    assert known().name_of("ranks", "không có") == "không có"
