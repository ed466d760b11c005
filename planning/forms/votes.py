"""Forms of votes: a step as it is to be held, how it was held, the grid of votes, the sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from hrdb.kernel.forms import CommaDecimalField, DayField, GroupedForm
from hrdb.kernel.keys import typed_key
from planning.choices import TieRule
from planning.models import Candidate, VoteStep

#: What the field of the head's decision says.
HEAD_CHOICES = (("", "chưa"), ("yes", "chọn"), ("no", "không chọn"))
MOST_VOTES = 9_999


class StepForm(GroupedForm):
    """A step: how it passes, and how it was held."""

    name = forms.CharField(label="Tên bước", max_length=200)
    body = forms.CharField(label="Thành phần", max_length=250)
    quorum_percent = CommaDecimalField(
        label="Tỷ lệ dự tối thiểu (%)", required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    pass_percent = CommaDecimalField(
        label="Phải vượt quá (%)",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="Trên số người được triệu tập.",
    )
    tie = forms.ChoiceField(label="Khi bằng đúng tỷ lệ", choices=TieRule.choices)
    held_on = DayField(label="Ngày tổ chức", required=False)
    place = forms.CharField(label="Địa điểm", max_length=250, required=False)
    summoned = forms.IntegerField(label="Được triệu tập", min_value=1, max_value=MOST_VOTES, required=False)
    present = forms.IntegerField(label="Có mặt", min_value=0, max_value=MOST_VOTES, required=False)
    issued = forms.IntegerField(label="Phiếu phát ra", min_value=0, max_value=MOST_VOTES, required=False)
    cast = forms.IntegerField(label="Phiếu thu về", min_value=0, max_value=MOST_VOTES, required=False)
    invalid = forms.IntegerField(label="Không hợp lệ", min_value=0, max_value=MOST_VOTES, required=False)
    chair = forms.CharField(label="Chủ trì", max_length=250, required=False)
    tellers = forms.CharField(label="Tổ kiểm phiếu", max_length=500, required=False)
    minutes_number = forms.CharField(label="Số biên bản", max_length=60, required=False)

    groups = (
        ("Bước", ("name", "body", "quorum_percent", "pass_percent", "tie")),
        ("Đã tổ chức", ("held_on", "place", "summoned", "present", "issued", "cast", "invalid")),
        ("Biên bản", ("chair", "tellers", "minutes_number")),
    )
    widths = {
        "quorum_percent": "third",
        "pass_percent": "third",
        "tie": "third",
        "held_on": "third",
        "place": "two-thirds",
        "summoned": "quarter",
        "present": "quarter",
        "issued": "quarter",
        "cast": "quarter",
        "invalid": "quarter",
        "chair": "half",
        "minutes_number": "half",
    }


class VoteSheetForm(forms.Form):
    """The sheet of votes, filled in."""

    file = forms.FileField(label="Bảng kết quả kiểm phiếu", error_messages={"required": "Hãy chọn tệp."})


class VoteGrid:
    """What was typed into the grid of votes: a number a candidate and step, the head's decision where it was asked."""

    def __init__(self, data: QueryDict, rows: Iterable[Candidate], steps: Iterable[VoteStep]) -> None:
        self.typed: dict[tuple[int, int], str] = {}
        self.votes: dict[tuple[int, int], int | None] = {}
        self.head: dict[tuple[int, int], bool | None] = {}
        self.faults: dict[tuple[int, int], str] = {}
        listed = list(steps)
        for row in rows:
            for step in listed:
                self._read(data, row.pk, step.number)

    def _read(self, data: QueryDict, pk: int, number: int) -> None:
        key = (pk, number)
        name, head = f"v-{pk}-{number}", f"h-{pk}-{number}"
        if name in data:
            text = self.typed[key] = str(data[name]).strip()
            if not text:
                self.votes[key] = None
            elif (votes := typed_key(text)) is not None and votes <= MOST_VOTES:
                self.votes[key] = votes
            else:
                self.faults[key] = "Cần một số nguyên."
        if head in data:
            self.head[key] = {"yes": True, "no": False}.get(str(data[head]))

    def is_valid(self) -> bool:
        """Whether everything could be read."""
        return not self.faults


def step_values(cleaned: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values of some fields of a step."""
    return {name: cleaned[name] for name in names}
