"""Programmes and a small province for tests of training."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from hrdb.kernel.models import User
from personnel.models import Cadre, QualificationLevel, Unit
from personnel.policies import Role
from tests.factories.personnel import make, make_cadre, make_unit, make_user
from training.models import Programme

DAY = datetime.date(2026, 11, 24)


@dataclass
class TrainingWorld:
    """A province with two departments, their people, an officer of the province and one of the first department."""

    top: Unit
    home: Unit
    away: Unit
    officer: User
    unit_officer: User
    people: list[Cadre]
    strangers: list[Cadre]


def training_world(count: int = 3) -> TrainingWorld:
    """Make it, with so many people in each department."""
    top = make_unit("GOC", name="Tỉnh Mẫu")
    home = make_unit("SO-A", parent=top, name="Sở Nội vụ")
    away = make_unit("SO-B", parent=top, name="Sở Tài chính")
    return TrainingWorld(
        top=top,
        home=home,
        away=away,
        officer=make_user(Role.PROVINCE_OFFICER),
        unit_officer=make_user(Role.UNIT_OFFICER, unit=home),
        people=[make_cadre(unit=home, name=f"Nguyễn Văn A{number}") for number in range(count)],
        strangers=[make_cadre(unit=away, name=f"Trần Thị B{number}") for number in range(count)],
    )


def make_level(kind: str, code: str, rank: int, name: str = "") -> QualificationLevel:
    """A level of a kind of qualification."""
    return make(QualificationLevel, kind=kind, code=code, rank=rank, name=name or code)  # type: ignore[no-any-return]


def make_programme(code: str = "LLCT-CC", **values: Any) -> Programme:
    """A programme; of political theory unless told otherwise."""
    given = {"code": code, "name": "Cao cấp lý luận chính trị", "kind": "political_theory"}
    return make(Programme, **{**given, **values})  # type: ignore[no-any-return]
