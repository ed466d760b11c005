"""Checking and writing a batch in the background; what a check found is kept beside the file for the pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hrdb.kernel.jobs import JobFailed, Progress
from hrdb.kernel.models import User
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.choices import BatchState
from personnel.imports.kept import keep_check
from personnel.imports.roster.importing import (
    ComparedRoster,
    RosterOptions,
    commit_roster,
    compare_roster,
    read_roster,
)
from personnel.imports.roster.mapping import RosterMapping
from personnel.imports.roster.rejected import write_rejected
from personnel.models import ImportBatch
from personnel.services.batches import mark_checked, mark_failed, stored_path
from personnel.services.errors import ServiceRefusal
from personnel.services.reading import log_export

PHASES = ("Đang đọc tệp", "Đang đối chiếu với hồ sơ", "Đang ghi")


@dataclass(frozen=True)
class CheckedRow:
    """One row as pages show it."""

    sheet: str
    row: int
    name: str
    unit: str
    outcome: str
    cadre: int | None
    differences: list[dict[str, Any]]
    faults: list[dict[str, Any]]


def options_of(batch: ImportBatch) -> RosterOptions:
    """What was decided for a batch, as the reader wants it."""
    chosen = batch.options
    return RosterOptions(
        unit=batch.unit,
        day=datetime.date.fromisoformat(chosen["day"]) if chosen.get("day") else None,
        dates=chosen.get("dates", "ask"),
        skip_bad_rows=bool(chosen.get("skip_bad_rows")),
        accept_corrections=bool(chosen.get("accept_corrections")),
        confirmed=frozenset((sheet, row, label) for sheet, row, label in chosen.get("confirmed", [])),
        mapping=RosterMapping.from_json(chosen.get("mapping", {})),
    )


def check_batch(batch: ImportBatch, user: User, progress: Progress) -> None:
    """Understand and compare a batch's file, and keep what was found."""
    progress.phase(PHASES[0])
    try:
        read = read_roster(stored_path(batch), user=user, options=options_of(batch), file_name=batch.file_name)
    except UnreadableFile as error:
        mark_failed(batch=batch, sentence=str(error))
        raise JobFailed(str(error)) from error
    progress.phase(PHASES[1], total=len(read.rows))
    compared = compare_roster(read)
    progress.report(len(read.rows))
    _keep(batch, compared)
    mark_checked(batch=batch, report=_counts(compared), day=read.day)


def commit_batch(batch: ImportBatch, user: User, progress: Progress) -> dict[str, Any]:
    """Compare again under the lock and write a batch."""
    if batch.state == BatchState.COMMITTED:
        raise JobFailed("Đợt nhập này đã ghi rồi.")
    progress.phase(PHASES[0])
    try:
        read = read_roster(stored_path(batch), user=user, options=options_of(batch), file_name=batch.file_name)
    except UnreadableFile as error:
        raise JobFailed(str(error)) from error
    progress.phase(PHASES[2], total=len(read.rows))
    try:
        compared = commit_roster(read, batch=batch)
    except ServiceRefusal as refusal:
        raise JobFailed(str(refusal)) from refusal
    _keep(batch, compared)
    if not compared.report.committed:
        mark_checked(batch=batch, report=_counts(compared), day=read.day)
        raise JobFailed("Chưa ghi dòng nào: danh sách còn lỗi. Hãy xem từng dòng, sửa hoặc chọn bỏ qua các dòng lỗi.")
    batch.report = _counts(compared)
    batch.save(update_fields=["report"])
    return _counts(compared)


def _counts(compared: ComparedRoster) -> dict[str, Any]:
    report = compared.report
    names = ("rows", "created", "changed", "same", "rejected", "committed", "pending")
    return {name: getattr(report, name) for name in names} | {
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "missing": len(compared.missing),
        "asking": len(compared.asking),
        "needs_decision": compared.read.understanding.needs_decision,
    }


def _keep(batch: ImportBatch, compared: ComparedRoster) -> None:
    understanding = compared.read.understanding
    content = {
        "tables": [
            {
                "sheet": table.sheet,
                "first_header_row": table.first_header_row,
                "last_header_row": table.last_header_row,
                "day": table.day.isoformat(),
                "is_day_stated": table.is_day_stated,
                "rows": len(table.rows),
                "columns": [asdict(column) for column in table.columns],
                "other_lines": table.other_lines[:50],
            }
            for table in understanding.tables
        ],
        "skipped": [asdict(sheet) for sheet in understanding.skipped],
        "unknown_values": [
            {**asdict(value), "nearest": [list(near) for near in value.nearest]}
            for value in (*understanding.unknown_values, *compared.inferred)
        ],
        "swapped": [asdict(question) for question in understanding.swapped],
        "notes": understanding.notes,
        "missing": [{"pk": cadre.pk, "name": cadre.full_name} for cadre in compared.missing],
        "rows": [asdict(row) for row in _rows(compared)],
        "file_faults": [asdict(fault) for fault in compared.report.errors if not fault.row],
    }
    keep_check(batch, content)


def _rows(compared: ComparedRoster) -> Iterator[CheckedRow]:
    faults: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for severity, found in (("error", compared.report.errors), ("warning", compared.report.warnings)):
        for fault in found:
            faults.setdefault((fault.sheet, fault.row), []).append({**asdict(fault), "severity": severity})
    names = compared.read.reference.lookups
    for place, row in enumerate(compared.read.rows):
        verdict = compared.verdicts.get(place)
        yield CheckedRow(
            sheet=row.sheet,
            row=row.row,
            name=str(row.value("name") or ""),
            unit=names.name_of("units", row.unit) if row.unit else "",
            outcome="rejected" if verdict is None else verdict.outcome,
            cadre=verdict.cadre_id if verdict else None,
            differences=[asdict(item) for item in verdict.differences] if verdict else [],
            faults=faults.get((row.sheet, row.row), []),
        )


def recompared(batch: ImportBatch, user: User) -> ComparedRoster:
    """A batch read and compared again, for the workbook of its bad rows. Raises UnreadableFile."""
    read = read_roster(stored_path(batch), user=user, options=options_of(batch), file_name=batch.file_name)
    return compare_roster(read)


def write_bad_rows(batch: ImportBatch, user: User, path: Path) -> None:
    """Write the bad rows of a batch with their reasons (dòng lỗi) into a workbook; logged. Raises UnreadableFile."""
    write_rejected(recompared(batch, user), path)
    log_export(user=user, what=f"dòng lỗi của {batch.file_name}")
