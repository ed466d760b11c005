"""Reading the workbook: cells become what a case says, with every fault by sheet, row and column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdb.kernel.spreadsheets.reading import Sheet, read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.choices import AssignmentKind, PlacementOutcome
from personnel.exports.workbook.cells import as_text, is_fault
from personnel.imports.reorganisation.columns import LEADERS, PEOPLE, SHEETS, STEPS, Column, SheetKind
from personnel.imports.report import Fault
from personnel.imports.roster.values import BadValue, is_mark, read_date, read_personal_number
from personnel.models import Title, UnitKind
from personnel.services.citing import CitedDecision
from personnel.services.reorganisation.people import LEADING

HEADER_ROWS = 30
CODE_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")
DECISION_KEYS = ("decision_number", "decision_signed_on", "decision_issuer")


@dataclass
class Line:
    """One row of the workbook as understood; `values` by column key."""

    kind: SheetKind
    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, code: str, message: str) -> None:
        """Note an error at one column."""
        heading = next((column.heading for column in self.kind.columns if column.key == key), "")
        self.faults.append(Fault(self.sheet, self.row, heading, code, self.texts.get(key, ""), message))

    @property
    def cited(self) -> CitedDecision | None:
        """The decision that the row names whole."""
        number, signed_on, issuer = (self.values.get(key) for key in DECISION_KEYS)
        return (
            CitedDecision(number=number, signed_on=signed_on, issuer=issuer)
            if number and signed_on and issuer
            else None
        )


@dataclass
class ReadReorganisation:
    """What a workbook says: its steps, and people by name."""

    steps: list[Line] = field(default_factory=list)
    people: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """All rows."""
        return [*self.steps, *self.people]


def read_reorganisation(path: Path, *, day: datetime.date) -> ReadReorganisation:
    """Read a workbook. Raises UnreadableFile."""
    read = ReadReorganisation()
    reader = _CellReader(day)
    seen: set[str] = set()
    for sheet in read_workbook(path).sheets:
        kind = _kind_of(sheet)
        if kind is None:
            continue
        seen.add(kind.key)
        lines = read.steps if kind is STEPS else read.people
        lines += _lines(sheet, kind, reader, read)
    if STEPS.key not in seen:
        message = (
            f"Không thấy trang «{STEPS.name}» có cột «{STEPS.columns[0].heading}» và «{STEPS.columns[1].heading}»."
        )
        read.faults.append(Fault("", 0, "", "missing-sheet", "", message))
    return read


def _kind_of(sheet: Sheet) -> SheetKind | None:
    name = fold(sheet.name)
    return next((kind for kind in SHEETS if any(word in name for word in kind.words)), None)


def _lines(sheet: Sheet, kind: SheetKind, reader: _CellReader, read: ReadReorganisation) -> Iterator[Line]:
    header = _header(sheet, kind)
    if header is None:
        needed = "» và «".join(column.heading for column in kind.columns if column.key in kind.needed)
        message = f"Trang «{sheet.name}» không có dòng tiêu đề với cột «{needed}»."
        read.faults.append(Fault(sheet.name, 0, "", "missing-header", "", message))
        return
    first, places = header
    for place in range(first + 1, len(sheet.rows)):
        cells = {key: sheet.cell(place, column) for key, column in places.items()}
        if any(as_text(cell) for cell in cells.values()):
            yield _line(Line(kind, sheet.name, place + 1), cells, reader)


def _header(sheet: Sheet, kind: SheetKind) -> tuple[int, dict[str, int]] | None:
    """The row of headings and where each column stands."""
    for place, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        texts = [fold(as_text(cell)).rstrip(" *") for cell in cells]
        places = {
            column.key: texts.index(name)
            for column in kind.columns
            for name in [next((one for one in column.names if one in texts), "")]
            if name
        }
        if all(key in places for key in kind.needed):
            return place, places
    return None


def _line(line: Line, cells: Mapping[str, Any], reader: _CellReader) -> Line:
    for column in line.kind.columns:
        cell = cells.get(column.key, "")
        line.texts[column.key] = as_text(cell)
        line.values[column.key] = reader.read(line, column, cell)
    _judge_decision(line)
    if line.kind is STEPS:
        _judge_step(line)
    else:
        _judge_person(line, reader)
    return line


def _judge_decision(line: Line) -> None:
    given = [key for key in DECISION_KEYS if line.texts.get(key)]
    for key in DECISION_KEYS:
        if given and key in line.texts and key not in given:
            line.fault(key, "incomplete-decision", "Quyết định cần đủ số, ngày ký và cơ quan ban hành.")


def _judge_step(line: Line) -> None:
    if not line.texts["kind"]:
        line.fault("kind", "missing-kind", "Chưa nói việc gì.")
    if len(line.values["parent"]) > 1:
        line.fault("parent", "one-only", "Chỉ một đơn vị cấp trên.")


def _judge_person(line: Line, reader: _CellReader) -> None:
    values = line.values
    if line.kind is PEOPLE:
        values |= {"outcome": PlacementOutcome.FOLLOW.value, "post_kind": AssignmentKind.MAIN.value}
        if not line.texts["unit_code"]:
            line.fault("unit_code", "missing-unit", "Chưa nói đơn vị đến.")
    elif not line.texts["outcome"]:
        line.fault("outcome", "missing-outcome", "Chưa nói bố trí thế nào.")
    if not line.texts["personal_number"] and not line.texts["full_name"]:
        line.fault("full_name", "missing-name", "Cần số định danh, hoặc họ và tên cùng mã đơn vị cũ.")
    elif not line.texts["personal_number"] and not line.texts["source"]:
        line.fault("personal_number", "missing-number", "Không có số định danh thì cần mã đơn vị cũ.")
    for key in ("source", "unit_code"):
        if len(values[key]) > 1:
            line.fault(key, "one-only", "Chỉ một đơn vị.")
    if line.kind is LEADERS:
        reader.read_title(line)


class _CellReader:
    """Reads cells by what their columns hold."""

    def __init__(self, day: datetime.date) -> None:
        self.day = day
        self.kinds = {
            fold(text): kind.code for kind in UnitKind.objects.all() for text in (kind.code, kind.name, *kind.aliases)
        }
        self.titles: dict[str, list[Title]] = {}
        for title in Title.objects.all():
            for text in {fold(one) for one in (title.code, title.name, *title.aliases)}:
                self.titles.setdefault(text, []).append(title)

    def read(self, line: Line, column: Column, cell: Any) -> Any:
        """The value of a cell; a fault where it says nothing that the column may hold."""
        if is_fault(cell):
            line.fault(column.key, "cell-error", f"Ô có lỗi công thức ({cell}).")
            return None
        text = as_text(cell)
        if column.key == "personal_number":
            return self._number(line, column, cell)
        if column.holds == "codes":
            return [code for part in re.split(r"[;,\n]", text) if (code := _code(part))]
        if column.holds == "choice":
            return self._choice(line, column, text)
        if column.holds == "kind":
            return self._kind(line, column, text)
        if column.holds == "date":
            return self._date(line, column, cell)
        if column.holds == "mark":
            return is_mark(cell)
        if column.holds == "number":
            return self._whole(line, column, text)
        return clean_text(text)

    def _number(self, line: Line, column: Column, cell: Any) -> str:
        try:
            number, _ = read_personal_number(cell, digits_are_numbers=True)
        except BadValue as error:
            line.fault(column.key, error.flaw.code, error.flaw.message)
            return ""
        return number or ""

    def _choice(self, line: Line, column: Column, text: str) -> str:
        for value, label in column.choices:
            if fold(text) in (fold(label), value):
                return value
        if fold(text) in column.aliases:
            return str(column.aliases[fold(text)])
        shortened = [value for value, label in column.choices if text and fold(text) in fold(label)]
        if len(shortened) == 1:
            return shortened[0]
        if text:
            labels = "; ".join(label for _, label in column.choices)
            line.fault(column.key, "unknown-value", f"Không có «{text}»; chọn một trong: {labels}.")
        return ""

    def _kind(self, line: Line, column: Column, text: str) -> str:
        code = self.kinds.get(fold(text), "")
        if text and not code:
            line.fault(column.key, "unknown-value", f"Loại đơn vị «{text}» không có trong danh mục.")
        return code

    def _date(self, line: Line, column: Column, cell: Any) -> datetime.date | None:
        try:
            found, _ = read_date(cell, self.day.year)
        except BadValue as error:
            line.fault(column.key, error.flaw.code, error.flaw.message)
            return None
        if found is not None and found.precision != "day":
            line.fault(column.key, "bad-date", "Cần đủ ngày, tháng, năm.")
            return None
        return found.value if found else None

    def _whole(self, line: Line, column: Column, text: str) -> int | None:
        if text and not text.isdigit():
            line.fault(column.key, "bad-number", f"«{text}» không phải là số nguyên.")
            return None
        return int(text) if text else None

    def read_title(self, line: Line) -> None:
        """The title that is meant: by code, name or spelling; the outcome tells heads from deputies."""
        text = line.texts["title"]
        found = self.titles.get(fold(text), []) if text else []
        groups = LEADING.get(line.values["outcome"])
        if len(found) > 1 and groups:
            found = [title for title in found if title.group in groups]
        exact = [title for title in found if fold(title.name) == fold(text) or title.code == text]
        found = exact if len(exact) == 1 else found
        line.values["title"] = found[0] if len(found) == 1 else None
        line.values["title_text"] = text if text and not found else ""
        if len(found) > 1:
            names = "; ".join(f"{title.name} ({title.code})" for title in found[:4])
            line.fault("title", "ambiguous", f"«{text}» có thể là: {names}; hãy ghi mã chức danh.")
        elif text and not found and groups:
            line.fault("title", "unknown-value", f"Chức danh «{text}» không có trong danh mục.")


def _code(text: str) -> str:
    """A unit's code, alone or in brackets after its name."""
    text = clean_text(text)
    found = CODE_IN_BRACKETS.search(text)
    return found[1].strip() if found else text
