"""Forms of the texts of decisions: what to write of many, and an office's own template."""

from __future__ import annotations

from typing import Any

from django import forms

from hrdb.kernel.screens.actions import ReasonForm
from personnel.models import Unit

WORD, PDF, BOTH = "docx", "pdf", "both"
FORMATS = [(WORD, "Word (.docx) theo mẫu của đơn vị"), (PDF, "PDF theo mẫu chuẩn"), (BOTH, "Cả hai")]


class TextOrderForm(forms.Form):
    """What to write of a selection of decisions."""

    format = forms.ChoiceField(label="Định dạng", choices=FORMATS, widget=forms.RadioSelect, initial=WORD)
    by_person = forms.BooleanField(
        label="Mỗi người một văn bản",
        required=False,
        help_text="Dùng khi quyết định nhiều người cần bản riêng cho từng người.",
    )


class TemplateForm(forms.Form):
    """A template that an office sends."""

    file = forms.FileField(
        label="Tệp mẫu",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "Hãy chọn tệp mẫu .docx.", "empty": "Tệp rỗng."},
    )


class DropTemplateForm(ReasonForm):
    """Why an office goes back to the built-in template."""


class OfficeForm(forms.Form):
    """Of which office the templates are shown."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Đơn vị", required=False, to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(code__in=[code for code, _ in offices])
        field.choices = offices
