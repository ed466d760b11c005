"""The term of an appointment and what follows it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.findings import Citation
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules import terms
from tests.personnel.rules.findings_of import cases_of, check


@pytest.mark.parametrize(("rule", "given", "case"), cases_of("terms"))
def test_readable_cases(rule, given, case):
    check(getattr(terms, rule), given, case)


@pytest.mark.parametrize(
    ("retires_from", "kind", "ends_on"),
    [
        (date(2032, 1, 1), "reappointment", date(2031, 9, 1)),
        (date(2031, 9, 1), "reappointment", date(2031, 9, 1)),
        (date(2031, 8, 1), "until_retirement", date(2031, 8, 1)),
        (date(2028, 9, 1), "until_retirement", date(2028, 9, 1)),
        (date(2028, 8, 1), "extension", date(2028, 8, 1)),
        (date(2026, 9, 1), "retirement", date(2026, 9, 1)),
    ],
)
def test_what_follows_a_term_and_when_it_ends(retires_from, kind, ends_on):
    found = terms.after_the_term(term_ends_on=date(2026, 9, 1), retires_from=retires_from, day=date(2026, 6, 1))
    assert (found.kind, found.ends_on) == (kind, ends_on)


def test_what_is_not_known_has_no_end():
    day = date(2025, 6, 30)
    assert terms.term_of_appointment(effective_on=day, retires_from=None, day=day).ends_on is None
    assert terms.after_the_term(term_ends_on=day, retires_from=None, day=day).kind is None


def test_a_special_law_shortens_a_term_and_is_named():
    law = Citation("99/2025/QH15", date(2025, 1, 1), "Điều 1")
    asked = {"effective_on": date(2026, 3, 1), "retires_from": date(2035, 1, 1), "day": date(2026, 3, 1)}
    found = terms.term_of_appointment(**asked, special_months=36, special_citation=law)
    assert (found.ends_on, found.is_full) == (date(2029, 3, 1), True)
    assert law.text in found.finding.facts.values()
    with pytest.raises(ValueError, match="law"):
        terms.term_of_appointment(**asked, special_months=36)


@given(st.dates(date(2025, 7, 1), date(2060, 1, 1)), st.integers(1, 4000))
def test_a_term_never_runs_past_retirement_or_five_years(effective_on, days):
    retires_from = effective_on + timedelta(days=days)
    found = terms.term_of_appointment(effective_on=effective_on, retires_from=retires_from, day=effective_on)
    assert effective_on < found.ends_on <= retires_from
    assert found.is_full == (found.ends_on < retires_from)
    assert (found.ends_on - effective_on).days <= 5 * 366


def test_the_days_before_a_term_ends():
    found = terms.reappointment_days(term_ends_on=date(2026, 6, 1), day=date(2026, 3, 1))
    assert (found.notice_by, found.decide_by) == (date(2026, 3, 3), date(2026, 5, 29))
    with pytest.raises(ParameterUnknown, match="Thông báo"):
        terms.reappointment_days(term_ends_on=date(2025, 9, 1), day=date(2025, 6, 30))
