"""Transfer, rotation and secondment."""

from datetime import date
from decimal import Decimal

import pytest

from hrdb.kernel.dates import PartialDate
from personnel.rules import mobility
from tests.personnel.rules.findings_of import cases_of, check

MOVED = date(2026, 1, 10)
HIGH, LOW = Decimal("0.70"), Decimal("0.50")


@pytest.mark.parametrize(("rule", "given", "case"), cases_of("mobility"))
def test_readable_cases(rule, given, case):
    check(getattr(mobility, rule), given, case)


def test_a_small_child_is_told_with_the_day_on_which_it_is_grown():
    found = mobility.may_be_moved(
        is_under_discipline=False,
        is_under_investigation=False,
        is_ill=False,
        is_studying=False,
        is_seconded=False,
        is_on_maternity=False,
        has_child=True,
        youngest_child_born=PartialDate(date(2024, 2, 1), "month"),
        is_in_hardship=False,
        day=date(2026, 3, 1),
    )
    assert found.facts["Con đủ tuổi từ ngày"] == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("day", "old", "new", "rotation_ends_on", "outcome", "until"),
    [
        (date(2026, 7, 9), HIGH, LOW, None, "met", date(2026, 7, 10)),
        (date(2026, 7, 10), HIGH, LOW, None, "not_met", date(2026, 7, 10)),
        (date(2026, 7, 9), LOW, LOW, None, "not_met", None),
        (date(2026, 7, 9), LOW, HIGH, None, "not_met", None),
        (date(2026, 7, 9), None, LOW, None, "unknown", None),
        (date(2027, 1, 9), HIGH, LOW, date(2029, 1, 10), "met", date(2029, 1, 10)),
        (date(2029, 1, 10), HIGH, LOW, date(2029, 1, 10), "not_met", date(2029, 1, 10)),
    ],
)
def test_how_long_a_higher_allowance_is_kept(day, old, new, rotation_ends_on, outcome, until):
    found = mobility.allowance_kept(moved_on=MOVED, old=old, new=new, rotation_ends_on=rotation_ends_on, day=day)
    assert (found.finding.outcome, found.until) == (outcome, until)
