"""What a value is in a cell, and when two cells say the same whatever the spreadsheet program made of them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from hrdb.kernel.dates import PartialDate, format_date
from hrdb.kernel.spreadsheets.reading import CellError
from hrdb.kernel.text import clean_lines
from personnel.exports.workbook.columns import SheetColumn
from personnel.exports.workbook.references import References

#: The longest text that a cell takes; what is longer is cut off and cannot be changed by a workbook.
LONGEST: Final = 32_767
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def cell_of(column: SheetColumn, value: Any, references: References) -> Any:
    """A value of a form's field as the cell holds it; empty text for nothing."""
    if value is None or value == "":
        return ""
    if column.holds == "relation":
        return references.of(column).written(value)
    if column.holds == "choice":
        return column.choices.get(str(value), str(value))
    if column.holds == "mark":
        return "x" if value else ""
    if isinstance(value, str):
        return tidy(value)
    if column.holds == "partial":
        return value.text if isinstance(value, PartialDate) else format_date(value)
    return value


@lru_cache(maxsize=65_536)
def tidy(text: str) -> str:
    """Text as a cell holds it: clean lines, nothing unprintable, as long as a cell may be."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()[:LONGEST].rstrip()
    return "\n".join(clean_lines(_UNPRINTABLE.sub("", text)))[:LONGEST].rstrip()


def as_text(cell: Any) -> str:
    """What a cell says: two cells say the same when their texts are equal."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, Decimal | float | int):
        return number_text(float(cell))
    if isinstance(cell, PartialDate):
        return cell.text
    if isinstance(cell, datetime):
        return format_date(cell.date()) if cell.time() == datetime.min.time() else f"{format_date(cell)} {cell:%H:%M}"
    if isinstance(cell, date):
        return format_date(cell)
    return "" if cell is None else tidy(str(cell))


def number_text(number: float) -> str:
    """A number without the noise of its binary form: fifteen digits, none of them a zero at the end."""
    return str(int(number)) if number == int(number) and abs(number) < 10**15 else f"{number:.15g}"


def is_fault(cell: Any) -> bool:
    """Whether a cell holds an error or a formula that was never calculated."""
    return isinstance(cell, CellError)
