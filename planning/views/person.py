"""One person: every seat that he could be planned for; the tab of the profile; what he himself is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Column, Crumb, Empty, FilterForm, ListScreen
from hrdb.kernel.screens.exports import ExportFile
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import Tag
from hrdb.kernel.templatetags.hr_screens import label
from hrdb.kernel.text import fold
from personnel.models import Cadre, Seat, Unit
from personnel.policies import Action
from personnel.record_parts import ProfileAction, ProfileCard, cadre_tabs, profile_actions, profile_cards
from personnel.views.tabs import CadreTab
from planning.choices import CandidateObject
from planning.filters.candidates import OUTCOMES
from planning.models import Candidate
from planning.models.scope import may_plan, may_read_planning, people_q, seats_q
from planning.rules.eligibility import TIER_2_RULES, Target, Verdict, judge
from planning.services.reading import log_seen, log_taken_out
from planning.statistics.announced import announced_titles
from planning.statistics.facts import people_facts
from planning.statistics.judging import readable
from planning.statistics.names import unit_names
from planning.statistics.ranking import STANDING_LABELS, rank_seats
from planning.statistics.targets import post_targets
from planning.views.lines import STATE_TONES, reasons, verdict_tag
from planning.views.opening import PlannerScreen


class PersonSeatFilters(FilterForm):
    """Seats by words, outcome, object, unit."""

    search = "q"
    primary = ("outcome", "object")
    defaults = {"object": "1"}
    q = forms.CharField(label="Tìm", widget=forms.TextInput(attrs={"placeholder": "Chức danh"}))
    outcome = forms.MultipleChoiceField(label="Kết quả xét", choices=OUTCOMES)
    object = forms.TypedChoiceField(label="Đối tượng", choices=CandidateObject.choices, coerce=int)
    unit = forms.CharField(label="Mã đơn vị", max_length=40)


@dataclass
class FoundSeat:
    """A seat that somebody could be planned for."""

    seat: Seat
    verdict: Verdict
    unit: str
    day: Any

    @property
    def pk(self) -> int:
        """The id of the seat."""
        found: int = self.seat.pk
        return found

    @property
    def tag(self) -> Tag:
        """The verdict in a word."""
        return verdict_tag(self.verdict, self.day)


class PersonSeats(PlannerScreen, ListScreen):
    """Every seat in the reader's scope, the ones that the person may be planned for first."""

    noun = "chức danh"
    export_name = "chuc-danh-co-the-quy-hoach"
    filter_class = PersonSeatFilters
    columns = (
        Column(key="title", label="Chức danh", value="seat.title.name", fixed=True, wide=True),
        Column(key="unit", label="Đơn vị", value="unit", wide=True),
        Column(
            key="verdict",
            label="Xét điều kiện",
            value="tag.label",
            render=lambda row: label(row.tag.label, row.tag.tone, row.tag.icon),
        ),
        Column(key="why", label="Vì sao", value=lambda row: reasons(row.verdict), wide=True),
    )
    empty = Empty(title="Chưa có ghế chức danh nào trong phạm vi được giao", icon="armchair")

    @cached_property
    def cadre(self) -> Cadre:
        """The person, whom the reader plans: never himself."""
        people = Cadre.objects.visible_to(self.reader, Action.PLAN).exclude(account_id=self.reader.pk)
        found: Cadre = get_object_or_404(people.manageable_by(self.reader, Action.PLAN, self.day), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who plans the person; the others get 404."""
        return may_plan(self.reader) and bool(self.cadre)

    @cached_property
    def seats(self) -> dict[int, Seat]:
        """The seats in force that the reader plans, as the filters narrow them."""
        values = self.filters.values
        seats = Seat.objects.in_force(self.day).filter(seats_q(self.reader, Action.PLAN), title__is_leadership=True)
        if code := values.get("unit"):
            unit = Unit.objects.visible_to(self.reader, Action.PLAN).filter(code=code).first()
            seats = seats.filter(unit__in=Unit.objects.below([unit.pk], self.day)) if unit else seats.none()
        found = {seat.pk: seat for seat in seats.select_related("title")}
        if words := fold(values.get("q", "")):
            found = {pk: seat for pk, seat in found.items() if words in fold(seat.title.name)}
        return found

    @cached_property
    def targets(self) -> dict[int, Target]:
        """The seats as targets for the object asked."""
        object_ = 2 if self.filters.values.get("object") == 2 else 1
        posts = [(seat.pk, seat.title, seat.unit_id) for seat in self.seats.values()]
        return post_targets(posts, object_=object_, day=self.day)  # type: ignore[arg-type]

    @cached_property
    def ranked(self) -> list[tuple[int, str]]:
        """Every seat with where the person stands."""
        if not self.filters.is_valid():
            return []
        return rank_seats(self.cadre.pk, self.targets, day=self.day)

    @cached_property
    def rows(self) -> Any:
        """The seats of the outcomes that are asked."""
        wanted = set(self.filters.values.get("outcome", ()))
        return [key for key, standing in self.ranked if not wanted or standing in wanted]

    def with_details(self, rows: Iterable[Any]) -> list[Any]:
        """The verdicts of a page's seats; the reading is logged."""
        listed = list(rows)
        person = people_facts([self.cadre.pk], self.day)[self.cadre.pk]
        opened = bool(readable({self.cadre.pk}, self.reader))
        names = unit_names([self.seats[key].unit_id for key in listed], self.day)
        what = "Chức danh có thể quy hoạch"
        if self.is_export_asked():
            log_taken_out(user=self.reader, people=[self.cadre.pk], what=what, day=self.day)
        else:
            log_seen(user=self.reader, people=[self.cadre.pk], what=what, day=self.day)
        found = []
        for key in listed:
            seat = self.seats[key]
            verdict = judge(person=person, target=self.targets[key], day=self.day)
            shown = verdict if opened else verdict.without_facts_of(TIER_2_RULES)
            found.append(FoundSeat(seat, shown, names.get(seat.unit_id, ""), self.day))
        return found

    def get_title(self) -> str:
        """Whose."""
        return f"Chức danh có thể quy hoạch: {self.cadre.full_name}"

    def lead_for(self, count: str) -> str:
        """How many seats stand how."""
        standings = [standing for _, standing in self.ranked]
        told = [
            f"{number_text(standings.count(key))} {words.lower()}"
            for key, words in STANDING_LABELS.items()
            if key in standings
        ]
        return " · ".join(told) or f"{count} chức danh"

    def get_crumbs(self) -> Sequence[Crumb]:
        """From the profile."""
        url = with_query(reverse("personnel:cadre-detail", args=[self.cadre.pk]), tab="planning")
        return [*super().get_crumbs(), Crumb(self.cadre.full_name, url)]

    def export(self, columns: Sequence[Column], rows: Any) -> ExportFile:
        """The seats as a workbook; `with_details` logs it."""
        return super().export(columns, rows)


@cadre_tabs.register
class PlanningTab(CadreTab):
    """Quy hoạch: for which seats somebody stands or stood, for who plans or approves; never one's own."""

    key, label, order = "planning", "Quy hoạch", 66
    template_name = "planning/profile_tab.html"

    def is_shown(self) -> bool:
        """To who plans or approves, of others than himself, of people whose record is kept in that scope."""
        user = reader(self.request)
        if self.opened.is_own or self.opened.is_of_a_day or self.opened.is_stub or not may_read_planning(user):
            return False
        kept = people_q(user, Action.PLAN) | people_q(user, Action.APPROVE)
        return Cadre.objects.filter(kept, pk=self.record.pk).exists()

    def context(self) -> dict[str, Any]:
        """The rows of all rounds that the reader sees; the reading is logged."""
        user = reader(self.request)
        rows = Candidate.objects.all().visible_to(user).filter(cadre=self.record)
        listed = list(
            rows.select_related("seat__round", "seat__title")
            .defer("seat__round__content")
            .order_by("-seat__round__day", "-pk")
        )
        names = unit_names([row.seat.unit_id for row in listed], self.opened.day)
        log_seen(user=user, people=[self.record.pk], what="Thẻ quy hoạch của hồ sơ", day=self.opened.day)
        return {
            "rows": [(row, names.get(row.seat.unit_id, ""), STATE_TONES[row.state]) for row in listed],
            "may_plan": may_plan(user),
        }


@profile_actions.register
class PlanAction(ProfileAction):
    """Seats that somebody could be planned for, from the profile."""

    key, order = "plan", 60

    def action(self) -> Button | None:
        """For who plans the person."""
        user, opened = reader(self.request), self.record.opened
        if opened.is_own or opened.is_of_a_day or opened.is_stub or not may_plan(user):
            return None
        people = Cadre.objects.visible_to(user, Action.PLAN).manageable_by(user, Action.PLAN, opened.today)
        if not people.filter(pk=self.record.pk).exists():
            return None
        url = reverse("planning:person-seats", args=[self.record.pk])
        return Button(label="Có thể quy hoạch", url=url, icon="route")


@profile_cards.register
class AnnouncedCard(ProfileCard):
    """The planned titles that were announced, on the own record."""

    key, tab, order = "announced", "career", 40
    template_name = "planning/announced_card.html"

    def is_shown(self) -> bool:
        """To the person himself, when something was announced to him."""
        return self.record.opened.is_own and bool(self._titles())

    def _titles(self) -> list[str]:
        found: list[str] = getattr(self, "_found", None) or announced_titles(
            [self.record.pk], self.record.opened.day, reader(self.request)
        ).get(self.record.pk, [])
        self._found = found
        return found

    def context(self) -> dict[str, Any]:
        """The titles."""
        return {"titles": self._titles()}
