"""Papers of a round as files of the office: workbooks of the tables, Word of the letters."""

from __future__ import annotations

import io

from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from personnel.exports.decision_texts import fill_text
from personnel.services.decision_templates import template_for
from planning.reports.documents.letters import RoundLetter
from planning.reports.documents.tables import PaperTable, RoundPaper

#: Characters of a column for each millimetre that it has on paper.
_CHARACTERS = 0.85


def paper_workbook(title: str, subtitle: str, tables: list[PaperTable], footer: list[str]) -> bytes:
    """The tables of a paper, a sheet each; heads over lines become a column of their own before them."""
    buffer = io.BytesIO()
    write_workbook(buffer, [_sheet(title, subtitle, table, footer) for table in tables])
    return buffer.getvalue()


def round_workbook(paper: RoundPaper) -> bytes:
    """The workbook of a paper of a round."""
    return paper_workbook(paper.title, paper.subtitle, paper.tables(), paper.sources)


def letter_docx(paper: RoundLetter) -> bytes:
    """The letter in Word, by the template that the province put in place of the built-in one; raises ServiceRefusal."""
    text = paper.text()
    return fill_text(text, template_for(text.decision.unit_id, text.kind.key))


def _sheet(title: str, subtitle: str, table: PaperTable, footer: list[str]) -> ExportSheet:
    has_heads = any(row.head for row in table.rows)
    columns = [
        ExportColumn(
            f"{column.group}: {column.label}" if column.group else column.label,
            column.kind,
            width=max(8.0, column.width * _CHARACTERS),
        )
        for column in table.columns
    ]
    if has_heads:
        columns.insert(0, ExportColumn("Nhóm", width=40))
    rows, head = [], ""
    for row in table.rows:
        if row.head:
            head = row.head
            continue
        cells = [
            None if cell == "" and column.is_number else cell
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        rows.append([head, *cells] if has_heads else cells)
    notes = [*filter(None, [table.note]), *footer]
    return ExportSheet(
        table.title, columns, rows, caption=(title, subtitle), footer=notes, frozen_columns=1 + has_heads
    )
