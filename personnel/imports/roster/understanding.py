"""Understanding a roster (danh sách trích ngang): from a file to typed rows with issues, without the database.

    understood = understand(path, lookups=lookups, today=today, default_unit="TR.01")

What the words mean comes from `Lookups`; what an office decided before from a `RosterMapping`. Reconciling the rows
with the record, and writing them, are other modules' work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from hrdb.kernel.many import collection_paused
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.spreadsheets.reading import Sheet, Workbook, read_workbook
from hrdb.kernel.text import clean_text
from personnel.imports.roster.captions import caption_lines, stated_day
from personnel.imports.roster.cells import Circumstances, Reader, reader_for
from personnel.imports.roster.checks import AgeLimits, limits_of
from personnel.imports.roster.duplicates import find_duplicates
from personnel.imports.roster.issues import SWAPPED_DATES, UNKNOWN_COLUMN, RowIssue, severity_of
from personnel.imports.roster.layout import Block, FoundColumn
from personnel.imports.roster.lines import Lines
from personnel.imports.roster.lookups import Lookups, Near
from personnel.imports.roster.mapping import DatesDecision, RosterMapping
from personnel.imports.roster.places import place_of
from personnel.imports.roster.posts import Place
from personnel.imports.roster.recognition import Recogniser
from personnel.imports.roster.results import (
    RosterRow,
    SkippedSheet,
    SwappedDates,
    Table,
    TableColumn,
    Understanding,
    UnknownValue,
)
from personnel.imports.roster.rows import RowReader, UnknownTexts, shown
from personnel.imports.roster.sections import Sections, heading_text
from personnel.imports.roster.swapped import DateEvidence
from personnel.imports.roster.tables import (
    SAMPLE_ROWS,
    FoundTable,
    TableFinder,
    fill_merged_cells,
    join_merged_lines,
    shape_of,
)

_SAMPLES: Final = 3
#: Nearest values are looked for only for so many unknown ones, the most frequent.
_MOST_COMPARED: Final = 300
_DATE_KINDS: Final = frozenset({"date", "member"})


class NoRosterFound(UnreadableFile):
    """No sheet has a header with a name and another known column; `sheets` has their first rows, to choose by hand."""

    def __init__(self, sheets: list[SkippedSheet]) -> None:
        super().__init__(
            "Không tìm thấy danh sách nào trong tệp: cần dòng tiêu đề có cột «Họ và tên» trong 30 dòng đầu."
        )
        self.sheets = sheets


def understand(
    file: str | Path | bytes | BinaryIO | Workbook,
    *,
    lookups: Lookups,
    today: date,
    mapping: RosterMapping | None = None,
    more_spellings: Iterable[tuple[str, str]] = (),
    dates: DatesDecision = "ask",
    day: date | None = None,
    default_unit: str | None = None,
    limits: AgeLimits | None = None,
) -> Understanding:
    """Understand the rosters of a file; raises UnreadableFile with a sentence when there is nothing to understand.

    `day` overrides the day that the roster states, `today` stands in where it states none. `more_spellings` are pairs
    of column key and header text added to the built-in ones. `dates` decides about columns with swapped days and months
    where `mapping` does not. `default_unit` is the unit of people whose unit nothing tells. `limits` are the ages below
    which dates are impossible, by default those of the law of `today`.
    """
    workbook = file if isinstance(file, Workbook) else read_workbook(file)
    understander = _Understander(
        workbook,
        lookups=lookups,
        today=today,
        mapping=mapping or RosterMapping(),
        recogniser=Recogniser(more_spellings),
        dates=dates,
        day=day,
        default_unit=default_unit,
        limits=limits or limits_of(today),
    )
    with collection_paused():
        return understander.understand()


class _Understander:
    """Understands one workbook."""

    def __init__(
        self,
        workbook: Workbook,
        *,
        lookups: Lookups,
        today: date,
        mapping: RosterMapping,
        recogniser: Recogniser,
        dates: DatesDecision,
        day: date | None,
        default_unit: str | None,
        limits: AgeLimits,
    ) -> None:
        self._workbook = workbook
        self._lookups = lookups
        self._today = today
        self._mapping = mapping
        self._dates = dates
        self._day = day
        self._default_unit = default_unit
        self._limits = limits
        self._finder = TableFinder(recogniser, mapping)
        self._issues: list[RowIssue] = []
        self._unknown = UnknownTexts()

    def understand(self) -> Understanding:
        """Find the tables, decide about their dates, read their rows, compare the rows."""
        found = [table for sheet in self._workbook.sheets for table in self._finder.tables_of(sheet)]
        if not found:
            raise NoRosterFound(self._finder.skipped)
        stated = next((told for table in found if (told := stated_day(table.captions))), None)
        day = self._day or stated or self._today
        swapped = self._find_swapped(found)
        several = len({id(table.sheet) for table in found}) > 1
        readers: list[RowReader] = []
        tables = []
        for table in found:
            own_day = self._day or stated_day(table.captions) or stated
            result, reader = self._read_table(table, own_day or self._today, own_day is not None, swapped, several)
            tables.append(result)
            readers.append(reader)
        letters = {
            id(row): reader.letter("personal_number")
            for result, reader in zip(tables, readers, strict=True)
            for row in result.rows
        }
        find_duplicates((row for table in tables for row in table.rows), lambda row: letters[id(row)])
        return Understanding(
            tables=tables,
            skipped=self._finder.skipped,
            issues=[*self._finder.issues, *self._issues],
            unknown_values=self._unknown_values(),
            swapped=list(swapped.values()),
            day=day,
            notes=list(self._workbook.notes),
        )

    def _find_swapped(self, tables: list[FoundTable]) -> dict[str, SwappedDates]:
        """Date columns with swapped days and months, by column key; each is told once for the whole file."""
        evidence: dict[str, DateEvidence] = {}
        first: dict[str, tuple[FoundTable, FoundColumn]] = {}
        for table in tables:
            rows = table.sheet.rows[table.block.first_row : table.end]
            for found in table.block.columns:
                if found.column is not None and found.column.kind in _DATE_KINDS:
                    first.setdefault(found.column.key, (table, found))
                    evidence.setdefault(found.column.key, DateEvidence()).add(row[found.index] for row in rows)
        swapped = {}
        for key, seen in evidence.items():
            if not seen.looks_swapped:
                continue
            table, found = first[key]
            decision = self._mapping.dates.get(key, self._dates)
            row = table.block.bottom + 1
            swapped[key] = SwappedDates(key, table.sheet.name, row, found.letter, found.header, seen.examples, decision)
            if decision == "ask":
                message = (
                    f"Cột «{found.header}»: các ô kiểu ngày đều có ngày từ 1 đến 12, các ô kiểu chữ lại có ngày "
                    f"trên 12; có thể Excel đã đảo ngày và tháng. Cần chọn giữ nguyên hoặc đảo lại cho cả cột."
                )
                self._tell(table.sheet.name, row, found.letter, "; ".join(seen.examples), SWAPPED_DATES, message)
        return swapped

    def _read_table(
        self, table: FoundTable, day: date, is_day_stated: bool, swapped: dict[str, SwappedDates], several: bool
    ) -> tuple[Table, RowReader]:
        sheet, block = table.sheet, table.block
        around = Circumstances(self._lookups, day.year, self._workbook.is_text, self._mapping.chosen())
        readers: dict[int, Reader] = {}
        for found in block.columns:
            if found.column is not None:
                question = swapped.get(found.column.key)
                swap = question is not None and question.decision == "swap"
                readers[found.index] = reader_for(found.column, around, header=found.header, swap_dates=swap)
        place = place_of(table, self._lookups, self._default_unit, several)
        reader = RowReader(
            sheet.name, block.columns, readers, around, place, day=day, limits=self._limits, unknown=self._unknown
        )
        result = Table(
            sheet=sheet.name,
            first_header_row=block.top + 1,
            last_header_row=block.bottom + 1,
            columns=[_shown_column(found, sheet, block, table.end) for found in block.columns],
            day=day,
            is_day_stated=is_day_stated,
            unit=place.sheet_unit,
        )
        result.rows, result.other_lines = self._read_rows(table, reader, place)
        self._tell_unknown_columns(table, result)
        return result, reader

    def _read_rows(
        self, table: FoundTable, reader: RowReader, place: Place
    ) -> tuple[list[RosterRow], list[tuple[int, str, str]]]:
        lines = Lines(shape_of(table))
        sections = Sections(self._lookups, place.around)
        rows: list[RosterRow] = []
        others: list[tuple[int, str, str]] = []
        cells = table.sheet.rows
        for text in table.lead:
            match = self._lookups.match_unit(text, place.around)
            if match is not None and not match.rest:
                sections.enter(text)
        join_merged_lines(table)
        fill_merged_cells(table)
        for index in range(table.block.first_row, table.end):
            kind = lines.kind(cells[index])
            if kind == "person":
                rows.append(reader.read(index + 1, cells[index], sections))
            elif kind == "section":
                section = sections.enter(heading_text(cells[index]))
                others.append((index + 1, kind, section.text))
            elif kind not in ("blank", "numbering", "header"):
                others.append((index + 1, kind, " | ".join(caption_lines([cells[index]])[:4])[:200]))
        return rows, others

    def _tell_unknown_columns(self, table: FoundTable, result: Table) -> None:
        rows = table.sheet.rows[table.block.first_row : table.end]
        for column in result.unknown_columns:
            if any(row[column.index] != "" for row in rows):
                message = f"Cột «{column.header}» không nhận ra nên không đọc. Có thể chọn ý nghĩa của cột."
                self._tell(
                    table.sheet.name, result.last_header_row, column.letter, column.header, UNKNOWN_COLUMN, message
                )

    def _unknown_values(self) -> list[UnknownValue]:
        """Unknown texts grouped, the most frequent first, with the nearest known values."""
        unknown = self._unknown
        return [
            UnknownValue(
                list_name=key[0],
                text=unknown.texts[key],
                count=count,
                nearest=self._near(*key, place),
                is_error=severity_of(unknown.codes[key]) == "error",
            )
            for place, (key, count) in enumerate(unknown.counts.most_common())
        ]

    def _near(self, list_name: str, text: str, place: int) -> tuple[Near, ...]:
        """The known values to choose from for an unknown one, the nearest first."""
        if few := self._lookups.few_codes(list_name):
            nearest = self._lookups.nearest(list_name, text)
            return (*nearest, *(one for one in few if one not in nearest))
        return self._lookups.nearest(list_name, self._unknown.texts[list_name, text]) if place < _MOST_COMPARED else ()

    def _tell(self, sheet: str, row: int, letter: str, value: str, code: str, message: str) -> None:
        self._issues.append(RowIssue(sheet, row, letter, value, code, message, severity_of(code)))


def _shown_column(found: FoundColumn, sheet: Sheet, block: Block, end: int) -> TableColumn:
    samples: list[str] = []
    for row in sheet.rows[block.first_row : min(end, block.first_row + SAMPLE_ROWS)]:
        value: Any = row[found.index]
        if value != "" and (text := clean_text(shown(value))) and text not in samples:
            samples.append(text)
            if len(samples) == _SAMPLES:
                break
    column = found.column
    return TableColumn(
        index=found.index,
        letter=found.letter,
        header=found.header,
        key=found.key,
        column_key=column.key if column is not None else None,
        label=column.label if column is not None else "",
        confidence=min(found.confidence, 1.0),
        samples=samples,
    )
