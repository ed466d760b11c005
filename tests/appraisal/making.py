"""Cycles, units and rated people for tests."""

from __future__ import annotations

import datetime
from typing import Any

from appraisal.choices import CycleKind
from appraisal.models import RatingCycle
from appraisal.services.acts import CORRECTION_KIND
from appraisal.services.cycles import open_cycle
from appraisal.services.entering import rate_unit
from personnel.choices import TitleGroup
from personnel.data import read_list
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, RatingLevel, Title, Unit
from tests.factories.personnel import add_party, make, make_cadre, make_code, make_title

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


def rate_own(cycle: RatingCycle, unit: Unit, level: str = "good") -> None:
    """The rating of the unit itself."""
    values = {"level": level, "percent_done": 99, "targets_missed": 0}
    rate_unit(cycle=cycle, unit=unit, values=values, version=None, acting_user=None)


def correction(unit: Unit, cadre: Cadre, **values: Any) -> Decision:
    """A signed decision of the kind that corrects a rating, about a person."""
    given = {
        "number": f"{Decision.objects.count() + 1}/QĐ-ĐC",
        "signed_on": D(2027, 1, 5),
        "effective_on": D(2027, 1, 5),
        "issuer": "UBND tỉnh",
        "unit": unit,
        "kind": make_code(DecisionKind, CORRECTION_KIND, name="Điều chỉnh kết quả đánh giá, xếp loại"),
    }
    decision: Decision = make(Decision, **{**given, **values})
    make(DecisionItem, decision=decision, cadre=cadre)
    return decision


def join_party(*people: Cadre) -> None:
    """Members of the Party since long ago."""
    for cadre in people:
        add_party(cadre)


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
