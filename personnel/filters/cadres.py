"""Filters of people (bộ lọc cán bộ): one form for the list, its export and the printing of a selection."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import latest_birth
from hrdb.kernel.periods import in_force_q
from hrdb.kernel.screens.links import asked_day
from personnel.choices import (
    EmploymentCategory,
    EmploymentState,
    QualificationKind,
    RankGroup,
    Sex,
    TitleGroup,
)
from personnel.filters.units import UnitFilter
from personnel.models import (
    Assignment,
    Employment,
    EthnicGroup,
    PartyMembership,
    PayStep,
    Qualification,
    QualificationLevel,
    Title,
    UnitVersion,
)
from personnel.models.scope import CadreQuerySet, scope_of, tier_1_open
from personnel.policies import Action
from personnel.statistics.completeness import incomplete_q
from personnel.statistics.people import describe as describe_structure
from personnel.statistics.people import narrow as narrow_structure

PRESENT = "present"
EVERYONE = "all"
AGE_LIMIT = 120
MOST_UNITS = 250


class CadreFilters(UnitFilter):
    """Who is listed: words, unit and below, category, state, title, sex, ethnicity, age, Party, degrees, rank."""

    search = "q"
    primary = ("unit", "state", "group", "sex", "minority", "degree")
    defaults = {"state": PRESENT}

    q = forms.CharField(
        label="Tìm",
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, số định danh, số hiệu"}),
    )
    unit = forms.CharField(label="Đơn vị", max_length=40)
    state = forms.ChoiceField(label="Tình trạng")
    category = forms.MultipleChoiceField(label="Đối tượng", choices=EmploymentCategory.choices)
    group = forms.MultipleChoiceField(label="Chức vụ", choices=TitleGroup.choices)
    title = forms.CharField(label="Mã chức danh", max_length=40)
    leader = forms.BooleanField(label="Lãnh đạo, quản lý")
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])
    minority = forms.BooleanField(label="Dân tộc thiểu số")
    ethnicity = forms.ModelChoiceField(EthnicGroup.objects.all(), label="Dân tộc", to_field_name="code")
    age_from = forms.IntegerField(label="Từ tuổi", min_value=0, max_value=AGE_LIMIT)
    age_to = forms.IntegerField(label="Đến tuổi", min_value=0, max_value=AGE_LIMIT)
    party = forms.ChoiceField(
        label="Đảng viên", choices=[("", "Tất cả"), ("yes", "Đảng viên"), ("no", "Chưa vào Đảng")]
    )
    degree = forms.ModelChoiceField(QualificationLevel.objects.none(), label="Trình độ", to_field_name="code")
    theory = forms.ModelChoiceField(QualificationLevel.objects.none(), label="Lý luận chính trị", to_field_name="code")
    rank_group = forms.MultipleChoiceField(label="Nhóm ngạch", choices=RankGroup.choices)
    incomplete = forms.BooleanField(label="Hồ sơ còn thiếu")
    structure = forms.CharField(label="Theo thống kê", max_length=400, widget=forms.HiddenInput)

    def prepare(self, request: HttpRequest) -> None:
        """Choices of unit, state and qualification levels."""
        self.day = asked_day(request)
        chosen = str(self.data.get("unit") or "")
        offered = unit_choices(reader(request), self.day, chosen)
        self.fields["unit"].widget = forms.Select(choices=[("", "Mọi đơn vị"), *offered])
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (PRESENT, "Đang công tác"),
            (EVERYONE, "Tất cả, kể cả đã nghỉ"),
            *EmploymentState.choices,
        ]
        for name, kind in (
            ("degree", QualificationKind.PROFESSIONAL),
            ("theory", QualificationKind.POLITICAL_THEORY),
        ):
            self.fields[name].queryset = QualificationLevel.objects.filter(kind=kind)  # type: ignore[attr-defined]

    def apply_q(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Part of the name without diacritics, personal number, officer code; numbers only where tier 1 is open."""
        return queryset.search(value, reader(self.request))

    def apply_state(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """In the workforce, everyone, or in one state on the day."""
        if value == PRESENT:
            return queryset.present_on(self.day)
        return queryset if value == EVERYONE else queryset.filter(self._employed(state=value))

    def apply_category(self, queryset: CadreQuerySet, value: list[str]) -> CadreQuerySet:
        """Of these categories on the day."""
        return queryset.filter(self._employed(category__in=value))

    def _employed(self, **conditions: Any) -> Q:
        return self._holding(Employment.objects.filter(**conditions))

    def _holding(self, rows: QuerySet[Any]) -> Q:
        return Q(Exists(rows.filter(in_force_q(self.day), cadre_id=OuterRef("pk"))))

    def apply_group(self, queryset: CadreQuerySet, value: list[str]) -> CadreQuerySet:
        """Holding a title of these groups."""
        return queryset.filter(self._holding(Assignment.objects.filter(title__group__in=value)))

    def apply_title(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Holding this title."""
        return queryset.filter(self._holding(Assignment.objects.filter(title__code=value)))

    def say_title(self, value: str) -> str:
        """The title by name."""
        return Title.objects.filter(code=value).values_list("name", flat=True).first() or value

    def apply_leader(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Holding a leadership title."""
        return queryset.filter(self._holding(Assignment.objects.filter(title__is_leadership=True)))

    def apply_minority(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Of an ethnic minority, among those whose ethnicity the reader may see."""
        return self._with_open_tier_1(queryset).filter(ethnicity__is_minority=True)

    def apply_ethnicity(self, queryset: CadreQuerySet, value: EthnicGroup) -> CadreQuerySet:
        """Of one ethnic group, among those whose ethnicity the reader may see."""
        return self._with_open_tier_1(queryset).filter(ethnicity=value)

    def _with_open_tier_1(self, queryset: CadreQuerySet) -> CadreQuerySet:
        return queryset.annotate(_open=tier_1_open(reader(self.request))).filter(_open=True)

    def apply_age_from(self, queryset: CadreQuerySet, value: int) -> CadreQuerySet:
        """At least so old on the day."""
        return queryset.filter(born__lte=latest_birth(value, self.day))

    def apply_age_to(self, queryset: CadreQuerySet, value: int) -> CadreQuerySet:
        """At most so old on the day."""
        return queryset.filter(born__gt=latest_birth(value + 1, self.day))

    def apply_party(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Party members on the day, or the others."""
        member = self._holding(PartyMembership.objects.all())
        return queryset.filter(member if value == "yes" else ~member)

    def apply_degree(self, queryset: CadreQuerySet, value: QualificationLevel) -> CadreQuerySet:
        """Holding this level."""
        return queryset.filter(self._holding(Qualification.objects.filter(level=value)))

    apply_theory = apply_degree

    def apply_rank_group(self, queryset: CadreQuerySet, value: list[str]) -> CadreQuerySet:
        """Paid in ranks of these groups."""
        return queryset.filter(self._holding(PayStep.objects.filter(rank__group__in=value)))

    def apply_incomplete(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Records that lack a row everyone has."""
        return queryset.filter(incomplete_q(self.day))

    def apply_structure(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """The people behind one number of a statistic."""
        return narrow_structure(queryset, value, self.day, reader(self.request))

    def say_structure(self, value: str) -> str:
        """Where the selection comes from."""
        return describe_structure(value, self.day) or "Theo ô của bảng thống kê"


def unit_choices(user: Any, day: datetime.date, chosen: str = "") -> list[tuple[str, str]]:
    """Codes and names of the highest units of the scope and the units directly below them, and the chosen one."""
    scope = scope_of(user, Action.VIEW)
    versions = UnitVersion.objects.in_force(day)
    tops = versions.filter(parent=None) if scope.is_whole_province else versions.filter(unit_id__in=scope.roots)
    offered = versions.filter(Q(unit_id__in=tops.values("unit_id")) | Q(parent_id__in=tops.values("unit_id")))
    if chosen:
        offered |= versions.filter(scope.covers("unit_id"), unit__code=chosen)
    return list(offered.order_by("parent_id", "position", "name").values_list("unit__code", "name")[:MOST_UNITS])
