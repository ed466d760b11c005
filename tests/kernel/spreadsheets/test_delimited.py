"""Delimited text in the encodings and with the delimiters of offices."""

import unicodedata

import pytest

from hrdb.kernel.spreadsheets.delimited import decode, read_delimited
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.spreadsheets.reading import read_workbook

LINES = 'TT{0}Họ và tên{0}Hệ số\r\n1{0}Nguyễn Thị Hoà{0}"3{1}66"\r\n'


def _content(delimiter: str) -> str:
    return LINES.format(delimiter, ",")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    rows = read_delimited(_content(delimiter).encode(encoding), 100, 50)
    assert rows == [["TT", "Họ và tên", "Hệ số"], ["1", "Nguyễn Thị Hoà", "3,66"]]


def test_the_old_windows_code_page_gives_letters_and_tones() -> None:
    # The code page writes a letter and its tone as two bytes, as Windows did.
    content = "Nguyê\u0303n Thi\u0323 Hoà".encode("cp1258")
    assert unicodedata.normalize("NFC", decode(content)) == "Nguyễn Thị Hoà"


def test_rows_count_as_in_a_spreadsheet_and_are_equally_long() -> None:
    rows = read_delimited(b"a,b,c\n\n1\n", 100, 50)
    assert rows == [["a", "b", "c"], ["", "", ""], ["1", "", ""]]


def test_line_breaks_in_a_cell_stay() -> None:
    assert read_delimited('a;"ĐH Luật\nThS Luật"\n'.encode(), 10, 10) == [["a", "ĐH Luật\nThS Luật"]]


def test_a_line_naming_the_separator_is_obeyed() -> None:
    assert read_delimited(b"sep=;\na;b,c\n", 10, 10)[1] == ["a", "b,c"]


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01" + bytes(3000), b"\xff\xfe\x00", bytes(200)])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_workbook(content)


def test_too_many_rows_columns_and_endless_cells_are_refused() -> None:
    for content in ("a\n" * 50, "," * 50, '"' + "a" * 200_000):
        with pytest.raises(UnreadableFile):
            read_delimited(content.encode(), 20, 20)
