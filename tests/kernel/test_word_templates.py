"""Word templates: a faulty tag is named, what could reach or exhaust the server is refused, what is filled is text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from hrdb.kernel.word_templates import (
    BROKEN,
    ENCRYPTED,
    MACROS,
    NOT_WORD,
    OUTSIDE,
    TOO_LARGE,
    TOO_MUCH,
    BadTemplate,
    TemplateLimits,
    check_word_template,
    fill_word_template,
)

FIELDS: dict[str, Any] = {"name": None, "lines": [], "rows": ["name", "place"]}
VALUES: dict[str, Any] = {
    "name": "Nguyễn Văn A & <b>",
    "lines": ["một", "hai"],
    "rows": [{"name": "X", "place": "1"}, {"name": "Y", "place": "2"}],
}


def _word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _check(content: bytes, folder: Path, limits: TemplateLimits | None = None) -> None:
    path = folder / "t.docx"
    path.write_bytes(content)
    check_word_template(path, fields=FIELDS, samples=[VALUES], limits=limits)


def _with(content: bytes, **parts: bytes) -> bytes:
    """The package with some parts put in or in place of others; «__» stands for a slash, «_x_» for a dot."""
    named = {name.replace("__", "/").replace("_x_", "."): part for name, part in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            if info.filename not in named:
                new.writestr(info, old.read(info))
        for name, part in named.items():
            new.writestr(name, part)
    return file.getvalue()


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def test_what_is_filled_is_text_and_loops_and_conditions_work(tmp_path: Path) -> None:
    content = _word(
        "{{ name|upper }}",
        "{%p for line in lines %}",
        "- {{ line }}{% if not loop.last %};{% else %}.{% endif %}",
        "{%p endfor %}",
        "{% for row in rows %}{{ row.place }}{{ row.name }} {% endfor %}",
    )
    _check(content, tmp_path)
    filled = Document(io.BytesIO(fill_word_template(content, fields=FIELDS, values=VALUES)))
    assert [one.text for one in filled.paragraphs] == ["NGUYỄN VĂN A & <B>", "- một;", "- hai.", "1X 2Y "]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ nam }}", "Thẻ «{{ nam }}»: không có trường «nam»"),
        ("{% for row in rows %}{{ row.nam }}{% endfor %}", "không có trường «row.nam»"),
        ("{% for row in name %}{% endfor %}", "không có trường «name»"),
        ("{{ name }", "Thẻ viết sai cú pháp gần «{{ name }»"),
        ("{% if name %}", "Thiếu thẻ đóng «{% endif %}»"),
        ("{% endfor %}", "Thẻ «{% endfor %}» không có"),
        ("{% xyz %}", "Thẻ «{% xyz %}» không có"),
        ("{{ name.__class__ }}", "«{{ name.__class__ }}» không dùng được"),
        ("{{ rows[0] }}", "không dùng được"),
        ("{{ name.upper() }}", "không dùng được"),
        ("{{ name|attr('x') }}", "không dùng được"),
        ("{{ name|center(99999) }}", "không dùng được"),
        ("{{ 'a' * 99999999 }}", "không dùng được"),
        ("{{ range(9) }}", "không dùng được"),
        ("{% set x = 1 %}", "không dùng được"),
        ("{% include 'x' %}", "không dùng được"),
        ("{% macro m() %}{% endmacro %}", "không dùng được"),
        ("{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}", "không dùng được"),
    ],
)
def test_a_faulty_or_dangerous_tag_is_named(line: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadTemplate) as refused:
        _check(_word("Trước", line, "Sau"), tmp_path)
    assert told in str(refused.value)
    with pytest.raises(BadTemplate):
        fill_word_template(_word(line), fields=FIELDS, values=VALUES)


def test_tags_in_headers_and_properties_are_read_too(tmp_path: Path) -> None:
    for place in ("header", "property"):
        document = Document()
        if place == "header":
            document.sections[0].header.paragraphs[0].text = "{{ name.__class__ }}"
        else:
            document.core_properties.author = "{{ name.__class__ }}"
        file = io.BytesIO()
        document.save(file)
        with pytest.raises(BadTemplate, match="không dùng được"):
            _check(file.getvalue(), tmp_path)


def test_files_that_are_no_plain_word_document_are_refused(tmp_path: Path) -> None:
    plain = _word("{{ name }}")
    types, relations = _part(plain, "[Content_Types].xml"), _part(plain, "word/_rels/document.xml.rels")
    body = _part(plain, "word/document.xml")
    outside = b'<Relationship Id="rIdX" Type="x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/>'
    link = b'<Relationship Id="rIdX" Type="x/hyperlink" Target="https://x.vn" TargetMode="External"/>'
    instruction = b"<w:p><w:r><w:instrText>INCLUDE</w:instrText><w:instrText>TEXT x</w:instrText></w:r></w:p></w:body>"
    cases = {
        b"%PDF-1.7": NOT_WORD,
        b"PK\x03\x04broken": BROKEN,
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"): ENCRYPTED,
        b"\xd0\xcf\x11\xe0old": NOT_WORD,
        _with(plain, word__vbaProject_x_bin=b"x"): MACROS,
        _with(plain, word__embeddings__a_x_bin=b"x"): MACROS,
        _with(plain, **{"[Content_Types].xml": types.replace(b"wordprocessingml.document.main", b"x.macroEnabled")}): (
            MACROS
        ),
        _with(plain, **{"[Content_Types].xml": types.replace(b"document.main+xml", b"template.main+xml")}): NOT_WORD,
        _with(plain, word___rels__document_x_xml_x_rels=relations.replace(b"</Rel", outside + b"</Rel")): OUTSIDE,
        _with(plain, word__document_x_xml=body.replace(b"</w:body>", instruction)): OUTSIDE,
        _with(plain, word__document_x_xml=b"<!DOCTYPE x>" + body): OUTSIDE,
    }
    for content, told in cases.items():
        with pytest.raises(BadTemplate) as refused:
            _check(content, tmp_path)
        assert str(refused.value) == told, content[:40]
    _check(_with(plain, word___rels__document_x_xml_x_rels=relations.replace(b"</Rel", link + b"</Rel")), tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked_and_time_is_bounded(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"0" * 60_000_000)
    with pytest.raises(BadTemplate, match=TOO_LARGE):
        _check(bomb.getvalue(), tmp_path)
    with pytest.raises(BadTemplate, match=TOO_MUCH):
        _check(_word(*["{{ name }}"] * 4000), tmp_path, TemplateLimits(memory=40_000_000))
