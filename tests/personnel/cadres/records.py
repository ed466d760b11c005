"""A record in which every part holds something, for the tests of profile and forms."""

from __future__ import annotations

import datetime
from typing import Any

from hrdb.kernel.audit import writing
from personnel.choices import (
    AssetKind,
    AssignmentKind,
    DisciplineRegime,
    LifeHistoryKind,
    PoliticalReviewResult,
    QualificationKind,
    RelativeSide,
)
from personnel.models import (
    Allowance,
    AllowanceKind,
    Asset,
    Assignment,
    Cadre,
    Commendation,
    Decision,
    Discipline,
    DisciplineForm,
    EthnicGroup,
    FamilyBackground,
    HealthCheck,
    LifeHistory,
    PoliticalReview,
    QualificationLevel,
    Rank,
    Relative,
    RelativeKind,
    Religion,
    Schooling,
    Title,
    Unit,
)
from tests.factories.personnel import (
    add_party,
    add_pay_step,
    add_qualification,
    make,
    make_cadre,
    make_code,
    make_title,
    make_unit,
    minority,
)

D = datetime.date
SIGNED = D(2024, 7, 25)


def make_decision(number: str = "1482/QĐ-UBND", signed_on: datetime.date = SIGNED) -> Decision:
    """A signed decision, made once."""
    found = Decision.objects.filter(number=number, signed_on=signed_on).first()
    return found or make(Decision, number=number, signed_on=signed_on, effective_on=signed_on, issuer="UBND tỉnh")


def make_full_cadre(unit: Unit | None = None, *, name: str = "Nông Thị Ái", **values: Any) -> Cadre:
    """A woman of a minority, deputy head, with a row in every part and no required row missing."""
    unit = unit or make_unit("SNV", name="Sở Nội vụ")
    deputy = Title.objects.filter(code="PGD").first() or make_title(
        "PGD", name="Phó Giám đốc", is_leadership=True, managing_level="provincial_standing"
    )
    cadre = make_cadre(
        unit=unit,
        name=name,
        sex="female",
        born=D(1984, 3, 15),
        since=D(2006, 9, 1),
        title=deputy,
        **{
            "ethnicity": minority(),
            "religion": make_code(Religion, "00", name="Không"),
            "birth_place": "Xã Bát Xát, tỉnh Lào Cai",
            "home_town": "Xã Bát Xát, tỉnh Lào Cai",
            "id_issued_on": D(2021, 5, 1),
            "phone": "0912 345 678",
            "social_insurance_number": "0123456789",
            "health_insurance_number": "DN4010123456789",
            "current_residence": "Tổ 12, phường Cam Đường, tỉnh Lào Cai",
            "family_background": make_code(FamilyBackground, "01", name="Nông dân"),
            "former_occupation": "Học sinh",
            "first_recruited_on": D(2006, 9, 1),
            "recruited_by": "Sở Nội vụ",
            "joined_agency_on": D(2006, 9, 1),
            "schooling": make_code(Schooling, "12", name="12/12"),
            "main_work": "Công tác tổ chức, cán bộ",
            "strengths": "Công tác cán bộ",
            "longest_work": "Chuyên viên tổ chức",
            "photo": "photos/khong-co.jpg",
            **values,
        },
    )
    fill_parts(cadre)
    return cadre


def fill_parts(cadre: Cadre) -> None:
    """A row in every part."""
    main = Assignment.objects.get(cadre=cadre)
    main.decision = make_decision()
    main.term_ends_on = D(2029, 7, 31)
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        main.save()
    make(
        Assignment,
        cadre=cadre,
        kind=AssignmentKind.PARTY,
        organisation="Đảng bộ Sở Nội vụ",
        title_text="Phó Bí thư",
        effective_from=D(2025, 1, 1),
    )
    level = make_code(QualificationLevel, "TS", kind=QualificationKind.PROFESSIONAL, name="Thạc sĩ", rank=8)
    add_qualification(cadre, QualificationKind.PROFESSIONAL, level, field="Quản lý công", school="Học viện Hành chính")
    rank = make_code(Rank, "01.002", name="Chuyên viên chính", scale="A2.1")
    add_pay_step(cadre, rank, step=2, coefficient="4.74", rank_appointed_on=D(2018, 1, 1), effective_from=D(2022, 1, 1))
    make(Allowance, cadre=cadre, kind=make_code(AllowanceKind, "08", name="Phụ cấp chức vụ"), coefficient="0.7",
         effective_from=D(2024, 8, 1))  # fmt: skip
    add_party(cadre)
    make(Commendation, cadre=cadre, year=2023, detail="Bằng khen của UBND tỉnh")
    make(
        Discipline,
        cadre=cadre,
        regime=DisciplineRegime.STATE,
        form=make_code(DisciplineForm, "kt", name="Khiển trách", regime=DisciplineRegime.STATE),
        behaviour="Chậm báo cáo công việc được giao",
        effective_from=D(2015, 1, 1),
        effective_until=D(2016, 1, 1),
    )
    make(
        Relative,
        cadre=cadre,
        side=RelativeSide.OWN,
        kind=make_code(RelativeKind, "01", name="Cha"),
        full_name="Nông Văn Bình",
        birth_year=1955,
    )
    make(LifeHistory, cadre=cadre, kind=LifeHistoryKind.FOREIGN_RELATIVE, details="Có chú ruột ở Pháp")
    make(HealthCheck, cadre=cadre, checked_on=D(2026, 1, 10), status="Loại I", height_cm=158)
    make(Asset, cadre=cadre, kind=AssetKind.HOUSE_BOUGHT, description="Nhà riêng ở tổ 12", area_m2="120")
    make(
        PoliticalReview,
        cadre=cadre,
        authority="Ban Tổ chức Tỉnh ủy",
        number="12-KL/BTCTU",
        concluded_on=D(2024, 6, 1),
        result=PoliticalReviewResult.MET,
    )


def kinh() -> EthnicGroup:
    """The majority."""
    return make_code(EthnicGroup, "01", name="Kinh", is_minority=False)
