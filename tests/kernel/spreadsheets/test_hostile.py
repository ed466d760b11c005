"""Hostile and broken files end with a Vietnamese sentence, soon, and without harm to the process that asked."""

import struct
import time
import zipfile
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from hrdb.kernel.spreadsheets.reading import Limits, UnreadableFile, read_workbook
from tests.kernel.spreadsheets.makers import ods, ods_text, package, raw_xlsx, xlsx

CELL = "<c r='{0}' t='inlineStr'><is><t>x</t></is></c>"
ENTITY_BOMB = (
    "<!DOCTYPE sst [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><sst><si><t>&c;</t></si></sst>"
)


def _refused(content: bytes | Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(content, limits=limits or Limits())
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "rỗng"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "ảnh"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "ảnh"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"<html><body><table></table></body></html>", "trang web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "XML"),
        (b"{\\rtf1 x}", "RTF"),
        (b"PK\x03\x04 broken", "hỏng"),
        (package({"word/document.xml": "<w/>"}), "không phải là bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600), "mật khẩu"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(600),
            "không phải là bảng tính",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(600), "hỏng"),
    ],
    ids=[
        "empty",
        "pdf",
        "png",
        "jpeg",
        "rar",
        "web-page",
        "xml",
        "rtf",
        "broken-zip",
        "word-document",
        "encrypted",
        "old-word-document",
        "broken-old-workbook",
    ],
)
def test_what_is_no_workbook_gets_its_sentence(content: bytes, word: str) -> None:
    assert word in _refused(content)


def test_a_folder_and_a_missing_file_get_a_sentence(tmp_path: Path) -> None:
    assert _refused(tmp_path)
    assert _refused(tmp_path / "nothing.xlsx")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(tmp_path: Path, part: float) -> None:
    content = xlsx(tmp_path / "a.xlsx", [["Họ và tên", number] for number in range(300)]).read_bytes()
    assert "hỏng" in _refused(content[: int(len(content) * part)])


def test_a_package_too_large_unpacked_is_refused_before_it_is_unpacked() -> None:
    content = raw_xlsx("<row r='1'/>", more={"xl/media/image1.png": bytes(30_000_000)})
    assert len(content) < 100_000
    started = time.monotonic()
    assert "quá lớn" in _refused(content, Limits(unpacked=20_000_000))
    assert time.monotonic() - started < 5


def test_a_package_that_lies_about_its_sizes_stays_bounded() -> None:
    content = bytearray(raw_xlsx("<row r='1'/>" + " " * 60_000_000))
    # Both places that tell the size of the sheet's part say 100 bytes.
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            if struct.unpack_from("<I", content, start + offset)[0] > 1_000_000:
                struct.pack_into("<I", content, start + offset, 100)
            start += 4
    try:
        sheets = read_workbook(bytes(content)).sheets
    except UnreadableFile:
        return
    assert sheets[0].rows == []


def test_a_million_empty_rows_cost_little() -> None:
    content = raw_xlsx(
        f"<row r='1'>{CELL.format('A1')}</row>"
        + "".join(f"<row r='{row}' ht='15'><c r='A{row}' s='0'/></row>" for row in range(2, 1_000_000))
    )
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    workbook = read_workbook(content)
    assert workbook.sheets[0].rows == [["x"]]
    assert time.monotonic() - started < 20
    assert psutil.Process().memory_info().rss - before < 200_000_000


def test_one_far_cell_does_not_end_the_process() -> None:
    content = raw_xlsx(f"<row r='1'>{CELL.format('A1')}</row><row r='1048576'>{CELL.format('XFD1048576')}</row>")
    assert "quá lớn" in _refused(content)


def test_more_rows_or_columns_than_a_list_has_are_refused() -> None:
    far = raw_xlsx(f"<row r='300000'>{CELL.format('A300000')}</row>")
    assert "200.000 dòng" in _refused(far)
    wide = raw_xlsx(f"<row r='1'>{CELL.format('ZZ1')}</row>")
    assert "400 cột" in _refused(wide)
    assert "trang tính" in _refused(raw_xlsx("<row r='1'/>"), Limits(sheets=0))


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_documents_that_declare_entities_are_refused(part: str) -> None:
    assert "thực thể" in _refused(raw_xlsx("<row r='1'/>", more={part: ENTITY_BOMB}))


def test_an_open_document_that_repeats_without_end_is_refused() -> None:
    cell = ods_text("x").replace("<table:table-cell", "<table:table-cell table:number-columns-repeated='16000'")
    content = ods(
        "<table:table table:name='a'><table:table-row table:number-rows-repeated='1048576'>"
        f"{cell}</table:table-row></table:table>"
    )
    started = time.monotonic()
    assert _refused(content)
    assert time.monotonic() - started < 45


def test_encrypted_entries_are_refused() -> None:
    content = bytearray(raw_xlsx("<row r='1'/>"))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            content[start + offset] |= 1
            start += 4
    assert "mật khẩu" in _refused(bytes(content))


def test_time_is_limited() -> None:
    content = raw_xlsx("".join(f"<row r='{row}'>{CELL.format(f'A{row}')}</row>" for row in range(1, 150_000)))
    started = time.monotonic()
    assert _refused(content, Limits(memory=60_000_000))
    assert time.monotonic() - started < 20


def test_a_broken_part_gets_a_sentence() -> None:
    assert "hỏng" in _refused(raw_xlsx("<row r='1'><c r='A1'><v>5</v></row"))
    assert "hỏng" in _refused(raw_xlsx("", more={"xl/_rels/workbook.xml.rels": "<a"}))


def test_a_zip_of_many_entries_is_refused() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for number in range(4000):
            container.writestr(f"xl/{number}.xml", "")
        container.writestr("xl/workbook.xml", "")
    assert "quá lớn" in _refused(buffer.getvalue())
