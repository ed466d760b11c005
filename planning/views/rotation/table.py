"""The table of rotation by direction (biểu 11-BTCTW): page, workbook and paper of one computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import date_text, number_text
from hrdb.kernel.screens.links import with_query
from personnel.models.scope import scope_of
from planning.exports.rotation import table_workbook
from planning.models import RotationPlan
from planning.models.scope import READING
from planning.reports.rotation import sections, table_pdf
from planning.services.reading import log_printed, log_taken_out
from planning.statistics.names import unit_names
from planning.statistics.rotation_table import BASES, DONE, RotationTable, rotation_table
from planning.views.rotation.opening import RotationScreen

#: How many years back are offered beside those of plans.
YEARS = 5


@dataclass(frozen=True)
class ShownCell:
    """A number and where its people are; no address where there are none, or they are not the reader's to see."""

    text: str
    url: str


@dataclass(frozen=True)
class ShownRow:
    """A row with its cells, the total first."""

    label: str
    cells: Sequence[ShownCell]


class TableScreen(RotationScreen):
    """What page, workbook and paper share: the year and what is counted."""

    @cached_property
    def year(self) -> int:
        """The year that is asked, else that of the day."""
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else self.day.year
        return year if 1990 <= year <= 2100 else self.day.year

    @property
    def basis(self) -> str:
        """What is counted."""
        asked = self.request.GET.get("basis", "")
        return asked if asked in BASES else DONE

    @cached_property
    def table(self) -> RotationTable:
        """The table of what the reader sees."""
        return rotation_table(self.reader, year=self.year, basis=self.basis, day=self.day)

    def address(self, view: str, **changes: Any) -> str:
        """One of the addresses of this table."""
        return with_query(reverse(f"planning:{view}"), **{"year": self.year, "basis": self.basis, **changes})


class TablePage(TableScreen):
    """The table, every number open to its people."""

    template_name = "planning/rotation_table.html"
    title = "Kết quả luân chuyển theo hướng"

    def get_lead(self) -> str:
        """What is counted, as of when."""
        told = f"{number_text(self.table.total)} trường hợp · {BASES[self.basis].lower()}"
        return f"Năm {self.year} · {told} · tuổi, trình độ tính đến {date_text(self.table.day)}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the plans."""
        return [*super().get_crumbs(), Crumb("Biểu tổng hợp")]

    def get_actions(self) -> Sequence[Button]:
        """Paper and workbook."""
        return (
            Button(label="Bản in", url=self.address("rotation-table-print"), icon="printer"),
            Button(label="Tải bảng", url=self.address("rotation-table-sheet"), icon="download", download=True),
        )

    def years(self) -> list[int]:
        """The years to choose from."""
        plans = RotationPlan.objects.visible_to(self.reader).order_by().values_list("year", flat=True).distinct()
        recent = range(self.day.year - YEARS, self.day.year + 1)
        return sorted({*plans, *recent, self.year}, reverse=True)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The table with addresses."""
        table = self.table
        return super().context(
            table=table,
            sections=[(name, [self._shown(row) for row in rows]) for name, rows in sections(table)],
            years=[(year, self.address("rotation-table", year=year), year == self.year) for year in self.years()],
            bases=[
                (words, self.address("rotation-table", basis=key), key == self.basis) for key, words in BASES.items()
            ],
            **extra,
        )

    def _shown(self, row: Any) -> ShownRow:
        asked = {"counted": f"{self.basis}-{self.year}", "group": None if row.key == "total" else row.key}
        where = reverse("planning:rotation-items")
        cells = [self._cell(row, row.total, with_query(where, **asked))]
        for (direction, _), count in zip(self.table.columns, row.counts, strict=True):
            cells.append(self._cell(row, count, with_query(where, **asked, direction=direction)))
        return ShownRow(row.label, cells)

    @staticmethod
    def _cell(row: Any, count: int, url: str) -> ShownCell:
        return ShownCell(number_text(count) if count else "–", url if count and row.is_open else "")


class TableSheet(TableScreen):
    """The table as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same numbers as on the page."""
        content = table_workbook(self.table)
        log_taken_out(user=self.reader, people=(), what=self.table.title, day=self.day)
        headers = {"Content-Disposition": f'attachment; filename="luan-chuyen-{self.year}.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)


class TablePrint(TableScreen):
    """The table on paper."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same numbers as on the page, under the name of the reader's office."""
        roots = [root for action in READING for root in scope_of(self.reader, action).roots]
        office = unit_names(roots[:1], self.day).get(roots[0], "") if roots else settings.SITE_PLACE
        content = table_pdf(self.table, office)
        log_printed(user=self.reader, people=(), what=self.table.title, day=self.day)
        headers = {"Content-Disposition": f'inline; filename="luan-chuyen-{self.year}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)
