"""The personal number against sex, birth year and place (all numbers are invented)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel.rules.personal_number import (
    NUMBER_BIRTH_MISMATCH,
    UNKNOWN_PREFIX,
    WARNING_MESSAGES,
    birth_of_number,
    check_personal_number,
    is_personal_number,
    province_prefixes,
)


@pytest.mark.parametrize(
    ("number", "sex", "year"),
    [
        ("010071000000", "male", 1971),
        ("010171000000", "female", 1971),
        ("010200000000", "male", 2000),
        ("010305000000", "female", 2005),
        ("010099000000", "male", 1999),
        ("010410000000", "male", 2110),
        ("010999000000", "female", 2399),
    ],
)
def test_what_a_number_tells(number, sex, year):
    assert birth_of_number(number) == (sex, year)
    assert check_personal_number(number, sex, year) == []


@pytest.mark.parametrize(
    ("number", "sex", "year", "warnings"),
    [
        ("010071000000", "female", 1971, [NUMBER_BIRTH_MISMATCH]),
        ("010071000000", "male", 1970, [NUMBER_BIRTH_MISMATCH]),
        ("010071000000", "male", 2071, [NUMBER_BIRTH_MISMATCH]),
        ("003071000000", "male", 1971, [UNKNOWN_PREFIX]),
        ("999171000000", "male", 1971, [NUMBER_BIRTH_MISMATCH, UNKNOWN_PREFIX]),
        ("010071000000", None, None, []),
        ("010071000000", None, 1972, [NUMBER_BIRTH_MISMATCH]),
        ("010071000000", "male", None, []),
    ],
)
def test_what_does_not_fit_warns(number, sex, year, warnings):
    assert check_personal_number(number, sex, year) == warnings
    assert set(warnings) <= set(WARNING_MESSAGES)


#: The same twelve digits as East Asian keyboards write them.
FULL_WIDTH = "\uff10\uff11\uff10\uff10\uff17\uff11" + "\uff10" * 6


@pytest.mark.parametrize("number", ["", "01007100000", "0100710000000", "01007100000a", FULL_WIDTH, "010 71000000"])
def test_another_form_is_no_personal_number(number):
    assert not is_personal_number(number)
    with pytest.raises(ValueError, match="12 chữ số"):
        check_personal_number(number)


def test_the_old_provinces_keep_their_leading_zeros():
    prefixes = province_prefixes()
    assert len(prefixes) == 63
    assert (prefixes["001"], prefixes["079"], prefixes["010"]) == ("Hà Nội", "Hồ Chí Minh", "Lào Cai")
    assert all(len(prefix) == 3 for prefix in prefixes)


@given(
    prefix=st.sampled_from(sorted(province_prefixes())),
    sex=st.sampled_from(["male", "female"]),
    year=st.integers(1900, 2399),
    tail=st.integers(0, 999999),
)
def test_a_number_built_as_the_decree_says_never_warns(prefix, sex, year, tail):
    digit = (year - 1900) // 100 * 2 + (sex == "female")
    number = f"{prefix}{digit}{year % 100:02d}{tail:06d}"
    assert birth_of_number(number) == (sex, year)
    assert check_personal_number(number, sex, year) == []
