"""The plan of a year as a workbook and on paper; programmes over many years."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.links import with_query
from personnel.services.reading import log_export, log_print
from training.exports.plans import plan_workbook, years_workbook
from training.models import TrainingPlan
from training.reports.plans import plan_pdf
from training.statistics.planned import years_report
from training.views.plans import PlanPage
from training.views.reading import PlanReader

#: Years side by side in the view over many.
YEARS_SHOWN = 5


class PlanWorkbook(PlanPage):
    """The plan as a workbook, logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        log_export(user=self.reader, people=(), what=self.plan.name, day=self.day)
        return ExportFile(f"ke-hoach-dao-tao-{self.plan.year}.xlsx", plan_workbook(self.report)).response()


class PlanPrint(PlanPage):
    """The plan on paper, logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Print it."""
        log_print(user=self.reader, people=(), what=self.plan.name, day=self.day)
        response = HttpResponse(plan_pdf(self.report), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="ke-hoach-dao-tao-{self.plan.year}.pdf"'
        return response


class PlanYears(PlanReader):
    """Programmes over some years (`?last=` names the last of them)."""

    title = "Kế hoạch đào tạo nhiều năm"
    template_name = "training/plan_years.html"

    @cached_property
    def years(self) -> list[int]:
        """The years shown, up to the asked one."""
        asked = typed_key(self.request.GET.get("last"))
        newest = TrainingPlan.objects.order_by("-year").values_list("year", flat=True).first()
        last = asked if asked is not None and 2000 <= asked <= 2100 else max(newest or 0, self.day.year)
        return list(range(last - YEARS_SHOWN + 1, last + 1))

    def get_lead(self) -> str:
        """Which years."""
        return f"Năm {self.years[0]} đến {self.years[-1]}: số lớp, số chỗ, kinh phí theo kế hoạch và số người đạt"

    def get_actions(self) -> Sequence[Button]:
        """Earlier, later, as a workbook."""
        here = reverse("training:plan-years")
        return [
            Button(label="Các năm trước", url=with_query(here, last=self.years[0]), icon="chevron-left"),
            Button(
                label="Các năm sau", url=with_query(here, last=self.years[-1] + YEARS_SHOWN - 1), icon="chevron-right"
            ),
            Button(
                label="Xuất Excel",
                url=with_query(here, last=self.years[-1], export="xlsx"),
                icon="download",
                download=True,
            ),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the workbook."""
        if request.GET.get("export") == "xlsx":
            log_export(user=self.reader, people=(), what=self.title, day=self.day)
            rows, totals = self.report
            return ExportFile("ke-hoach-nhieu-nam.xlsx", years_workbook(self.years, rows, totals)).response()
        return super().get(request, *args, **kwargs)

    @cached_property
    def report(self) -> Any:
        """Rows and totals."""
        return years_report(self.years, user=self.reader)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The table."""
        rows, totals = self.report
        return super().context(years=self.years, rows=rows, totals=totals, **extra)
