"""Plans and classes for tests of training: made by the machine's operator, in any state."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.models import Cadre, Custody
from tests.factories.personnel import make
from tests.training.making import DAY, make_programme
from training.choices import ClassState, MemberState
from training.models import ClassMember, ClassSession, PlannedClass, Programme, TrainingClass, TrainingPlan
from training.services.plans import add_planned, approve_plan, create_plan, move_plan

BEGINS, ENDS = datetime.date(2026, 10, 1), datetime.date(2026, 11, 20)


def make_plan(programme: Programme | None = None, *, year: int = 2026, seats: int = 40, **values: Any) -> TrainingPlan:
    """A plan with one foreseen class."""
    plan = create_plan(values={"year": year, "name": f"Kế hoạch năm {year}", **values}, acting_user=None)
    line = {"programme": programme or make_programme(), "month": 10, "seats": seats, "budget": 120_000_000}
    add_planned(plan=plan, values=line, acting_user=None)
    return plan


def approved(plan: TrainingPlan) -> TrainingPlan:
    """Submit and approve it."""
    move_plan(plan=plan, to="submitted", acting_user=None)
    approve_plan(plan=plan, values={"day": DAY}, acting_user=None)
    plan.refresh_from_db()
    return plan


def make_class(programme: Programme | None = None, *, code: str = "LLCT-2026-01", **values: Any) -> TrainingClass:
    """A class that takes nominations, unless told otherwise."""
    given = {
        "code": code,
        "name": f"Lớp {code}",
        "programme": programme or make_programme(),
        "begins_on": BEGINS,
        "ends_on": ENDS,
        "nominate_by": datetime.date(2026, 9, 15),
        "capacity": 40,
        "host": "Trường Chính trị tỉnh",
        "state": ClassState.NOMINATING,
    }
    return make(TrainingClass, **{**given, **values})  # type: ignore[no-any-return]


def put_in(
    training_class: TrainingClass, *people: Cadre, state: str = MemberState.CHOSEN, **values: Any
) -> list[ClassMember]:
    """Put people into a class."""
    units = dict(Custody.objects.filter(cadre__in=people).values_list("cadre_id", "unit_id"))
    return [
        make(ClassMember, training_class=training_class, cadre=one, unit_id=units[one.pk], **{"state": state, **values})
        for one in people
    ]


def make_session(training_class: TrainingClass, day: datetime.date = BEGINS) -> ClassSession:
    """A session."""
    return make(ClassSession, training_class=training_class, day=day, subject="Chuyên đề mở đầu")  # type: ignore[no-any-return]


def line_of(plan: TrainingPlan) -> PlannedClass:
    """The first line of a plan."""
    found: PlannedClass = plan.classes.get()
    return found
