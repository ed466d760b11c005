"""The due lists of a reader's scope as one statement: counts by list, unit and month, and rows in order of their day.

People are found once, whatever is asked of them; the number of statements depends on neither people nor lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from hrdb.kernel.dates import add_months, last_of_month, month_index
from personnel.models import Cadre, Unit
from personnel.models.scope import CadreQuerySet, UnitQuerySet, held_q, scope_of
from personnel.policies import Action
from personnel.statistics.due.base import DueList, DueRow, lists_for
from personnel.statistics.people import positional, with_names
from personnel.statistics.sources import in_force
from personnel.statistics.structure import UnitNotFound

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: How many months ahead are looked at when no other day is asked.
HORIZON: Final = 12

#: What stands in place of a month: overdue, or without any day of the law.
OVERDUE, STANDING = "overdue", "standing"

_PEOPLE = f"""
SELECT cadre.id, custody.unit_id, employment.category, employment.state, cadre.sex,
       date_trunc(CASE cadre.born_precision WHEN 'year' THEN 'year' ELSE 'month' END, cadre.born)::date AS born_in
FROM (%s) kept(id)
JOIN personnel_cadre cadre ON cadre.id = kept.id
JOIN personnel_custody custody ON custody.cadre_id = cadre.id AND {in_force("custody")}
JOIN personnel_employment employment ON employment.cadre_id = cadre.id AND {in_force("employment")}
"""

_NAMED: Final = re.compile(r"%\((\w+)\)s")

#: Where a matter stands in time.
_WHEN = (
    f"CASE WHEN matter.at IS NULL THEN '{STANDING}' WHEN matter.at < %(day)s THEN '{OVERDUE}' "
    "ELSE to_char(matter.at, 'YYYY-MM') END"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: people at work within the reader's scope, of them those whose tier 2 he reads (None: of all), the
    units of the scope, the day, the last day on which an act may fall due, and the lists."""

    people: CadreQuerySet
    readable: CadreQuerySet | None
    units: UnitQuerySet
    day: date
    until: date
    lists: tuple[DueList, ...]


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many matters of a list a unit has at a time: a month (YYYY-MM), OVERDUE or STANDING."""

    kind: str
    unit_id: int
    when: str
    number: int


def horizon(day: date) -> date:
    """The last day that is looked at from `day`: the end of the month a year ahead."""
    return last_of_month(month_index(add_months(day, HORIZON)))


def asked(
    *,
    user: User | None,
    day: date,
    until: date | None = None,
    unit: str | None = None,
    is_own: bool = False,
    kinds: Iterable[str] | None = None,
    words: str = "",
) -> Asked:
    """The matters of the reader's scope on `day`, at or below the unit of a code (`is_own`: of this very unit), of the
    lists `kinds` (None: of all), of people found by `words`. Raises UnitNotFound for a unit out of scope.

    People are asked about where their record is kept on the day, so that a matter stands once and with whom it is for;
    guests of a unit (seconded, concurrent posts) are matters of their own unit. Lists that cannot be judged (a number
    is not confirmed) are left out.
    """
    root = _unit(unit, user)
    scope = scope_of(user)
    people: CadreQuerySet = Cadre.objects.filter(held_q(scope, day)) if not scope.is_empty else Cadre.objects.none()
    if root is not None:
        people = people.kept_by([root], day) if is_own else people.in_units([root], day)
    people = people.present_on(day)
    chosen = None if kinds is None else set(kinds)
    lists = [made() for made in lists_for(user) if chosen is None or made.key in chosen]
    for one in lists:
        one.user = user
    units: UnitQuerySet = Unit.objects.visible_to(user).existing_on(day)
    if root is not None:
        units = units.filter(pk=root) if is_own else units.below([root], day)
    whole = scope_of(user, Action.VIEW_SENSITIVE).is_whole_province
    return Asked(
        people=people.search(words, user) if words else people,
        readable=None if whole else Cadre.objects.readable_in_tier_2(user),
        units=units.none() if words else units,
        day=day,
        until=until or horizon(day),
        lists=tuple(one for one in lists if not one.unjudged(day)),
    )


def _unit(code: str | None, user: User | None) -> int | None:
    """The id of a unit of the scope, None when none is asked."""
    if not code:
        return None
    found: int | None = Unit.objects.visible_to(user).filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise UnitNotFound(code)
    return found


def due_counts(question: Asked) -> list[DueCount]:
    """How many matters there are, by list, unit and time: one statement."""
    select = f"SELECT matter.kind, matter.unit_id, {_WHEN}, count(*) FROM matter GROUP BY 1, 2, 3"
    return [DueCount(*row) for row in _answer(question, select, {})]


def due_rows(question: Asked, *, when: Sequence[str] = ()) -> list[DueRow]:
    """The matters in order of the last day to act, those without a day last: one statement.

    `when` keeps only those of some months (YYYY-MM), OVERDUE or STANDING.
    """
    values: dict[str, Any] = {"when": list(when)}
    return [DueRow(*row) for row in _answer(question, _ordered(when), values)]


def due_page(
    question: Asked, *, when: Sequence[str] = (), offset: int = 0, limit: int
) -> tuple[list[DueCount], list[DueRow]]:
    """The counts of everything that is asked, and `limit` rows of those of `when`: one statement for both."""
    values: dict[str, Any] = {"when": list(when), "offset": offset, "limit": limit}
    select = (
        "SELECT NULL::bigint, matter.kind, NULL::bigint, matter.unit_id, NULL::date, NULL::date, count(*), NULL, "
        f"{_WHEN} FROM matter GROUP BY 2, 4, 9 "
        "UNION ALL SELECT row_number() OVER (), page.*, NULL "
        f"FROM ({_ordered(when)} OFFSET %(offset)s LIMIT %(limit)s) page"
    )
    found = _answer(question, select, values)
    counts = [DueCount(row[1], row[3], row[8], row[6]) for row in found if row[0] is None]
    rows = sorted((row for row in found if row[0] is not None), key=lambda row: row[0])
    return counts, [DueRow(*row[1:8]) for row in rows]


def _ordered(when: Sequence[str]) -> str:
    """SQL of the matters of some times in their order."""
    return (
        "SELECT matter.kind, matter.cadre_id, matter.unit_id, matter.due_on, matter.act_by, matter.row_id, "
        "matter.basis FROM matter LEFT JOIN personnel_cadre cadre ON cadre.id = matter.cadre_id "
        + (f"WHERE {_WHEN} = ANY(%(when)s) " if when else "")
        + "ORDER BY matter.at NULLS LAST, matter.place, cadre.sort_key, matter.unit_id, matter.cadre_id, "
        "matter.row_id, matter.due_on"
    )


def _answer(question: Asked, select: str, values: dict[str, Any]) -> list[Any]:
    """The rows of one statement over all matters; none where nobody is in scope or no list can be judged."""
    if not question.lists:
        return []
    values |= {"day": question.day, "until": question.until}
    tables = {
        "people": _PEOPLE.replace("%s", _ids(question.people, values), 1),
        "readable": "SELECT id FROM people" if question.readable is None else _ids(question.readable, values),
        "units": _ids(question.units, values),
        "matter": " UNION ALL ".join(
            _matters(one, place, question, values) for place, one in enumerate(question.lists)
        ),
    }
    with_parts = ", ".join(
        f"{name} AS {'' if name == 'matter' else 'MATERIALIZED '}({sql})" for name, sql in tables.items()
    )
    sql = f"WITH {with_parts} {select}"
    with connection.cursor() as cursor:
        cursor.execute(*positional(sql, values))
        return list(cursor.fetchall())


def _ids(rows: Any, values: dict[str, Any]) -> str:
    """SQL of the ids of people or units, also where it is clear beforehand that there are none."""
    try:
        return with_names(rows, values)
    except EmptyResultSet:
        return "SELECT NULL::bigint AS id WHERE FALSE"


def _matters(due: DueList, place: int, question: Asked, values: dict[str, Any]) -> str:
    """The matters of one list that fall into the window, with the last day to act."""
    sql, own = due.query(question.day, question.until)
    values |= {f"{due.key}_{name}": value for name, value in own.items()} | {f"{due.key}__list": due.key}
    found = _NAMED.sub(lambda name: f"%({due.key}_{name[1]})s" if name[1] in own else name[0], sql)
    acting = "NULL::date" if due.is_standing else due.act_by("found.due_on")
    conditions = ["TRUE"] if due.is_standing else ["one.due_on IS NOT NULL", "one.at <= %(until)s"]
    if due.is_tier_2:
        conditions.append("one.cadre_id IN (SELECT id FROM readable)")
    return (
        f"SELECT %({due.key}__list)s AS kind, {place} AS place, one.* FROM ("
        f"SELECT found.*, {acting} AS act_by, COALESCE({acting}, found.due_on) AS at "
        f"FROM ({found}) found(cadre_id, unit_id, due_on, row_id, basis)) one WHERE {' AND '.join(conditions)}"
    )
