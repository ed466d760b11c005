"""Forms of rounds: preparing, changing, moving on, approving; seats of a round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm, PartialDateField
from personnel.choices import ManagingLevel
from personnel.models import Title
from planning.rules.law import LAW

#: The keys of reference days, in the order of the form; their words stand in the parameter.
REFERENCE_KEYS = ("party_province", "party_commune", "state", "front", "party_above_grassroots", "party_grassroots")


def reference_name(key: str) -> str:
    """The name of the field of a reference day."""
    return f"reference_{key}"


class RoundForm(GroupedForm):
    """A round: code, name, term, approving level, days, and reference days of its own."""

    code = forms.CharField(label="Mã đợt", max_length=40)
    name = forms.CharField(label="Tên đợt", max_length=250)
    term = forms.RegexField(
        r"^\d{4}-\d{4}$",
        label="Nhiệm kỳ",
        max_length=9,
        error_messages={"invalid": "Ghi năm đầu và năm cuối, ví dụ 2030-2035."},
        help_text="Theo nhiệm kỳ cấp ủy; chức danh Nhà nước tính theo nhiệm kỳ tương ứng.",
    )
    level = forms.ChoiceField(label="Cấp phê duyệt")
    day = DayField(label="Ngày xét điều kiện", help_text="Điều kiện được xét theo quy định và hồ sơ tại ngày này.")
    due_on = DayField(label="Hạn giới thiệu nhân sự", required=False)

    groups = (
        ("Đợt quy hoạch", ("code", "name", "term", "level")),
        ("Thời gian", ("day", "due_on")),
        (
            "Mốc tính tuổi riêng, khi cấp phê duyệt quy định khác",
            tuple(reference_name(key) for key in REFERENCE_KEYS),
        ),
    )
    widths = {
        "code": "third",
        "name": "two-thirds",
        "term": "third",
        "level": "two-thirds",
        "day": "half",
        "due_on": "half",
        **{reference_name(key): "third" for key in REFERENCE_KEYS},
    }

    def __init__(self, *args: Any, levels: Sequence[ManagingLevel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]
        labels = LAW["reference_days/term_2030"].values[-1].labels
        for key in REFERENCE_KEYS:
            words = str(labels.get(key, key))
            self.fields[reference_name(key)] = PartialDateField(label=words[:1].upper() + words[1:], required=False)

    def clean(self) -> dict[str, Any]:
        """The deadline comes by the day of judging or later; reference days are months."""
        cleaned = super().clean() or {}
        term = cleaned.get("term")
        if term and int(term[:4]) >= int(term[5:]):
            self.add_error("term", ValidationError("Năm cuối phải sau năm đầu.", code="period-order"))
        return cleaned

    def round_values(self) -> dict[str, Any]:
        """The fields of the round."""
        cleaned = self.cleaned_data
        own: dict[str, str] = {}
        for key in REFERENCE_KEYS:
            said: PartialDate | None = cleaned.get(reference_name(key))
            if said is not None:
                own[key] = f"{said.value:%Y-%m}"
        return {
            **{name: cleaned[name] for name in ("code", "name", "term", "level", "day", "due_on")},
            "reference_days": own,
        }


class ReviewForm(GroupedForm):
    """A yearly review of an approved round; seats and people are taken over from it."""

    code = forms.CharField(label="Mã đợt", max_length=40)
    name = forms.CharField(label="Tên đợt", max_length=250)
    day = DayField(label="Ngày xét điều kiện")
    due_on = DayField(label="Hạn hoàn thành rà soát", required=False)
    widths = {"code": "third", "name": "two-thirds", "day": "half", "due_on": "half"}


class ReturnForm(forms.Form):
    """A comment with which a list or a part is returned."""

    reason = forms.CharField(label="Ý kiến trả lại", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class PlainForm(forms.Form):
    """Nothing to fill in: the step itself is asked."""


class ApprovalForm(GroupedForm):
    """The approval of a list: its day and the decision of the approving level, by number, day of signing and issuer."""

    day = DayField(label="Ngày phê duyệt")
    number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    signed_on = DayField(label="Ngày ký", required=False)
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=250, required=False)
    widths = {"day": "third", "number": "third", "signed_on": "third"}

    def clean(self) -> dict[str, Any]:
        """A decision is known by number, day and issuer together."""
        cleaned = super().clean() or {}
        given = [bool(cleaned.get(name)) for name in ("number", "signed_on", "issuer")]
        if any(given) and not all(given):
            message = "Quyết định cần cả số, ngày ký và cơ quan ban hành."
            self.add_error("number", ValidationError(message, code="incomplete"))
        return cleaned


class AddSeatsForm(forms.Form):
    """Which titles, of which units: declared seats, and on request titles of units that declared none."""

    titles = forms.MultipleChoiceField(
        label="Chức danh", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Hãy chọn chức danh."}
    )
    unit = forms.CharField(
        label="Chỉ ở đơn vị này và đơn vị trực thuộc",
        max_length=40,
        required=False,
        help_text="Mã đơn vị; để trống: toàn phạm vi.",
    )
    undeclared = forms.BooleanField(
        label="Cả đơn vị có chức danh này theo danh mục mà chưa khai ghế (mỗi đơn vị một ghế)", required=False
    )

    def __init__(self, *args: Any, titles: Sequence[tuple[Title, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["titles"].choices = [  # type: ignore[attr-defined]
            (str(title.pk), f"{title.name} · {count} ghế" if count else title.name) for title, count in titles
        ]


class SeatForm(GroupedForm):
    """Number of seats, coefficient of a body, a reference day of the seat's own."""

    number = forms.IntegerField(label="Số ghế", min_value=1, max_value=300)
    coefficient = CommaDecimalField(label="Hệ số", required=False, max_digits=3, decimal_places=2)
    reference_day = DayField(
        label="Mốc tính tuổi riêng", required=False, help_text="Để trống: theo mốc của đợt và của quy định."
    )
    widths = {"number": "third", "coefficient": "third", "reference_day": "third"}

    def __init__(self, *args: Any, is_body: bool, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_body:
            del self.fields["coefficient"]
            return
        held = LAW["places/coefficient"].at(day)
        self.fields["number"].label = "Số lượng thành viên"
        if held is not None and held.value is not None:
            low, most = held.value["low"], held.value["most"]
            field = self.fields["coefficient"]
            field.help_text = f"Từ {low} đến {most}, làm tròn lên ({held.citation.text})."
            field.validators += [
                MinValueValidator(low, "Hệ số nhỏ nhất là %(limit_value)s."),
                MaxValueValidator(most, "Hệ số lớn nhất là %(limit_value)s."),
            ]
