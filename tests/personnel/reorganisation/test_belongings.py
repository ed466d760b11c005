"""Seats, job positions, establishment, grants and papers go with the unit."""

from __future__ import annotations

import datetime

import pytest

from personnel.choices import EmploymentCategory, JobGroup, PlacementOutcome, StepKind
from personnel.models import (
    Assignment,
    ColumnMapping,
    Delegation,
    Establishment,
    Grant,
    JobPosition,
    Mandate,
    ReceivingRequest,
    Seat,
    Unit,
    UnitUserPermission,
)
from personnel.policies import Role
from personnel.services.reorganisation.applying import apply_case, undo_case
from personnel.services.reorganisation.rights import uncovered
from personnel.statistics.headcounts import Headcounts
from personnel.statistics.tree import UnitTree
from tests.factories.personnel import LONG_AGO, make, make_cadre, make_unit, make_user
from tests.personnel.reorganisation.province import DAY, EVE, Province, make_case, make_province, place

pytestmark = pytest.mark.django_db

D = datetime.date
CIVIL = EmploymentCategory.CIVIL_SERVANT
MERGE = (StepKind.MERGE, ["H1.X1", "H1.X2"], ["X.NEW"], {"name": "Xã Mới"})
ABSORB = (StepKind.MERGE, ["H1.X1"], ["H1.X2"], {})


@pytest.fixture
def province() -> Province:
    return make_province()


def _seat(province: Province, code: str, number: int) -> Seat:
    unit = province.units[code]
    return make(Seat, unit=unit, title=province.deputy, number=number, effective_from=LONG_AGO)


def _position(province: Province, code: str, number: int, key: str = "VT1") -> JobPosition:
    unit, group = province.units[code], JobGroup.PROFESSIONAL
    return make(
        JobPosition, unit=unit, code=key, name=f"Vị trí {key}", group=group, number=number, effective_from=LONG_AGO
    )


def _quota(province: Province, code: str, year: int, number: int, category: str = CIVIL) -> Establishment:
    return make(Establishment, unit=province.units[code], year=year, category=category, number=number)


def test_seats_follow_by_the_largest_number_and_not_by_the_sum(province: Province) -> None:
    _seat(province, "H1.X1", 2)
    _seat(province, "H1.X2", 3)
    apply_case(case=make_case([MERGE]), acting_user=None)
    assert list(Seat.objects.in_force(DAY).values_list("unit__code", "number")) == [("X.NEW", 3)]
    assert sorted(Seat.objects.in_force(EVE).values_list("unit__code", "number")) == [("H1.X1", 2), ("H1.X2", 3)]


def test_somebody_kept_as_deputy_sits_on_the_seat_of_the_new_unit(province: Province) -> None:
    _seat(province, "H1.X1", 1)
    case = make_case([MERGE])
    deputy = province.people["H1.X1"][1]
    place(case, deputy, PlacementOutcome.DEPUTY)
    apply_case(case=case, acting_user=None)
    assert Assignment.objects.in_force(DAY).get(cadre=deputy).seat == Seat.objects.in_force(DAY).get()


def test_job_positions_of_one_code_are_added_up_and_their_holders_keep_them(province: Province) -> None:
    first, second = _position(province, "H1.X1", 4), _position(province, "H1.X2", 5)
    _position(province, "H1.X2", 1, key="VT2")
    holders = [province.people["H1.X1"][2], province.people["H1.X2"][2]]
    for cadre, position in zip(holders, (first, second), strict=True):
        post = cadre.assignment_set.get()
        post.job_position = position
        make_row(post)
    apply_case(case=make_case([MERGE]), acting_user=None)
    held = JobPosition.objects.in_force(DAY).order_by("code")
    assert list(held.values_list("unit__code", "code", "number")) == [("X.NEW", "VT1", 9), ("X.NEW", "VT2", 1)]
    posts = Assignment.objects.in_force(DAY).filter(cadre__in=holders)
    assert set(posts.values_list("job_position", flat=True)) == {held.get(code="VT1").pk}


def make_row(row: Assignment) -> None:
    """Save a row inside an event."""
    from hrdb.kernel.audit import writing

    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        row.save()


def test_a_unit_that_takes_others_up_keeps_its_seats_and_its_positions_grow(province: Province) -> None:
    _seat(province, "H1.X1", 5)
    kept = _seat(province, "H1.X2", 2)
    _position(province, "H1.X1", 4)
    _position(province, "H1.X2", 3)
    apply_case(case=make_case([ABSORB]), acting_user=None)
    assert list(Seat.objects.in_force(DAY)) == [kept]
    assert list(JobPosition.objects.in_force(DAY).values_list("unit__code", "number")) == [("H1.X2", 7)]
    heads = Assignment.objects.in_force(DAY).filter(unit__code="H1.X2", title=province.head)
    assert [post.cadre for post in heads] == [province.people["H1.X2"][0]], "who led the unit that goes on still does"


def test_the_establishment_is_added_up_for_the_year_of_the_day_and_later(province: Province) -> None:
    _quota(province, "H1.X1", 2024, 10)
    _quota(province, "H1.X2", 2025, 20)
    _quota(province, "H1.X2", 2026, 18)
    _quota(province, "H1.X2", 2026, 3, EmploymentCategory.PUBLIC_EMPLOYEE)
    apply_case(case=make_case([MERGE]), acting_user=None)
    rows = Establishment.objects.order_by("unit__code", "year", "category")
    assert list(rows.values_list("unit__code", "year", "category", "number")) == [
        ("H1.X1", 2024, CIVIL, 10),
        ("H1.X2", 2025, CIVIL, 20),
        ("X.NEW", 2025, CIVIL, 30),
        ("X.NEW", 2026, CIVIL, 28),
        ("X.NEW", 2026, EmploymentCategory.PUBLIC_EMPLOYEE, 3),
    ]


def test_a_division_that_goes_back_into_its_department_is_not_counted_twice() -> None:
    department = make_unit("SO", name="Sở")
    division = make_unit("SO.1", parent=department, name="Phòng")
    make(Establishment, unit=department, year=2025, category=CIVIL, number=60)
    make(Establishment, unit=division, year=2025, category=CIVIL, number=10)
    make_cadre(unit=division)
    apply_case(case=make_case([(StepKind.DISSOLVE, ["SO.1"], ["SO"], {})]), acting_user=None)
    for day, present in ((EVE, 1), (DAY, 1)):
        tree = UnitTree.on(day)
        counted = Headcounts(tree, day).of(tree.by_code("SO"))  # type: ignore[arg-type]
        assert (counted.present, counted.assigned) == (present, 60)


def test_grants_go_with_the_unit_once_and_permissions_follow(province: Province) -> None:
    officer = make_user(Role.UNIT_OFFICER, unit=province.units["H1.X1"])
    make(Grant, user=officer, role=Role.UNIT_OFFICER, unit=province.units["H1.X2"], effective_from=D(2020, 1, 1))
    apply_case(case=make_case([MERGE]), acting_user=None)
    grants = Grant.objects.order_by("effective_from").values_list("unit__code", "effective_from", "effective_until")
    assert list(grants.filter(user=officer)) == [
        ("H1.X1", LONG_AGO, DAY), ("H1.X2", D(2020, 1, 1), DAY), ("X.NEW", DAY, None),
    ]  # fmt: skip
    permitted = UnitUserPermission.objects.filter(user=officer).values_list("content_object__code", flat=True)
    assert set(permitted) == {"X.NEW"}
    officer.refresh_from_db()
    assert set(Unit.objects.visible_to(officer, "edit").values_list("code", flat=True)) == {"X.NEW"}


def test_a_grant_over_a_division_does_not_become_one_over_the_department() -> None:
    department = make_unit("SO", name="Sở")
    division = make_unit("SO.1", parent=department, name="Phòng")
    officer = make_user(Role.UNIT_OFFICER, unit=division)
    apply_case(case=make_case([(StepKind.MERGE, ["SO.1"], ["SO"], {})]), acting_user=None)
    assert not Grant.objects.in_force(DAY).filter(user=officer).exists()


def test_delegations_papers_and_taught_columns_go_with_the_unit_and_mandates_end(province: Province) -> None:
    old = province.units["H1.X1"]
    make(
        Delegation, managing_level="unit", action="plan", role=Role.UNIT_OFFICER, unit=old, effective_from=LONG_AGO,
        basis="Quy định",
    )  # fmt: skip
    asked = make(
        ReceivingRequest, asked_by=make_user(), unit=old, personal_number="010080000001", full_name="Lò Văn Xin"
    )
    ColumnMapping.objects.create(unit=old, header_key="ho ten", header="Họ tên", field="name")
    make(Mandate, body=old, name="Nhiệm kỳ 2021-2026", begins_on=D(2021, 6, 1))
    case = make_case([MERGE])
    apply_case(case=case, acting_user=None)
    assert Delegation.objects.in_force(DAY).get().unit.code == "X.NEW"
    asked.refresh_from_db()
    assert asked.unit.code == "X.NEW"
    assert set(ColumnMapping.objects.values_list("unit__code", flat=True)) == {"H1.X1", "X.NEW"}
    assert Mandate.objects.get().ends_on == DAY
    undo_case(case=case, acting_user=None, reason="nhầm phương án")
    asked.refresh_from_db()
    assert (asked.unit, Mandate.objects.get().ends_on, ColumnMapping.objects.count()) == (old, None, 1)
    assert not Unit.objects.filter(code="X.NEW").exists()


@pytest.mark.parametrize(
    ("held", "left"),
    [
        ([], [(D(2025, 7, 1), None)]),
        ([(D(2020, 1, 1), None)], []),
        ([(D(2020, 1, 1), D(2025, 12, 1))], [(D(2025, 12, 1), None)]),
        (
            [(D(2025, 9, 1), D(2025, 10, 1)), (D(2026, 1, 1), None)],
            [(D(2025, 7, 1), D(2025, 9, 1)), (D(2025, 10, 1), D(2026, 1, 1))],
        ),
    ],
)
def test_only_what_no_other_right_covers_is_given(
    held: list[tuple[D, D | None]], left: list[tuple[D, D | None]]
) -> None:
    assert uncovered((DAY, None), held) == left
