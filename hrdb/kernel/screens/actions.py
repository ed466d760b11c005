"""The action shape: a page that names what will happen and asks, before an act with consequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from hrdb.kernel.screens.forms import FormScreen


class ReasonForm(forms.Form):
    """The reason of an act (lý do), kept in the history."""

    reason = forms.CharField(
        label="Lý do",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Được ghi vào lịch sử hồ sơ.",
    )

    def clean_reason(self) -> str:
        """A reason says something."""
        reason = " ".join(self.cleaned_data["reason"].split())
        if len(reason) < 5:
            raise forms.ValidationError("Lý do cần nói rõ hơn (từ 5 ký tự).")
        return reason


class ActionScreen(FormScreen):
    """An act on a record (thao tác): GET names what will happen and asks, POST does it through `save`.

    `get_consequences` lists in sentences what the act does; `is_destructive` paints the button for harm.
    """

    template_name = "shapes/action.html"
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm
    submit_label: ClassVar[str] = "Thực hiện"
    success_text: ClassVar[str] = "Đã thực hiện."
    question: ClassVar[str] = ""

    def get_question(self) -> str:
        """The question that the page asks."""
        return self.question

    def get_consequences(self) -> Sequence[str]:
        """What will happen, one sentence each."""
        return ()

    def context(self, **extra: Any) -> dict[str, Any]:
        """The page's context: the question and what will happen."""
        return super().context(question=self.get_question(), consequences=self.get_consequences()) | extra
