"""The delegation table (phân cấp quản lý cán bộ): read by those whom it binds, changed by the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action, ActionScreen, Column, Crumb, Empty, FormScreen, ListScreen
from hrdb.kernel.screens.formats import period_text
from personnel.filters.access import DelegationFilters
from personnel.forms.access import DelegationForm, EndForm
from personnel.models import Delegation
from personnel.models.scope import grants_in_force
from personnel.policies import Role
from personnel.services import delegations
from personnel.views.access import AdministratorScreen, may_administer


class DelegationList(ListScreen):
    """The rows of the asked day."""

    title = "Phân cấp quản lý cán bộ"
    noun = "dòng phân cấp"
    default_sort = "level"
    export_name = "phan-cap-quan-ly"
    filter_class = DelegationFilters
    empty = Empty(
        title="Chưa có bảng phân cấp",
        text="Khi chưa có bảng phân cấp, không ai quyết định, quy hoạch, đánh giá hay phê duyệt được.",
        icon="network",
    )
    columns = (
        Column(
            key="level",
            label="Diện quản lý",
            value=lambda row: row.get_managing_level_display(),
            second=lambda row: row.get_bloc_display() if row.bloc else "Mọi khối",
            second_label="Khối",
            sort=("managing_level", "bloc", "action", "role"),
            fixed=True,
        ),
        Column(key="action", label="Việc", value=lambda row: row.get_action_display(), sort="action"),
        Column(
            key="role",
            label="Ai được làm",
            value=lambda row: row.get_role_display(),
            second=lambda row: row.unit_name or "Trong phạm vi được cấp",
            second_label="Cơ quan",
            sort="role",
        ),
        Column(
            key="period",
            label="Hiệu lực, căn cứ",
            value=lambda row: period_text(row.effective_from, row.effective_until, months=False),
            second=lambda row: str(row.decision or row.basis),
            second_label="Căn cứ",
            sort="effective_from",
            wide=True,
        ),
    )

    def may_open(self) -> bool:
        """Whoever has a role, except the person who only reads the own record."""
        return any(role != Role.CADRE for role, _ in grants_in_force(reader(self.request)))

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """What holds on the asked day."""
        return Delegation.objects.in_force(request.day).with_unit_name().select_related("decision")  # type: ignore[attr-defined]

    def get_columns(self) -> Sequence[Column]:
        """The administrator may end a row."""
        if not may_administer(self.request):
            return self.columns
        return (*self.columns, Column(key="end", label="Thao tác", render=self._way_to_end, export=False))

    def _way_to_end(self, row: Any) -> SafeString:
        """The button that leads to the end of a row."""
        url = self.link(reverse("personnel:delegation-end", args=[row.pk]))
        return format_html('<a class="btn btn-sm plain" href="{}">Kết thúc</a>', url)

    def get_actions(self) -> Sequence[Action]:
        """The administrator may add a row."""
        if not may_administer(self.request):
            return ()
        return (Action(label="Thêm dòng", url=reverse("personnel:delegation-create"), icon="plus", main=True),)

    def lead_for(self, count: str) -> str:
        """What the table says."""
        return f"{count} dòng đang có hiệu lực: ai lập quyết định, quy hoạch, đánh giá, phê duyệt theo diện quản lý."


class OfTable(AdministratorScreen):
    """A page below the table."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the table."""
        return (Crumb("Phân cấp quản lý cán bộ", reverse("personnel:delegation-list")),)

    def get_success_url(self, result: Any) -> str:
        """Back to the table."""
        return reverse("personnel:delegation-list")

    def get_cancel_url(self) -> str:
        """Back to the table."""
        return reverse("personnel:delegation-list")


class DelegationCreate(OfTable, FormScreen):
    """One more row."""

    title = "Thêm dòng phân cấp"
    success_text = "Đã thêm dòng phân cấp."
    form_class = DelegationForm

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"effective_from": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """In whose name units are looked up."""
        return {"user": reader(self.request), "day": timezone.localdate()}

    def save(self, form: DelegationForm) -> Delegation:
        """Add it."""
        return delegations.add_delegation(**form.cleaned_data, acting_user=reader(self.request))


class DelegationEnd(OfTable, ActionScreen):
    """End a row."""

    title = "Kết thúc dòng phân cấp"
    submit_label = "Kết thúc"
    success_text = "Đã kết thúc dòng phân cấp."
    is_destructive = True
    form_class = EndForm

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Every row."""
        return Delegation.objects.with_unit_name()

    def get_question(self) -> str:
        """Which row."""
        row = self.record
        return (
            f"{row.get_managing_level_display()}: «{row.get_role_display()}» "
            f"thôi được giao việc «{row.get_action_display()}»?"
        )

    def save(self, form: EndForm) -> None:
        """End it."""
        delegations.end_delegation(
            delegation=self.record,
            first_day_without=form.cleaned_data["first_day_without"],
            acting_user=reader(self.request),
            reason=form.cleaned_data["reason"],
        )
