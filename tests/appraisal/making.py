"""Cycles, units and rated people for tests."""

from __future__ import annotations

import datetime
from typing import Any

from appraisal.choices import CycleKind
from appraisal.models import RatingCycle
from appraisal.services.cycles import open_cycle
from personnel.choices import TitleGroup
from personnel.data import read_list
from personnel.models import Cadre, RatingLevel, Title, Unit
from tests.factories.personnel import make_cadre, make_code, make_title

D = datetime.date


def make_cycle(year: int = 2026, **values: Any) -> RatingCycle:
    """A yearly cycle."""
    given = {
        "code": str(year),
        "name": f"Năm {year}",
        "kind": CycleKind.YEAR,
        "begins_on": D(year, 1, 1),
        "ends_on": D(year, 12, 31),
    }
    return open_cycle(**{**given, **values}, acting_user=None)


def head_title() -> Title:
    """A title of heads."""
    return make_title(group=TitleGroup.HEAD, is_leadership=True, managing_level="provincial_standing", rank=4)


def staff(unit: Unit, count: int) -> list[Cadre]:
    """People of a unit without leadership."""
    return [make_cadre(unit=unit) for _ in range(count)]


def rating_levels() -> None:
    """The list of levels with its spellings."""
    for item in read_list("rating_levels")["items"]:
        make_code(RatingLevel, item["code"], **{name: item[name] for name in ("name", "short_name", "aliases")})
