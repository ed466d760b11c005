"""Leaving an office and leaving service."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel.rules import leaving
from personnel.rules.law import LAW
from personnel.rules.retirement import decision_day, notice_day, retirement
from tests.personnel.rules.findings_of import cases_of, check

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(("rule", "given", "case"), cases_of("leaving"))
def test_readable_cases(rule, given, case):
    check(getattr(leaving, rule), given, case)


def test_the_grounds_for_deferral_are_the_rows_of_the_parameter():
    rows = LAW["retirement/deferral_months"].require(DAY).value
    assert set(leaving.DEFERRAL_ROWS.values()) == set(rows)


@pytest.mark.parametrize(
    ("low", "counted", "consequence"),
    [(30, 60, "none"), (31, 60, "resignation"), (40, 60, "resignation"), (41, 60, "removal"), (60, 60, "removal")],
)
def test_the_consequence_of_a_vote(low, counted, consequence):
    assert leaving.votes_of_low_confidence(low=low, counted=counted, day=DAY).consequence == consequence
    assert leaving.votes_of_low_confidence(low=low, counted=counted, day=date(2025, 6, 30)).consequence is None


@given(st.integers(1, 500), st.data())
def test_more_low_votes_never_weigh_less(counted, data):
    order = ["none", "resignation", "removal"]
    low = data.draw(st.integers(0, counted - 1))
    first, second = (
        leaving.votes_of_low_confidence(low=votes, counted=counted, day=DAY).consequence for votes in (low, low + 1)
    )
    assert order.index(first) <= order.index(second)
    assert (first == "removal") == (Fraction(low, counted) > Fraction(2, 3))


@given(st.dates(date(1966, 1, 1), date(1990, 1, 1)))
def test_the_last_days_before_retirement_are_those_of_the_retirement_rules(born):
    found = retirement(sex="male", born=born)
    for function, last, done in (
        (leaving.retirement_noticed, notice_day(found), "noticed_on"),
        (leaving.retirement_decided, decision_day(found), "decided_on"),
    ):
        finding = function(retires_from=found.retired_from, day=last, **{done: last})
        assert finding.is_met
        assert finding.facts["Hạn cuối"] == last
