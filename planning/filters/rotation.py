"""Filters of plans of rotation, of rotations, and of the people who are looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from hrdb.kernel.text import fold
from personnel.choices import ManagingLevel, Sex
from personnel.models import Unit, UnitVersion
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from planning.choices import (
    RotationDirection,
    RotationPlanState,
    RotationPurpose,
    RotationRuleKind,
    RotationState,
)
from planning.models import Candidate
from planning.statistics.facts import leaders
from planning.statistics.rotation_table import BASES, ROW_LABELS, counted, people_of

#: Where people for a plan are looked for.
SOURCES = (("planned", "Người trong quy hoạch"), ("leaders", "Đang giữ chức vụ lãnh đạo, quản lý"), ("", "Tất cả"))


class PlanFilters(FilterForm):
    """Plans by year, state, level, words."""

    search = "q"
    primary = ("state", "level", "year")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên kế hoạch"}))
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *RotationPlanState.choices])
    level = forms.MultipleChoiceField(label="Cấp phê duyệt", choices=ManagingLevel.choices)
    year = forms.IntegerField(label="Năm", min_value=1990, max_value=2100)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name."""
        return queryset.filter(name__icontains=value)

    def apply_state(self, queryset: Any, value: str) -> QuerySet[Any]:
        """How far it is."""
        found: QuerySet[Any] = queryset.in_state(value)
        return found


class ItemFilters(FilterForm):
    """Rotations by person, place, state, direction, purpose, year; and those behind a number of the table."""

    search = "q"
    primary = ("state", "direction", "purpose")
    q = forms.CharField(
        label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, nơi đi, nơi đến"})
    )
    state = forms.MultipleChoiceField(label="Trạng thái", choices=RotationState.choices)
    direction = forms.MultipleChoiceField(label="Hướng", choices=RotationDirection.choices)
    purpose = forms.MultipleChoiceField(label="Mục đích", choices=RotationPurpose.choices)
    year = forms.IntegerField(label="Kế hoạch năm", min_value=1990, max_value=2100)
    counted = forms.RegexField(rf"^({'|'.join(BASES)})-\d{{4}}$", label="Biểu tổng hợp", widget=forms.HiddenInput)
    group = forms.ChoiceField(label="Nhóm của biểu", choices=[("", ""), *ROW_LABELS.items()], widget=forms.HiddenInput)

    def prepare(self, request: HttpRequest) -> None:
        """The day that ages are counted on."""
        self.day = asked_day(request)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name of the person or of a unit."""
        units = UnitVersion.objects.filter(search_key__contains=fold(value)).values("unit_id")
        named = Q(cadre__search_key__contains=fold(value)) | Q(from_unit__in=units) | Q(to_unit__in=units)
        return queryset.filter(named)

    def apply_year(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Of the plans of a year."""
        return queryset.filter(plan__year=value)

    def _asked(self) -> tuple[str, int] | None:
        basis, _, year = str(self.values.get("counted") or "").partition("-")
        return (basis, int(year)) if year else None

    def apply_counted(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those that the table of a year counts."""
        asked = self._asked()
        return queryset.none() if asked is None else counted(queryset, asked[1], asked[0])

    def apply_group(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those of one row of the table."""
        asked = self._asked()
        year = asked[1] if asked else self.day.year
        return people_of(queryset, group=value, year=year, day=self.day, user=reader(self.request))

    def say_counted(self, value: str) -> str:
        """What is counted."""
        basis, _, year = value.partition("-")
        return f"Năm {year}: {BASES.get(basis, '').lower()}"

    def say_group(self, value: str) -> str:
        """The row in words."""
        return ROW_LABELS.get(value, value)


class RotatableFilters(FilterForm):
    """People who are looked for a plan: planned, leading, unit, sex."""

    search = "q"
    primary = ("source", "unit", "sex")
    defaults = {"source": "planned"}
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, số hiệu"}))
    source = forms.ChoiceField(label="Nguồn", choices=SOURCES)
    unit = forms.CharField(label="Mã đơn vị", max_length=40)
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])

    def prepare(self, request: HttpRequest) -> None:
        """The day of the record."""
        self.day = asked_day(request)

    def apply_q(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Part of the name, or a number that the reader may see."""
        return queryset.search(value, reader(self.request))

    def apply_source(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Those planned as far as the reader sees, or those who lead."""
        if value == "planned":
            rows = Candidate.objects.all().visible_to(reader(self.request)).in_plan(self.day)
            return queryset.filter(pk__in=rows.order_by().values("cadre_id"))
        return queryset.filter(pk__in=leaders(self.day)) if value == "leaders" else queryset

    def apply_unit(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Kept at or below a unit of the scope; an unknown code gives nobody."""
        unit = Unit.objects.visible_to(reader(self.request), Action.PLAN).filter(code=value).first()
        return queryset.none() if unit is None else queryset.in_units([unit.pk], self.day)


class RuleFilters(FilterForm):
    """The province's rules by kind, and those that hold."""

    primary = ("kind", "holds")
    defaults = {"holds": "now"}
    kind = forms.MultipleChoiceField(label="Loại", choices=RotationRuleKind.choices)
    holds = forms.ChoiceField(label="Hiệu lực", choices=[("now", "Đang áp dụng"), ("", "Tất cả")])

    def prepare(self, request: HttpRequest) -> None:
        """The day on which a rule holds."""
        self.day = asked_day(request)

    def apply_holds(self, queryset: Any, value: str) -> QuerySet[Any]:
        """Those in force on the day."""
        found: QuerySet[Any] = queryset.in_force(self.day) if value == "now" else queryset
        return found
