"""The form of a standard of ranks."""

from __future__ import annotations

from typing import Any

from django import forms

from hrdb.kernel.forms import DayField, GroupedForm
from personnel.choices import KIND_OF_REQUIREMENT, Confidence, RankGroup
from personnel.models import QualificationLevel
from training.statistics.person_needs import KIND_LABELS


class RankStandardForm(GroupedForm):
    """A level that holders of a group of ranks must have, from a day, on a ground."""

    group = forms.ChoiceField(label="Nhóm ngạch", choices=RankGroup.choices)
    level = forms.ChoiceField(label="Mức yêu cầu")
    effective_from = DayField(label="Áp dụng từ ngày")
    confidence = forms.ChoiceField(label="Mức kiểm chứng", choices=Confidence.choices)
    citation = forms.CharField(label="Căn cứ", max_length=250, help_text="Số, ngày văn bản quy định tiêu chuẩn ngạch.")
    widths = {"group": "half", "level": "half", "effective_from": "half", "confidence": "half"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = list(QualificationLevel.objects.exclude(group="none").order_by("rank", "position", "code"))
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (
                KIND_LABELS[str(kind)],
                [
                    (f"{requirement}:{level.code}", f"{KIND_LABELS[str(kind)]}: {level.name}")
                    for level in levels
                    if level.kind == kind
                ],
            )
            for requirement, kind in KIND_OF_REQUIREMENT.items()
        ]

    def standard_values(self) -> dict[str, Any]:
        """The fields of the standard."""
        cleaned = self.cleaned_data
        requirement, _, code = cleaned["level"].partition(":")
        names = ("group", "effective_from", "confidence", "citation")
        return {**{name: cleaned[name] for name in names}, "requirement": requirement, "value": code}
