"""Workbooks for tests: made of rows, and read back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
import xlsxwriter


def workbook(rows: Iterable[Sequence[Any]], *, sheet: str = "Danh sách") -> bytes:
    """A workbook of one sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet(sheet)
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return buffer.getvalue()


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook's first sheet."""
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
