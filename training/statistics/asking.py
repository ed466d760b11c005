"""What asks which training of many people, against what they hold: one query (nhu cầu của nhiều người).

    asked_sql(asking) -> (sql, values)
        SQL whose rows are person, unit, requirement, source and state; see `NEED_COLUMNS`

Each row is one thing that asks: a title held, a rank, a planned title, an office. `training/rules/needs.py` judges one
person the same way, with the findings that a page shows; a test holds that both agree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hrdb.kernel.dates import add_months
from personnel.choices import KIND_OF_REQUIREMENT, AssignmentKind
from personnel.models import Cadre, TitleStandard
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action
from personnel.statistics.people import with_names
from personnel.statistics.sources import in_force
from planning.models import Candidate, PlannedSeat
from planning.statistics.targets import SeatTargets
from training.choices import MemberState
from training.rules.needs import EXPIRING_MONTHS, needed_by

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Posts whose titles ask something of their holder.
POSTS: Final = (AssignmentKind.MAIN, AssignmentKind.CONCURRENT, AssignmentKind.PARTY)

#: What a row of `asked_sql` holds. `requirement` is «kind:code of the level», «kind:» where the level was not set, or
#: «programme:id» where a programme itself is asked; `ground_id` the standard, candidate or proposal.
NEED_COLUMNS: Final = (
    "cadre_id", "unit_id", "requirement", "source", "ground_id", "object", "round_id", "needed_by", "state",
)  # fmt: skip

_ASKED: Final = f"""
asked_of_title AS MATERIALIZED (
  SELECT standard.id, standard.title_id, asks.kind, level.id AS level_id, level.rank,
         asks.kind || ':' || COALESCE(level.code, '') AS requirement
  FROM personnel_titlestandard standard
  JOIN unnest(%(requirements)s::text[], %(kinds)s::text[]) asks(requirement, kind)
    ON asks.requirement = standard.requirement
  LEFT JOIN personnel_qualificationlevel level
    ON level.kind = asks.kind AND level.code = standard.value #>> '{{}}'
  WHERE {in_force("standard")}
), asked_of_rank AS MATERIALIZED (
  SELECT standard.id, standard."group", asks.kind, level.id AS level_id, level.rank,
         asks.kind || ':' || COALESCE(level.code, '') AS requirement
  FROM training_rankstandard standard
  JOIN unnest(%(requirements)s::text[], %(kinds)s::text[]) asks(requirement, kind)
    ON asks.requirement = standard.requirement
  LEFT JOIN personnel_qualificationlevel level ON level.kind = asks.kind AND level.code = standard.value
  WHERE {in_force("standard")}
), asked AS (
  SELECT person.id AS cadre_id, 'post' AS source, standard.id AS ground_id, NULL::smallint AS object,
         NULL::bigint AS round_id, NULL::date AS needed_by, standard.kind, standard.level_id, standard.rank,
         standard.requirement, NULL::bigint AS programme_id
  FROM people person
  JOIN personnel_assignment post ON post.cadre_id = person.id AND post.kind = ANY(%(posts)s) AND {in_force("post")}
  LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
  JOIN asked_of_title standard ON standard.title_id = COALESCE(post.title_id, seat.title_id)
  UNION ALL
  SELECT person.id, 'rank', standard.id, NULL, NULL, NULL, standard.kind, standard.level_id, standard.rank,
         standard.requirement, NULL
  FROM people person
  JOIN personnel_paystep pay ON pay.cadre_id = person.id AND pay.scheme = 'rank' AND {in_force("pay")}
  JOIN personnel_rank rank ON rank.id = pay.rank_id
  JOIN asked_of_rank standard ON standard."group" = rank."group"
  UNION ALL
  SELECT person.id, 'planned', planned.candidate_id, planned.object, planned.round_id, planned.needed_by, planned.kind,
         level.id, level.rank, planned.kind || ':' || COALESCE(level.code, ''), NULL
  FROM unnest(%(p_people)s::bigint[], %(p_candidates)s::bigint[], %(p_objects)s::smallint[], %(p_rounds)s::bigint[],
              %(p_days)s::date[], %(p_kinds)s::text[], %(p_codes)s::text[])
       planned(cadre_id, candidate_id, object, round_id, needed_by, kind, code)
  JOIN people person ON person.id = planned.cadre_id
  LEFT JOIN personnel_qualificationlevel level ON level.kind = planned.kind AND level.code = planned.code
  UNION ALL
  SELECT person.id, 'office', proposal.id, NULL, NULL, proposal.needed_by, programme.gives, level.id, level.rank,
         CASE WHEN level.id IS NULL THEN 'programme:' || programme.id ELSE programme.gives || ':' || level.code END,
         CASE WHEN level.id IS NULL THEN programme.id END
  FROM training_proposedneed proposal
  JOIN people person ON person.id = proposal.cadre_id
  JOIN training_programme programme ON programme.id = proposal.programme_id
  LEFT JOIN personnel_qualificationlevel level ON level.id = programme.level_id
  WHERE proposal.proposed_on <= %(day)s AND (proposal.withdrawn_on IS NULL OR proposal.withdrawn_on > %(day)s)
)"""

#: What each person holds of each kind: the highest level that lasts, the highest at all, the levels without an order,
#: and whether something is held that no order compares.
_HELD: Final = f"""
held AS MATERIALIZED (
  SELECT held.cadre_id, held.kind,
         min(level.rank) FILTER (WHERE held.effective_until IS NULL OR held.effective_until > %(horizon)s) AS lasting,
         min(level.rank) AS best,
         array_agg(level.id) FILTER (WHERE held.effective_until IS NULL OR held.effective_until > %(horizon)s)
           AS lasting_levels,
         array_agg(level.id) AS levels,
         bool_or(level.id IS NULL OR (level.rank IS NULL AND level."group" <> 'none')) AS is_unordered
  FROM personnel_qualification held
  LEFT JOIN personnel_qualificationlevel level ON level.id = held.level_id
  WHERE held.cadre_id IN (SELECT cadre_id FROM asked) AND {in_force("held")}
  GROUP BY held.cadre_id, held.kind
), passed AS (
  SELECT DISTINCT member.cadre_id, class.programme_id
  FROM training_classmember member JOIN training_trainingclass class ON class.id = member.training_class_id
  WHERE member.state = %(passed)s AND (member.certified_on IS NULL OR member.certified_on <= %(day)s)
    AND member.cadre_id IN (SELECT cadre_id FROM asked WHERE programme_id IS NOT NULL)
)"""

_NEEDS: Final = """
SELECT asked.cadre_id, person.unit_id, asked.requirement, asked.source, asked.ground_id, asked.object, asked.round_id,
       asked.needed_by,
       CASE WHEN asked.programme_id IS NOT NULL
              THEN CASE WHEN passed.cadre_id IS NULL THEN 'missing' ELSE 'held' END
            WHEN asked.level_id IS NULL THEN 'unknown'
            WHEN held.lasting <= asked.rank OR asked.level_id = ANY(held.lasting_levels) THEN 'held'
            WHEN held.best <= asked.rank OR asked.level_id = ANY(held.levels) THEN 'expiring'
            WHEN held.is_unordered THEN 'unknown'
            ELSE 'missing' END AS state
FROM asked
JOIN people person ON person.id = asked.cadre_id
LEFT JOIN held ON held.cadre_id = asked.cadre_id AND held.kind = asked.kind
LEFT JOIN passed ON passed.cadre_id = asked.cadre_id AND passed.programme_id = asked.programme_id
"""


@dataclass(frozen=True)
class PlannedAsk:
    """One level that a planned title asks of somebody who stands on an approved list."""

    cadre_id: int
    candidate_id: int
    object: int
    round_id: int
    needed_by: datetime.date | None
    kind: str
    code: str


@dataclass
class Asking:
    """Whom to ask about, on which day, and whose right to read plans counts; None is the machine's operator.

    Only those whose record is kept somewhere on the day and who work then are asked.
    """

    people: CadreQuerySet
    day: datetime.date
    reader: User | None = None
    with_plans: bool = True

    def of(self, people: CadreQuerySet) -> Asking:
        """The same question of other people, without reading the plans again."""
        other = Asking(people, self.day, self.reader, self.with_plans)
        other.__dict__["planned"] = self.planned
        return other

    @cached_property
    def planned(self) -> list[PlannedAsk]:
        """What planned titles ask, of the candidates that the reader may read; nothing for who reads none."""
        return list(_planned(self.reader, self.day)) if self.with_plans else []

    def sql(self) -> tuple[str, dict[str, Any]]:
        """`WITH … , need AS (…)` to select from, and its named values."""
        values: dict[str, Any] = {"day": self.day, "horizon": add_months(self.day, EXPIRING_MONTHS)}
        ids = with_names(self.people.present_on(self.day), values)
        values |= {
            "requirements": list(KIND_OF_REQUIREMENT),
            "kinds": [str(kind) for kind in KIND_OF_REQUIREMENT.values()],
            "posts": [str(kind) for kind in POSTS],
            "passed": str(MemberState.PASSED),
            "p_people": [one.cadre_id for one in self.planned],
            "p_candidates": [one.candidate_id for one in self.planned],
            "p_objects": [one.object for one in self.planned],
            "p_rounds": [one.round_id for one in self.planned],
            "p_days": [one.needed_by for one in self.planned],
            "p_kinds": [one.kind for one in self.planned],
            "p_codes": [one.code for one in self.planned],
        }
        people = (
            f"people AS MATERIALIZED (SELECT chosen.id, custody.unit_id FROM ({ids}) chosen "
            f"JOIN personnel_custody custody ON custody.cadre_id = chosen.id AND {in_force('custody')})"
        )
        return f"WITH {people}, {_ASKED}, {_HELD}, need AS ({_NEEDS})", values


def people_on(user: User | None, day: datetime.date) -> CadreQuerySet:
    """Whom the user trains, whose record was kept in his scope on the day."""
    people: CadreQuerySet = Cadre.objects.held_on(user, day, Action.TRAIN)
    return people


def _planned(reader: User | None, day: datetime.date) -> Iterator[PlannedAsk]:
    rows = list(
        Candidate.objects.visible_to(reader)
        .in_plan(day)
        .values_list("pk", "cadre_id", "object", "seat_id", "seat__title_id", "seat__round_id")
    )
    if not rows:
        return
    seats = PlannedSeat.objects.filter(pk__in={row[3] for row in rows}).select_related("title", "round")
    targets = SeatTargets.read(seats.defer("round__content"), day)
    asked: dict[int, list[tuple[str, str, str]]] = {}
    standards = TitleStandard.objects.in_force(day).filter(
        title_id__in={row[4] for row in rows}, requirement__in=KIND_OF_REQUIREMENT
    )
    for title_id, requirement, value in standards.values_list("title_id", "requirement", "value"):
        asked.setdefault(title_id, []).append((requirement, str(KIND_OF_REQUIREMENT[requirement]), str(value or "")))
    for pk, cadre_id, object_, seat_id, title_id, round_id in rows:
        if title_id not in asked:
            continue
        reference = targets.target(seat_id, object_).reference_day
        round_day = targets.seats[seat_id].round.day
        for _, kind, code in asked[title_id]:
            by = needed_by(kind=kind, object_=object_, round_day=round_day, reference_day=reference, day=day)
            yield PlannedAsk(cadre_id, pk, object_, round_id, by, kind, code)
