"""The units of the demonstration province (bộ máy): government, Party, council, front, communes, former districts."""

from __future__ import annotations

from datetime import date
from typing import Final

from personnel.demonstration.places import DISTRICTS, Commune, communes, communes_of
from personnel.demonstration.records import (
    DecisionRecord,
    MandateRecord,
    Structure,
    SuccessionRecord,
    UnitRecord,
    UnitVersionRecord,
)

#: The day of the two-tier reform, and older beginnings.
REFORM: Final = date(2025, 7, 1)
ROOT_FROM: Final = date(1945, 9, 2)
PROVINCE_FROM: Final = date(1991, 10, 1)
DISTRICT_FROM: Final = date(1992, 1, 1)
SCHOOL_FROM: Final = date(1990, 9, 1)
HOSPITAL_FROM: Final = date(1995, 1, 1)

COMMITTEE, OFFICE, DEPARTMENT, DIVISION = "x-uy-ban-nhan-dan", "x-van-phong", "x-so-ban-nganh", "x-phong"
SERVICE, PARTY, ELECTED, FRONT = "x-don-vi-su-nghiep", "x-co-quan-dang", "x-co-quan-dan-cu", "x-mat-tran-doan-the"

DEPARTMENTS: Final = (
    "Văn phòng UBND tỉnh",
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Y tế",
    "Sở Giáo dục và Đào tạo",
    "Sở Xây dựng",
    "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ",
    "Sở Tư pháp",
    "Sở Công Thương",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Dân tộc và Tôn giáo",
    "Thanh tra tỉnh",
)
DIVISIONS: Final = ("Văn phòng", "Phòng Tổ chức - Cán bộ", "Phòng Kế hoạch - Tài chính", "Phòng Nghiệp vụ")
COMMUNE_DIVISIONS: Final = (
    "Văn phòng HĐND và UBND",
    "Phòng Kinh tế",
    "Phòng Văn hóa - Xã hội",
    "Trung tâm Phục vụ hành chính công",
)
WARD_ECONOMY: Final = "Phòng Kinh tế, Hạ tầng và Đô thị"
DISTRICT_DIVISIONS: Final = (
    "Văn phòng HĐND và UBND",
    "Phòng Nội vụ",
    "Phòng Tài chính - Kế hoạch",
    "Phòng Giáo dục và Đào tạo",
)
PARTY_BODIES: Final = (
    ("TU.VP", "Văn phòng Tỉnh ủy", DISTRICT_FROM),
    ("TU.TC", "Ban Tổ chức Tỉnh ủy", DISTRICT_FROM),
    ("TU.KT", "Ủy ban Kiểm tra Tỉnh ủy", DISTRICT_FROM),
    ("TU.TG", "Ban Tuyên giáo và Dân vận Tỉnh ủy", date(2025, 2, 1)),
    ("TU.NC", "Ban Nội chính Tỉnh ủy", date(2013, 6, 1)),
    ("TU.DD", "Đảng ủy các cơ quan Đảng tỉnh", date(2025, 2, 1)),
    ("TU.DU", "Đảng ủy Ủy ban nhân dân tỉnh", date(2025, 2, 1)),
)
FRONT_BODIES: Final = (
    ("MTTQ.DT", "Tỉnh đoàn"),
    ("MTTQ.PN", "Hội Liên hiệp Phụ nữ tỉnh"),
    ("MTTQ.ND", "Hội Nông dân tỉnh"),
    ("MTTQ.CCB", "Hội Cựu chiến binh tỉnh"),
    ("MTTQ.LD", "Liên đoàn Lao động tỉnh"),
)
CENTRES: Final = (
    ("TT.01", "Trung tâm Chuyển đổi số", "UBND.08", SERVICE),
    ("TT.02", "Trung tâm Khuyến nông và Dịch vụ nông nghiệp", "UBND.07", SERVICE),
    ("TT.03", "Trung tâm Văn hóa - Điện ảnh", "UBND.11", SERVICE),
    ("TT.04", "Trung tâm Trợ giúp pháp lý nhà nước", "UBND.09", SERVICE),
    ("TT.05", "Trung tâm Dịch vụ việc làm", "UBND.02", SERVICE),
    ("TT.06", "Thư viện tỉnh", "UBND.11", SERVICE),
)
#: The two provinces of before, whose departments the new ones follow.
FORMER_PROVINCES: Final = (("LC", "Lào Cai"), ("YB", "Yên Bái"))

REFORM_DECISION: Final = "sap-xep-2025"


def build_province() -> Structure:
    """Every unit that exists at any size: agencies, communes and what they followed."""
    structure = Structure()
    structure.decisions.append(
        DecisionRecord(
            key=REFORM_DECISION,
            number="01/QĐ-UBND",
            signed_on=date(2025, 6, 30),
            issuer="Ủy ban nhân dân tỉnh",
            signer="",
            kind="x-thanh-lap-to-chuc-lai-giai-the-don-vi",
            effective_on=REFORM,
            summary="Tổ chức lại các cơ quan, đơn vị theo mô hình chính quyền địa phương hai cấp (dữ liệu trình diễn)",
        )
    )
    _government(structure)
    _party(structure)
    _council_and_front(structure)
    _districts(structure)
    _former_provinces(structure)
    for place, commune in enumerate(communes()):
        _commune(structure, commune, place)
    return structure


def add_unit(structure: Structure, code: str, *versions: UnitVersionRecord) -> None:
    """Add a unit with its versions, oldest first."""
    structure.units[code] = UnitRecord(code, versions)


def _government(structure: Structure) -> None:
    add_unit(
        structure,
        "UBND",
        UnitVersionRecord("Ủy ban nhân dân tỉnh", None, COMMITTEE, "government", "province", ROOT_FROM),
    )
    for number, name in enumerate(DEPARTMENTS, 1):
        code = f"UBND.{number:02d}"
        kind = OFFICE if number == 1 else DEPARTMENT
        _simple(structure, code, name, "UBND", kind, REFORM, position=number, decision=REFORM_DECISION)
        for place, division in enumerate(DIVISIONS, 1):
            _simple(structure, f"{code}.{place:02d}", division, code, DIVISION, REFORM, position=place)
    for place, (code, name, parent, kind) in enumerate(CENTRES, 20):
        _simple(structure, code, name, parent, kind, HOSPITAL_FROM, position=place, moved_from="UBND")


def _party(structure: Structure) -> None:
    _simple(structure, "TU", "Tỉnh ủy", None, PARTY, DISTRICT_FROM, bloc="party")
    for place, (code, name, opened) in enumerate(PARTY_BODIES, 1):
        _simple(structure, code, name, "TU", PARTY, opened, bloc="party", position=place)
    structure.mandates.extend(
        (
            MandateRecord("TU", "Nhiệm kỳ 2020-2025", date(2020, 10, 15), date(2025, 9, 30)),
            MandateRecord("TU", "Nhiệm kỳ 2025-2030", date(2025, 9, 30), date(2030, 9, 30)),
        )
    )


def _council_and_front(structure: Structure) -> None:
    _simple(structure, "HDND", "Hội đồng nhân dân tỉnh", None, ELECTED, REFORM, bloc="council")
    office = "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh"
    _simple(structure, "HDND.VP", office, "HDND", ELECTED, REFORM, bloc="council", position=1)
    structure.mandates.extend(_council_mandates("HDND"))
    front = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
    _simple(structure, "MTTQ", front, None, FRONT, REFORM, bloc="front")
    for place, (code, name) in enumerate(FRONT_BODIES, 1):
        _simple(structure, code, name, "MTTQ", FRONT, REFORM, bloc="front", position=place)


def _council_mandates(body: str) -> tuple[MandateRecord, ...]:
    return (
        MandateRecord(body, "Nhiệm kỳ 2021-2026", REFORM, date(2026, 4, 1)),
        MandateRecord(body, "Nhiệm kỳ 2026-2031", date(2026, 4, 1), date(2031, 4, 1)),
    )


def _districts(structure: Structure) -> None:
    """The districts of before 01/07/2025 with their divisions and Party committees, followed by their communes."""
    for district in DISTRICTS:
        name = f"Ủy ban nhân dân {district.full_name}"
        _simple(structure, district.code, name, "UBND", COMMITTEE, DISTRICT_FROM, level="district", until=REFORM)
        for place, division in enumerate(DISTRICT_DIVISIONS, 1):
            _simple(
                structure,
                f"{district.code}.{place:02d}",
                f"{division} {district.full_name}",
                district.code,
                DIVISION,
                DISTRICT_FROM,
                level="district",
                until=REFORM,
                position=place,
            )
        committee = {"huyện": "Huyện ủy", "thị xã": "Thị ủy", "thành phố": "Thành ủy"}[district.kind]
        _simple(
            structure,
            party_of(district.code),
            f"{committee} {district.name}",
            "TU",
            PARTY,
            DISTRICT_FROM,
            bloc="party",
            level="district",
            until=REFORM,
        )
        for commune in communes_of(district.code):
            for before, after in (
                (district.code, people_of(commune.code)),
                (party_of(district.code), f"DU.{commune.code}"),
            ):
                structure.successions.append(SuccessionRecord(before, after, "split", REFORM, REFORM_DECISION))


def _former_provinces(structure: Structure) -> None:
    """Departments, council and front of the two provinces of before, merged into those of today."""
    for prefix, province in FORMER_PROVINCES:
        for number, name in enumerate(DEPARTMENTS, 1):
            old = name.removesuffix(" tỉnh")
            code = f"{prefix}.{number:02d}"
            kind = OFFICE if number == 1 else DEPARTMENT
            _simple(structure, code, f"{old} tỉnh {province} (cũ)", "UBND", kind, PROVINCE_FROM, until=REFORM)
            structure.successions.append(SuccessionRecord(code, f"UBND.{number:02d}", "merge", REFORM, REFORM_DECISION))
        for code, today, name, kind, bloc in (
            (f"{prefix}.HDND", "HDND", "Hội đồng nhân dân", ELECTED, "council"),
            (f"{prefix}.MTTQ", "MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam", FRONT, "front"),
        ):
            _simple(structure, code, f"{name} tỉnh {province} (cũ)", None, kind, PROVINCE_FROM, bloc=bloc, until=REFORM)
            structure.successions.append(SuccessionRecord(code, today, "merge", REFORM, REFORM_DECISION))


def _commune(structure: Structure, commune: Commune, place: int) -> None:
    """A commune or ward: People's Committee with divisions, Party committee, council, front."""
    people = people_of(commune.code)
    parts = (
        (people, "Ủy ban nhân dân", "UBND", COMMITTEE, "government"),
        (f"DU.{commune.code}", "Đảng ủy", "TU", PARTY, "party"),
        (f"HD.{commune.code}", "Hội đồng nhân dân", "HDND", ELECTED, "council"),
        (f"MT.{commune.code}", "Ủy ban Mặt trận Tổ quốc Việt Nam", "MTTQ", FRONT, "front"),
    )
    for code, name, parent, kind, bloc in parts:
        _simple(
            structure,
            code,
            f"{name} {commune.full_name}",
            parent,
            kind,
            REFORM,
            bloc=bloc,
            level="commune",
            position=100 + place,
            decision=REFORM_DECISION,
        )
    for number, division in enumerate(COMMUNE_DIVISIONS, 1):
        name = WARD_ECONOMY if number == 2 and commune.kind == "phường" else division
        _simple(structure, f"{people}.{number:02d}", name, people, DIVISION, REFORM, level="commune", position=number)
    structure.mandates.append(MandateRecord(f"DU.{commune.code}", "Nhiệm kỳ 2025-2030", REFORM, date(2030, 7, 31)))
    structure.mandates.extend(_council_mandates(f"HD.{commune.code}"))


def _simple(
    structure: Structure,
    code: str,
    name: str,
    parent: str | None,
    kind: str,
    opened: date,
    *,
    bloc: str = "government",
    level: str = "province",
    until: date | None = None,
    position: int = 0,
    decision: str | None = None,
    moved_from: str | None = None,
) -> None:
    """A unit of one version, or of two when the reform moved it from another parent."""
    current = UnitVersionRecord(name, parent, kind, bloc, level, opened, until, position, "", decision)
    if moved_from is None:
        add_unit(structure, code, current)
        return
    before = current._replace(parent=moved_from, effective_until=REFORM, decision=None)
    add_unit(structure, code, before, current._replace(effective_from=REFORM))


def people_of(commune: str) -> str:
    """The code of a commune's People's Committee."""
    return f"XP.{commune}"


def party_of(district: str) -> str:
    """The code of a former district's Party committee."""
    return district.replace("H.", "HU.")
