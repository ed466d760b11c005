"""Forms of classes, their sessions, documents, members, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm
from hrdb.kernel.screens.actions import ReasonForm
from personnel.models import Decision
from training.choices import MemberState, PlanState, StudyMode
from training.forms.money import MoneyField
from training.models import PlannedClass, Programme, TrainingClass
from training.services.certificates import LONGEST, MARK

#: Fields of a class that its form holds.
CLASS_FIELDS = (
    "programme", "planned", "code", "name", "begins_on", "ends_on", "nominate_by", "capacity", "mode", "host", "place",
    "trainers", "cost", "decision", "basis",
)  # fmt: skip


class ClassForm(GroupedForm):
    """The head of a class."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label="Chương trình")
    planned = forms.ModelChoiceField(
        PlannedClass.objects.none(), label="Theo dòng kế hoạch", required=False, empty_label="Ngoài kế hoạch"
    )
    code = forms.CharField(label="Mã lớp", max_length=40)
    name = forms.CharField(label="Tên lớp", max_length=250)
    begins_on = DayField(label="Từ ngày", required=False)
    ends_on = DayField(label="Đến ngày", required=False)
    nominate_by = DayField(label="Hạn cử người", required=False, help_text="Sau hạn chỉ cấp tỉnh cử được người.")
    capacity = forms.IntegerField(label="Số chỗ", min_value=1, max_value=2000)
    mode = forms.ChoiceField(label="Hình thức", choices=StudyMode.choices)
    host = forms.CharField(label="Cơ sở đào tạo", max_length=250, required=False)
    place = forms.CharField(
        label="Phòng học, địa điểm hoặc đường dẫn",
        max_length=250,
        required=False,
        help_text="Lớp trực tuyến: đường dẫn.",
    )
    trainers = forms.CharField(
        label="Giảng viên", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    cost = MoneyField(label="Kinh phí thực hiện (đồng)", required=False)
    number = forms.CharField(label="Số quyết định mở lớp", max_length=60, required=False)
    signed_on = DayField(label="Ngày ký", required=False)
    basis = forms.CharField(label="Căn cứ khác", max_length=250, required=False)

    groups = (
        ("Lớp học", ("programme", "planned", "code", "name")),
        ("Thời gian, số chỗ", ("begins_on", "ends_on", "nominate_by", "capacity", "mode")),
        ("Tổ chức", ("host", "place", "trainers", "cost")),
        ("Căn cứ", ("number", "signed_on", "basis")),
    )
    widths = {
        "programme": "half", "planned": "half", "code": "third", "name": "two-thirds", "begins_on": "third",
        "ends_on": "third", "nominate_by": "third", "capacity": "third", "mode": "third", "host": "half",
        "place": "half", "trainers": "two-thirds", "cost": "third", "number": "third", "signed_on": "third",
        "basis": "third",
    }  # fmt: skip

    def __init__(self, *args: Any, opened: TrainingClass | None = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        programmes = Programme.objects.filter(is_open=True)
        lines = PlannedClass.objects.filter(plan__state=PlanState.APPROVED)
        if opened is not None:
            programmes |= Programme.objects.filter(pk=opened.programme_id)
            lines |= PlannedClass.objects.filter(pk=opened.planned_id or 0)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        field: Any = self.fields["planned"]
        field.queryset = lines.select_related("plan", "programme").order_by("-plan__year", "month", "pk")
        field.label_from_instance = line_words

    def clean(self) -> dict[str, Any]:
        """Days in order; a decision that the reader knows from the register."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", ValidationError("Ngày kết thúc phải sau ngày bắt đầu.", code="impossible-order"))
        cleaned["decision"] = self._decision(cleaned)
        return cleaned

    def _decision(self, cleaned: Mapping[str, Any]) -> Decision | None:
        number, signed_on = cleaned.get("number"), cleaned.get("signed_on")
        if bool(number) != bool(signed_on):
            self.add_error("number", ValidationError("Quyết định cần cả số và ngày ký.", code="incomplete"))
        if not number or not signed_on:
            return None
        found: Decision | None = (
            Decision.objects.visible_to(self.user).issued().filter(number=number, signed_on=signed_on).first()
        )
        if found is None:
            message = "Không có quyết định số và ngày này trong sổ: hãy ghi vào sổ trước, hoặc ghi ở «Căn cứ khác»."
            self.add_error("number", ValidationError(message, code="unknown"))
        return found

    def class_values(self) -> dict[str, Any]:
        """The fields of the class."""
        return {name: self.cleaned_data.get(name) for name in CLASS_FIELDS}


def line_words(line: PlannedClass) -> str:
    """A line of a plan in words: year, month, programme, seats."""
    month = f" tháng {line.month}" if line.month else ""
    return f"{line.plan.year}{month}: {line.programme.name} ({line.seats} chỗ)"


class SessionForm(GroupedForm):
    """A session: day, subject, trainer."""

    day = DayField(label="Ngày")
    subject = forms.CharField(label="Nội dung", max_length=250)
    trainer = forms.CharField(label="Giảng viên", max_length=250, required=False)
    widths = {"day": "third", "subject": "two-thirds"}


class DocumentForm(forms.Form):
    """A document of the class: its name and the file."""

    title = forms.CharField(label="Tên tài liệu", max_length=250)
    scan = forms.FileField(
        label="Tệp PDF",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"required": "Hãy chọn tệp PDF."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].help_text = f"Tối đa {settings.SCAN_LARGEST_BYTES // 1_000_000} MB."


class WithdrawForm(ReasonForm):
    """Why a name is taken back."""


class NominationSheetForm(forms.Form):
    """A list of people to send, with personal numbers."""

    file = forms.FileField(label="Tệp danh sách", error_messages={"required": "Hãy chọn tệp."})


class CertificatesForm(GroupedForm):
    """How certificates are numbered."""

    pattern = forms.CharField(
        label="Mẫu số chứng chỉ", max_length=LONGEST, help_text=f"Dấu {MARK} là số thứ tự, ví dụ {MARK}/2026/CC-TCT."
    )
    first = forms.IntegerField(label="Số thứ tự đầu tiên", min_value=1, max_value=999_999)
    day = DayField(label="Ngày cấp")
    widths = {"pattern": "third", "first": "third", "day": "third"}


class CertificateForm(ReasonForm):
    """Number and day of one certificate; both empty takes it back."""

    number = forms.CharField(label="Số chứng chỉ", max_length=LONGEST, required=False)
    day = DayField(label="Ngày cấp", required=False, help_text="Để trống cả số và ngày: thu hồi chứng chỉ.")
    field_order = ("number", "day", "reason")


class ResultForm(ReasonForm):
    """A corrected result."""

    state = forms.ChoiceField(
        label="Kết quả",
        choices=[
            (MemberState.PASSED.value, MemberState.PASSED.label),
            (MemberState.FAILED.value, MemberState.FAILED.label),
        ],
    )
    score = CommaDecimalField(label="Điểm", required=False, max_digits=5, decimal_places=2, min_value=0, max_value=100)
    grade = forms.CharField(label="Xếp loại", max_length=100, required=False)
    field_order = ("state", "score", "grade", "reason")


class FollowForm(forms.Form):
    """What became of somebody after the class."""

    text = forms.CharField(
        label="Ghi nhận sau đào tạo", max_length=250, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
