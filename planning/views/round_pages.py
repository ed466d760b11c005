"""The pages of one round: overview with what comes next, structure of the list, parts of the units, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from hrdb.kernel.charts import target_track
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import date_text, number_text, percent_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Fact
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models.access import unit_name
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import STANDING, RoundState
from planning.forms.rounds import PlainForm, ReturnForm
from planning.models import Candidate, UnitPlan
from planning.models.scope import may_plan
from planning.reports.history import acts_of_round
from planning.rules.structure import Measure
from planning.services.acting import manages_round
from planning.services.parts import accept_part, return_part, send_part
from planning.services.reading import log_seen, log_taken_out
from planning.services.rounds import is_intact
from planning.statistics.limits import most_people
from planning.statistics.structure import list_structure
from planning.views.opening import PlanningScreen, RoundScreen
from planning.views.rounds import MOVES

PART_TONES = {"draft": "", "sent": "act", "returned": "warn", "accepted": "good"}
ACTS_PER_PAGE = 40


@dataclass(frozen=True)
class ShownMeasure:
    """A measure of structure as a tile shows it."""

    measure: Measure
    figure: str
    chart: SafeString
    text: str
    alarm: str
    tone: str
    source: str


def shown_measure(measure: Measure) -> ShownMeasure:
    """A share with its track, the gap in people, and what it rests on."""
    aim = measure.aim
    asked = None if aim is None or aim.percent is None else float(aim.percent) / 100
    share = None if measure.percent is None else float(measure.percent) / 100
    figure = "—" if share is None else percent_text(share)
    alarm, tone = "", ""
    if measure.short:
        alarm, tone = f"thiếu {number_text(measure.short)} người", "bad"
    elif measure.is_met:
        alarm, tone = "đạt", "good"
    source = ""
    if aim is not None:
        wanted = percent_text(asked) if asked is not None else "chưa có con số"
        mark = " (chưa kiểm chứng)" if aim.confidence == "unconfirmed" or asked is None else ""
        source = f"Chỉ tiêu {wanted} · {aim.source}{mark}"
    chart = target_track(share, asked, title=measure.label, top=max(0.5, share or 0, asked or 0), is_ratio=True)
    text = f"{number_text(measure.count)} trên {number_text(measure.total)} người"
    return ShownMeasure(measure, figure, chart, text, alarm, tone, source)


class RoundPage(RoundScreen):
    """Overview: what the round is, how far it is, what comes next."""

    page_key = "overview"
    template_name = "planning/round.html"

    def get_title(self) -> str:
        """The round's name."""
        return self.round.name

    def get_lead(self) -> str:
        """What it is in a sentence."""
        one = self.round
        return f"{one.get_kind_display()} · nhiệm kỳ {one.term} · {one.get_level_display()}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the list."""
        return [*PlanningScreen.get_crumbs(self), Crumb(self.round.name)]

    def get_actions(self) -> Sequence[Button]:
        """What may be done in this state, the next step last."""
        buttons: list[Button] = []
        state = self.round.state
        if self.manages:
            buttons += self._of_manager(state)
        if self.may_approve:
            if not self.manages:
                buttons.append(self._move(RoundState.OPEN, "undo-2"))
            buttons.append(self._button("Phê duyệt", "round-approve", "badge-check", main=True))
        return buttons

    def _of_manager(self, state: str) -> list[Button]:
        buttons: list[Button] = []
        if state == RoundState.DRAFT:
            buttons += [
                self._button("Bỏ đợt", "round-drop", "trash-2", harm=True),
                self._button("Sửa", "round-change", "pencil"),
                self._button("Thêm chức danh", "seat-add", "plus"),
                self._move(RoundState.OPEN, "play", main=True),
            ]
        elif state == RoundState.OPEN:
            buttons += [
                self._button("Sửa", "round-change", "pencil"),
                self._button("Thêm chức danh", "seat-add", "plus"),
                self._move(RoundState.VOTING, "vote"),
                self._move(RoundState.SUBMITTED, "send", main=True),
            ]
        elif state == RoundState.VOTING:
            buttons += [self._move(RoundState.OPEN, "undo-2"), self._move(RoundState.SUBMITTED, "send", main=True)]
        elif state == RoundState.SUBMITTED:
            buttons.append(self._move(RoundState.OPEN, "undo-2"))
        elif state == RoundState.APPROVED:
            told = "Thôi công bố" if self.round.is_announced else "Công bố"
            buttons.append(self._button(told, "round-announce", "megaphone"))
            if not self.round.reviews.exists():
                buttons.append(self._button("Rà soát, bổ sung", "review-create", "refresh-cw", main=True))
        return buttons

    def _button(self, words: str, view: str, icon: str, **more: Any) -> Button:
        return Button(label=words, url=reverse(f"planning:{view}", args=[self.round.pk]), icon=icon, **more)

    def _move(self, to: str, icon: str, **more: Any) -> Button:
        words = MOVES[(self.round.state, to)][0]
        return Button(label=words, url=reverse("planning:round-move", args=[self.round.pk, to]), icon=icon, **more)

    def facts(self) -> list[Fact]:
        """The head as facts."""
        planning_round = self.round
        facts = [
            Fact("Mã đợt", planning_round.code),
            Fact("Ngày xét điều kiện", planning_round.day),
            Fact("Hạn giới thiệu", planning_round.due_on, self._remaining()),
        ]
        if planning_round.follows is not None:
            seen = type(planning_round).objects.visible_to(self.reader).filter(pk=planning_round.follows.pk).exists()
            url = reverse("planning:round-detail", args=[planning_round.follows_id]) if seen else ""
            facts.append(Fact("Rà soát của", planning_round.follows.name, url=url))
        if self.is_frozen:
            facts += [
                Fact("Ngày phê duyệt", planning_round.approved_on),
                Fact("Quyết định", str(planning_round.decision) if planning_round.decision else None),
                Fact("Công bố cho cán bộ", "đã công bố" if planning_round.is_announced else "chưa công bố"),
            ]
        return facts

    def _remaining(self) -> str:
        due = self.round.due_on
        if due is None or not self.is_open:
            return ""
        days = (due - timezone.localdate()).days
        return f"quá hạn {number_text(-days)} ngày" if days < 0 else f"còn {number_text(days)} ngày"

    @cached_property
    def standing(self) -> QuerySet[Any]:
        """Who stands, as far as the reader sees."""
        return Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.round, state__in=STANDING)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Facts, figures, structure in short, what comes next."""
        counts = self.seats.aggregate(
            seats=Count("pk", distinct=True),
            filled=Count("pk", distinct=True, filter=Q(candidates__in=self.standing)),
        )
        structure = list_structure(self.standing, self.round)
        main = ("young", "female", "ethnic_minority", "science")
        parts = _parts(self)
        return (
            super().context(
                facts=self.facts(),
                counts=counts,
                lonely=counts["seats"] - counts["filled"],
                structure=structure,
                measures=[shown_measure(one) for one in structure.measures if one.metric in main],
                part_counts=_by_state(parts),
                part_total=len(parts),
                is_intact=is_intact(self.round) if self.is_frozen else None,
                next_words=self._next(counts, parts),
                most=most_people(self.round.day),
            )
            | extra
        )

    def _next(self, counts: dict[str, int], parts: Sequence[UnitPlan]) -> str:
        """What the round waits for, in a sentence."""
        state = self.round.state
        if state == RoundState.DRAFT:
            return "Thêm chức danh cần quy hoạch, kiểm tra số ghế và hệ số, rồi mở đợt." if self.manages else ""
        if state == RoundState.OPEN:
            waiting = sum(part.state in ("draft", "returned") for part in parts)
            if waiting and self.manages:
                return f"Còn {number_text(waiting)} đơn vị chưa gửi phần của mình."
            if waiting:
                return "Giới thiệu nhân sự cho các chức danh rồi gửi phần của đơn vị ở «Tiến độ đơn vị»."
            return "Mọi đơn vị đã gửi; kiểm tra cơ cấu rồi chuyển lấy phiếu hoặc trình phê duyệt."
        if state == RoundState.SUBMITTED:
            return "Danh sách chờ phê duyệt."
        return ""


def _parts(screen: RoundScreen) -> list[UnitPlan]:
    rows = UnitPlan.objects.visible_to(screen.reader).filter(round=screen.round)
    return list(rows)


def _by_state(parts: Sequence[UnitPlan]) -> list[tuple[str, int]]:
    """How many parts stand in each state."""
    return [
        (str(state.label), count)
        for state in UnitPlan.State
        if (count := sum(part.state == state for part in parts)) or not parts
    ]


class RoundStructure(RoundScreen):
    """The structure of the list against its targets, live."""

    page_key = "structure"
    title = "Cơ cấu danh sách"
    template_name = "planning/structure.html"

    def get_lead(self) -> str:
        """Of which day."""
        return f"Mỗi người tính một lần; tuổi tính đến ngày {date_text(self.round.day)}"

    def context(self, **extra: Any) -> dict[str, Any]:
        """The measures."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.round, state__in=STANDING)
        structure = list_structure(rows, self.round)
        measures = [shown_measure(one) for one in structure.measures]
        return super().context(
            structure=structure,
            measures=[one for one in measures if not one.measure.metric.endswith("layer")],
            layers=[one for one in measures if one.measure.metric.endswith("layer")],
            **extra,
        )


def _part_state(part: UnitPlan) -> SafeString:
    return label(part.get_state_display(), PART_TONES[part.state])


class PartList(RoundScreen, ListScreen):
    """How far each office is with its part, against the deadline."""

    page_key = "parts"
    title = "Tiến độ đơn vị"
    noun = "đơn vị"
    template_name = "planning/round_list.html"
    default_sort = "state"
    export_name = "tien-do-quy-hoach"
    empty = Empty(
        title="Chưa có đơn vị nào trong đợt", text="Đơn vị vào đợt cùng với chức danh của mình.", icon="users"
    )

    def get_columns(self) -> Sequence[Column]:
        """Office, how many seats and people, state, what may be done."""
        return (
            Column(
                key="unit",
                label="Đơn vị",
                value="unit_label",
                link=lambda row: with_query(reverse("planning:seat-list", args=[self.round.pk]), part=row.pk),
                sort="unit_label",
                fixed=True,
                wide=True,
            ),
            Column(key="seats", label="Chức danh", value="seat_count", align="right", sort="seat_count"),
            Column(key="filled", label="Đã có người", value="filled_count", align="right", sort="filled_count"),
            Column(key="people", label="Lượt người", value="people_count", align="right", sort="people_count"),
            Column(key="state", label="Trạng thái", value="get_state_display", render=_part_state, sort="state"),
            Column(key="comment", label="Ý kiến trả lại", value="comment", wide=True),
            Column(key="acts", label="Bước tiếp theo", render=self._acts, export=False),
        )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The parts that the reader may see."""
        standing = Candidate.objects.all().visible_to(self.reader).filter(state__in=STANDING).values("pk")
        seats = self.seats.order_by().values("pk")
        mine = Q(seats__in=seats)
        return (
            UnitPlan.objects.visible_to(self.reader)
            .filter(round=self.round)
            .annotate(
                unit_label=unit_name("unit_id"),
                seat_count=Count("seats", distinct=True, filter=mine),
                filled_count=Count("seats", distinct=True, filter=mine & Q(seats__candidates__in=standing)),
                people_count=Count("seats__candidates", distinct=True, filter=mine & Q(seats__candidates__in=standing)),
            )
        )

    def _acts(self, part: UnitPlan) -> SafeString | str:
        if not self.is_open or not may_plan(self.reader):
            return ""
        acts = []
        if part.state in ("draft", "returned"):
            acts.append(("part-send", "Gửi"))
        if self.manages and part.state == "sent":
            acts.append(("part-accept", "Tiếp nhận"))
        if self.manages and part.state in ("sent", "accepted"):
            acts.append(("part-return", "Trả lại"))
        return format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}">{}</a>',
            ((self.link(reverse(f"planning:{view}", args=[part.pk])), words) for view, words in acts),
        )

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The progress as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what=f"Tiến độ {self.round.name}", day=self.day)
        return super().export(columns, rows)


class PartAct(PlanningScreen, ServiceFormScreen, ActionScreen):
    """What the acts on an office's part share."""

    by_manager: ClassVar[bool] = True

    @cached_property
    def part(self) -> UnitPlan:
        """The part of the address, or 404."""
        parts = UnitPlan.objects.visible_to(self.reader).select_related("round", "unit")
        found: UnitPlan = get_object_or_404(parts.annotate(unit_label=unit_name("unit_id")), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who plans; accepting and returning is for who prepares the round, for the others it is not there."""
        if not may_plan(self.reader):
            return False
        if self.by_manager and not manages_round(self.reader, self.part.round):
            raise Http404
        return bool(self.part)

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the round's progress."""
        planning_round = self.part.round
        return [
            *super().get_crumbs(),
            Crumb(planning_round.name, reverse("planning:round-detail", args=[planning_round.pk])),
            Crumb("Tiến độ đơn vị", reverse("planning:part-list", args=[planning_round.pk])),
        ]

    def get_success_url(self, result: Any) -> str:
        """Back to the progress."""
        return reverse("planning:part-list", args=[self.part.round_id])

    def get_cancel_url(self) -> str:
        """Back to the progress."""
        return reverse("planning:part-list", args=[self.part.round_id])


class PartSend(PartAct):
    """Send the office's part."""

    title, submit_label, success_text = "Gửi phần quy hoạch của đơn vị", "Gửi", "Đã gửi."
    by_manager = False
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Whose."""
        return f"Gửi phần của {self.part.unit_label}?"  # type: ignore[attr-defined]

    def get_consequences(self) -> Sequence[str]:
        """What follows; seats that nobody is proposed for are named."""
        seats = self.part.seats.all()
        standing = Candidate.objects.all().visible_to(self.reader).filter(state__in=STANDING)
        empty = seats.exclude(candidates__in=standing).count()
        told = ["Sau khi gửi, đơn vị không sửa được danh sách cho đến khi bị trả lại."]
        if empty:
            told.insert(0, f"{number_text(empty)} chức danh chưa có người được giới thiệu.")
        return told

    def write(self, form: Any) -> UnitPlan:
        """Send it."""
        return send_part(part=self.part, acting_user=self.reader)


class PartAccept(PartAct):
    """Accept a part that was sent."""

    title, submit_label, success_text = "Tiếp nhận phần của đơn vị", "Tiếp nhận", "Đã tiếp nhận."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Whose."""
        return f"Tiếp nhận phần của {self.part.unit_label}?"  # type: ignore[attr-defined]

    def write(self, form: Any) -> UnitPlan:
        """Accept it."""
        return accept_part(part=self.part, acting_user=self.reader)


class PartReturn(PartAct):
    """Return a part with a comment."""

    title, submit_label, success_text = "Trả lại phần của đơn vị", "Trả lại", "Đã trả lại."
    form_class: ClassVar[type[forms.BaseForm]] = ReturnForm

    def get_question(self) -> str:
        """Whose."""
        return f"Trả lại phần của {self.part.unit_label}?"  # type: ignore[attr-defined]

    def write(self, form: Any) -> UnitPlan:
        """Return it."""
        return return_part(part=self.part, comment=form.cleaned_data["reason"], acting_user=self.reader)


class RoundHistory(RoundScreen):
    """Who did what in the round, newest first, with every field that was changed."""

    page_key = "history"
    title = "Lịch sử đợt quy hoạch"
    template_name = "planning/history.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """A page of acts; the people whom it names are logged as seen."""
        number = self.request.GET.get("page")
        acts = acts_of_round(self.round, self.reader)
        page = Paginator(acts, ACTS_PER_PAGE).get_page(number)
        told = acts.tell(list(page.object_list))
        log_seen(user=self.reader, people=acts.people_shown, what=f"Lịch sử {self.round.name}", day=self.day)
        return super().context(acts=told, page=page, **extra)
