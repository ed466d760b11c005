"""A slate as a workbook and on paper, slates side by side; what leaves the server is logged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.exports import ExportFile
from planning.exports.slates import slate_workbook
from planning.models import Slate
from planning.reports.slates import MOST_COMPARED, SlateReport, compare, slate_pdf, slate_report
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.views.opening import PlannerScreen
from planning.views.slates.opening import SlateScreen, state_label


class SlateWorkbook(SlateScreen):
    """The slate as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        content, pk = slate_workbook(self.report), self.slate.pk
        what = f"Phương án nhân sự {pk}"
        log_taken_out(user=self.reader, people=self.report.people, what=what, day=self.slate.day)
        return ExportFile(f"phuong-an-nhan-su-{pk}.xlsx", content).response()


class SlatePrint(SlateScreen):
    """The slate as PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Print it."""
        content, pk = slate_pdf(self.report), self.slate.pk
        what = f"Phương án nhân sự {pk}"
        log_printed(user=self.reader, people=self.report.people, what=what, day=self.slate.day)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="phuong-an-nhan-su-{pk}.pdf"'
        return response


class SlateCompare(PlannerScreen):
    """Two or three slates side by side; one of which the reader may not plan everybody does not exist."""

    title = "So sánh phương án"
    template_name = "planning/slate_compare.html"

    @cached_property
    def slates(self) -> list[Slate]:
        """The slates that are asked for, in their order."""
        asked = [part for text in self.request.GET.getlist("slates") for part in text.split(",")]
        ids = list(dict.fromkeys(typed_keys(asked)))[:MOST_COMPARED]
        found = {one.pk: one for one in Slate.objects.all().visible_to(self.reader).filter(pk__in=ids)}
        if len(found) < len(ids):
            raise Http404
        return [found[pk] for pk in ids]

    @cached_property
    def reports(self) -> list[SlateReport]:
        """Each judged now."""
        return [slate_report(one, self.reader) for one in self.slates]

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list."""
        return [*super().get_crumbs(), Crumb("Phương án nhân sự", reverse("planning:slate-list"))]

    def get_lead(self) -> str:
        """What is marked."""
        return "Dòng khác nhau được đánh dấu; mỗi phương án được xét theo ngày dự kiến của nó."

    def context(self, **extra: Any) -> dict[str, Any]:
        """The lines; who is shown is logged."""
        people = {pk for report in self.reports for pk in report.people}
        named = ", ".join(str(one.pk) for one in self.slates)
        log_seen(user=self.reader, people=people, what=f"So sánh phương án nhân sự {named}", day=self.day)
        return super().context(
            slates=[(one, state_label(one)) for one in self.slates],
            parts=compare(self.reports) if len(self.slates) > 1 else [],
            most_compared=MOST_COMPARED,
            **extra,
        )
