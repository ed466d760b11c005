"""Opening pages of planning: who may at all, the round or seat of the address, the way between a round's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.accounts import reader
from hrdb.kernel.models import User
from hrdb.kernel.screens import Crumb, Screen
from hrdb.kernel.screens.pieces import steps
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models.access import unit_name
from personnel.policies import Action
from personnel.rules.judging import RULES, Rule
from planning.choices import FROZEN_ROUNDS, OPEN_ROUNDS, RoundState
from planning.models import PlannedSeat, PlanningRound
from planning.models.scope import may_plan, may_read_planning, seats_q
from planning.services.acting import manages_round, may_approve_round
from planning.services.candidates import is_editable

TONES = {
    RoundState.DRAFT: "",
    RoundState.OPEN: "act",
    RoundState.VOTING: "act",
    RoundState.SUBMITTED: "warn",
    RoundState.APPROVED: "good",
    RoundState.SUPERSEDED: "",
}
#: The steps of a round as they are drawn, and the place of each state.
STEP_LABELS = ("Chuẩn bị", "Giới thiệu nhân sự", "Lấy phiếu", "Trình", "Phê duyệt")
STEP_PLACES = {
    RoundState.DRAFT: 0,
    RoundState.OPEN: 1,
    RoundState.VOTING: 2,
    RoundState.SUBMITTED: 3,
    RoundState.APPROVED: 5,
    RoundState.SUPERSEDED: 5,
}


def state_label(planning_round: PlanningRound) -> SafeString:
    """The state of a round as a label."""
    state = RoundState(planning_round.state)
    return label(str(state.label), TONES[state])


def overridable_rule(key: str) -> Rule:
    """The rule of an address, or 404 where no reason may pass over it."""
    found = RULES.get(key)
    if found is None or not found.is_overridable:
        raise Http404
    return found


class PlanningScreen(Screen):
    """A page for who plans or approves somewhere."""

    def may_open(self) -> bool:
        """Whoever has an action of planning in some unit."""
        return may_read_planning(reader(self.request))

    @property
    def reader(self) -> User:
        """The account that asks."""
        return reader(self.request)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list of rounds."""
        return [Crumb("Quy hoạch", reverse("planning:round-list"))]


class PlannerScreen(PlanningScreen):
    """A page for who plans."""

    def may_open(self) -> bool:
        """Whoever plans in some unit."""
        return may_plan(reader(self.request))


@dataclass(frozen=True)
class RoundLink:
    """One of the pages of a round."""

    key: str
    label: str
    url: str
    is_current: bool


class RoundScreen(PlanningScreen):
    """A page about one round: 404 out of scope."""

    page_key: ClassVar[str] = ""

    @cached_property
    def round(self) -> PlanningRound:
        """The round of the address, or 404."""
        rounds = PlanningRound.objects.visible_to(self.reader).select_related("follows__decision", "decision")
        rounds = rounds.defer("content", "follows__content")
        found: PlanningRound = get_object_or_404(rounds, pk=self.kwargs["pk"])
        return found

    @cached_property
    def manages(self) -> bool:
        """Whether the reader prepares the round as a whole."""
        return manages_round(self.reader, self.round)

    @cached_property
    def may_approve(self) -> bool:
        """Whether the submitted list waits for the reader's approval."""
        return self.round.state == RoundState.SUBMITTED and may_approve_round(self.reader, self.round)

    @property
    def is_open(self) -> bool:
        """Whether candidates may be put on and taken off."""
        return self.round.state in OPEN_ROUNDS

    @property
    def is_frozen(self) -> bool:
        """Whether the list stands as it was approved."""
        return self.round.state in FROZEN_ROUNDS

    @cached_property
    def seats(self) -> QuerySet[Any]:
        """The seats of the round that the reader may read, with the names of their units."""
        seats = PlannedSeat.objects.visible_to(self.reader).filter(round=self.round)
        return seats.select_related("title", "unit").annotate(unit_label=unit_name("unit_id"))

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list and the round."""
        return [*super().get_crumbs(), Crumb(self.round.name, reverse("planning:round-detail", args=[self.round.pk]))]

    def round_links(self) -> list[RoundLink]:
        """The pages of the round that are of use in its state."""
        pages = [
            ("overview", "Tổng quan", "round-detail"),
            ("seats", "Chức danh", "seat-list"),
            ("people", "Danh sách nhân sự", "candidate-list"),
            ("structure", "Cơ cấu", "round-structure"),
            ("parts", "Tiến độ đơn vị", "part-list"),
        ]
        if self.round.state != RoundState.DRAFT:
            pages.append(("votes", "Lấy phiếu", "vote-list"))
        if self.round.follows_id is not None:
            pages.append(("review", "Rà soát", "review"))
        pages.append(("documents", "Tài liệu", "documents"))
        pages.append(("history", "Lịch sử", "round-history"))
        return [
            RoundLink(key, words, reverse(f"planning:{view}", args=[self.round.pk]), key == self.page_key)
            for key, words, view in pages
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        """The round, its state and the way between its pages."""
        return (
            super().context(
                round=self.round,
                round_links=self.round_links(),
                round_steps=steps(STEP_LABELS, STEP_PLACES[RoundState(self.round.state)]),
                manages=self.manages,
                is_open=self.is_open,
                is_frozen=self.is_frozen,
            )
            | extra
        )


class ManagerScreen(RoundScreen):
    """A page for who prepares the round as a whole; for the others it is not there."""

    def may_open(self) -> bool:
        """Only who plans; who does not prepare this round gets 404."""
        if not may_plan(reader(self.request)):
            return False
        if not self.manages:
            raise Http404
        return True


class SeatScreen(PlanningScreen):
    """A page about one seat of a round: 404 out of scope."""

    @cached_property
    def seat(self) -> PlannedSeat:
        """The seat of the address, or 404."""
        seats = PlannedSeat.objects.visible_to(self.reader).select_related("round", "title", "unit", "part")
        found: PlannedSeat = get_object_or_404(seats.annotate(unit_label=unit_name("unit_id")), pk=self.kwargs["pk"])
        return found

    @cached_property
    def may_plan_seat(self) -> bool:
        """Whether the reader plans for this seat (who approves only reads it)."""
        return PlannedSeat.objects.filter(seats_q(self.reader, Action.PLAN), pk=self.seat.pk).exists()

    @cached_property
    def may_edit(self) -> bool:
        """Whether the reader may change the seat's list now."""
        return self.may_plan_seat and is_editable(self.seat, self.reader)

    @property
    def seat_name(self) -> str:
        """Title and unit in words."""
        return f"{self.seat.title.name} · {self.seat.unit_label}"  # type: ignore[attr-defined]

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, the round, its seats, this seat."""
        planning_round = self.seat.round
        return [
            *super().get_crumbs(),
            Crumb(planning_round.name, reverse("planning:round-detail", args=[planning_round.pk])),
            Crumb("Chức danh", reverse("planning:seat-list", args=[planning_round.pk])),
            Crumb(self.seat_name, reverse("planning:seat-detail", args=[self.seat.pk])),
        ]


class SeatPlannerScreen(SeatScreen):
    """A page for who plans for the seat."""

    def may_open(self) -> bool:
        """Only who plans; who only approves gets 404."""
        if not may_plan(reader(self.request)):
            return False
        if not self.may_plan_seat:
            raise Http404
        return True
