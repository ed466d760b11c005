"""Acts on a unit's ratings: submit, return, approve, publish; the unit's own rating; what waits for an approver."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from appraisal.choices import SubmissionState
from appraisal.forms.cycles import CommentForm
from appraisal.forms.ratings import UnitRatingForm
from appraisal.models import UnitRating, UnitSubmission
from appraisal.services.entering import may_rate_unit, rate_unit
from appraisal.services.submitting import approval_obstacles, approve_unit, publish_unit, return_unit, submit_unit
from appraisal.statistics.checking import UnitCheck, check_unit
from appraisal.views.base import AppraisalScreen, ServiceAct, UnitCycleScreen
from appraisal.views.checks import drawn_checks
from appraisal.views.cycles import TONES
from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Column, Empty, ListScreen
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import UnitVersion
from personnel.policies import Action
from personnel.views.record_forms import ServiceFormScreen


class UnitAct(UnitCycleScreen, ServiceAct):
    """An act on the submission of a unit; `needs` is what the reader must be able to do there."""

    needs: ClassVar[Action] = Action.APPRAISE
    form_class: ClassVar[type[forms.BaseForm]] = forms.Form

    def may_open(self) -> bool:
        """Whoever may do this in some unit."""
        return super().may_open() and self.is_open_to(self.needs)

    @cached_property
    def record(self) -> UnitSubmission:
        """The submission; a unit where the reader may not do this is not there."""
        if not self.may_on_unit(self.needs):
            raise Http404
        return self.submission

    @cached_property
    def check(self) -> UnitCheck:
        """What is found of the unit's ratings."""
        return check_unit(self.cycle, self.unit.pk, agencies=self.agencies)

    template_name = "appraisal/unit_act.html"

    def get_question(self) -> str:
        """Of which unit."""
        return f"{self.title}: {self.unit_name}, {self.cycle.name}?"

    def get_obstacles(self) -> Sequence[str]:
        """Why it cannot be done now, in sentences; then there is no button."""
        return ()

    def context(self, **extra: Any) -> dict[str, Any]:
        """With what stands against it."""
        return super().context(obstacles=self.get_obstacles()) | extra

    def counts(self) -> list[str]:
        """The levels in figures, and the caps that are exceeded."""
        levels = [row.get_level_display() for row in self.check.ratings.values() if row.level]
        told = [f"{name}: {number_text(levels.count(name))} người." for name in dict.fromkeys(sorted(levels))]
        drawn = drawn_checks(self.check, self.agencies, self.user)
        told += [f"Kỷ luật của {name} được nêu là ngoài công vụ, không tính: {why}." for name, why in drawn.off_duty]
        told += drawn.unclear
        return told + [f"{one.label}{f' · {one.place}' if one.place else ''}: {one.verdict}." for one in drawn.groups]

    def get_cancel_url(self) -> str:
        """Back to the sheet."""
        return self.unit_url()

    def get_success_url(self, result: Any) -> str:
        """The sheet."""
        return reverse("appraisal:unit", args=[self.cycle.code, self.unit.code])


class Submit(UnitAct):
    """Submit for approval."""

    title = "Trình duyệt"
    submit_label = "Trình duyệt"
    success_text = "Đã trình duyệt."

    def get_obstacles(self) -> Sequence[str]:
        """What stands against submitting."""
        return self.check.blocking

    def get_consequences(self) -> Sequence[str]:
        """What is submitted."""
        return [*self.counts(), "Sau khi trình không sửa được nữa, trừ khi bị trả lại."]

    def write(self, form: Any) -> UnitSubmission:
        """Submit by the service."""
        return submit_unit(cycle=self.cycle, unit=self.unit, acting_user=self.user)


class Return(UnitAct):
    """Return with comments."""

    title = "Trả lại"
    submit_label = "Trả lại"
    success_text = "Đã trả lại kèm ý kiến."
    needs = Action.APPROVE
    form_class = CommentForm

    def write(self, form: Any) -> UnitSubmission:
        """Return by the service."""
        return return_unit(
            cycle=self.cycle, unit=self.unit, comment=form.cleaned_data["comment"], acting_user=self.user
        )


class Approve(UnitAct):
    """Approve: what stands is frozen with its hash."""

    title = "Duyệt kết quả xếp loại"
    submit_label = "Duyệt"
    success_text = "Đã duyệt; kết quả được giữ nguyên cùng mã băm."
    needs = Action.APPROVE

    def get_obstacles(self) -> Sequence[str]:
        """Why this reader may not approve it."""
        if self.record.state != SubmissionState.SUBMITTED:
            return ["Đơn vị chưa trình kết quả xếp loại."]
        args = (self.cycle, self.unit, self.record, self.check, self.agencies)
        return approval_obstacles(*args, acting_user=self.user)

    def get_consequences(self) -> Sequence[str]:
        """What is approved."""
        return [*self.counts(), "Kết quả được đóng lại cùng mã băm; sau đó chỉ đính chính bằng quyết định."]

    def write(self, form: Any) -> UnitSubmission:
        """Approve by the service."""
        day = self.request.today  # type: ignore[attr-defined]
        return approve_unit(cycle=self.cycle, unit=self.unit, day=day, acting_user=self.user)


class Publish(UnitAct):
    """Publish in the unit."""

    title = "Công khai kết quả xếp loại"
    submit_label = "Công khai"
    success_text = "Đã công khai; mỗi người xem được kết quả của mình."

    def get_consequences(self) -> Sequence[str]:
        """Who sees what."""
        return ["Mỗi người của đơn vị xem được kết quả của chính mình trên hồ sơ."]

    def write(self, form: Any) -> UnitSubmission:
        """Publish by the service."""
        return publish_unit(cycle=self.cycle, unit=self.unit, acting_user=self.user)


class UnitRate(UnitCycleScreen, ServiceFormScreen):
    """The rating of the unit itself, by the level above."""

    title = "Xếp loại đơn vị"
    form_class = UnitRatingForm
    success_text = "Đã lưu xếp loại của đơn vị."

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    @cached_property
    def row(self) -> UnitRating | None:
        """What is entered; a unit that the reader does not rate is not there."""
        if not may_rate_unit(self.unit, acting_user=self.user, day=self.cycle.ends_on):
            raise Http404
        return UnitRating.objects.filter(cycle=self.cycle, unit=self.unit).first()

    @cached_property
    def record(self) -> Any:
        """No record of its own; what is not there is told before anything is drawn."""
        _ = self.row
        return None

    def get_lead(self) -> str:
        """Of which unit."""
        return f"{self.unit_name} · {self.cycle.name}"

    def get_initial(self) -> dict[str, Any]:
        """What is entered."""
        names = ("percent_done", "targets_missed", "is_outstanding", "score", "level", "note")
        return {name: getattr(self.row, name) for name in names} if self.row else {}

    def get_version(self) -> str:
        """The version of the row, 0 of none."""
        return str(version_of(self.row)) if self.row else "0"

    def write(self, form: Any) -> UnitRating:
        """Rate by the service."""
        return rate_unit(
            cycle=self.cycle,
            unit=self.unit,
            values=form.cleaned_data,
            version=self.version_shown,
            acting_user=self.user,
        )

    def get_cancel_url(self) -> str:
        """Back to the sheet."""
        return self.unit_url()

    def get_success_url(self, result: Any) -> str:
        """The sheet."""
        return reverse("appraisal:unit", args=[self.cycle.code, self.unit.code])


def _waiting_state(row: UnitSubmission) -> SafeString:
    return label(row.get_state_display(), TONES.get(row.state, ""))


class ApprovalList(AppraisalScreen, ListScreen):
    """What waits for this approver."""

    title = "Kết quả xếp loại chờ duyệt"
    noun = "đơn vị"
    columns = (
        Column(
            key="unit",
            label="Đơn vị",
            value="unit_name",
            second="unit.code",
            link=lambda row: reverse("appraisal:unit", args=[row.cycle.code, row.unit.code]),
            fixed=True,
            wide=True,
        ),
        Column(key="cycle", label="Kỳ", value="cycle.name", sort="cycle__ends_on"),
        Column(key="due_on", label="Xong trước ngày", value="cycle.due_on", align="right"),
        Column(key="state", label="Trạng thái", render=_waiting_state),
    )
    empty = Empty(title="Không có gì chờ duyệt", text="Đơn vị trình lên sẽ hiện ở đây.", icon="inbox")

    def may_open(self) -> bool:
        """Approvers."""
        return super().may_open() and self.is_open_to(Action.APPROVE)

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Submissions of units in the approver's scope, the oldest cycle first."""
        rows = UnitSubmission.objects.visible_to(self.user, Action.APPROVE).filter(state=SubmissionState.SUBMITTED)
        return rows.select_related("cycle", "unit").order_by("cycle__ends_on", "unit__code")

    def with_details(self, rows: QuerySet[Any]) -> Sequence[Any]:
        """With the names of the units."""
        found = list(rows)
        names = UnitVersion.objects.names_on(self.request.today)  # type: ignore[attr-defined]
        for row in found:
            row.unit_name = names.get(row.unit_id, row.unit.code)
        return found
