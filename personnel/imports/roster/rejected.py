"""The bad rows of a roster as a workbook with a reason column, ready to be mended and sent again."""

from __future__ import annotations

import datetime
from collections import defaultdict
from pathlib import Path
from typing import Any

import xlsxwriter

from personnel.imports.report import ImportReport
from personnel.imports.roster.importing import ComparedRoster
from personnel.imports.roster.results import RosterRow, Table

REASON = "Lý do"
UNIT = "Đơn vị công tác"


def write_rejected(compared: ComparedRoster, path: Path) -> int:
    """Write every rejected row under its own headers, with the unit where no column told it; returns their number."""
    reasons = _reasons(compared.report)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            "title": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E6EFF5"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "reason": book.add_format({"font_color": "#A3261D", "text_wrap": True}),
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
    heads = [column.header for column in table.columns]
    has_unit = any(column.column_key in ("unit", "title_and_unit") for column in table.columns)
    sheet.write_string(0, 0, f"Tính đến ngày {table.day:%d/%m/%Y}", formats["title"])
    extra = [REASON] if has_unit else [UNIT, REASON]
    for place, text in enumerate([*heads, *extra]):
        sheet.write_string(2, place, text, formats["head"])
    lookups = compared.read.reference.lookups
    for number, row in enumerate(rows, start=3):
        for place, column in enumerate(table.columns):
            value = row.cells[column.index] if column.index < len(row.cells) else ""
            _write_cell(sheet, number, place, value, formats["day"])
        if not has_unit and row.unit:
            sheet.write_string(number, len(heads), lookups.name_of("units", row.unit))
        sheet.write_string(number, len(heads) + len(extra) - 1, reasons[row.sheet, row.row], formats["reason"])
    sheet.set_column(0, len(heads) + len(extra) - 2, 16)
    sheet.set_column(len(heads) + len(extra) - 1, len(heads) + len(extra) - 1, 60)
    sheet.freeze_panes(3, 0)
    return len(rows)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day_format: Any) -> None:
    if value in ("", None):
        return
    if isinstance(value, datetime.datetime | datetime.date) and value.year >= 1900:
        moment = (
            value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)
        )
        sheet.write_datetime(row, column, moment, day_format)
    elif isinstance(value, float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
