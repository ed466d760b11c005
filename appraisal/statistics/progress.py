"""How far the ratings of a cycle are: one grouped count of people by unit, category and level, folded to who rates.

Pages, summaries and due lists read the same counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from appraisal.choices import FROZEN_SUBMISSIONS, LevelChoice, SubmissionState
from appraisal.models import RatingCycle, UnitRating, UnitSubmission
from appraisal.statistics.rated import RATED, Agencies
from hrdb.kernel.models import User
from personnel.choices import PRESENT_STATES
from personnel.models import Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.statistics.sources import in_force

_COUNTS: Final = f"""
SELECT custody.unit_id, employment.category, rating.unit_id, COALESCE(rating.level, ''),
  COALESCE(rating.exclusion, ''), count(*)
FROM personnel_custody custody
JOIN personnel_employment employment ON employment.cadre_id = custody.cadre_id AND {in_force("employment")}
  AND employment.state = ANY(%(states)s) AND employment.category = ANY(%(categories)s)
LEFT JOIN appraisal_rating rating ON rating.cadre_id = custody.cadre_id AND rating.cycle_id = %(cycle)s
WHERE {in_force("custody")} AND (%(units)s::bigint[] IS NULL OR custody.unit_id = ANY(%(units)s))
GROUP BY 1, 2, 3, 4, 5
"""


_MEMBERS: Final = f"""
SELECT custody.unit_id, employment.category, rating.unit_id, COALESCE(rating.party_level, ''), '', count(*)
FROM personnel_custody custody
JOIN personnel_employment employment ON employment.cadre_id = custody.cadre_id AND {in_force("employment")}
  AND employment.state = ANY(%(states)s) AND employment.category = ANY(%(categories)s)
JOIN personnel_partymembership party ON party.cadre_id = custody.cadre_id AND {in_force("party")}
LEFT JOIN appraisal_rating rating ON rating.cadre_id = custody.cadre_id AND rating.cycle_id = %(cycle)s
WHERE {in_force("custody")} AND (%(units)s::bigint[] IS NULL OR custody.unit_id = ANY(%(units)s))
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many people of a category in a unit that rates: of one level, or excluded for one reason, or neither yet."""

    unit_id: int
    category: str
    level: str
    exclusion: str
    number: int


@dataclass
class UnitProgress:
    """One unit that rates: how many it has to rate, how far it is, where its submission stands."""

    unit_id: int
    code: str
    name: str
    people: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    excluded: int = 0
    state: str = SubmissionState.DRAFT
    unit_level: str = ""
    approved_on: date | None = None

    @property
    def done(self) -> int:
        """How many are rated, or excluded with a reason."""
        return sum(self.levels.values()) + self.excluded

    @property
    def missing(self) -> int:
        """How many are neither."""
        return self.people - self.done

    @property
    def per_cent(self) -> int:
        """How far it is; all done is a hundred, and nothing less."""
        return 100 if not self.missing else self.done * 100 // self.people

    @property
    def is_sent(self) -> bool:
        """Whether the unit has submitted, whatever became of it but being returned."""
        return self.state in (SubmissionState.SUBMITTED, *FROZEN_SUBMISSIONS)

    @property
    def state_label(self) -> str:
        """The state in words; nothing entered yet is told so."""
        if self.state == SubmissionState.DRAFT and not self.done:
            return "Chưa nhập"
        return str(SubmissionState(self.state).label)

    def is_overdue(self, cycle: RatingCycle, day: date) -> bool:
        """Whether it should have been submitted by `day`."""
        return cycle.due_on is not None and day >= cycle.due_on and not self.is_sent

    def level_count(self, level: str) -> int:
        """How many have a level."""
        return self.levels[level]


def tallies(
    cycle: RatingCycle, agencies: Agencies, *, units: Collection[int] | None = None, of_members: bool = False
) -> list[Tally]:
    """People to be rated on the last day of a cycle, counted: one query at any size; of some units where given.

    `of_members`: members of the Party by their Party level. What another unit entered of somebody does not count: it is
    not the one that rates.
    """
    below = None if units is None else [one for unit in units for one in agencies.of(unit)]
    values: dict[str, Any] = {
        "day": cycle.ends_on,
        "cycle": cycle.pk,
        "states": [str(state) for state in PRESENT_STATES],
        "categories": [str(category) for category in RATED],
        "units": below,
    }
    counted: Counter[tuple[int, str, str, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS if of_members else _COUNTS, values)
        for kept_in, category, rated_by, level, exclusion, number in cursor.fetchall():
            unit_id = agencies.rating(kept_in)
            told = (level, exclusion) if rated_by == unit_id else ("", "")
            counted[(unit_id, category, *told)] += number
    return [Tally(*key, number) for key, number in counted.items()]


def units_in_scope(user: User | None, agencies: Agencies) -> list[int] | None:
    """The units that rate and that the user sees; None for the whole province."""
    scope = scope_of(user, Action.VIEW)
    if scope.is_whole_province:
        return None
    seen = Unit.objects.filter(scope.covers("pk"), pk__in=agencies.all())
    return list(seen.values_list("pk", flat=True))


def unit_progress(
    cycle: RatingCycle, agencies: Agencies, *, units: Collection[int] | None = None
) -> list[UnitProgress]:
    """Every unit that has somebody to rate, in the order of names of the tree: four queries at any size."""
    found: dict[int, UnitProgress] = {}
    counted = tallies(cycle, agencies, units=units)
    codes = dict(Unit.objects.filter(pk__in={one.unit_id for one in counted}).values_list("pk", "code"))
    for one in counted:
        unit = found.get(one.unit_id)
        if unit is None:
            code = codes.get(one.unit_id, "")
            unit = found[one.unit_id] = UnitProgress(one.unit_id, code, agencies.names.get(one.unit_id, code))
        unit.people += one.number
        if one.level:
            unit.levels[one.level] += one.number
        elif one.exclusion:
            unit.excluded += one.number
    _add_submissions(cycle, found)
    return [found[unit_id] for unit_id in agencies.in_order() if unit_id in found]


def _add_submissions(cycle: RatingCycle, found: dict[int, UnitProgress]) -> None:
    rows = UnitSubmission.objects.filter(cycle=cycle, unit_id__in=found)
    for unit_id, state, approved_on in rows.values_list("unit_id", "state", "approved_on"):
        found[unit_id].state, found[unit_id].approved_on = state, approved_on
    for unit_id, level in UnitRating.objects.filter(cycle=cycle, unit_id__in=found).values_list("unit_id", "level"):
        found[unit_id].unit_level = level


@dataclass(frozen=True)
class CycleProgress:
    """A cycle in figures, for its card and its head."""

    units: int
    sent: int
    approved: int
    overdue: int
    people: int
    done: int


def progress_of(cycle: RatingCycle, rows: Iterable[UnitProgress], day: date) -> CycleProgress:
    """The figures of some units together."""
    units = list(rows)
    return CycleProgress(
        units=len(units),
        sent=sum(one.is_sent for one in units),
        approved=sum(one.state in FROZEN_SUBMISSIONS for one in units),
        overdue=sum(one.is_overdue(cycle, day) for one in units),
        people=sum(one.people for one in units),
        done=sum(one.done for one in units),
    )


def last_day_in_time(cycle: RatingCycle) -> date | None:
    """The last day on which ratings are in time: the deadline of the law names the first that is too late."""
    return cycle.due_on - timedelta(days=1) if cycle.due_on else None


LEVELS: Final = tuple(LevelChoice)
