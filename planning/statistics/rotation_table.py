"""Rotation by direction (biểu 11-BTCTW): who was rotated which way in a year, by sex, origin, age and learning.

    rotation_table(user, year, basis, day) -> RotationTable
        one grouped query of what the reader sees; page, workbook and paper draw it
    people_of(items, group, direction, ...) -> QuerySet
        the rotations behind one number: the same conditions

The rows and columns are those of the form as a public program prints it; the district level is gone since 01/07/2025,
and the central level enters as the planner says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from hrdb.kernel.dates import latest_birth
from personnel.choices import QualificationKind, Sex
from personnel.models import Cadre, Qualification
from personnel.models.scope import scope_of_roles
from personnel.policies import TIER_1_ROLES
from planning.choices import CARRIED_OUT, RotationDirection, RotationState
from planning.models import RotationItem

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What is counted: rotations whose decision took effect in the year, or those that the plans of the year approved.
DONE, PLANNED = "done", "planned"
BASES: Final = {DONE: "Đã thực hiện (quyết định có hiệu lực trong năm)", PLANNED: "Theo kế hoạch đã phê duyệt"}

#: Codes of the list of religions that name none.
NO_RELIGION: Final = ("00", "99")
#: The ages that part the rows of age: up to 40, over 40 to 50, over 50.
AGES: Final = (40, 50)
#: Rows with their words, the section they stand in, and whether their people are tier 1 data.
ROWS: Final[tuple[tuple[str, str, str, bool], ...]] = (
    ("total", "Tổng số", "", False),
    ("female", "Nữ", "", False),
    ("minority", "Dân tộc thiểu số", "", True),
    ("religion", "Tôn giáo", "", True),
    ("extra", "Bố trí tăng thêm chức danh", "", False),
    ("age_low", "Từ 40 tuổi trở xuống", "Độ tuổi", False),
    ("age_middle", "Trên 40 đến 50 tuổi", "Độ tuổi", False),
    ("age_high", "Trên 50 tuổi", "Độ tuổi", False),
    ("doctor", "Tiến sĩ", "Trình độ chuyên môn", False),
    ("master", "Thạc sĩ", "Trình độ chuyên môn", False),
    ("university", "Đại học", "Trình độ chuyên môn", False),
    ("below", "Khác, chưa rõ", "Trình độ chuyên môn", False),
    ("theory_bachelor", "Cử nhân", "Lý luận chính trị", False),
    ("theory_senior", "Cao cấp", "Lý luận chính trị", False),
    ("theory_intermediate", "Trung cấp", "Lý luận chính trị", False),
    ("theory_below", "Khác, chưa rõ", "Lý luận chính trị", False),
)
ROW_LABELS: Final = {key: f"{section}: {label.lower()}" if section else label for key, label, section, _ in ROWS}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its counts in the order of the directions, and over all."""

    key: str
    label: str
    section: str
    counts: tuple[int, ...]
    total: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class RotationTable:
    """The table that page, workbook and paper draw."""

    year: int
    basis: str
    day: date
    columns: tuple[tuple[str, str], ...]
    rows: tuple[TableRow, ...]

    @property
    def total(self) -> int:
        """How many rotations there are."""
        return self.rows[0].total

    @property
    def title(self) -> str:
        """What it tells, of which year."""
        return f"Kết quả luân chuyển cán bộ năm {self.year}"


def rotation_table(user: User | None, *, year: int, basis: str, day: date) -> RotationTable:
    """Count what the reader sees: one grouped query."""
    at = counted_on(year, day)
    items = _with_levels(counted(RotationItem.objects.all().visible_to(user), year, basis), at)
    counts = {key: Count("pk", filter=condition) for key, condition in _conditions(at).items()}
    found = {row.pop("direction"): row for row in items.order_by().values("direction").annotate(**counts)}
    columns = tuple((value, str(label)) for value, label in RotationDirection.choices)
    sees_tier_1 = not scope_of_roles(user, TIER_1_ROLES).is_empty
    rows = []
    for key, label, section, is_tier_1 in ROWS:
        told = tuple(found.get(value, {}).get(key, 0) for value, _ in columns)
        rows.append(TableRow(key, label, section, told, sum(told), sees_tier_1 or not is_tier_1))
    return RotationTable(year, basis, at, columns, tuple(rows))


def counted(items: QuerySet[Any], year: int, basis: str) -> QuerySet[Any]:
    """The rotations of a year that are counted."""
    if basis == PLANNED:
        approved = (RotationState.APPROVED, *CARRIED_OUT)
        return items.filter(plan__year=year, plan__is_approved=True, state__in=approved)
    return items.filter(state__in=CARRIED_OUT, decision__effective_on__year=year)


def people_of(items: QuerySet[Any], *, group: str, year: int, day: date, user: User | None) -> QuerySet[Any]:
    """Of some rotations those of one row; of tier 1 only where the reader sees it."""
    at = counted_on(year, day)
    if next((is_tier_1 for key, _, _, is_tier_1 in ROWS if key == group), False):
        people = Cadre.objects.with_tier_1(user).filter(is_tier_1_open=True)  # type: ignore[misc]
        items = items.filter(cadre__in=people.order_by().values("pk"))
    return _with_levels(items, at).filter(_conditions(at)[group])


def counted_on(year: int, day: date) -> date:
    """The day on which ages and learning are counted: the year's last, or the asked day within it."""
    return min(date(year, 12, 31), day) if year <= day.year else date(year, 12, 31)


def _conditions(at: date) -> dict[str, Q]:
    low, high = (latest_birth(age + 1, at) for age in AGES)
    degrees: Sequence[str] = ("doctor", "master", "university")
    theory: Sequence[str] = ("bachelor", "senior", "intermediate")
    return {
        "total": Q(),
        "female": Q(cadre__sex=Sex.FEMALE),
        "minority": Q(cadre__ethnicity__is_minority=True),
        "religion": Q(cadre__religion__isnull=False) & ~Q(cadre__religion__code__in=NO_RELIGION),
        "extra": Q(is_extra=True),
        "age_low": Q(cadre__born__gt=low),
        "age_middle": Q(cadre__born__lte=low, cadre__born__gt=high),
        "age_high": Q(cadre__born__lte=high),
        **{key: Q(degree=key) for key in degrees},
        "below": Q(degree__isnull=True) | ~Q(degree__in=degrees),
        **{f"theory_{key}": Q(theory=key) for key in theory},
        "theory_below": Q(theory__isnull=True) | ~Q(theory__in=theory),
    }


def _with_levels(items: QuerySet[Any], at: date) -> QuerySet[Any]:
    """Rotations with the group of the highest degree and of the highest political theory held on a day."""
    found: QuerySet[Any] = items.annotate(
        degree=_highest(QualificationKind.PROFESSIONAL, at), theory=_highest(QualificationKind.POLITICAL_THEORY, at)
    )
    return found


def _highest(kind: str, at: date) -> Subquery:
    held = Qualification.objects.in_force(at).filter(
        cadre_id=OuterRef("cadre_id"), kind=kind, level__rank__isnull=False
    )
    return Subquery(held.order_by("level__rank", "pk").values("level__group")[:1])
