"""The period and the unit of form 10."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from hrdb.kernel.forms import DayField, GroupedForm
from training.statistics.form10 import Period


class PeriodForm(GroupedForm):
    """From a day to a day, and at or below which unit; the year of the asked day by default."""

    first = DayField(label="Từ ngày")
    last = DayField(label="Đến ngày")
    unit = forms.ChoiceField(label="Đơn vị cử", required=False)
    is_filter = True
    widths = {"first": "third", "last": "third", "unit": "third"}

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "Toàn bộ phạm vi"), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day not before the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "Ngày cuối phải không trước ngày đầu.")
        return cleaned

    @property
    def period(self) -> Period:
        """The period that is asked."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def year_of(day: date) -> Period:
    """The calendar year of a day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))
