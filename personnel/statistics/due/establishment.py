"""Job positions and ceilings (vị trí việc làm, số lượng cấp phó): what a unit owes the law of its establishment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from personnel.choices import AssignmentKind, EmploymentCategory, TitleGroup
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told, cited
from personnel.statistics.sources import in_force

DEADLINE: Final = "establishment/job_position_deadline"
CEILING: Final = "appointment/deputy_ceiling"

_UNASSIGNED: Final = f"""
SELECT person.id, person.unit_id, %(deadline)s::date, NULL::bigint, %(basis)s
FROM people person
WHERE person.category = ANY(%(categories)s) AND NOT EXISTS (
  SELECT 1 FROM personnel_assignment post
  WHERE post.cadre_id = person.id AND post.job_position_id IS NOT NULL AND {in_force("post")}
)
"""

_DEPUTIES: Final = f"""
SELECT NULL::bigint, deputies.unit_id, NULL::date, deputies.number, %(basis)s
FROM (
  SELECT post.unit_id, count(DISTINCT post.cadre_id) AS number
  FROM personnel_assignment post
  LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
  JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id) AND title."group" = %(group)s
  WHERE post.kind = ANY(%(posts)s) AND {in_force("post")} AND post.unit_id IN (SELECT id FROM units)
  GROUP BY post.unit_id
) deputies
JOIN personnel_unitversion version ON version.unit_id = deputies.unit_id AND {in_force("version")}
LEFT JOIN personnel_unitkind kind ON kind.id = version.kind_id
LEFT JOIN unnest(%(kinds)s::text[], %(ceilings)s::int[]) ceiling(code, number) ON ceiling.code = kind.code
WHERE deputies.number > COALESCE(ceiling.number, %(ceiling)s::int)
"""


@DUE_LISTS.register
class NoJobPosition(DueList):
    """Chưa được bố trí vào vị trí việc làm: cadres and civil servants, all by one day."""

    key, label, order = "no_job_position", "Chưa bố trí vị trí việc làm", 110
    record_tab = "career"
    needs = (DEADLINE,)
    note = "Cán bộ, công chức chưa có vị trí việc làm trong quá trình công tác hiện tại."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Whoever holds no job position."""
        return _UNASSIGNED, {
            "deadline": self.book[DEADLINE].require(day).value,
            "basis": DEADLINE,
            "categories": [str(EmploymentCategory.CADRE), str(EmploymentCategory.CIVIL_SERVANT)],
        }


@DUE_LISTS.register
class OverDeputyCeiling(DueList):
    """Đơn vị vượt số lượng cấp phó; `row_id` carries how many there are."""

    key, label, order = "over_deputy_ceiling", "Đơn vị vượt số lượng cấp phó", 120
    needs = (CEILING,)
    is_standing = True
    note = "Đếm người giữ chức vụ cấp phó (kể cả kiêm nhiệm) của từng đơn vị."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Units with more deputies than the ceiling of their kind, or than the one of all."""
        ceiling = self.book[CEILING].require(day).value
        by_kind = dict(ceiling) if isinstance(ceiling, Mapping) else {}
        return _DEPUTIES, {
            "basis": CEILING,
            "group": str(TitleGroup.DEPUTY),
            "posts": [str(AssignmentKind.MAIN), str(AssignmentKind.CONCURRENT)],
            "kinds": list(by_kind),
            "ceilings": list(by_kind.values()),
            "ceiling": None if by_kind else int(ceiling),
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """How many deputies there are; cited by the law of the day asked."""
        return [Told(f"{row.row_id} cấp phó", cited(self.book[CEILING], day)) for row in rows]
