"""Papers of a round as PDF: at once, or a long one as a job that prints parts on every core and merges them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from hrdb.kernel.jobs import JobFailed, JobResult, Progress, start_job
from hrdb.kernel.models import Job, User
from hrdb.kernel.pdf import PrintingFailed, Sheet, merge_pdfs, print_sheets, render_pdf
from hrdb.kernel.text import fold, nfc
from personnel.reports.decision_texts.paper import STYLESHEETS as LETTER_STYLES
from personnel.reports.decision_texts.paper import text_html, text_parts
from planning.models import PlanningRound
from planning.reports.documents.letters import ApprovalDraft, RoundLetter, SubmissionLetter
from planning.reports.documents.lists import PlannedList, chosen_columns
from planning.reports.documents.summaries import SeatSummary, StructureSummary
from planning.reports.documents.tables import PaperTable, RoundPaper
from planning.reports.papers import FOLDER
from planning.reports.papers import STYLESHEETS as TABLE_STYLES
from planning.services.reading import log_printed
from planning.statistics.listing import round_listing

KIND: Final = "print-planning"
STYLES: Final[tuple[Path, ...]] = (*TABLE_STYLES, FOLDER / "document.css")
#: A paper with more lines is printed by a job, in parts of so many lines.
MOST_ROWS: Final = 300
ROWS_IN_PART: Final = 100

#: The papers of a round by their word in the address, in order.
PAPERS: Final[dict[str, type[RoundPaper]]] = {
    paper.key: paper for paper in (PlannedList, SeatSummary, StructureSummary, SubmissionLetter, ApprovalDraft)
}


def paper_of(planning_round: PlanningRound, key: str, asked: Sequence[str], user: User | None) -> RoundPaper:
    """A paper of a round as a reader sees it, with the columns asked for; KeyError for one that is not known."""
    paper = PAPERS[key]
    listing = round_listing(planning_round, user, with_words=paper.names_people)
    return paper(listing, chosen_columns(asked) if paper is PlannedList else ())


def lines_of(paper: RoundPaper) -> int:
    """How many lines its longest list has."""
    if isinstance(paper, RoundLetter):
        return len(paper.rows())
    return max((table.entries for table in paper.tables()), default=0)


def is_long(paper: RoundPaper) -> bool:
    """Whether it is printed by a job."""
    return lines_of(paper) > MOST_ROWS


def paper_bytes(paper: RoundPaper) -> bytes:
    """The paper as PDF, while someone waits."""
    if isinstance(paper, RoundLetter):
        return render_pdf(text_html(paper.text()), stylesheets=LETTER_STYLES)
    return tables_pdf(paper)


def paper_name(paper: RoundPaper, ending: str) -> str:
    """A file name that every system takes."""
    return f"{paper.key}-{fold(paper.listing.round.code).replace(' ', '-').replace('/', '-')}.{ending}"


def start_printing(*, paper: RoundPaper, acting_user: User) -> Job:
    """Queue a long paper; what its owner may see is asked again when the job runs."""
    planning_round = paper.listing.round
    parameters: dict[str, Any] = {"round": planning_round.pk, "paper": paper.key, "columns": list(paper.chosen)}
    return start_job(kind=KIND, owner=acting_user, parameters=parameters, scope=f"{paper.label}, {planning_round.name}")


def print_paper(job: Job, progress: Progress) -> JobResult:
    """Do the job."""
    planning_round = PlanningRound.objects.visible_to(job.owner).filter(pk=job.parameters["round"]).first()
    if planning_round is None or job.parameters["paper"] not in PAPERS:
        raise JobFailed("Đợt quy hoạch không có trong phạm vi của bạn.")
    progress.phase("Đang đọc danh sách")
    paper = paper_of(planning_round, job.parameters["paper"], job.parameters["columns"], job.owner)
    if not lines_of(paper):
        raise JobFailed("Danh sách không có ai trong phạm vi của bạn.")
    folder = progress.result_path("parts")
    folder.mkdir(exist_ok=True, mode=0o700)
    target = progress.result_path("tai-lieu.pdf")
    progress.phase("Đang in", total=lines_of(paper))
    try:
        parts = []
        for path in print_sheets(_sheets(paper, folder)):
            parts.append(("", path))
            progress.report(min(len(parts) * ROWS_IN_PART, lines_of(paper)))
        progress.phase("Đang ghép tệp")
        pages = merge_pdfs(parts, target, title=paper.title)
    except PrintingFailed as failure:
        raise JobFailed(str(failure)) from failure
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    log_job(job, paper)
    return JobResult(file=target, name=paper_name(paper, "pdf"), values={"lines": lines_of(paper), "pages": pages})


def log_job(job: Job, paper: RoundPaper) -> None:
    """Log whom the job printed."""
    what = f"{paper.label}, {paper.listing.round.name}"
    log_printed(user=job.owner, people=paper.people, what=what, day=paper.listing.day)


def _sheets(paper: RoundPaper, folder: Path) -> Iterator[Sheet]:
    """The parts of a long paper in order."""
    if isinstance(paper, RoundLetter):
        for place, html in enumerate(text_parts(paper.text())):
            yield Sheet(html, folder / f"{place:05d}.pdf", LETTER_STYLES)
        return
    parts = [
        table.part(first, ROWS_IN_PART) for table in paper.tables() for first in range(0, len(table.rows), ROWS_IN_PART)
    ]
    for place, table in enumerate(parts):
        html = _html(paper, [table], is_first=place == 0, is_last=place == len(parts) - 1)
        yield Sheet(html, folder / f"{place:05d}.pdf", STYLES)


def tables_pdf(paper: Any) -> bytes:
    """Any paper of tables as PDF: it has a title, a subtitle, tables and what it says of itself (`sources`)."""
    return render_pdf(_html(paper, paper.tables(), is_first=True, is_last=True), stylesheets=STYLES)


def _html(paper: Any, tables: Sequence[PaperTable], *, is_first: bool, is_last: bool) -> str:
    context = {"paper": paper, "tables": tables, "is_first": is_first, "is_last": is_last, "place": settings.SITE_PLACE}
    return nfc(render_to_string("planning/paper/document.html", context))
