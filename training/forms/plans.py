"""Forms of yearly plans and their foreseen classes."""

from __future__ import annotations

from typing import Any

from django import forms

from hrdb.kernel.forms import GroupedForm
from hrdb.kernel.screens.actions import ReasonForm
from training.forms.money import MoneyField
from training.models import Programme, TrainingPlan

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS = [("", "Chưa định"), *((str(month), f"Tháng {month}") for month in range(1, 13))]


class PlanForm(GroupedForm):
    """A plan: year, name, money."""

    year = forms.IntegerField(label="Năm", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    name = forms.CharField(label="Tên kế hoạch", max_length=250)
    budget = MoneyField(label="Kinh phí được giao (đồng)", required=False)
    widths = {"year": "third", "budget": "two-thirds"}


class NewPlanForm(PlanForm):
    """A plan that may begin with the classes of an earlier one."""

    copied = forms.ModelChoiceField(
        TrainingPlan.objects.none(), label="Chép các lớp từ kế hoạch", required=False, empty_label="Không chép"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copied"].queryset = TrainingPlan.objects.defer("content")  # type: ignore[attr-defined]


class PlannedForm(GroupedForm):
    """A foreseen class."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label="Chương trình")
    month = forms.TypedChoiceField(label="Tháng", choices=MONTHS, coerce=int, empty_value=None, required=False)
    seats = forms.IntegerField(label="Số chỗ", min_value=1, max_value=2000)
    budget = MoneyField(
        label="Kinh phí (đồng)", required=False, help_text="Để trống: số chỗ nhân kinh phí một người của chương trình."
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)
    widths = {"month": "third", "seats": "third", "budget": "third"}

    def __init__(self, *args: Any, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = Programme.objects.filter(is_open=True)
        if programme is not None:
            opened |= Programme.objects.filter(pk=programme.pk)
        self.fields["programme"].queryset = opened  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Without money, that of the programme for each seat."""
        cleaned = super().clean() or {}
        programme, seats = cleaned.get("programme"), cleaned.get("seats")
        if cleaned.get("budget") is None and programme is not None and seats and programme.cost is not None:
            cleaned["budget"] = programme.cost * seats
        return cleaned


class CommentForm(ReasonForm):
    """Why a plan is returned or opened again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Ý kiến, lý do"
