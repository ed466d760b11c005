"""Every registered list keeps its promises, and an upper app adds its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from personnel.models import Seat
from personnel.services.decisions import acts  # noqa: F401  registers the kinds of decisions
from personnel.services.decisions.kinds import decision_acts
from personnel.statistics.due import DUE_LISTS, DueList, asked, due_counts, due_rows, matters
from tests.factories.personnel import make, make_title, make_unit
from tests.personnel.due.people import DAY, D, leader


@pytest.mark.parametrize("key", DUE_LISTS.keys())
def test_a_list_says_what_it_is(key: str) -> None:
    due = DUE_LISTS[key]()
    assert due.label.strip()
    assert due.note.strip()
    for text in (due.label, due.note):
        assert unicodedata.is_normalized("NFC", text)
    assert not due.decision_kind or due.decision_kind in decision_acts
    assert not due.lead or due.book[due.lead].measure in {"months", "days"}
    assert due.is_tier_2 == bool(due.sensitive_part)


def test_places_of_the_lists_differ() -> None:
    orders = [made.order for made in DUE_LISTS]
    assert len(orders) == len(set(orders))


@pytest.mark.django_db
@pytest.mark.parametrize("key", DUE_LISTS.keys())
def test_a_list_that_finds_nobody_answers_nobody(key: str) -> None:
    make_unit("S")
    question = asked(user=None, day=DAY, kinds=[key])
    assert due_counts(question) == []
    assert due_rows(question) == []


@pytest.mark.django_db
@pytest.mark.parametrize("day", [D(1900, 1, 1), D(1999, 12, 31), D(2024, 6, 30), D(2100, 1, 1)])
def test_every_list_answers_on_any_day(day: date) -> None:
    leader(make_unit("S"), term_ends_on=D(2027, 3, 1))
    question = asked(user=None, day=day)
    rows = due_rows(question)
    assert len(matters(rows, user=None, day=day)) == len(rows) == sum(one.number for one in due_counts(question))


@pytest.fixture
def lonely_seats() -> Iterator[None]:
    """A list of an upper app: seats, as planning will add those that lose their last successor."""

    class LonelySeats(DueList):
        """Ghế chức danh sắp hết nguồn."""

        key, label, order = "lonely_seats", "Ghế chức danh sắp hết nguồn", 900
        note = "Thử."

        def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
            """Seats of the scope that are given up."""
            return (
                "SELECT NULL::bigint, seat.unit_id, seat.effective_until, seat.id, '' FROM personnel_seat seat "
                "WHERE seat.effective_until IS NOT NULL AND seat.unit_id IN (SELECT id FROM units)"
            ), {}

    DUE_LISTS.register(LonelySeats)
    yield
    del DUE_LISTS._entries["lonely_seats"]


@pytest.mark.django_db
@pytest.mark.usefixtures("lonely_seats")
def test_an_upper_app_adds_a_list_of_units() -> None:
    unit = make_unit("S", name="Sở Mẫu")
    make(Seat, unit=unit, title=make_title(), effective_from=D(2020, 1, 1), effective_until=D(2027, 3, 1))
    found = matters(due_rows(asked(user=None, day=DAY, kinds=["lonely_seats"])), user=None, day=DAY)
    assert [(one.name, one.unit_code, one.row.due_on, one.personal_number) for one in found] == [
        ("Sở Mẫu", "S", D(2027, 3, 1), None)
    ]
