"""The yearly summary of planning, on the page, as a workbook and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.links import with_query
from planning.exports.documents import paper_workbook
from planning.reports.documents.printing import tables_pdf
from planning.reports.yearly import YearlySummary, yearly_summary
from planning.services.reading import log_printed, log_taken_out
from planning.views.opening import PlanningScreen


@dataclass(frozen=True)
class YearCell:
    """A number with the list of people that it opens."""

    count: int
    url: str


class YearlyPage(PlanningScreen):
    """What stood at the end of each year and what changed in it."""

    title = YearlySummary.title
    template_name = "planning/yearly.html"

    @cached_property
    def summary(self) -> YearlySummary:
        """The one computation behind page, workbook and paper."""
        return yearly_summary(self.reader, self.day)

    def get_lead(self) -> str:
        """Of which years."""
        return self.summary.subtitle

    def get_actions(self) -> Sequence[Button]:
        """As a workbook, on paper."""
        here = reverse("planning:yearly")
        return (
            Button(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Button(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or a file of it."""
        asked = request.GET.get("export")
        if asked is None or getattr(request, "day_fault", False):
            return self.respond()
        summary, name = self.summary, f"quy-hoach-hang-nam-{self.day:%Y%m%d}"
        if asked == "xlsx":
            content = paper_workbook(summary.title, summary.subtitle, summary.tables(), list(summary.sources))
            log_taken_out(user=self.reader, people=(), what=self.title, day=self.day)
            return ExportFile(f"{name}.xlsx", content).response()
        if asked == "pdf":
            log_printed(user=self.reader, people=(), what=self.title, day=self.day)
            headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
            return HttpResponse(tables_pdf(summary), content_type="application/pdf", headers=headers)
        raise Http404

    def context(self, **extra: Any) -> dict[str, Any]:
        """The table, each number of people a way to its list on the last day of its year."""
        summary = self.summary
        people = reverse("personnel:cadre-list")
        sections = [
            (
                section,
                [
                    (
                        row.label,
                        [
                            YearCell(
                                one.count,
                                with_query(people, structure=one.text, day=span.end.isoformat())
                                if one.text and one.count
                                else "",
                            )
                            for one, span in zip(row.counts, summary.years, strict=True)
                        ],
                    )
                    for row in rows
                ],
            )
            for section, rows in summary.rows.items()
        ]
        return super().context(summary=summary, sections=sections, **extra)
