"""Acts on a whole case: rehearse, carry out, follow, undo, throw away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.screens import ActionScreen, Crumb
from hrdb.kernel.screens.formats import number_text
from personnel.choices import ReorganisationState
from personnel.models import Reorganisation
from personnel.models.reorganisations import OPEN_CASES
from personnel.services.errors import ServiceRefusal
from personnel.services.reorganisation.cases import remove_case
from personnel.services.reorganisation.working import APPLY, REHEARSE, UNDO, start_work
from personnel.views.batches import EditorsOnly
from personnel.views.reorganisations import CaseScreen, home


class ReorganisationProgress(CaseScreen):
    """How far the work on a case is; when it ends the page is drawn anew."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fragment, or word to reload."""
        if not self.is_busy:
            response = HttpResponse(status=204)
            response["HX-Refresh"] = "true"
            return response
        context = {"case": self.case, "job": self.job}
        return TemplateResponse(request, "personnel/reorganisation/progress.html", context)


class ReorganisationRehearse(CaseScreen):
    """Rehearse a case in the background."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin, and go to the page."""
        try:
            if not self.case.is_open:
                raise ServiceRefusal("Phương án đã thực hiện, không chạy thử lại.")
            start_work(case=self.case, kind=REHEARSE, acting_user=reader(request))
        except ServiceRefusal as refusal:
            messages.error(request, str(refusal))
        return self.back(part="difference")


class CaseAction(EditorsOnly, ActionScreen):
    """An act on a case that is asked about first."""

    success_text = ""

    def cases(self) -> QuerySet[Any]:
        """The cases on which it may be done."""
        raise NotImplementedError

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of the reader."""
        return self.cases() & Reorganisation.objects.visible_to(reader(request))

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the case."""
        url = reverse("personnel:reorganisation-detail", args=[self.record.pk])
        return [home(), Crumb(self.record.title, url)]

    def begin(self, kind: str, reason: str) -> Reorganisation:
        """Start long work; what goes on already is told in the form."""
        case: Reorganisation = self.record
        try:
            start_work(case=case, kind=kind, acting_user=reader(self.request), reason=reason)
        except ServiceRefusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return case

    def get_success_url(self, result: Any) -> str:
        """The case."""
        return reverse("personnel:reorganisation-detail", args=[result.pk])


class ReorganisationApply(CaseAction):
    """Carry a rehearsed case out."""

    title = "Thực hiện phương án"
    submit_label = "Thực hiện"
    form_class = forms.Form

    def cases(self) -> QuerySet[Any]:
        """Rehearsed ones."""
        return Reorganisation.objects.filter(state=ReorganisationState.REHEARSED)

    def get_question(self) -> str:
        """Naming what happens."""
        return f"Thực hiện «{self.record.title}» từ ngày {format_date(self.record.day)}?"

    def get_consequences(self) -> list[str]:
        """In figures, from the rehearsal."""
        parts, waiting = self.record.summary.get("parts", {}), self.record.summary.get("leaders_waiting", 0)
        told = [
            f"{_lines(parts, 'units')} đơn vị được lập, thay đổi hoặc kết thúc hoạt động.",
            f"{_lines(parts, 'people')} hồ sơ chuyển đơn vị quản lý; {_lines(parts, 'posts')} vị trí công tác đổi.",
            f"{_lines(parts, 'grants')} quyền của tài khoản chuyển hoặc kết thúc theo đơn vị.",
        ]
        if not self.record.resolutions.exists():
            told.insert(0, "Chưa ghi nghị quyết, quyết định nào làm căn cứ: mọi thay đổi sẽ mang «chưa có quyết định».")
        if waiting:
            told.append(
                f"{number_text(waiting)} chức vụ lãnh đạo kết thúc cùng đơn vị và cần quyết định riêng cho từng người."
            )
        return [
            *told,
            "Tất cả được ghi trong một lần; có lỗi thì không ghi gì. Có thể hoàn tác khi chưa có thay đổi sau đó.",
        ]

    def save(self, form: forms.Form) -> Reorganisation:
        """Begin."""
        return self.begin(APPLY, "")


class ReorganisationUndo(CaseAction):
    """Put back everything that a case wrote."""

    title = "Hoàn tác phương án"
    submit_label = "Hoàn tác"
    is_destructive = True

    def cases(self) -> QuerySet[Any]:
        """Those carried out."""
        return Reorganisation.objects.filter(state=ReorganisationState.APPLIED)

    def get_question(self) -> str:
        """Naming what happens."""
        return f"Hoàn tác «{self.record.title}»?"

    def get_consequences(self) -> list[str]:
        """In figures."""
        parts = self.record.summary.get("parts", {})
        return [
            f"{_lines(parts, 'units')} đơn vị và {_lines(parts, 'people')} hồ sơ trở lại như trước khi sắp xếp.",
            "Không hoàn tác được nếu hồ sơ, đơn vị hoặc phân quyền liên quan đã có thay đổi sau đó.",
        ]

    def save(self, form: forms.Form) -> Reorganisation:
        """Begin."""
        return self.begin(UNDO, form.cleaned_data["reason"])


class ReorganisationRemove(CaseAction):
    """Throw a case away of which nothing was carried out."""

    title = "Xóa phương án"
    submit_label = "Xóa"
    success_text = "Đã xóa phương án."
    is_destructive = True

    def cases(self) -> QuerySet[Any]:
        """Open ones that were never carried out."""
        return Reorganisation.objects.filter(state__in=OPEN_CASES, applying__isnull=True)

    def get_question(self) -> str:
        """Naming what happens."""
        return f"Xóa phương án «{self.record.title}»?"

    def get_consequences(self) -> list[str]:
        """What goes."""
        return ["Các bước và bố trí đã ghi bị xóa khỏi danh sách (lịch sử vẫn giữ). Hồ sơ và đơn vị không thay đổi."]

    def save(self, form: forms.Form) -> Reorganisation:
        """Through the service."""
        case: Reorganisation = self.record
        try:
            remove_case(case=case, acting_user=reader(self.request), reason=form.cleaned_data["reason"])
        except ServiceRefusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return case

    def get_success_url(self, result: Any) -> str:
        """The list: the case is gone."""
        return reverse("personnel:reorganisation-list")


def _lines(parts: dict[str, Any], key: str) -> str:
    return number_text(parts.get(key, {}).get("lines", 0))
