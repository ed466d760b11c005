"""Pay scales, steps and base salary."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.pay import (
    UnknownStep,
    base_salary,
    coefficient,
    next_step_day,
    over_frame_percent,
    pay_scale,
    pay_scales,
    step_of,
)


@pytest.mark.parametrize(
    ("scale", "steps", "first", "last", "months"),
    [
        ("A3.1", 6, "6.20", "8.00", 36),
        ("A3.2", 6, "5.75", "7.55", 36),
        ("A2.1", 8, "4.40", "6.78", 36),
        ("A2.2", 8, "4.00", "6.38", 36),
        ("A1", 9, "2.34", "4.98", 36),
        ("A0", 10, "2.10", "4.89", 36),
        ("B", 12, "1.86", "4.06", 24),
        ("C1", 12, "1.65", "3.63", 24),
        ("C2", 12, "1.50", "3.48", 24),
        ("C2-public", 12, "2.00", "3.98", 24),
        ("C3", 12, "1.35", "3.33", 24),
        ("expert", 3, "8.80", "10.00", 60),
    ],
)
def test_the_tables_of_the_decree(scale, steps, first, last, months):
    found = pay_scale(scale)
    assert (found.steps, found.step_months) == (steps, months)
    assert (coefficient(scale, 1), coefficient(scale, steps)) == (Decimal(first), Decimal(last))
    assert "204/2004/NĐ-CP" in found.citation.text


def test_there_are_no_other_scales_and_each_rises_evenly():
    found = pay_scales()
    assert len(found) == 12
    for scale in found.values():
        rises = {b - a for a, b in pairwise(scale.coefficients)}
        assert len(rises) == 1, scale.code
        assert rises.pop() > 0


def test_a_step_is_found_by_its_coefficient():
    assert step_of("A2.1", Decimal("5.42")) == 4
    assert coefficient("A2.1", 4) == Decimal("5.42")
    assert step_of("A1", Decimal("5.42")) is None


@pytest.mark.parametrize(("scale", "step"), [("A1", 0), ("A1", 10), ("Z9", 1)])
def test_an_unknown_scale_or_step_is_a_sentence(scale, step):
    with pytest.raises(UnknownStep, match=r"\.$"):
        coefficient(scale, step)


def test_before_the_decree_the_tables_are_unknown():
    assert coefficient("A1", 1, date(2004, 10, 1)) == Decimal("2.34")
    with pytest.raises(ParameterUnknown):
        coefficient("A1", 1, date(2004, 9, 30))


def test_the_next_step():
    assert next_step_day("A1", 3, date(2024, 2, 1)) == date(2027, 2, 1)
    assert next_step_day("B", 3, date(2024, 2, 1)) == date(2026, 2, 1)
    assert next_step_day("A1", 3, date(2024, 2, 1), delay_months=6) == date(2027, 8, 1)
    assert next_step_day("A1", 9, date(2024, 2, 1)) is None
    with pytest.raises(UnknownStep):
        next_step_day("A1", 10, date(2024, 2, 1))


@pytest.mark.parametrize(
    ("scale", "day", "percent"),
    [
        ("A1", date(2022, 12, 31), 0),
        ("A1", date(2023, 1, 1), 5),
        ("A1", date(2023, 12, 31), 5),
        ("A1", date(2024, 1, 1), 6),
        ("B", date(2022, 1, 1), 5),
        ("B", date(2023, 1, 1), 6),
        ("expert", date(2030, 1, 1), 0),
    ],
)
def test_seniority_beyond_the_last_step(scale, day, percent):
    assert over_frame_percent(scale, date(2020, 1, 1), day) == percent


@pytest.mark.parametrize(
    ("day", "amount", "document"),
    [
        (date(2023, 6, 30), 1490000, "38/2019/NĐ-CP"),
        (date(2023, 7, 1), 1800000, "24/2023/NĐ-CP"),
        (date(2024, 6, 30), 1800000, "24/2023/NĐ-CP"),
        (date(2024, 7, 1), 2340000, "73/2024/NĐ-CP"),
        (date(2026, 6, 30), 2340000, "73/2024/NĐ-CP"),
        (date(2026, 7, 1), 2530000, "161/2026/NĐ-CP"),
    ],
)
def test_base_salary_the_day_before_and_the_day_of_each_change(day, amount, document):
    found = base_salary(day)
    assert (found.value, found.citation.document) == (amount, document)


def test_base_salary_before_the_first_known():
    with pytest.raises(ParameterUnknown, match="Mức lương cơ sở"):
        base_salary(date(2019, 6, 30))
