"""Where the tables of a sheet stand: the header block among the first rows, and what each column of it is.

A header is one to four rows deep, merged or not, with perhaps a row of numbers below. Of all blocks around a cell that
says *Họ và tên* the one is taken in which most columns are recognised and fewest cells say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from hrdb.kernel.spreadsheets.reading import Sheet
from hrdb.kernel.text import clean_text
from personnel.imports.roster.columns import BY_KEY, Column
from personnel.imports.roster.recognition import Recogniser, header_key, path_key

#: How far down a sheet's first header is looked for.
FIRST_ROWS: Final = 30
DEEPEST: Final = 4
_FEWEST_FIELDS: Final = 2
_LONGEST_HEADER: Final = 120
_ENOUGH_OF_BEST: Final = 0.4
_UNKNOWN_CELL_COST: Final = 0.3
_EXTRA_ROW_COST: Final = 0.01
_NUMBERING: Final = re.compile(r"\(?\[?\s*(\d{1,3}|[a-zA-Z])\s*\]?\)?(\s*=.*)?")
NAMES: Final = frozenset({"name", "family_name"})


@dataclass(slots=True)
class FoundColumn:
    """A column of a table: where it stands, what its header says, and what it is taken for."""

    index: int
    path: tuple[str, ...]
    column: Column | None
    confidence: float

    @property
    def header(self) -> str:
        """The header as a person reads it, the ones above first."""
        return " > ".join(self.path)

    @property
    def key(self) -> str:
        """The key under which a mapping remembers the column."""
        return path_key(self.path)

    @property
    def letter(self) -> str:
        """The column's letter in the spreadsheet."""
        return column_letter(self.index)


@dataclass(slots=True)
class Block:
    """A header block: rows `top` to `bottom` (indexes, both included), and the first row of data below."""

    top: int
    bottom: int
    first_row: int
    columns: list[FoundColumn]


def column_letter(index: int) -> str:
    """The letter of a column index: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class HeaderFinder:
    """Finds header blocks in one sheet, around a header that means one of the fields `anchors`."""

    def __init__(self, sheet: Sheet, recogniser: Recogniser, anchors: frozenset[str] = NAMES) -> None:
        self._sheet = sheet
        self._recogniser = recogniser
        self._anchors = anchors
        self._merged = _merged_by_row(sheet)

    def first(self) -> Block | None:
        """The header block among the sheet's first rows."""
        anchors = [
            row for row in range(min(FIRST_ROWS, len(self._sheet.rows))) if self.names_a_person(self._sheet.rows[row])
        ]
        blocks = [block for row in anchors if (block := self.around(row))]
        best = max(map(_score, blocks), default=0.0)
        # The topmost of several tables; a line that only resembles a header says far less than the header below it.
        return next((block for block in blocks if _score(block) >= best * _ENOUGH_OF_BEST), None)

    def names_a_person(self, row: Sequence[Any]) -> bool:
        """Whether a cell of the row is the header of the name."""
        return any(
            value.__class__ is str and 1 < len(value) <= _LONGEST_HEADER and self._is_name_header(value)
            for value in row
        )

    def around(self, anchor: int) -> Block | None:
        """The best header block with the row in it, or None when it is no header."""
        best: tuple[float, Block] | None = None
        for top in range(max(0, anchor - DEEPEST + 1), anchor + 1):
            for bottom in range(anchor, min(top + DEEPEST, len(self._sheet.rows))):
                if not self._may_be_header(top, bottom):
                    continue
                block = self.block(top, bottom)
                score = _score(block) - self._unknown_cells(block) - _EXTRA_ROW_COST * (bottom - top)
                if best is None or score > best[0]:
                    best = score, block
        if best is None or not self._is_list(best[1]):
            return None
        block = best[1]
        bottom = max(block.bottom, self._lowest_merged(block))
        return block if bottom == block.bottom else self.block(block.top, bottom)

    def block(self, top: int, bottom: int) -> Block:
        """The block of these rows with its columns, whatever they are."""
        paths = self._paths(top, bottom)
        columns = []
        for index, path in enumerate(paths):
            if path:
                found = self._recogniser.recognise(path)
                columns.append(FoundColumn(index, path, *(found or (None, 0.0))))
        first_row = bottom + 1
        while first_row < len(self._sheet.rows) and (
            _is_blank(self._sheet.rows[first_row]) or is_numbering(self._sheet.rows[first_row])
        ):
            first_row += 1
        return Block(top, bottom, first_row, columns)

    def _is_list(self, block: Block) -> bool:
        fields = {found.column.field for found in block.columns if found.column is not None} - {"ordinal"}
        return bool(fields & self._anchors) and len(fields) >= _FEWEST_FIELDS

    def _is_name_header(self, text: str) -> bool:
        found = self._recogniser.recognise((clean_text(text),))
        return found is not None and found.column.field in self._anchors and header_key(text) != "ho"

    def _may_be_header(self, top: int, bottom: int) -> bool:
        """Whether every row has only short texts (or years, as headers of ratings have)."""
        for row in self._sheet.rows[top : bottom + 1]:
            for value in row:
                if value == "":
                    continue
                if isinstance(value, str):
                    if len(value) > _LONGEST_HEADER:
                        return False
                elif isinstance(value, date) or not 1990 <= value <= 2100:
                    return False
        return not any(is_numbering(row) for row in self._sheet.rows[top : bottom + 1])

    def _paths(self, top: int, bottom: int) -> list[tuple[str, ...]]:
        """For each column its header texts from the top down, merged cells and unmerged group headers filled."""
        width = self._sheet.width
        grid = [[_header_text(value) for value in self._sheet.rows[row]] for row in range(top, bottom + 1)]
        covered = [[False] * width for _ in grid]
        for offset, row in enumerate(range(top, bottom + 1)):
            for merged in self._merged.get(row, ()):
                text = _header_text(self._sheet.cell(merged.top, merged.left)) if merged.top >= top else ""
                for column in range(merged.left, min(merged.right + 1, width)):
                    grid[offset][column] = text
                    covered[offset][column] = True
        for offset, texts in enumerate(grid[:-1]):
            self._fill_groups(texts, covered[offset], grid[offset + 1 :])
        return [_path(texts[column] for texts in grid) for column in range(width)]

    def _fill_groups(self, texts: list[str], covered: list[bool], below: list[list[str]]) -> None:
        """Give the header of a group, left unmerged, to the columns right of it that have a header below."""
        group = ""
        for column, text in enumerate(texts):
            has_below = any(row[column] for row in below)
            if text or covered[column]:
                group = text if has_below and not covered[column] else ""
            elif has_below and group:
                texts[column] = group
            else:
                group = ""

    def _unknown_cells(self, block: Block) -> float:
        """The cost of the cells that say nothing known: data rows taken into a header have many."""
        unknown = {column.index for column in block.columns if column.column is None}
        cells = 0
        for row in range(block.top, block.bottom + 1):
            values = self._sheet.rows[row]
            cells += sum(1 for index in unknown if index < len(values) and values[index] != "")
        return cells * _UNKNOWN_CELL_COST

    def _lowest_merged(self, block: Block) -> int:
        """The last row to which the header cell of the name is merged."""
        for column in block.columns:
            if column.column is not None and column.column.field in self._anchors:
                for merged in self._merged.get(block.bottom, ()):
                    if merged.left <= column.index <= merged.right and merged.bottom < block.top + DEEPEST:
                        return min(merged.bottom, len(self._sheet.rows) - 1)
        return block.bottom


def is_numbering(row: Sequence[Any]) -> bool:
    """Whether a row numbers the columns: (1) (2) (3), 1 2 3, A B 1 2, or 4=2+3."""
    numbers = []
    cells = 0
    for value in row:
        if value == "":
            continue
        cells += 1
        if isinstance(value, float | int):
            numbers.append(float(value))
        elif isinstance(value, str) and (found := _NUMBERING.fullmatch(value.strip())):
            numbers.append(float(found[1]) if found[1].isdigit() else 0.0)
        else:
            return False
    counted = [number for number in numbers if number]
    return cells >= 3 and len(counted) >= 2 and all(b - a in (1, 2, 3) for a, b in pairwise(counted))


def settle(columns: list[FoundColumn]) -> None:
    """Let one column feed each single-valued field: the surest, then the first; others become unknown."""
    _split_names(columns)
    by_key: dict[str, FoundColumn] = {}
    for found in columns:
        if found.column is None or found.column.may_repeat:
            continue
        key = found.column.key
        other = by_key.get(key)
        if other is not None and key == "rank" and _splits_rank(other, found):
            continue
        if other is not None and other.confidence >= found.confidence:
            found.column, found.confidence = None, 0.0
            continue
        if other is not None:
            other.column, other.confidence = None, 0.0
        by_key[key] = found


def _split_names(columns: list[FoundColumn]) -> None:
    """One header over two columns side by side: the family name with the middle, then the given name."""
    for left, right in pairwise(columns):
        if (
            left.column is not None
            and right.column is not None
            and left.column.key == right.column.key == "name"
            and left.path == right.path
            and right.index == left.index + 1
        ):
            left.column = BY_KEY["family_name"]


def _splits_rank(first: FoundColumn, second: FoundColumn) -> bool:
    """Of a name and a code of the rank side by side the one that says *mã* is the rank, the other its name."""
    for code, name in ((first, second), (second, first)):
        if "ma" in header_key(code.header).split() and "ma" not in header_key(name.header).split():
            name.column = BY_KEY["rank_name"]
            return True
    return False


def _score(block: Block) -> float:
    best: dict[str, float] = {}
    for found in block.columns:
        if found.column is not None and found.column.field != "ordinal":
            best[found.column.key] = max(best.get(found.column.key, 0.0), found.confidence)
    return sum(best.values())


def _header_text(value: Any) -> str:
    if isinstance(value, str):
        return clean_text(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _path(texts: Iterator[str]) -> tuple[str, ...]:
    path: list[str] = []
    for text in texts:
        if text and (not path or text != path[-1]):
            path.append(text)
    return tuple(path)


def _is_blank(row: Sequence[Any]) -> bool:
    return all(value == "" or (value.__class__ is str and not value.strip()) for value in row)


def _merged_by_row(sheet: Sheet) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = {}
    for merged in sheet.merged:
        for row in range(merged.top, min(merged.bottom, merged.top + DEEPEST * 8) + 1):
            rows.setdefault(row, []).append(merged)
    return rows
