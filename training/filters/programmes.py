"""Filters of programmes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from hrdb.kernel.screens import FilterForm
from training.choices import ProgrammeKind

STATES = (("open", "Đang dùng"), ("closed", "Đã ngừng dùng"))


class ProgrammeFilters(FilterForm):
    """By words, kind, whether it is in use."""

    search = "q"
    primary = ("kind", "state")
    defaults = {"state": "open"}
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên, mã, cơ sở đào tạo"}))
    kind = forms.ChoiceField(label="Loại", choices=[("", "Tất cả"), *ProgrammeKind.choices])
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Tất cả"), *STATES])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, the code or the school's name."""
        words = value.strip()
        return queryset.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(host__icontains=words))

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """In use or not."""
        return queryset.filter(is_open=value == "open")
