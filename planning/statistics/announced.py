"""Planned titles that were announced (chức danh quy hoạch đã công bố): on the own record, and in item 24 of the form.

Before it is announced nobody is told of his planning; who neither plans the person nor is he himself is never told.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q

from personnel.models import Cadre
from personnel.policies import Action
from personnel.reports.snapshot import planned_titles
from planning.models import Candidate, PlanningRound
from planning.statistics.names import unit_names

if TYPE_CHECKING:
    from hrdb.kernel.models import User


def announced_titles(cadre_ids: Sequence[int], day: datetime.date, user: User | None) -> dict[int, list[str]]:
    """The announced titles of people on a day, of those whom the reader plans and of himself."""
    people = Cadre.objects.filter(pk__in=cadre_ids)
    if user is not None:
        mine = Q(pk__in=Cadre.objects.visible_to(user, Action.PLAN).values("pk"))
        people = people.filter(mine | Q(account_id=user.pk))
    rounds = PlanningRound.objects.in_force(day).filter(is_announced=True)
    rows = list(
        Candidate.objects.all()
        .in_plan(day)
        .filter(seat__round__in=rounds, cadre__in=people.values("pk"))
        .select_related("seat__title", "seat__round")
        .defer("seat__round__content", "findings")
        .order_by("seat__title__rank", "seat__position", "pk")
    )
    names = unit_names([row.seat.unit_id for row in rows], day)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.cadre_id].append(f"{row.seat.title.name}, {names[row.seat.unit_id]} (nhiệm kỳ {row.seat.round.term})")
    return dict(found)


class PlannedInRounds:
    """What fills item 24 of the unified form."""

    key = "planning"

    def titles(self, cadre_ids: Sequence[int], day: datetime.date, user: User | None) -> Mapping[int, Sequence[str]]:
        """The announced titles of people on the day."""
        return announced_titles(cadre_ids, day, user)


planned_titles.register(PlannedInRounds())
