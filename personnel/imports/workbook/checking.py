"""Checking and writing a workbook's batch in the background; what a check found is kept for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from hrdb.kernel.jobs import JobFailed, Progress
from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.choices import BatchState
from personnel.imports.kept import keep_check
from personnel.imports.workbook.importing import KIND, ComparedBook, commit_book, compare_book, fault_at, read_book
from personnel.imports.workbook.reading import ReadBook
from personnel.models import ImportBatch
from personnel.services.batches import mark_checked, mark_failed, stored_path
from personnel.services.errors import ServiceRefusal

PHASES: Final = ("Đang đọc tệp", "Đang đối chiếu với hồ sơ", "Đang ghi")
#: Lines that are told on pages; who has more faults than these sends a smaller file.
MOST_LINES: Final = 20_000


def batch_of(user: User, pk: int) -> ImportBatch:
    """The workbook's batch that a job is about, if it is the user's; ImportBatch.DoesNotExist otherwise."""
    batch: ImportBatch = ImportBatch.objects.visible_to(user).get(pk=pk, kind=KIND)
    return batch


def check_batch(batch: ImportBatch, user: User, progress: Progress) -> None:
    """Compare a batch's file with the record, and keep what was found."""
    progress.phase(PHASES[0])
    try:
        read = _read(batch, user)
    except UnreadableFile as error:
        mark_failed(batch=batch, sentence=str(error))
        raise JobFailed(str(error)) from error
    progress.phase(PHASES[1], total=len(read.lines))
    book = compare_book(read)
    progress.report(len(read.lines))
    _keep(batch, book)
    mark_checked(batch=batch, report=_counts(book), day=read.book.day)


def commit_batch(batch: ImportBatch, user: User, progress: Progress) -> dict[str, Any]:
    """Compare again under the lock and write a batch."""
    if batch.state == BatchState.COMMITTED:
        raise JobFailed("Đợt nhập này đã ghi rồi.")
    progress.phase(PHASES[0])
    try:
        read = _read(batch, user)
    except UnreadableFile as error:
        raise JobFailed(str(error)) from error
    progress.phase(PHASES[2], total=len(read.lines))
    try:
        book = commit_book(read, batch=batch)
    except ServiceRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    _keep(batch, book)
    if not book.report.committed:
        mark_checked(batch=batch, report=_counts(book), day=read.book.day)
        raise JobFailed("Chưa ghi dòng nào: tệp còn lỗi. Hãy xem từng dòng, sửa tệp rồi gửi lại.")
    batch.report = _counts(book)
    batch.save(update_fields=["report"])
    return _counts(book)


def _read(batch: ImportBatch, user: User) -> ReadBook:
    reason = str(batch.options.get("reason", ""))
    return read_book(stored_path(batch), user=user, reason=reason, file_name=batch.file_name)


def _counts(book: ComparedBook) -> dict[str, Any]:
    report = book.report
    names = ("rows", "created", "changed", "same", "rejected", "committed")
    return {name: getattr(report, name) for name in names} | {
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "sheets": list(report.extra["sheets"].items()),
        "needs_reason": book.needs_reason,
    }


def _keep(batch: ImportBatch, book: ComparedBook) -> None:
    lines = list(_lines(book))
    keep_check(
        batch,
        {
            "lines": lines[:MOST_LINES],
            "left_out": max(0, len(lines) - MOST_LINES),
            "notes": book.read.notes,
            "file_faults": [asdict(fault) for fault in book.report.errors if not fault.row],
            "file_warnings": [asdict(fault) for fault in book.read.warnings],
        },
    )


def _lines(book: ComparedBook) -> Iterator[dict[str, Any]]:
    """The lines that are worth telling: whatever is not simply the same."""
    for verdict in book.compared.verdicts.values():
        if verdict.outcome == "same" and not verdict.warnings and not verdict.differences:
            continue
        yield {
            "sheet": verdict.line.sheet.label,
            "row": verdict.line.number,
            "name": verdict.name or verdict.line.name or verdict.line.person,
            "cadre": verdict.cadre_id,
            "outcome": verdict.outcome,
            "differences": [one._asdict() for one in verdict.differences],
            "errors": [asdict(fault_at(book.read, verdict, one)) for one in verdict.errors],
            "warnings": [asdict(fault_at(book.read, verdict, one)) for one in verdict.warnings],
        }
