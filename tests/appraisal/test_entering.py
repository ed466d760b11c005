"""Entering, checking, submitting, approving: who rates whom, caps by group, and what stands frozen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from appraisal.choices import SubmissionState
from appraisal.models import Rating
from appraisal.services.entering import Entry, enter_many, enter_rating, rate_unit
from appraisal.services.submitting import approve_unit, is_intact, publish_unit, return_unit, submit_unit
from appraisal.statistics.checking import check_unit, check_units
from personnel.models import Cadre, Discipline, DisciplineForm, UnitKind
from personnel.policies import Role
from personnel.services.delegations import load_default_delegations
from personnel.services.errors import ServiceRefusal, StaleVersion
from tests.appraisal.making import D, head_title, make_cycle, rate_own, staff
from tests.factories.personnel import make, make_cadre, make_code, make_unit, make_user, move_cadre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delegated() -> None:
    load_default_delegations()


def _rate(cycle: Any, cadre: Cadre, level: str, score: str, acting_user: Any = None) -> Rating:
    values = {"level": level, "score": Decimal(score)}
    return enter_rating(cycle=cycle, cadre=cadre, values=values, version=None, acting_user=acting_user)


def test_people_of_divisions_are_rated_by_the_agency_and_who_moved_by_the_new_one() -> None:
    agency, other = make_unit(), make_unit()
    division = make_unit(parent=agency, kind=make_code(UnitKind, "x-phong", name="Phòng"))
    inside, moved = make_cadre(unit=division), make_cadre(unit=other)
    move_cadre(moved, agency, D(2026, 7, 1))
    cycle = make_cycle()
    check = check_unit(cycle, agency.pk)
    assert set(check.rated) == {inside.pk, moved.pk}
    assert set(check.missing) == {inside.pk, moved.pk}
    assert check_unit(cycle, other.pk).rated == {}
    row = _rate(cycle, moved, "good", "80")
    assert row.unit == agency


def test_two_parts_make_the_score() -> None:
    cycle, cadre = make_cycle(), make_cadre()
    values = {"general_score": Decimal(28), "results_score": Decimal("61.5"), "level": "good"}
    row = enter_rating(cycle=cycle, cadre=cadre, values=values, version=0, acting_user=None)
    assert row.score == Decimal("89.5")


def test_the_second_of_two_editors_is_told() -> None:
    cycle, cadre = make_cycle(), make_cadre()
    enter_rating(cycle=cycle, cadre=cadre, values={"level": "good"}, version=0, acting_user=None)
    with pytest.raises(StaleVersion):
        enter_rating(cycle=cycle, cadre=cadre, values={"level": "completed"}, version=0, acting_user=None)


def test_caps_are_counted_in_each_comparable_group() -> None:
    unit, cycle = make_unit(), make_cycle()
    people = staff(unit, 7)
    for place, cadre in enumerate(people):
        _rate(cycle, cadre, "excellent" if place < 2 else "good", "95" if place < 2 else "80")
    (group,) = check_unit(cycle, unit.pk).groups
    assert (group.excellent, group.good, group.too_many, group.finding.outcome) == (2, 5, 1, "not_met")
    _rate(cycle, people[0], "good", "89")
    (group,) = check_unit(cycle, unit.pk).groups
    assert (group.excellent, group.good, group.finding.outcome) == (1, 6, "met")


def test_heads_are_one_group_across_the_units_below_one_authority() -> None:
    above, title = make_unit(), head_title()
    units = [make_unit(parent=above) for _ in range(6)]
    cycle = make_cycle()
    for place, unit in enumerate(units):
        head = make_cadre(unit=unit, title=title)
        _rate(cycle, head, "excellent" if place < 2 else "good", "95" if place < 2 else "80")
    (group,) = check_unit(cycle, units[0].pk).groups
    assert (group.key, group.excellent, group.good, group.too_many) == (("heads", above.pk), 2, 4, 2)


def test_discipline_in_the_year_and_a_failed_unit_force_the_lowest_level() -> None:
    unit, cycle = make_unit(), make_cycle()
    head, cadre = make_cadre(unit=unit, title=head_title()), make_cadre(unit=unit)
    form = make_code(DisciplineForm, "01", name="Khiển trách", regime="state")
    make(Discipline, cadre=cadre, regime="state", form=form, effective_from=D(2026, 5, 1))
    rate_unit(
        cycle=cycle,
        unit=unit,
        values={"percent_done": Decimal("69.9"), "targets_missed": 0, "level": "completed"},
        version=0,
        acting_user=None,
    )
    for person in (head, cadre):
        _rate(cycle, person, "good", "80")
    check = check_unit(cycle, unit.pk)
    wrong = {key: {one.rule for one in found if one.outcome == "not_met"} for key, found in check.findings.items()}
    assert wrong[cadre.pk] == {"rating-forced"}
    assert wrong[head.pk] == {"rating-forced", "rating-head-within-unit"}


def test_a_unit_is_submitted_returned_approved_frozen_and_published() -> None:
    unit, cycle = make_unit(), make_cycle()
    officer, leader = make_user(Role.PROVINCE_OFFICER), make_user(Role.APPROVER, unit=unit)
    people = staff(unit, 3)
    with pytest.raises(ServiceRefusal, match=r"Đơn vị chưa được xếp loại.*3 người chưa xếp loại"):
        submit_unit(cycle=cycle, unit=unit, acting_user=officer)
    entries = [Entry(cadre.pk, {"level": "good", "score": Decimal(80)}) for cadre in people[:2]]
    entries.append(Entry(people[2].pk, {"exclusion": "leave"}))
    assert enter_many(cycle=cycle, entries=entries, acting_user=officer, reason="nhập bảng") == 3
    assert enter_many(cycle=cycle, entries=entries, acting_user=officer, reason="nhập lại") == 0
    rate_own(cycle, unit)
    submit_unit(cycle=cycle, unit=unit, acting_user=officer)
    with pytest.raises(ServiceRefusal, match="đã trình hoặc đã duyệt"):
        _rate(cycle, people[0], "completed", "60", acting_user=officer)
    assert return_unit(cycle=cycle, unit=unit, comment="xem lại", acting_user=leader).state == SubmissionState.RETURNED
    submit_unit(cycle=cycle, unit=unit, acting_user=officer)
    approved = approve_unit(cycle=cycle, unit=unit, day=D(2026, 12, 10), acting_user=leader)
    assert (approved.state, approved.approver, is_intact(approved)) == ("approved", leader, True)
    assert [row["level"] for row in approved.content["people"]].count("good") == 2
    assert publish_unit(cycle=cycle, unit=unit, acting_user=officer).state == SubmissionState.PUBLISHED


def test_nobody_rates_or_approves_himself_or_people_out_of_scope() -> None:
    unit = make_unit()
    cycle = make_cycle()
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    own = make_cadre(unit=unit, account=officer)
    for cadre in (own, make_cadre(), make_cadre(unit=unit, title=head_title())):
        with pytest.raises(Cadre.DoesNotExist):
            _rate(cycle, cadre, "good", "80", acting_user=officer)
    leader = make_user(Role.APPROVER, unit=unit)
    own.account = None
    make_cadre(unit=unit, account=leader)
    province = make_user(Role.PROVINCE_OFFICER)
    for cadre in Cadre.objects.filter(custody_set__unit=unit):
        _rate(cycle, cadre, "good", "80", acting_user=province)
    rate_unit(
        cycle=cycle,
        unit=unit,
        values={"level": "good", "percent_done": 99, "targets_missed": 0},
        version=0,
        acting_user=province,
    )
    submit_unit(cycle=cycle, unit=unit, acting_user=province)
    with pytest.raises(ServiceRefusal, match="chính mình"):
        approve_unit(cycle=cycle, unit=unit, day=D(2026, 12, 10), acting_user=leader)


def test_any_number_of_people_and_units_costs_the_same_queries(django_assert_max_num_queries: Any) -> None:
    above, cycle = make_unit(), make_cycle()
    units = [make_unit(parent=above) for _ in range(6)]
    for unit in units:
        for cadre in staff(unit, 4):
            _rate(cycle, cadre, "good", "80")
    for some in (units[:1], units):
        with django_assert_max_num_queries(10):
            check_units(cycle, [unit.pk for unit in some])
