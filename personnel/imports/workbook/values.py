"""What a cell says, as the field of its column takes it: typed by people, or made by a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import fold
from personnel.exports.workbook.cells import as_text, is_fault, number_text
from personnel.exports.workbook.columns import Holds, SheetColumn
from personnel.exports.workbook.references import References
from personnel.imports.roster.values import BadValue, read_personal_number

_YES: Final = frozenset({"x", "co", "true", "1"})
_NO: Final = frozenset({"", "khong", "false", "0"})
#: Codes of what a field refuses, by what its column holds; the rest is «invalid».
_CODES: Final[Mapping[Holds, str]] = {
    "date": "bad-date",
    "partial": "bad-date",
    "count": "bad-number",
    "decimal": "bad-number",
}


class CellReader:
    """Reads cells by column; a text that many cells share is read once."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._read: dict[tuple[int, type, Any], Any] = {}

    def read(self, column: SheetColumn, cell: Any, row: Mapping[str, Any]) -> Any:
        """The value of a cell beside the values already read of its row; raises ValidationError with a sentence."""
        if is_fault(cell):
            raise ValidationError(f"Ô có lỗi công thức ({cell}).", code="cell-error")
        if column.holds == "relation":
            return self._item(column, cell, row)
        key = (id(column), type(cell), cell)
        if key not in self._read:
            self._read[key] = _outcome(column, cell)
        found = self._read[key]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _item(self, column: SheetColumn, cell: Any, row: Mapping[str, Any]) -> Any:
        text = as_text(cell)
        if not text:
            _refuse_blank(column)
            return None
        return self._references.of(column).meant(text, row)


def empty(column: SheetColumn) -> Any:
    """What a new row has where it says nothing."""
    if column.field.initial is not None and column.holds == "choice":
        return column.field.initial
    if column.holds == "mark":
        return False
    return "" if column.holds in ("text", "lines", "choice") else None


def number_of(cell: Any) -> str:
    """A personal number with the zeros that a spreadsheet program took from it; raises ValidationError."""
    try:
        number, _ = read_personal_number(cell, digits_are_numbers=True)
    except BadValue as error:
        raise ValidationError(error.flaw.message, code=error.flaw.code) from error
    return number or ""


def _outcome(column: SheetColumn, cell: Any) -> Any:
    try:
        return _VALUES[column.holds](column, cell)
    except ValidationError as error:
        return error


def _refuse_blank(column: SheetColumn) -> None:
    if column.is_needed:
        raise ValidationError(f"Cần ghi «{column.label}».", code="required")


def _text(column: SheetColumn, cell: Any) -> Any:
    return _by_field(column, number_of(cell) if column.key == "personal_number" else as_text(cell))


def _number(column: SheetColumn, cell: Any) -> Any:
    if isinstance(cell, bool):
        raise ValidationError("Cần viết một số.", code="bad-number")
    if isinstance(cell, float | int):
        return _by_field(column, Decimal(number_text(float(cell))) if column.holds == "decimal" else number_text(cell))
    return _by_field(column, as_text(cell))


def _day(column: SheetColumn, cell: Any) -> Any:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, float):
        cell = number_text(cell)
    if isinstance(cell, date):
        return PartialDate(cell) if column.holds == "partial" else cell
    return _by_field(column, as_text(cell))


def _choice(column: SheetColumn, cell: Any) -> Any:
    text = as_text(cell)
    if not text:
        _refuse_blank(column)
        return empty(column)
    for value, label in column.choices.items():
        if fold(label) == fold(text):
            return value
    labels = "; ".join(column.choices.values())
    raise ValidationError(f"Không có «{text}»; chọn một trong: {labels}.", code="unknown-value")


def _mark(column: SheetColumn, cell: Any) -> bool:
    text = fold(as_text(cell))
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValidationError("Đánh dấu x, hoặc để trống.", code="bad-mark")


def _by_field(column: SheetColumn, value: Any) -> Any:
    """As the form's own field reads it."""
    if value == "":
        _refuse_blank(column)
        return column.field.empty_value if hasattr(column.field, "empty_value") else None
    try:
        return column.field.clean(value)
    except ValidationError as error:
        raise ValidationError(error.messages[0], code=_CODES.get(column.holds, "invalid")) from error


_VALUES: Final[Mapping[Holds, Callable[[SheetColumn, Any], Any]]] = {
    "text": _text,
    "lines": _text,
    "date": _day,
    "partial": _day,
    "count": _number,
    "decimal": _number,
    "mark": _mark,
    "choice": _choice,
}
