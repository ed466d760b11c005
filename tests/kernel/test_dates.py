"""Dates known in part, ages and months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.dates import BadDate, PartialDate, add_months, age_on, format_date, latest_birth, whole_months

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "value", "precision", "shown"),
    [
        ("1966", date(1966, 1, 1), "year", "1966"),
        ("1966-04", date(1966, 4, 1), "month", "04/1966"),
        (" 1966-04-30 ", date(1966, 4, 30), "day", "30/04/1966"),
    ],
)
def test_a_partial_date_keeps_what_is_known(text, value, precision, shown):
    found = PartialDate.parse(text)
    assert (found.value, found.precision, found.text, str(found)) == (value, precision, shown, shown)
    assert PartialDate.parse(found.iso) == found


@pytest.mark.parametrize("text", ["", "66", "1966-4", "1966-13", "1966-02-30", "30/04/1966", "1966-04-30T00", "0966"])
def test_another_text_is_refused_with_a_sentence(text):
    with pytest.raises(BadDate, match="«"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "last"), [("2024", date(2024, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2024-02-03", date(2024, 2, 3))]
)
def test_the_last_day_that_a_partial_date_can_mean(text, last):
    assert PartialDate.parse(text).last_day == last


def test_the_unknown_part_counts_from_its_first_day():
    assert PartialDate(date(1966, 4, 30), "month") == PartialDate(date(1966, 4, 1), "month")
    assert PartialDate(date(1966, 4, 30), "year").value == date(1966, 1, 1)
    with pytest.raises(ValueError, match="precision"):
        PartialDate(date(1966, 4, 30), "week")  # type: ignore[arg-type]


def test_format():
    assert format_date(date(2026, 1, 2)) == "02/01/2026"
    assert format_date(date(2026, 1, 2), "month") == "01/2026"
    assert format_date(date(2026, 1, 2), "year") == "2026"


def test_age_changes_on_the_birthday():
    assert age_on(date(1986, 5, 20), date(2026, 5, 19)) == 39
    assert age_on(date(1986, 5, 20), date(2026, 5, 20)) == 40
    assert age_on(PartialDate.parse("1986"), date(2026, 1, 1)) == 40
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(1986, 5, 20), date(1986, 5, 19))


def test_a_leap_day_birth_is_older_on_the_first_of_march():
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age_on(date(2004, 2, 29), date(2022, 3, 1)) == 18
    assert age_on(date(2004, 2, 29), date(2024, 2, 29)) == 20


@given(born=days, day=days, age=st.integers(0, 80))
def test_the_birth_limit_for_sql_agrees_with_the_age(born, day, age):
    if born <= day and day.year - age >= 1:
        assert (age_on(born, day) >= age) == (born <= latest_birth(age, day))


def test_months_end_on_the_corresponding_day_or_the_last_of_a_shorter_month():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert whole_months(date(2024, 1, 31), date(2024, 2, 28)) == 0
    assert whole_months(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert whole_months(date(2024, 1, 15), date(2024, 2, 14)) == 0
    assert whole_months(PartialDate.parse("2024"), date(2029, 1, 1)) == 60
    assert whole_months(date(2024, 2, 15), date(2024, 1, 15)) == -1


@given(start=st.dates(date(1900, 1, 1), date(2050, 1, 1)), months=st.integers(0, 600))
def test_adding_months_and_counting_them_agree(start, months):
    end = add_months(start, months)
    assert whole_months(start, end) == months
    assert add_months(start, months + 1) > end
