"""The page of structure statistics (thống kê cơ cấu): figures, table, charts, every number a way to its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hrdb.kernel.accounts import reader
from hrdb.kernel.jobs import start_job
from hrdb.kernel.screens import Action, Screen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.links import link, with_query
from personnel.filters.structure import EVERYTHING, StructureFilters
from personnel.models.scope import scope_of, scope_of_roles
from personnel.policies import TIER_1_ROLES
from personnel.reports.structure import StructureReport, Verdict, count_text, share_of
from personnel.reports.structure_printing import KIND, LONG_TABLE, job_parameters
from personnel.reports.structure_workbook import structure_workbook
from personnel.services.reading import log_export, log_print
from personnel.statistics import DIMENSIONS, UnitNotFound, structure
from personnel.statistics.people import UNIT
from personnel.statistics.tables import Column, ColumnGroup, Row

#: A longer table leaves out on the page, and says so, the rows without people; Excel and paper have them all.
MANY_ROWS = 60


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of the table as drawn; `section` is set where a new top begins."""

    label: str
    url: str
    cells: SafeString
    verdict: Verdict | None
    section: str = ""


def draw_cell(label: str, count: int, share: str, url: str) -> str:
    """A number of the table with its share, leading to its people; thousands of them make a page."""
    number = f'<a href="{escape(url)}">{count_text(count)}</a>' if url and count else count_text(count)
    beside = f' <small class="faint">{share}</small>' if share else ""
    return f'<td class="num" data-label="{escape(label)}">{number}{beside}</td>'


class StructurePage(Screen):
    """Structure of a population on the asked day, within the reader's scope."""

    title = StructureReport.title
    template_name = "personnel/statistics/structure.html"

    def may_open(self) -> bool:
        """Only who has units in scope."""
        return not scope_of(reader(self.request)).is_empty

    @cached_property
    def filters(self) -> StructureFilters:
        """What is asked; anything unreadable, or a unit out of scope, is not there."""
        filters = StructureFilters(self.request.GET, self.request)
        if not filters.is_valid():
            raise Http404
        return filters

    @cached_property
    def report(self) -> StructureReport:
        """The one computation behind page, workbook and paper."""
        asked = self.filters.asked()
        try:
            table = structure(user=reader(self.request), day=self.day, tree=self.filters.tree, **asked)
        except UnitNotFound:
            raise Http404 from None
        return StructureReport(table)

    @cached_property
    def opener(self) -> Callable[[str], str]:
        """Makes the address of the list of people that a number stands for."""
        base = link(self.request, "personnel:cadre-list")
        start = f"{base}{'&' if '?' in base else '?'}structure="
        return lambda text: start + quote(text, safe="")

    @cached_property
    def is_tier_1_open(self) -> bool:
        """Whether the reader sees tier 1 of everyone in scope, so that numbers of such fields may be opened."""
        whole = scope_of(reader(self.request))
        opened = scope_of_roles(reader(self.request), TIER_1_ROLES)
        return opened.is_whole_province or (not whole.is_whole_province and set(whole.roots) <= set(opened.roots))

    def get_lead(self) -> str:
        """What the page holds."""
        return self.report.lead

    def get_actions(self) -> Sequence[Action]:
        """Excel and paper of exactly this table."""
        here = self.request.get_full_path()
        return (
            Action(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Action(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or send it as a workbook or on paper."""
        kind = request.GET.get("export")
        if kind is None or getattr(request, "day_fault", False):
            return self.respond()
        if kind == "xlsx":
            return self._workbook()
        if kind == "pdf":
            return self._paper()
        raise Http404

    def _workbook(self) -> HttpResponse:
        content = structure_workbook(self.report)
        asked = {key: value for key, value in self.filters.asked().items() if value}
        log_export(user=reader(self.request), what=self.title, day=self.day, filters=asked)
        return self._file(content, XLSX, "xlsx")

    def _paper(self) -> HttpResponseBase:
        """A short table at once, a long one as a job that its owner follows."""
        if len(self.report.table.rows) > LONG_TABLE:
            parameters = job_parameters(self.report.table)
            job = start_job(kind=KIND, owner=reader(self.request), parameters=parameters, scope=self.report.place)
            return redirect("kernel:job-detail", key=job.key)
        content = self.report.pdf()
        log_print(user=reader(self.request), what=self.title, day=self.day)
        return self._file(content, "application/pdf", "pdf")

    def _file(self, content: bytes, kind: str, ending: str) -> HttpResponse:
        name = f"co-cau-{self.day:%Y%m%d}.{ending}"
        return HttpResponse(
            content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """Filters, cards, table, charts and what they rest on."""
        report, table = self.report, self.report.table
        groups = self._shown_groups()
        columns = self._shown_columns(groups)
        chips = self.filters.chips()
        return (
            super().context(
                filters=self.filters,
                chips=chips,
                kept=[(key, one) for key, one in (("day", self.request.GET.get("day")),) if one],
                column_choices=[],
                cards=[(card, self._cell_url(table.total, card.column)) for card in report.cards()],
                rows_label=table.rows_label,
                is_wide=bool(groups),
                groups=groups,
                columns=columns,
                has_groups=bool(groups),
                has_verdicts=report.has_verdicts and not groups,
                rows=list(self._rows(columns)),
                left_out=len(table.rows) - len(self.listed),
                total=self._row(table.total, columns),
                pyramid=report.pyramid(self.opener),
                bars=report.bars(self.opener),
                unknown=[
                    (column.label, count_text(count), self._cell_url(table.total, column))
                    for column, count in report.unknown_parts()
                ],
                bases=report.bases(),
            )
            | extra
        )

    def _shown_groups(self) -> list[ColumnGroup]:
        """Groups of columns of the table as it is shown."""
        shown = self.filters.shown
        return [group for group in self.report.table.groups if shown in (group.key, EVERYTHING)]

    def _shown_columns(self, groups: Sequence[ColumnGroup]) -> list[tuple[Column, int]]:
        """Columns with their places: the headline (retirements have a card of their own), or the groups asked for."""
        table = self.report.table
        headline = [one for one in table.headline if self.filters.shown == EVERYTHING or one.key != "retiring"]
        if groups and self.filters.shown != EVERYTHING:
            headline = []
        columns = [*headline, *(column for group in groups for column in group.columns)]
        return [(column, table.index(column.key)) for column in columns]

    @cached_property
    def listed(self) -> list[Row]:
        """The rows that are drawn: all of a short table, of a long one those with people."""
        rows = self.report.table.rows
        return [row for row in rows if row.total or len(rows) <= MANY_ROWS]

    def _rows(self, columns: Sequence[tuple[Column, int]]) -> Iterator[DrawnRow]:
        """The rows, with a heading where the units of another top begin."""
        several = len({row.part_of for row in self.listed}) > 1
        above = None
        for row in self.listed:
            section = row.part_of if several and row.part_of != above else ""
            above = row.part_of
            yield self._row(row, columns, section)

    def _row(self, row: Row, columns: Sequence[tuple[Column, int]], section: str = "") -> DrawnRow:
        verdict = self.report.verdict(row) if self.report.has_verdicts else None
        cells = [draw_cell("Tổng số", row.total, "", self._cell_url(row, None))]
        for column, place in columns:
            count = row.counts[place]
            url = self._cell_url(row, column) if count else ""
            cells.append(draw_cell(column.label, count, share_of(count, row.total), url))
        return DrawnRow(row.label, self._unit_url(row), mark_safe("".join(cells)), verdict, section)

    def _cell_url(self, row: Row, column: Column | None) -> str:
        """The list behind a number, none where it would tell what the reader may not see of a person."""
        table = self.report.table
        by_tier_1 = row is not table.total and table.rows_by != UNIT and DIMENSIONS[table.rows_by].is_tier_1
        if (by_tier_1 or (column is not None and column.is_tier_1)) and not self.is_tier_1_open:
            return ""
        return self.opener(table.text(row, column))

    @cached_property
    def _without_unit(self) -> str:
        """This page's address, ready for another unit at its end."""
        here = with_query(self.request.get_full_path(), unit=None)
        return f"{here}{'&' if '?' in here else '?'}"

    def _unit_url(self, row: Row) -> str:
        """The same page one level down, for the row of a unit."""
        if self.report.table.rows_by != UNIT or not row.unit_code or row is self.report.table.total:
            return ""
        return f"{self._without_unit}unit={quote(row.unit_code, safe='')}"
