"""Sheets of ratings on the web: send for a cycle or a unit, see rows and caps, write, undo; the empty sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from appraisal.exports.sheets import sheet_template
from appraisal.imports.checking import batches_of, cycle_of
from appraisal.services.batches import KIND, undo_ratings
from appraisal.services.entering import allowed_people
from appraisal.statistics.checking import check_unit
from appraisal.statistics.sheet import people_in_order
from appraisal.views.base import ROOM, AppraisalScreen, CycleScreen, ServiceAct, UnitCycleScreen
from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb, FormScreen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Change, steps
from personnel.choices import BatchState
from personnel.forms.rosters import FileForm
from personnel.imports.kept import checked
from personnel.models import ImportBatch, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.batches import start_work, store_upload
from personnel.services.reading import log_export
from personnel.views.batches import OUTCOMES, TONES, BatchScreen, counts_text

STEPS = ("Tải lên", "Đối chiếu", "Ghi", "Kết quả")
ROWS_PER_PAGE = 50


class Upload(CycleScreen, FormScreen):
    """Send a sheet for any units of the scope; each row tells its person, a column, section or sheet the unit."""

    template_name = "appraisal/upload.html"
    title = "Nhập kết quả xếp loại từ tệp"
    form_class = FileForm
    submit_label = "Tải lên và đối chiếu"
    success_text = ""

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    def get_lead(self) -> str:
        """Of which cycle."""
        return f"{self.cycle.name}. Tệp được đối chiếu trước; chưa ghi gì cho đến khi bạn xác nhận."

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the cycle."""
        return [self.room(), self.cycle_crumb()]

    @property
    def of_unit(self) -> Unit | None:
        """The unit of people for whom the file tells none."""
        return None

    def save(self, form: Any) -> ImportBatch:
        """Keep the file and start its check."""
        batch = store_upload(
            upload=form.cleaned_data["file"],
            unit=self.of_unit,
            options={"cycle": self.cycle.code},
            acting_user=self.user,
            kind=KIND,
        )
        return start_work(batch=batch, kind="ratings-check", acting_user=self.user)

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch."""
        return reverse("appraisal:batch", args=[result.pk])


class UnitUpload(UnitCycleScreen, Upload):
    """Send a sheet of one unit."""

    @property
    def of_unit(self) -> Unit | None:
        """The unit of the address, where the reader appraises."""
        if not self.may_on_unit(Action.APPRAISE):
            raise Http404
        return self.unit

    @cached_property
    def record(self) -> Any:
        """No record of its own; a unit that is not there is told before anything is drawn."""
        _ = self.of_unit
        return None

    def get_lead(self) -> str:
        """Of which unit and cycle."""
        return f"{self.unit_name} · {self.cycle.name}. Chưa ghi gì cho đến khi bạn xác nhận."

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the sheet."""
        return [self.room(), self.cycle_crumb(), Crumb(self.unit_name, self.unit_url())]

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the empty sheet of this unit."""
        return super().context(template_url=self.unit_url("appraisal:unit-template")) | extra


class UnitTemplate(UnitCycleScreen):
    """The empty sheet of a unit: whom the reader rates, what is entered, lists to choose from."""

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook; it holds personal numbers, so its leaving is logged."""
        if not self.may_on_unit(Action.APPRAISE):
            raise Http404
        check = check_unit(self.cycle, self.unit.pk, agencies=self.agencies)
        people = people_in_order(check)
        mine = allowed_people(self.cycle, [one.pk for one in people], acting_user=self.user)
        people = [one for one in people if one.pk in mine]
        content = io.BytesIO()
        sheet_template(content, cycle=self.cycle, name=self.unit_name, people=people, ratings=check.ratings)
        log_export(user=self.user, what=f"bảng xếp loại {self.cycle.name}", people=[one.pk for one in people])
        name = f"xep-loai-{self.cycle.code}-{self.unit.code}.xlsx"
        response = HttpResponse(content.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class RatingBatchScreen(BatchScreen):
    """What the pages of one sent sheet share."""

    kind = KIND
    page = "appraisal:batch"

    @cached_property
    def batch(self) -> ImportBatch:
        """The batch of the address, 404 when it is not the reader's."""
        found: ImportBatch = super().batch
        if "cycle" not in found.options:  # written from the command line: its file is not kept
            raise Http404
        return found


class BatchPage(RatingBatchScreen):
    """One sent sheet: the caps as they would stand, every row with what it changes and its faults."""

    template_name = "appraisal/batch.html"

    def get_title(self) -> str:
        """The file's name."""
        return self.batch.file_name

    def get_lead(self) -> str:
        """Counts and cycle."""
        return f"{counts_text(self.batch)} · {cycle_of(self.batch).name}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the cycle, or the sheet of the unit."""
        cycle = cycle_of(self.batch)
        crumbs = [
            Crumb(ROOM, reverse("appraisal:cycle-list")),
            Crumb(cycle.name, reverse("appraisal:cycle-detail", args=[cycle.code])),
        ]
        if self.batch.unit is not None:
            url = reverse("appraisal:unit", args=[cycle.code, self.batch.unit.code])
            names = UnitVersion.objects.filter(unit=self.batch.unit).names_on(cycle.ends_on)
            crumbs.append(Crumb(names.get(self.batch.unit.pk, self.batch.unit.code), url))
        return crumbs

    def get_actions(self) -> Sequence[Button]:
        """Undo what was written."""
        if self.batch.state != BatchState.COMMITTED or self.is_busy:
            return []
        url = reverse("appraisal:batch-undo", args=[self.batch.pk])
        return [Button(label="Hoàn tác", url=url, icon="undo-2", harm=True)]

    def context(self, **extra: Any) -> dict[str, Any]:
        """What the check found, filtered, a page at a time."""
        found = None if self.is_busy else checked(self.batch)
        context = super().context(
            batch=self.batch,
            job=self.job,
            is_busy=self.is_busy,
            is_open=self.is_open,
            found=found,
            steps=steps(STEPS, 3 if self.batch.state in (BatchState.COMMITTED, BatchState.UNDONE) else 1),
        )
        if found is not None:
            report = self.batch.report
            context |= self._rows(found)
            writes = report.get("created", 0) + report.get("changed", 0)
            context["may_write"] = self.is_open and not report.get("errors") and bool(writes)
            context["too_many"] = [group for group in found["groups"] if group["too_many"]]
        return context | extra

    def _rows(self, found: Mapping[str, Any]) -> dict[str, Any]:
        outcome, words = self.request.GET.get("outcome", ""), self.request.GET.get("q", "").strip()
        rows = [
            row
            for row in found["rows"]
            if (not outcome or row["outcome"] == outcome) and words.lower() in row["name"].lower()
        ]
        page = Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        here = reverse(self.page, args=[self.batch.pk])
        asked = {"outcome": outcome, "q": words}
        return {
            "outcome": outcome,
            "words": words,
            "rows_page": page,
            "drawn": [_drawn(row) for row in page.object_list],
            "outcomes": [
                (key, name, sum(row["outcome"] == key for row in found["rows"])) for key, name in OUTCOMES.items()
            ],
            "before_url": with_query(here, **asked, page=page.number - 1) if page.has_previous() else "",
            "after_url": with_query(here, **asked, page=page.number + 1) if page.has_next() else "",
        }


def _drawn(row: dict[str, Any]) -> dict[str, Any]:
    changes = [Change(name, old or None, new or "—") for name, old, new in row["changes"]]
    return {**row, "label": OUTCOMES[row["outcome"]], "tone": TONES[row["outcome"]], "changes": changes}


class BatchProgress(RatingBatchScreen):
    """How far the check or the writing is; when it ends the page is drawn anew."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fragment, or word to reload."""
        if not self.is_busy:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        return TemplateResponse(request, "appraisal/batch_progress.html", {"batch": self.batch, "job": self.job})


class BatchConfirm(RatingBatchScreen):
    """Write a checked sheet in the background."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Start the work."""
        report = self.batch.report
        if not self.is_open or self.batch.state != BatchState.CHECKED or report.get("errors"):
            messages.error(request, "Bảng này chưa đối chiếu xong, còn lỗi hoặc đã ghi.")
            return HttpResponseRedirect(reverse(self.page, args=[self.batch.pk]))
        return self.start("ratings-commit", reader(request))


class BatchUndo(AppraisalScreen, ServiceAct):
    """Put back everything that a sheet wrote."""

    title = "Hoàn tác đợt nhập"
    submit_label = "Hoàn tác"
    success_text = "Đã hoàn tác; kết quả trở lại như trước đợt nhập."
    is_destructive = True

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Written sheets of the reader."""
        return batches_of(self.user).filter(state=BatchState.COMMITTED)

    def get_question(self) -> str:
        """Naming what happens."""
        return f"Hoàn tác bảng xếp loại «{self.record.file_name}»?"

    def get_consequences(self) -> list[str]:
        """In figures."""
        report = self.record.report
        return [
            f"{number_text(report.get('created', 0))} kết quả mới bị xóa (lịch sử vẫn giữ).",
            f"{number_text(report.get('changed', 0))} kết quả trở lại như trước.",
            "Không hoàn tác được nếu đơn vị đã trình, đã duyệt, hoặc kết quả đã sửa sau đợt nhập.",
        ]

    def write(self, form: Any) -> ImportBatch:
        """Undo by the service."""
        undo_ratings(batch=self.record, acting_user=self.user, reason=form.cleaned_data["reason"])
        batch: ImportBatch = self.record
        return batch

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch, or the cycles for one from the command line."""
        if "cycle" not in result.options:
            return reverse("appraisal:cycle-list")
        return reverse("appraisal:batch", args=[result.pk])
