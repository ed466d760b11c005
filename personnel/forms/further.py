"""Forms of the other rows: rewards and discipline, family, life history, health, property, political review."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from personnel.choices import RelativeSide
from personnel.forms.career import PERIOD_WIDTHS
from personnel.forms.rows import BASIS_GROUP, DECISION_WIDTHS, REASON_GROUP, RecordForm
from personnel.models import (
    Asset,
    Commendation,
    Discipline,
    HealthCheck,
    LifeHistory,
    PoliticalReview,
    Relative,
)


class CommendationForm(RecordForm):
    """Một lần khen thưởng, danh hiệu thi đua."""

    model = Commendation
    names = ("year", "emulation_title", "form", "professional_rating", "detail")
    labels = {"form": "Hình thức khen thưởng", "emulation_title": "Danh hiệu thi đua"}
    groups = (
        ("Khen thưởng", ("year", "professional_rating", "emulation_title", "form", "detail")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "year": "third",
        "professional_rating": "two-thirds",
        "emulation_title": "half",
        "form": "half",
        **DECISION_WIDTHS,
    }

    def clean(self) -> dict[str, Any]:
        """Something that was given."""
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in ("emulation_title", "form", "professional_rating", "detail")):
            self.add_error("form", ValidationError("Cần chọn hình thức, danh hiệu, hoặc ghi nội dung."))
        return cleaned


class DisciplineRecordForm(RecordForm):
    """Một lần kỷ luật, về Đảng hoặc hành chính."""

    model = Discipline
    names = ("regime", "form", "behaviour", "authority", "is_for_corruption", "effective_from", "effective_until")
    labels = {"effective_from": "Có hiệu lực từ ngày", "last_day": "Hết hiệu lực sau ngày", "form": "Hình thức kỷ luật"}
    helps = {"last_day": "Để trống: còn hiệu lực."}
    groups = (
        ("Kỷ luật", ("regime", "form", "behaviour", "authority", "is_for_corruption")),
        ("Thời gian", ("effective_from", "last_day")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {"regime": "third", "form": "two-thirds", **PERIOD_WIDTHS, **DECISION_WIDTHS}

    def clean(self) -> dict[str, Any]:
        """A form of this regime."""
        cleaned = super().clean()
        form, regime = cleaned.get("form"), cleaned.get("regime")
        if form is not None and regime and form.regime != regime:
            self.add_error("form", ValidationError("Hình thức này không thuộc loại đã chọn.", code="other-regime"))
        return cleaned


class RelativeForm(RecordForm):
    """Một người trong gia đình."""

    model = Relative
    names = ("side", "kind", "full_name", "birth_year", "details", "is_abroad")
    groups = (("Quan hệ gia đình", ("side", "kind", "full_name", "birth_year", "details", "is_abroad")), REASON_GROUP)
    widths = {"side": "half", "kind": "half", "full_name": "two-thirds", "birth_year": "third"}

    def clean(self) -> dict[str, Any]:
        """A relation that the spouse's side has."""
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind is not None and cleaned.get("side") == RelativeSide.SPOUSE and not kind.is_also_of_spouse:
            self.add_error("kind", ValidationError("Quan hệ này chỉ ghi ở bên bản thân.", code="side"))
        return cleaned


class LifeHistoryForm(RecordForm):
    """Một mục của lịch sử bản thân."""

    model = LifeHistory
    names = ("kind", "began_on", "ended_on", "details")
    labels = {"began_on": "Từ ngày", "ended_on": "Đến ngày"}
    groups = (("Lịch sử bản thân", ("kind", "began_on", "ended_on", "details")), REASON_GROUP)
    widths = {"began_on": "half", "ended_on": "half"}

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        cleaned = super().clean()
        start, end = cleaned.get("began_on"), cleaned.get("ended_on")
        if start and end and end < start:
            self.add_error("ended_on", ValidationError("Ngày kết thúc phải sau ngày bắt đầu.", code="period-order"))
        return cleaned


class HealthCheckForm(RecordForm):
    """Một lần khám sức khỏe."""

    model = HealthCheck
    names = ("checked_on", "status", "height_cm", "weight_kg", "blood_group", "facility")
    groups = (
        ("Khám sức khỏe", ("checked_on", "status", "facility", "height_cm", "weight_kg", "blood_group")),
        REASON_GROUP,
    )
    widths = {
        "checked_on": "third",
        "status": "two-thirds",
        "height_cm": "third",
        "weight_kg": "third",
        "blood_group": "third",
    }

    def clean(self) -> dict[str, Any]:
        """A check that has taken place."""
        cleaned = super().clean()
        checked = cleaned.get("checked_on")
        if checked is not None and checked > timezone.localdate():
            self.add_error("checked_on", ValidationError("Ngày khám chưa đến.", code="future"))
        return cleaned


class AssetForm(RecordForm):
    """Một nguồn thu nhập, nhà hoặc đất."""

    model = Asset
    names = ("kind", "property_kind", "declared_on", "description", "area_m2", "certificate", "amount")
    groups = (
        (
            "Thu nhập, nhà, đất",
            ("kind", "property_kind", "declared_on", "amount", "area_m2", "certificate", "description"),
        ),
        REASON_GROUP,
    )
    widths = {
        "kind": "half",
        "property_kind": "half",
        "declared_on": "third",
        "amount": "third",
        "area_m2": "third",
    }


class PoliticalReviewForm(RecordForm):
    """Một kết luận tiêu chuẩn chính trị; nội dung ở bản giấy."""

    model = PoliticalReview
    names = ("result", "authority", "number", "concluded_on", "valid_until")
    helps = {"valid_until": "Ngày cuối còn hiệu lực; để trống khi văn bản không ghi."}
    groups = (
        ("Kết luận", ("result", "authority", "number", "concluded_on", "valid_until")),
        REASON_GROUP,
    )
    widths = {
        "result": "half",
        "authority": "half",
        "number": "third",
        "concluded_on": "third",
        "valid_until": "third",
    }

    def clean(self) -> dict[str, Any]:
        """It holds at least on its own day."""
        cleaned = super().clean()
        start, end = cleaned.get("concluded_on"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", ValidationError("Hiệu lực phải sau ngày kết luận.", code="period-order"))
        return cleaned
