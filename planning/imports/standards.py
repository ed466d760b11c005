"""Reading the sheet of title standards: every fault by its cell, all or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hrdb.kernel.forms import read_partial
from hrdb.kernel.spreadsheets.reading import Sheet, read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.choices import Confidence
from personnel.imports.report import Fault
from personnel.models import Title
from personnel.rules.standards import REQUIREMENTS as KINDS
from planning.exports.standards import CITATION, CODE, CONFIDENCE, FROM, level_names
from planning.services.standards import REQUIREMENTS, NewStandard

HEADS_WITHIN: Final = 20
MOST_ROWS: Final = 2_000


@dataclass
class ReadStandards:
    """What a sheet said: standards to be set, and faults by cell."""

    standards: list[NewStandard] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_standards(content: bytes, *, day: datetime.date) -> ReadStandards:
    """Read a sheet; raises UnreadableFile for what is no workbook. What is left empty says nothing."""
    found = ReadStandards()
    for sheet in read_workbook(content).sheets:
        head = None if sheet.is_hidden else _head(sheet)
        if head is not None:
            _read(sheet, head, found, day)
            return found
    found.faults.append(Fault("", 0, "", "no-heading", "", f"Không thấy dòng tiêu đề có cột «{CODE}»."))
    return found


def _head(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:HEADS_WITHIN]):
        if any(isinstance(cell, str) and fold(cell) == fold(CODE) for cell in row):
            return number
    return None


def _read(sheet: Sheet, head: int, found: ReadStandards, day: datetime.date) -> None:
    places = {fold(str(cell)): place for place, cell in enumerate(sheet.rows[head]) if str(cell).strip()}
    titles = {title.code: title for title in Title.objects.filter(is_leadership=True)}
    codes = {key: {fold(name): code for code, name in names.items()} for key, names in level_names().items()}
    confidences = {fold(str(label)): value for value, label in Confidence.choices}
    for number, row in enumerate(sheet.rows[head + 1 : head + 1 + MOST_ROWS], head + 2):
        line = _Line(sheet.name, number, row, places, found)
        written = line.text(CODE)
        if not written:
            continue
        title = titles.get(written)
        if title is None:
            line.fault(CODE, "unknown-title", written, "Không có chức danh lãnh đạo, quản lý mã này.")
            continue
        _read_line(line, title, codes, confidences, day)


def _read_line(
    line: _Line,
    title: Title,
    codes: Mapping[str, Mapping[str, str]],
    confidences: Mapping[str, str],
    day: datetime.date,
) -> None:
    start, citation = line.day(FROM, day), line.text(CITATION)
    written = line.text(CONFIDENCE)
    confidence = confidences.get(fold(written), "") if written else Confidence.UNCONFIRMED
    if written and not confidence:
        line.fault(CONFIDENCE, "unknown-value", written, "Hãy chọn mức kiểm chứng trong danh mục.")
    for key in REQUIREMENTS:
        label = KINDS[key].label
        level = line.text(label)
        if not level:
            continue
        code = codes[key].get(fold(level))
        if code is None:
            line.fault(label, "unknown-level", level, "Không có trình độ này trong danh mục.")
        elif not citation:
            line.fault(CITATION, "required", "", "Tiêu chuẩn cần căn cứ.")
        elif start is not None:
            line.found.standards.append(NewStandard(title.pk, key, code, start, citation[:250], confidence))


@dataclass
class _Line:
    """One row of the sheet."""

    sheet: str
    number: int
    row: list[Any]
    places: Mapping[str, int]
    found: ReadStandards

    def cell(self, heading: str) -> Any:
        """The value below a heading."""
        place = self.places.get(fold(heading))
        return self.row[place] if place is not None and place < len(self.row) else ""

    def text(self, heading: str) -> str:
        """The value as text."""
        return clean_text(str(self.cell(heading)))

    def day(self, heading: str, default: datetime.date) -> datetime.date | None:
        """The value as a day; empty is the default, what cannot be read a fault."""
        cell = self.cell(heading)
        if isinstance(cell, datetime.datetime):
            return cell.date()
        if isinstance(cell, datetime.date):
            return cell
        if not clean_text(str(cell)):
            return default
        read = read_partial(clean_text(str(cell)))
        if read is None:
            self.fault(heading, "bad-date", str(cell), "Ngày cần viết dd/mm/yyyy.")
            return None
        return read.value

    def fault(self, heading: str, code: str, value: str, message: str) -> None:
        """Note a fault at a cell."""
        self.found.faults.append(Fault(self.sheet, self.number, heading, code, value, message))
