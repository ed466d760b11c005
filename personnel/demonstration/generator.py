"""Putting the demonstration province together: its structure at once, its people one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from personnel.demonstration.careers import Grounds
from personnel.demonstration.institutions import add_institutions, plan_hospitals, plan_schools
from personnel.demonstration.people import draw_person
from personnel.demonstration.posts import Post, agency_posts, group_sizes, hospital_posts, school_posts
from personnel.demonstration.province import COMMITTEE, DIVISION, build_province
from personnel.demonstration.records import (
    EstablishmentRecord,
    JobPositionRecord,
    Person,
    SeatRecord,
    Structure,
)
from personnel.demonstration.roles import ROLES, TITLES

#: The smallest province that has every kind of agency.
SMALLEST: Final = 40

#: Establishment (công chức, viên chức) of units that have a fixed one, by kind of code; the others have their people.
_DEPARTMENT, _DIVISION, _COMMUNE = (60, 20), (12, 0), (32, 0)
_FIXED: Final = {
    "TU.TC": (40, 0),
    "TU.KT": (35, 0),
    "TU.DU": (25, 0),
    "HDND": (30, 0),
    "MTTQ": (60, 0),
    **{f"TR.{number:02d}": (0, 70) for number in range(1, 6)},
    **{f"BV.{number:02d}": (0, 240) for number in range(1, 4)},
}
#: How many may hold a title, where there are more seats than the people of a small province fill.
_SEATS: Final = {
    "PGD-SO": 3,
    "PCVP-UBND-TINH": 3,
    "PCTT-TINH": 3,
    "PCT-UBND-TINH": 4,
    "PCT-UBND-XA": 2,
    "PTP-SO": 2,
    "PHT": 2,
    "PGD-DVSN": 3,
    "UVBTV-TU": 15,
    "UVBCH-TU": 50,
    "UVBTV-DU-XA": 9,
    "UVBCH-DU-XA": 27,
    "PBT-DU-XA": 2,
}
_SUBJECTS: Final = {
    "01": "tổng hợp, hành chính",
    "02": "tổ chức cán bộ",
    "03": "kế hoạch, tài chính",
    "04": "nghiệp vụ chuyên ngành",
}
_COMMUNE_SUBJECTS: Final = {
    "01": "văn phòng, thống kê, tư pháp",
    "02": "kinh tế, đất đai, xây dựng",
    "03": "văn hóa, xã hội, giáo dục, y tế",
    "04": "tiếp nhận và trả kết quả",
}


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A whole demonstration province: its structure, and its people by index."""

    size: int
    seed: int
    day: date
    structure: Structure
    posts: tuple[Post, ...]
    grounds: Grounds

    def people(self, first: int = 0, last: int | None = None) -> Iterator[Person]:
        """The people of the posts from `first` to before `last`."""
        positions = {unit for unit, _ in self._positions()}
        for index in range(first, self.size if last is None else last):
            post = self.posts[index]
            staff = not ROLES[post.role].is_leader and post.unit in positions
            yield draw_person(
                seed=self.seed,
                index=index,
                post=post,
                grounds=self.grounds,
                day=self.day,
                job_position="CV.01" if staff and post.title == "CV" else None,
            )

    def _positions(self) -> Iterator[tuple[str, str]]:
        return ((position.unit, position.code) for position in self.structure.job_positions)


def generate(*, size: int = 2000, seed: int = 1, day: date) -> Demonstration:
    """A province of `size` people as it stands on `day`; the same arguments always give the same records."""
    if size < SMALLEST:
        raise ValueError(f"a province has at least {SMALLEST} people")
    sizes = group_sizes(size)
    structure = build_province()
    schools, hospitals = plan_schools(sizes["education"]), plan_hospitals(sizes["health"])
    add_institutions(structure, schools, hospitals)
    posts = list(agency_posts(sizes))
    for school in schools:
        posts.extend(school_posts(school))
    for hospital in hospitals:
        posts.extend(hospital_posts(hospital))
    _add_establishments(structure, posts, day)
    _add_seats(structure, posts)
    _add_job_positions(structure, posts)
    grounds = Grounds(
        structure,
        [structure.units[school.code] for school in schools],
        [structure.units[hospital.code] for hospital in hospitals],
    )
    return Demonstration(size, seed, day, structure, tuple(posts), grounds)


def _add_establishments(structure: Structure, posts: list[Post], day: date) -> None:
    """Numbers assigned to every agency that has people of its own, for last year and this year."""
    people = Counter((_owner(post.unit), ROLES[post.role].category == "public_employee") for post in posts)
    for code in structure.units:
        numbers = _fixed_establishment(code)
        if numbers is None:
            numbers = (people[code, False], people[code, True])
            numbers = (numbers[0] + numbers[0] // 12, numbers[1] + numbers[1] // 12)
        for year in (day.year - 1, day.year):
            for category, number in zip(("civil_servant", "public_employee"), numbers, strict=True):
                if number and year >= 2025:
                    structure.establishments.append(EstablishmentRecord(code, year, category, number))


def _owner(unit: str) -> str:
    """The agency to which the people of a division are assigned."""
    parts = unit.split(".")
    return ".".join(parts[:2]) if parts[0] in {"UBND", "XP"} and len(parts) == 3 else unit


def _fixed_establishment(code: str) -> tuple[int, int] | None:
    parts = code.split(".")
    if parts[0] == "UBND" and len(parts) > 1:
        return _DEPARTMENT if len(parts) == 2 else _DIVISION
    if parts[0] == "XP":
        return _COMMUNE if len(parts) == 2 else (0, 0)
    return _FIXED.get(code)


def _add_seats(structure: Structure, posts: list[Post]) -> None:
    """Seats for every leading title that somebody holds, mainly or besides."""
    held: Counter[tuple[str, str]] = Counter()
    for post in posts:
        for unit, title in ((post.unit, post.title), *((unit, title) for _, unit, title in post.others)):
            if TITLES[title]["is_leadership"]:
                held[unit, title] += 1
    for (unit, title), number in held.items():
        structure.seats.append(SeatRecord(unit, title, max(number, _SEATS.get(title, 1)), structure.units[unit].opened))


def _add_job_positions(structure: Structure, posts: list[Post]) -> None:
    """Job positions of the divisions of departments and communes."""
    staff = Counter(post.unit for post in posts if post.title == "CV")
    for unit in structure.units.values():
        version = unit.versions[-1]
        parent = structure.units.get(version.parent or "")
        if version.kind != DIVISION or unit.closed is not None or parent is None:
            continue
        subjects = _COMMUNE_SUBJECTS if parent.versions[-1].kind == COMMITTEE else _SUBJECTS
        subject = subjects[unit.code.rsplit(".", 1)[1]]
        structure.job_positions.extend(
            (
                JobPositionRecord(
                    unit.code, "LD.01", f"Lãnh đạo {unit.name}", "leadership", "01.003", 2, version.effective_from
                ),
                JobPositionRecord(
                    unit.code,
                    "CV.01",
                    f"Chuyên viên về {subject}",
                    "professional",
                    "01.003",
                    staff[unit.code] + 2,
                    version.effective_from,
                ),
            )
        )
