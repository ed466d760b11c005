"""Forms of dossiers: the papers of one person row by row, and one paper that came for everybody of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from hrdb.kernel.forms import DayField
from personnel.rules.dossier import Dossier, Paper
from personnel.services.decisions.case_papers import LONGEST_NOTE
from personnel.services.decisions.dossiers import EnteredPaper


@dataclass(frozen=True)
class PaperFields:
    """The fields of one paper, as a row of the table has them."""

    paper: Paper
    there: forms.BoundField
    day: forms.BoundField
    note: forms.BoundField


class DossierForm(forms.Form):
    """What came of each paper."""

    def __init__(self, *args: Any, asked: Dossier, entered: Mapping[str, EnteredPaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for paper in asked.papers:
            held = entered.get(paper.key, EnteredPaper(False))
            label = paper.label
            self.fields[f"there_{paper.key}"] = forms.BooleanField(
                label=f"Đã có: {label}", required=False, initial=held.is_there
            )
            self.fields[f"day_{paper.key}"] = DayField(label=f"Ngày: {label}", required=False, initial=held.issued_on)
            self.fields[f"note_{paper.key}"] = forms.CharField(
                label=f"Ghi chú: {label}", required=False, max_length=LONGEST_NOTE, initial=held.note
            )
            for name in ("there", "day", "note"):
                self.fields[f"{name}_{paper.key}"].widget.attrs["aria-label"] = self.fields[f"{name}_{paper.key}"].label

    def rows(self) -> Iterator[PaperFields]:
        """The papers in order."""
        for paper in self.asked.papers:
            yield PaperFields(paper, self[f"there_{paper.key}"], self[f"day_{paper.key}"], self[f"note_{paper.key}"])

    def entered(self, *, everything: bool = False) -> dict[str, EnteredPaper]:
        """What was said; a date or `everything` says that the paper is there."""
        told = self.cleaned_data
        found = {}
        for paper in self.asked.papers:
            day, note = told[f"day_{paper.key}"], told[f"note_{paper.key}"]
            is_there = bool(told[f"there_{paper.key}"] or day or everything)
            found[paper.key] = EnteredPaper(is_there, day, note)
        return found


class PaperForEverybody(forms.Form):
    """Papers that came once for everybody of the decision (tờ trình, biên bản)."""

    papers = forms.MultipleChoiceField(
        label="Đã có với mọi người",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một thành phần."},
    )
    day = DayField(label="Ngày", required=False)
    note = forms.CharField(label="Ghi chú", required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, asked: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["papers"]
        field.choices = [(paper.key, paper.label) for paper in asked.papers]
