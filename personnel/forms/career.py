"""Forms of what a person is and does: posts, category and state, who keeps the record, Party membership."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from personnel.choices import AssignmentKind
from personnel.forms.rows import BASIS_GROUP, DECISION_WIDTHS, REASON_GROUP, RecordForm
from personnel.models import Assignment, Custody, Employment, PartyMembership

PERIOD_WIDTHS = {"effective_from": "half", "last_day": "half"}


class AssignmentForm(RecordForm):
    """Một giai đoạn công tác: a post in a unit of the province, or elsewhere in an organisation as text."""

    model = Assignment
    precision = "start_precision"
    names = (
        "kind",
        "effective_from",
        "effective_until",
        "unit",
        "organisation",
        "title",
        "title_text",
        "seat",
        "job_position",
        "mandate",
        "first_appointed_on",
        "reappointed_on",
        "term_ends_on",
        "note",
    )
    not_carried = ("seat", "mandate", "first_appointed_on", "reappointed_on", "term_ends_on", "note")
    labels = {"kind": "Loại", "seat": "Ghế chức danh của đơn vị", "organisation": "Hoặc cơ quan, tổ chức khác"}
    helps = {
        "organisation": "Nơi công tác không có trong phạm vi chọn: ghi nguyên văn.",
        "title_text": "Ghi khi chức vụ không có trong danh mục, hoặc văn bản ghi khác.",
    }
    groups = (
        ("Chức vụ, nơi công tác", ("kind", "title", "title_text", "unit", "organisation")),
        ("Thời gian", ("effective_from", "last_day", "is_known_from")),
        ("Bổ nhiệm, thời hạn", ("first_appointed_on", "reappointed_on", "term_ends_on")),
        ("Vị trí trong đơn vị", ("seat", "job_position", "mandate", "note")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "kind": "third",
        "title": "two-thirds",
        "unit": "half",
        "organisation": "half",
        "first_appointed_on": "third",
        "reappointed_on": "third",
        "term_ends_on": "third",
        "seat": "third",
        "job_position": "third",
        "mandate": "third",
        **PERIOD_WIDTHS,
        **DECISION_WIDTHS,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.purpose == "succeed":
            del self.fields["kind"]

    def values(self) -> dict[str, Any]:
        """A succeeding post is the main one: only main posts follow one another."""
        values = super().values()
        if self.purpose == "succeed":
            values["kind"] = AssignmentKind.MAIN
        return values

    def clean(self) -> dict[str, Any]:
        """Somewhere, as something; what belongs to a unit belongs to this one."""
        cleaned = super().clean()
        unit = cleaned.get("unit")
        if unit is None and not cleaned.get("organisation") and "unit" not in self.errors:
            self.add_error("unit", ValidationError("Cần chọn đơn vị hoặc ghi cơ quan, tổ chức.", code="required"))
        if unit is not None and cleaned.get("organisation"):
            self.add_error("organisation", ValidationError("Đã chọn đơn vị thì để trống ô này.", code="both"))
        for name, owner in (("seat", "unit_id"), ("job_position", "unit_id"), ("mandate", "body_id")):
            item = cleaned.get(name)
            if item is not None and (unit is None or getattr(item, owner) != unit.pk):
                self.add_error(name, ValidationError("Không thuộc đơn vị đã chọn.", code="other-unit"))
        term = cleaned.get("term_ends_on")
        if term is not None and self.first_day is not None and term < self.first_day:
            self.add_error("term_ends_on", ValidationError("Thời hạn phải sau ngày bắt đầu.", code="term-order"))
        return cleaned


class EmploymentForm(RecordForm):
    """Đối tượng và tình trạng trong một thời gian."""

    model = Employment
    precision = "start_precision"
    names = ("category", "state", "effective_from", "effective_until", "note")
    groups = (
        ("Đối tượng, tình trạng", ("category", "state", "note")),
        ("Thời gian", ("effective_from", "last_day", "is_known_from")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {"category": "half", "state": "half", **PERIOD_WIDTHS, **DECISION_WIDTHS}


class CustodyForm(RecordForm):
    """Đơn vị quản lý hồ sơ."""

    model = Custody
    names = ("unit", "effective_from", "effective_until")
    groups = (("Quản lý hồ sơ", ("unit", "effective_from", "last_day")), BASIS_GROUP, REASON_GROUP)
    widths = {**PERIOD_WIDTHS, **DECISION_WIDTHS}


class PartyForm(RecordForm):
    """Đảng viên: ngày vào Đảng opens the period, leaving ends it."""

    model = PartyMembership
    precision = "joined_precision"
    names = ("effective_from", "official_on", "card_number", "cell", "effective_until", "end_reason")
    labels = {"effective_from": "Ngày vào Đảng", "last_day": "Sinh hoạt đến hết ngày"}
    helps = {"last_day": "Để trống: đang là đảng viên."}
    groups = (
        ("Đảng viên", ("effective_from", "official_on", "card_number", "cell")),
        ("Thôi sinh hoạt", ("last_day", "end_reason")),
        BASIS_GROUP,
        REASON_GROUP,
    )
    widths = {
        "effective_from": "third",
        "official_on": "third",
        "card_number": "third",
        "last_day": "third",
        "end_reason": "two-thirds",
        **DECISION_WIDTHS,
    }

    def clean(self) -> dict[str, Any]:
        """Official admission comes after admission."""
        cleaned = super().clean()
        official = cleaned.get("official_on")
        if official is not None and self.first_day is not None and official < self.first_day:
            self.add_error("official_on", ValidationError("Ngày chính thức phải sau ngày vào Đảng.", code="order"))
        return cleaned
