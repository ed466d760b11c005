"""Printing for a whole selection (in hàng loạt): a background job that prints on every core and hands out one file."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from hrdb.kernel.audit import log_each
from hrdb.kernel.dates import format_date
from hrdb.kernel.jobs import JobFailed, JobResult, Progress, start_job
from hrdb.kernel.models import AuditEvent, Job, User
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets
from personnel.models import Cadre
from personnel.reports.curriculum import STYLESHEETS, curriculum_html, curriculum_name, forms, printable, printed_as
from personnel.reports.layout import Form
from personnel.reports.snapshot import record_snapshots

KIND = "print-curricula"
MOST_PEOPLE = 3000
READ_AT_ONCE = 40
PEOPLE_IN_VOLUME = 200
NOBODY = "Không có hồ sơ nào trong phạm vi của bạn để in."


@dataclass(frozen=True)
class Order:
    """What is to be printed, as it travels in a job's parameters."""

    people: tuple[int, ...]
    form: str
    day: datetime.date
    as_zip: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "people": list(self.people),
            "form": self.form,
            "day": self.day.isoformat(),
            "as_zip": self.as_zip,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The order that was written by `as_json`."""
        return cls(
            tuple(values["people"]), values["form"], datetime.date.fromisoformat(values["day"]), values["as_zip"]
        )


def start_printing(*, people: QuerySet[Cadre], form: Form, day: datetime.date, as_zip: bool, acting_user: User) -> Job:
    """Queue the printing of a selection: one merged PDF, or a zip of single ones.

    Who is printed is asked again when the job runs. Raises ValidationError when there is nobody, or too many.
    """
    ids = list(people.filter(pk__in=printable(acting_user, day).values("pk")).values_list("pk", flat=True))
    if not ids:
        raise ValidationError(NOBODY)
    if len(ids) > MOST_PEOPLE:
        raise ValidationError(
            f"Mỗi lần in nhiều nhất {MOST_PEOPLE} hồ sơ; lựa chọn hiện có {len(ids)}. Hãy thu hẹp bộ lọc."
        )
    order = Order(tuple(ids), form.key, day, as_zip)
    scope = f"{len(ids)} hồ sơ, {form.label}, đến ngày {format_date(day)}"
    return start_job(kind=KIND, owner=acting_user, parameters=order.as_json(), scope=scope)


def print_selection(job: Job, progress: Progress) -> JobResult:
    """Do the job: read the records by and by, print them on every core, put one file together, log each person."""
    order, user = Order.from_json(job.parameters), job.owner
    form = forms[order.form]
    people = printable(user, order.day).filter(pk__in=order.people).order_by("sort_key", "pk")
    ids = list(people.values_list("pk", flat=True))
    if not ids:
        raise JobFailed(NOBODY)
    folder = progress.result_path("parts")
    folder.mkdir(exist_ok=True, mode=0o700)
    try:
        printed = _print_all(ids, order, form, user, folder, progress)
        progress.phase("Đang ghép tệp")
        result = _bundle(printed, order, form, progress)
        log_each(
            AuditEvent.Action.PRINT,
            user=user,
            subject_type=Cadre,
            subject_ids=ids,
            cause=job,
            what=printed_as(form),
            day=order.day.isoformat(),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


@dataclass(frozen=True)
class Printed:
    """One printed record: the person's name, the file and what to call it."""

    name: str
    file_name: str
    path: Path


def _print_all(
    ids: Sequence[int], order: Order, form: Form, user: User, folder: Path, progress: Progress
) -> list[Printed]:
    """Print every record to a file of its own; only a few records are in memory at a time."""
    progress.phase("Đang in", total=len(ids))
    printed: list[Printed] = []

    def sheets() -> Iterator[Sheet]:
        for start in range(0, len(ids), READ_AT_ONCE):
            people = [Cadre(pk=pk) for pk in ids[start : start + READ_AT_ONCE]]
            for record in record_snapshots(people, order.day, user):
                target = folder / f"{len(printed):05d}.pdf"
                printed.append(Printed(record.full_name, curriculum_name(record, form), target))
                yield Sheet(curriculum_html(record, form), target, STYLESHEETS)

    try:
        for done, _ in enumerate(print_sheets(sheets()), 1):
            progress.report(done)
    except PrintingFailed as failure:
        raise JobFailed(str(failure)) from failure
    return printed


def _bundle(printed: Sequence[Printed], order: Order, form: Form, progress: Progress) -> JobResult:
    """One file to hand out: a zip of single documents, one merged PDF, or a zip of volumes when there are many."""
    name = f"{form.file_name} - {len(printed)} ho so - {order.day:%Y-%m-%d}"
    if order.as_zip:
        singles = [(f"{number:04d} {one.file_name}", one.path) for number, one in enumerate(printed, 1)]
        return _zip(progress.result_path("ho-so.zip"), singles, f"{name}.zip", len(printed))
    if len(printed) <= PEOPLE_IN_VOLUME:
        target = progress.result_path("ho-so.pdf")
        merge_pdfs([(one.name, one.path) for one in printed], target, title=form.title)
        return JobResult(file=target, name=f"{name}.pdf", values={"people": len(printed)})
    volumes: list[tuple[str, Path]] = []
    for start in range(0, len(printed), PEOPLE_IN_VOLUME):
        part = printed[start : start + PEOPLE_IN_VOLUME]
        target = part[0].path.with_name(f"volume-{start:05d}.pdf")
        merge_pdfs([(one.name, one.path) for one in part], target, title=form.title)
        volumes.append((f"Tap {len(volumes) + 1:02d} ({start + 1}-{start + len(part)}).pdf", target))
    return _zip(progress.result_path("ho-so.zip"), volumes, f"{name}.zip", len(printed))


def _zip(target: Path, files: Sequence[tuple[str, Path]], name: str, people: int) -> JobResult:
    """PDFs are compressed already: they are only put together."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file_name, path in files:
            archive.write(path, file_name)
    return JobResult(file=target, name=name, values={"people": people})
