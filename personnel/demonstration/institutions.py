"""Schools, hospitals, health centres and stations of the demonstration province (đơn vị sự nghiệp)."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from personnel.demonstration.places import DISTRICTS, Commune, communes
from personnel.demonstration.province import HOSPITAL_FROM, REFORM, SCHOOL_FROM, SERVICE, add_unit, people_of
from personnel.demonstration.records import Structure, UnitVersionRecord

#: Upper secondary schools that exist at any size, and at most; the others belong to communes.
FEWEST_UPPER, MOST_UPPER = 5, 40
UPPER_SHARE: Final = 0.2
COMMUNE_SCHOOL_FROM: Final = date(1992, 9, 1)
UPPER_MOST_STAFF: Final = 70
SMALLEST_SCHOOL, LARGEST_SCHOOL = 24, 46
SCHOOLS_PER_COMMUNE: Final = 3

_LEVELS: Final = (
    ("preschool", "Trường Mầm non", "MN", ("headmaster_preschool", "teacher_preschool")),
    ("primary", "Trường Tiểu học", "TH", ("headmaster_primary", "teacher_primary")),
    ("lower", "Trường Trung học cơ sở", "CS", ("headmaster_lower", "teacher_lower")),
    (
        "boarding",
        "Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở",
        "BT",
        ("headmaster_lower", "teacher_primary"),
    ),
)
_UPPER: Final = ("headmaster_upper", "teacher_upper")


class School(NamedTuple):
    """A school with the number of its people."""

    code: str
    name: str
    level: str
    parent: str
    former_parent: str | None
    staff: int
    roles: tuple[str, str]


class Hospital(NamedTuple):
    """A hospital, health centre or health station with the number of its people."""

    code: str
    name: str
    parent: str
    former_parent: str | None
    staff: int
    is_station: bool = False


def plan_schools(total: int) -> list[School]:
    """Schools for `total` people: upper secondary ones of the province, the others of the communes in turn."""
    schools = []
    upper = min(max(FEWEST_UPPER, total // 900), MOST_UPPER)
    upper_total = min(round(total * UPPER_SHARE), upper * UPPER_MOST_STAFF)
    for number, staff in enumerate(_spread(upper_total, upper), 1):
        name = f"Trường Trung học phổ thông số {number}"
        schools.append(School(f"TR.{number:02d}", name, "upper", "UBND.05", None, staff, _UPPER))
    rest = total - upper_total
    wanted = min(max(rest // (len(communes()) * SCHOOLS_PER_COMMUNE), SMALLEST_SCHOOL), LARGEST_SCHOOL)
    number_of_schools = max(rest // wanted, 1)
    for place, staff in enumerate(_spread(rest, number_of_schools)):
        schools.append(_commune_school(place, staff))
    return [school for school in schools if school.staff > 0]


def _commune_school(place: int, staff: int) -> School:
    """The school number `place` of the communes: levels and communes take turns."""
    turn, index = divmod(place, len(communes()))
    commune = communes()[index]
    level, kind, letters, roles = _LEVELS[(turn + index) % len(_LEVELS)]
    again = turn // len(_LEVELS)
    name = f"{kind} {commune.name}" + (f" số {again + 1}" if again else "")
    code = f"TR.{commune.code}.{letters}{again + 1}"
    return School(code, name, level, people_of(commune.code), commune.district.code, staff, roles)


def plan_hospitals(total: int) -> list[Hospital]:
    """Health units for `total` people: three regional hospitals and stations first, then everything."""
    regional = [(f"BV.{n:02d}", f"Bệnh viện Đa khoa khu vực {n}", "UBND.04", None, 240) for n in (1, 2, 3)]
    if total < 1500:
        stations = max(total // 24, 1)
        beds = total - stations * 6
        hospitals = [
            Hospital(code, name, parent, former, staff)
            for (code, name, parent, former, _), staff in zip(regional, _spread(beds, 3), strict=True)
        ]
        return hospitals + [_station(commune, 6) for commune in communes()[:stations]]
    wanted = [
        *regional,
        ("BV.04", "Bệnh viện Đa khoa tỉnh", "UBND.04", None, 1100),
        ("BV.05", "Bệnh viện Sản Nhi tỉnh", "UBND.04", None, 520),
        ("BV.06", "Bệnh viện Y học cổ truyền tỉnh", "UBND.04", None, 220),
        ("TTYT.00", "Trung tâm Kiểm soát bệnh tật tỉnh", "UBND.04", None, 180),
        *((f"TTYT.{d.code[2:]}", f"Trung tâm Y tế khu vực {d.name}", "UBND.04", None, 400) for d in DISTRICTS),
    ]
    all_stations = [_station(commune, max(min(total // 800, 14), 3)) for commune in communes()]
    beds = total - sum(station.staff for station in all_stations)
    whole = sum(capacity for *_, capacity in wanted)
    shares = [beds * capacity // whole for *_, capacity in wanted]
    shares[3] += beds - sum(shares)
    hospitals = [
        Hospital(code, name, parent, former, staff)
        for (code, name, parent, former, _), staff in zip(wanted, shares, strict=True)
    ]
    return hospitals + all_stations


def add_institutions(structure: Structure, schools: list[School], hospitals: list[Hospital]) -> None:
    """Add the units of schools and hospitals; those of communes belonged to their district until the reform."""
    for place, school in enumerate(schools):
        level, opened = ("commune", COMMUNE_SCHOOL_FROM) if school.former_parent else ("province", SCHOOL_FROM)
        _add(structure, school.code, school.name, school.parent, school.former_parent, level, opened, place)
    for place, hospital in enumerate(hospitals):
        level = "commune" if hospital.is_station else "province"
        _add(
            structure,
            hospital.code,
            hospital.name,
            hospital.parent,
            hospital.former_parent,
            level,
            HOSPITAL_FROM,
            place,
        )


def _add(
    structure: Structure,
    code: str,
    name: str,
    parent: str,
    former_parent: str | None,
    level: str,
    opened: date,
    place: int,
) -> None:
    today = UnitVersionRecord(name, parent, SERVICE, "government", level, opened, None, 200 + place)
    if parent.startswith("UBND."):
        former_parent = "UBND"
    before = today._replace(
        parent=former_parent, level="district" if level == "commune" else level, effective_until=REFORM
    )
    add_unit(structure, code, before, today._replace(effective_from=REFORM))


def _station(commune: Commune, staff: int) -> Hospital:
    name = f"Trạm Y tế {commune.full_name}"
    return Hospital(f"TYT.{commune.code}", name, people_of(commune.code), commune.district.code, staff, True)


def _spread(total: int, parts: int) -> list[int]:
    """`total` in `parts` parts as even as can be."""
    each, more = divmod(max(total, 0), parts)
    return [each + (place < more) for place in range(parts)]
