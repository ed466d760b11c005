"""Columns of a sheet, made from the fields of the form that writes the same rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from django import forms

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.forms import CommaDecimalField, DayField, PartialDateField
from hrdb.kernel.spreadsheets.writing import ColumnKind
from personnel.forms.fields import CodeField, LinesField
from personnel.forms.lookups import LookupField

#: What a column holds, as import and export tell it apart.
Holds = Literal["text", "lines", "date", "partial", "count", "decimal", "mark", "choice", "relation"]

#: Columns that every sheet has beside those of its form.
KEY, PERSON, NAME, REMOVE = "_key", "_person", "_name", "_remove"
HEADINGS: Final = {
    KEY: "Khóa dòng",
    PERSON: "Số định danh hoặc mã hồ sơ",
    NAME: "Họ và tên cán bộ",
    REMOVE: "Xóa",
}
#: The person's own sheet names the record by its code; the personal number is a column like others.
RECORD_CODE: Final = "Mã hồ sơ"
#: Stands beside the heading of what a new row cannot do without.
NEEDED: Final = " *"

_KINDS: Final[Mapping[str, ColumnKind]] = {"date": "date", "count": "count", "mark": "mark"}
_TOLD: Final[Mapping[Holds, str]] = {
    "text": "Một dòng chữ",
    "lines": "Chữ, có thể nhiều dòng",
    "date": "Ngày dd/mm/yyyy",
    "partial": "dd/mm/yyyy; chỉ biết tháng: mm/yyyy; chỉ biết năm: yyyy",
    "count": "Số nguyên",
    "decimal": "Số",
    "mark": "x, hoặc để trống",
    "choice": "Chọn trong danh sách",
    "relation": "Chọn trong danh sách, hoặc ghi tên, mã",
}


@dataclass(frozen=True)
class SheetColumn:
    """One field of a form as a column: its key is the field's name."""

    key: str
    field: forms.Field

    @cached_property
    def label(self) -> str:
        """The name of the field."""
        return str(self.field.label)

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return self.label + NEEDED if self.is_needed else self.label

    @property
    def is_needed(self) -> bool:
        """Whether a new row must say it."""
        return self.field.required and self.field.initial is None and self.holds != "mark"

    @cached_property
    def holds(self) -> Holds:
        """What the cells hold."""
        for kind, classes in _FIELDS:
            if isinstance(self.field, classes):
                return kind
        raise TypeError(f"no column for {type(self.field).__name__}")

    @property
    def kind(self) -> ColumnKind:
        """How the cells are written; a day that may be known in part is text, which no program turns into a day."""
        if self.holds == "decimal":
            return "decimal" if self._decimals else "integer"
        return _KINDS.get(self.holds, "text")

    @property
    def _decimals(self) -> int:
        return int(getattr(self.field, "decimal_places", 0) or 0)

    @property
    def longest(self) -> int | None:
        """The longest text."""
        return getattr(self.field, "max_length", None) if self.holds in ("text", "lines") else None

    @cached_property
    def choices(self) -> dict[str, str]:
        """Labels by value, of a closed choice."""
        if self.holds != "choice":
            return {}
        told: Iterable[tuple[Any, Any]] = self.field.choices  # type: ignore[attr-defined]
        return {str(value): str(label) for value, label in told if value != ""}

    @property
    def format_text(self) -> str:
        """How a cell is written, in words."""
        if self.holds == "decimal":
            return f"Số, nhiều nhất {self._decimals} chữ số thập phân" if self._decimals else "Số nguyên"
        return f"{_TOLD[self.holds]}, nhiều nhất {self.longest} ký tự" if self.longest else _TOLD[self.holds]

    def held(self, value: Any) -> Any:
        """A value as it is compared: rows and items by their key, nothing as None."""
        if value in (None, ""):
            return None
        return getattr(value, "pk", value)


_FIELDS: Final[tuple[tuple[Holds, tuple[type[forms.Field], ...]], ...]] = (
    ("relation", (CodeField, LookupField)),
    ("partial", (PartialDateField,)),
    ("date", (DayField,)),
    ("decimal", (CommaDecimalField,)),
    ("count", (forms.IntegerField,)),
    ("mark", (forms.BooleanField,)),
    ("choice", (forms.ChoiceField,)),
    ("lines", (LinesField,)),
    ("text", (forms.CharField,)),
)


def columns_of(fields: Mapping[str, forms.Field]) -> tuple[SheetColumn, ...]:
    """The columns of a form's fields, in their order."""
    return tuple(SheetColumn(name, field) for name, field in fields.items())


def is_later(value: Any, day: datetime.date) -> bool:
    """Whether a value is a date after `day`, which a reader of that day may not know."""
    if isinstance(value, PartialDate):
        return value.value > day
    return isinstance(value, datetime.date) and value > day
