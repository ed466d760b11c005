"""One line beside the record: what of it is new, what it corrects, what may not be written and why."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from hrdb.kernel.many import new_row
from hrdb.kernel.text import fold
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.exports.workbook.cells import LONGEST, as_text, cell_of, is_fault
from personnel.exports.workbook.columns import SheetColumn
from personnel.exports.workbook.keys import RowKey, content_of
from personnel.exports.workbook.people import shows
from personnel.exports.workbook.sheets import MASKED, PERSON_SHEET, Judged, Sheet, closed_columns
from personnel.imports.workbook import verdicts
from personnel.imports.workbook.reading import Line, ReadBook
from personnel.imports.workbook.values import CellReader, empty
from personnel.imports.workbook.verdicts import Difference, Ending, How, LineVerdict
from personnel.imports.workbook.whose import Named
from personnel.models import Cadre
from personnel.services.records import BEFORE_BIRTH, begins_before_birth, closed_code

#: Fields in the order in which they are read: what a text means may depend on those before.
_LATER = ("seat", "job_position", "mandate", "level", "form")


class LineJudge:
    """Compares lines with stored rows, and makes rows of new ones."""

    def __init__(self, read: ReadBook) -> None:
        self._read, self._book = read, read.book
        self._cells = CellReader(read.book.references)

    # Stored rows ------------------------------------------------------------------------------------------------------

    def differing(self, line: Line, row: Any, cadre: Any) -> list[SheetColumn]:
        """The columns in which a line says something else than the workbook of this reader would.

        An empty cell of a line without a key says nothing: nobody saw there what the record holds.
        """
        held = line.sheet.held(row)
        closed = closed_columns(cadre, self._read.columns(line.sheet)) if line.sheet is PERSON_SHEET else {}
        return self._differing(line, held, closed)

    def _differing(self, line: Line, held: Mapping[str, Any], closed: Mapping[str, str]) -> list[SheetColumn]:
        references, found = self._book.references, []
        for column in self._read.columns(line.sheet):
            if column.key not in line.cells:
                continue
            cell = line.cells[column.key]
            told = closed.get(column.key)
            if told is None:
                told = cell_of(column, held[column.key], references)
            if cell == told or (not is_fault(cell) and as_text(cell) == as_text(told)):
                continue
            if as_text(cell) != MASKED and (line.key or as_text(cell) != ""):
                found.append(column)
        return found

    def stored(self, named: Named, row: Any, cadre: Any) -> LineVerdict:
        """A line about a stored row."""
        line, sheet = named.line, named.line.sheet
        verdict = LineVerdict.of(line)
        verdict.cadre_id, verdict.name = cadre.pk, cadre.full_name
        held = sheet.held(row)
        closed = closed_columns(cadre, self._read.columns(sheet)) if sheet is PERSON_SHEET else {}
        if line.is_marked:
            return self._removed(verdict, named.key, row, cadre)
        changed = self._differing(line, held, closed)
        if not changed:
            return verdict
        if line.is_blank:
            return verdict.refuse(verdicts.CLEARED)
        if not cadre.is_editable:
            return verdict.refuse(verdicts.NEEDS_PROVINCE)
        for column in changed:
            if column.key in closed:
                is_stub = cadre.classification in STUB_CLASSIFICATIONS
                verdict.refuse(verdicts.STUB if is_stub else verdicts.CLOSED, column.key)
        values = self._cells_of(verdict, changed, held) if not verdict.errors else {}
        if verdict.errors:
            return verdict
        cleaned = {**self._with_items(sheet, held), **values}
        if all(column.held(cleaned[column.key]) == column.held(held[column.key]) for column in changed):
            return verdict
        if named.key is not None and named.key.content != content_of(held):
            return verdict.refuse(verdicts.STALE)
        return self._corrected(verdict, row, held, sheet.judge(cleaned, stored=row), cadre)

    def _removed(self, verdict: LineVerdict, key: RowKey | None, row: Any, cadre: Any) -> LineVerdict:
        held = verdict.line.sheet.held(row)
        if not cadre.is_editable:
            return verdict.refuse(verdicts.NEEDS_PROVINCE)
        if key is not None and key.content != content_of(held):
            return verdict.refuse(verdicts.STALE)
        text = "; ".join(filter(None, (self._text(column, held) for column in self._read.columns(verdict.line.sheet))))
        if self._is_kept(verdict, row):
            verdict.differences.append(Difference("Xóa", text, "", "differs"))
            return verdict
        verdict.changes.remove(row)
        verdict.differences.append(Difference("Xóa", text, "", "remove"))
        return verdict

    def _is_kept(self, verdict: LineVerdict, row: Any) -> bool:
        """Whether what the row says stays as it is: it rests on a decision, or the sheet is only shown."""
        if verdict.line.sheet.is_read_only:
            verdict.warn(verdicts.READ_ONLY)
        elif getattr(row, "decision_id", None) is not None:
            verdict.warn(verdicts.RESTS)
        else:
            return False
        return True

    def _corrected(
        self, verdict: LineVerdict, row: Any, held: Mapping[str, Any], judged: Judged, cadre: Any
    ) -> LineVerdict:
        sheet = verdict.line.sheet
        self._faults(verdict, judged)
        if verdict.errors:
            return verdict
        edits = {name: value for name, value in judged.values.items() if getattr(row, name) != value}
        differing = [
            column
            for column in self._read.columns(sheet)
            if column.held(judged.cleaned.get(column.key)) != column.held(held[column.key])
        ]
        if _only_ends(row, differing, held):
            verdict.ending = Ending(row, edits)
        is_kept = self._is_kept(verdict, row)
        for column in differing:
            old, new = self._text(column, held), self._text(column, judged.cleaned)
            how: How = "differs" if is_kept else "correct" if old else "fill"
            verdict.differences.append(Difference(column.label, old, new, how))
        if is_kept:
            return verdict
        for column in differing:
            if len(str(held[column.key] or "")) > LONGEST:
                message = "Nội dung dài hơn một ô chứa được; hãy sửa ở trang hồ sơ."
                verdict.refuse("too-long", column.key, message=message)
        verdict.cited = judged.cited
        if edits or judged.cited is not None:
            verdict.changes.edit(row, **edits)
        self._refuse_codes(verdict, [column.key for column in differing], judged)
        self._refuse_early(verdict, sheet.model, judged.values, cadre)
        return verdict

    # New rows ---------------------------------------------------------------------------------------------------------

    def added(self, line: Line, cadre: Any, *, stored: Sequence[Any], arriving: Cadre | None = None) -> LineVerdict:
        """A line without a key about a person: a new row, unless the record has the very same already."""
        sheet = line.sheet
        verdict = LineVerdict.of(line)
        verdict.cadre_id, verdict.name = cadre.pk, cadre.full_name
        if arriving is None and not self._may_add(verdict, cadre):
            return verdict
        if line.name and fold(line.name) != fold(cadre.full_name):
            message = f"Họ và tên cạnh dòng này khác hồ sơ ({cadre.full_name})."
            verdict.warn(verdicts.OTHER_NAME, "_name", line.name, message)
        judged = self._judged(verdict)
        if judged is None:
            return verdict
        known = next((row for row in stored if _says(row, judged)), None)
        if line.is_marked or known is not None:
            return verdict if known is None or not line.is_marked else self._removed(verdict, None, known, cadre)
        if sheet.is_read_only:
            return verdict.warn(verdicts.READ_ONLY)
        row = new_row(sheet.model, **judged.values, cadre_id=cadre.pk)
        verdict.changes.inserts.append(row)
        verdict.changes.of = arriving
        verdict.cited = judged.cited
        self._tell_new(verdict, judged)
        self._refuse_codes(verdict, list(judged.cleaned), judged)
        self._refuse_early(verdict, sheet.model, judged.values, cadre)
        return verdict

    def _may_add(self, verdict: LineVerdict, cadre: Any) -> bool:
        if not cadre.is_editable:
            verdict.refuse(verdicts.NEEDS_PROVINCE)
        elif cadre.classification in STUB_CLASSIFICATIONS:
            verdict.refuse(verdicts.STUB)
        elif not shows(verdict.line.sheet, cadre):
            verdict.refuse(verdicts.NEEDS_PROVINCE)
        return not verdict.errors

    def arriving(self, line: Line) -> LineVerdict:
        """A line of the people's own sheet about somebody new."""
        verdict = LineVerdict.of(line)
        judged = self._judged(verdict)
        if judged is None:
            return verdict
        cadre = new_row(Cadre, **judged.values)
        verdict.changes.cadre, verdict.name = cadre, cadre.full_name
        self._tell_new(verdict, judged)
        self._refuse_codes(verdict, list(judged.cleaned), judged)
        return verdict

    def _judged(self, verdict: LineVerdict) -> Judged | None:
        """What the form says of a new line; None when it is at fault."""
        columns = self._read.columns(verdict.line.sheet)
        blank = {column.key: empty(column) for column in columns}
        for column in columns:
            if column.is_needed and column.key not in verdict.line.cells:
                verdict.refuse("required", column.key, message=f"Thiếu cột «{column.label}».")
        told = [column for column in columns if column.key in verdict.line.cells and _says_something(verdict, column)]
        cleaned = {**blank, **self._cells_of(verdict, told, blank)}
        if verdict.errors:
            return None
        judged = verdict.line.sheet.judge(cleaned, stored=None)
        self._faults(verdict, judged)
        return None if verdict.errors else judged

    def _tell_new(self, verdict: LineVerdict, judged: Judged) -> None:
        for column in self._read.columns(verdict.line.sheet):
            if text := self._text(column, judged.cleaned):
                verdict.differences.append(Difference(column.label, "", text, "add"))

    # Both -------------------------------------------------------------------------------------------------------------

    def _cells_of(
        self, verdict: LineVerdict, columns: Sequence[SheetColumn], beside: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values of some cells; what a text means may depend on the values `beside` and on those read before."""
        row = dict(self._with_items(verdict.line.sheet, beside))
        values: dict[str, Any] = {}
        for column in sorted(columns, key=lambda one: one.key in _LATER):
            cell = verdict.line.cells[column.key]
            try:
                if column.field.required and beside.get(column.key) not in (None, "") and as_text(cell) == "":
                    raise ValidationError(f"Cần ghi «{column.label}».", code="required")
                value = self._cells.read(column, cell, row)
                values[column.key] = row[column.key] = verdict.line.sheet.as_stored(column.key, value)
            except ValidationError as error:
                verdict.refuse_cell(column.key, error, as_text(cell))
        return values

    def _with_items(self, sheet: Sheet, held: Mapping[str, Any]) -> dict[str, Any]:
        """Values with the items themselves in the place of their keys, as a form has them."""
        found = dict(held)
        for column in self._read.columns(sheet):
            value = found.get(column.key)
            if column.holds == "relation" and isinstance(value, int):
                found[column.key] = self._book.references.of(column).item(value)
        return found

    def _text(self, column: SheetColumn, values: Mapping[str, Any]) -> str:
        """A value as the workbook shows it."""
        value = values.get(column.key)
        return as_text(cell_of(column, getattr(value, "pk", value), self._book.references))

    def _faults(self, verdict: LineVerdict, judged: Judged) -> None:
        for name, faults in judged.faults.items():
            cell = as_text(verdict.line.cells.get(name, ""))
            for code, message in faults:
                verdict.refuse(code, name, cell, message)
        for message in judged.warnings:
            verdict.warn(verdicts.ODD, message=message)

    def _refuse_codes(self, verdict: LineVerdict, names: Sequence[str], judged: Judged) -> None:
        """An item that is closed on the first day of the row, or today where it has none, is refused on what is new."""
        first = judged.values.get("effective_from") or self._book.day
        for column in self._read.columns(verdict.line.sheet):
            item = judged.cleaned.get(column.key) if column.key in names else None
            if column.holds == "relation" and item is not None and not _is_open(item, first):
                told = self._text(column, judged.cleaned)
                verdict.refuse("closed-value", column.key, told, closed_code(item, first))

    def _refuse_early(
        self, verdict: LineVerdict, model: type[models.Model], values: Mapping[str, Any], cadre: Any
    ) -> None:
        if "effective_from" in values and begins_before_birth(
            new_row(model, effective_from=values["effective_from"]), cadre
        ):
            verdict.refuse("impossible-order", "effective_from", values["effective_from"], BEFORE_BIRTH)


def _says_something(verdict: LineVerdict, column: SheetColumn) -> bool:
    """Whether a cell of a new line is read: an empty one of a column that has a default is not."""
    return column.is_needed or as_text(verdict.line.cells[column.key]) != ""


def _only_ends(row: Any, differing: Sequence[SheetColumn], held: Mapping[str, Any]) -> bool:
    """Whether a line does nothing but end a row that rests on a decision and is open."""
    rests = getattr(row, "decision_id", None) is not None
    return rests and [column.key for column in differing] == ["last_day"] and held["last_day"] is None


def _is_open(item: Any, day: datetime.date) -> bool:
    is_open: Callable[[datetime.date], bool] | None = getattr(item, "is_open_on", None)
    return is_open is None or is_open(day)


def _says(row: Any, judged: Judged) -> bool:
    """Whether a stored row is what a line would write."""
    if any(getattr(row, name) != value for name, value in judged.values.items()):
        return False
    decision = getattr(row, "decision", None)
    if judged.cited is None or decision is None:
        return judged.cited is None and decision is None
    cited = judged.cited
    return (decision.number, decision.signed_on, decision.issuer) == (cited.number, cited.signed_on, cited.issuer)
