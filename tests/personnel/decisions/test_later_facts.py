"""A decision entered late against what the record has from later days: it stands in the way, by name."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from personnel.choices import AssignmentKind, EmploymentState, PayScheme
from personnel.models import Assignment, Cadre, Commendation, Employment, PayStep, Rank
from personnel.services.decisions.cases import DecisionRefused
from personnel.services.errors import ServiceRefusal
from tests.factories.personnel import make, make_cadre, make_code, make_title, make_unit
from tests.personnel.decisions.making import EFFECTIVE, D, enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_conditions")]

SINCE = D(2010, 1, 1)


@pytest.fixture
def person(db: None) -> Cadre:
    """Somebody who was moved in 2017, and has taken a second post in 2025."""
    found = make_cadre(since=SINCE)
    enter("transfer", [found], unit=make_unit(), effective_on=D(2017, 3, 1))
    enter("concurrent", [found], unit=make_unit(), title=make_title(), effective_on=D(2025, 6, 1))
    return found


def _refused(key: str, person: Cadre, day: datetime.date, **terms: Any) -> str:
    with pytest.raises(DecisionRefused) as refused:
        enter(key, [person], effective_on=day, **terms)
    return " ".join(refused.value.faults[0])


@pytest.mark.parametrize("key", ["leaving", "retirement", "death", "forced_leaving"])
def test_nobody_leaves_before_what_the_record_has_later(person: Cadre, key: str) -> None:
    told = _refused(key, person, D(2015, 1, 1))
    assert "từ ngày 01/03/2017 (Quyết định" in told
    assert "từ ngày 01/06/2025" in told
    assert "Hãy hủy bỏ" in told
    assert Employment.objects.get(cadre=person).state == EmploymentState.WORKING
    enter(key, [person], effective_on=D(2026, 4, 1))
    assert not Assignment.objects.filter(cadre=person).in_force(D(2026, 4, 1)).exists()


def test_no_reason_passes_over_later_rows(person: Cadre) -> None:
    with pytest.raises(DecisionRefused):
        enter("dismissal", [person], effective_on=D(2016, 1, 1), overrides={"later": "nhập sau"})


def test_posts_and_moves_come_in_their_order(person: Cadre) -> None:
    for key, terms in (
        ("dismissal", {}),
        ("transfer", {"unit": make_unit()}),
        ("appointment", {"title": make_title()}),
    ):
        assert "từ ngày 01/03/2017" in _refused(key, person, D(2016, 1, 1), **terms)


def test_posts_that_would_have_ended_later_end_with_the_work() -> None:
    person = make_cadre(since=SINCE)
    enter("secondment", [person], unit=make_unit(), effective_on=D(2026, 1, 1), until=D(2027, 12, 31))
    enter("death", [person], effective_on=EFFECTIVE)
    assert not Assignment.objects.filter(cadre=person).in_force(EFFECTIVE).exists()
    states = Employment.objects.filter(cadre=person).order_by("effective_from").values_list("state", "effective_until")
    assert list(states)[-1] == (EmploymentState.DIED, None)
    assert (EmploymentState.WORKING, None) not in states


def test_pay_after_the_end_of_work_stands_in_the_way() -> None:
    person = make_cadre(since=SINCE)
    make(PayStep, cadre=person, scheme=PayScheme.RANK, effective_from=D(2020, 1, 1), step=2)
    assert "diễn biến lương" in _refused("retirement", person, D(2018, 1, 1))


def _paid(*steps: tuple[datetime.date, datetime.date | None, int]) -> Cadre:
    person, rank = make_cadre(since=SINCE), make_code(Rank, "01.003", scale="A1")
    for start, end, step in steps:
        make(
            PayStep,
            cadre=person,
            scheme=PayScheme.RANK,
            rank=rank,
            step=step,
            coefficient=Decimal("2.34") + (step - 1) * Decimal("0.33"),
            effective_from=start,
            effective_until=end,
        )
    return person


def test_a_pay_step_may_be_entered_late_in_its_turn() -> None:
    person = _paid((D(2014, 1, 1), D(2020, 1, 1), 1), (D(2020, 1, 1), None, 3))
    enter("pay_step", [person], effective_on=D(2017, 1, 1))
    steps = PayStep.objects.filter(cadre=person).order_by("effective_from").values_list("step", "effective_until")
    assert list(steps) == [(1, D(2017, 1, 1)), (2, D(2020, 1, 1)), (3, None)]
    other = _paid((D(2014, 1, 1), D(2020, 1, 1), 1), (D(2020, 1, 1), None, 2))
    assert "từ ngày 01/01/2020" in _refused("pay_step", other, D(2017, 1, 1))


def test_a_past_commendation_and_a_bounded_suspension_are_entered_late(person: Cadre) -> None:
    enter("commendation", [person], effective_on=D(2016, 1, 1), detail="Thành tích")
    assert Commendation.objects.filter(cadre=person).exists()
    enter("category_change", [person], effective_on=D(2020, 1, 1), category="public_employee")
    enter("suspension", [person], effective_on=D(2018, 1, 1), until=D(2018, 3, 31))
    assert Employment.objects.filter(cadre=person).in_force(D(2019, 1, 1)).get().state == EmploymentState.WORKING
    assert "từ ngày 01/01/2020" in _refused("suspension", person, D(2019, 12, 1), until=D(2020, 2, 1))


def test_a_withdrawal_before_a_later_move_names_it() -> None:
    person = make_cadre(since=SINCE)
    target = enter("transfer", [person], unit=make_unit())
    later = enter("transfer", [person], unit=make_unit(), effective_on=D(2026, 9, 1))
    with pytest.raises(ServiceRefusal) as refused:
        enter("withdrawal", [], target=target, cause="thu hồi", effective_on=D(2026, 7, 1))
    assert str(later) in str(refused.value)


def test_a_leave_does_not_come_back_after_a_secondment() -> None:
    person = make_cadre(since=SINCE, state=EmploymentState.MATERNITY)
    enter("secondment", [person], unit=make_unit(), until=D(2028, 12, 31))
    after = Employment.objects.filter(cadre=person).in_force(D(2029, 1, 1)).get()
    assert after.state == EmploymentState.WORKING
    assert Assignment.objects.filter(cadre=person, kind=AssignmentKind.SECONDMENT).exists()


def test_a_secondment_that_outlasts_another_state_moves_its_end() -> None:
    person = make_cadre(since=SINCE)
    enter("suspension", [person], effective_on=D(2026, 1, 1), until=D(2026, 12, 31))
    enter("secondment", [person], unit=make_unit(), effective_on=D(2026, 6, 1), until=D(2027, 6, 30))
    states = Employment.objects.filter(cadre=person).order_by("effective_from")
    assert list(states.values_list("state", "effective_from")) == [
        (EmploymentState.WORKING, SINCE),
        (EmploymentState.SUSPENDED, D(2026, 1, 1)),
        (EmploymentState.SECONDED, D(2026, 6, 1)),
        (EmploymentState.WORKING, D(2027, 7, 1)),
    ]
