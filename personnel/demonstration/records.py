"""The records of the demonstration province: plain values under the names of the models' fields.

Units, titles and items of code lists are named by their codes, decisions by their key; a loader turns them into rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class DecisionRecord(NamedTuple):
    """A decision (quyết định); `key` is what other records point to."""

    key: str
    number: str
    signed_on: date
    issuer: str
    signer: str
    kind: str
    effective_on: date
    summary: str


class UnitVersionRecord(NamedTuple):
    """What a unit (đơn vị) was called and where it stood for a period."""

    name: str
    parent: str | None
    kind: str
    bloc: str
    level: str
    effective_from: date
    effective_until: date | None = None
    position: int = 0
    short_name: str = ""
    decision: str | None = None


class UnitRecord(NamedTuple):
    """A unit with its versions, oldest first."""

    code: str
    versions: tuple[UnitVersionRecord, ...]

    @property
    def opened(self) -> date:
        """The first day of the unit."""
        return self.versions[0].effective_from

    @property
    def closed(self) -> date | None:
        """The first day on which the unit no longer exists."""
        return self.versions[-1].effective_until

    @property
    def name(self) -> str:
        """The newest name."""
        return self.versions[-1].name


class SuccessionRecord(NamedTuple):
    """Which unit follows which (kế thừa)."""

    predecessor: str
    successor: str
    kind: str
    day: date
    decision: str | None = None


class EstablishmentRecord(NamedTuple):
    """Biên chế assigned to a unit for a year."""

    unit: str
    year: int
    category: str
    number: int
    decision: str | None = None


class SeatRecord(NamedTuple):
    """Ghế chức danh: how many may hold a leading title in a unit."""

    unit: str
    title: str
    number: int
    effective_from: date


class JobPositionRecord(NamedTuple):
    """Vị trí việc làm of a unit."""

    unit: str
    code: str
    name: str
    group: str
    required_rank: str | None
    number: int
    effective_from: date


class MandateRecord(NamedTuple):
    """Nhiệm kỳ of a committee or council; the key is body and first year."""

    body: str
    name: str
    begins_on: date
    ends_on: date


class CadreRecord(NamedTuple):
    """The single-valued rows of a person's record."""

    full_name: str
    sex: str
    born: date | None
    born_precision: str
    personal_number: str | None
    officer_code: str
    other_name: str = ""
    ethnicity: str | None = None
    religion: str | None = None
    birth_place: str = ""
    birth_commune: str | None = None
    home_town: str = ""
    home_commune: str | None = None
    permanent_residence: str = ""
    current_residence: str = ""
    id_issued_on: date | None = None
    phone: str = ""
    email: str = ""
    social_insurance_number: str = ""
    health_insurance_number: str = ""
    family_background: str | None = None
    former_occupation: str = ""
    first_recruited_on: date | None = None
    recruited_by: str = ""
    joined_agency_on: date | None = None
    organisation_joined_on: date | None = None
    organisation_joined: str = ""
    enlisted_on: date | None = None
    discharged_on: date | None = None
    highest_military_rank: str = ""
    policy_status: str | None = None
    policy_note: str = ""
    schooling: str | None = None
    academic_title: str | None = None
    honour: str | None = None
    main_work: str = ""
    strengths: str = ""
    longest_work: str = ""
    agency_remark: str = ""


class CustodyRecord(NamedTuple):
    """Which unit keeps the record (đơn vị quản lý hồ sơ)."""

    unit: str
    effective_from: date
    effective_until: date | None = None


class EmploymentRecord(NamedTuple):
    """Đối tượng and tình trạng for a period."""

    category: str
    state: str
    effective_from: date
    effective_until: date | None = None
    note: str = ""
    decision: str | None = None


class AssignmentRecord(NamedTuple):
    """A post held for a period, in a unit or elsewhere as text."""

    kind: str
    unit: str | None
    title: str | None
    effective_from: date
    effective_until: date | None = None
    organisation: str = ""
    title_text: str = ""
    job_position: str | None = None
    mandate: tuple[str, int] | None = None
    first_appointed_on: date | None = None
    reappointed_on: date | None = None
    term_ends_on: date | None = None
    start_precision: str = "day"
    decision: str | None = None


class QualificationRecord(NamedTuple):
    """One degree, diploma or certificate; the level is named by kind and code."""

    kind: str
    level: str | None
    effective_from: date
    effective_until: date | None = None
    level_text: str = ""
    language: str | None = None
    field: str = ""
    school: str = ""
    study_form: str | None = None
    studied_from: date | None = None
    studied_until: date | None = None
    certificate: str = ""
    issued_on: date | None = None
    score: str = ""
    start_precision: str = "month"


class PayStepRecord(NamedTuple):
    """Rank, step and coefficient for a period."""

    rank: str
    step: int
    coefficient: Decimal
    effective_from: date
    effective_until: date | None = None
    rank_appointed_on: date | None = None
    percent: Decimal | None = None
    over_frame_percent: Decimal | None = None
    over_frame_from: date | None = None
    decision: str | None = None


class AllowanceRecord(NamedTuple):
    """Phụ cấp for a period."""

    kind: str
    effective_from: date
    effective_until: date | None = None
    percent: Decimal | None = None
    coefficient: Decimal | None = None
    payment_form: str = ""


class PartyMembershipRecord(NamedTuple):
    """Đảng viên."""

    effective_from: date
    official_on: date | None
    effective_until: date | None = None
    card_number: str = ""
    cell: str = ""
    joined_precision: str = "day"
    end_reason: str = ""


class CommendationRecord(NamedTuple):
    """Thi đua, khen thưởng of a year."""

    year: int
    emulation_title: str | None = None
    form: str | None = None
    detail: str = ""


class DisciplineRecord(NamedTuple):
    """Kỷ luật."""

    regime: str
    form: str
    effective_from: date
    effective_until: date | None
    behaviour: str
    authority: str


class RelativeRecord(NamedTuple):
    """A relative (quan hệ gia đình)."""

    side: str
    kind: str
    full_name: str
    birth_year: int | None
    details: str
    is_abroad: bool = False


class LifeHistoryRecord(NamedTuple):
    """Đặc điểm lịch sử bản thân."""

    kind: str
    details: str
    began_on: date | None = None
    ended_on: date | None = None


class HealthCheckRecord(NamedTuple):
    """Sức khỏe."""

    checked_on: date
    status: str
    height_cm: int
    weight_kg: Decimal
    blood_group: str


class AssetRecord(NamedTuple):
    """Thu nhập, nhà, đất."""

    kind: str
    property_kind: str | None = None
    declared_on: date | None = None
    description: str = ""
    area_m2: Decimal | None = None
    certificate: str = ""
    amount: Decimal | None = None


class PoliticalReviewRecord(NamedTuple):
    """Kết luận tiêu chuẩn chính trị."""

    authority: str
    number: str
    concluded_on: date
    valid_until: date
    result: str


@dataclass(slots=True)
class Person:
    """A person with every row of the record."""

    cadre: CadreRecord
    custodies: list[CustodyRecord] = field(default_factory=list)
    employments: list[EmploymentRecord] = field(default_factory=list)
    assignments: list[AssignmentRecord] = field(default_factory=list)
    qualifications: list[QualificationRecord] = field(default_factory=list)
    pay_steps: list[PayStepRecord] = field(default_factory=list)
    allowances: list[AllowanceRecord] = field(default_factory=list)
    party: list[PartyMembershipRecord] = field(default_factory=list)
    commendations: list[CommendationRecord] = field(default_factory=list)
    disciplines: list[DisciplineRecord] = field(default_factory=list)
    relatives: list[RelativeRecord] = field(default_factory=list)
    life_histories: list[LifeHistoryRecord] = field(default_factory=list)
    health_checks: list[HealthCheckRecord] = field(default_factory=list)
    assets: list[AssetRecord] = field(default_factory=list)
    political_reviews: list[PoliticalReviewRecord] = field(default_factory=list)
    decisions: list[DecisionRecord] = field(default_factory=list)


@dataclass(slots=True)
class Structure:
    """The units of the province and what is fixed about them."""

    units: dict[str, UnitRecord] = field(default_factory=dict)
    successions: list[SuccessionRecord] = field(default_factory=list)
    establishments: list[EstablishmentRecord] = field(default_factory=list)
    seats: list[SeatRecord] = field(default_factory=list)
    job_positions: list[JobPositionRecord] = field(default_factory=list)
    mandates: list[MandateRecord] = field(default_factory=list)
    decisions: list[DecisionRecord] = field(default_factory=list)
