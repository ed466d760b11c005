"""Planning in statistics: people who are planned on the day, and what they are divided by (người trong quy hoạch).

Everything is counted of what the reader may see of the lists; for who neither plans nor approves it is not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef

from personnel.choices import TitleGroup
from personnel.models.scope import CadreQuerySet
from personnel.statistics import DIMENSIONS, POPULATIONS, Dimension, Population
from personnel.statistics.dimensions import fixed
from planning.choices import CandidateObject
from planning.models import Candidate
from planning.models.scope import READING

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Whose planning the reader does not see is counted with those who are not planned, and the words say so.
NOT_SEEN: Final = ("none", "Không có trong danh sách được xem")
BODY: Final = ("body", "Cấp ủy, ban thường vụ, ủy ban kiểm tra")
NO_RANK: Final = 10_000


def _seen(day: date, user: User | None) -> Any:
    return Candidate.objects.all().visible_to(user).in_plan(day)


def _planned(cadres: CadreQuerySet, day: date, user: User | None) -> CadreQuerySet:
    return cadres.filter(Exists(_seen(day, user).order_by().filter(cadre_id=OuterRef("pk"))))


def _present(cadres: CadreQuerySet, day: date) -> CadreQuerySet:
    return cadres.present_on(day)


def _by_object(day: date, user: User | None) -> Mapping[str, Any]:
    """Each planned person's object: the first where somebody is of both."""
    rows = _seen(day, user).order_by("-object").values_list("cadre_id", "object")
    return {"planned_object_people": json.dumps({str(pk): str(object_) for pk, object_ in rows})}


def _by_group(day: date, user: User | None) -> Mapping[str, Any]:
    """The group of the highest title that each person is planned for, posts before membership of bodies."""
    best: dict[int, tuple[bool, int, str]] = {}
    rows = (
        _seen(day, user).order_by().values_list("cadre_id", "seat__is_body", "seat__title__rank", "seat__title__group")
    )
    for cadre_id, is_body, rank, group in rows:
        key = (is_body, rank or NO_RANK, BODY[0] if is_body else group)
        best[cadre_id] = min(best.get(cadre_id, key), key)
    return {"planned_group_people": json.dumps({str(pk): group for pk, (_, _, group) in best.items()})}


POPULATIONS.register(
    Population(
        key="planned",
        label="Người trong quy hoạch",
        noun="người trong quy hoạch",
        narrow=_present,
        needs=READING,
        seen=_planned,
        targets=("planning_young", "planning_female", "planning_ethnic"),
    )
)
DIMENSIONS.register(
    Dimension(
        key="planned_object",
        label="Đối tượng quy hoạch",
        expression=f"COALESCE(%(planned_object_people)s::jsonb ->> cadre.id::text, '{NOT_SEEN[0]}')",
        members=fixed([*((str(one.value), str(one.label)) for one in CandidateObject), NOT_SEEN]),
        needs=READING,
        seen=_by_object,
    )
)
DIMENSIONS.register(
    Dimension(
        key="planned_group",
        label="Nhóm chức danh quy hoạch (chức danh cao nhất)",
        expression=f"COALESCE(%(planned_group_people)s::jsonb ->> cadre.id::text, '{NOT_SEEN[0]}')",
        members=fixed([*((one.value, str(one.label)) for one in TitleGroup), BODY, NOT_SEEN]),
        needs=READING,
        seen=_by_group,
    )
)
