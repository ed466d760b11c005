"""Candidates of a seat: changing, taking off, passing over a condition; the list of everybody in a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.history import version_of
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen, ReasonForm
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Decision
from personnel.models.access import unit_name
from personnel.policies import Action
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import CandidateState, RoundState
from planning.filters.candidates import CandidateFilters
from planning.forms.candidates import CandidateForm, OverrideForm, RemoveForm
from planning.models import Candidate
from planning.models.scope import may_plan, seats_q
from planning.services.candidates import (
    change_candidate,
    is_editable,
    override_condition,
    remove_at_once,
    take_off,
)
from planning.services.reading import log_seen, log_taken_out
from planning.statistics.limits import most_people
from planning.statistics.names import unit_names
from planning.views.lines import STATE_TONES, shown_candidates
from planning.views.opening import PlanningScreen, RoundScreen, overridable_rule


class CandidateScreen(PlanningScreen, ServiceFormScreen):
    """A form about one candidate, for who plans for the seat: 404 out of scope."""

    read_once: ClassVar[Sequence[str]] = ("candidate",)

    @cached_property
    def candidate(self) -> Candidate:
        """The candidate of the address, or 404."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seats_q(self.reader, Action.PLAN, "seat__"))
        rows = rows.select_related("cadre", "seat__round", "seat__title", "seat__unit", "seat__part")
        found: Candidate = get_object_or_404(rows.annotate(unit_label=unit_name("seat__unit_id")), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who plans; a list that is closed to him gives 404."""
        if not may_plan(self.reader):
            return False
        if not self.is_possible():
            raise Http404
        return True

    def is_possible(self) -> bool:
        """Whether the act makes sense in the round's state."""
        return is_editable(self.candidate.seat, self.reader)

    def get_lead(self) -> str:
        """Who, for what."""
        return f"{self.candidate.cadre.full_name} · {self.seat_name}"

    @property
    def seat_name(self) -> str:
        """Title and unit."""
        return f"{self.candidate.seat.title.name} · {self.candidate.unit_label}"  # type: ignore[attr-defined]

    def get_crumbs(self) -> Sequence[Crumb]:
        """Round and seat."""
        seat = self.candidate.seat
        return [
            *super().get_crumbs(),
            Crumb(seat.round.name, reverse("planning:round-detail", args=[seat.round_id])),
            Crumb(self.seat_name, self.seat_url),
        ]

    @property
    def seat_url(self) -> str:
        """The page of the seat."""
        return reverse("planning:seat-detail", args=[self.candidate.seat_id])

    def get_success_url(self, result: Any) -> str:
        """Back to the seat."""
        return self.seat_url

    def get_cancel_url(self) -> str:
        """Back to the seat."""
        return self.seat_url


class CandidateChange(CandidateScreen):
    """Change object, source, training plan, reason."""

    title = "Sửa nhân sự quy hoạch"
    form_class = CandidateForm

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.candidate, name) for name in ("object", "source", "training_plan", "reason")}

    def get_version(self) -> str:
        """The row's version."""
        return str(version_of(self.candidate))

    def write(self, form: Any) -> Candidate:
        """Change it."""
        return change_candidate(
            candidate=self.candidate,
            values=form.cleaned_data,
            version=self.version_shown,
            acting_user=self.reader,
        )


class CandidateTakeOff(CandidateScreen, ActionScreen):
    """Take somebody off the list of an open round."""

    title, submit_label = "Đưa ra khỏi danh sách", "Đưa ra"
    success_text = "Đã đưa ra khỏi danh sách."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def get_question(self) -> str:
        """Whom."""
        return f"Đưa {self.candidate.cadre.full_name} ra khỏi danh sách của «{self.seat_name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return ["Lý do được ghi vào lịch sử; có thể giới thiệu lại trong đợt này."]

    def is_possible(self) -> bool:
        """Of a list that may be changed, and who stands on it."""
        return super().is_possible() and self.candidate.is_standing

    def write(self, form: Any) -> Candidate:
        """Take him off."""
        was_kept = self.candidate.state == CandidateState.KEPT
        return take_off(
            candidate=self.candidate,
            reason=form.cleaned_data["reason"],
            acting_user=self.reader,
            state=CandidateState.REMOVED if was_kept else CandidateState.REJECTED,
        )


class CandidateOverride(CandidateScreen):
    """Pass over a condition with a reason."""

    title = "Cho qua điều kiện"
    form_class = OverrideForm
    success_text = "Đã ghi."

    @cached_property
    def rule(self) -> Any:
        """The rule of the address."""
        return overridable_rule(self.kwargs["rule"])

    def is_possible(self) -> bool:
        """Of a rule that may be passed over."""
        return super().is_possible() and bool(self.rule)

    def get_title(self) -> str:
        """Which condition."""
        return f"Cho qua «{self.rule.label}»"

    def get_initial(self) -> dict[str, Any]:
        """The reason that stands there."""
        return {"reason": self.candidate.overrides.get(self.rule.key, "")}

    def write(self, form: Any) -> Candidate:
        """Keep the reason."""
        return override_condition(
            candidate=self.candidate,
            rule=self.rule.key,
            reason=form.cleaned_data["reason"],
            acting_user=self.reader,
        )


class CandidateRemove(CandidateScreen, ActionScreen):
    """Take somebody off an approved list at once, between reviews."""

    title, submit_label = "Đưa ra khỏi quy hoạch", "Đưa ra khỏi quy hoạch"
    success_text = "Đã đưa ra khỏi quy hoạch."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = RemoveForm

    def is_possible(self) -> bool:
        """Of the approved list in force."""
        state = self.candidate.seat.round.state
        return state == RoundState.APPROVED and self.candidate.state == CandidateState.APPROVED

    def get_question(self) -> str:
        """Whom."""
        return f"Đưa {self.candidate.cadre.full_name} ra khỏi quy hoạch «{self.seat_name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        return [
            "Người bị kỷ luật phải đưa ra ngay sau khi có quyết định; các lý do khác xét ở lần rà soát gần nhất.",
            "Danh sách đã phê duyệt và mã băm được giữ nguyên như khi ban hành.",
        ]

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"day": timezone.localdate()}

    def write(self, form: Any) -> Candidate:
        """Take him off; a decision is looked up by number and day."""
        cleaned = form.cleaned_data
        decision = None
        if cleaned["number"] and cleaned["signed_on"]:
            known = Decision.objects.visible_to(self.reader)
            decision = known.filter(number=cleaned["number"].strip(), signed_on=cleaned["signed_on"]).first()
            if decision is None:
                raise forms.ValidationError({"number": "Sổ quyết định chưa có quyết định này."})
        return remove_at_once(
            candidate=self.candidate,
            reason=cleaned["reason"],
            day=cleaned["day"],
            decision=decision,
            acting_user=self.reader,
        )


class CandidateList(RoundScreen, ListScreen):
    """Everybody proposed in a round, with verdicts; the workbook of it."""

    page_key = "people"
    title = "Danh sách nhân sự"
    noun = "lượt người"
    template_name = "planning/round_list.html"
    default_sort = "place"
    export_name = "nhan-su-quy-hoach"
    export_at_once = 1_500
    filter_class = CandidateFilters
    columns = (
        Column(
            key="name",
            label="Họ và tên",
            value=lambda row: row.shown.person.cadre.full_name,
            second=lambda row: row.shown.person.post,
            second_label="Chức vụ, đơn vị",
            link=lambda row: reverse("planning:seat-detail", args=[row.seat_id]),
            sort="cadre__sort_key",
            fixed=True,
            wide=True,
        ),
        Column(key="born", label="Năm sinh", value=lambda row: row.shown.person.born, sort="cadre__born"),
        Column(
            key="seat",
            label="Chức danh quy hoạch",
            value="seat.title.name",
            second="unit_full",
            second_label="Đơn vị của chức danh",
            sort="seat__title__rank",
            wide=True,
        ),
        Column(key="object", label="Đối tượng", value="object", align="right", sort="object"),
        Column(key="source", label="Nguồn", value="get_source_display", sort="source", hidden=True),
        Column(
            key="verdict",
            label="Xét điều kiện",
            value=lambda row: row.shown.tag.label if row.shown.tag else "",
            render=lambda row: (
                label(row.shown.tag.label, row.shown.tag.tone, row.shown.tag.icon) if row.shown.tag else ""
            ),
        ),
        Column(key="why", label="Vì sao", value=lambda row: row.shown.reasons, wide=True),
        Column(key="training", label="Kế hoạch đào tạo", value="training_plan", wide=True, hidden=True),
        Column(
            key="state",
            label="Trạng thái",
            value="get_state_display",
            render=lambda row: label(row.get_state_display(), STATE_TONES[row.state]),
            sort="state",
        ),
        Column(key="reason", label="Lý do", value="reason", wide=True, hidden=True),
        Column(key="place", label="Thứ tự", value="position", sort=("seat__position", "position"), hidden=True),
    )
    empty = Empty(title="Chưa có ai được giới thiệu", icon="users")

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Everybody of the round whom the reader may see."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.round)
        rows = rows.select_related("seat__title", "seat__round", "cadre").defer("seat__round__content", "findings")
        return rows.annotate(unit_label=unit_name("seat__unit_id"))

    def with_details(self, rows: Any) -> list[Any]:
        """People and verdicts of the page's rows; who is shown is logged."""
        listed = list(rows)
        ids = [row.pk for row in listed]
        shown = {
            one.candidate.pk: one
            for one in shown_candidates(Candidate.objects.filter(pk__in=ids), user=self.reader, day=self.round.day)
        }
        names = unit_names({row.seat.unit_id for row in listed}, self.round.day)
        for row in listed:
            row.shown, row.unit_full = shown[row.pk], names.get(row.seat.unit_id, "")
        people = [row.cadre_id for row in listed]
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=people, what=f"Nhân sự của {self.round.name}", day=self.day)
        else:
            log_seen(user=self.reader, people=people, what=f"Nhân sự của {self.round.name}", day=self.day)
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The list."""
        return super().context(most=most_people(self.round.day), **extra)
