"""Cycles: the list, opening one, its deadline, closing; one cycle with its units and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from appraisal.choices import CycleState, LevelChoice, SubmissionState
from appraisal.filters import ProgressFilters
from appraisal.forms.cycles import CycleForm, DeadlineForm
from appraisal.models import RatingCycle
from appraisal.services.cycles import closing_obstacles, open_cycle, set_deadline, set_state
from appraisal.statistics.groups import heads_in_excess, heads_seen_by
from appraisal.statistics.progress import UnitProgress, progress_of, unit_progress, units_in_scope
from appraisal.views.base import ROOM, AppraisalScreen, CycleScreen, ServiceAct
from appraisal.views.checks import drawn_group
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Empty, FormScreen, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import link
from hrdb.kernel.templatetags.hr_screens import label
from hrdb.kernel.text import text_order_key
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.reading import log_export

TONES: dict[str, str] = {
    SubmissionState.SUBMITTED: "act",
    SubmissionState.RETURNED: "warn",
    SubmissionState.APPROVED: "good",
    SubmissionState.PUBLISHED: "good",
}


def keeps_cycles(screen: AppraisalScreen) -> bool:
    """Whether the reader opens and closes cycles: the province alone."""
    return scope_of(screen.user, Action.APPRAISE).is_whole_province


def _cycle_state(cycle: RatingCycle) -> SafeString:
    return label(cycle.get_state_display(), "act" if cycle.is_open else "")


class CycleList(AppraisalScreen, ListScreen):
    """Every cycle, the newest first."""

    title = ROOM
    noun = "kỳ"
    default_sort = "-ends_on"
    columns = (
        Column(
            key="name",
            label="Kỳ",
            value="name",
            second="code",
            second_label="Mã kỳ",
            link=lambda row: reverse("appraisal:cycle-detail", args=[row.code]),
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="kind", label="Loại", value="get_kind_display"),
        Column(key="begins_on", label="Từ ngày", value="begins_on", sort="begins_on", align="right"),
        Column(key="ends_on", label="Đến hết ngày", value="ends_on", sort="ends_on", align="right"),
        Column(key="due_on", label="Xong trước ngày", value="due_on", sort="due_on", align="right"),
        Column(key="state", label="Trạng thái", render=_cycle_state, sort="state"),
    )
    empty = Empty(
        title="Chưa mở kỳ đánh giá nào",
        text="Cấp tỉnh mở kỳ năm (hoặc quý, tháng nếu có dùng); sau đó từng đơn vị nhập kết quả.",
        icon="award",
    )

    def get_crumbs(self) -> Sequence[Any]:
        """The room itself."""
        return ()

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Cycles are the same for everybody."""
        return RatingCycle.objects.all()

    def get_actions(self) -> Sequence[Button]:
        """Votes, what waits for approval, and a new cycle for the province."""
        buttons = [Button(label="Phiếu tín nhiệm", url=reverse("appraisal:vote-list"), icon="vote")]
        if self.is_open_to(Action.APPROVE):
            buttons.append(Button(label="Chờ duyệt", url=reverse("appraisal:approval-list"), icon="stamp", main=True))
        if keeps_cycles(self):
            buttons.append(Button(label="Mở kỳ mới", url=reverse("appraisal:cycle-open"), icon="plus", main=True))
        return buttons


class CycleOpen(AppraisalScreen, FormScreen):
    """Open a cycle for the whole province."""

    title = "Mở kỳ đánh giá"
    lead = "Ngày cuối kỳ quyết định quy định nào được áp dụng và ai do đơn vị nào xếp loại."
    form_class = CycleForm
    submit_label = "Mở kỳ"
    success_text = "Đã mở kỳ."

    def may_open(self) -> bool:
        """The province alone."""
        return super().may_open() and keeps_cycles(self)

    def save(self, form: Any) -> RatingCycle:
        """Open it by the service."""
        return open_cycle(**form.cleaned_data, acting_user=self.user)

    def get_success_url(self, result: RatingCycle) -> str:
        """The cycle."""
        return reverse("appraisal:cycle-detail", args=[result.code])


class CycleAct(CycleScreen, ServiceAct):
    """An act of the province on a cycle."""

    def may_open(self) -> bool:
        """The province alone."""
        return super().may_open() and keeps_cycles(self)

    def get_crumbs(self) -> Sequence[Any]:
        """Back to the cycle."""
        return [self.room(), self.cycle_crumb()]

    def get_success_url(self, result: RatingCycle) -> str:
        """The cycle."""
        return reverse("appraisal:cycle-detail", args=[self.cycle.code])


class CycleDeadline(CycleAct):
    """Another deadline for a cycle."""

    title = "Đặt lại hạn của kỳ"
    form_class: ClassVar[type[forms.BaseForm]] = DeadlineForm
    submit_label = "Đặt hạn"
    success_text = "Đã đặt lại hạn."

    def get_initial(self) -> dict[str, Any]:
        """The present one."""
        return {"due_on": self.cycle.due_on}

    def get_question(self) -> str:
        """Of which cycle."""
        return f"{self.cycle.name}: {self.deadline_text()}"

    def write(self, form: Any) -> RatingCycle:
        """Set it by the service."""
        given = form.cleaned_data
        return set_deadline(cycle=self.cycle, due_on=given["due_on"], acting_user=self.user, reason=given["reason"])


class CycleSwitch(CycleAct):
    """Close a cycle, or open it again."""

    success_text = "Đã ghi."

    def get_title(self) -> str:
        """What it does."""
        return "Khóa kỳ" if self.cycle.is_open else "Mở lại kỳ"

    def get_question(self) -> str:
        """Of which cycle."""
        return f"{self.get_title()} {self.cycle.name}?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        if self.cycle.is_open:
            refused = [f"Chưa khóa được: {text}" for text in closing_obstacles(self.cycle)]
            return refused or [
                "Không đơn vị nào nhập, trình thêm được cho đến khi mở lại.",
                "Kết quả đã nhập giữ nguyên.",
            ]
        return ["Các đơn vị chưa trình lại nhập được."]

    def write(self, form: Any) -> RatingCycle:
        """Switch it by the service."""
        state = CycleState.CLOSED if self.cycle.is_open else CycleState.OPEN
        reason = form.cleaned_data["reason"]
        return set_state(cycle=self.cycle, state=state, acting_user=self.user, reason=reason)


class ListedUnit:
    """A unit of a cycle as a row of the list."""

    def __init__(self, unit: UnitProgress, screen: CyclePage) -> None:
        self.unit, self.pk = unit, unit.unit_id
        self.is_overdue = unit.is_overdue(screen.cycle, screen.request.today)  # type: ignore[attr-defined]
        self.url = reverse("appraisal:unit", args=[screen.cycle.code, unit.code])
        self.unit_level = LevelChoice(unit.unit_level).label if unit.unit_level else ""

    @property
    def done_text(self) -> str:
        """How many of how many."""
        return f"{number_text(self.unit.done)} / {number_text(self.unit.people)}"


def _state(row: ListedUnit) -> SafeString:
    tag = label(row.unit.state_label, TONES.get(row.unit.state, ""))
    return format_html("{} {}", tag, label("quá hạn", "bad", "clock-alert")) if row.is_overdue else tag


def _track(row: ListedUnit) -> SafeString:
    done = row.unit
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="Đã xếp loại">{}%</progress><span class="sub">{}</span>',
        "" if done.missing else "good",
        done.done,
        max(done.people, 1),
        done.per_cent,
        row.done_text,
    )


class CyclePage(CycleScreen, ListScreen):
    """One cycle: every unit of the scope that rates, how far it is, where its submission stands."""

    template_name = "appraisal/cycle.html"
    noun = "đơn vị"
    export_name = "tien-do-xep-loai"
    filter_class = ProgressFilters
    filters: ProgressFilters  # type: ignore[assignment]
    page_size = 50
    columns = (
        Column(
            key="name",
            label="Đơn vị",
            value="unit.name",
            second="unit.code",
            second_label="Mã đơn vị",
            link=lambda row: row.url,
            sort="name",
            fixed=True,
            wide=True,
        ),
        Column(key="done", label="Đã xếp loại", render=_track, export="unit.done", sort="done"),
        Column(key="people", label="Phải xếp loại", value="unit.people", sort="people", align="right", hidden=True),
        Column(key="missing", label="Còn thiếu", value="unit.missing", sort="missing", align="right"),
        *(
            Column(
                key=str(level),
                label=short,
                value=lambda row, level=level: row.unit.level_count(level),  # type: ignore[misc]
                sort=str(level),
                align="right",
            )
            for level, short in zip(LevelChoice, ("Xuất sắc", "Tốt", "Hoàn thành", "Không HT"), strict=True)
        ),
        Column(key="excluded", label="Không xếp loại", value="unit.excluded", sort="excluded", align="right"),
        Column(key="unit_level", label="Xếp loại đơn vị", value="unit_level", hidden=True),
        Column(key="state", label="Trạng thái", render=_state, export="unit.state_label", sort="state"),
        Column(key="approved_on", label="Ngày duyệt", value="unit.approved_on", align="right", hidden=True),
    )
    empty = Empty(title="Không có đơn vị nào phải xếp loại trong phạm vi được xem", icon="building-2")

    def get_crumbs(self) -> Sequence[Any]:
        """Back to the cycles."""
        return [self.room()]

    def get_title(self) -> str:
        """The cycle's name."""
        return self.cycle.name

    def lead_for(self, count: str) -> str:
        """How many units, until when."""
        return f"{count} đơn vị · {self.deadline_text()}"

    @cached_property
    def units(self) -> list[UnitProgress]:
        """Every unit of the reader's scope."""
        return unit_progress(self.cycle, self.agencies, units=units_in_scope(self.user, self.agencies))

    @cached_property
    def rows(self) -> Any:
        """The units that pass the filters, in the asked order; without one in that of the tree."""
        today = self.request.today  # type: ignore[attr-defined]
        found = [ListedUnit(unit, self) for unit in self.filters.passing(self.units, self.cycle, today)]
        column, descending = self.sort
        if column is not None:
            found.sort(key=lambda row: _order(row, column.key), reverse=descending)
        return found

    @cached_property
    def paginator(self) -> Paginator[Any]:
        """The rows by pages."""
        return Paginator(self.rows, self.page_size)

    def get_actions(self) -> Sequence[Button]:
        """Summary, upload; deadline and closing for the province."""
        code = self.cycle.code
        buttons = [
            Button(label="Tổng hợp", url=link(self.request, "appraisal:summary", code), icon="chart-column"),
        ]
        if keeps_cycles(self):
            is_open = self.cycle.is_open
            buttons += [
                Button(label="Đặt hạn", url=reverse("appraisal:cycle-deadline", args=[code]), icon="calendar-clock"),
                Button(
                    label="Khóa kỳ" if is_open else "Mở lại",
                    url=reverse("appraisal:cycle-switch", args=[code]),
                    icon="lock" if is_open else "lock-open",
                ),
            ]
        if self.is_open_to(Action.APPRAISE) and self.cycle.is_open:
            url = reverse("appraisal:upload", args=[code])
            buttons.append(Button(label="Nhập từ tệp", url=url, icon="file-up", main=True))
        return buttons

    def context(self, **extra: Any) -> dict[str, Any]:
        """The figures of the whole scope over the list."""
        figures = progress_of(self.cycle, self.units, self.request.today)  # type: ignore[attr-defined]
        groups = heads_seen_by(self.user, self.cycle, self.agencies)
        return (
            super().context(
                cycle=self.cycle,
                figures=figures,
                of_units=f"trên {number_text(figures.units)} đơn vị",
                of_people=f"trên {number_text(figures.people)} người",
                overdue_url=self.here(only="overdue", page=None),
                heads_too_many=[drawn_group(group, self.agencies) for group in heads_in_excess(groups)],
                heads_kept=len(groups) - len(heads_in_excess(groups)),
                heads_unclear=any(group.allowed is None for group in groups),
            )
            | extra
        )

    def export(self, columns: Sequence[Column], rows: Any) -> ExportFile:
        """The workbook of what is seen: counts, no names."""
        log_export(user=self.user, what=f"tiến độ {self.cycle.name}", columns=[column.label for column in columns])
        return super().export(columns, rows)


def _order(row: ListedUnit, key: str) -> Any:
    unit = row.unit
    if key == "name":
        return text_order_key(unit.name)
    if key == "state":
        return list(SubmissionState).index(SubmissionState(unit.state))
    if key in ("people", "missing", "done", "excluded"):
        return getattr(unit, key)
    return unit.level_count(key)
