"""Rounds of planning: the list, preparing one or its review, changing it, its steps up to approval and announcement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import READ_BY_APPROVERS, STANDING, RoundKind, RoundState
from planning.filters.rounds import RoundFilters
from planning.forms.rounds import ApprovalForm, PlainForm, ReturnForm, ReviewForm, RoundForm, reference_name
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.models.scope import levels_prepared_by, may_plan
from planning.services.approvals import approve_with_decision
from planning.services.reading import log_taken_out
from planning.services.rounds import (
    STEPS,
    announce_round,
    change_round,
    drop_round,
    move_round,
    prepare_round,
)
from planning.views.opening import ManagerScreen, PlannerScreen, PlanningScreen, RoundScreen, state_label


class RoundList(PlanningScreen, ListScreen):
    """Rounds that the reader plans or approves."""

    title = "Quy hoạch cán bộ"
    noun = "đợt quy hoạch"
    default_sort = "-day"
    export_name = "dot-quy-hoach"
    filter_class = RoundFilters
    columns = (
        Column(
            key="name",
            label="Đợt quy hoạch",
            value="name",
            second=lambda row: f"{row.code} · nhiệm kỳ {row.term}",
            link=lambda row: reverse("planning:round-detail", args=[row.pk]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="kind", label="Loại", value="get_kind_display", sort="kind"),
        Column(key="level", label="Cấp phê duyệt", value="get_level_display", sort="level", wide=True),
        Column(key="day", label="Ngày xét", value="day", sort="day", align="right"),
        Column(key="due", label="Hạn giới thiệu", value="due_on", sort="due_on", align="right"),
        Column(key="seats", label="Chức danh", value="seat_count", align="right"),
        Column(key="people", label="Lượt người", value="people_count", align="right"),
        Column(
            key="state",
            label="Trạng thái",
            value="get_state_display",
            render=state_label,
            sort="state",
        ),
    )
    empty = Empty(
        title="Chưa có đợt quy hoạch nào trong phạm vi được giao",
        text="Một đợt xây dựng quy hoạch cho nhiệm kỳ sau, hoặc rà soát, bổ sung hằng năm danh sách đã phê duyệt.",
        icon="route",
    )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The rounds with how many seats and people of each the reader sees."""
        seats = PlannedSeat.objects.visible_to(self.reader).filter(round=OuterRef("pk")).order_by()
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat__round=OuterRef("pk"), state__in=STANDING)
        return (
            PlanningRound.objects.visible_to(self.reader)
            .defer("content")
            .annotate(seat_count=_counted(seats, "round"), people_count=_counted(rows.order_by(), "seat__round"))
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list itself is the top."""
        return ()

    def get_actions(self) -> Sequence[Button]:
        """Coverage, targets, standards; a new round for who prepares one."""
        buttons = [
            Button(label="Số liệu hằng năm", url=reverse("planning:yearly"), icon="chart-column"),
            Button(label="Độ phủ", url=reverse("planning:coverage"), icon="chart-line"),
        ]
        if may_plan(self.reader):
            buttons.append(Button(label="Tiêu chuẩn", url=reverse("planning:standard-list"), icon="list-checks"))
        if levels_prepared_by(self.reader):
            buttons.append(Button(label="Chỉ tiêu cơ cấu", url=reverse("planning:target-list"), icon="target"))
            buttons.append(Button(label="Lập đợt", url=reverse("planning:round-create"), icon="plus", main=True))
        return buttons

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The rounds as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what="Danh sách đợt quy hoạch", day=self.day)
        return super().export(columns, rows)


def _counted(rows: QuerySet[Any], group: str) -> Any:
    """Annotation: how many of some rows each round has."""
    counted = rows.values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class RoundCreate(PlannerScreen, ServiceFormScreen):
    """Prepare the first building of a term."""

    title = "Lập đợt quy hoạch"
    lead = "Đợt mới ở trạng thái chuẩn bị; sau đó thêm chức danh rồi mở cho các đơn vị giới thiệu nhân sự."
    form_class = RoundForm
    submit_label = "Lập đợt"
    success_text = "Đã lập đợt quy hoạch. Hãy thêm chức danh."

    def may_open(self) -> bool:
        """Whoever prepares rounds of some level."""
        return bool(levels_prepared_by(self.reader))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The levels that the reader prepares."""
        return {"levels": levels_prepared_by(self.reader)}

    def get_initial(self) -> dict[str, Any]:
        """The term that follows, judged today."""
        return {"day": self.day, "term": "2030-2035", "name": "Quy hoạch nhiệm kỳ 2030-2035"}

    def write(self, form: Any) -> PlanningRound:
        """Prepare it."""
        values = {**form.round_values(), "kind": RoundKind.FIRST}
        return prepare_round(values=values, acting_user=self.reader)


class ReviewCreate(ManagerScreen, ServiceFormScreen):
    """Prepare the yearly review of an approved list."""

    title = "Rà soát, bổ sung quy hoạch"
    lead = "Chức danh và người trong danh sách được chuyển sang đợt rà soát; hệ thống đề xuất đưa ra và bổ sung."
    form_class = ReviewForm
    submit_label = "Lập đợt rà soát"
    success_text = "Đã lập đợt rà soát. Xem các đề xuất ở thẻ «Rà soát»."

    def may_open(self) -> bool:
        """Of the approved list in force."""
        if not super().may_open():
            return False
        if self.round.state != RoundState.APPROVED:
            raise Http404
        return True

    def get_initial(self) -> dict[str, Any]:
        """Named for the year."""
        return {
            "day": self.day,
            "name": f"Rà soát, bổ sung quy hoạch {self.round.term} năm {self.day.year}",
            "code": f"{self.round.code.partition('.RS')[0]}.RS{self.day.year}"[:40],
        }

    def write(self, form: Any) -> PlanningRound:
        """Prepare it."""
        before = self.round
        values = {
            **form.cleaned_data,
            "kind": RoundKind.REVIEW,
            "term": before.term,
            "level": before.level,
            "reference_days": before.reference_days,
        }
        return prepare_round(values=values, follows=before, acting_user=self.reader)


class RoundChange(ManagerScreen, ServiceFormScreen):
    """Change the head of a round."""

    title = "Sửa đợt quy hoạch"
    form_class = RoundForm
    success_text = "Đã lưu."
    read_once = ("round",)

    def may_open(self) -> bool:
        """Of a list that is not submitted."""
        if not super().may_open():
            return False
        if self.round.state in READ_BY_APPROVERS:
            raise Http404
        return True

    def get_form_kwargs(self) -> dict[str, Any]:
        """The levels that the reader prepares."""
        return {"levels": levels_prepared_by(self.reader)}

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        own = {reference_name(key): PartialDate.parse(text) for key, text in self.round.reference_days.items()}
        names = ("code", "name", "term", "level", "day", "due_on")
        return {name: getattr(self.round, name) for name in names} | own

    def get_version(self) -> str:
        """The round's version."""
        return str(version_of(self.round))

    def write(self, form: Any) -> PlanningRound:
        """Change it."""
        return change_round(
            planning_round=self.round,
            values=form.round_values(),
            version=self.version_shown,
            acting_user=self.reader,
        )

    def get_cancel_url(self) -> str:
        """Back to the round."""
        return reverse("planning:round-detail", args=[self.round.pk])


class RoundAct(ServiceFormScreen, ActionScreen):
    """What the acts on a round share: back to the round."""

    def get_cancel_url(self) -> str:
        """Back to the round."""
        return reverse("planning:round-detail", args=[self.kwargs["pk"]])

    def get_success_url(self, result: Any) -> str:
        """Back to the round."""
        return reverse("planning:round-detail", args=[self.kwargs["pk"]])


class RoundDrop(ManagerScreen, RoundAct):
    """Throw a prepared round away."""

    title, submit_label, success_text = "Bỏ đợt quy hoạch", "Bỏ đợt", "Đã bỏ đợt quy hoạch."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def may_open(self) -> bool:
        """Of a round that is only prepared."""
        if not super().may_open():
            return False
        if self.round.state != RoundState.DRAFT:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which one."""
        return f"Bỏ «{self.round.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What goes."""
        seats = number_text(self.round.seats.count())
        return [f"{seats} chức danh của đợt bị bỏ; lịch sử vẫn giữ.", "Danh sách đã phê duyệt trước đó không đổi."]

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_round(planning_round=self.round, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The list."""
        return reverse("planning:round-list")


#: What each step asks and says, by the state it leads to.
MOVES: dict[tuple[str, str], tuple[str, str, str]] = {
    (RoundState.DRAFT, RoundState.OPEN): ("Mở đợt", "Mở giới thiệu nhân sự?", "Đã mở đợt."),
    (RoundState.OPEN, RoundState.VOTING): ("Chuyển lấy phiếu", "Chuyển sang lấy phiếu?", "Đã chuyển lấy phiếu."),
    (RoundState.VOTING, RoundState.OPEN): ("Quay lại giới thiệu", "Quay lại giới thiệu nhân sự?", "Đã mở lại."),
    (RoundState.OPEN, RoundState.SUBMITTED): ("Trình phê duyệt", "Trình danh sách để phê duyệt?", "Đã trình."),
    (RoundState.VOTING, RoundState.SUBMITTED): ("Trình phê duyệt", "Trình danh sách để phê duyệt?", "Đã trình."),
    (RoundState.SUBMITTED, RoundState.OPEN): ("Trả lại", "Trả lại danh sách?", "Đã trả lại."),
}
CONSEQUENCES = {
    (RoundState.DRAFT, RoundState.OPEN): ["Các đơn vị thấy phần của mình và giới thiệu nhân sự."],
    (RoundState.OPEN, RoundState.VOTING): ["Nhập kết quả kiểm phiếu từng bước; danh sách vẫn sửa được."],
    (RoundState.VOTING, RoundState.OPEN): ["Kết quả kiểm phiếu đã nhập vẫn giữ."],
    RoundState.SUBMITTED: [
        "Danh sách không sửa được cho đến khi phê duyệt hoặc bị trả lại.",
        "Lãnh đạo phê duyệt của cấp này thấy danh sách.",
    ],
    (RoundState.SUBMITTED, RoundState.OPEN): ["Danh sách mở lại để sửa; ý kiến trả lại được ghi vào lịch sử."],
}


class RoundMove(RoundScreen, RoundAct):
    """The next step of a round, or back."""

    @cached_property
    def step(self) -> tuple[str, str]:
        """From which state to which; 404 where the round has no such step for this reader."""
        found = (self.round.state, self.kwargs["to"])
        is_return = self.round.state == RoundState.SUBMITTED and self.may_approve
        if found not in STEPS or not (self.manages or is_return):
            raise Http404
        return found

    def may_open(self) -> bool:
        """Who prepares the round; who approves it may return it."""
        return super().may_open() and bool(self.step)

    @property
    def is_return(self) -> bool:
        """Whether the step asks for a comment."""
        return self.step == (RoundState.SUBMITTED, RoundState.OPEN)

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """A comment only where the list is returned."""
        self.form_class = ReturnForm if self.is_return else PlainForm  # type: ignore[misc]
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
        return MOVES[self.step][1]

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return CONSEQUENCES.get(self.step) or CONSEQUENCES[self.step[1]]  # type: ignore[index]

    def get_success_text(self, result: Any) -> str:
        """What was done."""
        return MOVES[self.step][2]

    def write(self, form: Any) -> PlanningRound:
        """Move it."""
        return move_round(
            planning_round=self.round,
            to=self.step[1],
            acting_user=self.reader,
            reason=form.cleaned_data.get("reason", ""),
        )


class RoundApprove(RoundScreen, RoundAct):
    """Approve a submitted list; it is frozen with its hash."""

    title, submit_label = "Phê duyệt danh sách quy hoạch", "Phê duyệt"
    success_text = "Đã phê duyệt; danh sách được giữ nguyên với mã băm."
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
        """Which list."""
        return f"Phê duyệt «{self.round.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What is frozen."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.round, state__in=STANDING)
        people, seats = number_text(rows.count()), number_text(self.seats.count())
        told = [f"{people} lượt người ở {seats} chức danh được phê duyệt; kết quả xét và số phiếu được giữ kèm."]
        if self.round.follows is not None:
            told.append(f"«{self.round.follows.name}» được thay bằng danh sách này.")
        return told

    def write(self, form: Any) -> PlanningRound:
        """Approve it."""
        return approve_with_decision(planning_round=self.round, values=form.cleaned_data, acting_user=self.reader)


class RoundAnnounce(ManagerScreen, RoundAct):
    """Show the approved titles to the people themselves, or stop it."""

    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def may_open(self) -> bool:
        """Of an approved list only."""
        if not super().may_open():
            return False
        if not self.is_frozen:
            raise Http404
        return True

    def get_title(self) -> str:
        """What is done."""
        return "Thôi công bố quy hoạch" if self.round.is_announced else "Công bố quy hoạch"

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        """What is done."""
        return "Thôi công bố" if self.round.is_announced else "Công bố"

    def get_question(self) -> str:
        """What is asked."""
        if self.round.is_announced:
            return "Thôi cho cán bộ thấy chức danh quy hoạch của mình?"
        return "Cho cán bộ thấy chức danh quy hoạch của mình?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        if self.round.is_announced:
            return ["Chức danh quy hoạch không còn hiện trên hồ sơ của mỗi người và mục 24 sơ yếu lý lịch."]
        return [
            "Mỗi người thấy chức danh quy hoạch của mình trên hồ sơ; mục 24 sơ yếu lý lịch in chức danh đó.",
            "Danh sách, kết quả xét, số phiếu vẫn chỉ người làm quy hoạch thấy.",
        ]

    def get_success_text(self, result: Any) -> str:
        """What was done."""
        return "Đã công bố." if self.round.is_announced else "Đã thôi công bố."

    def write(self, form: Any) -> PlanningRound:
        """Switch it."""
        self.__dict__["round"] = announce_round(
            planning_round=self.round, is_announced=not self.round.is_announced, acting_user=self.reader
        )
        return self.round
