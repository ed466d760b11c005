"""How a case is judged: what is missing is named, what rests on weak numbers says so, every rule has its name."""

import re
from datetime import date

import pytest

from personnel.rules import judging, working_days

RULE = judging.Rule("test-rule", "Quy tắc thử")
KNOWN, BEFORE = date(2026, 3, 1), date(2020, 1, 1)


def test_every_rule_is_named_in_vietnamese():
    assert len(judging.RULES) > 0
    for rule in judging.RULES:
        assert re.fullmatch(r"[a-z][a-z0-9-]+", rule.key)
        assert re.search(r"[À-ỹĐđ]", rule.label)


def test_a_missing_fact_and_a_missing_number_are_both_named():
    found = judging.judge(RULE, "term/notice_days", BEFORE, {"Ngày": None}, lambda _: True)
    assert (found.outcome, found.missing[0], found.confidence) == ("unknown", "Ngày", "unconfirmed")
    assert found.missing[1].endswith("(ngày 01/01/2020)")


def test_a_verdict_is_as_well_confirmed_as_its_weakest_number():
    judged = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda a, b: True, also=("term/notice_days",))
    assert (judged.value, judged.confidence) == (60, "one source")
    weak = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: False, confidence="unconfirmed")
    assert (weak.outcome, weak.confidence) == ("not_met", "unconfirmed")


def test_a_ground_of_which_nothing_is_said_is_not_known():
    found = judging.judge_grounds(RULE, "term/waiting_grounds", KNOWN, {"abroad": False})
    assert found.outcome == "unknown"
    assert len(found.missing) == 3
    assert judging.judge_grounds(RULE, "term/waiting_grounds", BEFORE, {}).outcome == "unknown"


def test_the_finding_that_decides():
    met = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: True)
    not_met = judging.judge(RULE, "term/full_months", KNOWN, {}, lambda _: False)
    unknown = judging.judge(RULE, "term/full_months", KNOWN, {"Ngày": None}, lambda _: True)
    assert judging.worst([]) is None
    assert judging.worst([met, unknown]) is unknown
    assert judging.worst([met, unknown, not_met]) is not_met


@pytest.mark.parametrize(
    ("day", "count", "after", "before"),
    [
        (date(2026, 6, 5), 1, date(2026, 6, 8), date(2026, 6, 4)),
        (date(2026, 6, 6), 1, date(2026, 6, 8), date(2026, 6, 5)),
        (date(2026, 6, 1), 10, date(2026, 6, 15), date(2026, 5, 18)),
        (date(2026, 6, 1), 0, date(2026, 6, 1), date(2026, 6, 1)),
    ],
)
def test_working_days(day, count, after, before):
    assert working_days.working_days_after(day, count) == after
    assert working_days.working_days_before(day, count) == before
    assert working_days.working_days_between(day, after) == count
    assert working_days.working_days_between(after, day) == 0


def test_a_holiday_is_no_working_day():
    holiday = {date(2026, 9, 2)}
    assert not working_days.is_working_day(date(2026, 9, 2), holiday)
    assert working_days.working_days_after(date(2026, 9, 1), 1, holiday) == date(2026, 9, 3)
    assert working_days.working_days_between(date(2026, 9, 1), date(2026, 9, 4), holiday) == 2
