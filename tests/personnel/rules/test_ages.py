"""Age bands and minimum ages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.dates import PartialDate, age_on
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.ages import age_bands, band_of, minimum_age, old_enough

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("age", "code"),
    [(18, "up_to_30"), (30, "up_to_30"), (31, "31_40"), (40, "31_40"), (41, "41_50"), (50, "41_50"), (51, "51_60"),
     (60, "51_60"), (61, "over_60"), (90, "over_60")],
)  # fmt: skip
def test_the_first_and_last_age_of_each_band(age, code):
    assert [band.code for band in age_bands(DAY) if band.holds(age)] == [code]


def test_the_band_changes_on_the_birthday():
    assert band_of(date(1995, 6, 30), date(2026, 6, 29)).label == "Từ 30 trở xuống"
    assert band_of(date(1995, 6, 30), date(2026, 6, 30)).label == "Từ 31 đến 40"
    assert band_of(PartialDate.parse("1995"), date(2026, 1, 1)).code == "31_40"


@given(born=st.dates(date(1930, 1, 1), date(2010, 12, 31)), day=st.dates(date(2011, 1, 1), date(2060, 12, 31)))
def test_the_births_of_a_band_in_sql_agree_with_the_age(born, day):
    inside = []
    for band in age_bands(day):
        after, until = band.born_between(day)
        if (after is None or born > after) and (until is None or born <= until):
            inside.append(band)
    assert inside == [band_of(born, day)]


def test_the_parts_of_the_report_name_sex_and_band():
    parts = age_bands(DAY, "structure_parts")
    told = [(part.code, part.sex, part.lowest, part.highest, part.within) for part in parts]
    assert told == [("51_55_female", "female", 51, 55, "51_60"), ("56_60_male", "male", 56, 60, "51_60")]
    assert {part.within for part in parts} <= {band.code for band in age_bands(DAY)}


def test_bands_of_a_day_before_the_circular_are_its_first():
    assert age_bands(date(2000, 1, 1)) == age_bands(DAY)


def test_the_minimum_ages_and_their_citations():
    work = minimum_age("work", DAY)
    assert (work.value, work.citation.text) == (15, "Bộ luật Lao động 45/2019/QH14 ngày 20/11/2019, Điều 3 khoản 1")
    service = minimum_age("service", DAY)
    assert (service.value, service.confidence_label) == (18, "chưa kiểm chứng")
    assert service.citation.document == "80/2025/QH15"
    assert minimum_age("service", date(2025, 6, 30)).citation.document == "22/2008/QH12"
    with pytest.raises(ParameterUnknown):
        minimum_age("work", date(1994, 12, 31))


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(date(2026, 3, 14), "not_met"), (date(2026, 3, 15), "met"), (date(2008, 3, 14), "not_met")],
)
def test_old_enough_on_the_birthday(day, outcome):
    finding = old_enough("service", born=date(2008, 3, 15), day=day, law_of=DAY)
    assert (finding.outcome, finding.met_from, finding.value) == (outcome, date(2026, 3, 15), 18)


def test_a_leap_day_birth_is_old_enough_on_the_first_of_march():
    finding = old_enough("service", born=date(2008, 2, 29), day=date(2026, 2, 28))
    assert (finding.outcome, finding.met_from) == ("not_met", date(2026, 3, 1))


@given(born=st.dates(date(1940, 1, 1), date(2010, 12, 31)), day=st.dates(date(2011, 1, 1), date(2060, 12, 31)))
def test_old_enough_from_the_day_it_says(born, day):
    finding = old_enough("work", born=born, day=day, law_of=DAY)
    assert finding.is_met == (day >= finding.met_from) == (age_on(born, day) >= 15)


def test_an_old_day_is_unknown_by_its_own_law_and_judged_by_a_newer_one():
    own = old_enough("work", born=date(1960, 1, 1), day=date(1970, 1, 1))
    assert own.outcome == "unknown"
    assert own.missing
    assert old_enough("work", born=date(1960, 1, 1), day=date(1970, 1, 1), law_of=DAY).outcome == "not_met"
    assert old_enough("work", born=date(1960, 1, 1), day=date(1975, 1, 1), law_of=DAY).outcome == "met"
