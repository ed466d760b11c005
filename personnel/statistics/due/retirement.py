"""Retirement (nghỉ hưu): the notice and the decision, for everybody whose age is reached.

The day depends on sex and month of birth alone: the engine of the law answers each month of birth once, and one join
finds the people. Nobody's day is worked out one by one, and none differs from the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Final

from hrdb.kernel.dates import add_months, first_of_month, month_index
from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import ENDED_STATES, DecisionState, EmploymentState
from personnel.rules.law import SEXES, Sex
from personnel.rules.retirement import retirement
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow
from personnel.statistics.sources import in_force

#: The kind of decision by which retirement is announced.
NOTICE_CODE: Final = "x-thong-bao-nghi-huu"

#: The oldest of those who may still be at work when the day is asked, in years.
OLDEST: Final = 90
#: How far behind the window the engine is asked, in months: no lead time is longer.
REACH: Final = 24

#: A deferral moves the day: the state of awaiting retirement lasts until it. Those who reach the age are found first
#: (OFFSET 0), so that what may have settled the matter is asked of them alone.
_SQL = f"""
SELECT person.id, person.unit_id, GREATEST(person.day, deferred.effective_until), NULL::bigint, %(basis)s
FROM (
  SELECT one.id, one.unit_id, reached.day FROM people one
  JOIN unnest(%(sexes)s::text[], %(births)s::date[], %(days)s::date[]) reached(sex, born_in, day)
    ON reached.sex = one.sex AND reached.born_in = one.born_in
  OFFSET 0
) person
LEFT JOIN personnel_employment deferred ON deferred.cadre_id = person.id AND deferred.state = %(awaiting)s
  AND {in_force("deferred")}
WHERE NOT EXISTS (
  SELECT 1 FROM personnel_employment later LEFT JOIN personnel_decision decided ON decided.id = later.decision_id
  WHERE later.cadre_id = person.id AND later.effective_from > %(day)s AND later.state = ANY(%(ended)s)
    AND (decided.signed_on IS NULL OR decided.signed_on <= %(day)s)
)"""

#: Who awaits retirement was told, and so was who stands in a signed notice.
_NOT_TOLD = """
  AND deferred.id IS NULL AND NOT EXISTS (
  SELECT 1 FROM personnel_decisionitem item JOIN personnel_decision notice ON notice.id = item.decision_id
  JOIN personnel_decisionkind kind ON kind.id = notice.kind_id
  WHERE item.cadre_id = person.id AND kind.code = %(notice)s AND notice.state = %(signed)s
    AND notice.signed_on <= %(day)s
)"""


@lru_cache(maxsize=24)
def retirement_days(day: date, until: date) -> tuple[tuple[Sex, date, date], ...]:
    """Sex, month of birth and first day of retirement, of all births that retire by `until`; of months whose law is
    not known, nothing."""
    return tuple(_retirement_days(day, until))


def _retirement_days(day: date, until: date) -> Iterator[tuple[Sex, date, date]]:
    for sex in SEXES:
        for month in range(month_index(day) - OLDEST * 12, month_index(until)):
            born = first_of_month(month)
            try:
                found = retirement(sex=sex, born=born)
            except ParameterUnknown:
                continue
            if found.retired_from > until:
                break
            yield sex, born, found.retired_from


class _Retirement(DueList):
    """Base of the two: who reaches the age and has no end of service on record that was decided by the day."""

    sql: ClassVar[str] = _SQL
    record_tab = "career"
    law_lag = 1  # the age is reached on the last day of the month before
    note = (
        "Theo tuổi nghỉ hưu trong điều kiện lao động bình thường; không tính lùi thời điểm, nghỉ ở tuổi thấp hơn hoặc "
        "cao hơn. "
        "Thời hạn là quy định cho công chức; với đối tượng khác dùng để nhắc việc, chưa kiểm chứng."
    )

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """One row for each person whose month of birth retires in the window or has retired."""
        days = retirement_days(day, add_months(until, REACH))
        return self.sql, {
            "basis": self.lead,
            "sexes": [sex for sex, _, _ in days],
            "births": [born for _, born, _ in days],
            "days": [reached for _, _, reached in days],
            "ended": [str(state) for state in ENDED_STATES],
            "awaiting": str(EmploymentState.AWAITING_RETIREMENT),
            "notice": NOTICE_CODE,
            "signed": str(DecisionState.SIGNED),
        }

    def detail(self, row: DueRow) -> str:
        """The day from which the pension is drawn."""
        return "Đủ tuổi nghỉ hưu"


@DUE_LISTS.register
class RetirementNotice(_Retirement):
    """Thông báo nghỉ hưu: the written notice before the day."""

    key, label, order = "retirement_notice", "Thông báo nghỉ hưu", 10
    decision_kind = "retirement_notice"
    lead = "retirement/notice_months"
    sql = _SQL + _NOT_TOLD


@DUE_LISTS.register
class RetirementDecision(_Retirement):
    """Quyết định nghỉ hưu."""

    key, label, order = "retirement_decision", "Quyết định nghỉ hưu", 20
    decision_kind = "retirement"
    lead = "retirement/decision_months"
