"""Young by which document."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.dates import age_on
from personnel.rules.youth import DEFAULT_YOUTH, is_young, youth_definition, youth_definitions

DAY = date(2026, 6, 30)


def test_the_definitions_and_their_documents():
    found = youth_definitions(DAY)
    assert {key: (one.below, one.citation.document) for key, one in found.items()} == {
        "under-35": (35, "40/2014/NĐ-CP"),
        "under-40": (40, "26-NQ/TW"),
        "under-42": (42, "45-CT/TW"),
        "under-45": (45, "26-NQ/TW"),
    }
    assert list(found) == sorted(found)
    assert DEFAULT_YOUTH in found
    assert found["under-35"].confidence == "unconfirmed"
    assert found["under-42"].levels == ("province", "commune")


@pytest.mark.parametrize("key", ["under-35", "under-40", "under-42", "under-45"])
def test_under_means_strictly_under(key):
    below = int(key[-2:])
    birthday = date(2026 - below, 6, 30)
    assert is_young(key, born=birthday, day=date(2026, 6, 29)).outcome == "met"
    assert is_young(key, born=birthday, day=date(2026, 6, 30)).outcome == "not_met"
    finding = is_young(key, born=birthday, day=DAY)
    assert (finding.value, finding.facts["Tuổi"]) == (below, below)
    assert finding.citation == youth_definition(key, DAY).citation


@given(
    born=st.dates(date(1930, 1, 1), date(2010, 12, 31)),
    day=st.dates(date(2011, 1, 1), date(2060, 12, 31)),
    key=st.sampled_from(["under-35", "under-40", "under-42", "under-45"]),
)
def test_the_birth_limit_for_sql_agrees_with_the_age(born, day, key):
    definition = youth_definition(key, day)
    assert (born > definition.born_after(day)) == (age_on(born, day) < definition.below)
    assert is_young(key, born=born, day=day).is_met == (born > definition.born_after(day))


def test_a_past_day_can_be_counted_by_a_later_definition():
    assert youth_definition("under-42", date(2015, 12, 31)).below == 42


def test_an_unknown_definition():
    with pytest.raises(KeyError):
        youth_definition("under-50", DAY)
