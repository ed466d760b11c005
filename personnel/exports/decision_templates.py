"""The built-in Word template of each kind of paper (mẫu mặc định), from its wording, in the layout of decree 30/2020.

Nothing is stored: the template is built when it is asked for, from `TextKind`, so that wording and template never part.
Layout: A4, margins 20, 20, 30 and 15 mm, Times New Roman 13 to 14; page numbers at the top from page two.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from personnel.reports.decision_texts.paper import list_columns
from personnel.reports.decision_texts.phrases import needs, with_tags
from personnel.reports.decision_texts.wording import EXECUTION, TextKind, text_kinds
from personnel.services.decisions.text_fields import GROUNDS, PEOPLE, RECIPIENTS, SIGNED_AS, text_fields

FACE: Final = "Times New Roman"
BODY, SMALL, SMALLEST, TABLE = Pt(14), Pt(12), Pt(11), Pt(12)
_CENTER, _LEFT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
_WIDTH: Final = Mm(165)


@lru_cache(maxsize=128)
def default_template(key: str, *, is_party: bool) -> bytes:
    """The built-in template of a kind of paper; KeyError for one that is not known."""
    return _Builder(text_kinds[key], is_party=is_party).build()


class _Builder:
    """Writes one template paragraph by paragraph."""

    def __init__(self, kind: TextKind, *, is_party: bool) -> None:
        self.kind, self.is_party = kind, is_party
        self.document: Any = Document()

    def build(self) -> bytes:
        """The template as a file."""
        self._page()
        self._head()
        self._title()
        self._body()
        self._end()
        self._appended_list()
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = f"Mẫu: {self.kind.label}", "", ""
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    # Page and styles --------------------------------------------------------------------------------------------------

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, (20, 20, 30, 15))
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = _CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = number.add_run()
            run.font.size, run.font.name = Pt(13), FACE
            run._r.append(_field_char(kind) if kind else _instruction(text))
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FACE, BODY
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)

    def _line(
        self,
        text: str,
        *,
        into: Any = None,
        align: Any = _CENTER,
        size: Any = BODY,
        bold: bool = False,
        italic: bool = False,
        before: Any = None,
        indent: Any = None,
    ) -> Paragraph:
        paragraph: Paragraph = (into or self.document).add_paragraph()
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before, form.first_line_indent = before, indent
        _write(paragraph, text, size=size, bold=bold, italic=italic)
        return paragraph

    def _tag(self, text: str, into: Any = None) -> None:
        """A paragraph that holds nothing but a tag, and goes when the template is filled."""
        self._line(text, into=into, align=_LEFT)

    def _rule(self, paragraph: Paragraph, share: float, width: Any) -> None:
        """A thin line below a paragraph, over a share of the width around it."""
        free = int(width * (1 - share) / 2)
        line = paragraph.insert_paragraph_before("")
        paragraph._p.addprevious(line._p)
        paragraph._p.addnext(line._p)
        form = line.paragraph_format
        form.left_indent = form.right_indent = free
        form.line_spacing, form.space_after = Pt(4), Pt(4)
        _border(line)

    # The parts of the paper -------------------------------------------------------------------------------------------

    def _head(self) -> None:
        left_width, right_width = Mm(68), Mm(97)
        left, right = self._two_cells(left_width, right_width)
        self._line("{% if co_quan_chu_quan %}{{ co_quan_chu_quan }}{% endif %}", into=left, size=Pt(13))
        issuer = self._line("{{ co_quan_ban_hanh }}", into=left, size=Pt(13), bold=True)
        if self.is_party:
            self._line("*", into=left, size=Pt(13))
            self._line("Số {{ so_ky_hieu }}", into=left, size=Pt(13))
            motto = self._line("ĐẢNG CỘNG SẢN VIỆT NAM", into=right, size=Pt(14), bold=True)
            self._rule(motto, 0.72, right_width)
        else:
            self._rule(issuer, 0.4, left_width)
            self._line("Số: {{ so_ky_hieu }}", into=left, size=Pt(13))
            self._line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", into=right, size=Pt(12.5), bold=True)
            motto = self._line("Độc lập - Tự do - Hạnh phúc", into=right, size=Pt(13.5), bold=True)
            self._rule(motto, 0.62, right_width)
        self._line("{{ dia_danh }}, {{ ngay_ky }}", into=right, size=Pt(13.5), italic=True)
        self._tag("{%p if do_mat %}", into=left)
        self._line("{{ do_mat }}", into=left, size=Pt(13), bold=True, before=Pt(4))
        self._tag("{%p endif %}", into=left)
        for cell in (left, right):
            cell._tc.remove(cell.paragraphs[0]._p)

    def _two_cells(self, left_width: Any, right_width: Any) -> tuple[Any, Any]:
        table = self.document.add_table(rows=1, cols=2)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        left, right = table.rows[0].cells
        left.width, right.width = left_width, right_width
        table.columns[0].width, table.columns[1].width = left_width, right_width
        return left, right

    def _title(self) -> None:
        self._line("{{ ten_loai }}", bold=True, before=Pt(18))
        subject = self._line("{{ trich_yeu }}", bold=True)
        self._rule(subject, 0.7, _WIDTH)

    def _body(self) -> None:
        if self.kind.is_letter:
            self._line("Kính gửi: {{ kinh_gui }}", before=Pt(12))
        elif not self.kind.is_notice:
            self._line("{{ tham_quyen }}", bold=True, before=Pt(12))
        self._tag(f"{{%p for dong in {GROUNDS} %}}")
        self._paragraph("{{ dong }}", italic=not self.is_party)
        self._tag("{%p endfor %}")
        if self.kind.is_notice:
            for phrase in self.kind.articles[0]:
                self._phrase(phrase)
            return
        self._line("QUYẾT ĐỊNH:", bold=True, before=Pt(12))
        for number, article in enumerate([*self.kind.articles, EXECUTION], 1):
            for place, phrase in enumerate(article):
                self._phrase(phrase, lead=f"Điều {number}. " if place == 0 else "")

    def _phrase(self, phrase: str, *, lead: str = "") -> None:
        """One phrase as a paragraph; one that falls away without its facts stands in a condition of its own."""
        asked = [text_fields[key].tag for key in needs(phrase)]
        if asked:
            self._tag(f"{{%p if {' and '.join(asked)} %}}")
            self._paragraph(with_tags(phrase[1:-1]))
            self._tag("{%p endif %}")
            return
        self._paragraph(with_tags(phrase), lead=lead)

    def _paragraph(self, text: str, *, lead: str = "", italic: bool = False) -> None:
        paragraph = self._line("", align=_BOTH, before=Pt(6), indent=Mm(12.7))
        paragraph.paragraph_format.line_spacing = 1.0
        if lead:
            _write(paragraph, lead, bold=True)
        _write(paragraph, text, italic=italic)

    def _end(self) -> None:
        self._line("", size=SMALL)
        left, right = self._two_cells(Mm(80), Mm(85))
        self._line("Nơi nhận:", into=left, align=_LEFT, size=SMALL, bold=not self.is_party, italic=True)
        self._tag(f"{{%p for dong in {RECIPIENTS} %}}", into=left)
        self._line("{{ dong }}", into=left, align=_LEFT, size=SMALLEST)
        self._tag("{%p endfor %}", into=left)
        self._tag(f"{{%p for dong in {SIGNED_AS} %}}", into=right)
        self._line("{{ dong }}", into=right, bold=True)
        self._tag("{%p endfor %}", into=right)
        for _ in range(4):
            self._line("", into=right)
        self._line("{{ nguoi_ky }}", into=right, bold=True)
        for cell in (left, right):
            cell._tc.remove(cell.paragraphs[0]._p)

    def _appended_list(self) -> None:
        self._tag(f"{{%p if {PEOPLE} %}}")
        title = self._line("DANH SÁCH", bold=True)
        title.paragraph_format.page_break_before = True
        self._line("{{ trich_yeu }}", bold=True)
        self._line(
            "(Kèm theo {{ ten_loai|capitalize }} số {{ so_ky_hieu }} {{ ngay_ky }} của {{ ten_co_quan }})", italic=True
        )
        self._line("", size=SMALL)
        columns = [("tt", "STT"), *((text_fields[key].tag, head) for key, head in list_columns(self.kind))]
        table = self.document.add_table(rows=4, cols=len(columns))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        widths = _widths(len(columns))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        head, begin, line, end = table.rows
        _set(head, "w:tblHeader")
        _set(line, "w:cantSplit")
        begin.cells[0].text, end.cells[0].text = f"{{%tr for nguoi_i in {PEOPLE} %}}", "{%tr endfor %}"
        for place, (tag, label) in enumerate(columns):
            for row in table.rows:
                row.cells[place].width = widths[place]
            _cell(head.cells[place], label, bold=True, align=_CENTER)
            _cell(line.cells[place], f"{{{{ nguoi_i.{tag} }}}}", align=_CENTER if tag == "tt" else _LEFT)
        self._tag("{%p endif %}")


def _widths(columns: int) -> list[Any]:
    """Running number and birth date are narrow, the name is wide, the rest share what is left."""
    count, born = Mm(13), Mm(25)
    shares = [1.25, *([1.0] * (columns - 3))]
    rest = [int((_WIDTH - count - born) * share / sum(shares)) for share in shares]
    return [count, rest[0], born, *rest[1:]]


def _write(paragraph: Paragraph, text: str, *, size: Any = BODY, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold, run.italic = FACE, size, bold, italic


def _cell(cell: Any, text: str, *, bold: bool = False, align: Any = _LEFT) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    _write(paragraph, text, size=TABLE, bold=bold)


def _set(row: Any, flag: str) -> None:
    """A property of a row: its head again on each page, or never over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement(flag))


def _border(paragraph: Paragraph) -> None:
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _field_char(kind: str) -> Any:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _instruction(text: str) -> Any:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element
