"""Yearly plans: the list, drawing one up, its foreseen classes, submitting and approving, what was done of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.pieces import Fact, steps
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models.scope import scope_of
from personnel.services.reading import log_export
from personnel.views.record_forms import ServiceFormScreen
from planning.forms.rounds import ApprovalForm, PlainForm
from training.choices import PlanState
from training.filters.plans import PlanFilters
from training.forms.plans import CommentForm, NewPlanForm, PlanForm, PlannedForm
from training.models import PlannedClass, TrainingPlan
from training.models.readers import READING, reads_training
from training.models.scope import may_arrange, may_train
from training.services.plans import (
    STEPS,
    add_planned,
    approvals_of,
    approve_plan,
    change_plan,
    change_planned,
    create_plan,
    drop_plan,
    drop_planned,
    is_intact,
    may_approve_plan,
    move_plan,
)
from training.statistics.planned import PlanReport, plan_report
from training.views.reading import PlanReader

TONES = {PlanState.DRAFT: "", PlanState.SUBMITTED: "warn", PlanState.APPROVED: "good"}
STEP_LABELS = ("Lập kế hoạch", "Trình", "Phê duyệt", "Thực hiện")
STEP_PLACES = {PlanState.DRAFT: 0, PlanState.SUBMITTED: 1, PlanState.APPROVED: 3}


def state_label(plan: TrainingPlan) -> SafeString:
    """The state of a plan as a label."""
    state = PlanState(plan.state)
    return label(str(state.label), TONES[state])


def readable_plans(screen: PlanReader) -> QuerySet[Any]:
    """The plans that the reader reads: who only approves, those that were submitted."""
    plans = TrainingPlan.objects.all()
    return plans if reads_training(screen.reader) else plans.exclude(state=PlanState.DRAFT)


class PlanList(PlanReader, ListScreen):
    """Plans by year."""

    title = "Kế hoạch đào tạo, bồi dưỡng"
    noun = "kế hoạch"
    template_name = "training/list.html"
    default_sort = "-year"
    export_name = "ke-hoach-dao-tao"
    filter_class = PlanFilters
    columns = (
        Column(
            key="name",
            label="Kế hoạch",
            value="name",
            link=lambda row: reverse("training:plan-detail", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="year", label="Năm", value=lambda row: str(row.year), sort="year", align="right"),
        Column(key="classes", label="Lớp", value="class_count", align="right"),
        Column(key="seats", label="Số chỗ", value="seat_count", align="right"),
        Column(key="planned", label="Kinh phí dự kiến", value="planned_cost", align="right"),
        Column(key="budget", label="Kinh phí được giao", value="budget", sort="budget", align="right"),
        Column(key="approved", label="Phê duyệt", value="approved_on", sort="approved_on", align="right", hidden=True),
        Column(key="state", label="Trạng thái", value="get_state_display", render=state_label, sort="state"),
    )
    empty = Empty(
        title="Chưa có kế hoạch năm nào",
        text="Kế hoạch năm gồm các lớp dự kiến theo chương trình, tháng, số chỗ và kinh phí.",
        icon="calendar-range",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Plans with the sums of their lines."""
        lines = PlannedClass.objects.filter(plan=OuterRef("pk")).order_by().values("plan")

        def summed(expression: Any) -> Any:
            return Coalesce(Subquery(lines.annotate(sum=expression).values("sum"), output_field=IntegerField()), 0)

        return (
            readable_plans(self)
            .defer("content")
            .annotate(
                class_count=summed(Count("pk")),
                seat_count=summed(Sum("seats")),
                planned_cost=Coalesce(
                    Subquery(lines.annotate(sum=Sum("budget")).values("sum")), 0, output_field=_money_field()
                ),
            )
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def get_actions(self) -> Sequence[Button]:
        """Many years side by side; a new plan."""
        buttons = [Button(label="Nhiều năm", url=reverse("training:plan-years"), icon="chart-column")]
        if may_arrange(self.reader):
            buttons.append(Button(label="Lập kế hoạch", url=reverse("training:plan-create"), icon="plus", main=True))
        return buttons

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The plans as a workbook, logged."""
        log_export(user=self.reader, people=(), what="Danh sách kế hoạch đào tạo", day=self.day)
        return super().export(columns, rows)


def _money_field() -> Any:
    return TrainingPlan._meta.get_field("budget")


class PlanScreen(PlanReader):
    """A page about one plan."""

    @cached_property
    def plan(self) -> TrainingPlan:
        """The plan of the address, or 404."""
        found: TrainingPlan = get_object_or_404(readable_plans(self).select_related("decision"), pk=self.kwargs["pk"])
        return found

    @property
    def is_draft(self) -> bool:
        """Whether its lines may be changed."""
        return self.plan.state == PlanState.DRAFT

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list and the plan."""
        return [*super().get_crumbs(), Crumb(self.plan.name, reverse("training:plan-detail", args=[self.plan.pk]))]

    def get_cancel_url(self) -> str:
        """Back to the plan."""
        return reverse("training:plan-detail", args=[self.plan.pk])

    def get_success_url(self, result: Any) -> str:
        """Back to the plan."""
        return self.get_cancel_url()


class PlanEditor(PlanScreen):
    """A page for who draws plans up; `states` are those of a plan in which it is there."""

    states: ClassVar[Sequence[str]] = (PlanState.DRAFT,)

    def may_open(self) -> bool:
        """An officer of the province; 404 in another state."""
        if not may_arrange(self.reader):
            return False
        if self.plan.state not in self.states:
            raise Http404
        return True


class PlanPage(PlanScreen):
    """A plan: its classes by programme against need, and what was done."""

    template_name = "training/plan.html"

    def get_title(self) -> str:
        """Its name."""
        return self.plan.name

    def get_lead(self) -> str:
        """How much it foresees."""
        total = self.report.total
        return f"{number_text(total.classes)} lớp · {number_text(total.seats)} chỗ · năm {self.plan.year}"

    @cached_property
    def report(self) -> PlanReport:
        """The plan by programme."""
        return plan_report(self.plan, user=self.reader, day=self.day, with_needs=may_train(self.reader))

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, this plan."""
        return [*super().get_crumbs()[:-1], Crumb(self.plan.name)]

    def get_actions(self) -> Sequence[Button]:
        """What may be done with it in its state."""
        pk, state = self.plan.pk, self.plan.state
        buttons = [
            Button(
                label="Xuất Excel", url=reverse("training:plan-workbook", args=[pk]), icon="download", download=True
            ),
            Button(label="In PDF", url=reverse("training:plan-print", args=[pk]), icon="printer"),
        ]
        if may_arrange(self.reader):
            if self.is_draft:
                buttons += [
                    Button(label="Sửa", url=reverse("training:plan-change", args=[pk]), icon="pencil"),
                    Button(label="Bỏ", url=reverse("training:plan-drop", args=[pk]), icon="trash-2", harm=True),
                    Button(label="Thêm lớp", url=reverse("training:planned-add", args=[pk]), icon="plus"),
                    self._move("Trình", PlanState.SUBMITTED, "send", main=True),
                ]
            elif state == PlanState.APPROVED:
                buttons.append(self._move("Điều chỉnh", PlanState.DRAFT, "pencil"))
        may_approve = may_approve_plan(self.reader, self.plan)
        if state == PlanState.SUBMITTED and (may_approve or may_arrange(self.reader)):
            buttons.append(self._move("Trả lại", PlanState.DRAFT, "undo-2"))
        if may_approve:
            url = reverse("training:plan-approve", args=[pk])
            buttons.append(Button(label="Phê duyệt", url=url, icon="badge-check", main=True))
        return buttons

    def _move(self, words: str, to: str, icon: str, *, main: bool = False) -> Button:
        return Button(label=words, url=reverse("training:plan-move", args=[self.plan.pk, to]), icon=icon, main=main)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Facts, lines, approvals."""
        plan, report = self.plan, self.report
        return super().context(
            plan=plan,
            report=report,
            facts=self._facts(),
            plan_steps=steps(STEP_LABELS, STEP_PLACES[PlanState(plan.state)]),
            is_intact=is_intact(plan) if plan.state == PlanState.APPROVED else None,
            approvals=approvals_of(plan),
            may_edit=may_arrange(self.reader) and self.is_draft,
            may_open_class=may_arrange(self.reader) and plan.state == PlanState.APPROVED,
            is_whole=not self._is_partial,
            **extra,
        )

    @property
    def _is_partial(self) -> bool:
        """Whether people are counted in a part of the province only."""
        return not any(scope_of(self.reader, action).is_whole_province for action in READING)

    def _facts(self) -> list[Fact]:
        plan, total = self.plan, self.report.total
        facts = [
            Fact("Trạng thái", str(PlanState(plan.state).label)),
            Fact("Kinh phí dự kiến", f"{number_text(total.budget)} đồng"),
            Fact("Kinh phí được giao", f"{number_text(plan.budget)} đồng" if plan.budget is not None else "—"),
            Fact("Kinh phí đã thực hiện", f"{number_text(total.done.cost)} đồng"),
        ]
        if plan.approved_on:
            facts.append(Fact("Ngày phê duyệt", f"{plan.approved_on:%d/%m/%Y}"))
        if plan.decision is not None:
            facts.append(Fact("Quyết định", str(plan.decision)))
        return facts


class PlanCreate(PlanReader, ServiceFormScreen):
    """Begin the plan of a year."""

    title = "Lập kế hoạch năm"
    form_class: ClassVar[type[forms.BaseForm]] = NewPlanForm
    submit_label, success_text = "Lập kế hoạch", "Đã lập kế hoạch. Hãy thêm các lớp dự kiến."

    def may_open(self) -> bool:
        """An officer of the province."""
        return may_arrange(self.reader)

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The year that comes."""
        year = self.day.year + 1
        return {"year": year, "name": f"Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức, viên chức năm {year}"}

    def write(self, form: Any) -> TrainingPlan:
        """Draw it up."""
        values = {name: form.cleaned_data[name] for name in ("year", "name", "budget")}
        return create_plan(values=values, copied=form.cleaned_data["copied"], acting_user=self.reader)

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:plan-list")


class PlanChange(PlanEditor, ServiceFormScreen):
    """Change name and money."""

    title, success_text = "Sửa kế hoạch", "Đã lưu."
    form_class: ClassVar[type[forms.BaseForm]] = PlanForm
    read_once: ClassVar[Sequence[str]] = ("plan",)

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.plan, name) for name in ("year", "name", "budget")}

    def get_version(self) -> str:
        """The plan's version."""
        return str(version_of(self.plan))

    def write(self, form: Any) -> TrainingPlan:
        """Change it."""
        return change_plan(
            plan=self.plan, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class PlanDrop(PlanEditor, ServiceFormScreen, ActionScreen):
    """Throw a plan away."""

    title, submit_label, success_text = "Bỏ kế hoạch", "Bỏ kế hoạch", "Đã bỏ kế hoạch."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ «{self.plan.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What goes."""
        return [f"{number_text(self.plan.classes.count())} lớp dự kiến bị bỏ theo; lịch sử vẫn giữ."]

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_plan(plan=self.plan, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:plan-list")


class PlannedAdd(PlanEditor, ServiceFormScreen):
    """Foresee a class (`?programme=` names its programme, `?seats=` the seats)."""

    title, submit_label, success_text = "Thêm lớp dự kiến", "Thêm", "Đã thêm lớp dự kiến."
    form_class: ClassVar[type[forms.BaseForm]] = PlannedForm

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The programme and the seats that the address names."""
        asked = {name: typed_key(self.request.GET.get(name)) for name in ("programme", "seats")}
        return {name: number for name, number in asked.items() if number is not None}

    def write(self, form: Any) -> PlannedClass:
        """Add it."""
        return add_planned(plan=self.plan, values=form.cleaned_data, acting_user=self.reader)


class PlannedScreen(PlanEditor):
    """A page about one foreseen class of a plan that may be changed."""

    @cached_property
    def line(self) -> PlannedClass:
        """The line of the address, or 404."""
        lines = PlannedClass.objects.filter(plan__in=readable_plans(self).values("pk"))
        found: PlannedClass = get_object_or_404(lines.select_related("plan", "programme"), pk=self.kwargs["pk"])
        return found

    @property
    def plan(self) -> TrainingPlan:  # type: ignore[override]
        """The line's plan."""
        return self.line.plan


class PlannedChange(PlannedScreen, ServiceFormScreen):
    """Change a foreseen class."""

    title, success_text = "Sửa lớp dự kiến", "Đã lưu."
    form_class: ClassVar[type[forms.BaseForm]] = PlannedForm
    read_once: ClassVar[Sequence[str]] = ("line",)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its own programme stays a choice when it is closed."""
        return {"programme": self.line.programme}

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        line = self.line
        return {
            "programme": line.programme_id,
            "month": line.month,
            "seats": line.seats,
            "budget": line.budget,
            "note": line.note,
        }

    def get_version(self) -> str:
        """The line's version."""
        return str(version_of(self.line))

    def write(self, form: Any) -> PlannedClass:
        """Change it."""
        return change_planned(
            line=self.line, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class PlannedDrop(PlannedScreen, ServiceFormScreen, ActionScreen):
    """Take a foreseen class out."""

    title, submit_label, success_text = "Bỏ lớp dự kiến", "Bỏ lớp", "Đã bỏ lớp dự kiến."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ lớp dự kiến «{self.line}»?"

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_planned(line=self.line, acting_user=self.reader)


#: What each step asks, what follows, what was done; by the states between which it leads.
MOVES: dict[tuple[str, str], tuple[str, str, str, str]] = {
    (PlanState.DRAFT, PlanState.SUBMITTED): (
        "Trình kế hoạch",
        "Trình «{}» để phê duyệt?",
        "Kế hoạch không sửa được cho đến khi phê duyệt hoặc bị trả lại; người trình không tự phê duyệt.",
        "Đã trình kế hoạch.",
    ),
    (PlanState.SUBMITTED, PlanState.DRAFT): (
        "Trả lại kế hoạch",
        "Trả lại «{}» để sửa?",
        "Ý kiến trả lại được ghi vào lịch sử.",
        "Đã trả lại kế hoạch.",
    ),
    (PlanState.APPROVED, PlanState.DRAFT): (
        "Điều chỉnh kế hoạch",
        "Mở «{}» để điều chỉnh?",
        "Bản đã phê duyệt được giữ trong lịch sử với nội dung, mã băm và quyết định; bản mới phải trình lại.",
        "Đã mở điều chỉnh.",
    ),
}


class PlanMove(PlanScreen, ServiceFormScreen, ActionScreen):
    """The next step of a plan, or back."""

    @cached_property
    def step(self) -> tuple[str, str]:
        """From which state to which; 404 where there is no such step for this reader."""
        found = (self.plan.state, self.kwargs["to"])
        is_return = found == (PlanState.SUBMITTED, PlanState.DRAFT)
        allowed = may_arrange(self.reader) or (is_return and may_approve_plan(self.reader, self.plan))
        if found not in STEPS or not allowed:
            raise Http404
        return found

    def may_open(self) -> bool:
        """Who draws plans up; who approves may return one."""
        return super().may_open() and bool(self.step)

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """A reason where the plan goes back."""
        self.form_class = CommentForm if self.step[1] == PlanState.DRAFT else PlainForm  # type: ignore[misc]
        return super().make_form(data, files)

    def get_title(self) -> str:
        """The step."""
        return MOVES[self.step][0]

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """The step."""
        return MOVES[self.step][0]

    def get_question(self) -> str:
        """What is asked."""
        return MOVES[self.step][1].format(self.plan.name)

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return [MOVES[self.step][2]]

    def get_success_text(self, result: Any) -> str:
        """What was done."""
        return MOVES[self.step][3]

    def write(self, form: Any) -> TrainingPlan:
        """Move it."""
        return move_plan(
            plan=self.plan, to=self.step[1], reason=form.cleaned_data.get("reason", ""), acting_user=self.reader
        )


class PlanApprove(PlanScreen, ServiceFormScreen, ActionScreen):
    """Approve a submitted plan."""

    title, submit_label = "Phê duyệt kế hoạch", "Phê duyệt"
    success_text = "Đã phê duyệt; nội dung được giữ nguyên với mã băm."
    form_class: ClassVar[type[forms.BaseForm]] = ApprovalForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask; for who is not asked for the approval there is nothing to approve."""
        self._require()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Approve."""
        self._require()
        return super().post(request, *args, **kwargs)

    def _require(self) -> None:
        if not may_approve_plan(self.reader, self.plan):
            raise Http404

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Today."""
        return {"day": timezone.localdate()}

    def get_question(self) -> str:
        """Which."""
        return f"Phê duyệt «{self.plan.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What is frozen."""
        lines = self.plan.classes
        seats = lines.aggregate(sum=Sum("seats"))["sum"] or 0
        told = f"{number_text(lines.count())} lớp, {number_text(seats)} chỗ được giữ nguyên với mã băm."
        return [told, "Từ đó mở lớp được theo từng dòng của kế hoạch."]

    def write(self, form: Any) -> TrainingPlan:
        """Approve it."""
        return approve_plan(plan=self.plan, values=form.cleaned_data, acting_user=self.reader)
