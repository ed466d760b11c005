"""The yearly review of a list: whom to take off, whom to keep all the same, whom to add, and the report above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hrdb.kernel.keys import typed_key, typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Empty, ListScreen, ReasonForm
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import date_text, number_text
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet
from personnel.services.errors import ServiceRefusal
from personnel.views.record_forms import ServiceFormScreen
from planning.exports.review import review_workbook
from planning.filters.rounds import ReviewFilters
from planning.forms.rounds import PlainForm
from planning.models import Candidate
from planning.models.scope import may_plan
from planning.reports.review import ReviewReport, review_pdf, review_report, rule_words
from planning.rules.review import AGES_OUT, AT_ONCE, KIND_LABELS, REMOVALS, is_open, told
from planning.services.acting import planned_by
from planning.services.candidates import is_editable
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.services.review import add_proposed, keep_proposed, leave_out, refresh_review, take_off_proposed
from planning.statistics.limits import most_people
from planning.statistics.names import unit_names
from planning.statistics.review import Addition, additions_for, review_counts, seats_with_room
from planning.views.candidates import CandidateScreen
from planning.views.lines import STATE_TONES, ShownPerson, shown_people, verdict_tag
from planning.views.opening import ManagerScreen, RoundScreen, SeatPlannerScreen

SEATS_PER_PAGE = 20
#: People taken off at once.
MOST_AT_ONCE = 200
KIND_TONES = {"remove": "bad", "warn": "warn", "keep": ""}


class ReviewScreen(RoundScreen):
    """A page of a review; a round that follows none has no such page."""

    page_key = "review"
    part: ClassVar[str] = "people"

    @cached_property
    def listed(self) -> QuerySet[Any]:
        """The candidates of the round whom the reader sees."""
        return Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.round)

    def may_open(self) -> bool:
        """Of a review."""
        if not super().may_open():
            return False
        if self.round.follows_id is None:
            raise Http404
        return True

    def context(self, **extra: Any) -> dict[str, Any]:
        """How the review stands, and the way between its parts."""
        pk = self.round.pk
        parts = (
            ("people", "Người trong danh sách", reverse("planning:review", args=[pk])),
            ("additions", "Đề xuất bổ sung", reverse("planning:review-additions", args=[pk])),
            ("report", "Báo cáo cấp trên", reverse("planning:review-report", args=[pk])),
        )
        return super().context(
            review_parts=[(words, url, key == self.part) for key, words, url in parts],
            review=review_counts(self.listed),
            **extra,
        )


def reasons_of(review: dict[str, Any]) -> str:
    """What a proposal rests on, in words."""
    words = {**REMOVALS, AGES_OUT: "Đến kỳ rà soát sau không còn đủ tuổi"}
    return "; ".join(words.get(rule) or rule_words(rule) for rule in told(review))


def _proposal(row: Candidate) -> str:
    return KIND_LABELS.get(row.review.get("proposal", "keep"), "")


def _proposal_label(row: Candidate) -> SafeString | str:
    kind = row.review.get("proposal", "keep")
    if kind == "keep":
        return ""
    at_once = kind == "remove" and AT_ONCE.intersection(told(row.review))
    return label("đưa ra ngay" if at_once else KIND_LABELS[kind].lower(), KIND_TONES[kind])


def _decided(row: Candidate) -> str:
    if not row.is_standing:
        return str(row.get_state_display())
    if row.review.get("decided") == "keep":
        return "Giữ lại"
    return "Chờ ý kiến" if is_open(row.review) else ""


class ReviewPage(ReviewScreen, ListScreen):
    """Everybody whom the list before planned, those proposed to be taken off first."""

    title = "Rà soát"
    noun = "lượt người"
    template_name = "planning/review.html"
    fragments: ClassVar[dict[str, str]] = {"list": "planning/review_results.html"}  # type: ignore[misc]
    default_sort = "state"
    export_name = "ra-soat-quy-hoach"
    filter_class = ReviewFilters
    empty = Empty(title="Danh sách trước không có ai", icon="users")

    def get_columns(self) -> Sequence[Column]:
        """Who, for what, what is proposed and why, what was decided."""
        return (
            Column(
                key="name",
                label="Họ và tên",
                value=lambda row: row.shown.cadre.full_name,
                second=lambda row: row.shown.post,
                second_label="Chức vụ, đơn vị",
                render=self._box,
                sort="cadre__sort_key",
                fixed=True,
                wide=True,
            ),
            Column(key="born", label="Ngày sinh", value=lambda row: row.shown.born, sort="cadre__born"),
            Column(
                key="seat",
                label="Chức danh quy hoạch",
                value="seat.title.name",
                second="unit_full",
                second_label="Đơn vị của chức danh",
                link=lambda row: reverse("planning:seat-detail", args=[row.seat_id]),
                sort="seat__title__rank",
                wide=True,
            ),
            Column(key="proposal", label="Đề xuất", value=_proposal, render=_proposal_label),
            Column(key="why", label="Vì sao", value=lambda row: reasons_of(row.review), wide=True),
            Column(
                key="decided",
                label="Ý kiến",
                value=_decided,
                second=lambda row: row.reason or row.review.get("reason", ""),
                second_label="Lý do",
                render=self._decision,
            ),
            Column(key="state", label="Thứ tự xét", value="turn", sort="turn", hidden=True, export=False),
        )

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """Those carried over; the undecided first."""
        turn = Case(
            When(review__has_key="decided", then=Value(2)),
            When(review__proposal="remove", then=Value(0)),
            When(review__proposal="warn", then=Value(1)),
            default=Value(3),
            output_field=IntegerField(),
        )
        rows = self.listed.filter(carried_from__isnull=False).annotate(turn=turn)
        return rows.select_related("seat__title", "seat__round", "seat__part", "cadre").defer("seat__round__content")

    def with_details(self, rows: Any) -> list[Any]:
        """People of the rows; who is shown is logged."""
        listed = list(rows)
        people = shown_people([row.cadre_id for row in listed], self.round.day)
        names = unit_names({row.seat.unit_id for row in listed}, self.round.day)
        for row in listed:
            row.shown, row.unit_full = people[row.cadre_id], names.get(row.seat.unit_id, "")
        told_of, what = [row.cadre_id for row in listed], f"Rà soát, {self.round.name}"
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=told_of, what=what, day=self.day)
        else:
            log_seen(user=self.reader, people=told_of, what=what, day=self.day)
        return listed

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """What is seen as a workbook; `with_details` logs it."""
        return super().export(columns, rows)

    def _box(self, row: Any) -> SafeString:
        """The box that marks somebody whom the proposal takes off."""
        name = row.shown.cadre.full_name
        box = ""
        if is_open(row.review) and self._may_decide(row):
            box = format_html('<input type="checkbox" name="rows" value="{}" aria-label="Chọn {}">', row.pk, name)
        return format_html(
            '<span class="pick">{}<span><a href="{}">{}</a><span class="sub">{}</span></span></span>',
            box,
            self.link(row.shown.url),
            name,
            row.shown.post,
        )

    def _decision(self, row: Any) -> SafeString | str:
        reason = row.reason or row.review.get("reason", "")
        if is_open(row.review) and row.is_standing and self._may_decide(row):
            url = self.link(reverse("planning:review-keep", args=[row.pk]))
            return format_html('<a class="btn btn-sm" href="{}">Giữ lại</a>', url)
        tone = STATE_TONES[row.state] if not row.is_standing else ""
        words = _decided(row)
        mark = label(words, tone) if words else ""
        return format_html('{}<span class="sub">{}</span>', mark, reason) if reason else mark

    def _may_decide(self, row: Any) -> bool:
        return self.is_open and is_editable(row.seat, self.reader)

    def get_actions(self) -> Sequence[Button]:
        """Judge anew."""
        if not (self.is_open and self.manages):
            return ()
        url = reverse("planning:review-refresh", args=[self.round.pk])
        return (Button(label="Xét lại", url=url, icon="refresh-cw"),)

    def get_lead(self) -> str:
        """How it stands."""
        counts = review_counts(self.listed)
        return (
            f"{number_text(counts['proposed'])} đề xuất đưa ra, còn {number_text(counts['undecided'])} chờ ý kiến · "
            f"{number_text(counts['warned'])} cảnh báo"
        )


class ReviewRefresh(ManagerScreen, ServiceFormScreen, ActionScreen):
    """Judge everybody anew."""

    title, submit_label = "Xét lại đề xuất", "Xét lại"
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm
    question = "Xét lại toàn bộ danh sách theo hồ sơ hiện nay?"

    def may_open(self) -> bool:
        """Of a review that is open or being prepared."""
        if not super().may_open():
            return False
        if self.round.follows_id is None or self.round.state not in ("draft", "open", "voting"):
            raise Http404
        return True

    def get_consequences(self) -> Sequence[str]:
        """What stays."""
        return ["Ý kiến đã ghi được giữ, trừ khi hồ sơ có thêm lý do mới phải đưa ra."]

    def get_cancel_url(self) -> str:
        """Back."""
        return reverse("planning:review", args=[self.round.pk])

    def get_success_url(self, result: Any) -> str:
        """Back."""
        return self.get_cancel_url()

    def write(self, form: Any) -> int:
        """Judge."""
        return refresh_review(planning_round=self.round, acting_user=self.reader)


class ReviewTakeOff(ReviewScreen):
    """Take off those who are marked, each for the reasons of his proposal; asked first."""

    template_name = "planning/review_take_off.html"
    title = "Đưa ra khỏi quy hoạch"
    http_method_names = ["post"]

    def may_open(self) -> bool:
        """Who plans."""
        return may_plan(self.reader) and super().may_open()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask, then do it; a row that is not the reader's to decide is 404."""
        back = self.link(reverse("planning:review", args=[self.round.pk]))
        ids = typed_keys(request.POST.getlist("rows"))[:MOST_AT_ONCE]
        rows = list(self.listed.filter(pk__in=ids).select_related("cadre", "seat__round", "seat__title", "seat__part"))
        if len(rows) != len(set(ids)):
            raise Http404
        if not rows:
            messages.warning(request, "Hãy đánh dấu người cần đưa ra.")
            return HttpResponseRedirect(back)
        if not request.POST.get("sure"):
            return self.respond(rows=[(row, reasons_of(row.review)) for row in rows], back=back)
        try:
            count = take_off_proposed(candidates=rows, acting_user=self.reader)
        except Candidate.DoesNotExist as error:
            raise Http404 from error
        except ServiceRefusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(back)
        messages.success(request, f"Đã đưa {number_text(count)} lượt người ra khỏi quy hoạch.")
        return HttpResponseRedirect(back)


class ReviewKeep(CandidateScreen, ActionScreen):
    """Keep somebody against the proposal."""

    title, submit_label, success_text = "Giữ lại trong quy hoạch", "Giữ lại", "Đã ghi ý kiến giữ lại."
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def is_possible(self) -> bool:
        """Of whom it is proposed to take off."""
        row = self.candidate
        return super().is_possible() and row.is_standing and row.review.get("proposal") == "remove"

    def get_question(self) -> str:
        """Whom."""
        return f"Giữ {self.candidate.cadre.full_name} trong quy hoạch «{self.seat_name}»?"

    def get_consequences(self) -> Sequence[str]:
        """Why it is proposed to take him off."""
        return [f"Đề xuất đưa ra vì: {reasons_of(self.candidate.review).lower()}."]

    def get_success_url(self, result: Any) -> str:
        """Back to the review."""
        return reverse("planning:review", args=[self.candidate.seat.round_id])

    def get_cancel_url(self) -> str:
        """Back to the review."""
        return reverse("planning:review", args=[self.candidate.seat.round_id])

    def write(self, form: Any) -> Candidate:
        """Keep him."""
        return keep_proposed(candidate=self.candidate, reason=form.cleaned_data["reason"], acting_user=self.reader)


@dataclass(frozen=True)
class AddedPerson:
    """Somebody who might be added, as the page shows him."""

    person: ShownPerson
    addition: Addition
    tag: Any


@dataclass(frozen=True)
class RoomySeat:
    """A seat with room, and who might be added to it."""

    seat: Any
    room: int
    people: Sequence[AddedPerson]
    may_edit: bool


class ReviewAdditions(ReviewScreen):
    """Seats that have room, with the people of their office who are eligible."""

    part = "additions"
    title = "Đề xuất bổ sung"
    lead = "Người tại chỗ đủ điều kiện hoặc chỉ còn điều chưa rõ, cho chức danh còn chỗ"
    template_name = "planning/review_additions.html"

    @cached_property
    def page(self) -> Page[Any]:
        """A page of seats that have room."""
        seats = list(self.seats.select_related("part", "round").defer("round__content").order_by("position", "pk"))
        roomy = seats_with_room(seats, self.listed, most_people(self.round.day))
        return Paginator(roomy, SEATS_PER_PAGE).get_page(self.request.GET.get("page"))

    def people(self) -> CadreQuerySet:
        """Whom the reader may plan, of those who work on the round's day."""
        return planned_by(self.reader, self.round).present_on(self.round.day)

    def context(self, **extra: Any) -> dict[str, Any]:
        """The seats; who is shown is logged."""
        seats, day = list(self.page.object_list), self.round.day
        since = self.round.follows.day if self.round.follows is not None else None
        added = additions_for(seats, self.people(), self.listed, day=day, since=since) if self.is_open else {}
        ids = {one.cadre_id for found in added.values() for one in found}
        people = shown_people(sorted(ids), day)
        log_seen(user=self.reader, people=ids, what=f"Đề xuất bổ sung, {self.round.name}", day=self.day)
        shown = [self._shown(seat, added, people) for seat in seats]
        roomy, bare = [one for one in shown if one.people], [one for one in shown if not one.people]
        return super().context(page=self.page, roomy=roomy, bare=bare, **extra)

    def _shown(self, seat: Any, added: dict[int, list[Addition]], people: dict[int, ShownPerson]) -> RoomySeat:
        day = self.round.day
        shown = [
            AddedPerson(people[one.cadre_id], one, verdict_tag(one.verdict, day)) for one in added.get(seat.pk, ())
        ]
        standing = sum(row.is_standing for row in self._rows_of(seat.pk))
        room = (seat.places(most_people(day)) or 0) - standing
        return RoomySeat(seat, room, shown, self.is_open and is_editable(seat, self.reader))

    def _rows_of(self, seat_id: int) -> list[Candidate]:
        return self._by_seat.get(seat_id, [])

    @cached_property
    def _by_seat(self) -> dict[int, list[Candidate]]:
        found: dict[int, list[Candidate]] = {}
        for row in self.listed.filter(seat__in=[seat.pk for seat in self.page.object_list]):
            found.setdefault(row.seat_id, []).append(row)
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Put those who are marked on the list; whoever is not the reader's to plan is 404."""
        back = self.link(request.get_full_path())
        pairs = [pair.partition("-") for pair in request.POST.getlist("chosen")][:MOST_AT_ONCE]
        keys = [(typed_key(seat), typed_key(pk)) for seat, _, pk in pairs]
        asked = [(seat, pk) for seat, pk in keys if seat is not None and pk is not None]
        if not asked:
            messages.warning(request, "Hãy đánh dấu người cần bổ sung.")
            return HttpResponseRedirect(back)
        seats = {seat.pk: seat for seat in self.seats.select_related("part", "round").defer("round__content")}
        people = {cadre.pk: cadre for cadre in self.people().filter(pk__in=[pk for _, pk in asked])}
        if any(seat not in seats or pk not in people for seat, pk in asked):
            raise Http404
        try:
            count = add_proposed(chosen=[(seats[seat], people[pk]) for seat, pk in asked], acting_user=self.reader)
        except ServiceRefusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"Đã bổ sung {number_text(count)} lượt người vào danh sách.")
        return HttpResponseRedirect(back)


class ReviewLeaveOut(SeatPlannerScreen, ServiceFormScreen, ActionScreen):
    """Do not add somebody whom the review found eligible."""

    title, submit_label, success_text = "Không bổ sung", "Không bổ sung", "Đã ghi ý kiến."
    form_class: ClassVar[type[forms.BaseForm]] = ReasonForm

    def may_open(self) -> bool:
        """Of a list that may be changed."""
        if not super().may_open():
            return False
        if not self.may_edit or self.seat.round.follows_id is None:
            raise Http404
        return bool(self.person)

    @cached_property
    def person(self) -> Cadre:
        """The person of the address, or 404; who is on a row of the seat already is not decided here."""
        people = planned_by(self.reader, self.seat.round).exclude(candidate_set__seat=self.seat)
        found: Cadre = get_object_or_404(people, pk=self.kwargs["cadre_pk"])
        return found

    def get_question(self) -> str:
        """Whom."""
        return f"Không bổ sung {self.person.full_name} vào quy hoạch «{self.seat_name}»?"

    def get_cancel_url(self) -> str:
        """Back to the additions."""
        return reverse("planning:review-additions", args=[self.seat.round_id])

    def get_success_url(self, result: Any) -> str:
        """Back to the additions."""
        return self.get_cancel_url()

    def write(self, form: Any) -> None:
        """Write it down."""
        leave_out(seat=self.seat, cadre=self.person, reason=form.cleaned_data["reason"], acting_user=self.reader)


class ReviewReportPage(ReviewScreen):
    """The report to the level above: who was taken off, kept all the same, added; the structure before and after."""

    part = "report"
    title = "Báo cáo kết quả rà soát"
    template_name = "planning/review_report.html"

    @cached_property
    def report(self) -> ReviewReport:
        """The report, of what the reader sees."""
        return review_report(self.round, self.reader)

    def get_lead(self) -> str:
        """Of which day."""
        return f"{self.round.get_level_display()} · tính đến ngày {date_text(self.round.day)}"

    def get_actions(self) -> Sequence[Button]:
        """As a workbook, on paper."""
        pk = self.round.pk
        return (
            Button(label="Xuất Excel", url=reverse("planning:review-workbook", args=[pk]), icon="download"),
            Button(label="In PDF", url=reverse("planning:review-print", args=[pk]), icon="printer"),
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """The report; who is named is logged."""
        log_seen(user=self.reader, people=self.report.people, what=f"Báo cáo rà soát, {self.round.name}", day=self.day)
        return super().context(report=self.report, **extra)


class ReviewWorkbook(ReviewReportPage):
    """The report as a workbook, logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        content = review_workbook(self.report)
        log_taken_out(
            user=self.reader, people=self.report.people, what=f"Báo cáo rà soát, {self.round.name}", day=self.day
        )
        return ExportFile(f"bao-cao-ra-soat-{self.round.pk}.xlsx", content).response()


class ReviewPrint(ReviewReportPage):
    """The report as PDF, logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Print it."""
        content = review_pdf(self.report)
        log_printed(
            user=self.reader, people=self.report.people, what=f"Báo cáo rà soát, {self.round.name}", day=self.day
        )
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="bao-cao-ra-soat-{self.round.pk}.pdf"'
        return response
