"""Ratings of the demonstration province: three years approved and published, the present one half entered.

Levels are drawn in SQL from person and year, so that the same province has the same ratings; each comparable group
keeps its cap, and nobody disciplined in a year is rated above the lowest level.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from appraisal.choices import CycleState, LevelChoice, SubmissionState
from appraisal.models import ConfidenceVote, Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.rules.deadlines import rating_deadline
from appraisal.rules.law import LAW
from appraisal.services.submitting import frozen_contents, hash_of
from appraisal.statistics.rated import RATED, Agencies
from hrdb.kernel.history import write_history
from hrdb.kernel.models import User
from personnel.choices import PRESENT_STATES, DisciplineRegime, TitleGroup
from personnel.models import Assignment, Unit
from personnel.services.bulk import create_many
from personnel.services.demonstration.parts import demonstration_parts
from personnel.statistics.sources import in_force

#: So many years before the present one are approved.
PAST_YEARS: Final = 3
#: The office for which the demonstration's unit officer enters: left half way.
SHOWN: Final = "UBND.02"
#: How many leaders were voted on last year.
VOTED: Final = 24

#: People of the last day, numbered in their comparable group in a drawn order; of every six who are not below «tốt» one
#: is «xuất sắc», so that there is one for every five «tốt». Members of the Party are counted by themselves.
_PEOPLE: Final = f"""
WITH agency(unit_id, id, above, share) AS (
  SELECT * FROM unnest(%(units)s::bigint[], %(agencies)s::bigint[], %(above)s::bigint[], %(shares)s::int[])
), person AS (
  SELECT custody.cadre_id, agency.id AS unit_id, agency.share, employment.category,
    COALESCE(NULLIF(title."group", ''), %(other)s) AS title_group,
    COALESCE(title."group" = %(head)s, FALSE) AS is_head, party.id IS NOT NULL AS is_member,
    ('x' || substr(md5(custody.cadre_id || '-' || %(year)s), 1, 7))::bit(28)::int AS draw,
    CASE WHEN title."group" = %(head)s THEN 'heads' || agency.above
      ELSE agency.id || COALESCE(NULLIF(title."group", ''), %(other)s) END
      || (employment.category = %(public)s) AS group_key,
    EXISTS (SELECT 1 FROM personnel_discipline punished WHERE punished.cadre_id = custody.cadre_id
      AND punished.regime = %(regime)s AND punished.effective_from BETWEEN %(begins)s AND %(day)s) AS is_punished
  FROM personnel_custody custody
  JOIN agency ON agency.unit_id = custody.unit_id
  JOIN personnel_employment employment ON employment.cadre_id = custody.cadre_id AND {in_force("employment")}
    AND employment.state = ANY(%(states)s) AND employment.category = ANY(%(categories)s)
  LEFT JOIN personnel_assignment post ON post.cadre_id = custody.cadre_id AND post.kind = 'main'
    AND {in_force("post")}
  LEFT JOIN personnel_title title ON title.id = post.title_id
  LEFT JOIN personnel_partymembership party ON party.cadre_id = custody.cadre_id AND {in_force("party")}
  WHERE {in_force("custody")}
), drawn AS (
  SELECT *, CASE WHEN is_punished OR draw %% 211 = 0 THEN %(worst)s WHEN draw %% 11 = 0 THEN %(middle)s END AS low
  FROM person WHERE draw %% 100 < share
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY group_key, low IS NULL ORDER BY draw, cadre_id) * 6 <=
      count(*) OVER (PARTITION BY group_key, low IS NULL) AS is_best,
    row_number() OVER (PARTITION BY group_key, low IS NULL, is_member ORDER BY draw, cadre_id) * 6 <=
      count(*) OVER (PARTITION BY group_key, low IS NULL, is_member) AS is_best_member
  FROM drawn
), levelled AS (
  SELECT *, COALESCE(low, CASE WHEN is_best THEN %(best)s ELSE %(good)s END) AS level,
    CASE WHEN NOT is_member THEN '' ELSE COALESCE(low, CASE WHEN is_best_member THEN %(best)s ELSE %(good)s END) END
      AS party
  FROM placed
), scored AS (
  SELECT *, CASE WHEN %(has_scores)s THEN CASE level WHEN %(best)s THEN 90 + draw %% 80 / 10.0
    WHEN %(good)s THEN 70 + draw %% 190 / 10.0 WHEN %(middle)s THEN 50 + draw %% 190 / 10.0
    ELSE 30 + draw %% 190 / 10.0 END END AS score
  FROM levelled
)
INSERT INTO appraisal_rating (basis, cadre_id, cycle_id, unit_id, category, title_group, is_head, previous_scores,
  self_score, general_score, results_score, score, collective_opinion, proposed_level, level, party_level, exclusion,
  grounds, note)
SELECT '', cadre_id, %(cycle)s, unit_id, category, title_group, is_head, '[]',
  CASE WHEN score < 98.5 THEN score + 1.5 ELSE score END, round(score * 0.3, 1), score - round(score * 0.3, 1), score,
  CASE WHEN low IS NULL THEN 'Nhất trí' ELSE '' END,
  level, level, party, '', '{{}}', '' FROM scored ORDER BY unit_id, cadre_id RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Stage:
    """How far a unit of the present year is: what share of its people is rated, where the submission stands."""

    share: int
    state: str = SubmissionState.DRAFT


_PUBLISHED: Final = _Stage(100, SubmissionState.PUBLISHED)
_HALF: Final = _Stage(55)
#: One unit in so many stands at each of these.
_STAGES: Final = (
    _Stage(100, SubmissionState.APPROVED),
    _Stage(100, SubmissionState.SUBMITTED),
    _Stage(100, SubmissionState.RETURNED),
    _Stage(100),
    _Stage(60),
    _HALF,
    _Stage(25),
    _Stage(0),
    _Stage(0),
    _Stage(0),
)


class RatingsPart:
    """Cycles, ratings, submissions and confidence votes of the demonstration."""

    key, order = "ratings", 20

    def write(self, *, day: datetime.date) -> int:
        """Write them set-wise; answers the number of rows."""
        rows = sum(self._write_year(year, day) for year in range(day.year - PAST_YEARS, day.year + 1))
        return rows + self._write_votes(day)

    def _write_year(self, year: int, day: datetime.date) -> int:
        begins, ends = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        deadline = rating_deadline(year=year, day=ends)
        cycle = RatingCycle(
            code=str(year),
            name=f"Đánh giá, xếp loại năm {year}",
            begins_on=begins,
            ends_on=ends,
            due_on=deadline.day if deadline else datetime.date(year, 12, 15),
            state=CycleState.OPEN if year == day.year else CycleState.CLOSED,
        )
        cycle.save()
        agencies = Agencies(ends)
        codes = dict(Unit.objects.filter(pk__in=agencies.all()).values_list("pk", "code"))
        stages = {unit_id: _PUBLISHED if year < day.year else _stage(code, year) for unit_id, code in codes.items()}
        ids = _insert(cycle, agencies, stages)
        write_history(Rating, ids)
        heads = dict(Rating.objects.filter(cycle=cycle, is_head=True).values_list("unit_id", "level"))
        rated = set(Rating.objects.filter(cycle=cycle).values_list("unit_id", flat=True).distinct())
        own = create_many(UnitRating, [_unit_rating(cycle, unit_id, heads.get(unit_id, "")) for unit_id in rated])
        sent = [unit_id for unit_id in rated if stages[unit_id].state != SubmissionState.DRAFT]
        submissions = create_many(UnitSubmission, _submissions(cycle, sent, stages, codes))
        return len(ids) + len(own) + len(submissions)

    def _write_votes(self, day: datetime.date) -> int:
        held_on = datetime.date(day.year - 1, 12, 10)
        posts = Assignment.objects.in_force(held_on).filter(
            title__group__in=(TitleGroup.HEAD, TitleGroup.DEPUTY), kind="main"
        )
        leaders = posts.order_by("cadre_id").values_list("cadre_id", "title__name")[:VOTED]
        votes = []
        for place, (cadre_id, title) in enumerate(leaders):
            low = 22 if place == 3 else 16 if place == 9 else place % 4
            votes.append(
                ConfidenceVote(
                    cadre_id=cadre_id,
                    held_on=held_on,
                    body="Hội nghị cán bộ chủ chốt của đơn vị",
                    title_text=title or "",
                    summoned=32,
                    cast=30,
                    high=max(0, 20 - low),
                    medium=30 - low - max(0, 20 - low),
                    low=low,
                )
            )
        return len(create_many(ConfidenceVote, votes))


def _stage(code: str, year: int) -> _Stage:
    if code == SHOWN:
        return _HALF
    return _STAGES[int(hashlib.sha256(f"{code}-{year}".encode()).hexdigest()[:8], 16) % len(_STAGES)]


def _insert(cycle: RatingCycle, agencies: Agencies, stages: dict[int, _Stage]) -> list[int]:
    """Draw and insert the ratings of a cycle; answers their keys."""
    pairs = [(unit_id, agency) for agency in agencies.all() for unit_id in agencies.of(agency)]
    scores = LAW["levels/civil_servant"].at(cycle.ends_on)
    values: dict[str, Any] = {
        "units": [unit_id for unit_id, _ in pairs],
        "agencies": [agency for _, agency in pairs],
        "above": [agencies.above(agency) or agency for _, agency in pairs],
        "shares": [stages[agency].share for _, agency in pairs],
        "other": str(TitleGroup.SPECIALIST),
        "head": str(TitleGroup.HEAD),
        "public": "public_employee",
        "regime": str(DisciplineRegime.STATE),
        "year": str(cycle.ends_on.year),
        "begins": cycle.begins_on,
        "day": cycle.ends_on,
        "states": [str(state) for state in PRESENT_STATES],
        "categories": [str(category) for category in RATED],
        "cycle": cycle.pk,
        "has_scores": bool(scores and scores.value),
        "best": str(LevelChoice.EXCELLENT),
        "good": str(LevelChoice.GOOD),
        "middle": str(LevelChoice.COMPLETED),
        "worst": str(LevelChoice.NOT_COMPLETED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        return [key for (key,) in cursor.fetchall()]


def _unit_rating(cycle: RatingCycle, unit_id: int, head: str) -> UnitRating:
    """A unit is never rated below its head."""
    level = LevelChoice.EXCELLENT if head == LevelChoice.EXCELLENT else LevelChoice.GOOD
    return UnitRating(cycle=cycle, unit_id=unit_id, percent_done=96 + unit_id % 5, targets_missed=0, level=level)


def _submissions(
    cycle: RatingCycle, units: Iterable[int], stages: dict[int, _Stage], codes: dict[int, str]
) -> list[UnitSubmission]:
    approver = User.objects.filter(username="duyet").first()
    frozen = {unit for unit in units if stages[unit].state in (SubmissionState.APPROVED, SubmissionState.PUBLISHED)}
    contents = frozen_contents(cycle, {unit: codes[unit] for unit in frozen})
    rows = []
    for unit in units:
        row = UnitSubmission(cycle=cycle, unit_id=unit, state=stages[unit].state)
        if unit in frozen:
            row.content, row.sha256 = contents[unit], hash_of(contents[unit])
            row.approver = approver
            row.approved_on = min(datetime.date(cycle.ends_on.year, 12, 12), datetime.date.today())
        elif row.state == SubmissionState.RETURNED:
            row.comment = "Rà soát lại mức xếp loại của nhóm chuyên môn, nghiệp vụ trước khi trình lại."
        rows.append(row)
    return rows


demonstration_parts.register(RatingsPart())
