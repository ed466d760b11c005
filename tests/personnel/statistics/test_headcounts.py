"""People and establishment of units: both sides of the whole subtree, nothing counted twice."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personnel.choices import EmploymentCategory, EmploymentState
from personnel.models import Establishment, Unit
from personnel.statistics.headcounts import Headcount, Headcounts, Quota
from personnel.statistics.tree import UnitTree
from tests.factories.personnel import make, make_cadre, make_unit

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = D(2026, 6, 1)
SERVANT, EMPLOYEE = EmploymentCategory.CIVIL_SERVANT, EmploymentCategory.PUBLIC_EMPLOYEE


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """A committee over a department, which has two divisions and two schools."""
    top = make_unit("UB")
    made = {"UB": top, "SO": make_unit("SO", parent=top)}
    for code in ("P1", "P2", "TR1", "TR2"):
        made[code] = make_unit(code, parent=made["SO"])
    return made


def assign(unit: Unit, number: int, category: str = SERVANT, year: int = 2026) -> None:
    """A number assigned to a unit."""
    make(Establishment, unit=unit, year=year, category=category, number=number)


def of(code: str, day: datetime.date = DAY) -> Headcount:
    """The head-count of a unit."""
    tree = UnitTree.on(day)
    placed = tree.by_code(code)
    assert placed is not None
    return Headcounts(tree, day).of(placed)


@pytest.mark.parametrize(
    ("own", "below", "total"),
    [(60, 48, 60), (48, 48, 48), (5, 900, 905), (60, None, 60), (None, 24, 24), (0, 24, 24), (None, None, None)],
)
def test_an_own_number_covers_those_below_when_it_is_not_smaller(
    own: int | None, below: int | None, total: int | None
) -> None:
    assert Quota(own, below).total == total


def test_each_category_is_judged_by_itself_and_nothing_is_counted_twice(units: dict[str, Unit]) -> None:
    assign(units["UB"], 5)
    assign(units["SO"], 60)
    assign(units["SO"], 20, EMPLOYEE)
    for code in ("P1", "P2"):
        assign(units[code], 12)
    for code in ("TR1", "TR2"):
        assign(units[code], 70, EMPLOYEE)
    department = of("SO")
    assert department.quotas == {SERVANT: Quota(60, 24), EMPLOYEE: Quota(20, 140)}
    assert department.assigned == 60 + 160
    assert of("UB").assigned == 5 + 60 + 160
    assert (of("P1").assigned, of("TR1").assigned) == (12, 70)


def test_people_and_establishment_are_both_of_the_whole_subtree(units: dict[str, Unit]) -> None:
    assign(units["SO"], 3)
    for code in ("SO", "P1", "P1", "TR1"):
        make_cadre(unit=units[code])
    make_cadre(unit=units["P2"], category=EmploymentCategory.CONTRACT_111)
    make_cadre(unit=units["P2"], state=EmploymentState.RETIRED)
    counted = of("SO")
    assert (counted.present, counted.on_establishment, counted.assigned, counted.gap) == (5, 4, 3, 1)
    assert of("P1").gap is None


def test_categories_outside_the_establishment_count_on_neither_side(units: dict[str, Unit]) -> None:
    assign(units["SO"], 10, EmploymentCategory.CONTRACT_111)
    make_cadre(unit=units["SO"], category=EmploymentCategory.CONTRACT_111)
    counted = of("SO")
    assert (counted.present, counted.on_establishment, counted.assigned) == (1, 0, None)


def test_the_newest_year_that_a_unit_has_holds_whole(units: dict[str, Unit]) -> None:
    assign(units["SO"], 60, year=2024)
    assign(units["SO"], 20, EMPLOYEE, year=2024)
    assign(units["SO"], 55, year=2025)
    assign(units["SO"], 50, year=2027)
    assert of("SO").quotas == {SERVANT: Quota(55)}
    assert of("SO", D(2024, 12, 31)).assigned == 80
    assert of("SO", D(2023, 12, 31)).assigned is None
    assert of("SO", D(2027, 1, 1)).assigned == 50


def test_a_unit_that_is_gone_has_no_establishment_any_more(units: dict[str, Unit]) -> None:
    gone = make_unit("CU", parent=units["SO"], effective_until=D(2025, 7, 1))
    assign(gone, 40, year=2025)
    assign(units["P1"], 12)
    assert of("SO").assigned == 12
    assert of("SO", D(2025, 6, 30)).assigned == 40


def test_three_queries_at_any_size(units: dict[str, Unit]) -> None:
    for more in (0, 10):
        for number in range(more):
            unit = make_unit(f"N{number}", parent=units["P1"])
            assign(unit, 2)
            make_cadre(unit=unit)
        with CaptureQueriesContext(connection) as queries:
            of("UB")
        assert len(queries) == 3
