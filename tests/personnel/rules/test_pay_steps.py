"""The next rise in pay and early steps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.findings import Citation
from personnel.rules.pay import UnknownStep, next_step_day, over_frame_percent, pay_scale, pay_scales
from personnel.rules.pay_steps import (
    early_step_not_repeated,
    early_step_within,
    early_steps_within_quota,
    next_rise,
)

HELD = date(2024, 2, 1)
DAY = date(2026, 3, 1)
RULE = Citation("12/QĐ-UBND", date(2026, 1, 5))


@pytest.mark.parametrize(
    ("scale", "step", "percent", "kind", "due_on", "after"),
    [
        ("A1", 3, 0, "step", date(2027, 2, 1), (4, 0)),
        ("B", 3, 0, "step", date(2026, 2, 1), (4, 0)),
        ("expert", 2, 0, "step", date(2029, 2, 1), (3, 0)),
        ("A1", 9, 0, "over_frame", date(2027, 2, 1), (9, 5)),
        ("B", 12, 0, "over_frame", date(2026, 2, 1), (12, 5)),
        ("A1", 9, 5, "over_frame", date(2025, 2, 1), (9, 6)),
        ("A1", 9, 11, "over_frame", date(2025, 2, 1), (9, 12)),
        ("expert", 3, 0, "none", None, (3, 0)),
    ],
)
def test_what_is_due_next(scale, step, percent, kind, due_on, after):
    found = next_rise(scale=scale, step=step, percent=percent, held_from=HELD, day=DAY)
    assert (found.kind, found.due_on, (found.step, found.percent)) == (kind, due_on, after)
    assert found.finding.is_met == (due_on is not None and due_on <= DAY)


@pytest.mark.parametrize(("day", "outcome"), [(date(2027, 1, 31), "not_met"), (date(2027, 2, 1), "met")])
def test_the_day_before_and_the_day_of_a_step(day, outcome):
    found = next_rise(scale="A1", step=3, held_from=HELD, day=day).finding
    assert (found.outcome, found.value, found.met_from) == (outcome, 36, date(2027, 2, 1))
    assert found.confidence == "two sources"


def test_a_delay_is_given_by_who_knows_it():
    assert next_rise(scale="A1", step=3, held_from=HELD, delay_months=6, day=DAY).due_on == date(2027, 8, 1)
    found = next_rise(scale="A1", step=3, held_from=HELD, delay_months=None, day=DAY)
    assert (found.due_on, found.finding.outcome) == (None, "unknown")
    assert found.finding.missing == ("Thời gian kéo dài nâng bậc lương thường xuyên (ngày 01/03/2026)",)
    assert next_rise(scale="A1", step=3, held_from=None, day=DAY).finding.missing == ("Hưởng từ ngày",)


def test_before_the_rule_on_seniority_the_per_cent_is_not_known():
    early = next_rise(scale="A1", step=9, held_from=date(2004, 12, 1), day=date(2005, 1, 4)).finding
    assert early.missing == ("Phụ cấp thâm niên vượt khung (ngày 04/01/2005)",)
    assert next_rise(scale="A1", step=9, held_from=date(2004, 12, 1), day=date(2005, 1, 5)).percent == 5


def test_a_step_that_the_scale_lacks_is_a_sentence():
    for step, percent in ((10, 0), (3, 5)):
        with pytest.raises(UnknownStep, match=r"\.$"):
            next_rise(scale="A1", step=step, percent=percent, held_from=HELD, day=DAY)


@given(st.sampled_from(sorted(pay_scales())), st.dates(date(2005, 1, 5), date(2030, 1, 1)), st.data())
def test_the_next_rise_agrees_with_the_tables(scale, held_from, data):
    last = pay_scale(scale).steps
    step = data.draw(st.integers(1, last))
    found = next_rise(scale=scale, step=step, held_from=held_from, day=date(2030, 1, 1))
    if step < last:
        assert found.due_on == next_step_day(scale, step, held_from)
    elif found.due_on is not None:
        assert over_frame_percent(scale, held_from, found.due_on) == found.percent


@pytest.mark.parametrize(
    ("early_on", "outcome"), [(date(2026, 2, 28), "not_met"), (date(2026, 3, 1), "met"), (None, "unknown")]
)
def test_an_early_step_by_a_number_that_somebody_gives(early_on, outcome):
    asked = {"regular_on": date(2027, 3, 1), "early_on": early_on, "ground": "merit", "day": DAY}
    assert early_step_within(**asked).outcome == "unknown"
    assert early_step_within(**asked, most=12, citation=RULE).outcome == outcome


@pytest.mark.parametrize(
    ("ground", "last", "outcome"),
    [
        ("merit", False, "met"),
        ("merit", True, "not_met"),
        ("merit", None, "unknown"),
        ("retirement", True, "met"),
        ("retirement", None, "met"),
    ],
)
def test_not_twice_in_a_row_for_merit(ground, last, outcome):
    found = early_step_not_repeated(ground=ground, last_was_early_for_merit=last, day=DAY)
    assert (found.outcome, found.confidence) == (outcome, "one source")


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (date(2013, 9, 15), "08/2013/TT-BNV"),
        (date(2021, 8, 14), "08/2013/TT-BNV"),
        (date(2021, 8, 15), "03/2021/TT-BNV"),
    ],
)
def test_the_circular_of_the_day_is_cited(day, document):
    found = early_step_not_repeated(ground="merit", last_was_early_for_merit=False, day=day)
    assert found.citation.document == document
    unconfirmed = early_steps_within_quota(promoted=1, people=10, day=day)
    assert (unconfirmed.outcome, unconfirmed.citation.document) == ("unknown", document)


@pytest.mark.parametrize(("promoted", "outcome"), [(2, "met"), (3, "not_met"), (None, "unknown")])
def test_a_quota_that_somebody_gives(promoted, outcome):
    found = early_steps_within_quota(promoted=promoted, people=20, most=10, citation=RULE, day=DAY)
    assert found.outcome == outcome
