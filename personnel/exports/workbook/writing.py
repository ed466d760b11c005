"""The sheets of a workbook with their rows: keys, who the row is about, the form's columns, pick lists."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django.utils import timezone

from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet
from personnel.exports.workbook.cells import cell_of
from personnel.exports.workbook.columns import HEADINGS, KEY, NAME, PERSON, RECORD_CODE, REMOVE, SheetColumn
from personnel.exports.workbook.guide import guide_sheet
from personnel.exports.workbook.keys import READ_ONLY, RowKey, content_of, named_by, record_code
from personnel.exports.workbook.people import sees_sensitive, shows
from personnel.exports.workbook.references import OfUnitReference, References, source_of
from personnel.exports.workbook.sheets import PERSON_SHEET, Sheet, closed_columns, sheets_in_order
from personnel.forms.fields import capital

#: Rows below the last one that have the pick lists too.
OPEN_ROWS: Final = 1_000
#: People whose rows are in memory at once.
CHUNK: Final = 1_000
_WIDTHS: Final = {"text": 22.0, "lines": 50.0, "partial": 13.0, "date": 13.0, "choice": 22.0, "relation": 30.0}


class Book:
    """A workbook for one reader and day: its sheets, their columns, and the lists that they name."""

    def __init__(
        self,
        user: User | None,
        day: datetime.date,
        *,
        with_sensitive: bool | None = None,
        sheets: Iterable[Sheet] | None = None,
    ) -> None:
        """`with_sensitive`: whether sheets of tier 2 are made; None where the user's roles say it."""
        self.user, self.day = user, day
        self.is_read_only = day < timezone.localdate()
        self.references = References(user, day)
        made = list(sheets_in_order() if sheets is None else sheets)
        if not (sees_sensitive(user) if with_sensitive is None else with_sensitive):
            made = [sheet for sheet in made if sheet.sensitive is None]
        self.sheets: dict[str, tuple[Sheet, tuple[SheetColumn, ...]]] = {
            sheet.key: (sheet, sheet.columns(user, day)) for sheet in made
        }

    @cached_property
    def picks(self) -> dict[tuple[str, str], PickList]:
        """The pick lists by sheet and column; columns with the same values share one."""
        named: dict[str, PickList] = {}
        found: dict[tuple[str, str], PickList] = {}
        for sheet, columns in self.sheets.values():
            for column in columns:
                if values := self._offered(column):
                    name = _list_name(column)
                    if name in named and named[name].values != values:
                        name = f"{name} ({sheet.label})"
                    pick = PickList(name, values, is_open=column.holds == "relation")
                    found[sheet.key, column.key] = named.setdefault(name, pick)
        return found

    def _offered(self, column: SheetColumn) -> tuple[str, ...]:
        if column.holds == "choice":
            return tuple(column.choices.values())
        return self.references.of(column).offered() if column.holds == "relation" else ()

    def write_sheets(
        self, people: Sequence[Any], tell: Callable[[str], None] = lambda label: None
    ) -> Iterator[ExportSheet]:
        """The guide, then every sheet with the rows of some people (`exports.workbook.people`)."""
        picks = {} if self.is_read_only else self.picks
        yield guide_sheet(self.sheets, picks, self.day, is_read_only=self.is_read_only)
        for sheet, columns in self.sheets.values():
            tell(sheet.label)
            rows = self._people(columns, people) if sheet is PERSON_SHEET else self._rows(sheet, columns, people)
            yield ExportSheet(
                sheet.label,
                self._columns(sheet, columns),
                rows,
                frozen_columns=2 if sheet is PERSON_SHEET else 3,
                open_rows=0 if self.is_read_only else OPEN_ROWS,
            )

    def held(self, sheet: Sheet, row: Any) -> dict[str, Any]:
        """A row's values by column, as this workbook may tell them."""
        return sheet.held_on(row, self.day) if self.is_read_only else sheet.held(row)

    def preload(
        self, columns: Sequence[SheetColumn], held: Iterable[Mapping[str, Any]], units: Iterable[int] = ()
    ) -> None:
        """Read what some rows name of units' own lists, one query for each list."""
        for column in columns:
            reference = self.references.of(column) if column.holds == "relation" else None
            if isinstance(reference, OfUnitReference):
                reference.preload([value for one in held if (value := one.get(column.key))], units)

    def _columns(self, sheet: Sheet, columns: Sequence[SheetColumn]) -> list[ExportColumn]:
        key = ExportColumn(HEADINGS[KEY], width=4, is_hidden=True)
        if sheet is PERSON_SHEET:
            own = [key, ExportColumn(RECORD_CODE, width=16)]
        else:
            prompt = "12 chữ số, ghi cả số 0 ở đầu; hoặc mã hồ sơ."
            own = [key, ExportColumn(HEADINGS[PERSON], width=20, prompt=prompt), ExportColumn(HEADINGS[NAME], width=26)]
        marks = [ExportColumn(HEADINGS[REMOVE], "mark", prompt="x: xóa mục này.")] if sheet.may_remove else []
        return [*own, *(self._export_column(sheet, column) for column in columns), *marks]

    def _export_column(self, sheet: Sheet, column: SheetColumn) -> ExportColumn:
        return ExportColumn(
            column.heading,
            column.kind,
            width=max(_WIDTHS.get(column.holds, 11.0), min(len(column.heading) * 0.8, 30.0)),
            wraps=column.holds == "lines",
            pick=None if self.is_read_only else self.picks.get((sheet.key, column.key)),
            prompt=str(column.field.help_text or ""),
            longest=column.longest,
        )

    def _people(self, columns: Sequence[SheetColumn], people: Sequence[Any]) -> Iterator[list[Any]]:
        for cadre in people:
            held = self.held(PERSON_SHEET, cadre)
            closed = closed_columns(cadre, columns)
            cells = [
                closed[one.key] if one.key in closed else cell_of(one, held[one.key], self.references)
                for one in columns
            ]
            code = record_code(cadre.pk)
            yield [self._key(PERSON_SHEET, cadre.pk, cadre.pk, held, code), code, *cells]

    def _rows(self, sheet: Sheet, columns: Sequence[SheetColumn], people: Sequence[Any]) -> Iterator[list[Any]]:
        shown = [cadre for cadre in people if shows(sheet, cadre)]
        for start in range(0, len(shown), CHUNK):
            chunk = {cadre.pk: cadre for cadre in shown[start : start + CHUNK]}
            rows = list(sheet.rows(list(chunk), self.day, is_past=self.is_read_only))
            told = [self.held(sheet, row) for row in rows]
            self.preload(columns, told)
            for row, held in zip(rows, told, strict=True):
                cadre = chunk[row.cadre_id]
                named = person_text(cadre)
                cells = [cell_of(one, held[one.key], self.references) for one in columns]
                marks = [""] if sheet.may_remove else []
                yield [self._key(sheet, cadre.pk, row.pk, held, named), named, cadre.full_name, *cells, *marks]

    def _key(self, sheet: Sheet, person: int, row: int, held: Mapping[str, Any], named: str) -> str:
        if self.is_read_only:
            return READ_ONLY
        return RowKey(person, row, content_of(held), named_by(named)).written(sheet.key)


def person_text(cadre: Any) -> str:
    """How a person is named beside the rows: by the personal number where it may be seen, else by the record's code."""
    number: str | None = cadre.personal_number if cadre.is_tier_1_open else None
    return number or record_code(cadre.pk)


def _list_name(column: SheetColumn) -> str:
    """What a pick list is called: a list of items by what the items are, a closed choice by its column."""
    source = source_of(column) if column.holds == "relation" else None
    model: Any = source if hasattr(source, "_meta") else None
    return capital(str(model._meta.verbose_name)) if model is not None else column.label
