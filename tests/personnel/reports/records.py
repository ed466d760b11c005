"""Whole records for tests of paper: one with a value in every row of the forms, one with a name only.

All people, units and numbers are invented.
"""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from hrdb.kernel.audit import writing
from hrdb.kernel.periods import StartPrecision
from personnel.choices import (
    AssetKind,
    AssignmentKind,
    DisciplineRegime,
    LifeHistoryKind,
    PayScheme,
    QualificationKind,
    RelativeSide,
    Sex,
)
from personnel.models import (
    AcademicTitle,
    Allowance,
    AllowanceKind,
    Asset,
    Assignment,
    Cadre,
    Commendation,
    CommendationForm,
    Custody,
    Discipline,
    DisciplineForm,
    Employment,
    EthnicGroup,
    FamilyBackground,
    HealthCheck,
    HonourTitle,
    Language,
    LifeHistory,
    PartyMembership,
    PayStep,
    PolicyStatus,
    PropertyKind,
    Qualification,
    QualificationLevel,
    Rank,
    Relative,
    RelativeKind,
    Religion,
    Schooling,
    StudyForm,
    Unit,
)
from personnel.services.cadres import derive_keys
from tests.factories.personnel import make_code, make_title, make_unit, personal_number

D = datetime.date
DAY = D(2026, 6, 30)


def save(model: type[Any], cadre: Cadre, **values: Any) -> Any:
    """One row of a record."""
    row = model(cadre=cadre, **values)
    row.save()
    return row


def save_photo() -> str:
    """A small invented photograph in the store; answers its path."""
    buffer = io.BytesIO()
    Image.new("RGB", (400, 600), (120, 160, 200)).save(buffer, "JPEG")
    return default_storage.save("photos/thu.jpg", ContentFile(buffer.getvalue()))


def province() -> dict[str, Unit]:
    """A people's committee, a department, a division of it and a school."""
    root = make_unit("TINH", name="Ủy ban nhân dân tỉnh Vĩnh Lộc")
    department = make_unit("SO", parent=root, name="Sở Giáo dục và Đào tạo")
    return {
        "root": root,
        "department": department,
        "division": make_unit("PHONG", parent=department, name="Phòng Tổ chức cán bộ"),
        "school": make_unit("TRUONG", parent=department, name="Trường THPT Nguyễn Hữu Tiến"),
    }


def bare_record(unit: Unit, name: str = "Lò Thị Ỷ", **values: Any) -> Cadre:
    """A person of whom only the name and the keeping unit are known."""
    cadre = Cadre(full_name=name, **values)
    derive_keys(cadre)
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        cadre.save()
        save(Custody, cadre, unit=unit, effective_from=D(2000, 1, 1))
    return cadre


def full_record(units: dict[str, Unit], name: str = "Nguyễn Thị Hồng Nhưỡng", **values: Any) -> Cadre:
    """A person with a value in every row of both forms."""
    cadre = Cadre(**(_identity(name) | values))
    derive_keys(cadre)
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        cadre.save()
        save(Custody, cadre, unit=units["division"], effective_from=D(2015, 1, 1))
        save(Employment, cadre, category="civil_servant", effective_from=D(2005, 9, 1))
        _career(cadre, units)
        _studies(cadre)
        _pay(cadre)
        _merits(cadre)
        _private(cadre)
    return cadre


def _identity(name: str) -> dict[str, Any]:
    born = D(1983, 3, 8)
    return {
        "full_name": name,
        "personal_number": personal_number(sex=Sex.FEMALE, born=born),
        "officer_code": "CBCC-0042",
        "other_name": "Hồng Hạnh",
        "born": born,
        "sex": Sex.FEMALE,
        "ethnicity": make_code(EthnicGroup, "02", name="Tày"),
        "religion": make_code(Religion, "x-khong", name="Không"),
        "birth_place": "Xã Hòa Thuận, huyện Quảng Uyên, tỉnh Cao Bằng",
        "home_town": "Xã Phúc Sen, huyện Quảng Uyên, tỉnh Cao Bằng",
        "permanent_residence": "Số 12, đường Bế Văn Đàn, phường Thục Phán, tỉnh Cao Bằng",
        "current_residence": "Số 45, tổ 7, phường Nùng Trí Cao, tỉnh Cao Bằng",
        "id_issued_on": D(2021, 5, 14),
        "phone": "0912 345 678",
        "social_insurance_number": "0405123456",
        "health_insurance_number": "DN4040405123456",
        "family_background": make_code(FamilyBackground, "x-nong-dan", name="Nông dân"),
        "former_occupation": "Giáo viên hợp đồng",
        "first_recruited_on": D(2005, 9, 1),
        "recruited_by": "Ủy ban nhân dân huyện Quảng Uyên",
        "joined_agency_on": D(2015, 1, 2),
        "organisation_joined_on": D(1998, 3, 26),
        "organisation_joined": "Đoàn TNCS Hồ Chí Minh",
        "enlisted_on": D(2001, 2, 20),
        "discharged_on": D(2003, 2, 21),
        "highest_military_rank": "Thượng sĩ",
        "policy_status": make_code(PolicyStatus, "x-con-thuong-binh", name="Con thương binh"),
        "policy_note": "hạng 3/4",
        "schooling": make_code(Schooling, "x-12-12", name="12/12"),
        "academic_title": make_code(AcademicTitle, "x-pgs", name="Phó giáo sư"),
        "honour": make_code(HonourTitle, "x-nguut", name="Nhà giáo ưu tú"),
        "main_work": "Tham mưu công tác tổ chức, cán bộ của ngành",
        "strengths": "Quản lý giáo dục",
        "longest_work": "Giảng dạy môn Ngữ văn",
        "agency_remark": "Có phẩm chất đạo đức tốt, lối sống lành mạnh.\nHoàn thành xuất sắc nhiệm vụ được giao.",
        "photo": save_photo(),
    }


def _career(cadre: Cadre, units: dict[str, Unit]) -> None:
    head = make_title(name="Trưởng phòng", is_leadership=True, rank=40)
    deputy = make_title(name="Phó Trưởng phòng", is_leadership=True, rank=45)
    secretary = make_title(name="Bí thư Chi bộ", branch="party", rank=60)
    member = make_title(name="Đảng ủy viên", branch="party", rank=50)
    kinds = AssignmentKind
    save(
        Assignment,
        cadre,
        kind=kinds.MAIN,
        organisation="Trường Tiểu học Phúc Sen, huyện Quảng Uyên",
        title_text="Giáo viên",
        effective_from=D(2005, 9, 1),
        effective_until=D(2010, 8, 1),
    )
    save(
        Assignment,
        cadre,
        kind=kinds.MAIN,
        unit=units["school"],
        title_text="Giáo viên, Tổ trưởng chuyên môn",
        effective_from=D(2010, 8, 1),
        effective_until=D(2015, 1, 2),
        start_precision=StartPrecision.YEAR,
    )
    save(
        Assignment,
        cadre,
        kind=kinds.MAIN,
        unit=units["division"],
        title=deputy,
        effective_from=D(2015, 1, 2),
        effective_until=D(2020, 7, 1),
        first_appointed_on=D(2015, 1, 2),
    )
    save(
        Assignment,
        cadre,
        kind=kinds.MAIN,
        unit=units["division"],
        title=head,
        effective_from=D(2020, 7, 1),
        first_appointed_on=D(2020, 7, 1),
        reappointed_on=D(2025, 7, 4),
    )
    save(
        Assignment,
        cadre,
        kind=kinds.CONCURRENT,
        unit=units["department"],
        title_text="Ủy viên Hội đồng thi đua",
        effective_from=D(2021, 3, 1),
    )
    save(Assignment, cadre, kind=kinds.PARTY, unit=units["department"], title=secretary, effective_from=D(2020, 6, 5))
    save(Assignment, cadre, kind=kinds.PARTY, unit=units["department"], title=member, effective_from=D(2020, 6, 5))


def level(kind: QualificationKind, name: str, rank: int) -> QualificationLevel:
    """A level of a kind."""
    return make_code(QualificationLevel, f"x-{kind}-{rank}", kind=kind, name=name, rank=rank)


def _studies(cadre: Cadre) -> None:
    kinds, full_time = QualificationKind, make_code(StudyForm, "x-cq", name="Chính quy")
    part_time = make_code(StudyForm, "x-vlvh", name="Vừa làm vừa học")
    save(
        Qualification,
        cadre,
        kind=kinds.PROFESSIONAL,
        level=level(kinds.PROFESSIONAL, "Đại học", 6),
        field="Sư phạm Ngữ văn",
        school="Trường Đại học Sư phạm Thái Nguyên",
        study_form=full_time,
        studied_from=D(2001, 9, 1),
        studied_until=D(2005, 6, 30),
        certificate="Bằng cử nhân",
        effective_from=D(2005, 6, 30),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.PROFESSIONAL,
        level=level(kinds.PROFESSIONAL, "Thạc sĩ", 4),
        field="Quản lý giáo dục",
        school="Học viện Quản lý giáo dục",
        study_form=part_time,
        studied_from=D(2011, 10, 1),
        studied_until=D(2013, 10, 31),
        certificate="Bằng Thạc sĩ",
        effective_from=D(2013, 10, 31),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.POLITICAL_THEORY,
        level=level(kinds.POLITICAL_THEORY, "Cao cấp", 2),
        school="Học viện Chính trị khu vực I",
        study_form=part_time,
        studied_from=D(2017, 9, 1),
        studied_until=D(2019, 6, 30),
        certificate="Bằng tốt nghiệp Cao cấp lý luận chính trị",
        effective_from=D(2019, 6, 30),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.STATE_MANAGEMENT,
        level=level(kinds.STATE_MANAGEMENT, "Chuyên viên chính", 2),
        school="Học viện Hành chính Quốc gia",
        certificate="Chứng chỉ bồi dưỡng ngạch chuyên viên chính",
        issued_on=D(2018, 11, 20),
        effective_from=D(2018, 11, 20),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.DEFENCE,
        level_text="Đối tượng 3",
        school="Trường Quân sự tỉnh Cao Bằng",
        certificate="Giấy chứng nhận bồi dưỡng kiến thức quốc phòng và an ninh",
        effective_from=D(2016, 4, 28),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.INFORMATICS,
        level=level(kinds.INFORMATICS, "Ứng dụng công nghệ thông tin cơ bản", 5),
        school="Trung tâm Tin học tỉnh Cao Bằng",
        effective_from=D(2016, 8, 15),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.FOREIGN_LANGUAGE,
        level=level(kinds.FOREIGN_LANGUAGE, "Bậc 3 (B1)", 4),
        language=make_code(Language, "x-anh", name="Tiếng Anh"),
        school="Trường Đại học Ngoại ngữ Hà Nội",
        score="6,5",
        effective_from=D(2012, 12, 20),
    )
    save(
        Qualification,
        cadre,
        kind=kinds.ETHNIC_LANGUAGE,
        level_text="Giao tiếp",
        language=make_code(Language, "x-tay", name="Tiếng Tày", is_foreign=False),
        school="Trung tâm Giáo dục thường xuyên",
        effective_from=D(2014, 5, 10),
        start_precision=StartPrecision.MONTH,
    )


def _pay(cadre: Cadre) -> None:
    specialist = make_code(Rank, "01.003", name="Chuyên viên")
    principal = make_code(Rank, "01.002", name="Chuyên viên chính")
    steps = [
        (specialist, 4, "3.33", D(2015, 1, 2), D(2018, 1, 1)),
        (specialist, 5, "3.66", D(2018, 1, 1), D(2021, 1, 1)),
        (principal, 1, "4.40", D(2021, 1, 1), D(2024, 1, 1)),
    ]
    for rank, step, coefficient, start, end in steps:
        save(
            PayStep,
            cadre,
            rank=rank,
            step=step,
            coefficient=Decimal(coefficient),
            effective_from=start,
            effective_until=end,
        )
    save(
        PayStep,
        cadre,
        rank=principal,
        step=8,
        coefficient=Decimal("6.78"),
        rank_appointed_on=D(2020, 12, 15),
        percent=Decimal(100),
        over_frame_percent=Decimal(5),
        over_frame_from=D(2025, 2, 1),
        effective_from=D(2024, 1, 1),
    )
    save(
        PayStep,
        cadre,
        scheme=PayScheme.POSITION,
        position_name="Trưởng phòng thuộc sở",
        position_code="VTVL-LD-07",
        step=2,
        amount=Decimal(24_570_000),
        percent=Decimal(85),
        over_frame_percent=Decimal(6),
        over_frame_from=D(2026, 3, 1),
        effective_from=D(2026, 2, 1),
    )
    for code, name, values in (
        ("08", "Phụ cấp chức vụ lãnh đạo", {"coefficient": Decimal("0.50")}),
        ("03", "Phụ cấp kiêm nhiệm", {"coefficient": Decimal("0.30")}),
        ("06", "Phụ cấp khu vực", {"coefficient": Decimal("0.70"), "payment_form": "Theo lương cơ sở"}),
        ("01", "Phụ cấp công vụ", {"percent": Decimal(25), "amount": Decimal(3_150_000)}),
    ):
        save(Allowance, cadre, kind=make_code(AllowanceKind, code, name=name), effective_from=D(2020, 7, 1), **values)


def _merits(cadre: Cadre) -> None:
    save(PartyMembership, cadre, effective_from=D(2009, 5, 19), official_on=D(2010, 5, 19))
    save(
        Commendation,
        cadre,
        year=2019,
        professional_rating="Hoàn thành xuất sắc nhiệm vụ",
        emulation_title=make_code(HonourTitle, "x-cstd", name="Chiến sĩ thi đua cơ sở"),
        form=make_code(CommendationForm, "05", name="Bằng khen", position=60),
        detail="Chủ tịch UBND tỉnh tặng",
    )
    save(
        Discipline,
        cadre,
        regime=DisciplineRegime.STATE,
        form=make_code(DisciplineForm, "01", name="Khiển trách", regime=DisciplineRegime.STATE, severity=1),
        behaviour="Chậm báo cáo kết quả rà soát định mức giáo viên",
        authority="Giám đốc Sở Giáo dục và Đào tạo",
        effective_from=D(2012, 10, 5),
        effective_until=D(2013, 10, 5),
    )


def _private(cadre: Cadre) -> None:
    save(
        HealthCheck,
        cadre,
        checked_on=D(2026, 3, 10),
        status="Loại II, đủ sức khỏe công tác",
        height_cm=158,
        weight_kg=Decimal("51.5"),
        blood_group="AB",
    )
    kinds = LifeHistoryKind
    save(LifeHistory, cadre, kind=kinds.ARREST, details="Không bị bắt, bị tù")
    save(
        LifeHistory,
        cadre,
        kind=kinds.OLD_REGIME,
        began_on=D(1974, 1, 1),
        ended_on=D(1974, 12, 31),
        details="Không làm việc cho chế độ cũ",
    )
    save(
        LifeHistory,
        cadre,
        kind=kinds.FOREIGN_ORGANISATION,
        began_on=D(2014, 6, 1),
        details="Cộng tác viên dự án giáo dục của tổ chức Ánh Dương, trụ sở tại Viêng Chăn",
    )
    save(LifeHistory, cadre, kind=kinds.FOREIGN_RELATIVE, details="Em ruột học tập tại Nhật Bản")
    for side, kind, name, year, details in (
        (RelativeSide.OWN, "Bố đẻ", "Nguyễn Văn Thưởng", 1955, "Quê Phúc Sen; thương binh hạng 3/4, đã nghỉ hưu"),
        (RelativeSide.OWN, "Chồng", "Hoàng Ứng Đỉnh", 1981, "Quê Hòa An; bác sĩ Bệnh viện Đa khoa tỉnh"),
        (RelativeSide.SPOUSE, "Mẹ vợ hoặc mẹ chồng", "Đàm Thị Ngưu", 1958, "Quê Hòa An; làm ruộng"),
    ):
        relation = make_code(RelativeKind, f"x-{kind}"[:40], name=kind)
        save(Relative, cadre, side=side, kind=relation, full_name=name, birth_year=year, details=details)
    house = make_code(PropertyKind, "x-nha-cap-3", name="Nhà cấp III")
    land = make_code(PropertyKind, "x-dat-o", name="Đất ở đô thị")
    kinds_of_asset = AssetKind
    save(Asset, cadre, kind=kinds_of_asset.INCOME_SALARY, amount=Decimal(312_000_000))
    save(Asset, cadre, kind=kinds_of_asset.INCOME_OTHER, amount=Decimal(48_500_000), description="cho thuê nhà")
    for kind, what, area, certificate in (
        (kinds_of_asset.HOUSE_GRANTED, house, "62.5", "Hợp đồng thuê nhà công vụ 17/HĐ"),
        (kinds_of_asset.HOUSE_BOUGHT, house, "118", "CH 00451"),
        (kinds_of_asset.LAND_GRANTED, land, "90", "CĐ 77812"),
        (kinds_of_asset.LAND_BOUGHT, land, "125", "CM 30954"),
        (kinds_of_asset.LAND_BUSINESS, land, "640", "CS 11290"),
    ):
        save(Asset, cadre, kind=kind, property_kind=what, area_m2=Decimal(area), certificate=certificate)
