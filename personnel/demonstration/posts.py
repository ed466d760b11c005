"""Who is wanted where (định biên): the posts of the demonstration province for a number of people.

Each group of agencies gets a share of the people; inside a group every agency fills its posts in order of importance,
round after round, so that a small province has leaders everywhere and a large one has everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from typing import Final, NamedTuple

from personnel.demonstration.institutions import Hospital, School
from personnel.demonstration.places import Commune, communes
from personnel.demonstration.province import CENTRES, DEPARTMENTS, FRONT_BODIES, PARTY_BODIES, people_of

#: Communes that show a whole staff at any size (a ward and a commune).
SHOWN: Final = ("02647", "02683")

#: Shares of the people by group of agencies, and the most that a group takes per agency.
SHARES: Final = {
    "departments": 0.085,
    "communes": 0.22,
    "party": 0.022,
    "front": 0.012,
    "council": 0.005,
    "centres": 0.02,
}
MOST: Final = {"departments": 13 * 75, "communes": 99 * 58, "party": 300, "front": 150, "council": 40, "centres": 600}
HEALTH_SHARE: Final = 0.19


class Post(NamedTuple):
    """A place for one person: unit, title, role, and the further posts (kind, unit, title) that go with it."""

    unit: str
    title: str
    role: str
    others: tuple[tuple[str, str, str], ...] = ()


def group_sizes(size: int) -> dict[str, int]:
    """How many people each group of agencies gets; what is left over teaches."""
    sizes = {name: min(round(size * share), MOST[name]) for name, share in SHARES.items()}
    sizes["province"] = 5 if size >= 100 else 1
    sizes["health"] = round(size * HEALTH_SHARE)
    sizes["education"] = size - sum(sizes.values())
    return sizes


def agency_posts(sizes: dict[str, int]) -> Iterator[Post]:
    """The posts of government, Party, council, front, communes and centres."""
    yield from islice(_province(), sizes["province"])
    yield from _rounds([_department(number) for number in range(1, len(DEPARTMENTS) + 1)], sizes["departments"])
    yield from _rounds([_party_committee(), *(_party_body(code) for code, *_ in PARTY_BODIES)], sizes["party"])
    yield from _rounds([_front(), *(_front_body(code) for code, _ in FRONT_BODIES)], sizes["front"])
    yield from islice(_council(), sizes["council"])
    places = sorted(communes(), key=lambda commune: commune.code not in SHOWN)
    shown = [3 if commune.code in SHOWN else 1 for commune in places]
    yield from _rounds([_commune(commune) for commune in places], sizes["communes"], shown)
    yield from _rounds([_centre(code) for code, *_ in CENTRES], sizes["centres"])


def _rounds(agencies: list[Iterator[Post]], total: int, pace: list[int] | None = None) -> Iterator[Post]:
    """Posts of several agencies in turn, `pace` of each per round, until `total` is reached."""
    steps = pace or [1] * len(agencies)
    left = total
    while left > 0:
        for agency, step in zip(agencies, steps, strict=True):
            for post in islice(agency, min(step, left)):
                left -= 1
                yield post


def _province() -> Iterator[Post]:
    yield Post("UBND", "CT-UBND-TINH", "province_chair", (("party", "TU", "PBT-TU"), ("party", "TU.DU", "BT-DU-TINH")))
    for _ in range(4):
        yield Post("UBND", "PCT-UBND-TINH", "province_chair", (("party", "TU", "UVBTV-TU"),))


def _department(number: int) -> Iterator[Post]:
    code = f"UBND.{number:02d}"
    head, deputy = {1: ("CVP-UBND-TINH", "PCVP-UBND-TINH"), 13: ("CTT-TINH", "PCTT-TINH")}.get(
        number, ("GD-SO", "PGD-SO")
    )
    staff = "TTV" if number == 13 else "CV"
    role = "inspector" if number == 13 else "civil_servant"
    yield Post(code, head, "department_head", (("party", "TU", "UVBCH-TU"),))
    yield Post(code, deputy, "department_deputy")
    yield Post(f"{code}.01", "CVP-SO", "division_head")
    yield Post(f"{code}.02", "TP-SO", "division_head")
    yield Post(f"{code}.02", "CV", "civil_servant")
    yield Post(code, deputy, "department_deputy")
    yield Post(f"{code}.03", "TP-SO", "division_head")
    yield Post(f"{code}.04", "TP-SO", "division_head")
    yield Post(f"{code}.04", staff, role)
    yield Post(f"{code}.01", "VTV", "clerk")
    yield Post(f"{code}.03", "KTV", "accountant")
    yield Post(f"{code}.04", "PTP-SO", "division_deputy")
    yield Post(f"{code}.02", "PTP-SO", "division_deputy")
    yield Post(code, deputy, "department_deputy")
    yield Post(f"{code}.01", "PCVP-SO", "division_deputy")
    yield Post(f"{code}.01", "LX", "driver")
    yield Post(f"{code}.03", "PTP-SO", "division_deputy")
    for place in count():
        division = place % 4 + 1
        yield Post(
            f"{code}.{division:02d}", staff if division == 4 else "CV", role if division == 4 else "civil_servant"
        )


def _party_committee() -> Iterator[Post]:
    yield Post("TU", "BT-TU", "party_head", (("concurrent", "HDND", "CT-HDND-TINH"),))
    yield Post("TU", "PBT-TT-TU", "party_head")


def _party_body(code: str) -> Iterator[Post]:
    head, deputy = {
        "TU.VP": ("CVP-TU", "PCVP-TU"),
        "TU.KT": ("CN-UBKT-TU", "PCN-UBKT-TU"),
        "TU.DD": ("BT-DU-TINH", "PBT-DU-TINH"),
        "TU.DU": ("PBT-DU-TINH", "PBT-DU-TINH"),
    }.get(code, ("TB-TU", "PTB-TU"))
    yield Post(code, head, "party_head", (("party", "TU", "UVBTV-TU"),))
    yield Post(code, deputy, "party_deputy", (("party", "TU", "UVBCH-TU"),))
    yield Post(code, "TP-TU", "party_division_head")
    yield Post(code, "CV", "party_officer")
    yield Post(code, deputy, "party_deputy")
    yield Post(code, "TP-TU", "party_division_head")
    yield Post(code, "CV", "party_officer")
    yield Post(code, "VTV", "clerk")
    yield Post(code, "PTP-TU", "party_division_head")
    yield Post(code, "TP-TU", "party_division_head")
    for _ in count():
        yield Post(code, "CV", "party_officer")


def _front() -> Iterator[Post]:
    yield Post("MTTQ", "CT-MTTQ-TINH", "front_head", (("party", "TU", "UVBTV-TU"),))
    yield Post("MTTQ", "PCT-MTTQ-TINH", "front_head")
    yield Post("MTTQ", "PCT-MTTQ-TINH", "front_head")
    yield Post("MTTQ", "TB-MTTQ-TINH", "party_division_head")
    yield Post("MTTQ", "KTV", "accountant")
    for _ in count():
        yield Post("MTTQ", "CV", "front_officer")


def _front_body(code: str) -> Iterator[Post]:
    yield Post(code, "TDT-TINH", "front_head", (("concurrent", "MTTQ", "PCT-MTTQ-TINH"), ("party", "TU", "UVBCH-TU")))
    yield Post(code, "PTDT-TINH", "party_deputy")
    yield Post(code, "CV", "front_officer")
    yield Post(code, "TB-MTTQ-TINH", "party_division_head")
    for _ in count():
        yield Post(code, "CV", "front_officer")


def _council() -> Iterator[Post]:
    yield Post("HDND", "PCT-HDND-TINH", "council_head", (("party", "TU", "UVBTV-TU"),))
    for _ in range(3):
        yield Post("HDND", "TB-HDND-TINH", "council_head", (("party", "TU", "UVBCH-TU"),))
    yield Post("HDND.VP", "CVP-HDND-TINH", "department_head")
    yield Post("HDND.VP", "PCVP-HDND-TINH", "department_deputy")
    yield Post("HDND", "PTB-HDND-TINH", "council_head")
    for place in count():
        yield Post("HDND.VP", "VTV" if place % 6 == 1 else "CV", "clerk" if place % 6 == 1 else "civil_servant")


def _commune(commune: Commune) -> Iterator[Post]:
    code = commune.code
    people, party, council, front = people_of(code), f"DU.{code}", f"HD.{code}", f"MT.{code}"
    standing = (("party", party, "UVBTV-DU-XA"),)
    member = (("party", party, "UVBCH-DU-XA"),)
    yield Post(party, "BT-DU-XA", "commune_secretary", (("concurrent", council, "CT-HDND-XA"),))
    yield Post(people, "CT-UBND-XA", "commune_chair", (("party", party, "PBT-DU-XA"),))
    yield Post(people, "PCT-UBND-XA", "commune_deputy", standing)
    yield Post(f"{people}.01", "CV", "commune_officer")
    yield Post(party, "PBT-TT-DU-XA", "commune_secretary")
    yield Post(f"{people}.02", "TP-KT-XA", "commune_division_head", member)
    yield Post(f"{people}.03", "TP-VHXH-XA", "commune_division_head", member)
    yield Post(f"{people}.01", "CVP-XA", "commune_division_head", member)
    yield Post(f"{people}.03", "CV", "commune_officer")
    yield Post(front, "CT-MTTQ-XA", "commune_deputy", standing)
    yield Post(council, "PCT-HDND-XA", "commune_deputy", standing)
    yield Post(f"{people}.02", "CV", "commune_officer")
    yield Post(people, "PCT-UBND-XA", "commune_deputy", (*standing, ("concurrent", f"{people}.04", "GD-HCC-XA")))
    yield Post(party, "CN-UBKT-XA", "commune_division_head", standing)
    yield Post(party, "TB-XDD-XA", "commune_division_head", standing)
    yield Post(f"{people}.04", "PGD-HCC-XA", "commune_division_head")
    yield Post(f"{people}.01", "VTV", "clerk")
    yield Post(f"{people}.01", "KTV", "accountant")
    yield Post(front, "TDT-XA", "front_officer", (("concurrent", front, "PCT-MTTQ-XA"),))
    yield Post(f"{people}.02", "PTP-KT-XA", "commune_division_head")
    yield Post(f"{people}.03", "PTP-VHXH-XA", "commune_division_head")
    yield Post(party, "CVP-DU-XA", "commune_division_head", member)
    for place in count():
        unit = (f"{people}.02", f"{people}.03", f"{people}.04", party, f"{people}.01", front)[place % 6]
        role = "party_officer" if unit == party else "front_officer" if unit == front else "commune_officer"
        assistant = role == "commune_officer" and place % 7 == 3
        yield Post(unit, "CS" if assistant else "CV", "commune_assistant" if assistant else role)


def _centre(code: str) -> Iterator[Post]:
    yield Post(code, "GD-DVSN", "centre_head", (("party", code, "BT-CB"),))
    yield Post(code, "KS", "engineer")
    yield Post(code, "PGD-DVSN", "centre_deputy")
    yield Post(code, "TP-DVSN", "centre_deputy")
    yield Post(code, "KTV", "school_accountant")
    for _ in count():
        yield Post(code, "KS", "engineer")


def school_posts(school: School) -> Iterator[Post]:
    """The posts of a school of its size."""
    head, teacher = school.roles
    code = school.code
    yield Post(code, "HT", head, (("party", code, "BT-CB"),))
    yield Post(code, "PHT", head)
    for place in range(school.staff - 2):
        if place % 14 == 5:
            yield Post(code, "TTCM", teacher)
        elif place == 12:
            yield Post(code, "KTV", "school_accountant")
        elif place % 18 == 15:
            yield Post(code, "TV" if school.level == "preschool" else "NV", "school_staff")
        elif place == 32:
            yield Post(code, "PHT", head, (("party", code, "PBT-CB"),))
        else:
            yield Post(code, "GV", teacher)


#: Every twenty people of a hospital, and every eight of a health station, after its leaders.
_WARD: Final = (
    "doctor nurse nurse doctor nurse technician nurse doctor nurse midwife nurse doctor pharmacist nurse nurse "
    "technician nurse doctor nurse medic"
)
_STATION: Final = "medic nurse midwife medic population_officer nurse doctor midwife"
_HEALTH_TITLES: Final = {
    "doctor": "BS",
    "nurse": "DD",
    "technician": "KTY",
    "midwife": "HS",
    "pharmacist": "DS",
    "medic": "YS",
    "population_officer": "DSV",
}


def hospital_posts(hospital: Hospital) -> Iterator[Post]:
    """The posts of a hospital, health centre or health station of its size."""
    yield from islice(_station(hospital.code) if hospital.is_station else _hospital(hospital.code), hospital.staff)


def _hospital(code: str) -> Iterator[Post]:
    yield Post(code, "GD-DVSN", "health_head", (("party", code, "BT-CB"),))
    yield Post(code, "PGD-DVSN", "health_deputy", (("party", code, "PBT-CB"),))
    yield Post(code, "TP-DVSN", "centre_deputy")
    yield Post(code, "PGD-DVSN", "health_deputy")
    yield Post(code, "KTV", "school_accountant")
    for place in count():
        for number, role in enumerate(_WARD.split()):
            if number == 0 and place % 2 == 0:
                yield Post(code, "TK", "health_ward_head")
            elif number == 9 and place % 2:
                yield Post(code, "DDT", "nurse")
            else:
                yield Post(code, _HEALTH_TITLES[role], role)
        if place % 3 == 2:
            yield Post(code, "NV", "school_staff")


def _station(code: str) -> Iterator[Post]:
    yield Post(code, "TT-TYT", "station_head", (("party", code, "BT-CB"),))
    while True:
        for role in _STATION.split():
            yield Post(code, _HEALTH_TITLES[role], role)
