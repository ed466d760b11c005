"""Forms of ratings: the cells of a person's row, its further fields, a unit's own rating, a correction by decision."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from appraisal.choices import Exclusion, LevelChoice
from appraisal.models import Rating
from appraisal.statistics.checking import OFF_DUTY, OFF_DUTY_REASON, SAID_GROUNDS
from hrdb.kernel.forms import CommaDecimalField, GroupedForm
from hrdb.kernel.screens.formats import number_text
from personnel.forms.fields import LineField, LinesField
from personnel.models import Decision

_NUMBER: Final = re.compile(r"[-+]?[\d.]*\d(,\d*)?")
#: A reason for no rating stands in the cell of the level behind this mark.
EXCLUDED: Final = "x:"
LEVEL_CHOICES: Final = [("", "—"), *LevelChoice.choices]
REASON_CHOICES: Final = [(f"{EXCLUDED}{key}", label) for key, label in Exclusion.choices]
LEVELS_AND_REASONS: Final = [*LEVEL_CHOICES, *REASON_CHOICES]

GROUND_LABELS: Final = {
    "degraded": "Có kết luận suy thoái, tự diễn biến, tự chuyển hóa",
    "corruption": "Tham nhũng trong phạm vi phụ trách bị xử lý kỷ luật",
    "off_duty": "Kỷ luật trong năm không liên quan đến công vụ (không tính vào xếp loại)",
}


class ScoreField(CommaDecimalField):
    """A score as people write it: digits with a comma, no powers of ten."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number, None when empty; «1e2» is none."""
        if isinstance(value, str) and value.strip() and not _NUMBER.fullmatch(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def score_field(label: str) -> CommaDecimalField:
    """A score of the whole scale."""
    sentence = f"{label} phải từ 0 đến 100."
    return ScoreField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        error_messages={"min_value": sentence, "max_value": sentence},
    )


def part_field(label: str) -> CommaDecimalField:
    """A part of a score; its frame is the law's of the cycle's last day, which the checker of entry knows."""
    return ScoreField(label=label, required=False, max_digits=5, decimal_places=2)


class CellsForm(forms.Form):
    """The cells of one row of the grid; each may be sent by itself."""

    self_score = score_field("Điểm tự chấm")
    general_score = part_field("Điểm tiêu chí chung")
    results_score = part_field("Điểm kết quả thực hiện nhiệm vụ")
    score = score_field("Điểm")
    proposed_level = forms.ChoiceField(label="Mức tập thể đề nghị", choices=LEVEL_CHOICES, required=False)
    level = forms.ChoiceField(label="Mức xếp loại", required=False, choices=LEVELS_AND_REASONS)
    party_level = forms.ChoiceField(label="Mức xếp loại đảng viên", choices=LEVEL_CHOICES, required=False)
    note = LineField(label="Ghi chú", max_length=500, required=False)

    def values(self, *names: str) -> dict[str, Any]:
        """The clean values of some cells as services take them; a level may be a reason for none."""
        found = {name: self.cleaned_data[name] for name in names}
        return found | level_values(found["level"]) if "level" in found else found


def level_values(chosen: str) -> dict[str, str]:
    """A level, or a reason for none, as the two fields that hold them."""
    if chosen.startswith(EXCLUDED):
        return {"level": "", "exclusion": chosen.removeprefix(EXCLUDED)}
    return {"level": chosen, "exclusion": ""}


#: The cells in the order of the grid.
CELLS: Final = tuple(CellsForm.base_fields)


def shown_cell(row: Rating | None, name: str) -> str:
    """What stands in a cell, as its field shows it."""
    if row is None:
        return ""
    if name == "level" and row.exclusion:
        return f"{EXCLUDED}{row.exclusion}"
    value = getattr(row, name)
    if value is None:
        return ""
    return number_text(value).replace(".", "") if name.endswith("score") else str(value)


class PersonForm(GroupedForm):
    """Everything that is entered of one person."""

    groups = (
        ("Điểm", ("self_score", "general_score", "results_score", "score")),
        ("Mức xếp loại", ("proposed_level", "level", "party_level")),
        ("Ý kiến, điểm của đơn vị cũ", ("collective_opinion", "previous_scores", "note")),
        ("Trường hợp đặc biệt", (*GROUND_LABELS, OFF_DUTY_REASON)),
    )
    widths = {
        "self_score": "quarter",
        "general_score": "quarter",
        "results_score": "quarter",
        "score": "quarter",
        "proposed_level": "third",
        "level": "third",
        "party_level": "third",
    }

    self_score = score_field("Điểm tự chấm")
    general_score = part_field("Điểm tiêu chí chung")
    results_score = part_field("Điểm kết quả thực hiện nhiệm vụ")
    score = score_field("Điểm")
    proposed_level = forms.ChoiceField(label="Mức tập thể đề nghị", choices=LEVEL_CHOICES, required=False)
    level = forms.ChoiceField(
        label="Mức cấp có thẩm quyền xếp loại",
        choices=LEVELS_AND_REASONS,
        required=False,
    )
    party_level = forms.ChoiceField(label="Mức xếp loại đảng viên", choices=LEVEL_CHOICES, required=False)
    collective_opinion = LinesField(label="Ý kiến của tập thể", required=False, max_length=4000)
    previous_scores = LinesField(
        label="Điểm do đơn vị cũ trong kỳ gửi",
        required=False,
        max_length=2000,
        help_text="Mỗi dòng một đơn vị: tên đơn vị; điểm; ghi chú.",
    )
    note = LineField(label="Ghi chú", max_length=500, required=False)
    degraded = forms.BooleanField(label=GROUND_LABELS["degraded"], required=False)
    corruption = forms.BooleanField(label=GROUND_LABELS["corruption"], required=False)
    off_duty = forms.BooleanField(label=GROUND_LABELS["off_duty"], required=False)
    off_duty_reason = LineField(
        label="Vì sao kỷ luật không liên quan đến công vụ",
        max_length=500,
        required=False,
        help_text="Bắt buộc khi đánh dấu ô trên: số, ngày quyết định kỷ luật, hành vi. Người duyệt thấy lý do này.",
    )

    @staticmethod
    def initial_of(row: Rating | None) -> dict[str, Any]:
        """First values from a row."""
        if row is None:
            return {}
        names = ("self_score", "general_score", "results_score", "score", "proposed_level", "party_level")
        return {
            **{name: getattr(row, name) for name in (*names, "collective_opinion", "note")},
            "level": shown_cell(row, "level"),
            "previous_scores": "\n".join(previous_text(one) for one in row.previous_scores),
            **{name: bool(row.grounds.get(name)) for name in GROUND_LABELS},
            OFF_DUTY_REASON: row.grounds.get(OFF_DUTY_REASON, ""),
        }

    def clean_previous_scores(self) -> list[dict[str, str]]:
        """Lines of «unit; score; note»; a score that is none is refused."""
        found = []
        for line in self.cleaned_data["previous_scores"].splitlines():
            unit, score, note = (part.strip() for part in [*line.split(";", 2), "", ""][:3])
            if score:
                try:
                    score = str(score_field("Điểm").clean(score))
                except ValidationError:
                    raise ValidationError(f"«{line}»: «{score}» không phải là điểm từ 0 đến 100.") from None
            found.append({"unit": unit, "score": score, "note": note})
        return found

    def values(self) -> dict[str, Any]:
        """Clean values as services take them."""
        cleaned = dict(self.cleaned_data)
        level = cleaned.pop("level")
        if "level" in self.changed_data:  # else it may follow the score
            cleaned |= level_values(level)
        if "score" not in self.changed_data:  # else it follows the parts
            cleaned.pop("score")
        reason = cleaned.pop(OFF_DUTY_REASON)
        cleaned["grounds"] = {name: True for name in (*SAID_GROUNDS, OFF_DUTY) if cleaned.pop(name)}
        if OFF_DUTY in cleaned["grounds"] and reason:
            cleaned["grounds"][OFF_DUTY_REASON] = reason
        return cleaned


class SelfScoreForm(forms.Form):
    """The own self score."""

    self_score = score_field("Điểm tự chấm")


def score_text(value: Any) -> str:
    """A score as people write it, from a number or from the text that an approval keeps."""
    return "" if value in (None, "") else number_text(Decimal(value))


def previous_text(one: dict[str, Any]) -> str:
    """What an earlier unit of the cycle sent, in a line."""
    return "; ".join(filter(None, (one.get("unit", ""), score_text(one.get("score")), one.get("note", ""))))


class UnitRatingForm(GroupedForm):
    """The rating of a unit."""

    groups = (
        ("Kết quả thực hiện nhiệm vụ", ("percent_done", "targets_missed", "is_outstanding")),
        ("Xếp loại", ("score", "level", "note")),
    )
    widths = {"percent_done": "half", "targets_missed": "half", "score": "half", "level": "half"}

    percent_done = CommaDecimalField(
        label="Tỷ lệ hoàn thành chỉ tiêu, nhiệm vụ (%)",
        required=False,
        min_value=0,
        max_value=200,
        max_digits=5,
        decimal_places=2,
        error_messages={"max_value": "Tỷ lệ hoàn thành phải từ 0 đến 200.", "min_value": "Tỷ lệ phải từ 0 đến 200."},
    )
    targets_missed = forms.IntegerField(
        label="Số chỉ tiêu cơ bản không đạt", required=False, min_value=0, max_value=200
    )
    is_outstanding = forms.BooleanField(
        label="Đơn vị có thành tích nổi trội (được tỷ lệ xuất sắc cao hơn)", required=False
    )
    score = score_field("Điểm")
    level = forms.ChoiceField(label="Mức xếp loại của đơn vị", choices=LEVEL_CHOICES, required=False)
    note = LineField(label="Ghi chú", max_length=500, required=False)


class CorrectionForm(GroupedForm):
    """A correction of an approved rating, by a decision of the register."""

    groups = (
        ("Kết quả đúng", ("general_score", "results_score", "score", "level", "party_level", "note")),
        ("Căn cứ", ("decision", "reason")),
    )
    widths = {
        "general_score": "third",
        "results_score": "third",
        "score": "third",
        "level": "half",
        "party_level": "half",
    }

    general_score = part_field("Điểm tiêu chí chung")
    results_score = part_field("Điểm kết quả thực hiện nhiệm vụ")
    score = score_field("Điểm")
    level = forms.ChoiceField(label="Mức xếp loại", choices=LEVELS_AND_REASONS, required=False)  # type: ignore[attr-defined]
    party_level = forms.ChoiceField(label="Mức xếp loại đảng viên", choices=LEVEL_CHOICES, required=False)
    note = LineField(label="Ghi chú", max_length=500, required=False)
    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label="Quyết định",
        empty_label="Chọn quyết định trong sổ",
        help_text="Quyết định loại «Điều chỉnh kết quả đánh giá, xếp loại» về người này, đã ký trong sổ từ ngày duyệt, "
        "do đơn vị xếp loại hoặc cấp trên lập. Chưa có thì lập và ký trong sổ quyết định trước.",
    )
    reason = LinesField(label="Lý do", min_length=5, max_length=500)

    def __init__(self, *args: Any, decisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(row: Rating | None) -> dict[str, Any]:
        """What stands."""
        if row is None:
            return {}
        names = ("general_score", "results_score", "score", "party_level", "note")
        return {name: getattr(row, name) for name in names} | {"level": shown_cell(row, "level")}

    def values(self) -> dict[str, Any]:
        """Clean values of the rating; a score that was not touched follows its parts."""
        names = ["general_score", "results_score", "party_level", "note"]
        if "score" in self.changed_data:
            names.append("score")
        return {name: self.cleaned_data[name] for name in names} | level_values(self.cleaned_data["level"])
