"""The list of slates, with boxes to compare some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from personnel.models.decisions import ISSUED_STATES
from planning.filters.slates import SlateFilters
from planning.models import Slate
from planning.reports.slates import MOST_COMPARED
from planning.services.reading import log_taken_out
from planning.views.opening import PlannerScreen
from planning.views.slates.opening import state_label


class SlateList(PlannerScreen, ListScreen):
    """Slates of which the reader may plan everybody, and his own that are still empty."""

    title = "Phương án nhân sự"
    noun = "phương án"
    template_name = "planning/slate_list.html"
    fragments: ClassVar[dict[str, str]] = {"list": "planning/slate_results.html"}  # type: ignore[misc]
    default_sort = "-day"
    export_name = "phuong-an-nhan-su"
    filter_class = SlateFilters
    empty = Empty(
        title="Chưa có phương án nhân sự nào",
        text="Một phương án gồm các bước đi cùng nhau: ai rời đi, ai lên thay, ai luân chuyển đến, ai được bổ nhiệm. "
        "Mỗi bước được xét có tính đến các bước trước.",
        icon="waypoints",
    )

    def get_columns(self) -> Sequence[Column]:
        """What it is called, when, how far it is."""
        return (
            Column(
                key="name",
                label="Phương án",
                value="name",
                second=_origin,
                second_label="Sao từ",
                render=self._box,
                sort="name",
                fixed=True,
                wide=True,
            ),
            Column(key="day", label="Ngày dự kiến", value="day", sort="day", align="right"),
            Column(key="moves", label="Số bước", value="move_count", sort="move_count", align="right"),
            Column(key="drawn", label="Đã lập dự thảo", value="drawn_count", align="right"),
            Column(key="signed", label="Đã ký", value="signed_count", align="right"),
            Column(key="owner", label="Người lập", value=lambda row: row.owner.full_name if row.owner else ""),
            Column(key="state", label="Trạng thái", value="get_state_display", render=state_label, sort="state"),
        )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The slates with how far their moves are."""
        drawn = Q(moves__decision__isnull=False)
        signed = Q(moves__decision__state__in=ISSUED_STATES)
        sources = Slate.objects.all().visible_to(self.reader).filter(pk=OuterRef("copied_from")).order_by()
        return (
            Slate.objects.all()
            .visible_to(self.reader)
            .select_related("owner")
            .annotate(
                origin=Subquery(sources.values("name")[:1]),
                move_count=Count("moves", distinct=True),
                drawn_count=Count("moves", filter=drawn, distinct=True),
                signed_count=Count("moves", filter=signed, distinct=True),
            )
        )

    def get_actions(self) -> Sequence[Button]:
        """A new slate."""
        return (Button(label="Lập phương án", url=reverse("planning:slate-create"), icon="plus", main=True),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """How many may be compared."""
        return super().context(most_compared=MOST_COMPARED, **extra)

    def lead_for(self, count: str) -> str:
        """How many."""
        return f"{count} phương án; mọi người và đơn vị của mỗi phương án đều trong phạm vi của bạn"

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The slates as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what="Danh sách phương án nhân sự", day=self.day)
        return super().export(columns, rows)

    def _box(self, row: Any) -> SafeString:
        """The name with the box that chooses it for comparing."""
        return format_html(
            '<span class="pick"><input type="checkbox" name="slates" value="{}" aria-label="Chọn {}">'
            '<span><a href="{}">{}</a><span class="sub">{}</span></span></span>',
            row.pk,
            row.name,
            self.link(row.get_absolute_url()),
            row.name,
            _origin(row),
        )


def _origin(row: Any) -> str:
    """What it varies, if the reader may plan that too."""
    return f"sao từ «{row.origin}»" if row.origin else ""
