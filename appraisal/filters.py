"""Filters of the lists of appraisal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from appraisal.choices import SubmissionState
from appraisal.models import RatingCycle
from appraisal.statistics.progress import UnitProgress
from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.text import fold
from personnel.models import Cadre

#: What may be asked of a unit beside the state of its submission.
CONDITIONS: Final = (
    ("overdue", "Quá hạn"),
    ("incomplete", "Chưa đủ người"),
    ("unrated", "Đơn vị chưa được xếp loại"),
)


class ProgressFilters(FilterForm):
    """Which units of a cycle are listed."""

    search = "q"
    primary = ("state", "only")

    q = forms.CharField(
        label="Tìm", max_length=100, widget=forms.TextInput(attrs={"placeholder": "Tên, mã đơn vị, không cần dấu"})
    )
    state = forms.MultipleChoiceField(label="Trạng thái", choices=SubmissionState.choices)
    only = forms.MultipleChoiceField(label="Chỉ", choices=CONDITIONS)

    def passing(self, units: Iterable[UnitProgress], cycle: RatingCycle, day: date) -> list[UnitProgress]:
        """The units that pass; none when a filter cannot be read."""
        if not self.is_valid():
            return []
        words, states, only = fold(self.values.get("q", "")), self.values.get("state"), set(self.values.get("only", ()))
        return [
            unit
            for unit in units
            if (not words or words in fold(unit.name) or words == fold(unit.code))
            and (not states or unit.state in states)
            and ("overdue" not in only or unit.is_overdue(cycle, day))
            and ("incomplete" not in only or unit.missing)
            and ("unrated" not in only or not unit.unit_level)
        ]


class VoteFilters(FilterForm):
    """Which confidence votes are listed."""

    search = "q"
    primary = ("year",)

    q = forms.CharField(label="Tìm", max_length=100, widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu"}))
    year = forms.TypedChoiceField(label="Năm", coerce=int)

    def prepare(self, request: HttpRequest) -> None:
        """The last ten years."""
        self.reader = reader(request)
        this_year = request.today.year  # type: ignore[attr-defined]
        years = [(str(year), str(year)) for year in range(this_year, this_year - 10, -1)]
        self.fields["year"].choices = [("", "Mọi năm"), *years]  # type: ignore[attr-defined]

    def apply_q(self, votes: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the name of the person."""
        return votes.filter(cadre__in=Cadre.objects.search(value, self.reader))

    def apply_year(self, votes: QuerySet[Any], value: int) -> QuerySet[Any]:
        """By the year in which the vote was held."""
        return votes.filter(held_on__year=value)
