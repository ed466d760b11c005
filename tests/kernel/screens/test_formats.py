"""How values are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.screens import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3902, "3.902"),
        (0, "0"),
        (1234567, "1.234.567"),
        (Decimal("4.74"), "4,74"),
        (Decimal("4.70"), "4,7"),
        (Decimal("1E+3"), "1.000"),
        (-1500, "-1.500"),
        (None, "—"),
    ],
)
def test_numbers(value: object, text: str) -> None:
    assert formats.number_text(value) == text  # type: ignore[arg-type]


def test_numbers_with_decimals_round_half_up() -> None:
    assert formats.number_text(Decimal("2.345"), 2) == "2,35"
    assert formats.number_text(2, 2) == "2,00"


@pytest.mark.parametrize(
    ("ratio", "text"), [(0.174, "17,4%"), (0.25, "25%"), (0.0005, "0,1%"), (1, "100%"), (None, "—")]
)
def test_percents(ratio: float | None, text: str) -> None:
    assert formats.percent_text(ratio) == text


def test_shares() -> None:
    assert formats.share_text(168, 412) == "41%"
    assert formats.share_text(0, 0) == ""


def test_dates() -> None:
    assert formats.date_text(date(2025, 1, 2)) == "02/01/2025"
    assert formats.date_text(PartialDate(date(1979, 1, 1), "year")) == "1979"
    assert formats.date_text(datetime(2025, 12, 31, 18, 30, tzinfo=UTC)) == "01:30 01/01/2026"


@pytest.mark.parametrize(
    ("start", "until", "months", "text"),
    [
        (date(2024, 8, 1), None, True, "08/2024 – nay"),
        (date(2020, 3, 1), date(2024, 8, 1), True, "03/2020 – 07/2024"),
        (date(2024, 8, 1), date(2024, 8, 15), True, "08/2024"),
        (date(2024, 8, 1), date(2029, 8, 1), False, "01/08/2024 – 31/07/2029"),
        (PartialDate(date(2006, 1, 1), "year"), date(2017, 6, 1), True, "2006 – 05/2017"),
        (None, date(2017, 6, 1), True, "đến 05/2017"),
    ],
)
def test_periods_show_the_last_day(start: date, until: date | None, months: bool, text: str) -> None:
    assert formats.period_text(start, until, months=months) == text


def test_masks() -> None:
    assert formats.masked_text("001184000214") == "0••••••••214"
    assert formats.masked_text("123") == "•••"
    assert formats.masked_text("") == "—"


def test_any_value() -> None:
    assert formats.value_text(True) == "Có"
    assert formats.value_text(["a", None]) == "a, —"
    assert formats.value_text("") == "—"
