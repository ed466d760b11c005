"""Due matters of appraisal (việc đến hạn): ratings that a unit owes, what follows from the lowest level and votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Final

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, CycleState, LevelChoice, SubmissionState
from appraisal.models import ConfidenceVote, Rating, RatingCycle
from appraisal.rules.law import LAW, PARTY_BLOCS, Regime
from appraisal.statistics.rated import PUBLIC_SERVICE_KIND, RATED
from hrdb.kernel.dates import add_months, format_date
from hrdb.kernel.parameters import NOT_CONFIRMED, ParameterBook
from personnel.choices import DIVISION_KIND, EmploymentCategory, TitleGroup
from personnel.rules.law import LAW as PERSONNEL_LAW
from personnel.rules.leaving import CONSEQUENCE_LABELS, votes_of_low_confidence
from personnel.statistics.due import DUE_LISTS, DueList, DueRow, Told
from personnel.statistics.due.base import cited

#: The deadline of a unit, and what follows for a person, by the rules that each follows.
DEADLINES: Final[dict[Regime, str]] = {
    "civil_servant": "deadlines/yearly",
    "public_employee": "deadlines/yearly_public_employee",
    "party": "deadlines/yearly_party",
}
CONSEQUENCE: Final = "consequences/not_completed"
CONSEQUENCE_OF_EMPLOYEES: Final = "consequences/not_completed_public_employee"
RESIGNATION: Final = "leaving/low_votes_resignation"

#: Units that rate somebody who works on the day, and whose submission of an open year is not sent; divisions are rated
#: by the unit above them.
_OWED: Final = """
WITH RECURSIVE placed AS (
  SELECT DISTINCT ON (version.unit_id) version.unit_id, version.parent_id,
    COALESCE(kind.code = %(division)s, FALSE) AS is_division, CASE WHEN version.bloc = ANY(%(party_blocs)s)
    THEN %(of_party)s WHEN kind.code = %(service)s THEN %(of_service)s ELSE %(of_state)s END AS basis
  FROM personnel_unitversion version LEFT JOIN personnel_unitkind kind ON kind.id = version.kind_id
  WHERE version.effective_from <= %(day)s ORDER BY version.unit_id, version.effective_from DESC
), climbing AS (
  SELECT unit_id, unit_id AS at, is_division, parent_id FROM placed
  UNION
  SELECT climbing.unit_id, placed.unit_id, placed.is_division, placed.parent_id
  FROM climbing JOIN placed ON placed.unit_id = climbing.parent_id WHERE climbing.is_division
), rating_unit AS (
  SELECT DISTINCT climbing.at AS id FROM climbing
  JOIN people person ON person.unit_id = climbing.unit_id AND person.category = ANY(%(categories)s)
  WHERE NOT climbing.is_division OR climbing.parent_id IS NULL
)
SELECT NULL::bigint, rating_unit.id, cycle.due_on - 1, cycle.id, placed.basis
FROM rating_unit JOIN placed ON placed.unit_id = rating_unit.id
JOIN appraisal_ratingcycle cycle ON cycle.kind = %(year)s AND cycle.state = %(open)s AND cycle.begins_on <= %(day)s
WHERE rating_unit.id IN (SELECT id FROM units) AND NOT EXISTS (
  SELECT 1 FROM appraisal_unitsubmission sent
  WHERE sent.cycle_id = cycle.id AND sent.unit_id = rating_unit.id AND sent.state = ANY(%(sent)s)
)
"""

#: The approved rating of the last year that each has one for.
_LAST: Final = """
SELECT DISTINCT ON (rating.cadre_id) rating.id, rating.cadre_id, rating.level, rating.category, cycle.ends_on
FROM appraisal_rating rating
JOIN appraisal_ratingcycle cycle ON cycle.id = rating.cycle_id AND cycle.kind = %(year)s
JOIN appraisal_unitsubmission approved ON approved.cycle_id = cycle.id AND approved.unit_id = rating.unit_id
  AND approved.state = ANY(%(frozen)s) AND approved.approved_on <= %(day)s
WHERE rating.cadre_id IN (SELECT id FROM people)
ORDER BY rating.cadre_id, cycle.ends_on DESC
"""

_LOWEST: Final = f"""
SELECT person.id, person.unit_id, NULL::date, last.id,
  CASE WHEN last.category = %(employee)s THEN %(basis_of_employees)s ELSE %(basis)s END
FROM ({_LAST}) last JOIN people person ON person.id = last.cadre_id
WHERE last.level = %(worst)s AND last.ends_on >= %(since)s
"""

#: The kind of decision that settles what follows from a vote.
_DECISIONS: Final = {"resignation": "resignation", "removal": "dismissal"}

_VOTED: Final = """
SELECT person.id, person.unit_id, NULL::date, vote.id, %(basis)s
FROM (
  SELECT DISTINCT ON (cadre_id) id, cadre_id, low, "cast" FROM appraisal_confidencevote
  WHERE held_on <= %(day)s AND held_on > %(after)s AND cadre_id IN (SELECT id FROM people)
  ORDER BY cadre_id, held_on DESC, id DESC
) vote JOIN people person ON person.id = vote.cadre_id
WHERE vote.low * %(below)s > vote."cast" * %(above)s
"""


@DUE_LISTS.register
class RatingsOwed(DueList):
    """Đơn vị chưa trình kết quả xếp loại; `row_id` is the cycle."""

    key, label, order = "ratings_owed", "Trình kết quả đánh giá, xếp loại năm", 210
    book: ClassVar[ParameterBook] = LAW
    note = "Đơn vị chưa trình hoặc bị trả lại trong kỳ năm đang mở; hạn là ngày cuối cùng còn kịp."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Units that owe a submission of an open year."""
        return _OWED, {
            "division": DIVISION_KIND,
            "service": PUBLIC_SERVICE_KIND,
            "party_blocs": list(PARTY_BLOCS),
            "of_state": DEADLINES["civil_servant"],
            "of_service": DEADLINES["public_employee"],
            "of_party": DEADLINES["party"],
            "categories": [str(category) for category in RATED],
            "year": str(CycleKind.YEAR),
            "open": str(CycleState.OPEN),
            "sent": [str(state) for state in (SubmissionState.SUBMITTED, *FROZEN_SUBMISSIONS)],
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The cycle."""
        names = dict(RatingCycle.objects.filter(pk__in={row.row_id for row in rows}).values_list("pk", "name"))
        return [Told(names.get(row.row_id or 0, ""), self.cite(row)) for row in rows]


@DUE_LISTS.register
class NotCompleted(DueList):
    """Hệ quả của mức không hoàn thành nhiệm vụ: the last approved year is at the lowest level."""

    key, label, order = "not_completed", "Xử lý người không hoàn thành nhiệm vụ", 220
    book: ClassVar[ParameterBook] = LAW
    is_standing = True
    record_tab = "rating"
    note = "Theo kết quả năm gần nhất đã duyệt, từ năm luật hiện hành áp dụng; hết khi có kết quả năm sau."

    def unjudged(self, day: date) -> str:
        """Before the law says what follows nothing is due."""
        held = self.book[CONSEQUENCE].at(day)
        return "" if held is not None and held.value is not None else "Chưa có quy định về hệ quả vào ngày này."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """People whose last approved year is at the lowest level, by the law of that year."""
        since = next(held.effective_from for held in self.book[CONSEQUENCE].values if held.value is not None)
        return _LOWEST, {
            "basis": CONSEQUENCE,
            "basis_of_employees": CONSEQUENCE_OF_EMPLOYEES,
            "employee": str(EmploymentCategory.PUBLIC_EMPLOYEE),
            "year": str(CycleKind.YEAR),
            "frozen": [str(state) for state in FROZEN_SUBMISSIONS],
            "worst": str(LevelChoice.NOT_COMPLETED),
            "since": since,
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The cycle and what follows by the person's category; cited by the law of the day asked."""
        found = Rating.objects.filter(pk__any=[row.row_id for row in rows]).select_related("cycle")
        ratings = {one.pk: one for one in found}
        return [self._told(row, ratings.get(row.row_id or 0), day) for row in rows]

    def _told(self, row: DueRow, rating: Rating | None, day: date) -> Told:
        """A leader is relieved of the title, others leave; where the law is not known no decision is offered."""
        held, citation = self.book[row.basis].at(day), cited(self.book[row.basis], day)
        name = rating.cycle.name if rating else ""
        if held is None or held.value is None:
            return Told(f"{name}: chưa rõ hệ quả theo quy định của đối tượng này ({NOT_CONFIRMED})", citation)
        is_leader = rating is not None and rating.title_group in (TitleGroup.HEAD, TitleGroup.DEPUTY)
        return Told(f"{name}: {held.value}", citation, "dismissal" if is_leader else "leaving")


@DUE_LISTS.register
class LowVotes(DueList):
    """Hệ quả của phiếu tín nhiệm thấp: the last vote within a year asks for resignation or removal."""

    key, label, order = "low_votes", "Xem xét theo phiếu tín nhiệm thấp", 230
    book: ClassVar[ParameterBook] = PERSONNEL_LAW
    is_standing = True
    record_tab = "rating"
    needs = (RESIGNATION,)
    note = "Lần lấy phiếu gần nhất trong 12 tháng; tỷ lệ tính trên số phiếu thu về."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """People whose last vote lies above the share that asks for resignation."""
        share = Fraction(self.book[RESIGNATION].require(day).value)
        return _VOTED, {
            "basis": RESIGNATION,
            "after": add_months(day, -12),
            "above": share.numerator,
            "below": share.denominator,
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """When, how many, what follows."""
        votes = ConfidenceVote.objects.in_bulk([row.row_id for row in rows if row.row_id is not None])
        return [self._told(votes.get(row.row_id or 0), day) for row in rows]

    def _told(self, vote: ConfidenceVote | None, day: date) -> Told:
        if vote is None:
            return Told("", cited(self.book[RESIGNATION], day))
        found = votes_of_low_confidence(low=vote.low, counted=vote.cast, day=vote.held_on)
        follows = CONSEQUENCE_LABELS[found.consequence] if found.consequence else ""
        detail = f"{follows}: {vote.low}/{vote.cast} phiếu thấp ngày {format_date(vote.held_on)}"
        citation = found.finding.citation.text if found.finding.citation else cited(self.book[RESIGNATION], day)
        return Told(detail, citation, _DECISIONS.get(found.consequence or "none", ""))
