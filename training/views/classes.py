"""Classes: the list, opening one (also for a line of the plan), its page, changing, moving on, cancelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.dates import format_date
from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.actions import ReasonForm
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.reading import log_export
from personnel.views.decisions.drawn_up import MOST_ROWS
from personnel.views.record_forms import ServiceFormScreen
from planning.forms.rounds import PlainForm
from training.choices import ATTENDING, OPEN_CLASSES, ClassState, MemberState, PlanState
from training.filters.classes import ClassFilters
from training.forms.classes import ClassForm
from training.models import ClassMember, PlannedClass, TrainingClass
from training.models.scope import may_arrange, may_train
from training.services.classes import STEPS, cancel_class, change_class, drop_class, move_class, open_class
from training.services.nominations import refusal_to_nominate
from training.statistics.planned import people_counts
from training.views.class_opening import ClassEditor, ClassScreen, state_label
from training.views.reading import ClassReader

SENT = (*ATTENDING, MemberState.NOMINATED, MemberState.RESERVE)


def dates_of(one: TrainingClass) -> str:
    """From when to when, as far as it is known."""
    if one.begins_on is None:
        return "chưa định"
    return f"{one.begins_on:%d/%m/%Y}" + (f" – {one.ends_on:%d/%m/%Y}" if one.ends_on else "")


class ClassList(ClassReader, ListScreen):
    """Classes."""

    title = "Lớp đào tạo, bồi dưỡng"
    noun = "lớp"
    template_name = "training/list.html"
    default_sort = "-begins"
    export_name = "lop-dao-tao"
    filter_class = ClassFilters
    columns = (
        Column(
            key="name",
            label="Lớp",
            value="name",
            second=lambda row: f"{row.code} · {row.programme.name}",
            second_label="Mã, chương trình",
            link=lambda row: reverse("training:class-detail", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="kind", label="Loại", value="programme.get_kind_display", sort="programme__kind", hidden=True),
        Column(key="begins", label="Từ ngày", value="begins_on", sort="begins_on", align="right"),
        Column(key="ends", label="Đến ngày", value="ends_on", sort="ends_on", align="right"),
        Column(key="deadline", label="Hạn cử", value="nominate_by", sort="nominate_by", align="right"),
        Column(key="mode", label="Hình thức", value="get_mode_display", sort="mode", hidden=True),
        Column(key="host", label="Cơ sở đào tạo", value="host", sort="host", hidden=True),
        Column(key="capacity", label="Số chỗ", value="capacity", sort="capacity", align="right"),
        Column(key="people", label="Người của bạn", value="people", align="right"),
        Column(key="state", label="Trạng thái", value="get_state_display", render=state_label, sort="state"),
    )
    empty = Empty(
        title="Chưa có lớp nào",
        text="Lớp được mở theo dòng của kế hoạch đã phê duyệt, hoặc ngoài kế hoạch.",
        icon="graduation-cap",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Classes with how many people of the reader's scope are sent to each."""
        rows = ClassMember.objects.all().visible_to(self.reader).filter(training_class=OuterRef("pk"), state__in=SENT)
        counted = rows.order_by().values("training_class").annotate(number=Count("pk")).values("number")
        return (
            TrainingClass.objects.visible_to(self.reader)
            .select_related("programme")
            .annotate(people=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def get_actions(self) -> Sequence[Button]:
        """The register of certificates; a new class."""
        buttons = [Button(label="Sổ chứng chỉ", url=reverse("training:certificate-list"), icon="badge-check")]
        if may_arrange(self.reader):
            buttons.append(Button(label="Mở lớp", url=reverse("training:class-create"), icon="plus", main=True))
        return buttons

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The classes as a workbook, logged."""
        log_export(user=self.reader, people=(), what="Danh sách lớp đào tạo", day=self.day)
        return super().export(columns, rows)


class ClassForms(ServiceFormScreen):
    """What the forms of the head of a class share."""

    form_class: ClassVar[type[forms.BaseForm]] = ClassForm


class ClassCreate(ClassReader, ClassForms):
    """Open a class (`?planned=` is the line of the plan, `?programme=` a programme)."""

    title = "Mở lớp"
    submit_label, success_text = "Mở lớp", "Đã lập lớp. Đặt hạn cử người rồi mở cử người."

    def may_open(self) -> bool:
        """An officer of the province."""
        return may_arrange(self.reader)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose register of decisions."""
        return {"user": self.reader}

    @cached_property
    def line(self) -> PlannedClass | None:
        """The line of an approved plan that the address names."""
        asked = typed_key(self.request.GET.get("planned"))
        if asked is None:
            return None
        lines = PlannedClass.objects.filter(plan__state=PlanState.APPROVED).select_related("plan", "programme")
        found: PlannedClass | None = lines.filter(pk=asked).first()
        return found

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """As the line of the plan and its programme say."""
        line = self.line
        if line is None:
            return {"programme": typed_key(self.request.GET.get("programme"))}
        programme, year = line.programme, line.plan.year
        number = TrainingClass.objects.filter(programme=programme, code__startswith=f"{programme.code}-{year}").count()
        return {
            "programme": programme.pk,
            "planned": line.pk,
            "code": f"{programme.code}-{year}-{number + 1:02d}"[:40],
            "name": f"{programme.name} năm {year}"[:250],
            "capacity": line.seats,
            "mode": programme.mode,
            "host": programme.host,
        }

    def write(self, form: Any) -> TrainingClass:
        """Open it."""
        return open_class(values=form.class_values(), acting_user=self.reader)

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:class-list")


class ClassChange(ClassEditor, ClassForms):
    """Change the head of a class."""

    title, success_text = "Sửa lớp", "Đã lưu."
    states = OPEN_CLASSES
    read_once: ClassVar[Sequence[str]] = ("training_class",)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its own programme and line stay choices."""
        return {"opened": self.training_class, "user": self.reader}

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        one = self.training_class
        names = (
            "code", "name", "begins_on", "ends_on", "nominate_by", "capacity", "mode", "host", "place", "trainers",
            "cost", "basis",
        )  # fmt: skip
        found = {name: getattr(one, name) for name in names}
        found |= {"programme": one.programme_id, "planned": one.planned_id}
        if one.decision is not None:
            found |= {"number": one.decision.number, "signed_on": one.decision.signed_on}
        return found

    def get_version(self) -> str:
        """The class's version."""
        return str(version_of(self.training_class))

    def write(self, form: Any) -> TrainingClass:
        """Change it."""
        return change_class(
            training_class=self.training_class,
            values=form.class_values(),
            version=self.version_shown,
            acting_user=self.reader,
        )


class ClassPage(ClassScreen):
    """A class: its facts, people of the reader's scope, sessions, documents, papers."""

    part = "overview"
    template_name = "training/class.html"

    def get_title(self) -> str:
        """Its name."""
        return self.training_class.name

    def get_lead(self) -> str:
        """Programme, when, how many seats."""
        one = self.training_class
        return f"{one.programme.name} · {dates_of(one)} · {number_text(one.capacity)} chỗ"

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, this class."""
        return [*super().get_crumbs()[:-1], Crumb(self.training_class.name)]

    def get_actions(self) -> Sequence[Button]:
        """What may be done with it in its state."""
        one, pk = self.training_class, self.training_class.pk
        buttons: list[Button] = []
        if may_arrange(self.reader) and one.state in OPEN_CLASSES:
            buttons.append(Button(label="Sửa", url=reverse("training:class-change", args=[pk]), icon="pencil"))
            if one.state == ClassState.PLANNED:
                buttons.append(
                    Button(label="Bỏ", url=reverse("training:class-drop", args=[pk]), icon="trash-2", harm=True)
                )
        if may_train(self.reader) and not refusal_to_nominate(self.reader, one, timezone.localdate()):
            buttons.append(Button(label="Cử người", url=reverse("training:member-send", args=[pk]), icon="user-plus"))
        return [*buttons, *self._steps()] if self.manages else buttons

    def _steps(self) -> Sequence[Button]:
        one, pk = self.training_class, self.training_class.pk
        buttons = []
        if one.state in OPEN_CLASSES and one.state != ClassState.PLANNED:
            buttons.append(
                Button(label="Hủy lớp", url=reverse("training:class-cancel", args=[pk]), icon="ban", harm=True)
            )
        if one.state in (ClassState.NOMINATING, ClassState.CHOSEN):
            url = reverse("training:cohort", args=[pk])
            main = one.state == ClassState.NOMINATING
            buttons.append(Button(label="Chọn học viên", url=url, icon="list-checks", main=main))
        for (of, to), words in STEPS.items():
            if of == one.state and not (to == ClassState.PLANNED and one.members.exists()):
                url = reverse("training:class-move", args=[pk, to])
                is_next = (of, to) in (
                    (ClassState.PLANNED, ClassState.NOMINATING),
                    (ClassState.CHOSEN, ClassState.RUNNING),
                )
                buttons.append(Button(label=words, url=url, icon="arrow-right" if is_next else "undo-2", main=is_next))
        if one.state == ClassState.RUNNING:
            url = reverse("training:class-finish", args=[pk])
            buttons.append(Button(label="Kết thúc lớp", url=url, icon="flag", main=True))
        if one.state == ClassState.FINISHED:
            buttons.append(Button(label="Mở lại", url=reverse("training:class-reopen", args=[pk]), icon="undo-2"))
            url = reverse("training:class-certificates", args=[pk])
            buttons.append(Button(label="Cấp chứng chỉ", url=url, icon="badge-check", main=True))
        return sorted(buttons, key=lambda button: button.main)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Facts, counts, sessions, documents."""
        one = self.training_class
        counted = people_counts([one.pk], self.reader)[one.pk]
        return super().context(
            facts=self._facts(),
            counts=[(state.label, counted.get(state, 0)) for state in MemberState if counted.get(state)],
            counted=sum(counted.values()),
            sessions=list(one.sessions.all()),
            documents=list(one.documents.all()),
            may_arrange=may_arrange(self.reader),
            is_open=one.state in OPEN_CLASSES,
            refusal=refusal_to_nominate(self.reader, one, timezone.localdate()) if may_train(self.reader) else "",
            is_nominating=one.state == ClassState.NOMINATING,
            has_papers=self.is_settled,
            sending_url=self._sending_url(),
            **extra,
        )

    def _sending_url(self) -> str:
        """The form of the decision that sends the people chosen; empty where there is none to draw up."""
        one = self.training_class
        if one.decision_id is not None or one.state not in (ClassState.CHOSEN, ClassState.RUNNING):
            return ""
        mine = Cadre.objects.visible_to(self.reader, Action.DECIDE)
        people = one.members.filter(state=MemberState.CHOSEN, cadre__in=mine).order_by("cadre__sort_key", "cadre_id")
        ids = list(people.values_list("cadre_id", flat=True)[:MOST_ROWS])
        if not ids:
            return ""
        return with_query(
            reverse("personnel:decision-create"),
            kind="study",
            cadre=",".join(map(str, ids)),
            effective_on=format_date(one.begins_on) if one.begins_on else None,
            **{
                "t-course": one.name,
                "t-organisation": one.host or None,
                "t-until": format_date(one.ends_on) if one.ends_on else None,
            },
        )

    def _facts(self) -> list[Fact]:
        one = self.training_class
        plan = one.planned.plan.name if one.planned is not None else "Ngoài kế hoạch"
        facts = [
            Fact("Trạng thái", str(ClassState(one.state).label)),
            Fact("Mã lớp", one.code),
            Fact("Thời gian", dates_of(one)),
            Fact("Hạn cử người", f"{one.nominate_by:%d/%m/%Y}" if one.nominate_by else "chưa đặt"),
            Fact("Số chỗ", number_text(one.capacity)),
            Fact("Hình thức", one.get_mode_display()),
            Fact("Cơ sở đào tạo", one.host or "—"),
            Fact("Địa điểm, đường dẫn", one.place or "—", url=one.place if one.place.startswith("https://") else ""),
            Fact("Giảng viên", one.trainers or "—"),
            Fact("Kế hoạch", plan),
            Fact("Quyết định", str(one.decision) if one.decision else one.basis or "chưa có quyết định"),
        ]
        if one.cost is not None:
            facts.append(Fact("Kinh phí thực hiện", f"{number_text(one.cost)} đồng"))
        return facts


class ClassDrop(ClassEditor, ServiceFormScreen, ActionScreen):
    """Throw a foreseen class away."""

    title, submit_label, success_text = "Bỏ lớp", "Bỏ lớp", "Đã bỏ lớp."
    is_destructive = True
    states = (ClassState.PLANNED,)
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ «{self.training_class.name}»?"

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_class(training_class=self.training_class, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("training:class-list")


class ClassCancel(ClassEditor, ServiceFormScreen, ActionScreen):
    """Call a class off."""

    title, submit_label, success_text = "Hủy lớp", "Hủy lớp", "Đã hủy lớp."
    is_destructive, needs_whole = True, True
    states = (ClassState.NOMINATING, ClassState.CHOSEN, ClassState.RUNNING)
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def get_question(self) -> str:
        """Which."""
        return f"Hủy «{self.training_class.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        count = number_text(self.training_class.members.count())
        return [f"{count} người trong danh sách được giữ để tra cứu; không ai được ghi kết quả."]

    def write(self, form: Any) -> TrainingClass:
        """Cancel it."""
        return cancel_class(
            training_class=self.training_class, reason=form.cleaned_data["reason"], acting_user=self.reader
        )


#: What each step asks and what follows, by the states between which it leads.
MOVES: dict[tuple[str, str], tuple[str, str, str]] = {
    (ClassState.PLANNED, ClassState.NOMINATING): (
        "Mở cử người dự lớp «{}»?",
        "Các đơn vị cử người của mình đến hết hạn; sau hạn chỉ cấp tỉnh cử bổ sung.",
        "Đã mở cử người.",
    ),
    (ClassState.NOMINATING, ClassState.PLANNED): (
        "Đóng cử người dự lớp «{}»?",
        "Lớp trở lại dự kiến; chỉ được khi chưa có ai được cử.",
        "Đã đóng cử người.",
    ),
    (ClassState.CHOSEN, ClassState.RUNNING): (
        "Khai giảng «{}»?",
        "Từ đó điểm danh và ghi kết quả được; danh sách học viên không đổi.",
        "Đã khai giảng.",
    ),
    (ClassState.RUNNING, ClassState.CHOSEN): (
        "Lùi khai giảng «{}»?",
        "Lớp trở lại đã chốt danh sách; chỉ được khi chưa điểm danh, chưa có kết quả.",
        "Đã lùi khai giảng.",
    ),
}


class ClassMove(ClassEditor, ServiceFormScreen, ActionScreen):
    """The next step of a class, or one back."""

    needs_whole = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    @cached_property
    def step(self) -> tuple[str, str]:
        """From which state to which; 404 where there is no such step."""
        found = (self.training_class.state, self.kwargs["to"])
        if found not in STEPS:
            raise Http404
        return found

    def may_open(self) -> bool:
        """Who arranges the class as a whole."""
        return super().may_open() and bool(self.step)

    def get_title(self) -> str:
        """The step."""
        return STEPS[self.step]

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """The step."""
        return STEPS[self.step]

    def get_question(self) -> str:
        """What is asked."""
        return MOVES[self.step][0].format(self.training_class.name)

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return [MOVES[self.step][1]]

    def get_success_text(self, result: Any) -> str:
        """What was done."""
        return MOVES[self.step][2]

    def write(self, form: Any) -> TrainingClass:
        """Move it."""
        return move_class(training_class=self.training_class, to=self.step[1], acting_user=self.reader)
