"""Acts on a batch: follow, decide, confirm, answer for those not listed, take the bad rows, undo."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.jobs import start_job
from hrdb.kernel.screens import ActionScreen
from hrdb.kernel.screens.exports import ExportFile, ExportNeed
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from personnel.choices import BatchState
from personnel.forms.rosters import ConfirmForm, MissingForm
from personnel.imports.kept import checked
from personnel.imports.roster.checking import write_bad_rows
from personnel.imports.roster.columns import BY_KEY
from personnel.imports.roster.database import is_known_code
from personnel.models import Cadre, ImportBatch
from personnel.policies import Action
from personnel.services.batches import (
    MISSING_ANSWERS,
    answer_missing,
    remember_columns,
    remember_values,
)
from personnel.services.errors import ServiceRefusal
from personnel.services.rosters import undo_roster
from personnel.views.batches import BatchScreen, EditorsOnly
from personnel.views.rosters import KEEP_TEXT, may_keep_text

#: Rows of a list that is read and compared again while its sender waits; a longer one is a job.
LONG_ROSTER = 4_000
REJECTED = "roster-rejected"


class RosterProgress(BatchScreen):
    """How far the check or the writing is; when it ends the page is drawn anew."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fragment, or word to reload."""
        if not self.is_busy:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        return TemplateResponse(request, "personnel/roster/progress.html", {"batch": self.batch, "job": self.job})


class BatchAct(BatchScreen):
    """An act on a batch: only sent, never looked at."""

    http_method_names = ["post"]


class RosterDecide(BatchAct):
    """What the officer decides about columns, values, dates or single corrections; the check runs again."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the decisions, remember those that hold for the office, check again."""
        if not self.is_open:
            messages.error(request, "Đợt nhập này không còn sửa được.")
            return self.back()
        user = reader(request)
        found = checked(self.batch) or {"tables": [], "unknown_values": [], "rows": []}
        kind = request.POST.get("kind", "")
        if kind not in ("columns", "values", "corrections", "again"):
            raise Http404
        decided = getattr(self, f"_{kind}")(found, user)
        return self.start("roster-check", user, **decided)

    def _mapping(self) -> dict[str, Any]:
        return dict(self.batch.options.get("mapping", {}))

    def _again(self, found: dict[str, Any], user: Any) -> dict[str, Any]:
        """Nothing: a check that was cut off begins anew."""
        return {}

    def _columns(self, found: dict[str, Any], user: Any) -> dict[str, Any]:
        """Columns by header for the office and this file; swapped dates for this file."""
        chosen: dict[str, tuple[str, str | None]] = {}
        for number, table in enumerate(found["tables"]):
            for column in table["columns"]:
                value = self.request.POST.get(f"column-{number}-{column['index']}")
                if value is None or value == (column["column_key"] or "") or (value and value not in BY_KEY):
                    continue
                chosen[column["key"]] = (column["header"], value or None)
        dates = {}
        for question in found.get("swapped", []):
            answer = self.request.POST.get(f"dates-{question['column_key']}")
            if answer in ("as-is", "swap"):
                dates[question["column_key"]] = answer
        mapping = self._mapping()
        mapping["columns"] = {**mapping.get("columns", {}), **{key: column for key, (_, column) in chosen.items()}}
        mapping["dates"] = {**mapping.get("dates", {}), **dates}
        remember_columns(unit=self.batch.unit, columns=chosen, acting_user=user)
        return {"mapping": mapping}

    def _values(self, found: dict[str, Any], user: Any) -> dict[str, Any]:
        """Values by list and text, for the office and this file."""
        chosen: dict[str, dict[str, str | None]] = {}
        for number, value in enumerate(found["unknown_values"]):
            answer = self.request.POST.get(f"other-{number}", "").strip() or self.request.POST.get(
                f"value-{number}", ""
            )
            if answer == KEEP_TEXT and may_keep_text(value):
                chosen.setdefault(value["list_name"], {})[value["text"]] = None
            elif answer and is_known_code(value["list_name"], answer):
                chosen.setdefault(value["list_name"], {})[value["text"]] = answer
            elif answer:
                messages.error(self.request, f"«{value['text']}»: danh mục không có mã «{answer}».")
        mapping = self._mapping()
        values = mapping.get("values", {})
        mapping["values"] = {name: {**values.get(name, {}), **chosen.get(name, {})} for name in {*values, *chosen}}
        remember_values(unit=self.batch.unit, values=chosen, acting_user=user)
        return {"mapping": mapping}

    def _corrections(self, found: dict[str, Any], user: Any) -> dict[str, Any]:
        """Corrections confirmed one by one: those shown on the page are set anew, the others stay."""
        asked = {
            f"{row['sheet']}\t{row['row']}\t{item['label']}": (row["sheet"], row["row"], item["label"])
            for row in found["rows"]
            for item in row["differences"]
            if item["how"] == "correct"
        }
        shown = {asked[key] for key in self.request.POST.getlist("shown") if key in asked}
        ticked = {asked[key] for key in self.request.POST.getlist("confirmed") if key in asked}
        held = {(sheet, row, label) for sheet, row, label in self.batch.options.get("confirmed", [])}
        confirmed = [list(one) for one in sorted((held - shown) | ticked)]
        return {"confirmed": confirmed}


class RosterConfirm(BatchAct):
    """Write a checked roster in the background."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep how it is to be written and start the work."""
        if not self.is_open or self.batch.state != BatchState.CHECKED:
            messages.error(request, "Đợt nhập này chưa kiểm tra xong hoặc đã ghi.")
            return self.back()
        user = reader(request)
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise Http404
        if self.batch.report.get("rejected") and not form.cleaned_data["skip_bad_rows"]:
            messages.error(request, "Danh sách còn dòng lỗi: hãy sửa tệp, hoặc chọn bỏ qua các dòng lỗi.")
            return self.back()
        if self.batch.report.get("needs_decision"):
            messages.error(request, "Hãy quyết định về cột bị nghi đảo ngày và tháng trước khi ghi.")
            return self.back()
        report, decided = self.batch.report, form.cleaned_data
        writes = (
            report.get("created", 0) + report.get("changed", 0) - report.get("pending", 0) + report.get("asking", 0)
        )
        if not writes and not decided["accept_corrections"]:
            messages.error(request, "Chưa có gì để ghi: hãy xác nhận đính chính trước.")
            return self.back()
        return self.start("roster-commit", user, **decided)


class RosterMissing(BatchAct):
    """What became of one person whom the roster does not list."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Record the answer through the service."""
        user = reader(request)
        form = MissingForm(request.POST)
        if not form.is_valid():
            messages.error(request, "; ".join(str(text) for faults in form.errors.values() for text in faults))
            return self._to_missing()
        listed = {person["pk"] for person in (checked(self.batch) or {"missing": []})["missing"]}
        missing = Cadre.objects.visible_to(user, Action.EDIT).filter(pk__in=listed)
        cadre = get_object_or_404(missing, pk=form.cleaned_data["cadre"])
        day = form.cleaned_data["day"] or self.batch.day or request.today  # type: ignore[attr-defined]
        try:
            answer_missing(batch=self.batch, cadre=cadre, answer=form.cleaned_data["answer"], day=day, acting_user=user)
        except (ValidationError, PermissionDenied, ServiceRefusal) as error:
            messages.error(request, f"{cadre.full_name}: {'; '.join(getattr(error, 'messages', [str(error)]))}")
            return self._to_missing()
        messages.success(
            request, f"Đã ghi: {cadre.full_name} – {MISSING_ANSWERS[form.cleaned_data['answer']].lower()}."
        )
        return self._to_missing()

    def _to_missing(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("personnel:roster-detail", args=[self.batch.pk]) + "?part=missing")


class RosterRejected(BatchScreen):
    """The bad rows with their reasons, as a workbook: of a short list at once, of a long one as a job."""

    title = "Tải các dòng lỗi"
    export_holds = "Tệp gồm các dòng lỗi, mỗi dòng kèm lý do; sửa xong thì gửi lại chính tệp này"

    @property
    def is_long(self) -> bool:
        """Whether reading and comparing the list again takes longer than anyone waits."""
        return int(self.batch.report.get("rows", 0)) > LONG_ROSTER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read and compare again, and send the rows that have errors; of a long list ask first."""
        if self.is_long:
            return self.ask()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "loi.xlsx"
            try:
                write_bad_rows(self.batch, reader(request), path)
            except UnreadableFile as error:
                messages.error(request, str(error))
                return self.back()
            return ExportFile(f"dong-loi-{self.batch.pk}.xlsx", path.read_bytes()).response()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin the job."""
        if not self.is_long:
            return self.http_method_not_allowed(request)
        scope, parameters = f"Dòng lỗi của {self.batch.file_name}", {"batch": self.batch.pk}
        job = start_job(kind=REJECTED, owner=reader(request), parameters=parameters, scope=scope[:300])
        return redirect("kernel:job-detail", key=job.key)

    def ask(self) -> HttpResponseBase:
        """The page that says what the job does."""
        rows = int(self.batch.report.get("rejected", 0))
        context = self.context(need=ExportNeed(rows, rows), noun="dòng lỗi", back_url=self.back().url)
        return TemplateResponse(self.request, "shapes/export.html", context)


class RosterUndo(EditorsOnly, ActionScreen):
    """Put back everything that a batch of a kind wrote; another kind has its own way back."""

    kind: ClassVar[str] = "roster"
    title = "Hoàn tác đợt nhập"
    submit_label = "Hoàn tác"
    success_text = "Đã hoàn tác; mọi hồ sơ trở lại như trước đợt nhập."
    is_destructive = True

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Written batches of the reader."""
        user = reader(request)
        return ImportBatch.objects.visible_to(user).filter(state=BatchState.COMMITTED, kind=self.kind)

    def get_question(self) -> str:
        """Naming what happens."""
        return f"Hoàn tác đợt nhập «{self.record.file_name}»?"

    def get_consequences(self) -> list[str]:
        """In figures."""
        report = self.record.report
        return [
            f"{number_text(report.get('created', 0))} hồ sơ mới bị xóa khỏi danh sách (lịch sử vẫn giữ).",
            f"{number_text(report.get('changed', 0) - report.get('pending', 0))} hồ sơ trở lại như trước đợt nhập.",
            "Không hoàn tác được nếu hồ sơ đã có thay đổi sau đợt nhập.",
        ]

    def save(self, form: forms.Form) -> ImportBatch:
        """Undo through the service; a refusal is shown in the form."""
        user = reader(self.request)
        try:
            undo_roster(batch=self.record, acting_user=user, reason=form.cleaned_data["reason"])
        except ServiceRefusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        batch: ImportBatch = self.record
        return batch

    def get_success_url(self, result: ImportBatch) -> str:
        """The batch."""
        return reverse("personnel:roster-detail", args=[result.pk])
