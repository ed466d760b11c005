"""Who needs which training (nhu cầu đào tạo, bồi dưỡng), of many people at once.

    needs_for(programme, people, day, reader=user) -> frame
        everybody among `people` of whom something asks what the programme gives, one row a person
    counts_by(asking, "unit" | "title" | "post" | "round") -> frame
        how many need what, by requirement and state
    needing(asking, requirements=..., states=..., ...) -> ids
        the people behind one of these numbers

A plan is a secret: what only a planned title asks (NeedSource.PLANNED) is counted for who may read that plan, and is
not there for anybody else, neither as a need nor as a number. `reader=None` is the machine's operator, who reads all.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from django.db import connection

from hrdb.kernel.models import User
from personnel.models import QualificationLevel
from personnel.models.scope import CadreQuerySet
from personnel.statistics.people import positional
from personnel.statistics.sources import in_force
from training.models import Programme
from training.rules.admission import admission
from training.rules.needs import SOURCE_ORDER
from training.statistics.applying import applicants, conditions_of
from training.statistics.asking import Asking

#: Columns of the frame of `needs_for`, with what each holds.
COLUMNS: Final[Mapping[str, str]] = {
    "cadre_id": "the person; one row each",
    "unit_id": "the unit that keeps the record on the day",
    "source": "NeedSource: the strongest of what asks (planned, post, rank, office)",
    "sources": "all that asks, as a tuple of NeedSource",
    "state": "NeedState: held, missing, expiring, unknown",
    "needed_by": "the earliest day by which it is needed, or None",
    "since": "the first day on which an office proposed it, or None",
    "admission": "met, not_met or unknown: the programme's conditions of admission",
    "title_rank": "the order of the highest leadership title held (lower is higher), or None",
    "object": "1 or 2: the object of the plan that asks, or None",
    "is_woman": "sex",
    "is_minority": "ethnic minority; False where it is not known",
    "born": "the day of birth, or None",
}

#: What asks, the most pressing first (as `training.rules.needs.SOURCE_ORDER`).
_ORDERED: Final = "array_position(ARRAY['planned', 'post', 'rank', 'office'], need.source)"

_FOR_PROGRAMME: Final = f"""
, one AS (
  SELECT need.cadre_id, need.unit_id, array_agg(DISTINCT need.source) AS sources,
         (array_agg(need.source ORDER BY {_ORDERED}))[1] AS source,
         min(need.state) AS state, min(need.needed_by) AS needed_by,
         min(need.object) FILTER (WHERE need.source = 'planned') AS object,
         min(proposal.proposed_on) AS since
  FROM need LEFT JOIN training_proposedneed proposal ON need.source = 'office' AND proposal.id = need.ground_id
  WHERE need.requirement = ANY(%(wanted)s) GROUP BY need.cadre_id, need.unit_id
), held_title AS (
  SELECT post.cadre_id, min(title.rank) AS rank
  FROM personnel_assignment post
  LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
  JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id) AND title.is_leadership
  WHERE post.kind <> 'acting' AND {in_force("post")} AND post.cadre_id IN (SELECT cadre_id FROM one)
  GROUP BY post.cadre_id
)
SELECT one.cadre_id, one.unit_id, one.source, one.sources, one.state, one.needed_by, one.since, held_title.rank,
       one.object, cadre.sex = 'female', COALESCE(ethnic.is_minority, FALSE), cadre.born
FROM one JOIN personnel_cadre cadre ON cadre.id = one.cadre_id
LEFT JOIN personnel_ethnicgroup ethnic ON ethnic.id = cadre.ethnicity_id
LEFT JOIN held_title ON held_title.cadre_id = one.cadre_id
ORDER BY one.cadre_id
"""
_READ: Final = [column for column in COLUMNS if column != "admission"]


def needs_for(
    programme: Programme, people: CadreQuerySet, day: datetime.date, *, reader: User | None = None
) -> pd.DataFrame:
    """Everybody of `people` present on the day of whom something asks what the programme gives, in `COLUMNS`.

    The state tells whether it is there already: callers keep `missing` and `expiring` (and `unknown`, to be asked).
    `people` is a scoped queryset (`trained_by(user)`), `reader` whose right to read plans counts.
    """
    sql, values = Asking(people, day, reader).sql()
    rows = _fetch(sql + _FOR_PROGRAMME, {**values, "wanted": requirements_of(programme)})
    frame = pd.DataFrame(rows, columns=_READ).astype(object)
    frame["sources"] = [tuple(sources) for sources in frame["sources"]]
    conditions = conditions_of([programme], day)[programme.pk]
    facts = applicants(frame["cadre_id"], day, reader)
    frame["admission"] = [admission(facts[pk], conditions, day) for pk in frame["cadre_id"]]
    return frame.where(frame.notna(), None)[list(COLUMNS)]


def requirements_of(programme: Programme) -> list[str]:
    """The requirements that a programme answers: its level, and those of the same kind and order; else itself."""
    return requirements_by_programme([programme])[programme.pk]


def requirements_by_programme(programmes: Sequence[Programme]) -> dict[int, list[str]]:
    """The same of several programmes, by id: one query."""
    codes: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    levels = QualificationLevel.objects.filter(rank__isnull=False, kind__in={one.gives for one in programmes})
    for kind, rank, code in levels.values_list("kind", "rank", "code"):
        codes[kind, rank].append(code)
    found = {}
    for one in programmes:
        if one.level is None:
            found[one.pk] = [f"programme:{one.pk}"]
            continue
        same = codes[one.gives, one.level.rank] if one.level.rank is not None else []
        found[one.pk] = [f"{one.gives}:{code}" for code in sorted({*same, one.level.code})]
    return found


_PERSON_WISE: Final = """
, one AS (SELECT need.cadre_id, need.unit_id, need.requirement, min(need.state) AS state FROM need
          WHERE need.source = ANY(%(sources)s) GROUP BY need.cadre_id, need.unit_id, need.requirement)
"""
_BY_UNIT: Final = f"""{_PERSON_WISE}
SELECT one.unit_id::text, one.requirement, one.state, count(*) FROM one GROUP BY 1, 2, 3
"""
_BY_TITLE: Final = f"""{_PERSON_WISE}
SELECT COALESCE(title."group", 'none'), one.requirement, one.state, count(*)
FROM one
LEFT JOIN personnel_assignment post ON post.cadre_id = one.cadre_id AND post.kind = 'main' AND {in_force("post")}
LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
LEFT JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id)
GROUP BY 1, 2, 3
"""
_BY_POST: Final = f"""{_PERSON_WISE}
SELECT COALESCE(COALESCE(post.title_id, seat.title_id)::text, 'none'), one.requirement, one.state, count(*)
FROM one
LEFT JOIN personnel_assignment post ON post.cadre_id = one.cadre_id AND post.kind = 'main' AND {in_force("post")}
LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
GROUP BY 1, 2, 3
"""
_BY_ROUND: Final = """
SELECT need.round_id::text, need.requirement, need.state, count(DISTINCT need.cadre_id)
FROM need WHERE need.source = 'planned' AND need.source = ANY(%(sources)s) GROUP BY 1, 2, 3
"""
_COUNTED: Final = {"unit": _BY_UNIT, "title": _BY_TITLE, "post": _BY_POST, "round": _BY_ROUND}


def counts_by(asking: Asking, rows: str, sources: Sequence[str] = ()) -> pd.DataFrame:
    """How many people of each row stand how with each requirement.

    Rows are ids of units, groups of titles (`title`), ids of titles of main posts (`post`) or of planning rounds.

    Columns: row, requirement, state, count. A person counts once a requirement, however many things ask it; with
    `sources` only what these ask counts.
    """
    sql, values = asking.sql()
    found = _fetch(sql + _COUNTED[rows], {**values, "sources": list(sources) or list(SOURCE_ORDER)})
    return pd.DataFrame(found, columns=["row", "requirement", "state", "count"])


def needing(
    asking: Asking,
    *,
    requirements: Sequence[str] = (),
    states: Sequence[str] = (),
    sources: Sequence[str] = (),
    title_group: str = "",
    title_id: int | None = None,
    round_id: int | None = None,
) -> list[int]:
    """The ids of the people behind a number, for `filter(pk__any=…)`: asked once, whatever a page asks of them."""
    sql, values = asking.sql()
    conditions = ["TRUE"]
    if requirements:
        conditions.append("need.requirement = ANY(%(wanted)s)")
    if states:
        conditions.append("need.state = ANY(%(states)s)")
    if sources:
        conditions.append("need.source = ANY(%(sources)s)")
    if round_id is not None:
        conditions.append("need.source = 'planned' AND need.round_id = %(round)s")
    if title_group:
        of_main = _MAIN.format('title."group"')
        conditions.append(f"COALESCE(({of_main}), 'none') = %(group)s")
    if title_id is not None:
        conditions.append(f"({_MAIN.format('title.id')}) = %(title)s")
    values |= {
        "wanted": list(requirements),
        "states": list(states),
        "sources": list(sources),
        "round": round_id,
        "group": title_group,
        "title": title_id,
    }
    chosen = f"{sql} SELECT DISTINCT need.cadre_id FROM need WHERE {' AND '.join(conditions)}"
    return [pk for (pk,) in _fetch(chosen, values)]


#: Something of the title of the main post.
_MAIN: Final = f"""
SELECT {{}} FROM personnel_assignment post
LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id)
WHERE post.cadre_id = need.cadre_id AND post.kind = 'main' AND {in_force("post")}
"""


def _fetch(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*positional(sql, values))
        return list(cursor.fetchall())
