"""What decisions ask of planning (dữ kiện xét điều kiện): whether somebody is planned for the title sought.

The law asks it of who is appointed; the lists are not for everyone who decides. So only rows count that whoever judges
the case may read as a planner, or of seats on which he decides. «No» is said only where no list that he does not see
could say otherwise; else it stays unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Min, Q

from personnel.models import Title, Unit
from personnel.policies import Action
from personnel.services.decisions.case_facts import main_post
from personnel.services.decisions.kinds import Case, FactSource, fact_sources
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.models.scope import people_q, readable_candidates_q, readable_seats_q, seats_q

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class PlannedForTitle(FactSource):
    """Planned in a list in force on the day, for the title sought or one of the same order or higher."""

    key: ClassVar[str] = "is_planned"

    def facts(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """Yes or no by the place of the case, as far as it is known; at most four queries a day."""
        found: dict[int, bool] = {}
        by_day: dict[date, list[Case]] = defaultdict(list)
        for case in cases:
            title = case["title"]
            if isinstance(title, Title) and title.is_leadership and case.cadre.pk is not None:
                by_day[case.day].append(case)
        for day, asked in by_day.items():
            found |= _facts_of_day(asked, day, asked[0].asked_by)
        return found


def _facts_of_day(cases: Sequence[Case], day: date, user: User | None) -> dict[int, bool]:
    rounds = list(PlanningRound.objects.in_force(day).order_by().values_list("pk", flat=True))
    if not rounds:
        return {}
    rows = Candidate.objects.all().in_plan(day).filter(cadre_id__any=[case.cadre.pk for case in cases])
    planned: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
    known = rows.filter(_known_rows(user), seat__round__in=rounds)
    for cadre_id, title_id, rank in known.values_list("cadre_id", "seat__title_id", "seat__title__rank"):
        planned[cadre_id].add((title_id, rank))
    listed = PlannedSeat.objects.filter(round__in=rounds)
    seen = readable_seats_q(user) | seats_q(user, Action.DECIDE)
    there = set(listed.filter(seen).values_list("title_id", "unit_id"))
    hidden = None if user is None else listed.exclude(seen).aggregate(highest=Min("title__rank"), count=Min("pk"))
    found = {}
    for case in cases:
        title: Title = case["title"]
        if any(_answers(title, *row) for row in planned[case.cadre.pk]):
            found[case.place] = True
        elif (title.pk, _unit_of(case)) in there and not _may_hide(hidden, title):
            found[case.place] = False
    return found


def _known_rows(user: User | None) -> Q:
    """Condition on candidates that the user may know them: reads them, or decides on seat and person; never himself."""
    if user is None:
        return readable_candidates_q(user)
    decides = seats_q(user, Action.DECIDE, "seat__") & people_q(user, Action.DECIDE, "cadre__")
    return readable_candidates_q(user) | (decides & (Q(cadre__account__isnull=True) | ~Q(cadre__account_id=user.pk)))


def _answers(sought: Title, title_id: int, rank: int | None) -> bool:
    """Whether being planned for one title answers for another: the same, or of the same order or higher."""
    if title_id == sought.pk:
        return True
    return rank is not None and sought.rank is not None and rank <= sought.rank


def _may_hide(hidden: Mapping[str, Any] | None, sought: Title) -> bool:
    """Whether a seat that the user does not see could be one that answers."""
    if hidden is None or hidden["count"] is None:
        return False
    return hidden["highest"] is None or sought.rank is None or hidden["highest"] <= sought.rank


def _unit_of(case: Case) -> int | None:
    unit = case["unit"]
    if isinstance(unit, Unit):
        return unit.pk
    post = main_post(case)
    return post.unit_id if post is not None else None


fact_sources.register(PlannedForTitle())
