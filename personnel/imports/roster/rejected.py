"""The bad rows of a roster as a workbook with a reason column, ready to be mended and sent again."""

from __future__ import annotations

import datetime
from collections import defaultdict
from pathlib import Path
from typing import Any

import xlsxwriter

from hrdb.kernel.spreadsheets.writing import looks_like_formula, safe_text
from personnel.imports.report import ImportReport
from personnel.imports.roster.importing import ComparedRoster
from personnel.imports.roster.results import RosterRow, Table
from personnel.imports.roster.swapped import put_right

REASON = "Lý do"
_HEAD = {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E6EFF5"}
UNIT = "Đơn vị công tác"
CATEGORY = "Đối tượng"


def write_rejected(compared: ComparedRoster, path: Path) -> int:
    """Write every rejected row under its own headers, with the unit where no column told it; returns their number."""
    reasons = _reasons(compared.report)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            "title": book.add_format({"bold": True}),
            "head": book.add_format(_HEAD),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "reason": book.add_format({"font_color": "#A3261D", "text_wrap": True}),
            "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
            "quoted head": book.add_format({**_HEAD, "quote_prefix": True}),
        }
        written = 0
        for number, table in enumerate(compared.read.understanding.tables):
            bad = [row for row in table.rows if (row.sheet, row.row) in reasons]
            if bad:
                sheet = book.add_worksheet(_sheet_name(table.sheet, number, book))
                written += _write_table(sheet, table, bad, reasons, formats, compared)
        if not written:
            book.add_worksheet("Không có dòng lỗi")
    return written


def _reasons(report: ImportReport) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for fault in report.errors:
        if fault.row:
            found[fault.sheet, fault.row].append(f"{fault.column}: {fault.message}" if fault.column else fault.message)
    return {key: "; ".join(dict.fromkeys(messages)) for key, messages in found.items()}


def _sheet_name(name: str, number: int, book: Any) -> str:
    taken = {sheet.get_name() for sheet in book.worksheets()}
    return name if name and name not in taken else f"Trang {number + 1}"


def _write_table(
    sheet: Any,
    table: Table,
    rows: list[RosterRow],
    reasons: dict[tuple[str, int], str],
    formats: dict[str, Any],
    compared: ComparedRoster,
) -> int:
    """The rows under their own headers, then what no column of theirs told (unit, category), then the reasons."""
    told = {column.column_key for column in table.columns}
    lookups = compared.read.reference.lookups
    added = []
    if not told & {"unit", "title_and_unit"}:
        added.append((UNIT, [lookups.name_of("units", row.unit) if row.unit else "" for row in rows]))
    categories = [lookups.name_of("category", row.code("category") or "") for row in rows]
    if any(categories) and not any(key and key.startswith("category") for key in told):
        added.append((CATEGORY, categories))
    added.append((REASON, [reasons[row.sheet, row.row] for row in rows]))
    width = len(table.columns)
    sheet.write_string(0, 0, f"Tính đến ngày {table.day:%d/%m/%Y}", formats["title"])
    for place, text in enumerate([*(column.header for column in table.columns), *(head for head, _ in added)]):
        _write_text(sheet, 2, place, text, formats["quoted head" if looks_like_formula(text) else "head"])
    swapped = {one.column_key for one in compared.read.understanding.swapped if one.decision == "swap"}
    for number, row in enumerate(rows):
        for place, column in enumerate(table.columns):
            value = row.cells[column.index] if column.index < len(row.cells) else ""
            value = put_right(value) if column.column_key in swapped else value
            _write_cell(sheet, number + 3, place, value, formats)
        for place, (head, values) in enumerate(added, start=width):
            _write_text(sheet, number + 3, place, values[number], formats["reason"] if head == REASON else None)
    last = width + len(added) - 1
    sheet.set_column(0, last - 1, 16)
    sheet.set_column(last, last, 60)
    sheet.freeze_panes(3, 0)
    return len(rows)


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if value in ("", None):
        return
    if isinstance(value, datetime.datetime | datetime.date) and value.year >= 1900:
        moment = (
            value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)
        )
        sheet.write_datetime(row, column, moment, formats["day"])
    elif isinstance(value, float | int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        text = str(value)
        _write_text(sheet, row, column, text, formats["quoted"] if looks_like_formula(text) else None)


def _write_text(sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
    """Text as text, whatever it looks like; what looks like a formula is given a form that keeps it so."""
    sheet.write_string(row, column, safe_text(text), form)
