"""What an officer asks of a list: quotas of a class, who is young by which document, whom it is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms

from hrdb.kernel.forms import GroupedForm
from personnel.rules.youth import youth_definitions
from training.statistics.choosing.asking import SOURCES, Asked

MOST_PLACES: Final = 2_000
LABELS: Final[Mapping[str, str]] = {
    "capacity": "Số chỗ của lớp",
    "min_women": "Số nữ tối thiểu",
    "min_minority": "Số dân tộc thiểu số tối thiểu",
    "min_young": "Số cán bộ trẻ tối thiểu",
    "max_per_unit": "Mỗi đơn vị không quá",
    "min_per_unit": "Mỗi đơn vị ít nhất",
    "reserves": "Số người dự bị",
}
MORE_THAN_PLACES: Final = "Nhiều hơn số chỗ của lớp: hãy giảm chỉ tiêu hoặc tăng số chỗ."


def _count(name: str, least: int = 0, *, is_open: bool = False) -> forms.IntegerField:
    """A number of people; the sentence says what may stand there."""
    return forms.IntegerField(
        label=LABELS[name],
        min_value=least,
        max_value=MOST_PLACES,
        required=least > 0,
        error_messages={
            "invalid": "Hãy ghi một số nguyên.",
            "min_value": f"Phải từ {least} trở lên.",
            "max_value": f"Không quá {MOST_PLACES}.",
            "required": "Hãy ghi số chỗ.",
        },
        help_text="Để trống: không giới hạn." if is_open else "",
    )


class AskedForm(GroupedForm):
    """Chỉ tiêu chọn học viên: what-if by changing a number; nothing is saved by asking."""

    capacity = _count("capacity", 1)
    min_women = _count("min_women")
    min_minority = _count("min_minority")
    min_young = _count("min_young")
    max_per_unit = _count("max_per_unit", is_open=True)
    min_per_unit = _count("min_per_unit")
    reserves = _count("reserves")
    youth = forms.ChoiceField(label="Cán bộ trẻ là")
    source = forms.ChoiceField(label="Chọn trong số", choices=SOURCES)

    is_filter = True
    widths = {
        **dict.fromkeys(LABELS, "quarter"),
        "youth": "half",
        "source": "half",
    }

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (key, f"{one.label.removeprefix('Cán bộ trẻ là ')} ({one.citation.document})")
            for key, one in youth_definitions(day).items()
        ]
        self.fields["youth"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Minima within the places, each unit's least within its most."""
        cleaned: dict[str, Any] = super().clean() or {}
        capacity = cleaned.get("capacity")
        if capacity:
            for name in ("min_women", "min_minority", "min_young", "min_per_unit"):
                if (cleaned.get(name) or 0) > capacity:
                    self.add_error(name, MORE_THAN_PLACES)
        least, most = cleaned.get("min_per_unit") or 0, cleaned.get("max_per_unit")
        if most is not None and least > most:
            self.add_error("min_per_unit", "Nhiều hơn số tối đa của một đơn vị.")
        return cleaned

    def asked(self, pinned: Iterable[int], excluded: Iterable[int]) -> Asked:
        """What is asked, with the people marked on the page."""
        given = self.cleaned_data
        return Asked(
            capacity=given["capacity"],
            min_women=given["min_women"] or 0,
            min_minority=given["min_minority"] or 0,
            min_young=given["min_young"] or 0,
            max_per_unit=given["max_per_unit"],
            min_per_unit=given["min_per_unit"] or 0,
            reserves=given["reserves"] or 0,
            youth=given["youth"],
            source=given["source"],
            pinned=frozenset(pinned),
            excluded=frozenset(excluded),
        )


def as_fields(asked: Asked) -> dict[str, Any]:
    """What is asked as the form's fields; numbers that ask nothing stay empty."""
    kept: dict[str, Any] = {
        name: getattr(asked, name) or "" for name in ("min_women", "min_minority", "min_young", "min_per_unit")
    }
    most = "" if asked.max_per_unit is None else asked.max_per_unit
    return {
        "capacity": asked.capacity,
        **kept,
        "max_per_unit": most,
        "reserves": asked.reserves,
        "youth": asked.youth,
        "source": asked.source,
    }
