"""Both forms: every row of the official form in its place and order, filled, blank or closed."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from hrdb.kernel.faces import paper_face
from personnel.models import Cadre, Unit
from personnel.reports.curriculum import curriculum_html, curriculum_pdf, forms
from personnel.reports.form_2c import form_2c_values
from personnel.reports.layout import Across, Field, Form, Heading, Line, Note, Pages, Table, form_rows
from personnel.reports.rows import CLOSED
from personnel.reports.snapshot import record_snapshot
from personnel.reports.unified import unified_values
from tests.personnel.reports.reading import assert_in_order, families, squeezed, text_of, text_of_html
from tests.personnel.reports.records import DAY, bare_record

DATA = {"unified": "unified_2023", "2c2008": "form_2c_2008"}
VALUES = {"unified": unified_values, "2c2008": form_2c_values}
#: Labels that stand on paper as the official form groups them under headings.
GROUPED = {
    "income_salary", "income_other", "houses_granted", "houses_bought", "land_granted", "land_bought", "land_business",
    "agency_remark", "career",
}  # fmt: skip


@pytest.fixture(params=["unified", "2c2008"])
def form(request: pytest.FixtureRequest) -> Form:
    """Each form."""
    return forms[request.param]


def keyed(pages: Pages) -> Iterator[Field | Table | Across | Note]:
    """Everything that has a key, in the order of the paper."""
    for part in pages.all_parts:
        if isinstance(part, Line):
            yield from part.fields
        elif not isinstance(part, Heading):
            yield part


def test_forms_are_registered() -> None:
    assert forms.keys() == ["unified", "2c2008"]
    assert len(form_rows("unified_2023")) == 93


def test_every_row_has_its_place_in_official_order(full: Cadre, form: Form) -> None:
    pages = form.lay_out(record_snapshot(full, DAY, user=None))
    keys = [part.key for part in keyed(pages)]
    official = [key for key in form_rows(DATA[form.key]) if key != "photo"]
    assert keys == official


def test_every_row_is_in_the_document(full: Cadre, form: Form) -> None:
    html = curriculum_html(record_snapshot(full, DAY, user=None), form)
    drawn = re.findall(r'data-key="(\w+)"', html)
    assert sorted(set(drawn)) == sorted(form_rows(DATA[form.key]))
    assert "data:image/jpeg;base64," in html


def test_every_row_has_a_value(full: Cadre, form: Form, planned: None) -> None:
    values = VALUES[form.key](record_snapshot(full, DAY, user=None))
    assert set(values) == set(form_rows(DATA[form.key]))
    empty = [key for key, value in values.items() if not value]
    assert empty == ["photo"] + (["war_invalid_grade"] if form.key == "2c2008" else [])


def test_labels_are_the_official_ones(full: Cadre, form: Form) -> None:
    rows = form_rows(DATA[form.key])
    for part in keyed(form.lay_out(record_snapshot(full, DAY, user=None))):
        if part.key not in GROUPED:
            assert part.label.endswith(rows[part.key].label)
        if isinstance(part, Table):
            assert [column.label for column in part.columns] == [label for _, label in rows[part.key].columns]


def printed_texts(pages: Pages) -> Iterator[str]:
    """Labels, heads and values in the order in which they must be read on paper."""
    for part in pages.all_parts:
        if isinstance(part, Line):
            for field in part.fields:
                yield from (f"{field.label}:", field.value)
        elif isinstance(part, Heading):
            yield part.text
        elif isinstance(part, Table):
            yield from (part.label, *(column.label for column in part.columns))
            yield from (cell for row in part.rows for cell in row)
        elif isinstance(part, Across):
            yield part.label
            for block in part.blocks:
                for head, row in zip(part.heads, block, strict=True):
                    yield from (head, *row)
        else:
            yield from (part.label, *part.paragraphs)


def test_full_record_is_read_from_the_paper_in_order(full: Cadre, form: Form, planned: None) -> None:
    record = record_snapshot(full, DAY, user=None)
    content = curriculum_pdf(record, form)
    text = text_of(content)
    assert unicodedata.is_normalized("NFC", text)
    if form.key == "unified":
        head = text.index(squeezed("SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"))
        assert text.index("Sốhiệu:CBCC-0042") < head < text.index("NGUYỄNTHỊHỒNGNHƯỠNG")
    assert families(content) == {paper_face().family.replace(" ", "")}
    sheets = PdfReader(io.BytesIO(content)).pages
    sizes = {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets}
    assert sizes == {(595, 842)}
    assert len(sheets[0].images) == 1
    footers = rf"NguyễnThịHồngNhưỡng·thôngtinđếnngày30/06/2026|Trang\d/{len(sheets)}"
    assert_in_order(re.sub(footers, "", text), printed_texts(form.lay_out(record)))


def test_values_are_worded_as_the_form_asks(full: Cadre) -> None:
    text = text_of_html(curriculum_html(record_snapshot(full, DAY, user=None), forms["unified"]))
    for words in (
        "CơquanquảnlýCBCCVC:SởGiáodụcvàĐàotạo",
        "ĐơnvịsửdụngCBCCVC:PhòngTổchứccánbộ",
        "Sinhngày:08tháng3năm1983",
        "20)Trìnhđộchuyênmôncaonhất:Thạcsĩ,Quảnlýgiáodục",
        "23)Chứcvụhiệntại:Trưởngphòng",
        "26)ChứcvụĐảnghiệntại:Đảngủyviên",
        "27)ChứcvụĐảngkiêmnhiệm:BíthưChibộ",
        "Phụcấpkhác:Phụcấpkhuvực:0,70;Phụcấpcôngvụ:25%,3.150.000đồng",
        "01/2015" + "06/2020" + "PhòngTổchứccánbộ,SởGiáodụcvàĐàotạo" + "PhóTrưởngphòng",
        "07/2020" + "nay" + "PhòngTổchứccánbộ,SởGiáodụcvàĐàotạo" + "Trưởngphòng",
        "2010" + "01/2015" + "TrườngTHPTNguyễnHữuTiến",
        "6,78(VK5%)",
    ):
        assert words in text


def test_2c_words_posts_levels_and_highest_merits(full: Cadre) -> None:
    text = text_of_html(curriculum_html(record_snapshot(full, DAY, user=None), forms["2c2008"]))
    for words in (
        "12)Chứcvụ(chứcdanh)hiệntại:Trưởngphòng;Đảngủyviên;BíthưChibộ;ỦyviênHộiđồngthiđua(kiêmnhiệm)",
        "15.3)Lýluậnchínhtrị:Caocấp",
        "15.5)Ngoạingữ(tênngoạingữ+trìnhđộA,B,C,D...):TiếngAnhBậc3(B1)",
        "21)Khenthưởng(hìnhthứccaonhất,nămnào):Bằngkhen,2019",
        "hìnhthứccaonhất,nămnào):Khiểntrách,2012",
        "01.003/4",
        "09/2001-06/2005HọcSưphạmNgữvăn",
    ):
        assert words in text


def test_bare_record_leaves_room_to_write(units: dict[str, Unit], form: Form) -> None:
    record = record_snapshot(bare_record(units["school"]), DAY, user=None)
    pages = form.lay_out(record)
    assert [part.key for part in keyed(pages)] == [key for key in form_rows(DATA[form.key]) if key != "photo"]
    text = text_of_html(curriculum_html(record, form))
    assert "LÒTHỊỶ" in text
    assert "None" not in text
    assert "Ảnhmàu(4x6cm)" in text
    assert "Nơisinh:………" in text
    assert "Ngàycấp:…/…/……" in text
    for part in keyed(pages):
        if isinstance(part, Table):
            assert len(part.rows) == 0
            assert len(part.empty_rows) == 2


def test_sections_that_the_reader_may_not_see_say_so(full: Cadre, form: Form) -> None:
    record = record_snapshot(full, DAY, user=None)
    nothing: dict[str, Any] = {"kin": (), "life": (), "penalties": (), "health": None, "properties": ()}
    closed = replace(record, is_sensitive_open=False, **nothing)
    text = text_of_html(curriculum_html(closed, form))
    said = squeezed(CLOSED)
    expected = 14 if form.key == "unified" else 7
    assert text.count(said) == expected
    assert "HoàngỨngĐỉnh" not in text
    assert "Khiểntrách" not in text
