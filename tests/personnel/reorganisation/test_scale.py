"""A province made anew: both days are right, nobody is without a keeper, and people cost no queries."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from personnel.choices import PlacementOutcome, StepKind
from personnel.models import Cadre, Custody, Unit
from personnel.services.reorganisation.applying import apply_case, rehearse_case, undo_case
from personnel.services.reorganisation.cases import send_people
from personnel.statistics import structure
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import UnitTree
from tests.personnel.reorganisation.province import (
    DAY,
    EVE,
    Province,
    Said,
    make_case,
    make_province,
    open_codes,
    place,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def _steps(districts: int) -> list[Said]:
    """Each district's three communes become one; the district's own people go to it."""
    said: list[Said] = []
    for number in range(1, districts + 1):
        old = [f"H{number}.X{place}" for place in (1, 2, 3)]
        said.append((StepKind.MERGE, old, [f"M{number}"], {"name": f"Xã mới {number}", "parent": "UBND"}))
        said.append((StepKind.DISSOLVE, [f"H{number}"], [f"M{number}"], {}))
    return said


def _present(day: datetime.date) -> dict[str, int]:
    """Head-counts by code of the units that exist."""
    tree = UnitTree.on(day)
    counts = Headcounts(tree, day)
    return {unit.code: counts.of(unit).present for unit in tree if unit.is_existing}


def test_the_trees_lists_and_figures_of_both_days_are_right() -> None:
    province = make_province(districts=2)
    apply_case(case=make_case(_steps(2)), acting_user=None)
    assert _present(EVE) == {
        "UBND": 28,
        **{f"H{n}": 14 for n in (1, 2)},
        **{f"H{n}.X{m}": 4 for n in (1, 2) for m in (1, 2, 3)},
    }
    assert _present(DAY) == {"UBND": 28, "M1": 14, "M2": 14}
    new = Unit.objects.get(code="M1")
    assert Cadre.objects.held_on(None, EVE).in_units([new.pk], EVE).count() == 0
    assert Cadre.objects.held_on(None, DAY).in_units([new.pk], DAY).count() == 14
    district = province.units["H1"]
    assert Cadre.objects.held_on(None, EVE).in_units([district.pk], EVE).count() == 14
    assert Cadre.objects.held_on(None, DAY).in_units([district.pk], DAY).count() == 0
    for day, names in ((EVE, {"Huyện 1", "Huyện 2"}), (DAY, {"Xã mới 1", "Xã mới 2"})):
        table = structure(user=None, day=day, rows="unit")
        told = {row.label: row.total for row in table.rows}
        assert names <= told.keys()
        assert table.total.total == 28


def test_nobody_is_without_exactly_one_keeper_on_any_day() -> None:
    make_province(districts=2)
    apply_case(case=make_case(_steps(2)), acting_user=None)
    people = Cadre.objects.count()
    for offset in (-400, -1, 0, 1, 400):
        held = Custody.objects.in_force(DAY + datetime.timedelta(days=offset))
        assert (held.count(), held.values("cadre").distinct().count()) == (people, people)


def _province(staff: int) -> tuple[Province, Any]:
    province = make_province(staff=staff)
    case = make_case(
        [
            (StepKind.MERGE, ["H1.X1", "H1.X2"], ["M1"], {"name": "Xã mới 1", "parent": "UBND"}),
            (StepKind.CREATE, [], ["M2"], {"name": "Xã mới 2", "parent": "UBND"}),
            (StepKind.SPLIT, ["H1.X3"], ["M1", "M2"], {}),
        ]
    )
    place(case, province.people["H1.X1"][0], PlacementOutcome.HEAD)
    moved = [cadre.pk for cadre in province.people["H1.X3"][2:]]
    send_people(case=case, cadre_ids=moved, unit_code="M2", outcome=PlacementOutcome.FOLLOW, acting_user=None)
    return province, case


def test_people_cost_no_queries() -> None:
    """As many queries for 3 people a unit as for 30, to rehearse, to carry out and to undo."""
    taken: list[list[int]] = []
    for staff in (3, 30):
        mark = connection.savepoint()
        _, case = _province(staff)
        counts = []
        for act in (
            lambda case=case: rehearse_case(case=case, acting_user=None),
            lambda case=case: apply_case(case=case, acting_user=None),
            lambda case=case: undo_case(case=case, acting_user=None, reason="đo số câu hỏi"),
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            counts.append(len(queries))
        taken.append(counts)
        connection.savepoint_rollback(mark)
    assert taken[0] == taken[1]


def test_a_rehearsal_leaves_the_tree_as_it_was() -> None:
    make_province()
    rehearse_case(case=make_case(_steps(1)), acting_user=None)
    assert open_codes(DAY) == {"UBND", "H1", "H1.X1", "H1.X2", "H1.X3"}
