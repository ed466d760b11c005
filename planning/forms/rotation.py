"""Forms of rotation: plans, the rotations of each, their course, and what the province rules."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from appraisal.choices import LevelChoice
from hrdb.kernel.forms import DayField, GroupedForm
from hrdb.kernel.models import User
from personnel.choices import Confidence, ManagingLevel
from personnel.forms.lookups import LookupField
from personnel.models import Decision, Title
from planning.choices import (
    RULES_OF_TITLES,
    RotationDirection,
    RotationOutcome,
    RotationPurpose,
    RotationRuleKind,
)

NOT_CHOSEN = "Chưa chọn"
YES_NO_UNKNOWN = (("", "Chưa rõ"), ("yes", "Có"), ("no", "Không"))


def _lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlanHeadForm(GroupedForm):
    """Name and aims of a plan."""

    name = forms.CharField(label="Tên kế hoạch", max_length=250)
    aims = forms.CharField(
        label="Mục đích, yêu cầu",
        required=False,
        max_length=4000,
        widget=_lines(4),
        help_text="Chủ trương, căn cứ; được in trong văn bản kế hoạch.",
    )


class PlanForm(PlanHeadForm):
    """A plan: year, level, the office that makes it."""

    year = forms.IntegerField(
        label="Năm",
        min_value=1990,
        max_value=2100,
        error_messages={"min_value": "Năm phải từ 1990 đến 2100.", "max_value": "Năm phải từ 1990 đến 2100."},
    )
    level = forms.ChoiceField(label="Cấp phê duyệt")
    unit = forms.TypedChoiceField(label="Đơn vị lập", coerce=int)
    field_order = ("year", "level", "unit", "name", "aims")
    widths = {"year": "third", "level": "two-thirds"}

    def __init__(
        self, *args: Any, offices: Mapping[int, Sequence[ManagingLevel]], names: Mapping[int, str], **kwargs: Any
    ) -> None:
        self.offices = offices
        super().__init__(*args, **kwargs)
        levels = [level for level in ManagingLevel if any(level in held for held in offices.values())]
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(pk, names.get(pk, "")) for pk in offices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The level is one of those of the office."""
        cleaned = super().clean() or {}
        unit, level = cleaned.get("unit"), cleaned.get("level")
        if unit is not None and level and level not in self.offices.get(unit, ()):
            self.add_error("level", ValidationError("Đơn vị này không lập kế hoạch của cấp phê duyệt đã chọn."))
        return cleaned


class ItemForm(GroupedForm):
    """One rotation: where to, as what, why, when, and what only the officer can confirm."""

    purpose = forms.ChoiceField(label="Mục đích", choices=RotationPurpose.choices)
    title = forms.ModelChoiceField(
        Title.objects.none(),
        label="Chức vụ nơi đến",
        empty_label=NOT_CHOSEN,
        error_messages={"required": "Hãy chọn chức vụ nơi đến.", "invalid_choice": "Hãy chọn chức vụ trong danh mục."},
    )
    direction = forms.ChoiceField(
        label="Hướng luân chuyển",
        choices=[("", "Tự xác định theo nơi đi, nơi đến"), *RotationDirection.choices],
        required=False,
    )
    begins_on = DayField(label="Dự kiến từ ngày", help_text="Điều kiện được xét theo quy định của ngày này.")
    ends_on = DayField(
        label="Dự kiến đến ngày", required=False, help_text="Để trống: đủ thời gian luân chuyển tối thiểu."
    )
    reason = forms.CharField(label="Lý do, yêu cầu nhiệm vụ", max_length=500, required=False, widget=_lines())
    benefits = forms.CharField(
        label="Chế độ, chính sách được hưởng",
        max_length=500,
        required=False,
        widget=_lines(),
        help_text="Nhà ở công vụ, đi lại, hỗ trợ theo quy định của tỉnh; bảo lưu phụ cấp được tính tự động.",
    )
    is_clear = forms.BooleanField(
        label="Đã xác nhận không bị xem xét kỷ luật, điều tra, truy tố, xét xử", required=False
    )
    is_movable = forms.BooleanField(
        label="Đã xác nhận không điều trị bệnh, không đi học dài hạn, không có hoàn cảnh khó khăn", required=False
    )
    has_written_wish = forms.BooleanField(
        label="Có đơn tự nguyện (đang mang thai hoặc nuôi con dưới 36 tháng tuổi)", required=False
    )
    is_local = forms.ChoiceField(label="Là người địa phương nơi đến", choices=YES_NO_UNKNOWN, required=False)
    is_extra = forms.BooleanField(label="Bố trí tăng thêm chức danh so với số lượng quy định", required=False)

    field_order = ("to_unit", "title", "purpose", "direction")
    groups = (
        ("Nơi đến", ("to_unit", "title", "purpose", "direction")),
        ("Thời gian", ("begins_on", "ends_on")),
        ("Nội dung", ("reason", "benefits")),
        ("Xác nhận", ("is_local", "is_clear", "is_movable", "has_written_wish", "is_extra")),
    )
    widths = {
        "title": "half",
        "purpose": "half",
        "direction": "half",
        "begins_on": "half",
        "ends_on": "half",
        "is_local": "third",
    }

    def __init__(
        self, *args: Any, user: User | None, day: datetime.date, kept: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"] = LookupField(
            "unit",
            user=user,
            day=day,
            kept=kept,
            label="Nơi đến",
            help_text="Gõ tên hoặc mã đơn vị trong phạm vi được giao.",
            error_messages={"required": "Hãy chọn nơi đến."},
        )
        self.order_fields(self.field_order)
        titles = Title.objects.filter(is_leadership=True, rank__isnull=False)
        self.fields["title"].queryset = titles.order_by("rank", "position", "code")  # type: ignore[attr-defined]

    def clean_is_local(self) -> bool | None:
        """Yes, no, or not known."""
        return {"yes": True, "no": False}.get(self.cleaned_data["is_local"])

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins and ends and ends <= begins:
            self.add_error("ends_on", ValidationError("Ngày kết thúc phải sau ngày bắt đầu.", code="period-order"))
        return cleaned


class DecisionForm(forms.Form):
    """Which decision of the register."""

    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label="Quyết định trong sổ",
        empty_label=NOT_CHOSEN,
        error_messages={
            "required": "Hãy chọn quyết định.",
            "invalid_choice": "Hãy chọn một quyết định trong danh sách.",
        },
    )

    def __init__(self, *args: Any, decisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]


class EvaluationForm(GroupedForm):
    """What the receiving unit says of a year."""

    year = forms.IntegerField(label="Năm")
    level = forms.ChoiceField(
        label="Mức xếp loại", choices=[("", "Không xếp loại"), *LevelChoice.choices], required=False
    )
    is_final = forms.BooleanField(label="Nhận xét khi kết thúc luân chuyển", required=False)
    text = forms.CharField(
        label="Nhận xét của nơi đến",
        max_length=4000,
        widget=_lines(5),
        error_messages={"required": "Hãy ghi nhận xét."},
    )
    widths = {"year": "third", "level": "two-thirds"}


class EndForm(GroupedForm):
    """The end of a rotation: when, what became of it, by which decision."""

    ended_on = DayField(label="Kết thúc từ ngày", help_text="Ngày đầu tiên không còn luân chuyển.")
    outcome_kind = forms.ChoiceField(label="Bố trí sau luân chuyển", choices=RotationOutcome.choices)
    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label="Quyết định kết thúc, bố trí",
        empty_label="Chưa có trong sổ",
        required=False,
    )
    outcome = forms.CharField(
        label="Kết quả, lý do",
        max_length=500,
        required=False,
        widget=_lines(3),
        help_text="Bắt buộc khi kết thúc trước thời gian luân chuyển tối thiểu.",
    )
    widths = {"ended_on": "third", "outcome_kind": "two-thirds"}

    def __init__(self, *args: Any, decisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]


class RuleForm(GroupedForm):
    """What the province rules: its kind, to what it applies, from when, on which ground."""

    kind = forms.ChoiceField(label="Loại quy định", choices=RotationRuleKind.choices)
    title = forms.ModelChoiceField(
        Title.objects.none(), label="Chức danh", empty_label="Không theo chức danh", required=False
    )
    job_code = forms.CharField(
        label="Mã vị trí việc làm", max_length=40, required=False, help_text="Cho vị trí không có chức danh riêng."
    )
    months = forms.IntegerField(
        label="Thời hạn (tháng)",
        min_value=1,
        max_value=600,
        required=False,
        help_text="Thời gian giữ vị trí tối đa trước khi chuyển đổi.",
    )
    text = forms.CharField(label="Nội dung", max_length=500, required=False, widget=_lines(3))
    effective_from = DayField(label="Áp dụng từ ngày")
    basis = forms.CharField(
        label="Căn cứ", max_length=250, help_text="Số, ngày văn bản; ví dụ Quyết định 15/2026/QĐ-UBND ngày 01/03/2026."
    )
    confidence = forms.ChoiceField(label="Mức kiểm chứng", choices=Confidence.choices)
    groups = (
        ("Nội dung", ("kind", "title", "unit", "job_code", "months", "text")),
        ("Căn cứ", ("effective_from", "confidence", "basis")),
    )
    widths = {
        "title": "half",
        "unit": "half",
        "job_code": "half",
        "months": "half",
        "effective_from": "half",
        "confidence": "half",
    }

    def __init__(self, *args: Any, user: User | None, day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = LookupField("unit", user=user, day=day, label="Chỉ ở đơn vị", required=False)
        self.fields["title"].queryset = Title.objects.order_by("rank", "position", "code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Each kind says what it needs."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == RotationRuleKind.BENEFIT and not cleaned.get("text"):
            self.add_error("text", ValidationError("Hãy ghi nội dung chế độ.", code="required"))
        if kind == RotationRuleKind.PERIODIC:
            if not cleaned.get("months"):
                self.add_error("months", ValidationError("Hãy ghi thời hạn phải chuyển đổi.", code="required"))
            if not cleaned.get("title") and not cleaned.get("job_code"):
                words = "Hãy chọn chức danh hoặc ghi mã vị trí việc làm."
                self.add_error("title", ValidationError(words, code="required"))
        elif kind in RULES_OF_TITLES and not cleaned.get("title"):
            self.add_error("title", ValidationError("Hãy chọn chức danh.", code="required"))
        return cleaned
