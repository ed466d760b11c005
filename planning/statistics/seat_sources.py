"""Seats that a round could plan for (nguồn chức danh): those that units have declared, and titles that units bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from personnel.models import Seat, Title, Unit, UnitVersion
from personnel.policies import Action
from planning.models import PlannedSeat, PlanningRound
from planning.models.scope import seats_q

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hrdb.kernel.models import User

#: One seat to plan for: its title, its unit, and what is known of it.
Source = tuple[Title, Unit, dict[str, Any]]


def titles_of_level(planning_round: PlanningRound) -> QuerySet[Title]:
    """Leadership titles that the round's approving level manages, in use on its day."""
    in_use = Title.objects.filter(is_leadership=True, managing_level=planning_round.level, rank__isnull=False)
    return in_use.order_by("rank", "position", "code")


def declared_seats(planning_round: PlanningRound, user: User | None) -> QuerySet[Seat]:
    """Seats in force on the round's day of titles of its level, which the user may plan and the round does not have."""
    seats = Seat.objects.in_force(planning_round.day).filter(
        seats_q(user, Action.PLAN), title__in=titles_of_level(planning_round)
    )
    return seats.select_related("title", "unit").order_by("title__rank", "title__position", "unit__code")


def undeclared_posts(planning_round: PlanningRound, user: User | None) -> list[tuple[Title, Unit]]:
    """Titles of units that bear them by the list of titles but have declared no seat: two queries and the scope's."""
    titles = list(titles_of_level(planning_round))
    declared = set(declared_seats(planning_round, user).values_list("title_id", "unit_id"))
    versions = UnitVersion.objects.in_force(planning_round.day).select_related("unit", "kind")
    units = list(versions.filter(unit__in=Unit.objects.visible_to(user, Action.PLAN)).order_by("unit__code"))
    found = []
    for title in titles:
        levels, kinds = set(title.unit_levels), title.unit_kinds[:1]
        for version in units:
            code = version.kind.code if version.kind is not None else ""
            fits = code in kinds and (not levels or version.level in levels)
            if fits and (title.pk, version.unit_id) not in declared:
                found.append((title, version.unit))
    return found


def sources(
    planning_round: PlanningRound,
    user: User | None,
    *,
    titles: Iterable[int],
    below: Iterable[int] | None = None,
    with_undeclared: bool = False,
) -> list[Source]:
    """The seats of some titles, at or below some units, that the round does not have yet."""
    wanted = set(titles)
    there = set(planning_round.seats.values_list("title_id", "unit_id"))
    kept = None if below is None else set(Unit.objects.below(below, planning_round.day).values_list("pk", flat=True))
    found: list[Source] = [
        (seat.title, seat.unit, {"number": seat.number})
        for seat in declared_seats(planning_round, user).filter(title__in=wanted)
    ]
    if with_undeclared:
        found += [(title, unit, {}) for title, unit in undeclared_posts(planning_round, user) if title.pk in wanted]
    return [
        (title, unit, values)
        for title, unit, values in found
        if (title.pk, unit.pk) not in there and (kept is None or unit.pk in kept)
    ]


def offered_titles(planning_round: PlanningRound, user: User | None) -> list[tuple[Title, int]]:
    """The titles of the level with how many declared seats of each the round does not have yet."""
    there = PlannedSeat.objects.filter(round=planning_round).values_list("title_id", "unit_id")
    known = set(there)
    counted: Counter[int] = Counter()
    for title_id, unit_id in declared_seats(planning_round, user).values_list("title_id", "unit_id"):
        counted[title_id] += (title_id, unit_id) not in known
    return [(title, counted[title.pk]) for title in titles_of_level(planning_round)]
