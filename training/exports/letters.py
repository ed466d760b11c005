"""Letters as Word files, in the layout of decree 30/2020: margins 20, 20, 30, 15 mm, Times New Roman 14."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from training.reports.letters import Letter

FACE: Final = "Times New Roman"
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CENTER, _LEFT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_WIDTH: Final = 165


def letter_docx(letter: Letter) -> bytes:
    """The letter as a Word file."""
    document: Any = Document()
    _page(document)
    _head(document, letter)
    _line(document, letter.title.upper(), bold=True, before=12)
    _line(document, letter.about, bold=True, after=8)
    for ground in letter.grounds:
        _line(document, ground, align=_BOTH, italic=True, indent=True)
    if letter.decree:
        _line(document, letter.decree, bold=True, before=6, after=6)
    for paragraph in letter.paragraphs:
        _line(document, paragraph, align=_BOTH, indent=True, after=4)
    _signature(document, letter)
    if letter.rows:
        document.add_page_break()
        _line(document, "DANH SÁCH", bold=True)
        _line(document, letter.list_title, italic=True, after=8)
        _list(document, letter)
    document.core_properties.title, document.core_properties.author = letter.title, ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, (20, 20, 30, 15))
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)


def _line(
    into: Any,
    text: str,
    *,
    align: Any = _CENTER,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    indent: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    paragraph = into.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if indent:
        form.first_line_indent = Mm(12)
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold, run.italic = FACE, Pt(size), bold, italic


def _pair(document: Any, widths: tuple[int, int]) -> tuple[Any, Any]:
    """Two cells without lines, side by side."""
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    cells = table.rows[0].cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Mm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
    return cells[0], cells[1]


def _head(document: Any, letter: Letter) -> None:
    left, right = _pair(document, (68, 97))
    if letter.superior:
        _line(left, letter.superior.upper(), size=13)
    _line(left, letter.issuer.upper(), size=13, bold=True)
    _line(left, f"Số: {letter.number}", size=13)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12.5, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13.5, bold=True)
    _line(right, letter.dated, size=13.5, italic=True)


def _signature(document: Any, letter: Letter) -> None:
    _line(document, "")
    left, right = _pair(document, (80, 85))
    _line(left, "Nơi nhận:", align=_LEFT, size=12, bold=True, italic=True)
    for receiver in letter.receivers:
        _line(left, f"- {receiver};", align=_LEFT, size=11)
    _line(right, letter.signer, bold=True)
    _line(right, "(Ký, ghi rõ họ tên, đóng dấu)", size=12, italic=True)


def _list(document: Any, letter: Letter) -> None:
    table = document.add_table(rows=1, cols=len(letter.heads))
    table.style, table.autofit = "Table Grid", False
    fixed = sum(head.width for head in letter.heads)
    free = max(sum(not head.width for head in letter.heads), 1)
    widths = [head.width or (_WIDTH - fixed) // free for head in letter.heads]
    _fill(table.rows[0], [head.label for head in letter.heads], widths, bold=True)
    for row in letter.rows:
        _fill(table.add_row(), row, widths)


def _fill(row: Any, texts: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
        _line(cell, text, align=_CENTER if bold else _LEFT, size=12, bold=bold)
