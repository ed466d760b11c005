"""Seats of a round: the list, adding and changing them, and the page on which the list of one seat is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, DecimalField, ExpressionWrapper, F, IntegerField, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text, percent_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Unit
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import STANDING, RoundState
from planning.filters.rounds import SeatFilters
from planning.forms.rounds import AddSeatsForm, PlainForm, SeatForm
from planning.models import Candidate, PlannedSeat, VoteStep
from planning.services.acting import manages_round
from planning.services.candidates import order_candidates
from planning.services.reading import log_seen, log_taken_out
from planning.services.rounds import add_seats, change_seat, drop_seat
from planning.statistics.limits import most_people
from planning.statistics.names import unit_names
from planning.statistics.seat_sources import offered_titles, sources
from planning.statistics.structure import list_structure
from planning.statistics.votes import PartVotes
from planning.views.lines import ShownCandidate, shown_candidates
from planning.views.opening import ManagerScreen, RoundScreen, SeatPlannerScreen, SeatScreen
from planning.views.round_pages import shown_measure


def _filled(row: PlannedSeat) -> SafeString | str:
    """How many stand, of how many that may."""
    count: int = row.people  # type: ignore[attr-defined]
    most: int | None = row.most  # type: ignore[attr-defined]
    told = number_text(count) if most is None else f"{number_text(count)}/{number_text(most)}"
    if count == 0:
        return label("chưa có ai", "warn")
    return label(told, "bad") if most is not None and count > most else told


class SeatList(RoundScreen, ListScreen):
    """The seats of a round that the reader may see."""

    page_key = "seats"
    title = "Chức danh quy hoạch"
    noun = "chức danh"
    template_name = "planning/round_list.html"
    default_sort = "place"
    export_name = "chuc-danh-quy-hoach"
    filter_class = SeatFilters
    columns = (
        Column(
            key="title",
            label="Chức danh",
            value="title.name",
            link=lambda row: reverse("planning:seat-detail", args=[row.pk]),
            sort="title__name",
            fixed=True,
            wide=True,
        ),
        Column(key="unit", label="Đơn vị", value="unit_full", sort="unit_label", wide=True),
        Column(key="number", label="Số ghế", value="number", align="right", sort="number"),
        Column(
            key="kind",
            label="Loại",
            value=lambda row: f"hệ số {row.coefficient or '—'}" if row.is_body else "ghế",
            hidden=True,
        ),
        Column(key="people", label="Số người", value="people", render=_filled, align="right", sort="people"),
        Column(key="first", label="Đối tượng 1", value="firsts", align="right", sort="firsts"),
        Column(key="second", label="Đối tượng 2", value="seconds", align="right", sort="seconds"),
        Column(key="place", label="Thứ tự", value="position", align="right", sort=("position", "pk"), hidden=True),
    )
    empty = Empty(title="Chưa có chức danh nào", text="Thêm chức danh cần quy hoạch vào đợt.", icon="armchair")

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The seats with how many stand on each."""
        standing = Candidate.objects.all().visible_to(self.reader).filter(state__in=STANDING).values("pk")
        on_it = Q(candidates__in=standing)
        per_seat = most_people(self.round.day)
        seats = self.seats.annotate(
            people=Count("candidates", filter=on_it),
            firsts=Count("candidates", filter=on_it & Q(candidates__object=1)),
            seconds=Count("candidates", filter=on_it & Q(candidates__object=2)),
        )
        return seats.annotate(is_over=_is_over(per_seat))

    def with_details(self, rows: Any) -> list[Any]:
        """Units by their full name, and how many may stand."""
        listed = list(rows)
        names = unit_names([row.unit_id for row in listed], self.round.day)
        per_seat = most_people(self.round.day)
        for row in listed:
            row.unit_full, row.most = names.get(row.unit_id, row.unit_label), row.places(per_seat)
        return listed

    def get_empty(self) -> Empty:
        """The way to add seats, for who may."""
        if not (self.manages and not self.is_frozen):
            return Empty(title="Chưa có chức danh nào trong phạm vi được giao", icon="armchair")
        url = reverse("planning:seat-add", args=[self.round.pk])
        action = Button(label="Thêm chức danh", url=url, icon="plus")
        return Empty(title=self.empty.title, text=self.empty.text, icon=self.empty.icon, action=action)

    def get_actions(self) -> Sequence[Button]:
        """Add seats while the list is not submitted."""
        if not self.manages or self.round.state not in (RoundState.DRAFT, RoundState.OPEN, RoundState.VOTING):
            return ()
        url = reverse("planning:seat-add", args=[self.round.pk])
        return (Button(label="Thêm chức danh", url=url, icon="plus", main=True),)

    def export(self, columns: Sequence[Column], rows: QuerySet[Any]) -> ExportFile:
        """The seats as a workbook, logged."""
        log_taken_out(user=self.reader, people=(), what=f"Chức danh của {self.round.name}", day=self.day)
        return super().export(columns, rows)


def _is_over(per_seat: int | None) -> Case:
    """Annotation: whether more stand than may, by the law or by the coefficient of a body."""
    of_post = Q(people__gt=F("number") * per_seat) if per_seat is not None else Q(pk__in=[])
    product = ExpressionWrapper(F("number") * F("coefficient") + 1, output_field=DecimalField())
    whens = [
        When(Q(is_body=True, coefficient__isnull=False, people__gte=product), then=1),
        When(Q(is_body=False) & of_post, then=1),
    ]
    return Case(*whens, default=0, output_field=IntegerField())


class SeatAdd(ManagerScreen, ServiceFormScreen):
    """Add the seats of some titles to a round."""

    title = "Thêm chức danh quy hoạch"
    template_name = "planning/seat_add.html"
    form_class = AddSeatsForm
    submit_label = "Thêm vào đợt"

    def get_lead(self) -> str:
        """Which titles are offered."""
        return f"Chức danh thuộc {self.round.get_level_display()}; ghế đã có trong đợt không thêm lại"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The titles of the level."""
        return {"titles": offered_titles(self.round, self.reader)}

    def write(self, form: Any) -> list[PlannedSeat]:
        """Add them; an unknown unit is said at its field."""
        below = None
        if code := form.cleaned_data["unit"].strip():
            unit = Unit.objects.visible_to(self.reader, Action.PLAN).filter(code=code).first()
            if unit is None:
                raise ValidationError({"unit": "Không có đơn vị mã này trong phạm vi được giao."})
            below = [unit.pk]
        found = sources(
            self.round,
            self.reader,
            titles=map(int, form.cleaned_data["titles"]),
            below=below,
            with_undeclared=form.cleaned_data["undeclared"],
        )
        if not found:
            raise ValidationError("Không có ghế nào mới của các chức danh đã chọn.")
        return add_seats(planning_round=self.round, seats=found, acting_user=self.reader)

    def get_success_text(self, result: Any) -> str:
        """How many."""
        return f"Đã thêm {number_text(len(result))} chức danh vào đợt."

    def get_success_url(self, result: Any) -> str:
        """The seats of the round."""
        return reverse("planning:seat-list", args=[self.round.pk])


class SeatPage(SeatScreen):
    """One seat: who stands for it, with live findings, and what may be done."""

    template_name = "planning/seat.html"
    fragments = {"candidates": "planning/seat_candidates.html"}

    def get_title(self) -> str:
        """Title and unit."""
        return self.seat_name

    def get_lead(self) -> str:
        """Seats, places, of which round."""
        seat = self.seat
        most = seat.places(most_people(seat.round.day))
        told = f"{number_text(seat.number)} ghế" if not seat.is_body else f"{number_text(seat.number)} thành viên"
        places = f"quy hoạch tối đa {number_text(most)} người" if most is not None else "chưa đặt hệ số"
        return f"{told} · {places} · {seat.round.name}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Up to the seats of the round."""
        return [*super().get_crumbs()[:-1], Crumb(self.seat_name)]

    def get_actions(self) -> Sequence[Button]:
        """Find people, compare those who stand, change or drop the seat."""
        buttons = []
        seat = self.seat
        if self.may_plan_seat:
            standing = [row.candidate.cadre_id for row in self.shown if row.candidate.is_standing][:5]
            if len(standing) > 1:
                url = with_query(reverse("planning:seat-compare", args=[seat.pk]), people=",".join(map(str, standing)))
                buttons.append(Button(label="So sánh", url=url, icon="columns-3"))
        if self.may_change_seat:
            buttons.append(Button(label="Sửa ghế", url=reverse("planning:seat-change", args=[seat.pk]), icon="pencil"))
            if not self.shown:
                url = reverse("planning:seat-drop", args=[seat.pk])
                buttons.append(Button(label="Bỏ chức danh", url=url, icon="trash-2", harm=True))
        if self.may_edit:
            url = reverse("planning:seat-find", args=[seat.pk])
            buttons.append(Button(label="Tìm người", url=url, icon="search", main=True))
        return buttons

    @cached_property
    def may_change_seat(self) -> bool:
        """Whether the reader prepares the round, which is not submitted yet."""
        open_states = (RoundState.DRAFT, RoundState.OPEN, RoundState.VOTING)
        return self.seat.round.state in open_states and manages_round(self.reader, self.seat.round)

    @cached_property
    def shown(self) -> list[ShownCandidate]:
        """Everybody of the seat's list, judged now."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat=self.seat)
        shown = shown_candidates(rows, user=self.reader, day=self.seat.round.day)
        if self.seat.part is not None:
            steps = VoteStep.objects.filter(round=self.seat.round, unit=self.seat.part.unit_id).order_by("number")
            _tell_votes(PartVotes(list(steps), [row.candidate for row in shown]), shown)
        return shown

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Put the list into another order: the row named goes up or down one place."""
        if not self.may_edit:
            raise PermissionDenied
        order = [row.candidate.pk for row in self.shown if row.candidate.is_standing]
        moved = typed_key(request.POST.get("row")) or 0
        if moved in order:
            place = order.index(moved)
            to = place - 1 if request.POST.get("move") == "up" else place + 1
            if 0 <= to < len(order):
                order[place], order[to] = order[to], order[place]
                try:
                    order_candidates(seat=self.seat, order=order, acting_user=self.reader)
                except ServiceRefusal as refusal:
                    messages.error(request, refusal.message)
        return HttpResponseRedirect(self.link(reverse("planning:seat-detail", args=[self.seat.pk])))

    def context(self, **extra: Any) -> dict[str, Any]:
        """The list, the structure of the round beside it; the reading is logged."""
        shown = self.shown
        log_seen(
            user=self.reader,
            people=[row.candidate.cadre_id for row in shown],
            what=f"Danh sách {self.seat_name}, {self.seat.round.name}",
            day=self.day,
        )
        standing = (
            Candidate.objects.all().visible_to(self.reader).filter(seat__round=self.seat.round, state__in=STANDING)
        )
        structure = list_structure(standing, self.seat.round)
        main = ("young", "female", "ethnic_minority", "science")
        return super().context(
            seat=self.seat,
            round=self.seat.round,
            standing=[row for row in shown if row.candidate.is_standing],
            gone=[row for row in shown if not row.candidate.is_standing],
            may_edit=self.may_edit,
            may_plan=self.may_plan_seat,
            measures=[shown_measure(one) for one in structure.measures if one.metric in main],
            structure=structure,
            **extra,
        )


def _tell_votes(votes: PartVotes, shown: Sequence[ShownCandidate]) -> None:
    """What each step counted, beside each candidate."""
    for row in shown:
        told = []
        for step in votes.steps:
            share = votes.results[step.number].shares.get(row.candidate.pk)
            count = row.candidate.tallies.get(str(step.number), {}).get("votes")
            if count is not None:
                part = f" ({percent_text(float(share) / 100)})" if share is not None else ""
                told.append(f"bước {step.number}: {number_text(count)} phiếu{part}")
        row.votes = told


class SeatAct(SeatPlannerScreen, ServiceFormScreen):
    """A form about a seat, for who prepares its round."""

    read_once: ClassVar[Sequence[str]] = ("seat",)

    def may_open(self) -> bool:
        """Who prepares the round, which is not submitted; for the others it is not there."""
        if not super().may_open():
            return False
        if self.seat.round.state not in (RoundState.DRAFT, RoundState.OPEN, RoundState.VOTING):
            raise Http404
        if not manages_round(self.reader, self.seat.round):
            raise Http404
        return True

    def get_success_url(self, result: Any) -> str:
        """Back to the seat."""
        return reverse("planning:seat-detail", args=[self.seat.pk])

    def get_cancel_url(self) -> str:
        """Back to the seat."""
        return reverse("planning:seat-detail", args=[self.seat.pk])


class SeatChange(SeatAct):
    """Change number, coefficient, reference day."""

    title = "Sửa chức danh quy hoạch"
    form_class = SeatForm

    def get_lead(self) -> str:
        """Which seat."""
        return self.seat_name

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bodies have a coefficient."""
        return {"is_body": self.seat.is_body, "day": self.seat.round.day}

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.seat, name) for name in ("number", "coefficient", "reference_day")}

    def get_version(self) -> str:
        """The seat's version."""
        return str(version_of(self.seat))

    def write(self, form: Any) -> PlannedSeat:
        """Change it."""
        return change_seat(
            seat=self.seat, values=form.cleaned_data, version=self.version_shown, acting_user=self.reader
        )


class SeatDrop(SeatAct, ActionScreen):
    """Take a seat out of the round."""

    title, submit_label, success_text = "Bỏ chức danh khỏi đợt", "Bỏ chức danh", "Đã bỏ chức danh khỏi đợt."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ «{self.seat_name}» khỏi đợt?"

    def write(self, form: Any) -> None:
        """Drop it."""
        self.round_id = self.seat.round_id
        drop_seat(seat=self.seat, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The seats of the round."""
        return reverse("planning:seat-list", args=[self.round_id])
