"""PDF files that someone sent: those that open and run nothing are taken, each of the others gets its sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from hrdb.kernel.received_pdf import ACTIVE, BROKEN, ENCRYPTED, NOT_A_PDF, TOO_MUCH, PdfLimits, UnreadablePdf, check_pdf


def _name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def _pdf(folder: Path, *changes: Callable[[PdfWriter], object], pages: int = 1) -> Path:
    writer, path = PdfWriter(), folder / "a.pdf"
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    for change in changes:
        change(writer)
    writer.write(path)
    return path


def _opens_with(action: str) -> Callable[[PdfWriter], object]:
    def change(writer: PdfWriter) -> None:
        writer._root_object[_name("OpenAction")] = DictionaryObject({_name("S"): _name(action)})

    return change


def _annotated(kind: str) -> Callable[[PdfWriter], object]:
    def change(writer: PdfWriter) -> None:
        note = writer._add_object(DictionaryObject({_name("Type"): _name("Annot"), _name("Subtype"): _name(kind)}))
        writer.pages[0][_name("Annots")] = ArrayObject([note])

    return change


def _links(writer: PdfWriter) -> None:
    goes = DictionaryObject({_name("S"): _name("URI"), _name("URI"): TextStringObject("https://chinhphu.vn")})
    note = DictionaryObject({_name("Subtype"): _name("Link"), _name("A"): goes})
    writer.pages[0][_name("Annots")] = ArrayObject([writer._add_object(note)])


def test_what_opens_and_runs_nothing_is_taken_with_its_pages(tmp_path: Path) -> None:
    assert check_pdf(_pdf(tmp_path, pages=3)) == 3
    assert check_pdf(_pdf(tmp_path, _links)) == 1
    assert check_pdf(_pdf(tmp_path, _opens_with("GoTo"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        _opens_with("JavaScript"),
        _opens_with("Launch"),
        _opens_with("SubmitForm"),
        _annotated("RichMedia"),
        _annotated("FileAttachment"),
        lambda writer: writer.add_attachment("a.txt", b"x"),
    ],
)
def test_what_runs_or_brings_something_is_refused(tmp_path: Path, change: Callable[[PdfWriter], object]) -> None:
    with pytest.raises(UnreadablePdf) as refused:
        check_pdf(_pdf(tmp_path, change))
    assert str(refused.value) == ACTIVE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", NOT_A_PDF), (b"PK\x03\x04", NOT_A_PDF), (b"%PDF-1.4 nothing", BROKEN), (b"%PDF-" + b"\x00" * 999, BROKEN)],
)
def test_what_is_no_whole_pdf_is_told_apart(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadablePdf) as refused:
        check_pdf(path)
    assert str(refused.value) == sentence


def test_passwords_and_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePdf, match="mật khẩu") as refused:
        check_pdf(_pdf(tmp_path, lambda writer: writer.encrypt("a")))
    assert str(refused.value) == ENCRYPTED
    with pytest.raises(UnreadablePdf) as refused:
        check_pdf(_pdf(tmp_path, pages=3), limits=PdfLimits(pages=2))
    assert str(refused.value) == TOO_MUCH
