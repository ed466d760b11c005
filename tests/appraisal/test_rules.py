"""The law of appraisal: levels by score, caps and their rounding, grounds, deadlines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from appraisal.rules.caps import TOO_MANY, allowed_excellent, excellent_within_cap
from appraisal.rules.deadlines import rating_deadline
from appraisal.rules.levels import head_within_unit, level_fits_score, level_of_score, not_forced, parts_within

END = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("70", "good"),
        ("69.99", "completed"),
        ("50", "completed"),
        ("49.99", "not_completed"),
        ("0", "not_completed"),
    ],
)
def test_a_score_gives_its_level(score: str, level: str) -> None:
    assert level_of_score(score=Decimal(score), regime="civil_servant", day=END) == level
    found = level_fits_score(level=level, score=Decimal(score), regime="civil_servant", day=END)  # type: ignore[arg-type]
    assert found.outcome == "met"


def test_a_level_above_its_score_is_wrong_and_before_the_decree_it_is_not_known() -> None:
    args = {"level": "excellent", "score": Decimal("89"), "regime": "civil_servant"}
    assert level_fits_score(**args, day=END).outcome == "not_met"  # type: ignore[arg-type]
    assert level_fits_score(**args, day=date(2026, 1, 1)).outcome == "not_met"  # type: ignore[arg-type]
    assert level_fits_score(**args, day=date(2025, 12, 31)).outcome == "unknown"  # type: ignore[arg-type]


@pytest.mark.parametrize(("good", "most"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (100, 20)])
def test_twenty_per_cent_of_the_good_round_down(good: int, most: int) -> None:
    assert allowed_excellent(good=good, regime="civil_servant", day=END) == most
    kept = excellent_within_cap(excellent=most, good=good, regime="civil_servant", day=END)
    over = excellent_within_cap(excellent=most + 2, good=good, regime="civil_servant", day=END)
    assert (kept.outcome, over.outcome, over.facts[TOO_MANY]) == ("met", "not_met", 2)
    assert over.facts["Cách làm tròn"] == "làm tròn xuống"
    assert over.confidence == "unconfirmed"


def test_an_outstanding_organisation_has_a_quarter() -> None:
    assert allowed_excellent(good=20, regime="civil_servant", day=END, is_outstanding=True) == 5


def test_a_ground_forces_the_lowest_level_whatever_else_is_not_known() -> None:
    assert not_forced(level="good", grounds={"disciplined": True}, day=END).outcome == "not_met"
    assert not_forced(level="not_completed", grounds={"disciplined": True}, day=END).outcome == "met"
    assert not_forced(level="good", grounds={}, day=END).outcome == "unknown"


def test_a_head_is_not_rated_above_the_unit() -> None:
    assert head_within_unit(level="excellent", unit_level="good", day=END).outcome == "not_met"
    assert head_within_unit(level="good", unit_level="good", day=END).outcome == "met"
    assert head_within_unit(level="good", unit_level=None, day=END).outcome == "unknown"


def test_parts_have_their_points() -> None:
    assert parts_within(general=Decimal(30), results=Decimal(70), day=END).outcome == "met"
    assert parts_within(general=Decimal("30.5"), results=Decimal(60), day=END).outcome == "not_met"


def test_the_year_is_done_before_the_fifteenth_of_december() -> None:
    ordinary, special = (rating_deadline(year=2026, day=END, is_special=special) for special in (False, True))
    assert ordinary is not None
    assert special is not None
    assert (ordinary.day, special.day) == (date(2026, 12, 15), date(2027, 1, 15))
    assert rating_deadline(year=2025, day=date(2025, 12, 31)) is None
