"""The tables of a workbook: which sheets are read, where each table stands, and what its columns are taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from hrdb.kernel.legacy_text import detect_legacy_encoding, from_legacy
from hrdb.kernel.spreadsheets.reading import Sheet
from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.captions import caption_lines
from personnel.imports.roster.cells import is_ditto
from personnel.imports.roster.columns import BY_KEY
from personnel.imports.roster.issues import LEGACY_ENCODING, RowIssue, severity_of
from personnel.imports.roster.layout import NAMES, Block, FoundColumn, HeaderFinder, column_letter, settle
from personnel.imports.roster.lines import TableShape
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.membership import read_membership
from personnel.imports.roster.recognition import Recogniser, header_key
from personnel.imports.roster.results import SkippedSheet
from personnel.imports.roster.rows import shown
from personnel.imports.roster.values import BadValue, is_mark

SAMPLE_ROWS: Final = 200
_LEAD_ROWS: Final = 8
_LEGACY_SAMPLE: Final = 600
_FIRST_ROWS: Final = 30
_CHOSEN: Final = 2.0
_SEVERAL_KINDS: Final = frozenset({"titles", "title_and_unit", "degrees", "languages", "note"})
_TELLING: Final = frozenset({"personal_number", "birth_date", "birth_part"})
_OF_ONE_PERSON: Final = NAMES | {"ordinal", "personal_number"}
#: For reading dates of which only that they are dates matters.
_ANY_YEAR: Final = 2000


@dataclass(slots=True)
class FoundTable:
    """A table before its rows are read: the sheet's rows from `start` to before `end`."""

    sheet: Sheet
    block: Block
    end: int
    captions: list[str]
    #: The lines between the table above and this one, which may name its unit as a section does.
    lead: list[str] = field(default_factory=list)


class TableFinder:
    """Finds the tables of sheets; gathers what is told of sheets on the way.

    Tables are those that have one of the fields `anchors`; `anchor_label` says which in the sentence on sheets without.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        mapping: RosterMapping,
        *,
        anchors: frozenset[str] = NAMES,
        anchor_label: str = "Họ và tên",
    ) -> None:
        self._recogniser = recogniser
        self._mapping = mapping
        self._anchors = anchors
        self._anchor_label = anchor_label
        self.skipped: list[SkippedSheet] = []
        self.issues: list[RowIssue] = []

    def tables_of(self, sheet: Sheet) -> Iterator[FoundTable]:
        """The tables of a sheet, from the first header down; each further header that differs begins a table."""
        if sheet.is_hidden or sheet.name in self._mapping.skipped_sheets:
            reason = "Trang tính ẩn, không đọc." if sheet.is_hidden else "Trang tính được chọn không đọc."
            self.skipped.append(SkippedSheet(sheet.name, reason))
            return
        self._convert_legacy(sheet)
        finder = HeaderFinder(sheet, self._recogniser, self._anchors)
        chosen = self._mapping.header_rows.get(sheet.name)
        block = (
            finder.block(chosen[0] - 1, chosen[1] - 1) if chosen and chosen[1] <= len(sheet.rows) else finder.first()
        )
        if block is None:
            if sheet.rows:
                reason = f"Không tìm thấy dòng tiêu đề có cột «{self._anchor_label}»."
                self.skipped.append(SkippedSheet(sheet.name, reason, _first_rows(sheet)))
            return
        captions = caption_lines(sheet.rows[: block.top])
        lead: list[str] = []
        while block is not None:
            self._settle(sheet, block)
            following = self._next_header(finder, sheet, block)
            end = following.top if following is not None else len(sheet.rows)
            yield FoundTable(sheet, block, end, captions, lead)
            lead = _lead(sheet, block.first_row, end)
            captions = [*lead, *captions]
            block = following

    def _next_header(self, finder: HeaderFinder, sheet: Sheet, block: Block) -> Block | None:
        """The next header below that is not the same one repeated."""
        width = {(found.index, found.key) for found in block.columns}
        row = block.first_row
        while row < len(sheet.rows):
            cells = sheet.rows[row]
            # Headers are words: most lines of people are passed over at their first number.
            if (
                not any(value.__class__ is not str or value.isdigit() for value in cells)
                and finder.names_a_person(cells)
                and (other := finder.around(row))
                and other.top >= block.first_row
            ):
                own = {(found.index, found.key) for found in other.columns}
                if len(own & width) * 5 < max(len(own), len(width)) * 4:
                    return other
                row = other.bottom
            row += 1
        return None

    def _convert_legacy(self, sheet: Sheet) -> None:
        """Put a sheet of an old encoding into Unicode, all of it or nothing."""
        texts: list[str] = []
        for row in sheet.rows:
            texts += [value for value in row if value.__class__ is str and value]
            if len(texts) > _LEGACY_SAMPLE:
                break
        encoding = detect_legacy_encoding(texts)
        if encoding is None:
            return
        for row in sheet.rows:
            row[:] = [from_legacy(value, encoding) if value.__class__ is str else value for value in row]
        message = f"Trang tính dùng phông chữ cũ {encoding}; đã chuyển sang Unicode. Hãy kiểm tra lại họ tên."
        self.issues.append(
            RowIssue(sheet.name, 1, "", encoding, LEGACY_ENCODING, message, severity_of(LEGACY_ENCODING))
        )

    def _add_chosen(self, sheet: Sheet, block: Block) -> None:
        """Columns without any header that somebody chose by their place."""
        known = {found.index for found in block.columns}
        for index in range(sheet.width):
            if index not in known and self._mapping.columns.get(f"{sheet.name}!{column_letter(index)}"):
                block.columns.append(FoundColumn(index, (), None, 0.0))
        block.columns.sort(key=lambda found: found.index)

    def _settle(self, sheet: Sheet, block: Block) -> None:
        """Apply the decisions of the office, then what the cells themselves say of the columns."""
        self._add_chosen(sheet, block)
        for found in block.columns:
            for key in (f"{sheet.name}!{found.letter}", found.key):
                if key in self._mapping.columns:
                    chosen = self._mapping.columns[key]
                    found.column = BY_KEY.get(chosen) if chosen else None
                    found.confidence = _CHOSEN if found.column is not None else 0.0
                    break
        rows = sheet.rows[block.first_row : block.first_row + SAMPLE_ROWS]
        has_birth = any(found.column is not None and found.column.key == "birth_date" for found in block.columns)
        for found in block.columns:
            if found.column is None or found.confidence == _CHOSEN or not found.column.argument:
                continue
            values = [row[found.index] for row in rows if row[found.index] != ""]
            marks = sum(map(is_mark, values))
            if found.column.field == "sex_mark" and not has_birth and values and marks * 2 < len(values):
                found.column = BY_KEY[f"birth_date:{found.column.argument}"]
            elif found.column.field == "birth_date" and marks * 2 > len(values):
                found.column = BY_KEY[f"sex_mark:{found.column.argument}"]
        _tell_units_from_members(block, rows)
        settle(block.columns)
        _find_given_names(block, rows)


def _tell_units_from_members(block: Block, rows: list[list[Any]]) -> None:
    """Take *ĐV* for the unit (đơn vị) where its cells say nothing of membership of the Party (đảng viên)."""
    for found in block.columns:
        if found.column != BY_KEY["party_member"] or found.confidence == _CHOSEN or header_key(found.path[-1]) != "dv":
            continue
        values = [row[found.index] for row in rows if row[found.index] != ""]
        if sum(map(_says_nothing_of_membership, values)) * 2 > len(values):
            found.column = BY_KEY["unit"]


def _says_nothing_of_membership(value: Any) -> bool:
    try:
        read_membership(value, "party_joined_on", _ANY_YEAR)
    except BadValue:
        return not is_ditto(value)
    return False


def _find_given_names(block: Block, rows: list[list[Any]]) -> None:
    """Take a column without header right of the name, one word in each line, for the given names.

    The header *Họ và tên* over both columns was not merged, or the file is text.
    """
    names = [found for found in block.columns if found.column is not None and found.column.field in NAMES]
    if len(names) != 1 or names[0].column != BY_KEY["name"] or not rows:
        return
    place = names[0].index + 1
    if place >= len(rows[0]) or any(found.index == place for found in block.columns):
        return
    words = [clean_text(row[place]) if isinstance(row[place], str) else "" for row in rows if row[place - 1] != ""]
    if sum(map(str.isalpha, words)) * 10 >= max(1, len(words)) * 7:
        names[0].column = BY_KEY["family_name"]
        given = FoundColumn(place, names[0].path, BY_KEY["name"], names[0].confidence)
        block.columns.insert(block.columns.index(names[0]) + 1, given)


def shape_of(table: FoundTable) -> TableShape:
    """Which columns of a table say what, for telling its lines apart."""
    name: list[int] = []
    telling: list[int] = []
    others: list[int] = []
    ordinal = None
    for found in table.block.columns:
        if found.column is None:
            continue
        if found.column.field in NAMES:
            name.append(found.index)
        elif found.column.field == "ordinal":
            ordinal = found.index
        elif found.column.field in _TELLING and found.column.argument not in ("day", "month"):
            telling.append(found.index)
        else:
            others.append(found.index)
    texts = {fold(text) for found in table.block.columns for text in found.path}
    return TableShape(tuple(name), ordinal, tuple(telling), tuple(others), frozenset(texts))


def _lead(sheet: Sheet, first: int, end: int) -> list[str]:
    """The lines just above a further table: back to the last line with a number, or with as many cells as people."""
    row = end
    while row > max(first, end - _LEAD_ROWS):
        values = [value for value in sheet.rows[row - 1] if value != ""]
        if len(values) > 2 or any(value.__class__ is not str or value.isdigit() for value in values):
            break
        row -= 1
    return caption_lines(sheet.rows[row:end])


def join_merged_lines(table: FoundTable) -> None:
    """Put the lines of a person whose name is merged over several into the first: a second title, a second degree."""
    names = {found.index for found in table.block.columns if found.column is not None and found.column.field in NAMES}
    several = [
        found.index for found in table.block.columns if found.column is not None and found.column.kind in _SEVERAL_KINDS
    ]
    rows = table.sheet.rows
    for merged in table.sheet.merged:
        if merged.left not in names or merged.bottom == merged.top or not table.block.first_row <= merged.top:
            continue
        for row in range(merged.top + 1, min(merged.bottom + 1, table.end)):
            for index in several:
                if rows[row][index] != "" and isinstance(rows[merged.top][index], str):
                    rows[merged.top][index] = f"{rows[merged.top][index]}\n{rows[row][index]}".strip()
            rows[row] = [""] * len(rows[row])


def fill_merged_cells(table: FoundTable) -> None:
    """Give what a cell merged downwards says to each person beside it: a unit, a day, a group of any kind.

    Names and numbers are of one person each; lines that have been joined into the one above stay blank.
    """
    kept = {
        found.index
        for found in table.block.columns
        if found.column is not None and found.column.field in _OF_ONE_PERSON
    }
    rows = table.sheet.rows
    for merged in table.sheet.merged:
        if merged.bottom == merged.top or merged.left in kept or not table.block.first_row <= merged.top < table.end:
            continue
        value = rows[merged.top][merged.left]
        for row in range(merged.top + 1, min(merged.bottom + 1, table.end)):
            if value != "" and any(cell != "" for cell in rows[row]):
                rows[row][merged.left] = value


def _first_rows(sheet: Sheet) -> list[list[str]]:
    return [[clean_text(shown(value)) for value in row] for row in sheet.rows[:_FIRST_ROWS]]
