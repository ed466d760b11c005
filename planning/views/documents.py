"""Papers of a round: the page that lists them with the choice of columns, and each on the page, as file, in print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.links import with_query
from personnel.services.errors import ServiceRefusal
from planning.exports.documents import letter_docx, round_workbook
from planning.reports.documents.letters import ApprovalDraft, RoundLetter
from planning.reports.documents.lists import DEFAULT, OFFERED, PlannedList, chosen_columns, column_label
from planning.reports.documents.printing import (
    PAPERS,
    is_long,
    paper_bytes,
    paper_name,
    paper_of,
    start_printing,
)
from planning.reports.documents.tables import PaperTable, RoundPaper
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.views.opening import RoundScreen

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What a button of a format says, its icon, whether it downloads.
FORMATS = {
    "xlsx": ("Xuất Excel", "download", True),
    "docx": ("Tải Word", "file-text", True),
    "pdf": ("In PDF", "printer", False),
}
LINES_PER_PAGE = 100


@dataclass(frozen=True)
class OfferedPaper:
    """A paper as the page of papers offers it."""

    label: str
    about: str
    layout: str
    url: str
    buttons: tuple[Button, ...]


class PaperScreen(RoundScreen):
    """What the pages of papers share: the columns that the address names, which papers there are for this reader."""

    page_key = "documents"

    @cached_property
    def chosen(self) -> tuple[str, ...]:
        """The columns of the list."""
        return chosen_columns(self.request.GET.getlist("columns"))

    @cached_property
    def sees_all(self) -> bool:
        """Whether the reader reads every seat of the round."""
        return self.seats.count() == self.round.seats.count()

    def offers(self, paper: type[RoundPaper]) -> bool:
        """An approval is only drawn up of the whole list."""
        return self.sees_all or paper is not ApprovalDraft

    def paper_url(self, paper: type[RoundPaper], **asked: Any) -> str:
        """The address of a paper; the list's keeps its columns."""
        url = reverse("planning:document", args=[self.round.pk, paper.key])
        if paper is PlannedList and self.chosen != DEFAULT:
            asked = {"columns": ",".join(self.chosen), **asked}
        return with_query(url, **asked)

    def buttons(self, paper: type[RoundPaper], *, main: bool = False) -> list[Button]:
        """The formats of a paper."""
        return [
            Button(
                label=FORMATS[one][0],
                url=self.paper_url(paper, export=one),
                icon=FORMATS[one][1],
                download=FORMATS[one][2],
                main=main and place == 0,
            )
            for place, one in enumerate(paper.formats)
        ]

    def column_choices(self) -> list[tuple[str, str, bool]]:
        """Every column with whether it is shown."""
        return [(column.key, column_label(column), column.key in self.chosen) for column, _, _ in OFFERED]


class DocumentsPage(PaperScreen):
    """The papers of a round."""

    title = "Tài liệu của đợt"
    template_name = "planning/documents.html"

    def get_lead(self) -> str:
        """Of what they tell."""
        if self.is_frozen:
            return "Tài liệu lấy từ nội dung đã phê duyệt, không tính lại; mỗi lần xuất, in được ghi nhật ký"
        return "Danh sách chưa phê duyệt; mỗi lần xuất, in được ghi nhật ký"

    def context(self, **extra: Any) -> dict[str, Any]:
        """What is offered."""
        offered = [
            OfferedPaper(paper.label, paper.about, paper.layout, self.paper_url(paper), tuple(self.buttons(paper)))
            for paper in PAPERS.values()
            if self.offers(paper)
        ]
        kept = [("day", day)] if (day := self.request.GET.get("day")) else []
        return (
            super().context(
                papers=offered,
                column_choices=self.column_choices(),
                kept=kept,
                is_review=self.round.follows_id is not None,
            )
            | extra
        )


class DocumentPage(PaperScreen):
    """One paper on the page; `?export=` sends it as a file or prints it."""

    template_name = "planning/document.html"

    @cached_property
    def kind(self) -> type[RoundPaper]:
        """The paper of the address, or 404."""
        found = PAPERS.get(self.kwargs["paper"])
        if found is None or not self.offers(found):
            raise Http404
        return found

    @cached_property
    def paper(self) -> RoundPaper:
        """The one computation behind page, workbook and paper."""
        return paper_of(self.round, self.kind.key, self.request.GET.getlist("columns"), self.reader)

    def get_title(self) -> str:
        """The paper."""
        return self.kind.label

    def get_lead(self) -> str:
        """Of which round and day."""
        return self.paper.subtitle

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the papers."""
        return [*super().get_crumbs(), Crumb("Tài liệu", reverse("planning:documents", args=[self.round.pk]))]

    def get_actions(self) -> Sequence[Button]:
        """Its formats."""
        return self.buttons(self.kind)

    @property
    def what(self) -> str:
        """What the log calls it."""
        return f"{self.kind.label}, {self.round.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the paper as a file."""
        asked = request.GET.get("export")
        if asked is None or getattr(request, "day_fault", False):
            return self.respond()
        if asked not in self.kind.formats:
            raise Http404
        try:
            return {"xlsx": self._workbook, "docx": self._word, "pdf": self._printed}[asked]()
        except ServiceRefusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(self.link(self.paper_url(self.kind)))

    def _workbook(self) -> HttpResponseBase:
        content = round_workbook(self.paper)
        self._log_file("xlsx")
        return ExportFile(paper_name(self.paper, "xlsx"), content).response()

    def _word(self) -> HttpResponseBase:
        assert isinstance(self.paper, RoundLetter)
        content = letter_docx(self.paper)
        self._log_file("docx")
        headers = {"Content-Disposition": f'attachment; filename="{paper_name(self.paper, "docx")}"'}
        return HttpResponse(content, content_type=DOCX_TYPE, headers=headers)

    def _printed(self) -> HttpResponseBase:
        """A short paper at once, a long one as a job that its owner follows."""
        if is_long(self.paper):
            job = start_printing(paper=self.paper, acting_user=self.reader)
            return redirect("kernel:job-detail", key=job.key)
        content = paper_bytes(self.paper)
        log_printed(user=self.reader, people=self.paper.people, what=self.what, day=self.round.day)
        headers = {"Content-Disposition": f'inline; filename="{paper_name(self.paper, "pdf")}"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def _log_file(self, ending: str) -> None:
        log_taken_out(
            user=self.reader,
            people=self.paper.people,
            what=self.what,
            day=self.round.day,
            columns=self.chosen if self.kind is PlannedList else (),
            file_format=ending,
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """A page of its lines, or its sentences; who is shown is logged."""
        tables, page = self._tables()
        shown = {row.person for table in tables for row in table.rows if row.person is not None}
        log_seen(user=self.reader, people=shown, what=self.what, day=self.day)
        kept = [("day", day)] if (day := self.request.GET.get("day")) else []
        return (
            super().context(
                paper=self.paper,
                text=self.paper.text() if isinstance(self.paper, RoundLetter) else None,
                tables=tables,
                page=page,
                column_choices=self.column_choices() if self.kind is PlannedList else (),
                kept=kept,
                is_job=is_long(self.paper),
            )
            | extra
        )

    def _tables(self) -> tuple[list[PaperTable], Page[Any] | None]:
        """The tables; of a long one a page."""
        tables = self.paper.tables()
        if not tables or len(tables[0].rows) <= LINES_PER_PAGE:
            return tables, None
        page = Paginator(range(len(tables[0].rows)), LINES_PER_PAGE).get_page(self.request.GET.get("page"))
        return [tables[0].part(page.start_index() - 1, LINES_PER_PAGE), *tables[1:]], page
