"""Forms of what a unit has: seats, job positions, mandates, establishment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from personnel.choices import EmploymentCategory
from personnel.forms.career import PERIOD_WIDTHS
from personnel.forms.rows import BASIS_GROUP, DECISION_WIDTHS, REASON_GROUP, RecordForm
from personnel.models import Establishment, JobPosition, Mandate, Seat


class SeatForm(RecordForm):
    """Ghế chức danh: a leadership title with its number of seats; the next period is of the same title."""

    model = Seat
    names = ("title", "number", "effective_from", "effective_until")
    labels = {"number": "Số lượng", "title": "Chức danh lãnh đạo, quản lý"}
    helps = {"last_day": "Để trống: chưa định ngày kết thúc."}
    groups = (("Ghế chức danh", ("title", "number")), ("Thời gian", ("effective_from", "last_day")), BASIS_GROUP,
              REASON_GROUP)  # fmt: skip
    widths = {"title": "two-thirds", "number": "third", **PERIOD_WIDTHS, **DECISION_WIDTHS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.purpose == "succeed":
            del self.fields["title"]
        else:
            title = self.fields["title"]
            kept = getattr(self.row, "title_id", None)
            leaders = title.queryset.filter(is_leadership=True)  # type: ignore[attr-defined]
            title.queryset = leaders | title.queryset.filter(pk=kept)  # type: ignore[attr-defined]


class JobPositionForm(RecordForm):
    """Vị trí việc làm; the next period has the same code."""

    model = JobPosition
    names = ("code", "name", "group", "required_rank", "number", "competence", "effective_from", "effective_until")
    labels = {"code": "Mã vị trí", "group": "Nhóm vị trí", "required_rank": "Ngạch, hạng yêu cầu"}
    helps = {
        "competence": "Yêu cầu về năng lực theo bản mô tả vị trí.",
        "last_day": "Để trống: chưa định ngày kết thúc.",
    }
    not_carried = ()
    groups = (
        ("Vị trí việc làm", ("code", "name", "group", "required_rank", "number", "competence")),
        ("Thời gian", ("effective_from", "last_day")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "code": "third",
        "name": "two-thirds",
        "group": "third",
        "required_rank": "third",
        "number": "third",
        **PERIOD_WIDTHS,
        **DECISION_WIDTHS,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.purpose == "succeed":
            del self.fields["code"]


class MandateForm(RecordForm):
    """Nhiệm kỳ of a body."""

    model = Mandate
    names = ("name", "begins_on", "ends_on")
    labels = {"name": "Tên nhiệm kỳ", "begins_on": "Từ ngày", "ends_on": "Đến ngày"}
    helps = {"name": "Ví dụ: Nhiệm kỳ 2025-2030.", "ends_on": "Để trống khi chưa định ngày kết thúc."}
    groups = (("Nhiệm kỳ", ("name", "begins_on", "ends_on")), BASIS_GROUP, REASON_GROUP)
    widths = {"name": "third", "begins_on": "third", "ends_on": "third", **DECISION_WIDTHS}

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        cleaned = super().clean()
        first, last = cleaned.get("begins_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", ValidationError("Ngày kết thúc phải sau ngày bắt đầu.", code="period-order"))
        return cleaned


class EstablishmentForm(RecordForm):
    """Biên chế, số lượng người làm việc of a year and a category."""

    model = Establishment
    names = ("year", "category", "number")
    labels = {"number": "Số được giao"}
    groups = (("Biên chế, số lượng người làm việc", ("year", "category", "number")), BASIS_GROUP, REASON_GROUP)
    widths = {"year": "third", "category": "third", "number": "third", **DECISION_WIDTHS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [choice for choice in category.choices if choice[0] != EmploymentCategory.OUTSIDE]
