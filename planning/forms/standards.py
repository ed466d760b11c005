"""Forms of title standards and of structure targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm
from personnel.choices import Confidence, ManagingLevel
from personnel.rules.standards import REQUIREMENTS as KINDS
from planning.rules.structure import METRIC_LABELS
from planning.services.standards import REQUIREMENTS


class StandardForm(GroupedForm):
    """What one title asks, from a day, on a ground."""

    effective_from = DayField(label="Áp dụng từ ngày")
    confidence = forms.ChoiceField(label="Mức kiểm chứng", choices=Confidence.choices)
    citation = forms.CharField(
        label="Căn cứ", max_length=250, help_text="Số, ngày văn bản; ví dụ Quy định 09-QĐ/TU ngày 13/11/2025."
    )
    groups = (("Mức yêu cầu", REQUIREMENTS), ("Căn cứ", ("effective_from", "confidence", "citation")))
    widths = {**dict.fromkeys(REQUIREMENTS, "half"), "effective_from": "half", "confidence": "half"}

    def __init__(self, *args: Any, levels: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in REQUIREMENTS:
            choices = [("", "Chưa khai"), *levels[key].items()]
            self.fields[key] = forms.ChoiceField(label=KINDS[key].label, choices=choices, required=False)


class StandardSheetForm(forms.Form):
    """The sheet of standards, filled in."""

    file = forms.FileField(
        label="Bảng tiêu chuẩn chức danh", error_messages={"required": "Hãy chọn tệp bảng tiêu chuẩn."}
    )


class TargetForm(GroupedForm):
    """A share that an approving level asks of its lists, by decision, from a day."""

    level = forms.ChoiceField(label="Cấp phê duyệt")
    metric = forms.ChoiceField(label="Tiêu chí", choices=list(METRIC_LABELS.items()))
    percent = CommaDecimalField(label="Tỷ lệ (%)", min_value=0, max_value=100, max_digits=5, decimal_places=2)
    effective_from = DayField(label="Áp dụng từ ngày")
    basis = forms.CharField(label="Căn cứ", max_length=250, help_text="Số, ngày văn bản của cấp phê duyệt.")
    confidence = forms.ChoiceField(label="Mức kiểm chứng", choices=Confidence.choices)
    widths = {
        "level": "two-thirds",
        "metric": "third",
        "percent": "third",
        "effective_from": "third",
        "confidence": "third",
    }

    def __init__(self, *args: Any, levels: list[ManagingLevel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]
