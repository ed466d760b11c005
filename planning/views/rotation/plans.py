"""Plans of rotation: the list, making one, changing, submitting, returning, approving it, its page and document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX, ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.pieces import Fact, steps
from personnel.models import Unit
from personnel.models.access import unit_name
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import RotationPlanState, RotationState
from planning.exports.rotation import plan_workbook
from planning.filters.rotation import PlanFilters
from planning.forms.rotation import PlanForm, PlanHeadForm
from planning.forms.rounds import ApprovalForm, PlainForm, ReturnForm
from planning.models import RotationItem, RotationPlan
from planning.models.rotation_scope import levels_open
from planning.models.scope import may_plan
from planning.reports.rotation import plan_document, plan_pdf
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.services.rotation.plans import (
    approve_plan,
    change_plan,
    create_plan,
    drop_plan,
    is_intact,
    plan_offices,
    return_plan,
    submit_plan,
)
from planning.statistics.names import unit_names
from planning.views.rotation.opening import (
    PlannerOfPlanScreen,
    PlanScreen,
    RotationScreen,
    plan_state,
    shown_items,
)

ITEMS_PER_PAGE = 40
STEP_LABELS = ("Lập kế hoạch", "Trình", "Phê duyệt", "Thực hiện")
STEP_PLACES = {RotationPlanState.DRAFT: 0, RotationPlanState.SUBMITTED: 2, RotationPlanState.APPROVED: 3}


class PlanList(RotationScreen, ListScreen):
    """Plans that the reader makes or approves, or of which he sees a rotation."""

    title = "Luân chuyển cán bộ"
    noun = "kế hoạch luân chuyển"
    default_sort = "-year"
    export_name = "ke-hoach-luan-chuyen"
    filter_class = PlanFilters
    columns = (
        Column(
            key="name",
            label="Kế hoạch",
            value="name",
            second="unit_label",
            second_label="Đơn vị lập",
            link=lambda row: reverse("planning:rotation-detail", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="year", label="Năm", value=lambda row: str(row.year), sort=("year", "issue"), align="right"),
        Column(key="level", label="Cấp phê duyệt", value="get_level_display", sort="level", wide=True),
        Column(key="people", label="Số người", value="people_count", align="right"),
        Column(key="decided", label="Đã có quyết định", value="decided_count", align="right"),
        Column(key="approved", label="Ngày phê duyệt", value="approved_on", sort="approved_on", align="right"),
        Column(key="state", label="Trạng thái", value=lambda row: str(row.state.label), render=plan_state),
    )
    empty = Empty(
        title="Chưa có kế hoạch luân chuyển nào trong phạm vi được giao",
        text="Kế hoạch hằng năm: ai, từ đâu đến đâu, giữ chức vụ gì, để làm gì; xét điều kiện rồi trình phê duyệt.",
        icon="arrow-left-right",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The plans with how many rotations of each the reader sees."""
        rows = RotationItem.objects.all().visible_to(self.reader).filter(plan=OuterRef("pk")).order_by()
        return (
            RotationPlan.objects.visible_to(self.reader)
            .defer("content")
            .annotate(
                unit_label=unit_name("unit_id"),
                people_count=_counted(rows.standing()),
                decided_count=_counted(rows.carried_out()),
            )
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def get_actions(self) -> Sequence[Button]:
        """Everybody on rotation, the table, the province's rules; a new plan for who makes one."""
        buttons = [
            Button(label="Người luân chuyển", url=reverse("planning:rotation-items"), icon="users"),
            Button(label="Biểu tổng hợp", url=reverse("planning:rotation-table"), icon="chart-column"),
            Button(label="Quy định của tỉnh", url=reverse("planning:rotation-rules"), icon="scale"),
        ]
        if may_plan(self.reader) and levels_open(self.reader):
            url = reverse("planning:rotation-create")
            buttons.append(Button(label="Lập kế hoạch", url=url, icon="plus", main=True))
        return buttons

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The plans as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what="Danh sách kế hoạch luân chuyển", day=self.day)
        return super().export(columns, rows)


def _counted(rows: QuerySet[Any]) -> Any:
    """Annotation: how many of some rotations each plan has."""
    told = rows.values("plan").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(told, output_field=IntegerField()), 0)


class PlanCreate(RotationScreen, ServiceFormScreen):
    """Make the plan of a year."""

    title = "Lập kế hoạch luân chuyển"
    lead = "Mỗi năm, mỗi cấp phê duyệt một kế hoạch của đơn vị; bổ sung sau khi phê duyệt thì lập kế hoạch tiếp theo."
    form_class = PlanForm
    submit_label = "Lập kế hoạch"
    success_text = "Đã lập kế hoạch. Hãy thêm người."

    def may_open(self) -> bool:
        """Whoever makes plans of some level."""
        return may_plan(self.reader) and bool(levels_open(self.reader))

    @cached_property
    def offices(self) -> dict[int, Any]:
        """In whose name the reader makes plans, of which levels."""
        return plan_offices(self.reader, timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        """The offices by name."""
        return {"offices": self.offices, "names": unit_names(self.offices, self.day)}

    def get_initial(self) -> dict[str, Any]:
        """Of next year from October on, else of this one."""
        year = self.day.year + (self.day.month >= 10)
        return {"year": year, "name": f"Kế hoạch luân chuyển cán bộ năm {year}"}

    def write(self, form: Any) -> RotationPlan:
        """Make it."""
        values = dict(form.cleaned_data)
        unit = Unit.objects.get(pk=values.pop("unit"))
        return create_plan(values=values, unit=unit, acting_user=self.reader, day=timezone.localdate())


class PlanChange(PlannerOfPlanScreen, ServiceFormScreen):
    """Change name and aims."""

    title = "Sửa kế hoạch luân chuyển"
    form_class = PlanHeadForm
    read_once = ("plan",)

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        return {"name": self.plan.name, "aims": self.plan.aims}

    def get_version(self) -> str:
        """The plan's version."""
        return str(version_of(self.plan))

    def write(self, form: Any) -> RotationPlan:
        """Change it."""
        return change_plan(
            plan=self.plan, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class PlanDrop(PlannerOfPlanScreen, ServiceFormScreen, ActionScreen):
    """Throw a plan away that was not submitted."""

    title, submit_label, success_text = "Bỏ kế hoạch luân chuyển", "Bỏ kế hoạch", "Đã bỏ kế hoạch."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which one."""
        return f"Bỏ «{self.plan.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What goes."""
        return [f"{number_text(self.items.count())} người trong kế hoạch bị bỏ khỏi danh sách; lịch sử vẫn giữ."]

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_plan(plan=self.plan, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("planning:rotation-list")


class PlanSubmit(PlannerOfPlanScreen, ServiceFormScreen, ActionScreen):
    """Submit a plan for approval."""

    title, submit_label, success_text = "Trình phê duyệt", "Trình phê duyệt", "Đã trình kế hoạch."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which one."""
        return f"Trình «{self.plan.name}» để phê duyệt?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return [
            "Kế hoạch không sửa được cho đến khi phê duyệt hoặc bị trả lại.",
            "Lãnh đạo phê duyệt của cấp này thấy kế hoạch.",
        ]

    def write(self, form: Any) -> RotationPlan:
        """Submit it."""
        return submit_plan(plan=self.plan, day=timezone.localdate(), acting_user=self.reader)


class PlanReturn(PlanScreen, ServiceFormScreen, ActionScreen):
    """Give a submitted plan back."""

    title, submit_label, success_text = "Trả lại kế hoạch", "Trả lại", "Đã trả lại kế hoạch."
    form_class: ClassVar[type[forms.BaseForm]] = ReturnForm

    def may_open(self) -> bool:
        """Who approves it, or who made it."""
        if not super().may_open():
            return False
        if self.plan.state != RotationPlanState.SUBMITTED or not (self.may_approve or self.manages):
            raise Http404
        return True

    def get_question(self) -> str:
        """Which one."""
        return f"Trả lại «{self.plan.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return ["Kế hoạch mở lại để sửa; ý kiến trả lại được ghi vào lịch sử."]

    def write(self, form: Any) -> RotationPlan:
        """Give it back."""
        return return_plan(plan=self.plan, reason=form.cleaned_data["reason"], acting_user=self.reader)


class PlanApprove(PlanScreen, ServiceFormScreen, ActionScreen):
    """Approve a submitted plan; it is frozen with its hash."""

    title, submit_label = "Phê duyệt kế hoạch luân chuyển", "Phê duyệt"
    success_text = "Đã phê duyệt; kế hoạch được giữ nguyên với mã băm."
    form_class: ClassVar[type[forms.BaseForm]] = ApprovalForm

    def may_open(self) -> bool:
        """Who is asked for the approval; for the others there is nothing to approve."""
        if not super().may_open():
            return False
        if not self.may_approve:
            raise Http404
        return True

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"day": timezone.localdate()}

    def get_question(self) -> str:
        """Which plan."""
        return f"Phê duyệt «{self.plan.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What is frozen."""
        count = number_text(self.items.standing().count())  # type: ignore[attr-defined]
        return [
            f"{count} trường hợp luân chuyển được phê duyệt; kết quả xét được giữ kèm.",
            "Nội dung được giữ nguyên với mã băm; bổ sung sau này lập kế hoạch tiếp theo.",
            "Quyết định luân chuyển từng người vẫn lập và ký ở sổ quyết định.",
        ]

    def write(self, form: Any) -> RotationPlan:
        """Approve it."""
        return approve_plan(plan=self.plan, values=form.cleaned_data, acting_user=self.reader)


class PlanPage(PlanScreen):
    """One plan: how far it is, who stands on it with the verdicts, what comes next."""

    template_name = "planning/rotation_plan.html"

    def get_title(self) -> str:
        """The plan's name."""
        return self.plan.name

    def get_lead(self) -> str:
        """Of which level and office."""
        office = unit_names([self.plan.unit_id], self.day).get(self.plan.unit_id, "") if self.plan.unit_id else ""
        return " · ".join(filter(None, (f"Năm {self.plan.year}", self.plan.get_level_display(), office)))

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [*RotationScreen.get_crumbs(self), Crumb(self.plan.name)]

    def get_actions(self) -> Sequence[Button]:
        """The document; what may be done in this state, the next step last."""
        buttons = [
            self._button("Bản in", "rotation-print", "printer"),
            self._button("Tải bảng", "rotation-sheet", "download", download=True),
        ]
        if self.manages and self.plan.is_open:
            buttons += [
                self._button("Bỏ kế hoạch", "rotation-drop", "trash-2", harm=True),
                self._button("Sửa", "rotation-change", "pencil"),
                self._button("Trình phê duyệt", "rotation-submit", "send"),
                self._button("Thêm người", "rotation-find", "user-plus", main=True),
            ]
        if self.plan.state == RotationPlanState.SUBMITTED and (self.manages or self.may_approve):
            buttons.append(self._button("Trả lại", "rotation-return", "undo-2"))
        if self.may_approve:
            buttons.append(self._button("Phê duyệt", "rotation-approve", "badge-check", main=True))
        return buttons

    def _button(self, words: str, view: str, icon: str, **more: Any) -> Button:
        return Button(label=words, url=reverse(f"planning:{view}", args=[self.plan.pk]), icon=icon, **more)

    @cached_property
    def page(self) -> Page[Any]:
        """A page of its rotations, those taken off last."""
        rows = sorted(self.items, key=lambda item: item.state == RotationState.DROPPED)
        return Paginator(rows, ITEMS_PER_PAGE).get_page(self.request.GET.get("page"))

    def facts(self) -> list[Fact]:
        """The head as facts."""
        plan = self.plan
        facts = [Fact("Năm", str(plan.year)), Fact("Lần", str(plan.issue))]
        if plan.submitted_on is not None:
            facts.append(Fact("Ngày trình", plan.submitted_on))
        if plan.is_approved:
            facts += [
                Fact("Ngày phê duyệt", plan.approved_on),
                Fact("Quyết định", str(plan.decision) if plan.decision is not None else None),
            ]
        return facts

    def context(self, **extra: Any) -> dict[str, Any]:
        """Facts, rotations with verdicts, counts; who is shown is logged."""
        items = list(self.page.object_list)
        shown = shown_items(items, user=self.reader, day=self.day)
        log_seen(
            user=self.reader, people=[item.cadre_id for item in items], what=f"Kế hoạch {self.plan.name}", day=self.day
        )
        counts = dict.fromkeys(RotationState, 0)
        for item in self.items:
            counts[RotationState(item.state)] += 1
        return super().context(
            plan=self.plan,
            facts=self.facts(),
            plan_steps=steps(STEP_LABELS, STEP_PLACES[self.plan.state]),
            shown=shown,
            page=self.page,
            counts=[(str(state.label), count) for state, count in counts.items() if count],
            manages=self.manages,
            is_intact=is_intact(self.plan) if self.plan.is_approved else None,
            next_words=self._next(),
            **extra,
        )

    def _next(self) -> str:
        """What the plan waits for, in a sentence."""
        if self.plan.return_note and self.plan.is_open:
            return f"Kế hoạch bị trả lại: {self.plan.return_note}"
        if self.plan.is_open and self.manages:
            return "Thêm người, ghi lý do cho qua điều kiện luật còn để ngỏ, rồi trình phê duyệt."
        if self.plan.state == RotationPlanState.SUBMITTED:
            return "Kế hoạch chờ phê duyệt."
        if self.plan.is_approved and any(item.state == RotationState.APPROVED for item in self.items):
            return "Lập quyết định luân chuyển cho từng người; quyết định đã ký trong sổ được gắn vào kế hoạch."
        return ""


class PlanPrint(PlanScreen):
    """The plan on paper."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Of an approved plan what was approved."""
        document = plan_document(self.plan, self.reader, self.day)
        content = plan_pdf(document)
        log_printed(user=self.reader, people=document.people, what=self.plan.name, day=self.day)
        headers = {"Content-Disposition": f'inline; filename="ke-hoach-luan-chuyen-{self.plan.year}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=headers)


class PlanSheet(PlanScreen):
    """The plan as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same as on paper."""
        document = plan_document(self.plan, self.reader, self.day)
        content = plan_workbook(document)
        log_taken_out(user=self.reader, people=document.people, what=self.plan.name, day=self.day)
        headers = {"Content-Disposition": f'attachment; filename="ke-hoach-luan-chuyen-{self.plan.year}.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)
