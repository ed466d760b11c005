"""Forms of the workbook pages: what is sent, and why the record is corrected."""

from __future__ import annotations

from typing import Any

from django import forms

from personnel.forms.fields import LinesField
from personnel.forms.rosters import FileForm

SHORTEST_REASON = 5


class WorkbookForm(FileForm):
    """A workbook to be compared with the record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "Tệp sổ hồ sơ"
        self.fields["file"].error_messages["required"] = "Hãy chọn tệp sổ hồ sơ."


class WriteForm(forms.Form):
    """How a checked workbook is written: a reason wherever something that stands in the record changes."""

    reason = LinesField(
        label="Lý do đính chính, xóa",
        required=False,
        max_length=500,
        help_text="Được ghi vào lịch sử của mọi dòng thay đổi.",
        error_messages={"required": "Tệp có đính chính hoặc xóa dòng: hãy ghi lý do."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_reason = needs_reason
        self.fields["reason"].required = needs_reason

    def clean_reason(self) -> str:
        """A reason that says something."""
        reason = str(self.cleaned_data["reason"])
        if self.needs_reason and len(reason) < SHORTEST_REASON:
            raise forms.ValidationError(f"Lý do cần nói rõ hơn (từ {SHORTEST_REASON} ký tự).")
        return reason
