"""Filters of classes, of their members, of people who may be sent, of certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from hrdb.kernel.text import fold
from personnel.choices import Sex
from personnel.filters.units import UnitFilter
from personnel.models import UnitVersion
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from planning.statistics.facts import leaders
from training.choices import ClassState, MemberState, ProgrammeKind, StudyMode
from training.models import Programme

FIRST_YEAR, LAST_YEAR = 2000, 2100


class ClassFilters(FilterForm):
    """Classes by words, state, kind of programme, programme, year, mode."""

    search = "q"
    primary = ("state", "kind", "year")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên, mã lớp, cơ sở đào tạo"}))
    state = forms.MultipleChoiceField(label="Trạng thái", choices=ClassState.choices)
    kind = forms.MultipleChoiceField(label="Loại chương trình", choices=ProgrammeKind.choices)
    year = forms.IntegerField(label="Năm", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    programme = forms.ModelChoiceField(Programme.objects.all(), label="Chương trình")
    mode = forms.ChoiceField(label="Hình thức", choices=[("", "Tất cả"), *StudyMode.choices])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of name, code, host or programme."""
        return queryset.filter(
            Q(name__icontains=value)
            | Q(code__icontains=value)
            | Q(host__icontains=value)
            | Q(programme__name__icontains=value)
        )

    def apply_kind(self, queryset: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """By the kind of the programme."""
        return queryset.filter(programme__kind__in=value)

    def apply_year(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Classes of the plan of a year, and others that run in it."""
        return queryset.filter(Q(planned__plan__year=value) | Q(begins_on__year=value) | Q(ends_on__year=value))


class MemberFilters(FilterForm):
    """Members of a class by name, unit, state, sex."""

    search = "q"
    primary = ("state", "sex")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, đơn vị cử"}))
    state = forms.MultipleChoiceField(label="Trạng thái", choices=MemberState.choices)
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, or of the name of the unit that sends."""
        return named_members(queryset, value)

    def apply_sex(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Men or women."""
        return queryset.filter(cadre__sex=value)


class CertificateFilters(FilterForm):
    """The register of certificates by name, number, year, programme."""

    search = "q"
    primary = ("year", "programme")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên, số chứng chỉ, lớp"}))
    year = forms.IntegerField(label="Năm cấp", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    programme = forms.ModelChoiceField(Programme.objects.all(), label="Chương trình")

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, of the number or of the class."""
        return queryset.filter(
            Q(cadre__search_key__contains=fold(value))
            | Q(certificate_number__icontains=value)
            | Q(training_class__name__icontains=value)
        )

    def apply_year(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Issued in a year."""
        return queryset.filter(certified_on__year=value)

    def apply_programme(self, queryset: QuerySet[Any], value: Programme) -> QuerySet[Any]:
        """Of one programme."""
        return queryset.filter(training_class__programme=value)


class SendFilters(UnitFilter):
    """People who may be sent: unit, sex, leaders, those who are not on the list yet."""

    search = "q"
    unit_action = Action.TRAIN
    primary = ("unit", "sex")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, số hiệu"}))
    unit = forms.CharField(label="Mã đơn vị", max_length=40)
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])
    leader = forms.BooleanField(label="Đang giữ chức vụ lãnh đạo, quản lý")

    def prepare(self, request: HttpRequest) -> None:
        """The day on which people are where they are."""
        self.day = asked_day(request)

    def apply_q(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Part of the name, or a number that the reader may see."""
        return queryset.search(value, reader(self.request))

    def apply_leader(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Holding a leadership title."""
        return queryset.filter(pk__in=leaders(self.day))


def named_members(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Members by a part of the name, or of the name of the unit that sends."""
    units = UnitVersion.objects.filter(search_key__contains=fold(value)).values("unit_id")
    return queryset.filter(Q(cadre__search_key__contains=fold(value)) | Q(unit__in=units))
