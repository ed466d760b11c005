"""Standards of ranks: the list, setting one from a day, ending one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from personnel.choices import KIND_OF_REQUIREMENT, Confidence
from personnel.models import QualificationLevel
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from training.filters.rank_standards import RankStandardFilters
from training.forms.rank_standards import RankStandardForm
from training.models import RankStandard
from training.services.needs import end_rank_standard, set_rank_standard
from training.statistics.person_needs import KIND_LABELS
from training.views.opening import ArrangerScreen


def asked_text(standard: RankStandard, names: Mapping[tuple[str, str], str]) -> str:
    """What a standard asks, in words."""
    kind = str(KIND_OF_REQUIREMENT.get(standard.requirement, ""))
    return f"{KIND_LABELS.get(kind, standard.requirement)}: {names.get((kind, standard.value), standard.value)}"


class RankStandardScreen(ArrangerScreen):
    """A page of standards of ranks."""

    page_key = "programmes"


class RankStandardList(RankStandardScreen, ListScreen):
    """What ranks ask."""

    title = "Tiêu chuẩn theo ngạch, chức danh nghề nghiệp"
    noun = "tiêu chuẩn"
    template_name = "training/list.html"
    default_sort = "group"
    export_name = "tieu-chuan-theo-ngach"
    filter_class = RankStandardFilters
    columns = (
        Column(key="group", label="Nhóm ngạch", value="get_group_display", sort=("group", "requirement"), fixed=True),
        Column(key="asked", label="Mức yêu cầu", value="asked", wide=True),
        Column(key="from", label="Từ ngày", value="effective_from", sort="effective_from", align="right"),
        Column(key="until", label="Đến trước ngày", value="effective_until", align="right"),
        Column(key="citation", label="Căn cứ", value="citation", wide=True),
        Column(
            key="confidence",
            label="Mức kiểm chứng",
            value="get_confidence_display",
            render=lambda row: label(
                row.get_confidence_display().lower(), "" if row.confidence == Confidence.CONFIRMED else "warn"
            ),
        ),
    )
    empty = Empty(
        title="Chưa khai tiêu chuẩn theo ngạch",
        text="Mức bồi dưỡng mà người giữ ngạch phải có, theo văn bản quy định tiêu chuẩn ngạch. "
        "Chưa khai thì nhu cầu theo ngạch không tính được.",
        icon="list-checks",
    )

    def get_columns(self) -> Sequence[Column]:
        """With the way to end one."""
        return (*self.columns, Column(key="end", label="", render=self._end, export=False))

    def _end(self, row: RankStandard) -> SafeString | str:
        if row.effective_until is not None:
            return ""
        url = self.link(reverse("training:rank-standard-end", args=[row.pk]))
        return format_html('<a class="btn btn-sm" href="{}">Thôi áp dụng</a>', url)

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """All of them, those that ended too."""
        return RankStandard.objects.all()

    def with_details(self, rows: QuerySet[Any]) -> Iterable[Any]:
        """With what they ask in words."""
        levels = QualificationLevel.objects.values_list("kind", "code", "name")
        names = {(kind, code): name for kind, code, name in levels}
        listed = list(rows)
        for row in listed:
            row.asked = asked_text(row, names)
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The standards as a workbook, logged."""
        log_export(user=self.reader, people=(), what=self.title, day=self.day)
        return super().export(columns, rows)

    def get_actions(self) -> Sequence[Button]:
        """A new one."""
        url = reverse("training:rank-standard-set")
        return (Button(label="Khai tiêu chuẩn", url=url, icon="plus", main=True),)


class RankStandardForms(RankStandardScreen, ServiceFormScreen):
    """What the forms share."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [*super().get_crumbs(), Crumb("Tiêu chuẩn theo ngạch", reverse("training:rank-standard-list"))]

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:rank-standard-list")

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:rank-standard-list")


class RankStandardSet(RankStandardForms):
    """Ask a level from a day."""

    title, submit_label, success_text = "Khai tiêu chuẩn theo ngạch", "Khai", "Đã khai tiêu chuẩn."
    lead = "Nhóm ngạch đã có tiêu chuẩn cùng loại thì tiêu chuẩn cũ thôi áp dụng từ ngày này."
    form_class: ClassVar[type[forms.BaseForm]] = RankStandardForm

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """From today, not confirmed."""
        return {"effective_from": self.day, "confidence": Confidence.UNCONFIRMED}

    def write(self, form: Any) -> RankStandard:
        """Set it."""
        return set_rank_standard(values=form.standard_values(), acting_user=self.reader)


class RankStandardEnd(RankStandardForms, ActionScreen):
    """Ask it no more."""

    title, submit_label, success_text = "Thôi áp dụng tiêu chuẩn", "Thôi áp dụng", "Đã thôi áp dụng."
    form_class: ClassVar[type[forms.BaseForm]] = forms.Form

    @cached_property
    def standard(self) -> RankStandard:
        """The standard of the address, or 404."""
        found: RankStandard = get_object_or_404(RankStandard, pk=self.kwargs["pk"], effective_until__isnull=True)
        return found

    def may_open(self) -> bool:
        """Of one that still holds."""
        if not super().may_open():
            return False
        if not self.standard:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        levels = QualificationLevel.objects.values_list("kind", "code", "name")
        names = {(kind, code): name for kind, code, name in levels}
        asked = asked_text(self.standard, names)
        return f"Thôi áp dụng từ hôm nay: {self.standard.get_group_display()}, {asked}?"

    def write(self, form: Any) -> RankStandard:
        """End it."""
        return end_rank_standard(standard=self.standard, day=timezone.localdate(), acting_user=self.reader)
