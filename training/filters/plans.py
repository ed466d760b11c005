"""Filters of yearly plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from hrdb.kernel.screens import FilterForm
from training.choices import PlanState


class PlanFilters(FilterForm):
    """By state, words of the name, the year."""

    search = "q"
    primary = ("state",)
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Năm, tên kế hoạch"}))
    state = forms.MultipleChoiceField(label="Trạng thái", choices=PlanState.choices)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The year, or a part of the name."""
        condition = Q(name__icontains=value)
        if value.strip().isdecimal():
            condition |= Q(year=int(value.strip()[:4]))
        return queryset.filter(condition)
