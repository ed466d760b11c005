"""The structure report as a workbook: the whole table with counts and shares, the pyramid, what it rests on."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from personnel.reports.structure import StructureReport
from personnel.statistics.tables import Row

_HEAD_ROW = 3
_FIRST_ROW = _HEAD_ROW + 3
_FIRST_COLUMN = 3


def structure_workbook(report: StructureReport) -> bytes:
    """An .xlsx file of three sheets; every count has its share beside it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    formats = _formats(book)
    _table_sheet(book.add_worksheet("Cơ cấu"), report, formats)
    _pyramid_sheet(book, book.add_worksheet("Tháp tuổi"), report, formats)
    _bases_sheet(book.add_worksheet("Căn cứ"), report, formats)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#E6EFF5", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    body, total = {"border": 1}, {"border": 1, "bold": True, "bg_color": "#F5F6F4"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format(head),
        "text": book.add_format(body | {"text_wrap": True}),
        "count": book.add_format(body | {"num_format": "#,##0"}),
        "share": book.add_format(body | {"num_format": "0.0%", "font_color": "#4D5A6B"}),
        "total_text": book.add_format(total | {"text_wrap": True}),
        "total_count": book.add_format(total | {"num_format": "#,##0"}),
        "total_share": book.add_format(total | {"num_format": "0.0%"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _table_sheet(sheet: Any, report: StructureReport, formats: dict[str, Any]) -> None:
    table = report.table
    sheet.write_string(0, 0, report.title, formats["title"])
    sheet.write_string(1, 0, report.lead)
    for place, label in enumerate(("STT", table.rows_label, "Tổng số")):
        sheet.merge_range(_HEAD_ROW, place, _HEAD_ROW + 2, place, label, formats["head"])
    place = _FIRST_COLUMN
    for column in table.headline:
        sheet.merge_range(_HEAD_ROW, place, _HEAD_ROW + 1, place + 1, column.label, formats["head"])
        place += 2
    for group in table.groups:
        last = place + 2 * len(group.columns) - 1
        sheet.merge_range(_HEAD_ROW, place, _HEAD_ROW, last, group.label, formats["head"])
        for column in group.columns:
            sheet.merge_range(_HEAD_ROW + 1, place, _HEAD_ROW + 1, place + 1, column.label, formats["head"])
            place += 2
    for pair in range(_FIRST_COLUMN, place, 2):
        sheet.write_string(_HEAD_ROW + 2, pair, "Số lượng", formats["head"])
        sheet.write_string(_HEAD_ROW + 2, pair + 1, "Tỷ lệ", formats["head"])
    for number, row in enumerate(table.rows):
        _write_row(sheet, _FIRST_ROW + number, str(number + 1), row, formats, "")
    _write_row(sheet, _FIRST_ROW + len(table.rows), "", table.total, formats, "total_")
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 42)
    sheet.set_column(2, place, 9)
    sheet.set_row(_HEAD_ROW + 1, 48)
    sheet.freeze_panes(_FIRST_ROW, _FIRST_COLUMN)
    sheet.repeat_rows(_HEAD_ROW, _HEAD_ROW + 2)
    sheet.repeat_columns(0, _FIRST_COLUMN - 1)
    sheet.set_landscape()
    sheet.set_paper(9)


def _write_row(sheet: Any, at: int, number: str, row: Row, formats: dict[str, Any], kind: str) -> None:
    sheet.write_string(at, 0, number, formats[f"{kind}text"])
    sheet.write_string(at, 1, row.label, formats[f"{kind}text"])
    sheet.write_number(at, 2, row.total, formats[f"{kind}count"])
    for place, count in enumerate(row.counts):
        sheet.write_number(at, _FIRST_COLUMN + 2 * place, count, formats[f"{kind}count"])
        share = row.share(place)
        if share is None:
            sheet.write_blank(at, _FIRST_COLUMN + 2 * place + 1, None, formats[f"{kind}share"])
        else:
            sheet.write_number(at, _FIRST_COLUMN + 2 * place + 1, float(share), formats[f"{kind}share"])


def _pyramid_sheet(book: Any, sheet: Any, report: StructureReport, formats: dict[str, Any]) -> None:
    steps = report.table.pyramid
    for place, label in enumerate(("Nhóm tuổi", "Nam", "Nữ")):
        sheet.write_string(0, place, label, formats["head"])
    for at, step in enumerate(steps, start=1):
        sheet.write_string(at, 0, step.label, formats["text"])
        sheet.write_number(at, 1, step.male, formats["count"])
        sheet.write_number(at, 2, step.female, formats["count"])
    sheet.set_column(0, 0, 18)
    chart = book.add_chart({"type": "bar"})
    for place, colour in ((1, "#14507A"), (2, "#C4703A")):
        chart.add_series(
            {
                "name": [sheet.name, 0, place],
                "categories": [sheet.name, 1, 0, len(steps), 0],
                "values": [sheet.name, 1, place, len(steps), place],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": "Tháp tuổi theo giới tính"})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart("E2", chart)


def _bases_sheet(sheet: Any, report: StructureReport, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 110)
    lines = [*report.bases(), *(f"Chưa rõ {column.label}: {count} người." for column, count in report.unknown_parts())]
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line, formats["wrapped"])
