"""A small province of people who differ in everything that a list can be asked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from time_machine import travel

from personnel.choices import EmploymentCategory, EmploymentState, QualificationKind, RankGroup, Sex, TitleGroup
from personnel.models import Cadre, EthnicGroup, QualificationLevel, Rank, Title, Unit
from tests.factories.personnel import (
    add_party,
    add_pay_step,
    add_qualification,
    make_cadre,
    make_code,
    make_title,
    make_unit,
    move_cadre,
)
from tests.once import made_once

D = datetime.date

#: The day of the lists of these tests, and one in the past.
TODAY, PAST = D(2026, 6, 1), D(2024, 6, 1)
NOW = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)


@dataclass
class Person:
    """What the test knows of a person, in plain values."""

    name: str
    unit: str
    past_unit: str
    born: datetime.date
    sex: str
    category: str
    state: str
    title: str = ""
    group: str = ""
    is_leader: bool = False
    ethnicity: str = "01"
    is_party: bool = False
    levels: tuple[str, ...] = ()
    rank_group: str = ""
    cadre: Cadre = field(default_factory=Cadre)


@dataclass
class Province:
    """Units by code and the people."""

    units: dict[str, Unit]
    people: list[Person]

    def below(self, code: str) -> set[str]:
        """Codes of a unit and everything below it."""
        return {one for one in self.units if one == code or one.startswith(f"{code}.") or code == "UBND"}

    def person(self, name: str) -> Person:
        """The person of a name."""
        return next(one for one in self.people if one.name == name)


#: Name, unit today, birth, and what differs from an ordinary official.
PEOPLE: tuple[tuple[str, str, datetime.date, dict[str, Any]], ...] = (
    ("Ân Văn Đạt", "A", D(1970, 6, 1), {"title": "GD", "is_party": True, "levels": ("ths", "cao-cap")}),
    ("Bế Thị Ánh", "A", D(1986, 6, 2), {"sex": Sex.FEMALE, "title": "PGD", "ethnicity": "02", "levels": ("dh",)}),
    ("Chu Đức An", "A.1", D(1990, 1, 31), {"title": "TP", "rank_group": RankGroup.PRINCIPAL, "levels": ("dh",)}),
    ("Đào Thị Hà", "A.1", D(1996, 5, 31), {"sex": Sex.FEMALE, "state": EmploymentState.MATERNITY}),
    ("Giàng A Tủa", "A.1", D(1996, 6, 1), {"ethnicity": "05", "category": EmploymentCategory.PUBLIC_EMPLOYEE}),
    ("Hà Nguyễn", "A", D(1964, 2, 29), {"state": EmploymentState.RETIRED, "is_party": True, "levels": ("ths",)}),
    ("Hạ An", "B", D(1985, 6, 1), {"rank_group": RankGroup.SPECIALIST, "levels": ("dh", "trung-cap")}),
    ("Lò Thị Đào", "B", D(1985, 6, 2), {"sex": Sex.FEMALE, "ethnicity": "05", "is_party": True, "title": "GD"}),
    ("Lý A Sử", "B", D(1999, 12, 31), {"category": EmploymentCategory.CONTRACT_111, "past_unit": "A.1"}),
    ("Ma Văn Tài", "A.1", D(1988, 8, 8), {"past_unit": "B", "rank_group": RankGroup.PRINCIPAL}),
    ("Nông Văn Dền", "A", D(1975, 3, 3), {"state": EmploymentState.LEFT}),
    ("Ông Thị Yên", "A", D(1980, 1, 1), {"sex": Sex.FEMALE, "category": EmploymentCategory.OUTSIDE}),
)  # fmt: skip
TITLES = {
    "GD": ("Giám đốc", TitleGroup.HEAD, True),
    "PGD": ("Phó Giám đốc", TitleGroup.DEPUTY, True),
    "TP": ("Trưởng phòng", TitleGroup.DIVISION_HEAD, True),
    "CV": ("Chuyên viên", TitleGroup.SPECIALIST, False),
}
LEVELS = {
    "ths": (QualificationKind.PROFESSIONAL, "Thạc sĩ", 3),
    "dh": (QualificationKind.PROFESSIONAL, "Đại học", 4),
    "cao-cap": (QualificationKind.POLITICAL_THEORY, "Cao cấp", 1),
    "trung-cap": (QualificationKind.POLITICAL_THEORY, "Trung cấp", 2),
}


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Province]:
    """The province for all tests of a module."""
    with made_once(django_db_blocker), travel(NOW, tick=False):
        yield _make_province()


@pytest.fixture
def province(_standing: Province, db: None) -> Iterator[Province]:
    """Units, people and their records; the clock stands."""
    with travel(NOW, tick=False):
        yield _standing


def _make_province() -> Province:
    top = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    units = {
        "UBND": top,
        "A": make_unit("A", parent=top, name="Sở Nội vụ"),
        "B": make_unit("B", parent=top, name="Sở Y tế"),
    }
    units["A.1"] = make_unit("A.1", parent=units["A"], name="Phòng Tổ chức")
    titles = {code: make_title(code, name=name, group=group, is_leadership=leads)
              for code, (name, group, leads) in TITLES.items()}  # fmt: skip
    levels = {code: make_code(QualificationLevel, code, kind=kind, name=name, rank=rank)
              for code, (kind, name, rank) in LEVELS.items()}  # fmt: skip
    for code, name, is_minority in (("01", "Kinh", False), ("02", "Tày", True), ("05", "Mông", True)):
        make_code(EthnicGroup, code, name=name, is_minority=is_minority)
    ranks = {group: make_code(Rank, f"r-{group}", name=group.label, group=group) for group in RankGroup}
    made = Province(units, [])
    for name, unit, born, differs in PEOPLE:
        made.people.append(_make(made, name, unit, born, differs, titles, levels, ranks))
    return made


def _make(
    province: Province,
    name: str,
    unit: str,
    born: datetime.date,
    differs: dict[str, Any],
    titles: dict[str, Title],
    levels: dict[str, QualificationLevel],
    ranks: dict[Any, Rank],
) -> Person:
    """One person with the record that the test's own description asks for."""
    ordinary = {"sex": Sex.MALE, "category": EmploymentCategory.CIVIL_SERVANT, "state": EmploymentState.WORKING}
    person = Person(name=name, unit=unit, born=born, **({"past_unit": unit, "title": "CV"} | ordinary | differs))
    _, person.group, person.is_leader = TITLES[person.title]
    person.cadre = cadre = make_cadre(
        unit=province.units[person.past_unit],
        name=name,
        born=born,
        sex=person.sex,
        category=person.category,
        state=person.state,
        title=titles[person.title],
        ethnicity=EthnicGroup.objects.get(code=person.ethnicity),
        officer_code=f"SH-{len(province.people):02d}",
    )
    if person.past_unit != unit:
        move_cadre(cadre, province.units[unit], D(2025, 1, 1))
        person.title, person.group, person.is_leader = "", "", False
    if person.is_party:
        add_party(cadre)
    for code in person.levels:
        add_qualification(cadre, levels[code].kind, levels[code])
    if person.rank_group:
        add_pay_step(cadre, ranks[person.rank_group])
    return person
