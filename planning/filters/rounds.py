"""Filters of rounds and of the seats of a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from hrdb.kernel.screens import FilterForm
from hrdb.kernel.text import fold
from personnel.choices import ManagingLevel
from personnel.models import UnitVersion
from planning.choices import STANDING, RoundKind, RoundState
from planning.models import UnitPlan

FILLING = (
    ("empty", "Chưa có ai"),
    ("few", "Dưới 2 người"),
    ("over", "Vượt số người"),
)


class RoundFilters(FilterForm):
    """By state, level, kind, words of the name."""

    search = "q"
    primary = ("state", "level", "kind")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên, mã đợt, nhiệm kỳ"}))
    state = forms.MultipleChoiceField(label="Trạng thái", choices=RoundState.choices)
    level = forms.MultipleChoiceField(label="Cấp phê duyệt", choices=ManagingLevel.choices)
    kind = forms.ChoiceField(label="Loại", choices=[("", "Tất cả"), *RoundKind.choices])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of name, code or term."""
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value) | Q(term__icontains=value))


REVIEWED = (
    ("open", "Chờ ý kiến"),
    ("remove", "Đề xuất đưa ra"),
    ("warn", "Cảnh báo"),
    ("keep", "Không có đề xuất"),
    ("kept", "Giữ lại dù có đề xuất"),
    ("gone", "Đã đưa ra"),
)


class ReviewFilters(FilterForm):
    """People whom the list before planned, by what the review proposes and what was decided."""

    search = "q"
    primary = ("state",)
    q = forms.CharField(
        label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, chức danh, đơn vị"})
    )
    state = forms.ChoiceField(label="Đề xuất", choices=[("", "Tất cả"), *REVIEWED])

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the name, of the title or of the unit's name."""
        return named_in_round(queryset, value)

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the proposal, and where it stands."""
        stands, proposed = Q(state__in=STANDING), Q(review__proposal="remove")
        decided = Q(review__has_key="decided")
        conditions = {
            "open": stands & proposed & ~decided,
            "remove": proposed,
            "warn": stands & Q(review__proposal="warn"),
            "keep": stands & Q(review__proposal="keep"),
            "kept": stands & proposed & Q(review__decided="keep"),
            "gone": ~stands,
        }
        return queryset.filter(conditions[value])


def named_in_round(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Candidates by a part of the name, of the title or of the unit's name."""
    units = UnitVersion.objects.filter(search_key__contains=fold(value)).values("unit_id")
    return queryset.filter(
        Q(cadre__search_key__contains=fold(value)) | Q(seat__title__name__icontains=value) | Q(seat__unit__in=units)
    )


class SeatFilters(FilterForm):
    """Seats of a round by title, unit, how many stand on them."""

    search = "q"
    primary = ("filling", "title")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Chức danh hoặc đơn vị"}))
    filling = forms.ChoiceField(label="Số người", choices=[("", "Tất cả"), *FILLING])
    title = forms.CharField(label="Mã chức danh", max_length=40)
    part = forms.IntegerField(label="Phần của đơn vị", widget=forms.HiddenInput)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """A part of the title or of the unit's name, without diacritics for units."""
        units = UnitVersion.objects.filter(search_key__contains=fold(value)).values("unit_id")
        return queryset.filter(Q(title__name__icontains=value) | Q(unit__in=units) | Q(unit__code__iexact=value))

    def apply_filling(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the number of people who stand (`people`, annotated by the list)."""
        conditions = {"empty": Q(people=0), "few": Q(people__lt=2), "over": Q(is_over=True)}
        return queryset.filter(conditions[value])

    def apply_title(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One title."""
        return queryset.filter(title__code=value)

    def apply_part(self, queryset: QuerySet[Any], value: int) -> QuerySet[Any]:
        """The seats of one office's part."""
        return queryset.filter(part_id=value)

    def say_part(self, value: int) -> str:
        """The office by name."""
        unit = UnitPlan.objects.filter(pk=value).values("unit_id")
        version = UnitVersion.objects.filter(unit__in=unit).order_by("-effective_from").first()
        return f"Đơn vị: {version.name if version else value}"
