"""Record workbooks for tests: exported, edited as people edit them, and sent back."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import openpyxl
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.exports.workbook.columns import HEADINGS, NEEDED, PERSON
from personnel.exports.workbook.exporting import export_people, export_template
from personnel.models import Cadre


class EditedBook:
    """A workbook in a spreadsheet program; sheets by name, columns by heading without the mark of what is needed."""

    def __init__(self, content: bytes) -> None:
        self.book: Any = openpyxl.load_workbook(io.BytesIO(content))

    @classmethod
    def exported(cls, people: Iterable[Cadre], user: User | None = None) -> Self:
        """The records of some people as a user exports them."""
        buffer = io.BytesIO()
        ids = [cadre.pk for cadre in people]
        export_people(buffer, ids=ids, day=timezone.localdate(), acting_user=user)
        return cls(buffer.getvalue())

    @classmethod
    def template(cls, user: User | None = None) -> Self:
        """The empty workbook."""
        buffer = io.BytesIO()
        export_template(buffer, acting_user=user, day=timezone.localdate())
        return cls(buffer.getvalue())

    def column(self, sheet: str, heading: str) -> int:
        """Where a column stands."""
        for cell in self.book[sheet][1]:
            if str(cell.value or "").removesuffix(NEEDED) == heading:
                return int(cell.column)
        raise LookupError(f"{sheet}: {heading}")

    def last(self, sheet: str) -> int:
        """The number of the last row with anything in it."""
        rows = [cells[0].row for cells in self.book[sheet].iter_rows() if any(cell.value for cell in cells)]
        return int(max(rows))

    def get(self, sheet: str, row: int, heading: str) -> Any:
        """What a cell holds."""
        return self.book[sheet].cell(row, self.column(sheet, heading)).value

    def put(self, sheet: str, row: int, heading: str, value: Any) -> Self:
        """Write into a cell."""
        self.book[sheet].cell(row, self.column(sheet, heading)).value = value
        return self

    def mark(self, sheet: str, row: int = 2) -> Self:
        """Mark a row for removal."""
        return self.put(sheet, row, "Xóa", "x")

    def add(self, sheet: str, person: str = "", **cells: Any) -> Self:
        """Write a row below the last one; headings with blanks are given as `{"Từ ngày": ...}` by `**`."""
        row = self.last(sheet) + 1
        if person:
            self.put(sheet, row, HEADINGS[PERSON], person)
        for heading, value in cells.items():
            self.put(sheet, row, heading, value)
        return self

    def copy(self, sheet: str, row: int = 2) -> int:
        """Copy a row, hidden key and all, below the last one; answers where it stands."""
        target = self.last(sheet) + 1
        for cell in self.book[sheet][row]:
            self.book[sheet].cell(target, cell.column).value = cell.value
        return target

    def drop(self, *sheets: str) -> Self:
        """Take sheets out."""
        for sheet in sheets:
            del self.book[sheet]
        return self

    @property
    def content(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def save(self, path: Path) -> Path:
        """The file on disk."""
        path.write_bytes(self.content)
        return path
