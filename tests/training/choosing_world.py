"""A class with people nominated to it, for tests of choosing."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.models import Cadre, Unit
from tests.factories.personnel import make
from tests.training.making import make_programme
from training.choices import ClassState, MemberState
from training.models import ClassMember, TrainingClass
from training.statistics.choosing.asking import Asked

OPENS, ENDS = datetime.date(2027, 1, 4), datetime.date(2027, 3, 31)


def make_class(code: str = "L1", **values: Any) -> TrainingClass:
    """A class that takes nominations."""
    programme = values.pop("programme", None) or make_programme(f"CT-{code}")
    given = {
        "code": code,
        "name": f"Lớp {code}",
        "capacity": 2,
        "begins_on": OPENS,
        "ends_on": ENDS,
        "state": ClassState.NOMINATING,
    }
    return make(TrainingClass, programme=programme, **{**given, **values})  # type: ignore[no-any-return]


def nominate(training_class: TrainingClass, unit: Unit, *people: Cadre, **values: Any) -> list[ClassMember]:
    """Put people into the class as nominated."""
    given = {"state": MemberState.NOMINATED, **values}
    return [make(ClassMember, training_class=training_class, cadre=one, unit=unit, **given) for one in people]


def asked(capacity: int = 2, **values: Any) -> Asked:
    """What an officer asks."""
    return Asked(capacity=capacity, **values)
