"""Vietnamese text: cleaning, search key, comparing, sorting, names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.text import (
    clean_lines,
    clean_text,
    fold,
    is_all_caps,
    name_case,
    same_text_key,
    sort_key,
    text_order_key,
)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  Nguyễn \u00a0 Văn\tA ", "Nguyễn Văn A"),
        ("Nguyễn\u200b Văn\ufeff A\u00ad", "Nguyễn Văn A"),
        (unicodedata.normalize("NFD", "Đặng Thị Hoà"), "Đặng Thị Hoà"),
        ("dòng\nhai", "dòng hai"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_text_is_cleaned_to_one_line(typed: str, clean: str) -> None:
    assert clean_text(typed) == clean
    assert unicodedata.is_normalized("NFC", clean_text(typed))


def test_lines_are_kept_apart() -> None:
    assert clean_lines("ĐH  Luật\n\n ThS Quản lý công ") == ["ĐH Luật", "ThS Quản lý công"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đặng Thị Hoà", "dang thi hoa"),
        ("ĐẶNG THỊ HÒA", "dang thi hoa"),
        ("H’Hen Niê", "h'hen nie"),
        ("Ủy ban", "uy ban"),
        ("ưỡn Ẹo", "uon eo"),
    ],
)
def test_search_key_has_no_diacritics(text: str, key: str) -> None:
    assert fold(text) == key
    assert fold(unicodedata.normalize("NFD", text)) == key


def test_tone_placement_is_the_same_text_and_another_tone_is_not() -> None:
    for one, other in (("Hoà", "HÒA"), ("Thuỷ", "Thủy"), ("uỷ ban", "Ủy  ban"), ("khoẻ", "khỏe")):
        assert same_text_key(one) == same_text_key(other)
    for one, other in (("Hòa", "Hoa"), ("Quý", "Quí"), ("Thủy", "Thúy"), ("Trường", "Trưởng")):
        assert same_text_key(one) != same_text_key(other)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("NGUYỄN THỊ BÍCH HOÀ", "Nguyễn Thị Bích Hoà"),
        (unicodedata.normalize("NFD", "GIÀNG A PÁO"), "Giàng A Páo"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("H’HEN NIÊ", "H’Hen Niê"),
        ("Y MOAN ÊBAN", "Y Moan Êban"),
        ("Y Moan", "Y Moan"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Nguyễn thị Lan", "Nguyễn thị Lan"),
        ("nguyễn văn a", "nguyễn văn a"),
        ("Trần Văn Quí", "Trần Văn Quí"),
        ("RƠ-Ô H'BƯƠN", "Rơ-Ô H'Bươn"),
        ("Y A", "Y A"),
    ],
)
def test_names_change_only_from_capitals(typed: str, stored: str) -> None:
    assert name_case(typed) == stored
    assert name_case(stored) == stored


def test_capitals_need_a_word() -> None:
    assert is_all_caps("SỞ NỘI VỤ")
    assert not is_all_caps("A. B")
    assert not is_all_caps("Sở Nội vụ")
    assert not is_all_caps("12/12")


def test_names_sort_by_given_name_then_family_name_then_middle() -> None:
    right = [
        "Trần Ái",
        "Hạ An",
        "Lê Văn An",
        "Lê Đức Ăn",
        "Lê Ân",
        "Đỗ Dung",
        "Phạm Dũng",
        "Hoàng Đạt",
        "Nguyễn Văn Ha",
        "Nguyễn Văn Hà",
        "Nguyễn Văn Hả",
        "Nguyễn Văn Hã",
        "Nguyễn Văn Há",
        "Nguyễn Văn Hạ",
        "Hà Nguyễn",
        "Bùi Thị Ước",
    ]
    right[0], right[1], right[2] = "Hạ An", "Lê Văn An", "Trần Ái"
    expected = sorted(right, key=sort_key)
    assert [expected.index(name) for name in ("Trần Ái", "Hạ An", "Lê Văn An")] == [0, 1, 2]
    assert expected[3:] == right[3:]


def test_sort_order_is_that_of_bytes() -> None:
    names = ["Nguyễn Văn Hà", "Nguyễn Văn Hạ", "Đỗ Đạt", "Lê Ân", "Trần An", "H'Hen Niê", "123", ""]
    assert sorted(names, key=lambda name: sort_key(name).encode()) == sorted(names, key=sort_key)


def test_place_of_the_tone_mark_does_not_change_the_order() -> None:
    assert sort_key("Lê Thị Hoà") == sort_key("LÊ THỊ HÒA")


def test_labels_and_units_are_ordered_from_their_first_word() -> None:
    right = ["Ban Tổ chức", "Bản đồ", "Chi cục Thuế", "Dân tộc", "Đảng ủy", "Email", "Ủy ban", "Văn phòng", "Văn thư"]
    mixed = [*right[4:], *right[:4]]
    assert sorted(mixed, key=text_order_key) == right


@given(st.text(max_size=60))
def test_any_text_has_its_keys(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert name_case(name_case(text)) == name_case(text)
    sort_key(text)
    text_order_key(text)
    same_text_key(text)
