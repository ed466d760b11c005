"""A workbook as lines: which sheet is which part, which column is which field, what each line says and about whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name

from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets import reading
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.spreadsheets.filling import LISTS
from hrdb.kernel.spreadsheets.writing import sheet_name
from hrdb.kernel.text import fold
from personnel.exports.workbook.cells import as_text
from personnel.exports.workbook.columns import HEADINGS, KEY, NAME, NEEDED, PERSON, RECORD_CODE, REMOVE, SheetColumn
from personnel.exports.workbook.guide import GUIDE
from personnel.exports.workbook.keys import READ_ONLY
from personnel.exports.workbook.sheets import PERSON_SHEET, Sheet
from personnel.exports.workbook.writing import Book
from personnel.imports.report import Fault

#: The headings stand in one of the first rows; offices may have put lines above them.
_HEAD_AMONG: Final = 20
_FEWEST_HEADINGS: Final = 2
NO_WORKBOOK: Final = (
    "Tệp không phải là sổ hồ sơ: không có trang nào mang tên một phần của hồ sơ. Hãy xuất sổ hoặc tải sổ mẫu rồi điền."
)


@dataclass(slots=True)
class Line:
    """One row of a sheet; `cells` has those columns that the sheet of this file has, by key."""

    place: int
    sheet: Sheet
    number: int
    key: str
    person: str
    name: str
    cells: dict[str, Any]
    is_marked: bool
    mark: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing that one sees is left of the line."""
        return not self.person and not self.mark and all(as_text(cell) == "" for cell in self.cells.values())


@dataclass
class ReadBook:
    """A file read for a user: its lines, and where in the file each column stands."""

    path: Path
    file_name: str
    user: User | None
    book: Book
    reason: str
    lines: list[Line] = field(default_factory=list)
    #: Letters of columns by sheet and column, for reports.
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def columns(self, sheet: Sheet) -> Sequence[SheetColumn]:
        """The columns of a sheet."""
        return self.book.sheets[sheet.key][1]

    def letter(self, sheet: Sheet, column: str) -> str:
        """Where a column stands in the file; empty when it is not there."""
        return self.letters.get((sheet.key, column), "")


def read_book(path: Path, *, user: User | None, reason: str = "", file_name: str = "") -> ReadBook:
    """The lines of a workbook. Raises UnreadableFile with a sentence."""
    found = reading.read_workbook(path, name=Path(file_name or path.name).stem)
    read = ReadBook(path, file_name or path.name, user, Book(user, timezone.localdate()), reason, notes=found.notes)
    by_name = {fold(sheet_name(sheet.label)): sheet for sheet, _ in read.book.sheets.values()}
    seen: set[str] = set()
    for sheet in found.sheets:
        name = fold(sheet.name)
        if name in by_name:
            seen.add(name)
            _read_sheet(read, by_name[name], sheet)
        elif name not in (fold(GUIDE), fold(LISTS)):
            message = f"Trang «{sheet.name}» không phải là một phần của hồ sơ, không đọc."
            read.warnings.append(Fault(sheet.name, 0, "", "unknown-sheet", sheet.name, message))
    if not seen:
        raise UnreadableFile(NO_WORKBOOK)
    if any(line.key == READ_ONLY for line in read.lines):
        message = "Sổ này lập cho một ngày đã qua, chỉ để đọc. Muốn sửa hồ sơ, hãy xuất sổ của hôm nay."
        raise UnreadableFile(message)
    return read


def _read_sheet(read: ReadBook, sheet: Sheet, cells: reading.Sheet) -> None:
    known = dict(_headings(read, sheet))
    head = _head_row(cells.rows, known)
    if head is None:
        if any(as_text(cell) for row in cells.rows for cell in row):
            message = f"Trang «{cells.name}» không có dòng tiêu đề như sổ mẫu."
            read.errors.append(Fault(cells.name, 0, "", "no-heading", "", message))
        return
    places = _places(read, sheet, cells, head, known)
    own = {name: places.pop(name, -1) for name in (KEY, PERSON, NAME, REMOVE)}
    needed = {column.key for column in read.columns(sheet)}
    columns = [(key, place) for key, place in places.items() if key in needed]
    for number, row in enumerate(cells.rows[head + 1 :], start=head + 2):
        line = _line(len(read.lines), sheet, number, row, own, columns)
        if line is not None:
            read.lines.append(line)


def _headings(read: ReadBook, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Folded headings of a sheet with the columns that they name."""
    for key in (KEY, PERSON, NAME, REMOVE):
        is_there = sheet.may_remove if key == REMOVE else key == KEY or sheet is not PERSON_SHEET
        if is_there:
            yield fold(HEADINGS[key]), key
    if sheet is PERSON_SHEET:
        yield fold(RECORD_CODE), PERSON
    for column in read.columns(sheet):
        yield fold(column.label), column.key


def _bare(cell: Any) -> str:
    """A heading without the mark of what is needed, ready to be compared."""
    return fold(as_text(cell).removesuffix(NEEDED.strip())) if isinstance(cell, str) else ""


def _head_row(rows: Sequence[Sequence[Any]], known: Mapping[str, str]) -> int | None:
    """The row with the most headings among the first ones."""
    counts = [sum(_bare(cell) in known for cell in row) for row in rows[:_HEAD_AMONG]]
    best = max(counts, default=0)
    return counts.index(best) if best >= _FEWEST_HEADINGS else None


def _places(read: ReadBook, sheet: Sheet, cells: reading.Sheet, head: int, known: Mapping[str, str]) -> dict[str, int]:
    """Where the columns stand; what is not known or named twice is told and not read."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells.rows[head]):
        text, letter = as_text(cell), xl_col_to_name(place)
        key = known.get(_bare(cell))
        if key is not None and key not in places:
            places[key] = place
            read.letters[sheet.key, key] = letter
        elif text:
            code, told = ("repeated-column", "có hai lần") if key else ("unknown-column", "không có trong sổ mẫu")
            message = f"Cột «{text}» {told}, không đọc."
            read.warnings.append(Fault(cells.name, head + 1, letter, code, text, message))
    return places


def _line(
    place: int,
    sheet: Sheet,
    number: int,
    row: Sequence[Any],
    own: Mapping[str, int],
    columns: Sequence[tuple[str, int]],
) -> Line | None:
    """One line; None for one without anything."""
    if not any(cell != "" for cell in row):
        return None
    key, person, name, mark = (as_text(row[own[one]]) if own[one] >= 0 else "" for one in (KEY, PERSON, NAME, REMOVE))
    cells = {one: row[at] for one, at in columns}
    line = Line(place, sheet, number, key, person, name, cells, mark.casefold() == "x", mark)
    return None if line.is_blank and not key and not name else line
