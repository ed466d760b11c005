"""Delimited text (.csv) as offices save it: comma, semicolon or tab; UTF-8, UTF-16 or the Windows code page 1258."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Final

from hrdb.kernel.spreadsheets.errors import UnreadableFile

_DELIMITERS: Final = ";\t,|"
_SAMPLE_ROWS: Final = 40
_LONGEST_CELL: Final = 100_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT: Final = "Tệp không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."


def read_delimited(content: bytes, most_rows: int, most_columns: int) -> list[list[str]]:
    """The records of a delimited file, equally long; empty lines count as rows. Raises UnreadableFile."""
    text = decode(content)
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if len(rows) >= most_rows:
                raise UnreadableFile(f"Tệp có hơn {most_rows} dòng. Hãy chia thành nhiều tệp rồi gửi lại.")
            if len(record) > most_columns:
                raise UnreadableFile(f"Tệp có dòng hơn {most_columns} cột, không phải là danh sách.")
            rows.append(record)
    except csv.Error:
        raise UnreadableFile("Tệp văn bản có ô quá dài hoặc dấu nháy không khép, không đọc được.") from None
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    return [record + [""] * (width - len(record)) for record in rows]


def decode(content: bytes) -> str:
    """The text of a file, whatever its encoding; raises UnreadableFile when it is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableFile(_NOT_TEXT) from None
    if encoding := _unmarked_utf16(content):
        return content.decode(encoding, "replace")
    if b"\x00" in content:
        raise UnreadableFile(_NOT_TEXT)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _unmarked_utf16(content: bytes) -> str:
    """The byte order of UTF-16 without a mark: every blank, digit and plain letter has a zero on the same side."""
    sample = content[:4000]
    if len(content) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros * 6 > len(sample) and others * 200 < len(sample):
            return encoding
    return ""


def _delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most equal number of cells."""
    head = text[:200_000]
    first = head.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[-1]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        counts: dict[int, int] = {}
        try:
            for place, record in enumerate(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)):
                if place >= _SAMPLE_ROWS:
                    break
                if len(record) > 1:
                    counts[len(record)] = counts.get(len(record), 0) + 1
        except csv.Error:
            continue
        score = max((width * times for width, times in counts.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


csv.field_size_limit(_LONGEST_CELL)
