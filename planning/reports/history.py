"""Who did what in a round (lịch sử đợt quy hoạch), from the histories of its tables, as far as the reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst

from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.screens.pieces import Change
from personnel.models import Cadre
from personnel.models.access import unit_name
from personnel.models.trail import Tracked
from personnel.models.written import RowChange, row_changes
from planning.models import Candidate, PlannedSeat, PlanningRound, UnitPlan, VoteStep

#: Columns that say nothing by themselves on this page.
SILENT = frozenset({"đợt", "mã băm", "nội dung đã duyệt", "kết quả xét", "thứ tự"})
#: What rows are called, by table and id.
Names = dict[tuple[type[Any], int], str]
#: Rows of one act that are told; of the others their number.
MOST_ROWS = 60


@dataclass(frozen=True)
class WrittenRow:
    """A row that an act wrote, in words."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class RoundAct:
    """One act: when, who, why, what it wrote."""

    event: AuditEvent
    rows: tuple[WrittenRow, ...]
    more: int

    @property
    def who(self) -> str:
        """Who did it."""
        return self.event.user.get_full_name() if self.event.user else "Người vận hành máy chủ"


@dataclass
class RoundActs(Sequence[int]):
    """The events of a round by their ids, the newest first; `tell` puts a page of them into words."""

    planning_round: PlanningRound
    user: User | None
    ids: list[int]
    rows: list[tuple[Tracked, QuerySet[Any]]]
    people_shown: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, place: Any) -> Any:
        return self.ids[place]

    def tell(self, ids: Sequence[int]) -> list[RoundAct]:
        """Some events with the rows that they wrote; the number of queries does not depend on how many."""
        events = AuditEvent.objects.select_related("user").in_bulk(list(ids))
        written: dict[int, list[RowChange]] = {pk: [] for pk in ids}
        for one, rows in self.rows:
            for change in row_changes(one, rows.filter(event_id__in=list(ids)), None):
                written[change.event_id].append(change)
        people = {change.person_id for changes in written.values() for change in changes if change.person_id}
        self.people_shown |= people
        names = dict(Cadre.objects.filter(pk__in=people).values_list("pk", "full_name"))
        things = self._things(written.values())
        return [self._act(events[pk], written[pk], names, things) for pk in ids]

    def _things(self, written: Iterable[list[RowChange]]) -> Names:
        """What the rows that are nobody's are called: seats, steps, parts of units."""
        ids: dict[type[Any], set[int]] = {}
        for changes in written:
            for change in changes:
                ids.setdefault(change.model, set()).add(change.row_id)
        told: Names = {}
        for seat in PlannedSeat.objects.filter(pk__in=ids.get(PlannedSeat, ())).select_related("title", "unit"):
            told[PlannedSeat, seat.pk] = str(seat)
        for step in VoteStep.objects.filter(pk__in=ids.get(VoteStep, ())):
            told[VoteStep, step.pk] = str(step)
        parts = UnitPlan.objects.filter(pk__in=ids.get(UnitPlan, ())).annotate(named=unit_name("unit_id"))
        return told | {(UnitPlan, part.pk): part.named for part in parts}

    def _act(self, event: AuditEvent, changes: list[RowChange], names: dict[int, str], things: Names) -> RoundAct:
        told = tuple(_told(change, names, things) for change in changes[:MOST_ROWS])
        return RoundAct(event, told, max(0, len(changes) - MOST_ROWS))


def acts_of_round(planning_round: PlanningRound, user: User | None) -> RoundActs:
    """The acts of a round that wrote something which the reader may see."""
    seats = PlannedSeat.objects.visible_to(user).filter(round=planning_round).values("pk")
    parts = UnitPlan.objects.visible_to(user).filter(round=planning_round).values("pk")
    steps = VoteStep.objects.visible_to(user).filter(round=planning_round).values("pk")
    people = Candidate.objects.all().visible_to(user).filter(seat__round=planning_round).values("pk")
    kept: list[tuple[type[Any], str, QuerySet[Any]]] = [
        (PlanningRound, "", PlanningRound.objects.filter(pk=planning_round.pk).values("pk")),
        (PlannedSeat, "", seats),
        (UnitPlan, "", parts),
        (VoteStep, "", steps),
        (Candidate, "cadre_id", people),
    ]
    rows = [
        (Tracked(model, person, ""), history_model(model)._default_manager.filter(id__in=ids))
        for model, person, ids in kept
    ]
    events: set[int] = set()
    for _, written in rows:
        events |= set(written.order_by().values_list("event_id", flat=True).distinct())
    return RoundActs(planning_round, user, sorted(events, reverse=True), rows)


def _told(change: RowChange, names: dict[int, str], things: Names) -> WrittenRow:
    whom = names.get(change.person_id or 0, "") or things.get((change.model, change.row_id), "")
    title = capfirst(f"{change.model._meta.verbose_name}: {change.act}")
    fields = tuple(
        Change(capfirst(one.label), one.before, one.after) for one in change.fields if one.label not in SILENT
    )
    return WrittenRow(f"{title} · {whom}" if whom else title, fields)
