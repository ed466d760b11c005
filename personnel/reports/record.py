"""A record as it stood on one day (hồ sơ tại một ngày), frozen: everything that forms show, and nothing else.

Plain values only: snapshots travel between processes, and a form that is laid out from one asks no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hrdb.kernel.periods import StartPrecision
from personnel.choices import (
    STUB_CLASSIFICATIONS,
    AssetKind,
    AssignmentKind,
    LifeHistoryKind,
    PayScheme,
    QualificationKind,
    RelativeSide,
)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when something held, as known on the day; `last_day` is None while it held on."""

    first_day: date | None
    last_day: date | None
    precision: str = StartPrecision.DAY

    @property
    def holds(self) -> bool:
        """Whether it still held on the day of the snapshot."""
        return self.last_day is None


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the career (quá trình công tác)."""

    kind: str
    place: str
    title: str
    period: Period
    appointed_on: date | None
    reappointed_on: date | None
    title_rank: int | None


@dataclass(frozen=True, slots=True)
class Study:
    """A degree, diploma or certificate (đào tạo, bồi dưỡng)."""

    kind: str
    level: str
    level_short: str
    level_rank: int | None
    language: str
    field: str
    school: str
    study_form: str
    period: Period
    certificate: str
    score: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """A pay step (diễn biến lương)."""

    scheme: str
    name: str
    code: str
    appointed_on: date | None
    step: int | None
    coefficient: Decimal | None
    amount: Decimal | None
    percent: Decimal | None
    over_frame_percent: Decimal | None
    over_frame_from: date | None
    period: Period


@dataclass(frozen=True, slots=True)
class AllowanceHeld:
    """An allowance (phụ cấp)."""

    code: str
    name: str
    percent: Decimal | None
    coefficient: Decimal | None
    amount: Decimal | None
    payment_form: str
    period: Period


@dataclass(frozen=True, slots=True)
class Membership:
    """Party membership (đảng viên)."""

    joined_on: date
    joined_precision: str
    official_on: date | None


@dataclass(frozen=True, slots=True)
class Praise:
    """A commendation or emulation title (thi đua, khen thưởng)."""

    year: int
    professional_rating: str
    emulation_title: str
    form: str
    form_position: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """A disciplinary measure (kỷ luật)."""

    form: str
    severity: int
    behaviour: str
    authority: str
    period: Period


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative (quan hệ gia đình)."""

    side: str
    kind: str
    full_name: str
    birth_year: int | None
    details: str
    is_abroad: bool


@dataclass(frozen=True, slots=True)
class LifeNote:
    """A declaration of life history (lịch sử bản thân)."""

    kind: str
    period: Period
    details: str


@dataclass(frozen=True, slots=True)
class Health:
    """The newest health check (sức khỏe)."""

    status: str
    height_cm: int | None
    weight_kg: Decimal | None
    blood_group: str


@dataclass(frozen=True, slots=True)
class Property:
    """An income, a house or land (thu nhập, nhà, đất)."""

    kind: str
    property_kind: str
    description: str
    area_m2: Decimal | None
    certificate: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the person is: the single-valued rows of the forms; dates after the day are left out."""

    officer_code: str = ""
    personal_number: str = ""
    photo: bytes | None = None
    full_name: str = ""
    other_name: str = ""
    born: date | None = None
    born_precision: str = "day"
    sex: str = ""
    birth_place: str = ""
    home_town: str = ""
    ethnicity: str = ""
    religion: str = ""
    id_issued_on: date | None = None
    phone: str = ""
    social_insurance_number: str = ""
    health_insurance_number: str = ""
    permanent_residence: str = ""
    current_residence: str = ""
    family_background: str = ""
    former_occupation: str = ""
    first_recruited_on: date | None = None
    first_recruited_precision: str = "day"
    recruited_by: str = ""
    joined_agency_on: date | None = None
    organisation_joined_on: date | None = None
    organisation_joined: str = ""
    enlisted_on: date | None = None
    discharged_on: date | None = None
    highest_military_rank: str = ""
    policy_status_code: str = ""
    policy_status: str = ""
    policy_note: str = ""
    schooling: str = ""
    academic_title: str = ""
    honour: str = ""
    main_work: str = ""
    strengths: str = ""
    longest_work: str = ""
    agency_remark: str = ""


@dataclass(frozen=True, slots=True)
class RecordSnapshot:
    """A record on one day as one reader may see it.

    `is_tier_1_open` and `is_sensitive_open` say what the reader may see; what is closed was never read. A stub holds
    the name, the keeping unit and the pointer to the paper.
    """

    cadre_id: int
    day: date
    classification: str
    paper_pointer: str
    managing_agency: str
    employing_unit: str
    is_tier_1_open: bool
    is_sensitive_open: bool
    identity: Identity
    posts: tuple[Post, ...] = ()
    studies: tuple[Study, ...] = ()
    pays: tuple[Pay, ...] = ()
    allowances: tuple[AllowanceHeld, ...] = ()
    party: Membership | None = None
    praises: tuple[Praise, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    kin: tuple[Kin, ...] = ()
    life: tuple[LifeNote, ...] = ()
    health: Health | None = None
    properties: tuple[Property, ...] = ()
    planned_titles: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The person's name."""
        return self.identity.full_name

    @property
    def is_stub(self) -> bool:
        """Whether only a stub may be kept and printed (from «tối mật»)."""
        return self.classification in STUB_CLASSIFICATIONS

    def held_posts(self, *kinds: AssignmentKind) -> list[Post]:
        """Posts held on the day, the highest title first."""
        held = [post for post in self.posts if post.kind in kinds and post.period.holds]
        return sorted(held, key=lambda post: (post.title_rank is None, post.title_rank or 0))

    def pay(self, scheme: PayScheme) -> Pay | None:
        """The pay step of a scheme that held on the day."""
        return next((pay for pay in self.pays if pay.scheme == scheme and pay.period.holds), None)

    def studies_of(self, *kinds: QualificationKind) -> list[Study]:
        """Degrees and certificates of some kinds in order of time."""
        return [study for study in self.studies if study.kind in kinds]

    def highest_study(self, kind: QualificationKind) -> Study | None:
        """The highest valid qualification of a kind; the newest where levels are equal or unknown."""
        valid = [study for study in self.studies_of(kind) if study.is_valid]
        newest_first = list(reversed(valid))
        return min(newest_first, key=lambda s: (s.level_rank is None, s.level_rank or 0), default=None)

    def kin_of(self, side: RelativeSide) -> list[Kin]:
        """Relatives of one side."""
        return [person for person in self.kin if person.side == side]

    def life_notes(self, *kinds: LifeHistoryKind) -> list[LifeNote]:
        """Declarations of life history of some kinds."""
        return [note for note in self.life if note.kind in kinds]

    def properties_of(self, kind: AssetKind) -> list[Property]:
        """Incomes, houses or land of one kind."""
        return [item for item in self.properties if item.kind == kind]
