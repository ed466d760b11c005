"""Filters of cases of reorganisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from hrdb.kernel.screens import FilterForm
from personnel.choices import ReorganisationState


class ReorganisationFilters(FilterForm):
    """Cases by title and state."""

    search = "q"
    primary = ("state",)
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên phương án"}))
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *ReorganisationState.choices])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By a part of the title."""
        return queryset.filter(title__icontains=value)
