"""Writing workbooks that people download: one look, safe texts, dates and numbers that stay dates and numbers.

A sheet is given as columns and an iterator of rows and written row by row in constant memory. Text is always text: what
looks like a formula is not one, and does not become one when somebody edits the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import xlsxwriter

from hrdb.kernel.dates import PartialDate, format_date
from hrdb.kernel.spreadsheets.filling import PickList, PickLists, validation

#: What the cells of a column hold; `text` also for numbers that are names, whose leading zeros count; `count` for whole
#: numbers that are read without a mark between thousands, such as years.
ColumnKind = Literal["text", "integer", "count", "decimal", "percent", "date", "mark"]


_WIDTHS: Final = {
    "text": 24.0, "integer": 9.0, "count": 9.0, "decimal": 10.0, "percent": 9.0, "date": 12.0, "mark": 6.0,
}  # fmt: skip
_NUMBER_FORMATS: Final = {
    "integer": "#,##0", "count": "0", "decimal": "#,##0.00", "percent": "0.0%", "date": "dd/mm/yyyy",
}  # fmt: skip
_CENTRED: Final = frozenset({"date", "mark", "integer", "count"})
#: Spreadsheet programs take a text that begins so for a formula or a command.
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_NAME: Final = 31
_LONGEST_TEXT: Final = 32_767
#: Before it the programs count days of which one never was, each in its own way.
_FIRST_DAY: Final = date(1900, 3, 1)
_A4: Final = 9


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of a sheet: its heading, what it holds, and its width in characters.

    What is filled in by people may have a pick list, a `prompt` beside the cell and a `longest` text.
    """

    heading: str
    kind: ColumnKind = "text"
    width: float | None = None
    wraps: bool = False
    is_hidden: bool = False
    pick: PickList | None = None
    prompt: str = ""
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """A sheet: name, columns, rows, the lines above the headings and those below the last row.

    A row is a sequence as long as the columns; `frozen_columns` stay in view when one scrolls to the right. `open_rows`
    below the last are there to be filled in: they and the rows have the pick lists and checks of their columns.
    """

    name: str
    columns: Sequence[ExportColumn]
    rows: Iterable[Sequence[Any]]
    caption: Sequence[str] = ()
    footer: Sequence[str] = ()
    frozen_columns: int = 0
    open_rows: int = 0


def write_workbook(target: str | Path | BinaryIO, sheets: Iterable[ExportSheet]) -> int:
    """Write the sheets to a path or an open file as .xlsx, row by row; returns how many rows of data were written."""
    workbook = xlsxwriter.Workbook(
        str(target) if isinstance(target, str | Path) else target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "remove_timezone": True,
        },
    )
    formats = _Formats(workbook)
    lists = PickLists()
    names: set[str] = set()
    count = 0
    for sheet in sheets:
        name = sheet_name(sheet.name, names)
        names.add(name.lower())
        count += _write_sheet(workbook.add_worksheet(name), sheet, formats, lists)
    if not names:
        workbook.add_worksheet("Trống")
    lists.write(workbook, formats.heading, formats.cell("text", wraps=False))
    workbook.close()
    return count


def sheet_name(name: str, taken: Iterable[str] = ()) -> str:
    """A name that spreadsheets allow, not among those already taken (in small letters)."""
    used = set(taken)
    base = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:_LONGEST_NAME] or "Trang"
    candidate, number = base, 2
    while candidate.lower() in used:
        suffix = f" ({number})"
        candidate, number = base[: _LONGEST_NAME - len(suffix)] + suffix, number + 1
    return candidate


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.caption = workbook.add_format({"bold": True, "font_size": 13})
        self.footer = workbook.add_format({"italic": True})
        self.heading = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "border_color": "#9AA5B1",
                "bg_color": "#E6EFF5",
            }
        )
        self._workbook = workbook
        self._cells: dict[tuple[str, bool, bool], Any] = {}

    def cell(self, kind: str, wraps: bool, quoted: bool = False) -> Any:
        """The format of a cell; `quoted` marks a text that must never be read as a formula."""
        key = (kind, wraps, quoted)
        if key not in self._cells:
            look: dict[str, Any] = {"valign": "top", "border": 1, "border_color": "#D5DBE1"}
            look["num_format"] = _NUMBER_FORMATS.get(kind, "@")
            if wraps:
                look["text_wrap"] = True
            if kind in _CENTRED:
                look["align"] = "center"
            if quoted:
                look["quote_prefix"] = True
            self._cells[key] = self._workbook.add_format(look)
        return self._cells[key]


def _write_sheet(worksheet: Any, sheet: ExportSheet, formats: _Formats, lists: PickLists) -> int:
    for place, column in enumerate(sheet.columns):
        empty = formats.cell(column.kind, column.wraps) if sheet.open_rows else None
        look = {"hidden": True} if column.is_hidden else {}
        worksheet.set_column(place, place, column.width or _WIDTHS[column.kind], empty, look)
    row = 0
    for line in sheet.caption:
        worksheet.write_string(row, 0, safe_text(line), formats.caption)
        row += 1
    row += 1 if sheet.caption else 0
    for place, column in enumerate(sheet.columns):
        worksheet.write_string(row, place, safe_text(column.heading), formats.heading)
    head = row
    writers = [_writer(worksheet, place, column, formats) for place, column in enumerate(sheet.columns)]
    for values in sheet.rows:
        row += 1
        for write, value in zip(writers, values, strict=True):
            if value is not None and value != "":
                write(row, value)
    _dress(worksheet, sheet, head, row)
    if sheet.open_rows:
        _open(worksheet, sheet, head, row, lists)
    last = row
    for line in sheet.footer:
        row += 1
        worksheet.write_string(row + 1, 0, safe_text(line), formats.footer)
    return last - head


def _dress(worksheet: Any, sheet: ExportSheet, head: int, last: int) -> None:
    """What makes a long list usable on screen and paper."""
    worksheet.freeze_panes(head + 1, sheet.frozen_columns)
    if sheet.columns:
        worksheet.autofilter(head, 0, max(last, head + 1), len(sheet.columns) - 1)
    worksheet.repeat_rows(head)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&CTrang &P/&N")


def _open(worksheet: Any, sheet: ExportSheet, head: int, last: int, lists: PickLists) -> None:
    """Let the rows, and some below them, be filled in: with pick lists, and complaints about what cannot be."""
    for place, column in enumerate(sheet.columns):
        told = validation(
            column.kind,
            heading=column.heading,
            prompt=column.prompt,
            longest=column.longest,
            pick=column.pick,
            lists=lists,
        )
        if told is not None:
            worksheet.data_validation(head + 1, place, last + sheet.open_rows, place, told)


def _writer(worksheet: Any, place: int, column: ExportColumn, formats: _Formats) -> Callable[[int, Any], None]:
    """What writes the cells of one column; a value of another kind is written as text, never dropped."""
    plain = formats.cell(column.kind, column.wraps)

    def as_text(row: int, value: Any) -> None:
        text = safe_text(shown_text(value))
        is_quoted = looks_like_formula(text)
        worksheet.write_string(
            row, place, text, formats.cell("text", column.wraps, quoted=True) if is_quoted else plain
        )

    def as_number(row: int, value: Any) -> None:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and _is_finite(value):
            worksheet.write_number(row, place, float(value), plain)
        else:
            as_text(row, value)

    def as_date(row: int, value: Any) -> None:
        if isinstance(value, PartialDate) and value.precision == "day":
            value = value.value
        if isinstance(value, date) and (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY:
            worksheet.write_datetime(row, place, datetime(value.year, value.month, value.day), plain)
        else:
            as_text(row, value)

    def as_mark(row: int, value: Any) -> None:
        if value:
            worksheet.write_string(row, place, "x", plain)

    if column.kind == "text":
        return as_text
    if column.kind == "date":
        return as_date
    return as_mark if column.kind == "mark" else as_number


def shown_text(value: Any) -> str:
    """A value as text in the way that Vietnamese write it: dates by day, numbers with a comma."""
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, datetime):
        return f"{value:%H:%M} {format_date(value.date())}"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",")
    return str(value)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program would take a text for a formula or a command as soon as somebody edits the cell."""
    return text.startswith(_DANGEROUS)


def safe_text(text: str) -> str:
    """Text that a workbook can hold."""
    if len(text) <= _LONGEST_TEXT and text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text)[:_LONGEST_TEXT]


def _is_finite(value: int | float | Decimal) -> bool:
    return value == value and value not in (float("inf"), float("-inf"))
