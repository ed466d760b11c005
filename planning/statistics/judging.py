"""The verdict on candidates (kết quả xét nhân sự): many rows at once, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from personnel.models import Cadre
from planning.models import Candidate
from planning.rules.eligibility import TIER_2_RULES, Person, Target, Verdict, judge
from planning.statistics.facts import people_facts
from planning.statistics.limits import ahead_by_candidate, people_by_seat, seats_by_person
from planning.statistics.targets import SeatTargets

if TYPE_CHECKING:
    from hrdb.kernel.models import User


def judge_candidates(
    candidates: Sequence[Candidate], *, day: date, user: User | None, with_files: bool = True
) -> dict[int, Verdict]:
    """The verdict on each candidate for his seat on `day`, by the candidate's id.

    Places are counted over what the reader sees of the rounds; who may not read tier 2 of a person gets those findings
    without their facts. Candidates come with `seat__title`, `seat__unit`, `seat__round`.
    """
    opened = readable({row.cadre_id for row in candidates}, user)
    found = {}
    for row, person, target in judged_with(candidates, day=day, user=user, with_files=with_files):
        verdict = judge(person=person, target=target, day=day, passed=row.overrides)
        found[row.pk] = verdict if row.cadre_id in opened else verdict.without_facts_of(TIER_2_RULES)
    return found


def judged_with(
    candidates: Sequence[Candidate], *, day: date, user: User | None, with_files: bool = True
) -> Iterator[tuple[Candidate, Person, Target]]:
    """Each candidate with what the record tells of him and the seat as a target, with the places taken before him."""
    if not candidates:
        return
    seen = Candidate.objects.filter(seat__round__in={row.seat.round_id for row in candidates}).visible_to(user)
    planned, posts, ahead = people_by_seat(seen), seats_by_person(seen), ahead_by_candidate(seen)
    targets = SeatTargets.read({row.seat_id: row.seat for row in candidates}.values(), day, planned)
    facts = people_facts({row.cadre_id for row in candidates}, day, with_files=with_files)
    for row in candidates:
        counted = int(row.is_standing)
        taken = posts.get(row.cadre_id, 0) - (counted if not row.seat.is_body else 0)
        behind = planned[row.seat_id] - ahead[row.pk] if row.pk in ahead else 0
        yield row, facts[row.cadre_id].with_planned(taken), targets.target(row.seat_id, row.object, without=behind)


def readable(cadre_ids: set[int], user: User | None) -> set[int]:
    """Those of some people whose tier 2 the reader may read."""
    if user is None:
        return cadre_ids
    people = Cadre.objects.filter(pk__in=cadre_ids).readable_in_tier_2(user)
    return set(people.values_list("pk", flat=True))
