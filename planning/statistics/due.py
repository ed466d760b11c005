"""Due matters of planning (việc đến hạn): seats that lose their last successor, and who is to be taken off at once.

Both are there for who plans only; whom the reader may not see on a list is not told of here either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.parameters import ParameterBook
from personnel.models import Cadre, Discipline
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.statistics.due import DUE_LISTS, DueList, DueRow, Told
from planning.models import Candidate, PlannedSeat
from planning.rules.bench import too_old_from
from planning.rules.law import LAW
from planning.statistics.facts import slight_facts
from planning.statistics.targets import SeatTargets

_SEATS: Final = """
SELECT NULL::bigint, lost.unit_id, lost.day, lost.seat_id, ''
FROM unnest(%(units)s::bigint[], %(days)s::date[], %(seats)s::bigint[]) AS lost(unit_id, day, seat_id)
WHERE lost.unit_id IN (SELECT id FROM units)
"""
_PEOPLE: Final = """
SELECT person.id, person.unit_id, NULL::date, named.row_id, 'conditions/discipline_may_return'
FROM unnest(%(people)s::bigint[], %(rows)s::bigint[]) AS named(cadre_id, row_id)
JOIN people person ON person.id = named.cadre_id
"""


class PlanningDueList(DueList):
    """A due list of planning."""

    action = Action.PLAN
    book: ParameterBook = LAW  # type: ignore[misc]

    def rows(self, day: date) -> list[Candidate]:
        """Those who are planned on the day on the lists that the reader plans."""
        if scope_of(self.user, Action.PLAN).is_empty:
            return []
        rows = Candidate.objects.visible_to(self.user).in_plan(day).select_related("seat__title", "seat__round")
        return list(rows.defer("seat__round__content", "findings").order_by("pk"))


@DUE_LISTS.register
class LastSuccessor(PlanningDueList):
    """Chức danh sắp hết nguồn quy hoạch."""

    key, label, order = "last_successor", "Chức danh sắp hết nguồn quy hoạch", 310
    note = "Người cuối cùng trong quy hoạch nghỉ hưu hoặc không còn đủ thời gian công tác để bổ nhiệm."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """The seats whose successors are all too old by `until`."""
        lost = self._lost(day, until)
        return _SEATS, {
            "units": [unit_id for unit_id, _, _ in lost],
            "days": [when for _, when, _ in lost],
            "seats": [seat_id for _, _, seat_id in lost],
        }

    def _lost(self, day: date, until: date) -> list[tuple[int, date, int]]:
        """Unit, day and seat: the latest day from which one of its people is too old."""
        rows = self.rows(day)
        if not rows:
            return []
        seats = {row.seat_id: row.seat for row in rows}
        targets = SeatTargets.read(seats.values(), day)
        people = dict(slight_facts(Cadre.objects.filter(pk__in={row.cadre_id for row in rows}), day))
        ends: dict[int, list[date | None]] = defaultdict(list)
        for row in rows:
            ends[row.seat_id].append(too_old_from(people[row.cadre_id], targets.target(row.seat_id, row.object), day))
        found = []
        for seat_id, days in ends.items():
            known = [end for end in days if end is not None]
            if len(known) == len(days) and max(known) <= until:
                found.append((seats[seat_id].unit_id, max(known), seat_id))
        return found

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Which title: one query."""
        ids = [row.row_id for row in rows if row.row_id is not None]
        titles = dict(PlannedSeat.objects.filter(pk__in=ids).values_list("pk", "title__name"))
        return [Told(f"{titles.get(row.row_id or 0, '')}: không còn ai trong quy hoạch đủ tuổi", "") for row in rows]


@DUE_LISTS.register
class PlannedDisciplined(PlanningDueList):
    """Bị kỷ luật, đang trong quy hoạch: taken off at once, without waiting for the review."""

    key, label, order = "planned_disciplined", "Đưa ra khỏi quy hoạch vì bị kỷ luật", 320
    note = "Người trong quy hoạch bị kỷ luật thì đưa ra ngay, không chờ đợt rà soát."
    is_standing, is_tier_2 = True, True
    sensitive_part = "kỷ luật"

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Planned people with a discipline that took effect after the day that their list was judged."""
        rows = {row.cadre_id: row for row in self.rows(day)}
        disciplines = Discipline.objects.filter(cadre_id__any=list(rows), effective_from__lte=day)
        found = {
            cadre_id
            for cadre_id, since in disciplines.values_list("cadre_id", "effective_from")
            if since > rows[cadre_id].seat.round.day
        }
        people = sorted(found)
        return _PEOPLE, {"people": people, "rows": [rows[cadre_id].pk for cadre_id in people]}

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """For which title: one query."""
        ids = [row.row_id for row in rows if row.row_id is not None]
        held = dict(Candidate.objects.filter(pk__in=ids).values_list("pk", "seat__title__name"))
        return [Told(f"Đang quy hoạch {held.get(row.row_id or 0, '')}", self.cite(row)) for row in rows]
