"""Terms of office (thời hạn giữ chức vụ): appointed posts whose term ends on a day that the record names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import AssignmentKind
from personnel.models import Assignment, Cadre
from personnel.rules.retirement import retirement
from personnel.rules.terms import CONTINUATION_LABELS, after_the_term
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told
from personnel.statistics.sources import in_force

#: The kind of decision whose posts end with a rotation, not with a term of office.
ROTATION_CODE: Final = "x-luan-chuyen"

#: No later main post, or post of the same kind and title, was decided by the day: what ends is not settled yet.
NOT_FOLLOWED: Final = """NOT EXISTS (
  SELECT 1 FROM personnel_assignment later LEFT JOIN personnel_decision decided ON decided.id = later.decision_id
  WHERE later.cadre_id = post.cadre_id AND later.kind = post.kind AND later.effective_from > %(day)s
    AND (post.kind = 'main' OR later.title_id IS NOT DISTINCT FROM post.title_id)
    AND (decided.signed_on IS NULL OR decided.signed_on <= %(day)s)
)"""

_TERMS: Final = f"""
SELECT person.id, person.unit_id, post.term_ends_on, post.id, %(basis)s
FROM people person
JOIN personnel_assignment post ON post.cadre_id = person.id AND {in_force("post")}
LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
LEFT JOIN personnel_title title ON title.id = COALESCE(post.title_id, seat.title_id)
LEFT JOIN personnel_decision decision ON decision.id = post.decision_id
LEFT JOIN personnel_decisionkind kind ON kind.id = decision.kind_id
WHERE post.term_ends_on IS NOT NULL AND post.mandate_id IS NULL AND post.kind = ANY(%(kinds)s)
  AND title.is_leadership IS NOT FALSE AND COALESCE(kind.code, '') <> %(rotation)s AND {NOT_FOLLOWED}
"""


def posts_of(rows: Sequence[DueRow]) -> dict[int, Assignment]:
    """The posts that some matters rest on, by id: one query."""
    posts = Assignment.objects.filter(pk__any=[row.row_id for row in rows if row.row_id is not None])
    return {post.pk: post for post in posts.select_related("title", "seat__title", "unit")}


def title_of(post: Assignment | None) -> str:
    """The title as written, else the mapped one, else that of the seat."""
    if post is None:
        return ""
    return post.title_name or (str(post.seat.title) if post.seat is not None else "")


@DUE_LISTS.register
class Reappointment(DueList):
    """Hết thời hạn giữ chức vụ: the notice that the procedure of reappointment or extension starts.

    Elected and designated titles end with their mandate and are not asked about.
    """

    key, label, order = "reappointment", "Bổ nhiệm lại, kéo dài thời gian giữ chức vụ", 30
    decision_kind = "reappointment"
    record_tab = "career"
    lead = "term/notice_days"
    note = "Chức vụ bổ nhiệm có ghi ngày hết thời hạn; hạn xử lý là ngày chậm nhất phải thông báo thực hiện quy trình."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Appointed posts whose term the record names."""
        return _TERMS, {
            "basis": self.lead,
            "kinds": [str(AssignmentKind.MAIN), str(AssignmentKind.CONCURRENT)],
            "rotation": ROTATION_CODE,
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Title, and whether the term is followed by another one or by an extension until retirement."""
        posts = posts_of(rows)
        people = Cadre.objects.filter(pk__any=[row.cadre_id for row in rows]).only("born", "born_precision", "sex")
        found = {cadre.pk: cadre for cadre in people}
        told = []
        for row in rows:
            cadre = found.get(row.cadre_id or 0)
            form, kind = _following(row.due_on, cadre, day) if cadre else ("", self.decision_kind)
            detail = ": ".join(filter(None, [title_of(posts.get(row.row_id or 0)), form]))
            told.append(Told(detail, self.cite(row), kind))
        return told


def _following(ends_on: date | None, cadre: Cadre, day: date) -> tuple[str, str]:
    """What follows the term in words, and the kind of its decision; by the law of the day."""
    birth: PartialDate | None = cadre.birth
    if birth is None or cadre.sex not in ("male", "female"):
        return "", Reappointment.decision_kind
    try:
        retires = retirement(sex=cadre.sex, born=birth).retired_from  # type: ignore[arg-type]
    except ParameterUnknown:
        return "", Reappointment.decision_kind
    following = after_the_term(term_ends_on=ends_on, retires_from=retires, day=day).kind
    if following is None:
        return "", Reappointment.decision_kind
    kind = {"extension": "extension", "retirement": "retirement"}.get(following, Reappointment.decision_kind)
    label = CONTINUATION_LABELS[following]
    return label[0].lower() + label[1:], kind
