"""Forms of candidates: object, source, training plan; taking off; passing over a condition."""

from __future__ import annotations

from django import forms

from hrdb.kernel.forms import DayField, GroupedForm
from planning.choices import CandidateObject, CandidateSource


class CandidateForm(GroupedForm):
    """What may be changed of a candidate while the round is open."""

    object = forms.TypedChoiceField(label="Đối tượng", choices=CandidateObject.choices, coerce=int)
    source = forms.ChoiceField(label="Nguồn", choices=CandidateSource.choices)
    training_plan = forms.CharField(
        label="Kế hoạch đào tạo, bồi dưỡng",
        max_length=500,
        required=False,
        help_text="Đối tượng 2 chưa có trình độ lý luận chính trị theo yêu cầu phải có kế hoạch đào tạo.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label="Lý do giới thiệu", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    widths = {"object": "half", "source": "half"}


class OverrideForm(forms.Form):
    """The reason for which a condition is passed over; empty takes it back."""

    reason = forms.CharField(
        label="Lý do cho qua",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi căn cứ, ý kiến của cấp có thẩm quyền. Để trống: bỏ lý do đã ghi.",
    )


class RemoveForm(GroupedForm):
    """Taking somebody off an approved list at once."""

    day = DayField(label="Đưa ra từ ngày")
    number = forms.CharField(label="Số quyết định (nếu có)", max_length=60, required=False)
    signed_on = DayField(label="Ngày ký", required=False)
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    widths = {"day": "third", "number": "third", "signed_on": "third"}
