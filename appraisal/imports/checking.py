"""Checking and writing a sent sheet of ratings in the background; what a check found is kept for its page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from appraisal.imports.importing import ComparedRatings, import_ratings
from appraisal.models import RatingCycle
from appraisal.services.batches import KIND
from hrdb.kernel.jobs import JobFailed, Progress
from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.choices import BatchState
from personnel.imports.kept import keep_check
from personnel.models import ImportBatch
from personnel.services.batches import mark_checked, mark_failed, stored_path
from personnel.services.errors import ServiceRefusal

PHASES = ("Đang đọc và đối chiếu", "Đang ghi")


def batches_of(user: User | None) -> QuerySet[Any]:
    """Sheets of ratings that a user may see."""
    return ImportBatch.objects.visible_to(user).filter(kind=KIND)


def cycle_of(batch: ImportBatch) -> RatingCycle:
    """The cycle that a sheet is for."""
    return RatingCycle.objects.get(code=batch.options["cycle"])


def check_batch(batch: ImportBatch, user: User, progress: Progress) -> None:
    """Read and judge a sheet; nothing is written."""
    progress.phase(PHASES[0])
    compared = _import(batch, user, writes=False)
    _keep(batch, compared)
    mark_checked(batch=batch, report=_counts(compared), day=cycle_of(batch).ends_on)


def commit_batch(batch: ImportBatch, user: User, progress: Progress) -> dict[str, Any]:
    """Judge again under the lock and write a sheet."""
    if batch.state == BatchState.COMMITTED:
        raise JobFailed("Đợt nhập này đã ghi rồi.")
    progress.phase(PHASES[1])
    try:
        compared = _import(batch, user, writes=True)
    except ServiceRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    _keep(batch, compared)
    if batch.event is None:
        mark_checked(batch=batch, report=_counts(compared), day=cycle_of(batch).ends_on)
        raise JobFailed("Chưa ghi dòng nào: bảng còn lỗi, hoặc không có gì khác với kết quả đang có.")
    batch.report = _counts(compared)
    batch.save(update_fields=["report"])
    return _counts(compared)


def _import(batch: ImportBatch, user: User, *, writes: bool) -> ComparedRatings:
    try:
        return import_ratings(
            stored_path(batch),
            cycle=cycle_of(batch),
            acting_user=user,
            file_name=batch.file_name,
            unit=batch.unit,
            batch=batch if writes else None,
        )
    except UnreadableFile as error:
        if not writes:
            mark_failed(batch=batch, sentence=str(error))
        raise JobFailed(str(error)) from error


def _counts(compared: ComparedRatings) -> dict[str, Any]:
    report = compared.report
    names = ("rows", "created", "changed", "same", "rejected", "committed")
    return {name: getattr(report, name) for name in names} | {
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "caps_exceeded": report.extra.get("caps_exceeded", 0),
    }


def _keep(batch: ImportBatch, compared: ComparedRatings) -> None:
    report = compared.report
    content = {
        "rows": [
            {
                "sheet": one.line.sheet,
                "row": one.line.row,
                "name": one.line.name or one.name,
                "unit": one.line.unit_text,
                "outcome": one.outcome,
                "changes": one.changes,
                "errors": [asdict(fault) for fault in one.line.errors],
                "warnings": [asdict(fault) for fault in one.line.warnings],
            }
            for one in compared.rows
        ],
        "file_faults": [fault.message for fault in report.errors if not fault.row],
        "file_warnings": [f"{fault.place}{fault.message}" for fault in report.warnings if fault.code in _OF_FILE],
        "groups": compared.groups,
        "units": compared.units,
        "notes": report.extra.get("notes", []),
    }
    keep_check(batch, content)


_OF_FILE = ("skipped-sheet", "unknown-column")
