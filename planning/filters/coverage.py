"""Filters of the benches of seats: they are few thousand values in memory, so they are told apart here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from hrdb.kernel.text import fold
from personnel.models import Unit, UnitVersion
from planning.models.scope import READING
from planning.rules.bench import Bench
from planning.statistics.coverage import Coverage

STATES = (
    ("bare", "Chưa có ai nhận được ngay"),
    ("losing", "Mất người cuối cùng trong 5 năm"),
    ("single", "Chỉ còn một người"),
    ("unplanned", "Chưa quy hoạch ai"),
    ("covered", "Có từ hai người"),
)


class CoverageFilters(FilterForm):
    """By state of the bench, unit, words of title or unit."""

    search = "q"
    primary = ("state", "unit")
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Chức danh hoặc đơn vị"}))
    state = forms.ChoiceField(label="Nguồn kế cận", choices=[("", "Tất cả"), *STATES])
    unit = forms.CharField(label="Đơn vị", max_length=40)

    def prepare(self, request: HttpRequest) -> None:
        """The day that units are named on."""
        self.day = asked_day(request)

    def placed(self, coverage: Coverage) -> Coverage:
        """The coverage of the seats at or below the unit that is asked, whose title or unit has the words."""
        benches = coverage.benches
        code, words = self.values.get("unit"), self.values.get("q")
        if code:
            unit = self._unit(code)
            below = set() if unit is None else set(Unit.objects.below([unit.pk], self.day).values_list("pk", flat=True))
            benches = tuple(bench for bench in benches if bench.unit_id in below)
        if words:
            found = UnitVersion.objects.filter(search_key__contains=fold(words))
            named = set(found.values_list("unit_id", flat=True))
            benches = tuple(one for one in benches if one.unit_id in named or fold(words) in fold(one.title))
        return Coverage(coverage.day, benches)

    def narrowed(self, coverage: Coverage) -> list[Bench]:
        """Of a coverage the seats in the state that is asked."""
        state, day = self.values.get("state"), coverage.day
        if state == "losing":
            return coverage.losing
        if state == "unplanned":
            return coverage.unplanned
        if state == "bare":
            return coverage.bare
        if state == "single":
            return [bench for bench in coverage.benches if bench.count(day) == 1]
        if state == "covered":
            return [bench for bench in coverage.benches if bench.count(day) > 1]
        return list(coverage.benches)

    def apply_q(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """`placed` answers it."""
        return queryset

    def apply_state(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """`narrowed` answers it."""
        return queryset

    def apply_unit(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """`placed` answers it."""
        return queryset

    def say_unit(self, value: str) -> str:
        """The unit by name."""
        version = UnitVersion.objects.standing_on(self.day).filter(unit=self._unit(value)).first()
        return f"Đơn vị: {version.name if version else value}"

    def _unit(self, code: str) -> Unit | None:
        """A unit of the scope of planning or approving."""
        user = reader(self.request)
        for action in READING:
            found: Unit | None = Unit.objects.visible_to(user, action).filter(code=code).first()
            if found is not None:
                return found
        return None
