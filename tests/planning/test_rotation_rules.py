"""The conditions of a rotation, on the days before and after each of them turns."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from hrdb.kernel.dates import PartialDate
from personnel.rules.discipline import PastDiscipline
from planning.rules.eligibility import Person, Target
from planning.rules.rotation import (
    OwnRule,
    RotationCase,
    direction_of,
    evaluations_due,
    findings,
    judge_rotation,
)

D = datetime.date
DAY = D(2026, 1, 1)
FREE = dict.fromkeys(("discipline", "investigation", "illness", "study", "seconded", "maternity", "hardship"), False)
PERSON = Person(sex="male", born=D(1980, 5, 10))
TARGET = Target(title="Phó Chủ tịch UBND xã", code="PCT-UBND-XA", rank=8, object=1, reference_day=None)
CASE = RotationCase(
    person=PERSON,
    target=TARGET,
    purpose="planned",
    begins_on=DAY,
    ends_on=D(2029, 1, 1),
    blocks=FREE,
    has_child=False,
    is_clear=True,
    health_checked_on=D(2025, 12, 1),
    is_planned=True,
    change="equivalent",
)


def outcome(rule: str, day: D = DAY, **changed: Any) -> str | None:
    case = replace(CASE, **changed)
    return next((found.outcome for found in findings(case, day) if found.rule == rule), None)


def test_a_rotation_lasts_at_least_three_years_to_the_day() -> None:
    assert outcome("rotation-length") == "met"
    assert outcome("rotation-length", ends_on=D(2028, 12, 31)) == "not_met"
    assert outcome("rotation-length", ends_on=None) == "unknown"


@pytest.mark.parametrize(
    ("born", "purpose", "expected"),
    [
        # A man born in 12/1973 draws his pension from 01/01/2036: exactly 120 months are left on the day.
        (D(1973, 12, 31), "planned", "met"),
        (D(1973, 11, 30), "planned", "not_met"),
        (D(1973, 11, 30), "two_terms", "met"),
        (D(1973, 11, 30), "non_local", "met"),
        (D(1968, 12, 1), "two_terms", "met"),
        (D(1968, 11, 30), "two_terms", "not_met"),
    ],
)
def test_ten_years_are_left_or_a_term_for_the_other_purposes(born: D, purpose: str, expected: str) -> None:
    person = replace(PERSON, born=born)
    assert outcome("rotation-time-left", person=person, purpose=purpose) == expected


def test_a_small_child_makes_a_rotation_wait_until_it_is_three_or_the_wish_is_written() -> None:
    child = PartialDate(D(2023, 1, 1), "day")
    assert outcome("may-be-moved", has_child=True, youngest_child_born=child) == "met"
    younger = PartialDate(D(2023, 1, 2), "day")
    assert outcome("may-be-moved", has_child=True, youngest_child_born=younger) == "not_met"
    assert outcome("may-be-moved", has_child=True, youngest_child_born=younger, has_written_wish=True) == "met"
    by_year = PartialDate(D(2022, 1, 1), "year")
    assert outcome("may-be-moved", D(2025, 12, 30), has_child=True, youngest_child_born=by_year) == "not_met"
    assert outcome("may-be-moved", has_child=None) == "unknown"


def test_what_only_the_officer_can_say_is_not_known_until_he_says_it() -> None:
    assert outcome("may-be-moved", blocks={**FREE, "illness": None}) == "unknown"
    assert outcome("no-pending-procedure", is_clear=False, blocks={**FREE, "discipline": None}) == "unknown"


def test_a_discipline_blocks_for_a_year() -> None:
    person = replace(PERSON, disciplines=[PastDiscipline("reprimand", D(2025, 8, 1))])
    assert outcome("not-serving-discipline", D(2026, 7, 31), person=person) == "not_met"
    assert outcome("not-serving-discipline", D(2026, 8, 1), person=person) == "met"
    assert outcome("higher-title-after-discipline", person=person) is None
    assert outcome("higher-title-after-discipline", D(2027, 7, 31), person=person, change="higher") == "not_met"
    assert outcome("higher-title-after-discipline", D(2027, 8, 1), person=person, change="higher") == "met"
    verdict = judge_rotation(replace(CASE, person=person), D(2026, 7, 31))
    assert verdict.outcome == "not_met"


def test_each_purpose_asks_its_own() -> None:
    assert outcome("rotation-in-planning") == "met"
    assert outcome("rotation-in-planning", is_planned=False) == "not_met"
    assert outcome("rotation-two-terms", purpose="two_terms", terms_held=1) == "not_met"
    assert outcome("rotation-two-terms", purpose="two_terms", terms_held=2) == "met"
    assert outcome("rotation-non-local", purpose="non_local", is_local=True) == "not_met"
    assert outcome("rotation-non-local", purpose="non_local", is_local=False) == "met"
    assert outcome("rotation-in-planning", purpose="two_terms") is None


def test_a_head_is_not_local_where_the_province_says_so_and_else_it_is_not_known() -> None:
    assert outcome("rotation-non-local") is None
    assert outcome("rotation-non-local", is_head=True) == "unknown"
    assert outcome("rotation-non-local", is_head=True, is_local=True) == "unknown"
    assert outcome("rotation-non-local", is_head=True, is_local=False) == "met"
    own = OwnRule(basis="Quy định 05-QĐ/TU ngày 01/02/2026", since=D(2026, 2, 1))
    assert outcome("rotation-non-local", own_non_local=own, is_local=True) == "not_met"
    assert outcome("rotation-non-local", own_non_local=own, is_local=False) == "met"


def test_a_higher_title_needs_a_reason() -> None:
    assert outcome("rotation-equivalent-title", change="higher") == "not_met"
    assert outcome("rotation-equivalent-title", change=None) == "unknown"
    case = replace(CASE, change="higher")
    left = [found.rule for found in judge_rotation(case, DAY).findings if found.outcome == "not_met"]
    assert left == ["rotation-equivalent-title"]
    assert judge_rotation(case, DAY, passed=left).outcome != "not_met"


def test_every_finding_names_its_law() -> None:
    for found in findings(replace(CASE, is_head=True), DAY):
        assert found.citation is not None, found.rule
    for found in findings(CASE, D(2000, 1, 1)):
        assert found.outcome in ("met", "not_met", "unknown"), found.rule


@pytest.mark.parametrize(
    ("start", "end", "is_one", "expected"),
    [
        ("province", "commune", False, "down"),
        ("commune", "province", False, "up"),
        ("commune", "commune", False, "across"),
        ("province", "province", False, "sector"),
        ("province", "province", True, "division"),
    ],
)
def test_the_direction_follows_from_the_levels(start: str, end: str, is_one: bool, expected: str) -> None:
    assert direction_of(from_level=start, to_level=end, is_one_office=is_one) == expected


def test_the_years_of_evaluation_run_to_the_day_or_the_end() -> None:
    begun, ends = D(2024, 6, 1), D(2027, 6, 1)
    assert evaluations_due(begins_on=begun, ends_on=ends, day=D(2026, 11, 24)) == [2024, 2025, 2026]
    assert evaluations_due(begins_on=begun, ends_on=ends, day=D(2030, 1, 1))[-1] == 2027
    assert evaluations_due(begins_on=begun, ends_on=ends, day=D(2024, 1, 1)) == []
