"""Forms of what a person has learned and is paid: qualifications, pay steps, allowances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from hrdb.kernel.parameters import ParameterUnknown
from hrdb.kernel.screens.formats import number_text
from personnel.choices import PayScheme, QualificationKind
from personnel.forms.career import PERIOD_WIDTHS
from personnel.forms.rows import BASIS_GROUP, DECISION_WIDTHS, REASON_GROUP, RecordForm
from personnel.models import Allowance, PayStep, Qualification
from personnel.rules import pay

LANGUAGES = (QualificationKind.FOREIGN_LANGUAGE, QualificationKind.ETHNIC_LANGUAGE)


class QualificationForm(RecordForm):
    """Một văn bằng, chứng chỉ, khóa đào tạo hoặc bồi dưỡng."""

    model = Qualification
    precision = "start_precision"
    names = (
        "kind",
        "level",
        "level_text",
        "language",
        "field",
        "school",
        "study_form",
        "studied_from",
        "studied_until",
        "certificate",
        "certificate_number",
        "issued_on",
        "score",
        "effective_from",
        "effective_until",
    )
    labels = {
        "effective_from": "Có từ ngày",
        "last_day": "Hết hạn sau ngày",
        "studied_from": "Học từ tháng",
        "studied_until": "Học đến tháng",
        "is_known_from": "Không rõ ngày cấp, chỉ biết đã có vào ngày này",
    }
    helps = {
        "effective_from": "Ngày cấp, hoặc ngày kết thúc khóa học; chỉ biết tháng hoặc năm thì ghi thế.",
        "last_day": "Chỉ với chứng chỉ có thời hạn.",
        "level_text": "Ghi khi trình độ không có trong danh mục.",
    }
    groups = (
        ("Trình độ", ("kind", "level", "level_text", "language", "field", "score")),
        ("Nơi và thời gian học", ("school", "study_form", "studied_from", "studied_until")),
        ("Văn bằng, chứng chỉ", ("certificate", "certificate_number", "issued_on")),
        ("Hiệu lực", ("effective_from", "last_day", "is_known_from")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "kind": "half",
        "level": "half",
        "level_text": "half",
        "language": "half",
        "field": "two-thirds",
        "score": "third",
        "school": "two-thirds",
        "study_form": "third",
        "studied_from": "half",
        "studied_until": "half",
        "certificate": "half",
        "certificate_number": "quarter",
        "issued_on": "quarter",
        **PERIOD_WIDTHS,
        **DECISION_WIDTHS,
    }

    def clean(self) -> dict[str, Any]:
        """A level of this kind; a language where it is one; study ends after it begins."""
        cleaned = super().clean()
        kind, level = cleaned.get("kind"), cleaned.get("level")
        if level is not None and kind and level.kind != kind:
            self.add_error("level", ValidationError("Trình độ này không thuộc loại đã chọn.", code="other-kind"))
        if level is None and not cleaned.get("level_text") and not cleaned.get("certificate"):
            self.add_error("level", ValidationError("Cần chọn trình độ, hoặc ghi theo văn bản.", code="required"))
        language = cleaned.get("language")
        if kind in LANGUAGES and language is None and "language" not in self.errors:
            self.add_error("language", ValidationError("Cần chọn ngôn ngữ.", code="required"))
        if language is not None and kind and kind not in LANGUAGES:
            self.add_error("language", ValidationError("Chỉ ghi với ngoại ngữ, tiếng dân tộc.", code="no-language"))
        start, end = cleaned.get("studied_from"), cleaned.get("studied_until")
        if start and end and end < start:
            self.add_error("studied_until", ValidationError("Thời gian kết thúc phải sau thời gian bắt đầu."))
        return cleaned


class PayStepForm(RecordForm):
    """Một bậc lương: by rank (ngạch), or by job position (vị trí việc làm)."""

    model = PayStep
    precision = "start_precision"
    names = (
        "scheme",
        "rank",
        "position_name",
        "position_code",
        "step",
        "coefficient",
        "amount",
        "percent",
        "effective_from",
        "effective_until",
        "rank_appointed_on",
        "over_frame_percent",
        "over_frame_from",
    )
    not_carried = ("step", "coefficient", "amount", "percent", "over_frame_percent", "over_frame_from")
    labels = {"effective_from": "Hưởng từ ngày", "last_day": "Hưởng đến hết ngày"}
    helps = {
        "coefficient": "Để trống: lấy theo bậc của ngạch.",
        "percent": "Khi không hưởng đủ 100%, ví dụ tập sự 85.",
    }
    groups = (
        ("Xếp lương", ("scheme", "rank", "position_name", "position_code")),
        ("Mức hưởng", ("step", "coefficient", "percent", "amount")),
        ("Thời gian", ("effective_from", "last_day", "is_known_from", "rank_appointed_on")),
        ("Vượt khung", ("over_frame_percent", "over_frame_from")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "scheme": "third",
        "rank": "two-thirds",
        "position_name": "two-thirds",
        "position_code": "third",
        "step": "quarter",
        "coefficient": "quarter",
        "percent": "quarter",
        "amount": "quarter",
        "rank_appointed_on": "half",
        "over_frame_percent": "half",
        "over_frame_from": "half",
        **PERIOD_WIDTHS,
        **DECISION_WIDTHS,
    }

    def clean(self) -> dict[str, Any]:
        """By rank needs the rank, by position its name; rank and step tell the coefficient."""
        cleaned = super().clean()
        if cleaned.get("scheme") == PayScheme.RANK:
            self._check_rank(cleaned)
        elif cleaned.get("scheme") == PayScheme.POSITION and not cleaned.get("position_name"):
            self.add_error("position_name", ValidationError("Cần ghi vị trí việc làm xếp lương.", code="required"))
        return cleaned

    def _check_rank(self, cleaned: dict[str, Any]) -> None:
        rank, step = cleaned.get("rank"), cleaned.get("step")
        if rank is None:
            if "rank" not in self.errors:
                self.add_error("rank", ValidationError("Cần chọn ngạch, chức danh nghề nghiệp.", code="required"))
            return
        if not rank.scale or not step or self.first_day is None:
            return
        try:
            due = pay.coefficient(rank.scale, step, self.first_day)
        except pay.UnknownStep as error:
            self.warnings.append(str(error))
            return
        except ParameterUnknown:
            return
        typed: Decimal | None = cleaned.get("coefficient")
        if typed is None and "coefficient" not in self.errors:
            cleaned["coefficient"] = due
        elif typed is not None and typed != due:
            self.warnings.append(
                f"Bậc {step} của ngạch {rank.code} có hệ số {number_text(due, 2)}, đã ghi {number_text(typed, 2)}."
            )


class AllowanceForm(RecordForm):
    """Một phụ cấp."""

    model = Allowance
    names = ("kind", "coefficient", "percent", "amount", "payment_form", "effective_from", "effective_until")
    labels = {"effective_from": "Hưởng từ ngày", "last_day": "Hưởng đến hết ngày", "kind": "Loại phụ cấp"}
    groups = (
        ("Phụ cấp", ("kind", "coefficient", "percent", "amount", "payment_form")),
        ("Thời gian", ("effective_from", "last_day")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "kind": "half",
        "payment_form": "half",
        "coefficient": "third",
        "percent": "third",
        "amount": "third",
        **PERIOD_WIDTHS,
        **DECISION_WIDTHS,
    }

    def clean(self) -> dict[str, Any]:
        """How much it is, one way or another."""
        cleaned = super().clean()
        if not any(cleaned.get(name) is not None for name in ("coefficient", "percent", "amount")):
            self.add_error("coefficient", ValidationError("Cần ghi hệ số, phần trăm hoặc số tiền.", code="required"))
        return cleaned
