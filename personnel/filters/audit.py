"""Filters of the audit trail: who, what, when, which person or unit, which cause."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.forms import DayField
from hrdb.kernel.models import AuditEvent
from hrdb.kernel.periods import first_moment
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.text import fold
from personnel.models import Cadre, Decision, ImportBatch, Unit, UnitVersion
from personnel.models.trail import events_about, events_about_units
from personnel.models.written import About
from personnel.policies import Action

#: People or units that a typed name may stand for.
MOST_NAMED = 50


class AuditFilters(FilterForm):
    """Events by who, what, when, about whom and why."""

    search = "person"
    primary = ("action", "since", "until")
    person = forms.CharField(
        label="Về người", widget=forms.TextInput(attrs={"placeholder": "Về ai: họ tên, số định danh hoặc số hiệu"})
    )
    action = forms.MultipleChoiceField(label="Việc", choices=AuditEvent.Action.choices)
    since = DayField(label="Từ ngày")
    until = DayField(label="Đến hết ngày")
    user = forms.CharField(label="Người thực hiện", help_text="Tên đăng nhập hoặc họ tên.")
    unit = forms.CharField(label="Về đơn vị", help_text="Mã hoặc tên đơn vị.")
    cause = forms.CharField(label="Căn cứ, lý do", help_text="Số quyết định, tên tệp danh sách, hoặc lời ghi lý do.")
    url = forms.CharField(label="Địa chỉ trang", help_text="Một phần địa chỉ của lần bị từ chối.")
    cadre = forms.IntegerField(label="Hồ sơ", widget=forms.HiddenInput)

    def prepare(self, request: HttpRequest) -> None:
        """The reader in whose scope names are looked up."""
        self.reader = reader(request)

    def about(self) -> About:
        """Whom the question is about: the people and units whom the filters name."""
        asked, people, units = self.values, None, None
        if "person" in asked:
            people = tuple(self._people_called(asked["person"]))
        if "cadre" in asked:
            people = tuple(self._record(asked["cadre"]))
        if "unit" in asked:
            units = tuple(self._units_called(asked["unit"]))
        return About(people, units)

    def apply_person(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Events about people in scope whose name or code fits, or whose number, where the reader sees numbers."""
        return queryset.filter(events_about(self._people_called(value)))

    def apply_cadre(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        """Events about one person in scope: the way from the record."""
        return queryset.filter(events_about(self._record(value)))

    def say_cadre(self, value: int) -> str:
        """The person's name, as far as the reader sees him."""
        person = Cadre.objects.visible_to(self.reader, Action.AUDIT).filter(pk=value).first()
        return f"Hồ sơ: {person.full_name if person else 'không có'}"

    def apply_unit(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Events about units in scope by code or name."""
        return queryset.filter(events_about_units(self._units_called(value)))

    def _people_called(self, text: str) -> QuerySet[Any]:
        """People in scope for whom a typed name, code or number stands."""
        people = Cadre.objects.visible_to(self.reader, Action.AUDIT).search(text, self.reader)
        return people.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]

    def _record(self, pk: int) -> QuerySet[Any]:
        """The one person, if he is in scope."""
        return Cadre.objects.visible_to(self.reader, Action.AUDIT).filter(pk=pk).values_list("pk", flat=True)

    def _units_called(self, text: str) -> QuerySet[Any]:
        """Units in scope for which a typed code or name stands."""
        named = UnitVersion.objects.filter(search_key__contains=fold(text)).values("unit_id")
        units = Unit.objects.visible_to(self.reader, Action.AUDIT).filter(Q(code__iexact=text) | Q(pk__in=named))
        return units.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]

    def apply_user(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Events of accounts by a part of their names."""
        return queryset.filter(Q(user__username__icontains=value) | Q(user__full_name__icontains=value))

    def apply_since(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Events of a day and later."""
        return queryset.filter(moment__gte=first_moment(value))

    def apply_until(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Events of a day and before."""
        return queryset.filter(moment__lt=first_moment(value + datetime.timedelta(days=1)))

    def apply_cause(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Events that rest on a decision or a list, or whose reason says so."""
        decisions = Decision.objects.filter(number__icontains=value).values("pk")
        batches = ImportBatch.objects.filter(file_name__icontains=value).values("pk")
        return queryset.filter(
            Q(reason__icontains=value)
            | Q(cause_type="personnel.decision", cause_id__in=decisions)
            | Q(cause_type="personnel.importbatch", cause_id__in=batches)
        )

    def apply_url(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Refused attempts at an address."""
        return queryset.filter(action=AuditEvent.Action.REFUSED, details__url__icontains=value)
