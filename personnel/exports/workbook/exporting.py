"""Exporting whole records as a workbook: at once for the command, as a background job for pages; always logged."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from hrdb.kernel.jobs import JobFailed, JobResult, Progress, start_job
from hrdb.kernel.models import Job, User
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.spreadsheets.writing import write_workbook
from personnel.exports.workbook.people import exported, shows
from personnel.exports.workbook.writing import Book
from personnel.models import Cadre
from personnel.reports.snapshot import printable
from personnel.services.reading import log_export, log_list_reading

KIND: Final = "workbook-export"
#: More people than a workbook takes back in one import.
MOST_PEOPLE: Final = 5_000
WHAT: Final = "sổ hồ sơ"
NOBODY: Final = "Không có hồ sơ nào trong phạm vi của bạn để xuất."


def people_for(user: User | None, day: datetime.date) -> QuerySet[Cadre]:
    """Whose records `user` may export as of a day: those that he may print."""
    return printable(user, day)


def export_people(
    target: str | Path | BinaryIO,
    *,
    ids: Sequence[int],
    day: datetime.date,
    acting_user: User | None,
    tell: Callable[[str], None] = lambda label: None,
) -> int:
    """Write the workbook of some people, as far as the user may read them, and log it; answers how many people."""
    people = exported(acting_user, ids, day)
    book = Book(acting_user, day, with_sensitive=any(cadre.is_tier_2_open for cadre in people))
    write_workbook(target, book.write_sheets(people, tell))
    _log(book, people, acting_user)
    return len(people)


def export_template(target: str | Path | BinaryIO, *, acting_user: User | None, day: datetime.date) -> None:
    """Write an empty workbook to be filled in (sổ mẫu): its sheets, pick lists and guide, nobody's data; logged too."""
    write_workbook(target, Book(acting_user, day).write_sheets([]))
    log_export(user=acting_user, what=f"{WHAT} mẫu", day=day)


def _log(book: Book, people: Iterable[Any], user: User | None) -> None:
    """Log who left the server, and whose sensitive parts."""
    shown = list(people)
    labels = [sheet.label for sheet, _ in book.sheets.values()]
    log_export(user=user, what=WHAT, people=[cadre.pk for cadre in shown], day=book.day, columns=labels)
    sensitive = [sheet for sheet, _ in book.sheets.values() if sheet.sensitive is not None]
    opened = [cadre.pk for cadre in shown if any(shows(sheet, cadre) for sheet in sensitive)]
    if opened:
        parts = [sheet.sensitive for sheet in sensitive if sheet.sensitive is not None]
        log_list_reading(user=user, people=opened, parts=parts, what=WHAT, day=book.day)


def too_many(count: int) -> str:
    """The sentence for more people than one workbook may hold; empty when they fit."""
    if count <= MOST_PEOPLE:
        return ""
    return f"Mỗi sổ nhiều nhất {number_text(MOST_PEOPLE)} hồ sơ; đã chọn {number_text(count)}. Hãy thu hẹp lựa chọn."


def start_export(*, people: QuerySet[Cadre], day: datetime.date, acting_user: User) -> Job:
    """Queue the export of a selection. Raises ValidationError when there is nobody, or too many."""
    ids = list(people.filter(pk__in=people_for(acting_user, day).values("pk")).values_list("pk", flat=True))
    if not ids:
        raise ValidationError(NOBODY)
    if sentence := too_many(len(ids)):
        raise ValidationError(sentence)
    parameters = {"people": ids, "day": day.isoformat()}
    return start_job(kind=KIND, owner=acting_user, parameters=parameters, scope=f"{len(ids)} hồ sơ")


def export_selection(job: Job, progress: Progress) -> JobResult:
    """Do the job: who may be read is asked again."""
    day = datetime.date.fromisoformat(job.parameters["day"])
    allowed = people_for(job.owner, day).filter(pk__any=job.parameters["people"])
    ids = list(allowed.values_list("pk", flat=True))
    if not ids:
        raise JobFailed(NOBODY)
    path = progress.result_path("so-ho-so.xlsx")
    count = export_people(
        path,
        ids=ids,
        day=day,
        acting_user=job.owner,
        tell=lambda label: progress.phase(f"Đang ghi trang «{label}»"),
    )
    return JobResult(file=path, name=file_name(day), values={"people": count})


def file_name(day: datetime.date | None = None) -> str:
    """What a workbook is called."""
    return f"so-ho-so-{day or timezone.localdate():%Y%m%d}.xlsx"
