"""Finding people for a seat, and seats for a person (tìm nguồn quy hoạch): everybody in scope ranked in one pass.

The ranking is that of the matrix; the findings themselves are asked of the rules for the few that a page shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet

from hrdb.kernel.models import AuditEvent
from personnel.models import Cadre
from personnel.models.scope import CadreQuerySet
from planning.rules.eligibility import Person, Target, Verdict, age_left, higher_title, judge, party_member
from planning.statistics.facts import people_facts, slight_facts
from planning.statistics.matrix import STANDINGS, Codes, columns_of, standings, standings_and_unclear

MET: Final = STANDINGS.index("met")
#: An order that stands behind every known one.
NO_RANK: Final = 10_000

STANDING_LABELS: Final = {
    "met": "Đủ điều kiện",
    "unknown": "Chưa rõ",
    "later": "Đủ từ ngày",
    "not_met": "Không đủ",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody in the ranking of a seat."""

    cadre_id: int
    standing: str


@dataclass(frozen=True)
class Ranking:
    """Everybody in order: the eligible, of whom least is unknown, the own office before others, higher titles first."""

    rows: Sequence[Ranked]
    counts: Mapping[str, int]

    def of(self, wanted: Iterable[str]) -> list[Ranked]:
        """Those who stand so."""
        kept = set(wanted)
        return [row for row in self.rows if row.standing in kept] if kept else list(self.rows)


def rank_people(
    people: QuerySet[Cadre], target: Target, *, day: date, planned: Mapping[int, int], own: CadreQuerySet | None = None
) -> Ranking:
    """Rank people for a title; `planned` for how many posts each is planned already, `own` the people of its office.

    Whom age, title or Party membership keep back is known from three cheap questions and asked no more; whether a file
    is complete is asked only of those whom nothing else keeps back.
    """
    slight = slight_facts(people.order_by("sort_key", "pk"), day)
    if not slight:
        return Ranking([], Counter())
    stamp = last_write()
    key: tuple[Any, ...] = (
        stamp,
        target.code,
        target.object,
        target.reference_day,
        day,
        hash(tuple(pk for pk, _ in slight)),
    )
    key += (target.seats, target.planned_people, hash(tuple(sorted(planned.items()))), own is None)
    kept = _KEPT.get(key)
    if kept is None:
        kept = _rank(slight, target, day, planned, own)
        _KEPT.clear()
        _KEPT[key] = kept
    return kept


#: The ranking that was asked last, valid until anything is written: a planner turns its pages.
_KEPT: dict[Any, Ranking] = {}


def last_write() -> int:
    """The newest event of the audit trail that wrote data."""
    read = (
        AuditEvent.Action.READ_SENSITIVE,
        AuditEvent.Action.EXPORT,
        AuditEvent.Action.PRINT,
        AuditEvent.Action.LOGIN,
        AuditEvent.Action.LOGOUT,
        AuditEvent.Action.LOGIN_FAILED,
        AuditEvent.Action.REFUSED,
    )
    newest = AuditEvent.objects.exclude(action__in=read).order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def _rank(
    slight: Sequence[tuple[int, Person]],
    target: Target,
    day: date,
    planned: Mapping[int, int],
    own: CadreQuerySet | None,
) -> Ranking:
    ids = [pk for pk, _ in slight]
    codes, unclear = np.zeros(len(ids), np.int8), np.zeros(len(ids), np.int16)
    barred: dict[int, bool] = {}
    left = []
    for place, (_, person) in enumerate(slight):
        key = id(person)
        if key not in barred:
            barred[key] = _is_barred(person, target, day)
        if not barred[key]:
            left.append(place)
    if left:
        facts = people_facts([ids[place] for place in left], day, planned=planned, with_files=False)
        columns = columns_of({ids[place]: facts[ids[place]] for place in left}, day)
        found, asked = standings_and_unclear(columns, target)
        _ask_files(columns.ids, found, target, day, planned)
        codes[left], unclear[left] = found, asked
    ranks = np.fromiter((_order(person) for _, person in slight), np.int32, len(ids))
    mine = set(own.filter(pk__any=ids).values_list("pk", flat=True)) if own is not None else set(ids)
    elsewhere = np.fromiter((pk not in mine for pk in ids), np.bool_, len(ids))
    order = np.lexsort((ranks, elsewhere, unclear, -codes.astype(np.int16)))
    rows = [Ranked(ids[place], STANDINGS[codes[place]]) for place in order]
    return Ranking(rows, Counter(row.standing for row in rows))


def _is_barred(person: Person, target: Target, day: date) -> bool:
    """Whether age, the title held or not being in the Party keep somebody back for certain."""
    found = (higher_title(person, target, day), age_left(person, target, day), party_member(person, day))
    return any(one.outcome == "not_met" for one in found)


def rank_seats(person_id: int, targets: Mapping[int, Target], *, day: date, planned: int = 0) -> list[tuple[int, str]]:
    """Every post with where the person stands with it, the best first, of those the lower title before the higher.

    Targets by the key of the post; posts that share one target are judged once.
    """
    facts = people_facts([person_id], day, planned={person_id: planned})
    columns = columns_of(facts, day)
    codes: dict[int, int] = {}
    for target in targets.values():
        if id(target) not in codes:
            codes[id(target)] = int(standings(columns, target)[0])
    found = [(key, codes[id(target)]) for key, target in targets.items()]
    found.sort(key=lambda pair: (-pair[1], -(targets[pair[0]].rank or 0)))
    return [(key, STANDINGS[code]) for key, code in found]


def verdicts_for(
    cadre_ids: Sequence[int], target: Target, *, day: date, planned: Mapping[int, int], with_files: bool = True
) -> dict[int, Verdict]:
    """The verdict on some people for a title, by their ids."""
    facts = people_facts(cadre_ids, day, planned=planned, with_files=with_files)
    return {pk: judge(person=person, target=target, day=day) for pk, person in facts.items()}


def _ask_files(ids: Sequence[int], codes: Codes, target: Target, day: date, planned: Mapping[int, int]) -> None:
    """Put down as unknown those who are eligible but for a file that is not complete."""
    places = [int(place) for place in np.flatnonzero(codes == MET)]
    asked = [ids[place] for place in places]
    if not asked:
        return
    facts = people_facts(asked, day, planned=planned)
    columns = columns_of(facts, day)
    told = dict(zip(columns.ids, standings(columns, target), strict=True))
    for place in places:
        codes[place] = told[ids[place]]


def _order(person: Person) -> int:
    return person.title_rank if person.title_rank is not None else NO_RANK
