"""A small province before its reorganisation: districts, communes, people, and what they hold."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hrdb.kernel.models import User
from personnel.choices import PlacementOutcome, TitleGroup, UnitLevel
from personnel.models import Cadre, Custody, Reorganisation, ReorganisationStep, Title, Unit, UnitVersion
from personnel.services.citing import CitedDecision
from personnel.services.reorganisation.cases import open_case, place_person, save_step
from tests.factories.personnel import make_cadre, make_title, make_unit

DAY, EVE = datetime.date(2025, 7, 1), datetime.date(2025, 6, 30)
RESOLUTION = CitedDecision(number="1685/NQ-TEST", signed_on=datetime.date(2025, 6, 16), issuer="Cơ quan thử nghiệm")


@dataclass
class Province:
    """Units by code and people by unit code."""

    root: Unit
    head: Title
    deputy: Title
    staff: Title
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, list[Cadre]] = field(default_factory=dict)


def make_province(*, districts: int = 1, communes: int = 3, staff: int = 2) -> Province:
    """`communes` below each of some districts, each with a head, a deputy and `staff` others; districts have staff."""
    root = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    titles = [
        make_title(name=name, group=group, is_leadership=group != TitleGroup.SPECIALIST)
        for name, group in (
            ("Chủ tịch UBND xã", TitleGroup.HEAD),
            ("Phó Chủ tịch UBND xã", TitleGroup.DEPUTY),
            ("Chuyên viên", TitleGroup.SPECIALIST),
        )
    ]
    province = Province(root, *titles)
    for number in range(1, districts + 1):
        district = _add(province, f"H{number}", root, f"Huyện {number}", UnitLevel.DISTRICT, staff, leaders=False)
        for place in range(1, communes + 1):
            name = f"Xã {number}-{place}"
            _add(province, f"H{number}.X{place}", district, name, UnitLevel.COMMUNE, staff)
    return province


def _add(
    province: Province, code: str, parent: Unit, name: str, level: str, staff: int, *, leaders: bool = True
) -> Unit:
    unit = make_unit(code, parent=parent, name=name, level=level)
    titles = [province.head, province.deputy] if leaders else []
    titles += [province.staff] * staff
    province.units[code] = unit
    province.people[code] = [make_cadre(unit=unit, title=title) for title in titles]
    return unit


#: A step as tests write it: kind, sources, targets, values.
Said = tuple[str, Sequence[str], Sequence[str], Mapping[str, Any]]


def make_case(steps: Iterable[Said], *, unit: Unit | None = None, user: User | None = None) -> Reorganisation:
    """A case of these steps on the day."""
    case = open_case(title="Sắp xếp thử", day=DAY, unit=unit, acting_user=user, cited=[RESOLUTION])
    for step in steps:
        add_step(case, *step, user=user)
    return case


def add_step(
    case: Reorganisation,
    kind: str,
    sources: Sequence[str] = (),
    targets: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    user: User | None = None,
) -> ReorganisationStep:
    """One more step."""
    return save_step(case=case, kind=kind, sources=sources, targets=targets, values=values or {}, acting_user=user)


def place(case: Reorganisation, cadre: Cadre, outcome: PlacementOutcome, unit_code: str = "", **values: Any) -> None:
    """Say by name what becomes of somebody."""
    said = {"outcome": outcome, "unit_code": unit_code, **values}
    cited = said.pop("cited", None)
    place_person(case=case, cadre=cadre, values=said, cited=cited, acting_user=None)


def keeper(cadre: Cadre, day: datetime.date) -> str:
    """The code of the unit that keeps a record on a day; there is exactly one."""
    return Custody.objects.in_force(day).get(cadre=cadre).unit.code


def open_codes(day: datetime.date) -> set[str]:
    """Codes of the units that exist on a day."""
    return set(UnitVersion.objects.in_force(day).values_list("unit__code", flat=True))
