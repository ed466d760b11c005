"""Forms of proposals."""

from __future__ import annotations

from django import forms

from hrdb.kernel.forms import DayField, GroupedForm
from training.models import Programme


class ProposalForm(GroupedForm):
    """A programme that the office asks for somebody, why, by when."""

    programme = forms.ModelChoiceField(
        Programme.objects.filter(is_open=True), label="Chương trình", empty_label="Chọn chương trình"
    )
    needed_by = DayField(label="Cần trước ngày", required=False)
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    widths = {"programme": "two-thirds", "needed_by": "third"}
