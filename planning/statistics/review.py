"""What a yearly review proposes, set-wise: who is to be taken off or warned of, and who has become eligible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet

from hrdb.kernel.dates import add_months
from personnel.models import Cadre, Custody
from personnel.models.scope import CadreQuerySet
from planning.choices import STANDING
from planning.models import Candidate, PlannedSeat
from planning.rules.eligibility import Person, Target, Verdict, age_left, judge
from planning.rules.review import Proposal, proposal_of
from planning.statistics.facts import people_facts
from planning.statistics.judging import judged_with
from planning.statistics.limits import people_by_seat, seats_by_person
from planning.statistics.matrix import STANDINGS, columns_of, standings
from planning.statistics.parts import offices_above
from planning.statistics.targets import SeatTargets

#: How many people are proposed for a seat at most.
MOST_ADDED: Final = 3
UNKNOWN: Final = STANDINGS.index("unknown")
#: Months until the next review.
NEXT_REVIEW: Final = 12
NO_RANK: Final = 10_000


def proposals_for(candidates: Sequence[Candidate], day: date) -> dict[int, Proposal]:
    """What is proposed of each candidate, by his id, in a constant number of queries."""
    ids = {row.cadre_id for row in candidates}
    present = set(Cadre.objects.filter(pk__in=ids).present_on(day).values_list("pk", flat=True))
    found = {}
    for row, person, target in judged_with(candidates, day=day, user=None, with_files=False):
        verdict = judge(person=person, target=target, day=day, passed=row.overrides)
        found[row.pk] = proposal_of(
            verdict,
            is_present=row.cadre_id in present,
            passed=row.overrides,
            ages_out=_ages_out(person, target, day),
        )
    return found


def _ages_out(person: Person, target: Target, day: date) -> bool:
    """Whether the age holds now and not at the next review; only of a term that runs does the day of counting move."""
    counted = target.reference_day
    if counted is None or counted != day.replace(day=1) or age_left(person, target, day).outcome != "met":
        return False
    later = replace(target, reference_day=add_months(counted, NEXT_REVIEW))
    return age_left(person, later, day).outcome == "not_met"


@dataclass(frozen=True)
class Addition:
    """Somebody who might be planned for a seat that has room; `is_new`: on the day of the list before he was not
    eligible."""

    cadre_id: int
    verdict: Verdict
    is_new: bool


def additions_for(
    seats: Sequence[PlannedSeat], people: CadreQuerySet, listed: QuerySet[Any], *, day: date, since: date | None
) -> dict[int, list[Addition]]:
    """For each seat the people of its office who are on no row of it yet: the eligible, then those of whom something is
    only not known, the higher title first.

    `people` are those whom the reader plans, `listed` the candidates of the round as he sees them.
    """
    offices = {seat.pk: seat.part.unit_id for seat in seats if seat.part is not None}
    homes = _homes(people, set(offices.values()), day)
    if not homes:
        return {}
    taken, posts = people_by_seat(listed), seats_by_person(listed)
    targets = SeatTargets.read(seats, day, taken)
    columns = columns_of(people_facts(homes, day, planned=posts, with_files=False), day)
    at = np.array([homes[pk] for pk in columns.ids])
    named = defaultdict(set)
    for seat_id, cadre_id in listed.filter(seat__in=seats).values_list("seat_id", "cadre_id"):
        named[seat_id].add(cadre_id)
    chosen: dict[int, list[int]] = {}
    for seat_id, office in offices.items():
        codes = standings(columns, targets.target(seat_id, 1))
        fit = [int(place) for place in np.flatnonzero((codes >= UNKNOWN) & (at == office))]
        fit.sort(key=lambda place: (-codes[place], _order(columns.people[place]), columns.ids[place]))
        ids = (columns.ids[place] for place in fit)
        chosen[seat_id] = [pk for pk in ids if pk not in named[seat_id]][:MOST_ADDED]
    return _with_verdicts(chosen, targets, posts, day, since)


def seats_with_room(seats: Iterable[PlannedSeat], listed: QuerySet[Any], most: int | None) -> list[PlannedSeat]:
    """The seats on which somebody more may be planned."""
    taken = people_by_seat(listed)
    return [seat for seat in seats if taken.get(seat.pk, 0) < (seat.places(most) or 0)]


def review_counts(candidates: QuerySet[Any]) -> dict[str, int]:
    """How a review stands: proposed out, undecided, warned of, kept all the same, taken off, added."""
    standing = candidates.filter(state__in=STANDING)
    carried = candidates.filter(carried_from__isnull=False)
    proposed = carried.filter(review__proposal="remove")
    return {
        "carried": carried.count(),
        "proposed": proposed.count(),
        "undecided": proposed.filter(state__in=STANDING).exclude(review__has_key="decided").count(),
        "overruled": proposed.filter(state__in=STANDING, review__decided="keep").count(),
        "warned": carried.filter(state__in=STANDING, review__proposal="warn").count(),
        "removed": carried.exclude(state__in=STANDING).count(),
        "added": standing.filter(carried_from__isnull=True).count(),
        "standing": standing.count(),
    }


def _with_verdicts(
    chosen: Mapping[int, Sequence[int]],
    targets: SeatTargets,
    posts: Mapping[int, int],
    day: date,
    since: date | None,
) -> dict[int, list[Addition]]:
    ids = {pk for found in chosen.values() for pk in found}
    now = people_facts(ids, day, planned=posts)
    then = people_facts(ids, since, with_files=False) if since is not None else {}
    found: dict[int, list[Addition]] = {}
    for seat_id, listed in chosen.items():
        target, found[seat_id] = targets.target(seat_id, 1), []
        for pk in listed:
            verdict = judge(person=now[pk], target=target, day=day)
            is_new = verdict.outcome == "met" and _was_kept_back(then.get(pk), target, since)
            found[seat_id].append(Addition(pk, verdict, is_new))
    return found


def _was_kept_back(person: Person | None, target: Target, since: date | None) -> bool:
    """Whether the rules kept somebody back on the day of the list before."""
    if person is None or since is None:
        return False
    return judge(person=person, target=target, day=since).outcome == "not_met"


def _homes(people: CadreQuerySet, offices: set[int], day: date) -> dict[int, int]:
    """The office of each of some people, of those of the offices asked."""
    inside = people.in_units(sorted(offices), day).values("pk")
    kept = dict(Custody.objects.in_force(day).filter(cadre__in=inside).values_list("cadre_id", "unit_id"))
    above = offices_above(set(kept.values()), day)
    return {pk: above[unit] for pk, unit in kept.items() if above[unit] in offices}


def _order(person: Person) -> int:
    return person.title_rank if person.title_rank is not None else NO_RANK
