"""What only lines together tell: a new person is whole, periods follow one another, the rules of the tables."""

from __future__ import annotations

import copy
import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

from django.db import models
from django.utils import timezone

from hrdb.kernel.dates import PartialDate
from personnel.exports.workbook.cells import as_text
from personnel.exports.workbook.sheets import PERSON_SHEET, RowSheet
from personnel.forms.rows import STANDS_AT
from personnel.imports.workbook import verdicts
from personnel.imports.workbook.comparing import Compared
from personnel.imports.workbook.verdicts import LineVerdict
from personnel.models import Custody, Employment
from personnel.rules.births import birth_fault, opening_facts
from personnel.services.changes import faults_of
from personnel.services.workbooks import Citation, citations_for

#: Parts that every record has at any time; the first also without a gap.
_ALWAYS: Final = (Custody, Employment)


def judge_together(compared: Compared) -> None:
    """Find what no line shows by itself; faults join the verdicts of the lines that they are about."""
    _settle_endings(compared)
    _judge_new_people(compared)
    for sheet in _row_sheets(compared):
        if sheet.model in _ALWAYS:
            _judge_chain(compared, sheet)
    _judge_tables(compared)


def cite(compared: Compared) -> list[Citation]:
    """The decisions that the lines name, with what will rest on each."""
    resting = [one for one in compared.verdicts.values() if one.cited is not None and _writes(one)]
    days = {one.cited: _effective_on(one) for one in reversed(resting) if one.cited is not None}
    found = citations_for(days)
    for one in resting:
        if one.cited is not None:
            found[one.cited].rows += one.changes.inserts
            found[one.cited].edits += one.changes.edits.values()
    return list(found.values())


def _effective_on(verdict: LineVerdict) -> datetime.date:
    """The day from which a decision holds that is written down with a line: the first day of its row, else its own."""
    assert verdict.cited is not None
    since: list[datetime.date | None] = [getattr(row, "effective_from", None) for row in verdict.changes.inserts]
    return next(filter(None, since), verdict.cited.signed_on)


def _writes(verdict: LineVerdict) -> bool:
    return not verdict.errors and not verdict.changes.is_empty


def _row_sheets(compared: Compared) -> Iterator[RowSheet]:
    for sheet, _ in compared.read.book.sheets.values():
        if isinstance(sheet, RowSheet):
            yield sheet


def _settle_endings(compared: Compared) -> None:
    """A period that rests on a decision ends where the file brings the next one, which names its own decision."""
    for sheet in _row_sheets(compared):
        if sheet.track is None:
            continue
        following: set[tuple[Any, ...]] = {
            _follows(row, row.effective_from, sheet)
            for verdict in compared.of_sheet(sheet)
            for row in cast("list[Any]", verdict.changes.inserts)
            if verdict.cited is not None and not verdict.errors
        }
        for verdict in compared.of_sheet(sheet):
            if verdict.ending is None or verdict.errors:
                continue
            row, edits = verdict.ending
            if _follows(row, edits["effective_until"], sheet) in following:
                verdict.changes.edit(row, **edits)
                verdict.differences = [one._replace(how="succeed") for one in verdict.differences]
                verdict.warnings = [one for one in verdict.warnings if one.code != verdicts.RESTS]


def _follows(row: Any, day: datetime.date, sheet: RowSheet) -> tuple[Any, ...]:
    """The track of a row with the day on which its next period begins."""
    return row.cadre_id, day, *(getattr(row, name) for name in sheet.track or ())


def _judge_new_people(compared: Compared) -> None:
    """Somebody new comes with who keeps the record and with what he is, and is old enough for it."""
    brought: dict[int, list[models.Model]] = defaultdict(list)
    for verdict in compared.verdicts.values():
        if verdict.changes.of is not None and not verdict.errors:
            brought[id(verdict.changes.of)] += verdict.changes.inserts
    labels = {sheet.model: sheet.label for sheet in _row_sheets(compared)}
    for verdict in compared.of_sheet(PERSON_SHEET):
        cadre = verdict.changes.cadre
        if cadre is None or verdict.errors:
            continue
        rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        for row in brought[id(cadre)]:
            rows[type(row)].append(row)
        lacking = [labels[model] for model in _ALWAYS if not rows[model]]
        if lacking:
            named = " và ".join(f"«{label}»" for label in lacking)
            verdict.refuse(verdicts.INCOMPLETE, message=f"Người mới cần có một dòng đúng ở trang {named}.")
        elif cadre.birth is not None:
            days = {model: min(row.effective_from for row in rows[model]) for model in _ALWAYS}
            facts = opening_facts(day=days[Custody], employed_from=PartialDate(days[Employment]))
            if fault := birth_fault(cadre.birth, facts, today=timezone.localdate()):
                verdict.refuse("under-age", "born", cadre.birth.text, fault)


def _judge_chain(compared: Compared, sheet: RowSheet) -> None:
    """The record stays kept by one unit without a gap, and somebody always is something, whatever a file changes."""
    touched: dict[Any, list[LineVerdict]] = defaultdict(list)
    for verdict in compared.of_sheet(sheet):
        if _writes(verdict):
            of = verdict.changes.of
            touched[verdict.cadre_id if of is None else id(of)].append(verdict)
    allowed = compared.read.book.references.units.allowed
    for who, changing in touched.items():
        rows = sorted(_after(compared.stored[sheet.key].get(who, []), changing), key=lambda row: row.effective_from)
        if message := _broken(rows, sheet, allowed):
            changing[-1].refuse(verdicts.GAP, message=message)


def _broken(rows: Sequence[Any], sheet: RowSheet, allowed: frozenset[int]) -> str:
    """Why the periods of one person cannot stand so; empty when they can."""
    if not rows or rows[-1].effective_until is not None:
        return f"«{sheet.label}» phải có dòng đến nay: để trống ngày cuối của dòng sau cùng."
    if sheet.model is not Custody:
        return ""
    for before, after in itertools.pairwise(rows):
        if before.effective_until is not None and before.effective_until < after.effective_from:
            return f"Hồ sơ không có đơn vị quản lý từ ngày {before.effective_until:%d/%m/%Y}: hãy ghi ngày liền nhau."
    today = timezone.localdate()
    held = next((row for row in rows if row.holds_on(today)), None)
    if held is None:
        return f"«{sheet.label}» phải có dòng có hiệu lực vào hôm nay."
    return "" if held.unit_id in allowed else "Không được đưa hồ sơ ra ngoài phạm vi quản lý của mình."


def _after(stored: Iterable[Any], changing: Sequence[LineVerdict]) -> Iterator[Any]:
    """The rows of one person as they would be."""
    edits = {key: values for verdict in changing for (_, key), values in verdict.changes.edits.items()}
    gone = {key for verdict in changing for _, key in verdict.changes.removals}
    for row in stored:
        if row.pk in gone:
            continue
        changed = copy.copy(row)
        for name, value in edits.get(row.pk, {}).items():
            setattr(changed, name, value)
        yield changed
    for verdict in changing:
        yield from verdict.changes.inserts


def _judge_tables(compared: Compared) -> None:
    """What the record's own rules refuse, at the column that it is about."""
    changes = [verdict.changes for verdict in compared.verdicts.values() if _writes(verdict)]
    for fault in faults_of(changes) if changes else ():
        verdict = compared.verdicts[fault.place]
        column = STANDS_AT.get(fault.field, fault.field)
        verdict.refuse(fault.code, column, as_text(verdict.line.cells.get(column, "")), fault.message)
