"""The workbook of a list, from the same columns as the screen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http.response import HttpResponse

from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.columns import Column, export_labels, export_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 48


@dataclass(frozen=True)
class ExportFile:
    """A workbook that is ready to leave: its name and its content."""

    name: str
    content: bytes

    def response(self) -> HttpResponse:
        """The file as a download."""
        response = HttpResponse(self.content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{self.name}"'
        return response


@dataclass(frozen=True)
class Narrower:
    """A smaller question that one file can answer: what it is called, how many rows it has, where it is asked."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class ExportNeed:
    """What an export would hold: rows (and what they bring along), and in a sentence why it is too much, if it is."""

    rows: int
    weight: int
    refusal: str = ""
    narrower: Sequence[Narrower] = ()


def list_workbook(name: str, title: str, day: date, columns: Sequence[Column], rows: Iterable[Any]) -> ExportFile:
    """A list as an .xlsx called `name-YYYYMMDD.xlsx`, with its title and asked day above the head."""
    content = write_workbook(title, f"Tính đến ngày {format_date(day)}", columns, rows)
    return ExportFile(f"{name}-{day:%Y%m%d}.xlsx", content)


def write_workbook(title: str, lead: str, columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """A workbook of one sheet: title, sentence, frozen head, rows; what looks like a formula stays text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, head = book.add_format({"bold": True, "font_size": 14}), _head_format(book)
    formats = {"day": book.add_format({"num_format": "dd/mm/yyyy"}), "text": book.add_format({"num_format": "@"})}
    sheet = book.add_worksheet("Danh sách")
    labels = ["STT", *export_labels(columns)]
    for place, text in enumerate(labels):
        sheet.set_column(place, place, 6 if place == 0 else min(WIDEST, max(14, len(text) + 4)))
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, lead)
    for place, text in enumerate(labels):
        sheet.write_string(3, place, text, head)
    last = 3
    for last, values in enumerate(export_rows(columns, rows), start=4):
        sheet.write_number(last, 0, last - 3)
        for place, value in enumerate(values, start=1):
            _write(sheet, last, place, value, formats)
    sheet.freeze_panes(4, 1)
    sheet.autofilter(3, 0, max(last, 4), len(labels) - 1)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _head_format(book: Any) -> Any:
    """How heads look."""
    return book.add_format({"bold": True, "bg_color": "#E6EFF5", "border": 1, "text_wrap": True, "valign": "vcenter"})


def _write(sheet: Any, row: int, place: int, value: object, formats: dict[str, Any]) -> None:
    """One cell by the kind of its value."""
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_string(row, place, f"{value:%d/%m/%Y %H:%M}", formats["text"])
    elif isinstance(value, date):
        if value.year < 1900:
            sheet.write_string(row, place, format_date(value), formats["text"])
        else:
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), formats["day"])
    elif isinstance(value, int | float) or hasattr(value, "as_tuple"):
        sheet.write_number(row, place, float(value))  # type: ignore[arg-type]
    else:
        sheet.write_string(row, place, str(value), formats["text"])
