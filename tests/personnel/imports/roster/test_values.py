"""Single values as people type them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel.imports.roster.values import (
    BadValue,
    is_mark,
    is_no,
    read_coefficient,
    read_date,
    read_percent,
    read_personal_number,
    read_step,
    schooling_of_date,
)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        (date(1968, 5, 19), "1968-05-19"),
        (datetime(1968, 5, 19, 0, 0), "1968-05-19"),
        ("19/05/1968", "1968-05-19"),
        ("9/5/1968", "1968-05-09"),
        ("19.05.1968", "1968-05-19"),
        ("19-5-1968", "1968-05-19"),
        (" 19 / 05 / 1968 ", "1968-05-19"),
        ("19/05/1968.", "1968-05-19"),
        ("'19/05/1968", "1968-05-19"),
        ("19/05/1968 00:00:00", "1968-05-19"),
        ("1968-05-19", "1968-05-19"),
        ("1968-05-19 00:00:00", "1968-05-19"),
        ("ngày 19 tháng 5 năm 1968", "1968-05-19"),
        ("19-May-1968", "1968-05-19"),
        (19051968.0, "1968-05-19"),
        (1011990.0, "1990-01-01"),
        (24977.0, "1968-05-19"),
        ("5/1968", "1968-05"),
        ("05/1968", "1968-05"),
        ("tháng 5/1968", "1968-05"),
        ("tháng 5 năm 1968", "1968-05"),
        ("00/05/1968", "1968-05"),
        ("../05/1968", "1968-05"),
        ("1968", "1968"),
        ("năm 1968", "1968"),
        (1968.0, "1968"),
        (date(1905, 5, 21), "1968"),
        ("00/00/1968", "1968"),
        ("--/--/1968", "1968"),
    ],
)
def test_dates_in_every_style(typed: Any, iso: str) -> None:
    found, flaw = read_date(typed, 2025, is_birth=True)
    assert found is not None
    assert (found.iso, flaw) == (iso, None)


@pytest.mark.parametrize(
    ("typed", "is_birth", "iso"),
    [
        ("15/05/78", True, "1978-05-15"),
        ("15/05/05", True, "2005-05-15"),
        ("15/05/15", True, "1915-05-15"),
        ("15/05/15", False, "2015-05-15"),
        ("15.5.99", False, "1999-05-15"),
        ("5/78", True, "1978-05"),
    ],
)
def test_two_digits_of_a_year_are_read_and_told(typed: str, is_birth: bool, iso: str) -> None:
    found, flaw = read_date(typed, 2025, is_birth=is_birth)
    assert found is not None
    assert flaw is not None
    assert (found.iso, flaw.code) == (iso, "two-digit-year")


@pytest.mark.parametrize(
    "typed", ["31/02/1980", "05/19/1968", "32/01/1980", "abc", "19681", "5/5", 5.0, 99999999.0, "1/1/0020", "x", -3.0]
)
def test_what_is_no_date_has_a_sentence(typed: Any) -> None:
    with pytest.raises(BadValue) as bad:
        read_date(typed, 2025)
    assert bad.value.flaw.code == "bad-date"
    assert bad.value.flaw.message


@pytest.mark.parametrize("typed", ["", " ", "-", "không", "Chưa", "...", 0.0])
def test_nothing_is_no_date(typed: Any) -> None:
    assert read_date(typed, 2025) == (None, None)


@pytest.mark.parametrize(
    ("typed", "number", "code"),
    [
        ("014082010000", "014082010000", None),
        ("0140 8201 0000", "014082010000", None),
        ("014.082.010.000", "014082010000", None),
        ("014082010000\u00a0", "014082010000", None),
        (14082010000.0, "014082010000", "restored-zeros"),
        (1078010002.0, "001078010002", "restored-zeros"),
        (220280100022.0, "220280100022", None),
        ("14082010000", "014082010000", "restored-zeros"),
        ("", None, None),
        ("không", None, None),
    ],
)
def test_personal_numbers(typed: Any, number: str | None, code: str | None) -> None:
    found, flaw = read_personal_number(typed, digits_are_numbers=False)
    assert (found, flaw.code if flaw else None) == (number, code)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("025175010X", "12 chữ số"),
        (123456789.0, "chứng minh nhân dân"),
        ("12345678", "chứng minh nhân dân"),
        ("1.4082E+10", "rút gọn"),
        ("01408201000", "11 chữ số"),
        ("0140820100001", "13 chữ số"),
        ("000000000000", "không phải"),
        (0.5, "không phải"),
        (date(2020, 1, 1), "ngày tháng"),
    ],
)
def test_bad_personal_numbers_say_why(typed: Any, word: str) -> None:
    with pytest.raises(BadValue) as bad:
        read_personal_number(typed, digits_are_numbers=False)
    assert bad.value.flaw.code == "bad-personal-number"
    assert word in bad.value.flaw.message


@pytest.mark.parametrize(
    ("typed", "number", "percent"),
    [
        (4.4, "4.40", None),
        ("4,40", "4.40", None),
        ("4.4", "4.40", None),
        ("4,98 VK 6%", "4.98", 6),
        ("4.98+6%", "4.98", 6),
        (3.0, "3.00", None),
    ],
)
def test_coefficients(typed: Any, number: str, percent: int | None) -> None:
    assert read_coefficient(typed) == (Decimal(number), percent)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        (3.0, 3),
        ("3", 3),
        ("3/9", 3),
        ("Bậc 3", 3),
        ("bậc 3/9", 3),
        ("", None),
        (date(2025, 9, 4), 4),
        (date(2025, 4, 9), 4),
    ],
)
def test_steps(typed: Any, step: int | None) -> None:
    assert read_step(typed)[0] == step


@pytest.mark.parametrize(("typed", "percent"), [(6.0, 6), ("6%", 6), (0.06, 6), ("", None), (0.0, None)])
def test_percentages(typed: Any, percent: int | None) -> None:
    assert read_percent(typed) == percent


@pytest.mark.parametrize(
    ("reader", "typed"),
    [
        (read_coefficient, "abc"),
        (read_coefficient, 440.0),
        (read_step, "9/3"),
        (read_step, 3.5),
        (read_percent, "x"),
        (read_percent, 500.0),
    ],
)
def test_bad_numbers(reader: Any, typed: Any) -> None:
    with pytest.raises(BadValue):
        reader(typed)


def test_marks_and_nothing() -> None:
    assert all(map(is_mark, ["x", "X", " x ", "✓", 1.0, "1", "v"]))
    assert not any(map(is_mark, ["", "0", 0.0, "Luật", 2.0, date(2020, 1, 1)]))
    assert [is_no(text) for text in ("Không", "-", "x", "Kinh")] == [True, True, False, False]


def test_a_schooling_that_became_a_date() -> None:
    assert [schooling_of_date(day) for day in (date(2025, 12, 12), date(2025, 12, 10), date(2025, 10, 12))] == [
        "12/12",
        "10/12",
        "10/12",
    ]


def _read_or_refused(reader: Callable[[Any], Any], value: Any) -> str:
    try:
        reader(value)
    except BadValue as bad:
        return bad.flaw.message
    return "đọc được"


@given(st.text(max_size=40) | st.floats(allow_nan=False, allow_infinity=False))
def test_any_cell_is_read_or_refused_with_a_sentence(value: Any) -> None:
    readers: tuple[Callable[[Any], Any], ...] = (
        lambda cell: read_date(cell, 2025),
        lambda cell: read_personal_number(cell, digits_are_numbers=False),
        read_coefficient,
        read_step,
        read_percent,
    )
    assert all(_read_or_refused(reader, value) for reader in readers)
