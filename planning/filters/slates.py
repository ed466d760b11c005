"""Filters of slates: by words, state, who drew them up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.text import fold
from planning.choices import SlateState
from planning.models import SlateMove

OWNERS = (("mine", "Tôi lập"), ("others", "Người khác lập"))


class SlateFilters(FilterForm):
    """By a part of the slate's or of a person's name, by state, by owner."""

    search = "q"
    primary = ("state", "owner")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên phương án, tên cán bộ"}))
    state = forms.MultipleChoiceField(label="Trạng thái", choices=SlateState.choices)
    owner = forms.ChoiceField(label="Người lập", choices=[("", "Tất cả"), *OWNERS])

    def prepare(self, request: HttpRequest) -> None:
        """Who asks."""
        self.reader = reader(request)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, or of the name of somebody whom it moves."""
        moved = SlateMove.objects.filter(slate=OuterRef("pk"), cadre__search_key__contains=fold(value))
        return queryset.filter(Q(name__icontains=value) | Exists(moved))

    def apply_owner(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Mine, or those of others."""
        return queryset.filter(owner=self.reader) if value == "mine" else queryset.exclude(owner=self.reader)
