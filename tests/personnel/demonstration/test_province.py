"""The units of the demonstration province: a tree in time, with the codes and names that offices use in their lists."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from personnel.choices import Bloc, EmploymentCategory, JobGroup, UnitLevel, UnitSuccessionKind
from personnel.data import read_list, read_titles
from personnel.demonstration import generate
from personnel.demonstration.places import DISTRICTS, communes, communes_of
from personnel.demonstration.records import Structure

DAY = date(2026, 11, 24)
REFORM = date(2025, 7, 1)


@pytest.fixture(scope="module")
def structure() -> Structure:
    """The units of a province of 2.000 people."""
    return generate(size=2000, seed=1, day=DAY).structure


def test_versions_follow_one_another_inside_their_parents(structure: Structure) -> None:
    """Versions leave no gap, and each lies inside the life of its parent; there is no circle."""
    for unit in structure.units.values():
        for one, other in zip(unit.versions, unit.versions[1:], strict=False):
            assert one.effective_until == other.effective_from
        for version in unit.versions:
            if version.parent is None:
                continue
            parent = structure.units[version.parent]
            assert parent.opened <= version.effective_from, unit
            assert parent.closed is None or (version.effective_until or date.max) <= parent.closed, unit
            assert version.parent != unit.code


def test_choices_and_kinds(structure: Structure) -> None:
    """Kinds, blocs, levels and categories are those that the record knows."""
    kinds = {item["code"] for item in read_list("unit_kinds")["items"]}
    for unit in structure.units.values():
        for version in unit.versions:
            assert version.kind in kinds
            assert Bloc(version.bloc)
            assert UnitLevel(version.level)
            assert version.level != "district" or (version.effective_until is not None)
    assert all(UnitSuccessionKind(succession.kind) for succession in structure.successions)
    assert all(EmploymentCategory(item.category) for item in structure.establishments)
    assert all(JobGroup(position.group) for position in structure.job_positions)


@pytest.mark.parametrize(
    ("code", "name", "parent", "kind", "level"),
    [
        ("UBND", "Ủy ban nhân dân tỉnh", None, "Ủy ban nhân dân", "province"),
        ("UBND.01", "Văn phòng UBND tỉnh", "UBND", "Văn phòng", "province"),
        ("UBND.02", "Sở Nội vụ", "UBND", "Sở, ban, ngành", "province"),
        ("UBND.02.02", "Phòng Tổ chức - Cán bộ", "UBND.02", "Phòng", "province"),
        ("UBND.11", "Sở Văn hóa, Thể thao và Du lịch", "UBND", "Sở, ban, ngành", "province"),
        ("UBND.13.04", "Phòng Nghiệp vụ", "UBND.13", "Phòng", "province"),
        ("XP.02647", "Ủy ban nhân dân phường Lào Cai", "UBND", "Ủy ban nhân dân", "commune"),
        ("XP.02962", "Ủy ban nhân dân xã Xuân Hoà", "UBND", "Ủy ban nhân dân", "commune"),
        ("TR.05", "Trường Trung học phổ thông số 5", "UBND.05", "Đơn vị sự nghiệp công lập", "province"),
        ("BV.03", "Bệnh viện Đa khoa khu vực 3", "UBND.04", "Đơn vị sự nghiệp công lập", "province"),
        ("TU.DU", "Đảng ủy Ủy ban nhân dân tỉnh", "TU", "Cơ quan Đảng", "province"),
        ("HDND", "Hội đồng nhân dân tỉnh", None, "Cơ quan dân cử", "province"),
        ("MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", None, "Mặt trận và đoàn thể", "province"),
        ("H.01", "Ủy ban nhân dân huyện Bát Xát", "UBND", "Ủy ban nhân dân", "district"),
    ],
)
def test_units_of_the_lists_of_offices(
    structure: Structure, code: str, name: str, parent: str | None, kind: str, level: str
) -> None:
    """Units bear the codes and names under which rosters and unit lists know them."""
    version = structure.units[code].versions[-1]
    kinds = {item["code"]: item["name"] for item in read_list("unit_kinds")["items"]}
    assert (version.name, version.parent, kinds[version.kind], version.level) == (name, parent, kind, level)


def test_districts_end_with_the_reform_and_are_followed(structure: Structure) -> None:
    """Every former district and its Party committee ended and are followed by the communes that came from them."""
    after = Counter(succession.predecessor for succession in structure.successions)
    assert sum(len(communes_of(district.code)) for district in DISTRICTS) == len(communes()) == 99
    for district in DISTRICTS:
        assert structure.units[district.code].closed == REFORM
        assert after[district.code] == after[district.code.replace("H.", "HU.")] == len(communes_of(district.code))
    for succession in structure.successions:
        assert structure.units[succession.predecessor].closed == succession.day
        assert structure.units[succession.successor].opened == succession.day


def test_every_commune_is_whole(structure: Structure) -> None:
    """People's Committee with four divisions, Party committee, council and front."""
    for commune in communes():
        for code in (f"XP.{commune.code}", f"DU.{commune.code}", f"HD.{commune.code}", f"MT.{commune.code}"):
            assert structure.units[code].opened == REFORM
        assert all(f"XP.{commune.code}.{number:02d}" in structure.units for number in range(1, 5))


def test_establishment_and_seats(structure: Structure) -> None:
    """Numbers known from unit lists; seats are leading titles of existing units, each once."""
    numbers = {(item.unit, item.year, item.category): item.number for item in structure.establishments}
    assert numbers["UBND.02", 2026, "civil_servant"] == 60
    assert numbers["UBND.02", 2026, "public_employee"] == 20
    assert numbers["UBND.02.01", 2025, "civil_servant"] == 12
    assert numbers["XP.02647", 2026, "civil_servant"] == 32
    assert numbers["TR.01", 2026, "public_employee"] == 70
    assert numbers["BV.01", 2026, "public_employee"] == 240
    assert len(numbers) == len(structure.establishments)
    titles = {item["code"]: item for item in read_titles()["items"]}
    assert all(titles[seat.title]["is_leadership"] and seat.unit in structure.units for seat in structure.seats)
    assert len({(seat.unit, seat.title) for seat in structure.seats}) == len(structure.seats)
    assert len({(item.unit, item.code) for item in structure.job_positions}) == len(structure.job_positions)


def test_a_large_province_has_more_of_everything() -> None:
    """At 60.000 every commune has schools and a health station; leaders do not exceed their seats."""
    large = generate(size=60_000, seed=1, day=DAY)
    assert len(large.posts) == 60_000
    assert all(f"TYT.{commune.code}" in large.structure.units for commune in communes())
    schools = [code for code in large.structure.units if code.startswith("TR.")]
    assert len(schools) > 600
    seats = {(seat.unit, seat.title): seat.number for seat in large.structure.seats}
    held = Counter((post.unit, post.title) for post in large.posts if (post.unit, post.title) in seats)
    assert all(number <= seats[key] for key, number in held.items())
    assert held["UBND.02", "GD-SO"] == 1
