"""Due matters on paper (in danh sách việc đến hạn), on A4 across; a long list is a job that prints parts and merges."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.dates import format_date
from hrdb.kernel.jobs import JobFailed, JobResult, Progress
from hrdb.kernel.models import Job
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets, render_pdf
from hrdb.kernel.text import nfc
from personnel.services.due_reading import WHAT, log_due_print
from personnel.statistics.due import Matter, asked, due_rows, matters
from personnel.statistics.structure import UnitNotFound

KIND: Final = "print-due"
TEMPLATE: Final = "personnel/due/paper.html"
STYLESHEETS: Final = (Path(settings.BASE_DIR) / "templates/personnel/due/paper.css",)

#: Lists of more rows are printed as a job, and of still more not at all: a workbook is for them.
LONG_LIST: Final = 200
MOST_ROWS: Final = 5_000
ROWS_IN_PART: Final = 150


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line on paper; texts as they are printed."""

    number: int
    name: str
    unit: str
    matter: str
    detail: str
    due_on: str
    act_by: str
    citation: str


def due_list_pdf(told: Sequence[Matter], day: datetime.date) -> bytes:
    """A short list, while someone waits."""
    return render_pdf(_html(told, day, first=1, total=len(told)), stylesheets=STYLESHEETS)


def job_parameters(question: Mapping[str, Any], when: Sequence[str], day: datetime.date) -> dict[str, Any]:
    """What a job needs to ask the same again."""
    return {**question, "when": list(when), "day": day.isoformat()}


def print_due(job: Job, progress: Progress) -> JobResult:
    """Read again what the owner may see at this moment, and print it in parts on every core."""
    question = dict(job.parameters)
    day, when = datetime.date.fromisoformat(question.pop("day")), question.pop("when")
    progress.phase("Đang tìm việc đến hạn")
    try:
        rows = due_rows(asked(user=job.owner, day=day, **question), when=when)
    except UnitNotFound:
        raise JobFailed("Đơn vị không còn trong phạm vi được giao.") from None
    if not rows:
        raise JobFailed("Không có việc nào đến hạn trong phạm vi của bạn.")
    if len(rows) > MOST_ROWS:
        raise JobFailed(f"Danh sách có {len(rows)} dòng; bản in nhận nhiều nhất {MOST_ROWS}. Hãy xuất Excel.")
    told = matters(rows, user=job.owner, day=day)
    target = progress.result_path(f"viec-den-han-{day:%Y%m%d}.pdf")
    pages = _print_parts(told, day, progress, target)
    log_due_print(user=job.owner, told=told, day=day)
    return JobResult(file=target, name=target.name, values={"rows": len(told), "pages": pages})


def _print_parts(told: Sequence[Matter], day: datetime.date, progress: Progress, target: Path) -> int:
    """Print and merge the parts; answers the pages."""
    folder = progress.result_path("parts")
    folder.mkdir(exist_ok=True, mode=0o700)
    progress.phase("Đang in", total=len(told))
    try:
        parts = []
        for path in print_sheets(_sheets(told, day, folder)):
            parts.append(("", path))
            progress.report(min(len(parts) * ROWS_IN_PART, len(told)))
        progress.phase("Đang ghép tệp")
        return merge_pdfs(parts, target, title=WHAT)
    except PrintingFailed as failure:
        raise JobFailed(str(failure)) from failure
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sheets(told: Sequence[Matter], day: datetime.date, folder: Path) -> Iterator[Sheet]:
    for place, start in enumerate(range(0, len(told), ROWS_IN_PART)):
        html = _html(told[start : start + ROWS_IN_PART], day, first=start + 1, total=len(told))
        yield Sheet(html, folder / f"{place:05d}.pdf", STYLESHEETS)


def _html(told: Sequence[Matter], day: datetime.date, *, first: int, total: int) -> str:
    """The list, or a part of it: the first part carries the title, the last one the count."""
    context = {
        "title": WHAT,
        "day": day,
        "rows": [_row(one, first + place) for place, one in enumerate(told)],
        "is_first": first == 1,
        "is_last": first + len(told) > total,
        "total": total,
    }
    return nfc(render_to_string(TEMPLATE, context))


def _row(matter: Matter, number: int) -> PaperRow:
    row = matter.row
    return PaperRow(
        number=number,
        name=matter.name,
        unit=matter.unit_name,
        matter=matter.list.label,
        detail=matter.told.detail,
        due_on=format_date(row.due_on) if row.due_on else "",
        act_by=format_date(row.act_by) if row.act_by else "",
        citation=matter.told.citation,
    )
