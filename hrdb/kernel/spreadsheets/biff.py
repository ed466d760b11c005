"""The error cells of old .xls workbooks (#N/A and its kin), which the native reader leaves empty.

Reads just enough of the container (OLE compound file) and of the records (BIFF8) to find them; a file that is built in
another way has none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FORMULA: Final = 0x0006
_EOF: Final = 0x000A
_BOUNDSHEET: Final = 0x0085
_BOOLERR: Final = 0x0205
_LAST_SECTOR: Final = 0xFFFFFFFA
_MINI_STREAM_BELOW: Final = 4096


def error_cells(content: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """Row, column and text of the error cells by sheet name; empty for a file that cannot be followed."""
    try:
        book = _workbook_stream(content)
        sheets = {name: list(_sheet_errors(book, start)) for name, start in _sheet_starts(book)}
    except (struct.error, IndexError, ValueError, KeyError, RecursionError):
        return {}
    return {name: cells for name, cells in sheets.items() if cells}


def _workbook_stream(content: bytes) -> bytes:
    """The stream of the workbook's records."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    mini = 1 << struct.unpack_from("<H", content, 32)[0]
    directory_start, mini_fat_start = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 60)[0]
    fat = _fat(content, sector)

    def chain(start: int) -> bytes:
        parts: list[bytes] = []
        seen = 0
        while start < _LAST_SECTOR and seen <= len(fat):
            parts.append(content[(start + 1) * sector : (start + 2) * sector])
            start, seen = fat[start], seen + 1
        return b"".join(parts)

    directory = chain(directory_start)
    entries = {}
    for offset in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, offset + 64)[0]
        name = directory[offset : offset + max(0, length - 2)].decode("utf-16-le", "replace")
        entries[name] = struct.unpack_from("<II", directory, offset + 116)
    start, size = entries.get("Workbook") or entries["Book"]
    if size >= _MINI_STREAM_BELOW:
        return chain(start)[:size]
    mini_fat_bytes = chain(mini_fat_start)
    mini_fat = struct.unpack(f"<{len(mini_fat_bytes) // 4}I", mini_fat_bytes)
    container = chain(entries["Root Entry"][0])
    parts: list[bytes] = []
    while start < _LAST_SECTOR and len(parts) <= len(mini_fat):
        parts.append(container[start * mini : (start + 1) * mini])
        start = mini_fat[start]
    return b"".join(parts)[:size]


def _fat(content: bytes, sector: int) -> tuple[int, ...]:
    """The table of which sector follows which."""
    places = list(struct.unpack_from("<109I", content, 76))
    following, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // sector)):
        if following >= _LAST_SECTOR:
            break
        block = struct.unpack_from(f"<{sector // 4}I", content, (following + 1) * sector)
        places += block[:-1]
        following = block[-1]
    table = b"".join(content[(place + 1) * sector : (place + 2) * sector] for place in places if place < _LAST_SECTOR)
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _records(book: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records from an offset up to the end of their part."""
    while offset + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, offset)
        yield kind, book[offset + 4 : offset + 4 + length]
        if kind == _EOF:
            return
        offset += 4 + length


def _sheet_starts(book: bytes) -> Iterator[tuple[str, int]]:
    for kind, data in _records(book, 0):
        if kind == _BOUNDSHEET:
            length, is_wide = data[6], data[7] & 1
            raw = data[8 : 8 + length * (2 if is_wide else 1)]
            yield raw.decode("utf-16-le" if is_wide else "latin-1"), struct.unpack_from("<I", data, 0)[0]


def _sheet_errors(book: bytes, start: int) -> Iterator[tuple[int, int, str]]:
    for kind, data in _records(book, start):
        if kind == _BOOLERR and data[7] == 1:
            code = data[6]
        elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
            code = data[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", data, 0)
        yield row, column, _ERRORS.get(code, "#N/A")
