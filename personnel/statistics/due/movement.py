"""Rotation, secondment and acting posts (luân chuyển, biệt phái, giao quyền, phụ trách) that come to their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import format_date
from personnel.choices import AssignmentKind
from personnel.models import UnitVersion
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told, later
from personnel.statistics.due.terms import NOT_FOLLOWED, ROTATION_CODE, posts_of, title_of
from personnel.statistics.sources import in_force

_ROTATED: Final = """
SELECT person.id, person.unit_id, COALESCE(post.term_ends_on, {later}), post.id, %(basis)s
FROM people person
JOIN personnel_assignment post ON post.cadre_id = person.id AND {in_force}
JOIN personnel_decision decision ON decision.id = post.decision_id
JOIN personnel_decisionkind kind ON kind.id = decision.kind_id AND kind.code = %(code)s
WHERE {not_followed}
"""

_OF_KIND: Final = """
SELECT person.id, person.unit_id, COALESCE(post.term_ends_on, post.effective_until{later}), post.id, %(basis)s
FROM people person
JOIN personnel_assignment post ON post.cadre_id = person.id AND post.kind = %(kind)s AND {in_force}
WHERE {not_followed}
"""


class _Movement(DueList):
    """Base: a post elsewhere for a time; its end is the one on record, else what the law allows from its beginning."""

    record_tab = "career"

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Title and unit, since when; where the record names no end, the law's length is said to be used."""
        posts, names = posts_of(rows), UnitVersion.objects.names_on(day) if rows else {}
        told = []
        for row in rows:
            post = posts.get(row.row_id or 0)
            where = names.get(post.unit_id or 0, post.organisation) if post else ""
            since = f"từ {format_date(post.effective_from)}" if post else ""
            told.append(
                Told(", ".join(filter(None, [title_of(post), where, since])), self.cite(row), self.decision_kind)
            )
        return told


@DUE_LISTS.register
class RotationEnd(_Movement):
    """Hết thời gian luân chuyển: the day from which a rotated leader may come back or be kept."""

    key, label, order = "rotation_end", "Hết thời gian luân chuyển", 40
    decision_kind = "rotation_end"
    note = "Theo ngày ghi trong quyết định; không ghi thì đủ thời gian luân chuyển tối thiểu."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Posts that rest on a decision of rotation."""
        sql = _ROTATED.format(
            later=later(self.book["mobility/rotation_months"], "post.effective_from"),
            in_force=in_force("post"),
            not_followed=NOT_FOLLOWED,
        )
        return sql, {"basis": "mobility/rotation_months", "code": ROTATION_CODE}


@DUE_LISTS.register
class SecondmentEnd(_Movement):
    """Hết thời hạn biệt phái."""

    key, label, order = "secondment_end", "Hết thời hạn biệt phái", 50
    decision_kind = "secondment_end"
    note = "Theo ngày ghi trong quyết định; không ghi thì hết thời hạn biệt phái tối đa."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Secondments by the end on record, else by the longest that the law allows."""
        end = later(self.book["mobility/secondment_months"], "post.effective_from")
        sql = _OF_KIND.format(later=f", {end}", in_force=in_force("post"), not_followed=NOT_FOLLOWED)
        return sql, {"basis": "mobility/secondment_months", "kind": str(AssignmentKind.SECONDMENT)}


@DUE_LISTS.register
class ActingEnd(_Movement):
    """Hết thời gian giao quyền, phụ trách, where the record names the end."""

    key, label, order = "acting_end", "Hết thời gian giao quyền, phụ trách", 60
    decision_kind = "appointment"
    note = "Chỉ gồm người có ngày kết thúc ghi trong hồ sơ: chưa có thời hạn tối đa được kiểm chứng."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Acting posts whose end is on record."""
        sql = _OF_KIND.format(later="", in_force=in_force("post"), not_followed=NOT_FOLLOWED)
        return sql, {"basis": "", "kind": str(AssignmentKind.ACTING)}

    def cite(self, row: DueRow) -> str:
        """The decision itself: no law found names a length."""
        return "Quyết định giao quyền, phụ trách"
