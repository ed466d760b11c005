"""Form 10 of the Party's statistics (biểu số 10: kết quả đào tạo, bồi dưỡng): who finished what in a period.

form10(user, period, tree, unit) -> Form10
    rows of the form by content, columns by people; a constant number of queries
people_behind(user, period, row, column, unit_ids) -> queryset of members
    the very people of a number, by the same conditions

A line is one person in one class (lượt người). Whom somebody leads, and where, is read of the class's last day.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hrdb.kernel.models import User
from hrdb.kernel.periods import in_force_q
from personnel.choices import AssignmentKind, QualificationKind, Sex, UnitLevel
from personnel.models import Assignment, Custody, UnitVersion
from training.choices import ClassState, MemberState, ProgrammeKind, StudyMode
from training.models import ClassMember

#: The day from which districts are history.
DISTRICTS_UNTIL: Final = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class RowKind:
    """A row of the form; a part is the sum of the rows that follow it up to the next part."""

    key: str
    label: str
    is_part: bool = False


ROWS: Final = (
    RowKind("professional", "I. Đào tạo chuyên môn", is_part=True),
    RowKind("university", "Đại học"),
    RowKind("master", "Thạc sĩ"),
    RowKind("doctor", "Tiến sĩ"),
    RowKind("other_degree", "Trình độ chuyên môn khác"),
    RowKind("theory", "II. Đào tạo lý luận chính trị", is_part=True),
    RowKind("intermediate_full", "Trung cấp, tập trung"),
    RowKind("intermediate_part", "Trung cấp, không tập trung"),
    RowKind("senior_full", "Cao cấp, tập trung"),
    RowKind("senior_part", "Cao cấp, không tập trung"),
    RowKind("bachelor_full", "Cử nhân, tập trung"),
    RowKind("bachelor_part", "Cử nhân, không tập trung"),
    RowKind("other_theory", "Sơ cấp, trình độ khác"),
    RowKind("courses", "III. Bồi dưỡng", is_part=True),
    RowKind("party_building", "Xây dựng Đảng"),
    RowKind("front", "Mặt trận, đoàn thể"),
    RowKind("state_management", "Quản lý nhà nước"),
    RowKind("economy", "Quản lý kinh tế"),
    RowKind("language", "Ngoại ngữ, tiếng dân tộc"),
    RowKind("informatics", "Tin học, chuyển đổi số"),
    RowKind("new_knowledge", "Kiến thức mới"),
    RowKind("defence_1", "Quốc phòng và an ninh, đối tượng 1"),
    RowKind("defence_2", "Quốc phòng và an ninh, đối tượng 2"),
    RowKind("defence_3", "Quốc phòng và an ninh, đối tượng 3"),
    RowKind("defence_4", "Quốc phòng và an ninh, đối tượng 4"),
    RowKind("leaders", "Cán bộ nguồn, lãnh đạo, quản lý"),
    RowKind("other_courses", "Nội dung khác"),
)
ROW_LABELS: Final[Mapping[str, str]] = {row.key: row.label for row in ROWS} | {"total": "Tổng số"}

COLUMN_LABELS: Final[Mapping[str, str]] = {
    "people": "Tổng số lượt người",
    "women": "Nữ",
    "minority": "Dân tộc thiểu số",
    "province": "Lãnh đạo, quản lý cấp tỉnh",
    "district": "Lãnh đạo, quản lý cấp huyện",
    "commune": "Lãnh đạo, quản lý cấp xã",
    "others": "Không giữ chức vụ lãnh đạo, quản lý",
}
_THEORY: Final = ("intermediate", "senior", "bachelor")
_DEGREES: Final = ("university", "master", "doctor")
_OF_KIND: Final[Mapping[str, str]] = {
    ProgrammeKind.STATE_MANAGEMENT: "state_management",
    ProgrammeKind.LANGUAGE: "language",
    ProgrammeKind.INFORMATICS: "informatics",
    ProgrammeKind.LEADERS: "leaders",
    ProgrammeKind.TALENT: "leaders",
}


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted."""

    first: date
    last: date

    @property
    def has_districts(self) -> bool:
        """Whether somebody could still lead in a district."""
        return self.first < DISTRICTS_UNTIL


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row with its numbers: classes, and lines of people by column."""

    kind: RowKind
    classes: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Form10:
    """The form: rows in the official order, the total, the columns that are of use in the period."""

    period: Period
    rows: tuple[FormRow, ...]
    total: FormRow
    columns: tuple[str, ...]


def form10(*, user: User | None, period: Period, unit_ids: Collection[int] | None = None) -> Form10:
    """Count what the reader sees; of classes that finished in the period and people who passed them."""
    members = _marked(_finished(user, period, unit_ids))
    wanted = {key: Count("pk", filter=condition) for key, condition in _columns().items()}
    found = members.order_by().values(*_GROUPED).annotate(classes=Count("training_class", distinct=True), **wanted)
    classes: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    for row in found:
        key = row_of(row)
        classes[key] += row["classes"]
        counts.setdefault(key, Counter()).update({column: row[column] for column in wanted})
    columns = tuple(key for key in COLUMN_LABELS if key != "district" or period.has_districts)
    rows = tuple(_form_row(kind, classes, counts) for kind in ROWS)
    total = RowKind("total", ROW_LABELS["total"], is_part=True)
    return Form10(period, rows, _sum(total, [row for row in rows if not row.kind.is_part]), columns)


def people_behind(
    *, user: User | None, period: Period, row: str, column: str, unit_ids: Collection[int] | None = None
) -> QuerySet[Any]:
    """The members behind one number; raises KeyError for what is no row or column."""
    if row not in ROW_LABELS:
        raise KeyError(row)
    finished = _finished(user, period, unit_ids)
    wanted = set(_of_part(row))
    combinations = finished.order_by().values(*_GROUPED).distinct()
    condition = Q(pk__in=[])
    for one in combinations:
        if row_of(one) in wanted:
            condition |= Q(**one)
    found: QuerySet[Any] = _marked(finished.filter(condition)).filter(_columns()[column])
    return found


#: What decides the row of a line.
_GROUPED: Final = (
    "training_class__programme__code",
    "training_class__programme__kind",
    "training_class__programme__gives",
    "training_class__programme__level__code",
    "training_class__programme__level__group",
    "training_class__mode",
)


def row_of(line: Mapping[str, Any]) -> str:
    """The row under which a class counts."""
    code, kind, gives, level, group, mode = (line[name] for name in _GROUPED)
    if code in codes():
        return codes()[code]
    if gives == QualificationKind.PROFESSIONAL:
        return group if group in _DEGREES else "other_degree"
    if kind == ProgrammeKind.POLITICAL_THEORY:
        return f"{group}_{'full' if mode == StudyMode.FULL_TIME else 'part'}" if group in _THEORY else "other_theory"
    if kind == ProgrammeKind.DEFENCE:
        number = (level or "").removeprefix("x-doi-tuong-")
        return f"defence_{number}" if f"defence_{number}" in ROW_LABELS else "other_courses"
    return _OF_KIND.get(kind, "other_courses")


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """Programmes that are told to a row by their code."""
    path = Path(__file__).resolve().parent.parent / "data" / "form10.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["codes"]
    return found


def _finished(user: User | None, period: Period, unit_ids: Collection[int] | None) -> QuerySet[Any]:
    """Lines of the reader's scope: who passed a class that finished in the period, sent by some units where asked."""
    members = ClassMember.objects.visible_to(user).filter(
        state=MemberState.PASSED,
        training_class__state=ClassState.FINISHED,
        training_class__ends_on__range=(period.first, period.last),
    )
    return members if unit_ids is None else members.filter(unit_id__in=unit_ids)


def _marked(members: QuerySet[Any]) -> QuerySet[Any]:
    """With whether each led on the class's last day, and at which level the unit that kept the record stood."""
    ends_on: Any = OuterRef("training_class__ends_on")
    leads = Q(title__is_leadership=True) | Q(title__isnull=True, seat__title__is_leadership=True)
    posts = Assignment.objects.filter(in_force_q(ends_on), leads, cadre_id=OuterRef("cadre_id"))
    kept = Custody.objects.filter(in_force_q(ends_on), cadre_id=OuterRef("cadre_id"))
    outer: Any = OuterRef(OuterRef("training_class__ends_on"))
    versions = UnitVersion.objects.filter(in_force_q(outer), unit_id=OuterRef("unit_id"))
    found: QuerySet[Any] = members.annotate(
        leads=Exists(posts.filter(kind=AssignmentKind.MAIN)),
        **{
            f"at_{level}": Exists(kept.filter(Exists(versions.filter(level=level))))
            for level in (UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE)
        },
    )
    return found


def _columns() -> dict[str, Q]:
    return {
        "people": Q(pk__isnull=False),
        "women": Q(cadre__sex=Sex.FEMALE),
        "minority": Q(cadre__ethnicity__is_minority=True),
        "province": Q(leads=True, at_province=True),
        "district": Q(leads=True, at_district=True),
        "commune": Q(leads=True, at_commune=True),
        "others": Q(leads=False),
    }


def _of_part(row: str) -> Iterable[str]:
    """The rows that a part sums; a row alone, everything for the total."""
    if row == "total":
        return [kind.key for kind in ROWS if not kind.is_part]
    found: list[str] = []
    is_inside = False
    for kind in ROWS:
        if kind.key == row and not kind.is_part:
            return [row]
        if kind.is_part:
            is_inside = kind.key == row
        elif is_inside:
            found.append(kind.key)
    return found


def _form_row(kind: RowKind, classes: Counter[str], counts: Mapping[str, Counter[str]]) -> FormRow:
    keys = list(_of_part(kind.key))
    return FormRow(
        kind,
        sum(classes[key] for key in keys),
        {column: sum(counts.get(key, Counter())[column] for key in keys) for column in COLUMN_LABELS},
    )


def _sum(kind: RowKind, rows: Iterable[FormRow]) -> FormRow:
    listed = list(rows)
    return FormRow(
        kind,
        sum(row.classes for row in listed),
        {column: sum(row.counts[column] for row in listed) for column in COLUMN_LABELS},
    )
