"""A table that page, workbook and paper draw alike."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.screens.formats import percent_text, value_text
from hrdb.kernel.spreadsheets.writing import ColumnKind, ExportColumn, ExportSheet, write_workbook
from hrdb.kernel.text import nfc

STYLESHEETS: Final = (Path(settings.BASE_DIR) / "templates/appraisal/pdf/paper.css",)
_WIDTHS: Final = {"text": 34.0, "integer": 11.0, "decimal": 10.0, "percent": 10.0}


@dataclass(frozen=True)
class Head:
    """A column: its heading, what it holds, and its width on paper in millimetres (0: what is left)."""

    label: str
    kind: ColumnKind = "text"
    width: int = 0


@dataclass(frozen=True)
class ReportTable:
    """A table with its caption: `rows` of plain values as long as the heads, a last row `total`, remarks below."""

    title: str
    name: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Any, ...], ...]
    caption: tuple[str, ...] = ()
    total: tuple[Any, ...] | None = None
    notes: tuple[str, ...] = ()


def workbook(tables: Sequence[ReportTable]) -> bytes:
    """The tables as a workbook, a sheet each."""
    buffer = io.BytesIO()
    write_workbook(
        buffer,
        [
            ExportSheet(
                table.name,
                [ExportColumn(head.label, kind=head.kind, width=_WIDTHS.get(head.kind)) for head in table.heads],
                [*table.rows, *([table.total] if table.total else [])],
                caption=(table.title, *table.caption),
                footer=table.notes,
            )
            for table in tables
        ],
    )
    return buffer.getvalue()


def paper(tables: Sequence[ReportTable], *, signers: Sequence[str] = ()) -> bytes:
    """The tables on A4 across, one after the other."""
    drawn = [
        {
            "title": table.title,
            "caption": table.caption,
            "heads": table.heads,
            "rows": [_texts(table, row) for row in table.rows],
            "total": _texts(table, table.total) if table.total else None,
            "notes": table.notes,
        }
        for table in tables
    ]
    html = render_to_string("appraisal/pdf/tables.html", {"tables": drawn, "signers": signers})
    return render_pdf(nfc(html), stylesheets=STYLESHEETS)


def _texts(table: ReportTable, row: Sequence[Any]) -> list[tuple[str, bool]]:
    return [
        ("" if value in (None, "") else _text(head, value), head.kind != "text")
        for head, value in zip(table.heads, row, strict=True)
    ]


def _text(head: Head, value: Any) -> str:
    return percent_text(value) if head.kind == "percent" else value_text(value)
