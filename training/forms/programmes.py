"""Forms of programmes: what they give, how long, at which cost, whom they admit; seats of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hrdb.kernel.forms import GroupedForm
from personnel.choices import Confidence, QualificationKind
from personnel.models import Language, QualificationLevel, Title
from training.choices import ProgrammeKind, StudyMode
from training.forms.money import MoneyField
from training.models import Programme
from training.statistics.person_needs import KIND_LABELS

LANGUAGES = (QualificationKind.FOREIGN_LANGUAGE, QualificationKind.ETHNIC_LANGUAGE)
_BLANK = ("", "Không")


class ProgrammeForm(GroupedForm):
    """A programme: the qualification it gives is chosen with its level, conditions are fields of their own."""

    code = forms.CharField(label="Mã chương trình", max_length=40)
    name = forms.CharField(label="Tên chương trình", max_length=250)
    kind = forms.ChoiceField(label="Loại", choices=ProgrammeKind.choices)
    mode = forms.ChoiceField(label="Hình thức", choices=StudyMode.choices)
    days = forms.IntegerField(label="Số ngày học", min_value=1, max_value=2_000, required=False)
    host = forms.CharField(label="Cơ sở đào tạo", max_length=250, required=False)
    cost = MoneyField(label="Kinh phí một người (đồng)", required=False, most_digits=12)
    gives = forms.ChoiceField(
        label="Trình độ được ghi vào hồ sơ",
        required=False,
        help_text="Người học đạt thì hồ sơ có thêm trình độ này; nhu cầu tính theo đúng trình độ này.",
    )
    language = forms.ModelChoiceField(
        Language.objects.all(), label="Ngôn ngữ", required=False, empty_label="Không phải ngoại ngữ, tiếng dân tộc"
    )
    certificate = forms.CharField(label="Tên chứng chỉ", max_length=250, required=False)
    valid_months = forms.IntegerField(
        label="Hiệu lực chứng chỉ (tháng)",
        min_value=1,
        max_value=600,
        required=False,
        help_text="Để trống: không có thời hạn.",
    )
    max_age = forms.IntegerField(label="Tuổi không quá", min_value=18, max_value=80, required=False)
    min_years = forms.IntegerField(label="Số năm công tác từ", min_value=0, max_value=50, required=False)
    degree = forms.ChoiceField(label="Trình độ chuyên môn từ", required=False)
    party = forms.BooleanField(label="Phải là đảng viên", required=False)
    is_planned = forms.BooleanField(label="Phải trong quy hoạch", required=False)
    titles = forms.MultipleChoiceField(
        label="Giữ một trong các chức danh",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Không chọn: mọi chức danh. Giữ phím Ctrl để chọn nhiều chức danh.",
    )
    citation = forms.CharField(
        label="Căn cứ", max_length=250, required=False, help_text="Số, ngày văn bản quy định chương trình."
    )
    confidence = forms.ChoiceField(label="Mức kiểm chứng", choices=Confidence.choices)
    groups = (
        ("Chương trình", ("code", "name", "kind", "mode", "days", "host", "cost")),
        ("Kết quả", ("gives", "language", "certificate", "valid_months")),
        ("Điều kiện dự học", ("max_age", "min_years", "degree", "party", "is_planned", "titles")),
        ("Căn cứ", ("citation", "confidence")),
    )
    widths = {
        "code": "third",
        "name": "two-thirds",
        "kind": "half",
        "mode": "quarter",
        "days": "quarter",
        "host": "two-thirds",
        "cost": "third",
        "gives": "half",
        "language": "half",
        "certificate": "two-thirds",
        "valid_months": "third",
        "max_age": "third",
        "min_years": "third",
        "degree": "third",
        "party": "half",
        "is_planned": "half",
        "citation": "two-thirds",
        "confidence": "third",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = list(QualificationLevel.objects.exclude(group="none").order_by("kind", "rank", "position", "code"))
        self._levels = {f"{level.kind}:{level.code}": level for level in levels}
        self._choose("gives", _gives_choices(levels))
        degrees = [level for level in levels if level.kind == QualificationKind.PROFESSIONAL]
        self._choose("degree", [("", "Không yêu cầu"), *((level.code, level.name) for level in degrees)])
        titles = Title.objects.filter(valid_until__isnull=True).order_by("position", "code")
        self._choose("titles", list(titles.values_list("code", "name")))

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A language belongs to a qualification in languages."""
        cleaned = super().clean() or {}
        kind = str(cleaned.get("gives") or "").partition(":")[0]
        if cleaned.get("language") is not None and kind not in LANGUAGES:
            self.add_error("language", ValidationError("Chỉ chọn ngôn ngữ cho trình độ ngoại ngữ, tiếng dân tộc."))
        return cleaned

    def programme_values(self) -> dict[str, Any]:
        """The fields of the programme."""
        cleaned = self.cleaned_data
        own = ("code", "name", "kind", "mode", "days", "host", "cost", "language", "certificate", "valid_months")
        return {
            **{name: cleaned[name] for name in (*own, "citation", "confidence")},
            "gives": cleaned["gives"].partition(":")[0],
            "level": self._levels.get(cleaned["gives"]),
            "conditions": {
                key: value
                for key in ("max_age", "min_years", "party", "degree", "titles", "is_planned")
                if (value := cleaned[key]) not in (None, "", False, [])
            },
        }


def initial_of(programme: Programme) -> Mapping[str, Any]:
    """A programme as the form shows it."""
    names = ("code", "name", "kind", "mode", "days", "host", "cost", "language", "certificate", "valid_months")
    level = programme.level
    return {
        **{name: getattr(programme, name) for name in (*names, "citation", "confidence")},
        "gives": f"{programme.gives}:{level.code if level is not None else ''}" if programme.gives else "",
        **programme.conditions,
    }


def _gives_choices(levels: Sequence[QualificationLevel]) -> list[Any]:
    """Levels by kind, and of each kind the qualification without a level."""
    groups: list[Any] = [("", "Không ghi trình độ vào hồ sơ")]
    for kind, words in KIND_LABELS.items():
        own = [(f"{kind}:{level.code}", f"{words}: {level.name}") for level in levels if level.kind == kind]
        groups.append((words, [*own, (f"{kind}:", f"{words}: không xếp bậc")]))
    return groups


class AllotmentForm(GroupedForm):
    """How many seats a school gave for a year."""

    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100, localize=False)
    seats = forms.IntegerField(label="Số chỗ được giao", min_value=0, max_value=30_000)
    note = forms.CharField(label="Văn bản giao, ghi chú", max_length=250, required=False)
    widths = {"year": "third", "seats": "third"}
