"""Filters of due matters (bộ lọc việc đến hạn): list, time, unit, name; the address holds them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import first_of_month, format_date, month_index
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from personnel.filters.cadres import unit_choices
from personnel.models import Unit, UnitVersion
from personnel.statistics.due import OVERDUE, STANDING, Asked, asked, horizon, lists_for
from personnel.statistics.structure import UnitNotFound

WHEN_LABELS = {OVERDUE: "Quá hạn", STANDING: "Không có hạn"}


class DueFilters(FilterForm):
    """Which matters are listed."""

    search = "q"
    primary = ("when", "kind", "unit")

    q = forms.CharField(
        label="Tìm", max_length=100, widget=forms.TextInput(attrs={"placeholder": "Tên không cần dấu, số hiệu"})
    )
    when = forms.MultipleChoiceField(label="Hạn xử lý")
    kind = forms.MultipleChoiceField(label="Việc")
    unit = forms.CharField(label="Đơn vị", max_length=40)
    own = forms.BooleanField(label="Chỉ người trực thuộc đơn vị", widget=forms.HiddenInput)

    def prepare(self, request: HttpRequest) -> None:
        """Months to come, the registered lists, the units of the scope."""
        self.day = asked_day(request)
        self.reader = reader(request)
        self.fields["when"].choices = list(self._times())  # type: ignore[attr-defined]
        kinds = [(made.key, made.label) for made in lists_for(self.reader)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        offered = unit_choices(self.reader, self.day, str(self.data.get("unit") or ""))
        self.fields["unit"].widget = forms.Select(choices=[("", "Mọi đơn vị"), *offered])

    def _times(self) -> Iterator[tuple[str, str]]:
        yield OVERDUE, WHEN_LABELS[OVERDUE]
        for index in range(month_index(self.day), month_index(horizon(self.day)) + 1):
            month = first_of_month(index)
            yield f"{month:%Y-%m}", f"Tháng {format_date(month, 'month')}"
        yield STANDING, WHEN_LABELS[STANDING]

    def clean_unit(self) -> str:
        """A unit of the scope; one that does not exist and one outside are refused alike."""
        code: str = self.cleaned_data["unit"]
        if code and not Unit.objects.visible_to(self.reader).filter(code=code).exists():
            raise forms.ValidationError("Không có đơn vị này trong phạm vi được giao.")
        return code

    def say_unit(self, value: str) -> str:
        """The unit by name."""
        version = UnitVersion.objects.standing_on(self.day).filter(unit__code=value).first()
        return f"Đơn vị: {version.name if version else value}"

    @property
    def times(self) -> list[str]:
        """The times that are asked for, none: all."""
        return list(self.values.get("when", ()))

    def question(self) -> dict[str, Any] | None:
        """What `asked` takes beside reader and day; None when a filter cannot be read."""
        if not self.is_valid():
            return None
        kinds = self.values.get("kind") or self._kinds_by_time()
        return {
            "kinds": kinds,
            "unit": self.values.get("unit"),
            "is_own": self.values.get("own", False),
            "words": self.values.get("q", ""),
        }

    def asked(self) -> Asked | None:
        """The matters that pass the filters; None when one cannot be read."""
        question = self.question()
        try:
            return None if question is None else asked(user=self.reader, day=self.day, **question)
        except UnitNotFound:
            return None

    def _kinds_by_time(self) -> list[str]:
        """Lists that the law gives a day, and the standing ones only where they are asked for."""
        times = set(self.times)
        wants_standing, wants_dated = STANDING in times, not times or bool(times - {STANDING})
        return [made.key for made in lists_for(self.reader) if (wants_standing if made.is_standing else wants_dated)]
