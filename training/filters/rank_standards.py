"""Filters of standards of ranks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from personnel.choices import KIND_OF_REQUIREMENT, RankGroup
from training.statistics.person_needs import KIND_LABELS

STATES = (("in_force", "Đang áp dụng"), ("ended", "Đã thôi áp dụng"), ("later", "Chưa đến ngày áp dụng"))


class RankStandardFilters(FilterForm):
    """By group of ranks, kind of level, whether it holds on the asked day."""

    primary = ("group", "requirement", "state")
    group = forms.ChoiceField(label="Nhóm ngạch", choices=[("", "Tất cả"), *RankGroup.choices])
    requirement = forms.ChoiceField(
        label="Loại trình độ",
        choices=[("", "Tất cả"), *((key, KIND_LABELS[str(kind)]) for key, kind in KIND_OF_REQUIREMENT.items())],
    )
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *STATES])

    def prepare(self, request: HttpRequest) -> None:
        """The day on which a standard holds."""
        self.day = asked_day(request)

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Whether it holds on the asked day."""
        if value == "later":
            return queryset.filter(effective_from__gt=self.day)
        if value == "ended":
            return queryset.filter(effective_until__lte=self.day)
        still = Q(effective_until__isnull=True) | Q(effective_until__gt=self.day)
        return queryset.filter(still, effective_from__lte=self.day)
