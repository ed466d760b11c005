"""Retirement against the annexes of the decree, readable cases, and what must hold for any birth."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.dates import PartialDate, first_of_month, last_of_month, month_index
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.law import LAW
from personnel.rules.retirement import (
    decision_day,
    latest_birth_retired,
    latest_retirement,
    notice_day,
    retired_by,
    retirement,
)

CASES = Path(__file__).parent / "cases"
ANNEXES = yaml.safe_load((CASES / "retirement_annexes.yaml").read_text())
READABLE = yaml.safe_load((CASES / "retirement.yaml").read_text())

sexes = st.sampled_from(["male", "female"])
births = st.dates(date(1957, 1, 1), date(2020, 12, 31))


def month(text: str) -> int:
    """The month index of `5/2021`."""
    number, year = text.split("/")
    return int(year) * 12 + int(number) - 1


def age(text: str) -> tuple[int, int]:
    """Years and months of `60 tuổi 3 tháng`."""
    years, months = re.fullmatch(r"(\d+) tuổi(?: (\d+) tháng)?", text).groups()
    return int(years), int(months or 0)


def annex_rows() -> list:
    return [
        pytest.param(sex, annex == "annex_2", row, id=f"{annex}-{sex}-{row['first']}")
        for annex, tables in ANNEXES.items()
        for sex, rows in tables.items()
        for row in rows
    ]


@pytest.mark.parametrize(("sex", "lower", "row"), annex_rows())
def test_every_birth_month_of_the_annexes(sex, lower, row):
    first, open_end = month(row["first"]), row["last"] is None
    last = first + 60 if open_end else month(row["last"])
    for birth in range(first, last + 1):
        for born in (first_of_month(birth), last_of_month(birth)):
            found = retirement(sex=sex, born=born, lower=lower)
            assert (found.age_years, found.age_months) == age(row["age"]), born
            assert month_index(found.retired_from) == month(row["pension_first"]) + birth - first
            assert found.retired_from.day == 1
            assert found.last_working_day == found.retired_from - timedelta(days=1)
            assert "135/2020/NĐ-CP" in found.citation.text
    if not open_end:
        assert month(row["pension_first"]) + last - first == month(row["pension_last"])


@pytest.mark.parametrize("annex", ANNEXES)
@pytest.mark.parametrize("sex", ["male", "female"])
def test_the_rows_of_an_annex_join(annex, sex):
    rows = ANNEXES[annex][sex]
    for row, after in pairwise(rows):
        assert month(row["last"]) + 1 == month(after["first"])


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case["case"])
def test_readable_cases(case):
    found = retirement(sex=case["sex"], born=PartialDate.parse(str(case["born"])), lower=case.get("lower", False))
    assert found.last_working_day == case["last"]
    assert (found.age_years, found.age_months) == age(case["age"])
    assert found.citation.document == case["law"]


def test_what_rests_on_memory_says_so():
    assert retirement(sex="male", born=date(1950, 5, 1)).confidence == "unconfirmed"
    assert retirement(sex="male", born=date(1960, 5, 1)).confidence == "one source"
    assert retirement(sex="male", born=date(1970, 5, 1)).confidence == "two sources"
    assert retirement(sex="male", born=date(1965, 5, 1), lower=True).confidence == "unconfirmed"


def test_before_the_first_law_known_it_is_unknown():
    first = retirement(sex="male", born=date(1935, 1, 31))
    assert first.last_working_day == date(1995, 1, 31)
    with pytest.raises(ParameterUnknown, match="Tuổi nghỉ hưu của nam"):
        retirement(sex="male", born=date(1934, 12, 31))
    finding = retired_by(sex="male", born=date(1934, 12, 31), day=date(2026, 1, 1))
    assert finding.outcome == "unknown"
    assert finding.missing


def test_another_sex_is_refused():
    with pytest.raises(ValueError, match="sex"):
        retirement(sex="Nam", born=date(1970, 1, 1))


@given(sex=sexes, first=births, second=births, lower=st.booleans())
def test_who_is_born_later_never_retires_earlier(sex, first, second, lower):
    early, late = sorted([first, second])
    assert (
        retirement(sex=sex, born=early, lower=lower).retired_from
        <= retirement(sex=sex, born=late, lower=lower).retired_from
    )


@given(sex=sexes, born=births)
def test_the_age_is_that_asked_in_its_month_and_was_not_reached_before(sex, born):
    found = retirement(sex=sex, born=born)
    months = found.age_years * 12 + found.age_months
    assert month_index(found.last_working_day) - month_index(born) == months
    asked = LAW[f"retirement/age_{sex}"]
    assert asked.require(found.last_working_day).value == months
    month_before = last_of_month(month_index(found.last_working_day) - 1)
    assert asked.require(month_before).value > months - 1


@given(sex=sexes, born=births)
def test_the_lower_age_is_never_later_and_women_never_retire_after_men(sex, born):
    normal = retirement(sex=sex, born=born)
    assert retirement(sex=sex, born=born, lower=True).retired_from < normal.retired_from
    assert retirement(sex="female", born=born).retired_from <= retirement(sex="male", born=born).retired_from


@given(sex=sexes, born=births, day=st.dates(date(2017, 2, 1), date(2080, 12, 31)), lower=st.booleans())
def test_the_birth_limit_for_sql_agrees_with_the_rule(sex, born, day, lower):
    is_retired = retirement(sex=sex, born=born, lower=lower).retired_from <= day
    assert (born <= latest_birth_retired(sex=sex, day=day, lower=lower)) == is_retired


def test_the_birth_limit_is_unknown_before_the_first_law_known():
    with pytest.raises(ParameterUnknown):
        latest_birth_retired(sex="male", day=date(1994, 6, 1))


@given(sex=sexes, born=births, day=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_verdict_carries_its_day_and_citation(sex, born, day):
    finding = retired_by(sex=sex, born=born, day=day)
    assert finding.is_met == (day >= finding.met_from)
    assert finding.citation is not None
    assert finding.facts["Ngày nghỉ hưu"] == finding.met_from


def test_a_highly_qualified_public_employee_may_stay_sixty_months():
    normal = retirement(sex="male", born=date(1966, 4, 1))
    later = latest_retirement(sex="male", born=date(1966, 4, 1), ground="public_employee")
    assert normal.last_working_day == date(2028, 4, 30)
    assert later.last_working_day == date(2033, 4, 30)
    assert (later.age_years, later.age_months) == (67, 0)
    assert later.citation.text == "Nghị định 50/2022/NĐ-CP ngày 02/08/2022"


def test_women_leaders_may_stay_until_sixty_and_no_longer():
    later = latest_retirement(sex="female", born=date(1969, 5, 1), ground="leader")
    assert later.last_working_day == date(2029, 5, 31)
    assert (later.age_years, later.age_months) == (60, 0)
    assert "83/2022/NĐ-CP" in later.citation.text
    born = date(1975, 5, 1)  # the normal age is sixty by then: nothing is added
    assert latest_retirement(sex="female", born=born, ground="leader") == retirement(sex="female", born=born)


def test_a_ground_for_staying_counts_from_its_decree():
    with pytest.raises(ParameterUnknown):  # reached the age in 07/2022
        latest_retirement(sex="male", born=date(1962, 1, 1), ground="public_employee")
    assert latest_retirement(sex="male", born=date(1962, 2, 1), ground="public_employee").age_years == 65


def test_notice_six_months_and_decision_three_months_before():
    found = retirement(sex="male", born=date(1965, 3, 1))
    assert found.retired_from == date(2026, 10, 1)
    assert notice_day(found) == date(2026, 4, 1)
    assert decision_day(found) == date(2026, 7, 1)
    with pytest.raises(ParameterUnknown):
        notice_day(retirement(sex="male", born=date(1960, 3, 1)))
