"""The record workbook on the web: export a selection, the template, send it back, see every difference, write, undo."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import Job
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, FormScreen, ListScreen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Change, steps
from personnel.choices import BatchState
from personnel.exports.workbook.exporting import MOST_PEOPLE, export_template, start_export
from personnel.forms.workbooks import WorkbookForm, WriteForm
from personnel.imports.kept import checked
from personnel.imports.workbook.importing import KIND
from personnel.models import ImportBatch
from personnel.services.batches import office_of, start_work, store_upload
from personnel.views.batches import OUTCOMES, TONES, BatchScreen, EditorsOnly, counts_text, state_label
from personnel.views.roster_acts import RosterUndo
from personnel.views.selections import SelectionScreen

STEPS = ("Tải lên", "Đối chiếu", "Ghi", "Kết quả")
#: What is shown: what stays the same is only counted.
SHOWN = {key: name for key, name in OUTCOMES.items() if key != "same"} | {"noted": "Có lưu ý"}
HOWS = {
    "add": "",
    "fill": "bổ sung",
    "correct": "đính chính",
    "succeed": "kết thúc, có giai đoạn kế tiếp",
    "remove": "xóa khỏi hồ sơ",
    "differs": "khác quyết định, không đổi",
}
LINES_PER_PAGE = 50
TITLE = "Nhập sổ hồ sơ"


class WorkbookExport(SelectionScreen):
    """Whole records of a selection as a workbook, one sheet for each part of the record."""

    title = "Xuất sổ hồ sơ"
    submit_label: ClassVar[str] = "Xuất"
    form_class: ClassVar[type[forms.BaseForm]] = forms.Form

    def get_question(self) -> str:
        """How many records would leave."""
        return f"Xuất cả hồ sơ của {number_text(self.people().count())} người ra một tệp Excel?"

    def get_consequences(self) -> list[str]:
        """What will happen."""
        past = ["Sổ của một ngày đã qua chỉ để đọc, không nhập lại được."] if self.day < self.request.today else []  # type: ignore[attr-defined]
        return [
            *past,
            "Mỗi phần của hồ sơ là một trang; có danh mục để chọn và trang hướng dẫn. Sửa xong có thể nhập lại.",
            "Phần dữ liệu nhạy cảm chỉ xuất với hồ sơ mà tài khoản có quyền xem; việc xuất được ghi vào nhật ký.",
            f"Chạy nền, mỗi sổ nhiều nhất {number_text(MOST_PEOPLE)} người; tải tệp về khi xong.",
        ]

    def save(self, form: Any) -> Job:
        """Start the job."""
        return start_export(people=self.people(), day=self.day, acting_user=reader(self.request))


class WorkbookTemplate(EditorsOnly):
    """The empty workbook to be filled in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        buffer = io.BytesIO()
        export_template(buffer, acting_user=reader(request), day=request.today)  # type: ignore[attr-defined]
        response = HttpResponse(buffer.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = 'attachment; filename="so-ho-so-mau.xlsx"'
        return response


class WorkbookList(EditorsOnly, ListScreen):
    """Workbooks that one has sent; the province sees all."""

    title = TITLE
    noun = "đợt nhập"
    default_sort = "-created_at"
    columns = (
        Column(
            key="file_name",
            label="Tệp",
            value="file_name",
            second=counts_text,
            link=lambda row: reverse("personnel:workbook-detail", args=[row.pk]),
            fixed=True,
            wide=True,
        ),
        Column(key="user", label="Người nhập", value="user"),
        Column(key="state", label="Trạng thái", render=state_label, sort="state"),
        Column(key="created_at", label="Lúc tải lên", value="created_at", sort="created_at", align="right"),
    )
    empty = Empty(
        title="Chưa nhập sổ hồ sơ nào",
        text="Xuất sổ từ danh sách cán bộ, hoặc tải sổ mẫu; sửa, điền rồi gửi lại. Chưa ghi gì cho đến khi xác nhận.",
        icon="file-spreadsheet",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The batches that the reader may see."""
        return ImportBatch.objects.visible_to(reader(request)).filter(kind=KIND).select_related("user")

    def get_actions(self) -> Sequence[Button]:
        """The template, and sending a workbook."""
        return [
            Button(label="Tải sổ mẫu", url=reverse("personnel:workbook-template"), icon="download", download=True),
            Button(label="Nhập sổ hồ sơ mới", url=reverse("personnel:workbook-upload"), icon="file-up", main=True),
        ]


class WorkbookUpload(EditorsOnly, FormScreen):
    """Send a workbook; it is compared in the background, nothing is written yet."""

    title = "Nhập sổ hồ sơ mới"
    lead = "Tệp được đối chiếu trước; chưa ghi gì vào hồ sơ cho đến khi bạn xác nhận."
    template_name = "personnel/workbook/upload.html"
    form_class = WorkbookForm
    submit_label = "Tải lên và đối chiếu"
    success_text = ""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the batches."""
        return [Crumb(TITLE, reverse("personnel:workbook-list"))]

    def save(self, form: Any) -> ImportBatch:
        """Keep the file and start its check."""
        user = reader(self.request)
        upload = form.cleaned_data["file"]
        batch = store_upload(upload=upload, unit=office_of(user), options={}, acting_user=user, kind=KIND)
        return start_work(batch=batch, kind="workbook-check", acting_user=user)

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch."""
        return reverse("personnel:workbook-detail", args=[result.pk])


class WorkbookScreen(BatchScreen):
    """What the pages of one workbook share."""

    kind = KIND
    page = "personnel:workbook-detail"


class WorkbookPage(WorkbookScreen):
    """One batch: every line that is not simply the same, sheet by sheet, with its differences and faults."""

    template_name = "personnel/workbook/detail.html"
    fragments = {"workbook-lines": "personnel/workbook/lines.html"}

    def get_title(self) -> str:
        """The file's name."""
        return self.batch.file_name

    def get_lead(self) -> str:
        """Counts and day."""
        day = f" · đối chiếu ngày {format_date(self.batch.day)}" if self.batch.day else ""
        return counts_text(self.batch) + day

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the batches."""
        return [Crumb(TITLE, reverse("personnel:workbook-list"))]

    def get_actions(self) -> Sequence[Button]:
        """Undo what was written."""
        if self.batch.state != BatchState.COMMITTED or self.is_busy:
            return []
        url = reverse("personnel:workbook-undo", args=[self.batch.pk])
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
            steps=steps(STEPS, self._step()),
            sheets=self.batch.report.get("sheets", []),
            outcome_names=list(OUTCOMES.items()),
        )
        if found is not None:
            needs_reason = bool(self.batch.report.get("needs_reason"))
            context |= self._lines(found)
            context["write_form"] = extra.pop("write_form", None) or WriteForm(needs_reason=needs_reason)
            context["may_write"] = self.is_open and not self.batch.report.get("errors")
        return context | extra

    def _step(self) -> int:
        if self.batch.state in (BatchState.COMMITTED, BatchState.UNDONE):
            return 3
        return 1

    def _lines(self, found: Mapping[str, Any]) -> dict[str, Any]:
        asked = {name: self.request.GET.get(name, "").strip() for name in ("sheet", "outcome", "q")}
        words = asked["q"].lower()
        lines = [
            line
            for line in found["lines"]
            if (not asked["sheet"] or line["sheet"] == asked["sheet"])
            and (not asked["outcome"] or _is(line, asked["outcome"]))
            and (not words or words in line["name"].lower())
        ]
        page = Paginator(lines, LINES_PER_PAGE).get_page(self.request.GET.get("page"))
        here = reverse(self.page, args=[self.batch.pk])
        return {
            **asked,
            "lines_page": page,
            "drawn": [_drawn(line) for line in page.object_list],
            "outcomes": [(key, name, sum(_is(line, key) for line in found["lines"])) for key, name in SHOWN.items()],
            "before_url": with_query(here, **asked, page=page.number - 1) if page.has_previous() else "",
            "after_url": with_query(here, **asked, page=page.number + 1) if page.has_next() else "",
            "left_out": found["left_out"],
            "file_faults": found["file_faults"],
            "file_warnings": found["file_warnings"],
            "notes": found["notes"],
        }


def _is(line: Mapping[str, Any], outcome: str) -> bool:
    return bool(line["warnings"]) if outcome == "noted" else line["outcome"] == outcome


def _drawn(line: dict[str, Any]) -> dict[str, Any]:
    changes = [
        Change(one["label"], one["old"] or None, one["new"] or "—", HOWS[one["how"]]) for one in line["differences"]
    ]
    return {**line, "label": OUTCOMES[line["outcome"]], "tone": TONES[line["outcome"]], "changes": changes}


class WorkbookProgress(WorkbookScreen):
    """How far the check or the writing is; when it ends the page is drawn anew."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fragment, or word to reload."""
        if not self.is_busy:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        return TemplateResponse(request, "personnel/workbook/progress.html", {"batch": self.batch, "job": self.job})


class WorkbookConfirm(WorkbookPage):
    """Write a checked workbook in the background, with its reason; without one the page says what is missing.

    With `again`, a comparison that was cut off begins anew.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the reason and start the work."""
        report, user = self.batch.report, reader(request)
        if "again" in request.POST:
            return self.start("workbook-check", user)
        if not self.is_open or self.batch.state != BatchState.CHECKED or report.get("errors"):
            messages.error(request, "Đợt nhập này chưa đối chiếu xong, còn lỗi hoặc đã ghi.")
            return self.back()
        form = WriteForm(request.POST, needs_reason=bool(report.get("needs_reason")))
        if not form.is_valid():
            return self.respond(422, write_form=form)
        return self.start("workbook-commit", user, reason=form.cleaned_data["reason"])


class WorkbookUndo(RosterUndo):
    """Put back everything that a workbook wrote."""

    kind = KIND
    success_text = "Đã hoàn tác; mọi hồ sơ trở lại như trước đợt nhập."

    def get_consequences(self) -> list[str]:
        """In figures."""
        report = self.record.report
        return [
            f"{number_text(report.get('created', 0))} dòng mới bị xóa khỏi hồ sơ (lịch sử vẫn giữ).",
            f"{number_text(report.get('changed', 0))} dòng đã sửa, đã xóa trở lại như trước đợt nhập.",
            "Không hoàn tác được nếu các dòng đó đã có thay đổi sau đợt nhập.",
        ]

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch."""
        return reverse("personnel:workbook-detail", args=[result.pk])
