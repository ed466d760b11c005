"""The form of a confidence vote: a row of the record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from appraisal.models import ConfidenceVote
from personnel.forms.rows import REASON_GROUP, RecordForm


class VoteForm(RecordForm):
    """A vote: when, by whom, and the counts by level of confidence."""

    model = ConfidenceVote
    names = ("held_on", "body", "title_text", "summoned", "cast", "high", "medium", "low", "note")
    groups = (
        ("Lần lấy phiếu", ("held_on", "body", "title_text")),
        ("Kết quả kiểm phiếu", ("summoned", "cast", "high", "medium", "low", "note")),
        REASON_GROUP,
    )
    widths = {
        "held_on": "third",
        "body": "two-thirds",
        "summoned": "half",
        "cast": "half",
        "high": "third",
        "medium": "third",
        "low": "third",
    }

    def clean(self) -> dict[str, Any]:
        """Counts fit each other."""
        cleaned = super().clean()
        held_on = cleaned.get("held_on")
        if held_on is not None and held_on > timezone.localdate():
            self.add_error("held_on", ValidationError("Ngày lấy phiếu không thể ở tương lai."))
        summoned, cast = cleaned.get("summoned"), cleaned.get("cast")
        if summoned is not None and cast is not None and cast > summoned:
            self.add_error("cast", ValidationError("Số phiếu thu về không thể nhiều hơn số người được triệu tập."))
        counted = [value for name in ("high", "medium", "low") if (value := cleaned.get(name)) is not None]
        if cast is not None and sum(counted) > cast:
            self.add_error("low", ValidationError("Tổng số phiếu các mức không thể nhiều hơn số phiếu thu về."))
        return cleaned
