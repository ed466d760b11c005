"""Reading a spreadsheet that someone sent: .xlsx, .xlsm, .xls, .xlsb, .ods or delimited text, whatever its name says.

Every file either becomes plain values or raises `UnreadableFile` with a Vietnamese sentence; memory and time are
bounded. Workbooks are read in a process of their own (`isolated.py`), text here.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from hrdb.kernel.spreadsheets.biff import error_cells
from hrdb.kernel.spreadsheets.delimited import read_delimited
from hrdb.kernel.spreadsheets.errors import UnreadableFile

__all__ = ["Cell", "CellError", "Limits", "MergedRange", "Sheet", "UnreadableFile", "Workbook", "read_workbook"]


class CellError(str):
    """A cell that holds an error (#N/A, #REF!) or a formula that was never calculated, as its text."""

    __slots__ = ()


#: An empty cell is the empty text. Numbers are floats also when they are whole.
Cell = str | float | date | datetime | CellError


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A block of merged cells; indexes from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet as plain values; `rows[0]` is row 1 of the file. All rows are equally long."""

    name: str
    rows: list[list[Any]]
    merged: tuple[MergedRange, ...] = ()
    is_hidden: bool = False

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Any:
        """The value at these indexes, the empty text outside."""
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]) else ""


@dataclass(slots=True)
class Workbook:
    """What was read from a file; `notes` are sentences for the user (macros were not run)."""

    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)
    #: Whether the cells came from text, where a number cannot be told from digits.
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask for."""

    file_bytes: int = 50_000_000
    unpacked: int = 400_000_000
    entries: int = 3_000
    sheets: int = 300
    rows: int = 200_000
    columns: int = 400
    cells: int = 6_000_000
    memory: int = 1_500_000_000
    seconds: int = 40


DEFAULT_LIMITS: Final = Limits()

_ISOLATED: Final = Path(__file__).with_name("isolated.py")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_A_SPREADSHEET: Final = "Tệp không phải là bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."
_ENCRYPTED: Final = "Tệp được đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi gửi lại."
_BROKEN: Final = "Tệp bị hỏng hoặc chưa tải lên hết, không mở được."
_TOO_MUCH: Final = "Tệp quá lớn hoặc quá phức tạp, không đọc được trong giới hạn cho phép."
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "Tệp là PDF, không phải bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."),
    (b"{\\rtf", "Tệp là văn bản RTF, không phải bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."),
    (b"\x89PNG", "Tệp là ảnh, không phải bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."),
    (b"\xff\xd8\xff", "Tệp là ảnh, không phải bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."),
    (b"GIF8", "Tệp là ảnh, không phải bảng tính. Cần tệp .xlsx, .xls, .ods hoặc .csv."),
    (b"Rar!", "Tệp là tệp nén RAR. Hãy giải nén rồi gửi bảng tính bên trong."),
    (b"7z\xbc\xaf", "Tệp là tệp nén 7z. Hãy giải nén rồi gửi bảng tính bên trong."),
    (b"\x1f\x8b", "Tệp là tệp nén. Hãy giải nén rồi gửi bảng tính bên trong."),
)
_WEB_PAGE: Final = (
    "Tệp thực chất là trang web, không phải bảng tính. Hãy mở bằng Excel, lưu lại thành .xlsx rồi gửi lại."
)
_XML: Final = "Tệp là XML, không phải bảng tính. Hãy mở bằng Excel, lưu lại thành .xlsx rồi gửi lại."


def read_workbook(
    source: str | Path | bytes | BinaryIO, *, limits: Limits = DEFAULT_LIMITS, name: str = ""
) -> Workbook:
    """The sheets of a file as plain values; raises UnreadableFile with a sentence for whatever cannot be read.

    The only sheet of delimited text is called `name`, else what the file is called.
    """
    if isinstance(source, str | Path):
        return _read_path(Path(source), limits, name or Path(source).stem)
    content = source if isinstance(source, bytes) else source.read(limits.file_bytes + 1)
    with tempfile.NamedTemporaryFile(prefix="sheet-") as copy:
        copy.write(content)
        copy.flush()
        return _read_path(Path(copy.name), limits, name)


def _read_path(path: Path, limits: Limits, name: str = "") -> Workbook:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableFile("Không phải là tệp.")
        with path.open("rb") as file:
            start = file.read(8192)
    except OSError:
        raise UnreadableFile("Không mở được tệp.") from None
    if not start:
        raise UnreadableFile("Tệp rỗng.")
    if size > limits.file_bytes:
        raise UnreadableFile(f"Tệp lớn hơn {limits.file_bytes // 1_000_000} MB. Hãy chia thành nhiều tệp rồi gửi lại.")
    _refuse_foreign(start)
    if start.startswith(_ZIP):
        return _read_isolated(path, limits)
    if start.startswith(_OLE):
        content = path.read_bytes()
        _refuse_foreign_ole(content)
        workbook = _read_isolated(path, limits)
        errors = error_cells(content)
        for sheet in workbook.sheets:
            _put_errors(sheet.rows, errors.get(sheet.name, ()))
        return workbook
    rows = read_delimited(path.read_bytes(), limits.rows, limits.columns)
    return Workbook(sheets=[Sheet(name=name, rows=rows)], is_text=True)


def _refuse_foreign(start: bytes) -> None:
    """Refuse by its first bytes what no reader here takes."""
    for magic, sentence in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableFile(sentence)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise UnreadableFile(_WEB_PAGE)
    if text.startswith(b"<?xml"):
        raise UnreadableFile(_WEB_PAGE if b"<html" in text else _XML)


def _refuse_foreign_ole(content: bytes) -> None:
    """Refuse encrypted workbooks and Word documents: both are OLE containers, named in their directory in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(_ENCRYPTED)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise UnreadableFile(_NOT_A_SPREADSHEET)


def _read_isolated(path: Path, limits: Limits) -> Workbook:
    asked = {name: getattr(limits, name) for name in Limits.__slots__}
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(_ISOLATED), str(path), json.dumps(asked)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(_TOO_MUCH) from None
    if answer.returncode != 0:
        raise UnreadableFile(_TOO_MUCH if answer.returncode < 0 else _BROKEN)
    told = pickle.loads(answer.stdout)
    if "unreadable" in told:
        raise UnreadableFile(told["unreadable"])
    return Workbook(sheets=list(_sheets(told["sheets"])), notes=told["notes"])


def _sheets(told: Sequence[dict[str, Any]]) -> Iterator[Sheet]:
    for data in told:
        rows = data["rows"]
        _put_errors(rows, data.get("errors", ()))
        merged = tuple(MergedRange(top, left, bottom, right) for (top, left), (bottom, right) in data["merged"])
        yield Sheet(name=data["name"], rows=rows, merged=merged, is_hidden=data["hidden"])


def _put_errors(rows: list[list[Any]], errors: Iterable[tuple[int, int, str]]) -> None:
    """Put error cells where the reader left blanks, also right of all other cells."""
    placed = [
        (row, column, text) for row, column, text in errors if row < len(rows) and column < DEFAULT_LIMITS.columns
    ]
    width = max((column + 1 for _, column, _ in placed), default=0)
    if rows and width > len(rows[0]):
        for cells in rows:
            cells += [""] * (width - len(cells))
    for row, column, text in placed:
        rows[row][column] = CellError(text)
