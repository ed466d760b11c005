"""A sheet of ratings as rows: tables, headers, sections and units as in rosters, scores and levels by their own rules.

Nothing here asks who a person is; whatever cannot be read is a fault of its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final, Literal

from appraisal.choices import LEVEL_CODES, Exclusion, LevelChoice
from appraisal.imports.columns import ANCHOR, ANCHOR_LABEL, LABELS, LEVELS, SCORES, TEXTS, RatingRecogniser
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.spreadsheets.filling import LISTS
from hrdb.kernel.spreadsheets.reading import read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.imports.report import Fault
from personnel.imports.roster.cells import Circumstances, error_text
from personnel.imports.roster.issues import UNKNOWN_UNIT, UNKNOWN_VALUE, Flaw
from personnel.imports.roster.lines import Lines
from personnel.imports.roster.lookups import UNITS, Lookups
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.places import place_of
from personnel.imports.roster.posts import Place, PostReader
from personnel.imports.roster.results import ParsedValue, RosterRow
from personnel.imports.roster.rows import shown
from personnel.imports.roster.sections import Sections, heading_text
from personnel.imports.roster.tables import FoundTable, TableFinder, shape_of
from personnel.imports.roster.values import BadValue, is_nothing, number_text, read_personal_number

BAD_SCORE: Final = "bad-score"
UNKNOWN_LEVEL: Final = "unknown-level"
MISSING_REASON: Final = "missing-reason"
ROUNDED: Final = "rounded-score"

#: The list of levels, as look-ups call it.
RATING_LEVELS: Final = "rating_levels"

_SCORE: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(?:điểm|đ)?\s*(?:/\s*100)?", re.IGNORECASE)
_TWO_PLACES: Final = Decimal("0.01")
_LEVEL_OF_CODE: Final = {code: level for level, code in LEVEL_CODES.items()}
#: The code of «chưa xác định», which says nothing.
_NO_LEVEL: Final = "00"
_NOT_RATED: Final = re.compile(r"khong (xep loai|danh gia)|^kxl$")

#: Words that tell why somebody is not rated.
_EXCLUSIONS: Final[tuple[tuple[str, Exclusion], ...]] = (
    *((fold(one.label), one) for one in Exclusion),
    ("chua du", Exclusion.SHORT),
    ("khong du", Exclusion.SHORT),
    ("moi tuyen", Exclusion.SHORT),
    ("duoi 6 thang", Exclusion.SHORT),
    ("nghi", Exclusion.LEAVE),
    ("thai san", Exclusion.LEAVE),
    ("dieu tri", Exclusion.LEAVE),
    ("di hoc", Exclusion.STUDY),
    ("co quan khac", Exclusion.ELSEWHERE),
    ("don vi khac", Exclusion.ELSEWHERE),
    ("biet phai", Exclusion.ELSEWHERE),
)


@dataclass
class RatingLine:
    """One person of a sheet: what it says of him, the unit around him, and what cannot be read."""

    sheet: str
    row: int
    letters: dict[str, str]
    number: str = ""
    name: str = ""
    unit: str | None = None
    unit_text: str = ""
    unit_source: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(
        self, name: str, code: str, message: str, *, value: Any = None, severity: Literal["error", "warning"] = "error"
    ) -> None:
        """Note what is wrong with one column of the row; the column is its letter in the sheet, if it has one."""
        text = self.raw.get(name, "") if value is None else str(value)
        found = Fault(self.sheet, self.row, self.letters.get(name, ""), code, text, message)
        (self.errors if severity == "error" else self.warnings).append(found)


@dataclass
class ReadRatings:
    """What a file says: its rows, and what is told of its sheets."""

    lines: list[RatingLine] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_ratings(path: Path, *, lookups: Lookups, name: str = "", default_unit: str | None = None) -> ReadRatings:
    """Read the tables of a file. Raises UnreadableFile with a sentence when it has none."""
    workbook = read_workbook(path, name=name)
    finder = TableFinder(RatingRecogniser(), RosterMapping(), anchors=frozenset({ANCHOR}), anchor_label=ANCHOR_LABEL)
    tables = [table for sheet in workbook.sheets if sheet.name != LISTS for table in finder.tables_of(sheet)]
    found = ReadRatings(notes=list(workbook.notes))
    for skipped in finder.skipped:
        found.warnings.append(Fault(skipped.name, 0, "", "skipped-sheet", skipped.name, skipped.reason))
    rated = [table for table in tables if _says_ratings(table)]
    if not rated:
        raise UnreadableFile(
            f"Không thấy bảng xếp loại nào: cần dòng tiêu đề có cột «{ANCHOR_LABEL}» và cột «Điểm» hoặc "
            "«Mức xếp loại» trong 30 dòng đầu."
        )
    several = len({id(table.sheet) for table in rated}) > 1
    around = Circumstances(lookups, date.max.year, workbook.is_text, {})
    for table in rated:
        reader = _TableReader(table, around, place_of(table, lookups, default_unit, several))
        found.lines += reader.lines()
        found.warnings += reader.unknown_columns()
    return found


def _fields(table: FoundTable) -> dict[str, int]:
    """The place of the column of each field that is read."""
    return {
        one.column.key: one.index for one in table.block.columns if one.column is not None and one.column.key in LABELS
    }


def _says_ratings(table: FoundTable) -> bool:
    return bool(_fields(table).keys() & {*SCORES, *LEVELS})


class _TableReader:
    """Reads the rows of one table."""

    def __init__(self, table: FoundTable, around: Circumstances, place: Place) -> None:
        self._table = table
        self._around = around
        self._place = place
        self._fields = _fields(table)
        self._letters = {one.column.key: one.letter for one in table.block.columns if one.column is not None}
        self._posts = PostReader(around, place)
        self._levels: dict[str, tuple[str | None, bool]] = {}

    def lines(self) -> Iterator[RatingLine]:
        """Every person below the header, with the section in force."""
        kinds = Lines(shape_of(self._table))
        sections = Sections(self._around.lookups, self._place.around)
        cells = self._table.sheet.rows
        for text in self._table.lead:
            match = self._around.lookups.match_unit(text, self._place.around)
            if match is not None and not match.rest:
                sections.enter(text)
        for index in range(self._table.block.first_row, self._table.end):
            kind = kinds.kind(cells[index])
            if kind == "person":
                yield self._read(index + 1, cells[index], sections)
            elif kind == "section":
                sections.enter(heading_text(cells[index]))

    def unknown_columns(self) -> list[Fault]:
        """Columns that say nothing known and have something in them."""
        rows = self._table.sheet.rows[self._table.block.first_row : self._table.end]
        return [
            Fault(
                self._table.sheet.name,
                self._table.block.bottom + 1,
                one.letter,
                "unknown-column",
                one.header,
                f"Cột «{one.header}» không nhận ra nên không đọc.",
            )
            for one in self._table.block.columns
            if one.column is None and any(row[one.index] != "" for row in rows)
        ]

    def _read(self, row: int, cells: Sequence[Any], sections: Sections) -> RatingLine:
        line = RatingLine(self._table.sheet.name, row, self._letters)
        for name, place in self._fields.items():
            value = cells[place]
            line.raw[name] = clean_text(shown(value)) if value != "" else ""
            if value == "" and name != ANCHOR:
                continue
            if error := error_text(value):
                line.fault(name, "cell-error", f"Ô bị lỗi {error}. Hãy nhập lại giá trị.")
            else:
                self._read_cell(line, name, value)
        _read_exclusion(line)
        self._read_unit(line, sections)
        return line

    def _read_cell(self, line: RatingLine, name: str, value: Any) -> None:
        if name == ANCHOR:
            self._read_number(line, value)
        elif name == "name":
            line.name = line.raw[name]
        elif name in SCORES:
            self._read_score(line, name, value)
        elif name in LEVELS:
            self._read_level(line, name)
        elif name in TEXTS and not is_nothing(line.raw[name]):
            line.values[name] = line.raw[name][:500] if name == "note" else line.raw[name]

    def _read_number(self, line: RatingLine, value: Any) -> None:
        try:
            number, flaw = read_personal_number(value, digits_are_numbers=self._around.digits_are_numbers)
        except BadValue as bad:
            line.fault(ANCHOR, bad.flaw.code, bad.flaw.message)
            return
        if number is None:  # whose record has none either may be known by name
            return
        line.number = number
        if flaw is not None:
            line.fault(ANCHOR, flaw.code, flaw.message, severity="warning")

    def _read_score(self, line: RatingLine, name: str, value: Any) -> None:
        if isinstance(value, str) and is_nothing(clean_text(value)) and clean_text(value) != "0":
            return
        score = _score(value)
        if score is None or not 0 <= score <= 100:
            line.fault(name, BAD_SCORE, f"«{line.raw[name]}» không phải là điểm từ 0 đến 100.")
            return
        rounded = score.quantize(_TWO_PLACES, ROUND_HALF_UP)
        if abs(rounded - score) > Decimal("0.000001"):
            message = f"Điểm được làm tròn hai chữ số thập phân: {str(rounded).replace('.', ',')}."
            line.fault(name, ROUNDED, message, severity="warning")
        line.values[name] = rounded

    def _read_level(self, line: RatingLine, name: str) -> None:
        text = line.raw[name]
        if is_nothing(text) or (name == "level" and _NOT_RATED.search(fold(text))):
            return
        if text not in self._levels:
            self._levels[text] = self._level(text)
        level, is_known = self._levels[text]
        if not is_known:
            line.fault(
                name,
                UNKNOWN_LEVEL,
                f"«{text}» không phải là mức xếp loại. Dùng HTXSNV, HTTNV, HTNV, KHTNV hoặc tên đầy đủ.",
            )
        elif level:
            line.values[name] = level

    def _level(self, text: str) -> tuple[str | None, bool]:
        """The level that a text means, and whether it means anything."""
        code = self._around.lookups.match_code(RATING_LEVELS, text)
        if code is None and text.isdigit():
            code = self._around.lookups.match_code(RATING_LEVELS, text.zfill(2))
        level: LevelChoice | None = _LEVEL_OF_CODE.get(code or "")
        return (str(level) if level else None), level is not None or code == _NO_LEVEL

    def _read_unit(self, line: RatingLine, sections: Sections) -> None:
        """The unit as rosters tell it; nobody has to tell it."""
        row = RosterRow(line.sheet, line.row, {})
        fields: dict[str, ParsedValue] = {}
        text = line.raw.get("unit", "")
        if text and not is_nothing(text):
            fields["unit"] = ParsedValue(text, text)

        def tell(flaw: Flaw, name: str, raw: Any) -> None:
            if flaw.text and flaw.list_name == UNITS:
                is_error = flaw.code in (UNKNOWN_UNIT, UNKNOWN_VALUE)
                line.fault("unit", flaw.code, flaw.message, value=raw, severity="error" if is_error else "warning")

        self._posts.read(fields, row, sections, tell)
        line.unit, line.unit_source = row.unit, row.unit_source
        line.unit_text = self._around.lookups.name_of(UNITS, row.unit) if row.unit else ""


def _read_exclusion(line: RatingLine) -> None:
    """Who is said not to be rated needs a reason: in its own column, beside the words in the level's, in the note."""
    own, level = line.raw.get("exclusion", ""), line.raw.get("level", "")
    said = [text for text in (own,) if not is_nothing(text)]
    said += [text for text in (level,) if _NOT_RATED.search(fold(text))]
    if not said:
        return
    told = " ".join(fold(text) for text in (*said, line.raw.get("note", "")))
    reason = next((one for words, one in _EXCLUSIONS if re.search(rf"\b{words}", told)), None)
    if reason is not None:
        line.values["exclusion"] = str(reason)
        return
    labels = "; ".join(one.label for one in Exclusion)
    column = "exclusion" if own else "level"
    line.fault(column, MISSING_REASON, f"Không xếp loại thì phải ghi lý do: {labels}.")


def _score(value: Any) -> Decimal | None:
    """A number that a cell holds, None for what is none."""
    if isinstance(value, date):
        return None
    if isinstance(value, float | int):
        return Decimal(number_text(float(value)).replace(",", "."))
    found = _SCORE.fullmatch(clean_text(value))
    return Decimal(found[1].replace(",", ".")) if found else None
