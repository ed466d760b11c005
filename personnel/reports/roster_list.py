"""Danh sách trích ngang: one line for each person, on A4 across, for as many as one sitting reads.

A list of up to MOST_ROWS is made at once; a longer one is a job that prints parts on every core and merges them.
Offices work on with a spreadsheet: where there is a choice, xlsx is offered first.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string

from hrdb.kernel.audit import log_each
from hrdb.kernel.jobs import JobFailed, JobResult, Progress, start_job
from hrdb.kernel.models import AuditEvent, Job, User
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets, render_pdf
from hrdb.kernel.text import nfc
from personnel.choices import AssignmentKind, PayScheme, QualificationKind, Sex
from personnel.models import Cadre
from personnel.reports.record import RecordSnapshot
from personnel.reports.snapshot import printable, record_snapshots
from personnel.reports.wording import day_words, joined, language_words, number, partial_words, post_title

KIND = "print-roster-list"
TEMPLATE = "personnel/forms/roster_list.html"
STYLESHEETS: tuple[Path, ...] = (Path(settings.BASE_DIR) / "templates" / "personnel" / "forms" / "roster_list.css",)
WHAT = "In danh sách trích ngang"
MOST_ROWS = 300
ROWS_IN_PART = 100
MOST_PEOPLE = 5000
NOBODY = "Không có hồ sơ nào trong phạm vi của bạn để in."


class TooManyRows(ValueError):
    """The list is too long to be made while someone waits; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One person in the list; texts as they are printed."""

    full_name: str
    born_male: str
    born_female: str
    ethnicity: str
    home_town: str
    title: str
    unit: str
    rank: str
    step: str
    coefficient: str
    degree: str
    political_theory: str
    state_management: str
    language: str
    informatics: str
    party_joined_on: str
    party_official_on: str
    recruited_on: str
    note: str = ""


def list_rows(cadres: Iterable[Cadre], day: datetime.date, user: User | None) -> list[ListRow]:
    """The rows of people on a day as a reader may see them; constant queries."""
    return [list_row(record) for record in record_snapshots(cadres, day, user, with_photos=False)]


def list_row(record: RecordSnapshot) -> ListRow:
    """The row of one record; of a stub only the name and the unit."""
    person, kinds = record.identity, QualificationKind
    born = partial_words(person.born, person.born_precision)
    is_female = person.sex == Sex.FEMALE.label
    posts = record.held_posts(AssignmentKind.MAIN) + record.held_posts(AssignmentKind.CONCURRENT, AssignmentKind.PARTY)
    pay = record.pay(PayScheme.RANK) or record.pay(PayScheme.POSITION)
    political, management = record.highest_study(kinds.POLITICAL_THEORY), record.highest_study(kinds.STATE_MANAGEMENT)
    informatics, degree = record.highest_study(kinds.INFORMATICS), record.highest_study(kinds.PROFESSIONAL)
    languages = [study for study in record.studies_of(kinds.FOREIGN_LANGUAGE) if study.is_valid]
    return ListRow(
        full_name=person.full_name,
        born_male="" if is_female else born,
        born_female=born if is_female else "",
        ethnicity=person.ethnicity,
        home_town=person.home_town,
        title=joined(post_title(post) for post in posts),
        unit=record.employing_unit,
        rank=pay.code if pay else "",
        step=number(pay.step) if pay else "",
        coefficient=number(pay.coefficient, 2) if pay else "",
        degree=joined((degree.level_short, degree.field), ", ") if degree else "",
        political_theory=political.level_short if political else "",
        state_management=management.level_short if management else "",
        language=joined(map(language_words, languages)),
        informatics=informatics.level_short if informatics else "",
        party_joined_on=partial_words(record.party.joined_on, record.party.joined_precision) if record.party else "",
        party_official_on=day_words(record.party.official_on) if record.party else "",
        recruited_on=partial_words(person.first_recruited_on, person.first_recruited_precision),
        note="Hồ sơ lưu bản giấy" if record.is_stub else "",
    )


def roster_list_pdf(rows: Sequence[ListRow], title: str, day: datetime.date) -> bytes:
    """The list of up to MOST_ROWS people as PDF. Raises TooManyRows for a longer one."""
    if len(rows) > MOST_ROWS:
        raise TooManyRows(
            f"Danh sách có {len(rows)} dòng; bản in trực tiếp nhận nhiều nhất {MOST_ROWS} dòng. "
            "Hãy xuất Excel, hoặc in bằng việc chạy nền."
        )
    return render_pdf(roster_list_html(rows, title, day, total=len(rows)), stylesheets=STYLESHEETS)


def roster_list_html(
    rows: Sequence[ListRow], title: str, day: datetime.date, *, total: int, first: int = 1, part: str = ""
) -> str:
    """The list, or one part of it: the first part carries the title, the last the count and the signatures."""
    context = {
        "title": title,
        "day": day,
        "rows": [(first + place, *astuple(row)) for place, row in enumerate(rows)],
        "is_first": first == 1,
        "is_last": first + len(rows) > total,
        "total": total,
        "part": part,
    }
    return nfc(render_to_string(TEMPLATE, context))


# Long lists -----------------------------------------------------------------------------------------------------------


def start_list_printing(*, people: QuerySet[Cadre], title: str, day: datetime.date, acting_user: User) -> Job:
    """Queue a long list. Raises ValidationError when there is nobody, or too many for paper."""
    ids = list(people.filter(pk__in=printable(acting_user, day).values("pk")).values_list("pk", flat=True))
    if not ids:
        raise ValidationError(NOBODY)
    if len(ids) > MOST_PEOPLE:
        raise ValidationError(f"Danh sách có {len(ids)} người; bản in nhận nhiều nhất {MOST_PEOPLE}. Hãy xuất Excel.")
    parameters: dict[str, Any] = {"people": ids, "title": title, "day": day.isoformat()}
    return start_job(kind=KIND, owner=acting_user, parameters=parameters, scope=f"{title}, {len(ids)} người")


def print_list(job: Job, progress: Progress) -> JobResult:
    """Do the job: parts of ROWS_IN_PART rows printed on every core, then merged."""
    day, title = datetime.date.fromisoformat(job.parameters["day"]), job.parameters["title"]
    people = printable(job.owner, day).filter(pk__in=job.parameters["people"]).order_by("sort_key", "pk")
    ids = list(people.values_list("pk", flat=True))
    if not ids:
        raise JobFailed(NOBODY)
    folder = progress.result_path("parts")
    folder.mkdir(exist_ok=True, mode=0o700)
    progress.phase("Đang in", total=len(ids))
    target = progress.result_path("danh-sach.pdf")
    try:
        parts = []
        for path in print_sheets(_parts(ids, title, day, job.owner, folder)):
            parts.append(("", path))
            progress.report(min(len(parts) * ROWS_IN_PART, len(ids)))
        progress.phase("Đang ghép tệp")
        pages = merge_pdfs(parts, target, title=title)
    except PrintingFailed as failure:
        raise JobFailed(str(failure)) from failure
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    log_each(
        AuditEvent.Action.PRINT,
        user=job.owner,
        subject_type=Cadre,
        subject_ids=ids,
        cause=job,
        what=WHAT,
        day=day.isoformat(),
    )
    return JobResult(
        file=target, name=f"Danh sach trich ngang - {day:%Y-%m-%d}.pdf", values={"people": len(ids), "pages": pages}
    )


def _parts(ids: Sequence[int], title: str, day: datetime.date, user: User, folder: Path) -> Iterator[Sheet]:
    """The parts of a long list, each with its place in the whole; read by and by."""
    count = -(-len(ids) // ROWS_IN_PART)
    for index in range(count):
        start = index * ROWS_IN_PART
        rows = list_rows([Cadre(pk=pk) for pk in ids[start : start + ROWS_IN_PART]], day, user)
        part = f"Phần {index + 1}/{count}" if count > 1 else ""
        html = roster_list_html(rows, title, day, total=len(ids), first=start + 1, part=part)
        yield Sheet(html, folder / f"{index:05d}.pdf", STYLESHEETS)
