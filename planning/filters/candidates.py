"""Filters of people on the lists of a round, and of people who are looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import latest_birth
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from personnel.choices import Sex
from personnel.filters.units import UnitFilter
from personnel.models.scope import CadreQuerySet, tier_1_open
from personnel.policies import Action
from planning.choices import STANDING, CandidateObject, CandidateSource, CandidateState
from planning.filters.rounds import named_in_round
from planning.statistics.facts import leaders

STANDING_NOW = "standing"

#: How somebody may stand with a seat, in the order of the menu.
OUTCOMES = (
    ("met", "Đủ điều kiện"),
    ("later", "Đủ từ một ngày sau"),
    ("unknown", "Chưa rõ"),
    ("not_met", "Không đủ"),
)


class CandidateFilters(FilterForm):
    """Candidates of a round by name, seat, object, source, state."""

    search = "q"
    primary = ("state", "object", "source")
    defaults = {"state": STANDING_NOW}
    q = forms.CharField(
        label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, chức danh, đơn vị"})
    )
    state = forms.ChoiceField(
        label="Trạng thái",
        choices=[(STANDING_NOW, "Đang trong danh sách"), ("", "Tất cả"), *CandidateState.choices],
    )
    object = forms.TypedChoiceField(
        label="Đối tượng", choices=[("", "Tất cả"), *CandidateObject.choices], coerce=int, empty_value=None
    )
    source = forms.ChoiceField(label="Nguồn", choices=[("", "Tất cả"), *CandidateSource.choices])
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, of the title or of the unit's name."""
        return named_in_round(queryset, value)

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those who stand, or one state."""
        return queryset.filter(state__in=STANDING) if value == STANDING_NOW else queryset.filter(state=value)

    def apply_sex(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Men or women."""
        return queryset.filter(cadre__sex=value)


class PeopleFilters(UnitFilter):
    """People who are looked for a seat: unit, sex, ethnic minority, age, how they stand, the object of the plan."""

    search = "q"
    unit_action = Action.PLAN
    primary = ("outcome", "object", "unit", "sex")
    defaults = {"object": "1"}
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, số hiệu"}))
    outcome = forms.MultipleChoiceField(label="Kết quả xét", choices=OUTCOMES)
    object = forms.TypedChoiceField(label="Đối tượng", choices=CandidateObject.choices, coerce=int)
    unit = forms.CharField(label="Đơn vị", max_length=40)
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Tất cả"), *Sex.choices])
    minority = forms.BooleanField(label="Dân tộc thiểu số")
    age_from = forms.IntegerField(label="Từ tuổi", min_value=16, max_value=100)
    age_to = forms.IntegerField(label="Đến tuổi", min_value=16, max_value=100)
    leader = forms.BooleanField(label="Đang giữ chức vụ lãnh đạo, quản lý")

    def prepare(self, request: HttpRequest) -> None:
        """The day that ages are counted on."""
        self.day = asked_day(request)

    def apply_q(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Part of the name, or a number that the reader may see."""
        return queryset.search(value, reader(self.request))

    def apply_outcome(self, queryset: CadreQuerySet, value: list[str]) -> CadreQuerySet:
        """The ranking answers it."""
        return queryset

    def apply_object(self, queryset: CadreQuerySet, value: int) -> CadreQuerySet:
        """The ranking answers it."""
        return queryset

    def apply_minority(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Of an ethnic minority, among those whose ethnicity the reader may see."""
        opened = queryset.annotate(_open=tier_1_open(reader(self.request))).filter(_open=True)
        return opened.filter(ethnicity__is_minority=True)

    def apply_age_from(self, queryset: CadreQuerySet, value: int) -> CadreQuerySet:
        """At least so old on the day."""
        return queryset.filter(born__lte=latest_birth(value, self.day))

    def apply_age_to(self, queryset: CadreQuerySet, value: int) -> CadreQuerySet:
        """At most so old on the day."""
        return queryset.filter(born__gt=latest_birth(value + 1, self.day))

    def apply_leader(self, queryset: CadreQuerySet, value: bool) -> CadreQuerySet:
        """Holding a leadership title."""
        return queryset.filter(pk__in=leaders(self.day))
