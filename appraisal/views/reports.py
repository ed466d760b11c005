"""Reports: the summary of a cycle and of a unit on page, in Excel and on paper; the sheet of one person's result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, SubmissionState
from appraisal.models import Rating
from appraisal.reports.result_sheet import result_sheet
from appraisal.reports.summary import LEVEL_KEYS, SHORT, SummaryReport
from appraisal.reports.tables import ReportTable, paper, workbook
from appraisal.reports.unit_summary import UnitSummaryReport
from appraisal.services.submitting import submission_of
from appraisal.statistics.checking import check_unit
from appraisal.statistics.rated import HEADS, rated_people
from appraisal.statistics.summary import SummaryRow, summary
from appraisal.views.base import CycleScreen, UnitCycleScreen
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.links import link, with_query
from personnel.models import Cadre, Unit
from personnel.models.scope import own_q
from personnel.services.reading import log_export, log_print
from personnel.statistics import DEFAULT_POPULATION
from personnel.statistics.structure import UnitNotFound

PDF = "application/pdf"
PARTY_HEADING = "Đảng viên"


class ReportScreen(CycleScreen):
    """A report with its workbook and its paper."""

    file_name = "tong-hop"

    def tables(self) -> Sequence[ReportTable]:
        """What every outlet draws."""
        raise NotImplementedError

    def people(self) -> list[int]:
        """Whom it names, for the log."""
        return []

    def get_actions(self) -> Sequence[Button]:
        """Excel and paper of exactly this."""
        here = self.request.get_full_path()
        return [
            Button(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Button(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it, or send it as a workbook or on paper, which is logged."""
        kind = request.GET.get("export")
        if kind is None:
            return self.respond()
        what = f"{self.get_title()}, {self.cycle.name}"
        if kind == "xlsx":
            content = workbook(self.tables())
            log_export(user=self.user, what=what, people=self.people())
        elif kind == "pdf":
            content = paper(self.tables())
            log_print(user=self.user, what=what, people=self.people())
        else:
            raise Http404
        name = f"{self.file_name}-{self.cycle.code}.{kind}"
        return HttpResponse(
            content,
            content_type=XLSX if kind == "xlsx" else PDF,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@dataclass(frozen=True)
class SummaryCell:
    """A number with its way to the people behind it."""

    label: str
    number: int
    share: str = ""
    url: str = ""


class SummaryPage(ReportScreen):
    """Approved ratings by unit and by category; of yearly cycles every number opens its people."""

    template_name = "appraisal/summary.html"
    title = SummaryReport.title

    @cached_property
    def report(self) -> SummaryReport:
        """The one computation; a unit out of scope is not there."""
        try:
            return SummaryReport(summary(self.cycle, user=self.user, unit=self.request.GET.get("unit", "")))
        except UnitNotFound:
            raise Http404 from None

    def get_lead(self) -> str:
        """What is counted."""
        return self.report.lead

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the cycle."""
        return [self.room(), self.cycle_crumb()]

    def tables(self) -> Sequence[ReportTable]:
        """The same for every outlet."""
        return self.report.tables()

    def context(self, **extra: Any) -> dict[str, Any]:
        """Both tables with their ways on."""
        found = self.report.found
        parts = [
            {
                "heading": heading,
                "first": first,
                "rows": [self._row(row, is_opened=heading != PARTY_HEADING) for row in (*rows, total)],
            }
            for heading, first, rows, total in (
                ("Theo đơn vị", "Đơn vị", found.by_unit, found.total),
                ("Theo đối tượng", "Đối tượng", found.by_category, found.total),
                (PARTY_HEADING, "Đơn vị", found.party, found.party_total),
            )
            if rows and total is not None
        ]
        plain = [
            {
                "title": table.name,
                "heads": table.heads,
                "drawn": [list(zip(table.heads, row, strict=True)) for row in table.rows],
            }
            for table in self.tables()
            if table.total is None
        ]
        heads = ("Phải xếp loại", "Đã duyệt", *SHORT, "Không xếp loại", "Chưa duyệt")
        waiting = found.total.waiting
        return super().context(cycle=self.cycle, parts=parts, plain=plain, heads=heads, waiting=waiting) | extra

    def _row(self, row: SummaryRow, *, is_opened: bool) -> dict[str, Any]:
        """A row; what is no rating of a person's own regime (the Party's) opens no list of people."""
        found = self.report.found
        is_unit = bool(row.code) and row not in (found.total, found.party_total) and not row.is_own
        return {
            "label": row.label,
            "url": link(self.request, "appraisal:summary", self.cycle.code, unit=row.code) if is_unit else "",
            "cells": [
                SummaryCell("Phải xếp loại", row.people),
                SummaryCell("Đã duyệt", row.rated),
                *(
                    SummaryCell(
                        text,
                        row.levels[place],
                        self.report.share(row, place),
                        self._people_url(row, place) if is_opened else "",
                    )
                    for place, text in enumerate(SHORT)
                ),
                SummaryCell("Không xếp loại", row.excluded),
                SummaryCell("Chưa duyệt", row.waiting),
            ],
        }

    def _people_url(self, row: SummaryRow, place: int) -> str:
        """The list of people behind a number of a yearly cycle, as of its last day."""
        if self.cycle.kind != CycleKind.YEAR or not row.levels[place] or row.is_own:
            return ""
        conditions = [f"rating={LEVEL_KEYS[place]}"]
        if row.code:
            conditions.insert(0, f"unit={quote(row.code, safe='')}")
        elif self.report.found.code:
            conditions.insert(0, f"unit={quote(self.report.found.code, safe='')}")
        if row.category:
            conditions.append(f"category={row.category}")
        day = self.cycle.ends_on.isoformat()
        return with_query(
            link(self.request, "personnel:cadre-list"),
            structure=f"{DEFAULT_POPULATION}:{';'.join(conditions)}",
            day=day,
        )


class UnitSummary(UnitCycleScreen, ReportScreen):
    """The summary of one unit."""

    template_name = "appraisal/unit_summary.html"
    title = UnitSummaryReport.title
    file_name = "xep-loai"

    @cached_property
    def report(self) -> UnitSummaryReport:
        """The one computation; the reader's own unpublished result stays out of it."""
        check = check_unit(self.cycle, self.unit.pk, agencies=self.agencies)
        above = {group.key[1] for group in check.groups if group.key[0] == HEADS}
        seen = set(Unit.objects.visible_to(self.user).filter(pk__in=above).values_list("pk", flat=True))
        groups = [group for group in check.groups if group.key[0] != HEADS or group.key[1] in seen]
        own = Cadre.objects.filter(account_id=self.user.pk).values_list("pk", flat=True).first()
        hidden = own if self.submission.state != SubmissionState.PUBLISHED else None
        return UnitSummaryReport(self.cycle, self.unit_name, check, self.submission, groups, hidden)

    def get_lead(self) -> str:
        """Unit, cycle, where it stands."""
        return self.report.lead

    def tables(self) -> Sequence[ReportTable]:
        """The same for every outlet."""
        return self.report.tables()

    def people(self) -> list[int]:
        """Everybody of the unit."""
        return sorted(self.report.check.rated)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The tables, cell by cell."""
        drawn = [
            {
                "title": table.title,
                "heads": table.heads,
                "notes": table.notes,
                "drawn": [list(zip(table.heads, row, strict=True)) for row in table.rows],
            }
            for table in self.tables()
        ]
        return super().context(tables=drawn) | extra


class ResultSheet(CycleScreen):
    """The sheet of one person's approved result on paper; the person himself gets it once it is published."""

    def may_open(self) -> bool:
        """Readers of people, and whoever has a record of his own; the person is looked for within that."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The paper; its leaving is logged."""
        cadre = get_object_or_404(Cadre.objects.visible_to(self.user), pk=self.kwargs["pk"])
        rows = Rating.objects.select_related("cycle", "unit", "decision", "cadre")
        rating = get_object_or_404(rows, cycle=self.cycle, cadre=cadre)
        submission = submission_of(self.cycle, rating.unit)
        is_own = Cadre.objects.filter(own_q(self.user), pk=cadre.pk).exists()
        if submission.state not in FROZEN_SUBMISSIONS or (is_own and submission.state != SubmissionState.PUBLISHED):
            raise Http404
        if not any(one["cadre"] == cadre.pk for one in (submission.content or {}).get("people", ())):
            raise Http404
        rated = rated_people(self.cycle.ends_on, self.agencies, cadres=[cadre.pk]).get(cadre.pk)
        name = self.agencies.names.get(rating.unit_id, rating.unit.code)
        content = result_sheet(rating, submission, unit_name=name, title=rated.title if rated else "")
        log_print(user=self.user, what=f"phiếu kết quả xếp loại {self.cycle.name}", cadre=cadre)
        file_name = f"phieu-ket-qua-{self.cycle.code}-{cadre.pk}.pdf"
        return HttpResponse(
            content, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
        )
