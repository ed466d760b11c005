"""A record workbook from file to record: read, compare, report; then write all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from hrdb.kernel.many import collection_paused
from hrdb.kernel.models import User
from personnel.imports.report import Fault, ImportReport, hash_of
from personnel.imports.workbook import verdicts
from personnel.imports.workbook.comparing import Compared, compare_lines
from personnel.imports.workbook.reading import ReadBook, read_book
from personnel.imports.workbook.together import cite, judge_together
from personnel.imports.workbook.verdicts import LineFault, LineVerdict
from personnel.models import ImportBatch, Unit
from personnel.services.batches import office_of
from personnel.services.changes import ChangesRefused
from personnel.services.reading import log_list_reading
from personnel.services.rosters import lock_subtree
from personnel.services.workbooks import write_workbook

__all__ = ["ComparedBook", "commit_book", "compare_book", "new_batch", "read_book"]

#: The kind of a batch that a workbook is.
KIND = "workbook"
NEEDS_REASON = "Tệp có đính chính hoặc xóa dòng: hãy ghi lý do."


@dataclass
class ComparedBook:
    """A workbook beside the record, and the report of every line."""

    compared: Compared
    report: ImportReport

    @property
    def read(self) -> ReadBook:
        """What was read."""
        return self.compared.read

    @property
    def needs_reason(self) -> bool:
        """Whether something that stands in the record is changed or taken away."""
        return any(verdict.needs_reason for verdict in self.compared.verdicts.values())


@collection_paused()
def compare_book(read: ReadBook, *, lock: bool = False) -> ComparedBook:
    """Compare every line with the record and report it; what is shown of tier 2 is logged."""
    compared = compare_lines(read, lock=lock)
    judge_together(compared)
    book = ComparedBook(compared, ImportReport(file=read.file_name, sha256=hash_of(read.path)))
    _fill_report(book)
    _log_shown(book)
    return book


@collection_paused()
def commit_book(read: ReadBook, *, batch: ImportBatch) -> ComparedBook:
    """Compare again under the lock and write everything; nothing on a single fault, or without a needed reason."""
    unit = office_of(read.user)
    with transaction.atomic():
        lock_subtree(unit)
        book = compare_book(read, lock=True)
        report = book.report
        if book.needs_reason and not read.reason.strip():
            report.errors.append(Fault("", 0, "", verdicts.REASON, "", NEEDS_REASON))
        if report.errors:
            return book
        found = book.compared.verdicts.values()
        batch.day, batch.unit = read.book.day, unit
        try:
            with transaction.atomic():
                write_workbook(
                    batch=batch,
                    changes=[one.changes for one in found if not one.changes.is_empty],
                    citations=cite(book.compared),
                    reason=read.reason,
                    acting_user=read.user,
                    unit=unit,
                )
        except ChangesRefused as refused:
            _refuse(book, refused)
            return book
        report.committed = True
        batch.report = report.as_json()
        batch.save()
    return book


def new_batch(path: Path, *, user: User | None, file_name: str = "", unit: Unit | None = None) -> ImportBatch:
    """The batch of a workbook that is about to be read from the command line."""
    return ImportBatch.objects.create(
        kind=KIND, user=user, unit=unit, file_name=(file_name or path.name)[:250], sha256=hash_of(path)
    )


def _fill_report(book: ComparedBook) -> None:
    read, report = book.read, book.report
    found = book.compared.verdicts.values()
    report.rows = len(read.lines)
    outcomes = [verdict.outcome for verdict in found]
    for name in ("created", "changed", "same", "rejected"):
        setattr(report, name, outcomes.count(name))
    report.errors += [*read.errors, *(fault_at(read, one, fault) for one in found for fault in one.errors)]
    report.warnings += [*read.warnings, *(fault_at(read, one, fault) for one in found for fault in one.warnings)]
    report.extra = {
        "day": read.book.day.isoformat(),
        "missing": [],
        "notes": read.notes,
        "sheets": dict(_by_sheet(book)),
    }


def _by_sheet(book: ComparedBook) -> dict[str, dict[str, int]]:
    """Outcomes by the label of the sheet, of sheets that the file has lines of."""
    found: dict[str, dict[str, int]] = {}
    for verdict in book.compared.verdicts.values():
        counts = found.setdefault(
            verdict.line.sheet.label, dict.fromkeys(("created", "changed", "same", "rejected"), 0)
        )
        counts[verdict.outcome] += 1
    return found


def fault_at(read: ReadBook, verdict: LineVerdict, fault: LineFault) -> Fault:
    """A fault of a line, at the letter of the column that it is about."""
    line = verdict.line
    letter = read.letter(line.sheet, fault.column)
    return Fault(line.sheet.label, line.number, letter, fault.code, fault.value[:250], fault.message)


def _log_shown(book: ComparedBook) -> None:
    """Differences of sensitive parts show what the record holds: that is a reading."""
    shown: dict[Any, set[int]] = {}
    for verdict in book.compared.verdicts.values():
        part = verdict.line.sheet.sensitive
        if part is not None and verdict.cadre_id is not None and any(one.old for one in verdict.differences):
            shown.setdefault(part, set()).add(verdict.cadre_id)
    for part, people in shown.items():
        log_list_reading(
            user=book.read.user, people=people, parts=[part], what=f"đối chiếu {book.read.file_name}", day=_today()
        )


def _today() -> Any:
    return timezone.localdate()


def _refuse(book: ComparedBook, refused: ChangesRefused) -> None:
    """Lines that only the writing refused join the report; nothing was written."""
    report = book.report
    for place, message in refused.faults:
        verdict = book.compared.verdicts[place]
        if verdict.outcome != "rejected":
            setattr(report, verdict.outcome, getattr(report, verdict.outcome) - 1)
            report.rejected += 1
        verdict.refuse(verdicts.REFUSED, message=message)
        report.errors.append(fault_at(book.read, verdict, verdict.errors[-1]))
