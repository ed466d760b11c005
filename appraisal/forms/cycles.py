"""Forms of cycles and submissions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from appraisal.choices import CycleKind
from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.screens import ReasonForm
from personnel.forms.fields import LineField, LinesField


class CycleForm(GroupedForm):
    """A cycle to be opened."""

    groups = (
        ("Kỳ đánh giá", ("kind", "code", "name", "rates_party")),
        ("Thời gian", ("begins_on", "ends_on", "due_on")),
    )
    widths = {"kind": "half", "code": "half", "begins_on": "third", "ends_on": "third", "due_on": "third"}

    kind = forms.ChoiceField(label="Loại kỳ", choices=CycleKind.choices)
    code = LineField(label="Mã kỳ", max_length=40, help_text="Ví dụ 2026, 2026-Q1. Dùng khi nhập tệp và trong địa chỉ.")
    name = LineField(label="Tên kỳ", max_length=200, help_text="Ví dụ: Đánh giá, xếp loại năm 2026.")
    rates_party = forms.BooleanField(
        label="Xếp loại cả đảng viên trong kỳ này",
        required=False,
        initial=True,
        help_text="Khi đánh dấu, đơn vị chỉ trình được khi mọi đảng viên đã có mức xếp loại đảng viên.",
    )
    begins_on = DayField(label="Từ ngày")
    ends_on = DayField(label="Đến hết ngày")
    due_on = DayField(
        label="Phải xong trước ngày",
        required=False,
        help_text="Để trống với kỳ năm: theo quy định đang áp dụng.",
    )

    def clean(self) -> dict[str, Any]:
        """The period goes forward."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins and ends and ends <= begins:
            self.add_error("ends_on", ValidationError("Ngày cuối kỳ phải sau ngày đầu kỳ."))
        due = cleaned.get("due_on")
        if begins and due and due <= begins:
            self.add_error("due_on", ValidationError("Hạn phải sau ngày đầu kỳ."))
        return cleaned


class DeadlineForm(ReasonForm):
    """Another deadline, with the reason."""

    due_on = DayField(label="Phải xong trước ngày")


class CommentForm(forms.Form):
    """What an approver says when a unit's ratings are returned."""

    comment = LinesField(label="Ý kiến trả lại", min_length=5, max_length=2000)
