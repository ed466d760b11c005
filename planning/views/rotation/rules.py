"""What the province rules about rotation: the list, writing a rule down, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models.access import unit_name
from personnel.views.record_forms import ServiceFormScreen
from planning.filters.rotation import RuleFilters
from planning.forms.rotation import RuleForm
from planning.forms.rounds import PlainForm
from planning.models import RotationRule
from planning.services.reading import log_taken_out
from planning.services.rotation.rules import end_rule, may_rule, set_rule
from planning.statistics.rotation import basis_of
from planning.views.opening import PlannerScreen
from planning.views.rotation.opening import RotationScreen


def _applies_to(row: RotationRule) -> str:
    """Title, position or everybody, with the unit where it is bound to one."""
    what = str(row.title or row.job_code or "Người được luân chuyển")
    where = getattr(row, "unit_label", "") or ""
    return f"{what}, {where}" if where else what


class RuleList(RotationScreen, ListScreen):
    """The province's rules."""

    title = "Quy định của tỉnh về luân chuyển"
    noun = "quy định"
    default_sort = "kind"
    export_name = "quy-dinh-luan-chuyen"
    filter_class = RuleFilters
    columns = (
        Column(key="kind", label="Loại", value="get_kind_display", sort="kind", fixed=True, wide=True),
        Column(key="applies", label="Áp dụng cho", value=_applies_to, wide=True),
        Column(key="months", label="Thời hạn (tháng)", value="months", align="right"),
        Column(key="text", label="Nội dung", value="text", wide=True),
        Column(key="from", label="Từ ngày", value="effective_from", sort="effective_from", align="right"),
        Column(key="until", label="Đến trước ngày", value="effective_until", align="right", hidden=True),
        Column(key="basis", label="Căn cứ", value=basis_of, wide=True),
        Column(
            key="confidence",
            label="Mức kiểm chứng",
            value="get_confidence_display",
            render=lambda row: label(row.get_confidence_display(), "" if row.confidence == "confirmed" else "warn"),
        ),
    )
    empty = Empty(
        title="Tỉnh chưa khai quy định nào",
        text="Chế độ khi luân chuyển; chức danh không giữ quá hai nhiệm kỳ, bố trí người không là người địa phương; "
        "vị trí định kỳ chuyển đổi với thời hạn.",
        icon="scale",
    )

    def get_columns(self) -> Sequence[Column]:
        """With the way to end one, for who writes them."""
        if not may_rule(self.reader):
            return self.columns
        return (*self.columns, Column(key="end", label="", render=self._end, export=False))

    def _end(self, row: RotationRule) -> SafeString | str:
        if row.effective_until is not None:
            return ""
        url = self.link(reverse("planning:rotation-rule-end", args=[row.pk]))
        return format_html('<a class="btn btn-sm" href="{}">Thôi áp dụng</a>', url)

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """They are everybody's who plans."""
        return RotationRule.objects.select_related("title", "decision").annotate(unit_label=unit_name("unit_id"))

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The rules as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what=self.title, day=self.day)
        return super().export(columns, rows)

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the plans."""
        return [*super().get_crumbs(), Crumb("Quy định của tỉnh")]

    def get_actions(self) -> Sequence[Button]:
        """A new one."""
        if not may_rule(self.reader):
            return ()
        return (Button(label="Ghi quy định", url=reverse("planning:rotation-rule-add"), icon="plus", main=True),)


class RuleForms(PlannerScreen, ServiceFormScreen):
    """What the forms of rules share."""

    def may_open(self) -> bool:
        """Who prepares rounds at the top."""
        return may_rule(self.reader)

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [
            Crumb("Luân chuyển", reverse("planning:rotation-list")),
            Crumb("Quy định của tỉnh", reverse("planning:rotation-rules")),
        ]

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("planning:rotation-rules")

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("planning:rotation-rules")


class RuleAdd(RuleForms):
    """Write a rule down."""

    title, success_text = "Ghi quy định của tỉnh", "Đã ghi quy định."
    form_class: ClassVar[type[forms.BaseForm]] = RuleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Units of the reader's scope."""
        return {"user": self.reader, "day": self.day}

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"effective_from": self.day}

    def write(self, form: Any) -> RotationRule:
        """Write it."""
        return set_rule(values=form.cleaned_data, acting_user=self.reader)


class RuleEnd(RuleForms, ActionScreen):
    """Apply a rule no more."""

    title, submit_label, success_text = "Thôi áp dụng quy định", "Thôi áp dụng", "Đã thôi áp dụng."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    @cached_property
    def rule(self) -> RotationRule:
        """The rule of the address, or 404."""
        found: RotationRule = get_object_or_404(RotationRule.objects.select_related("title"), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Of one that still holds."""
        if not super().may_open():
            return False
        if self.rule.effective_until is not None:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        return f"Thôi áp dụng «{self.rule}» từ hôm nay?"

    def write(self, form: Any) -> RotationRule:
        """End it."""
        return end_rule(rule=self.rule, day=timezone.localdate(), acting_user=self.reader)
