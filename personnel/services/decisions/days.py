"""Days of a decision that cannot be of this person, and days that are rather a slip of the hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone

from hrdb.kernel.dates import PartialDate, add_months
from hrdb.kernel.periods import StartPrecision
from personnel.models import Assignment, Employment
from personnel.rules.births import DatedFact, birth_fault, opening_facts
from personnel.services.decisions.kinds import Case

#: An effect so many months before the signature is asked about; a check of plausibility, no number of law.
LONG_BEFORE_MONTHS: Final = 12


def impossible_days(case: Case) -> Iterator[str]:
    """Why the days of a decision cannot be of this person: before the birth, as a child, before the service."""
    birth = case.cadre.birth
    if birth is not None and (fault := birth_fault(birth, _told(case), today=timezone.localdate())):
        yield fault
        return
    start = None if case.act.is_of_newcomers else service_start(case)
    if start is not None and case.day < start:
        yield (
            f"Hồ sơ ghi bắt đầu công tác từ ngày {start:%d/%m/%Y}, sau ngày quyết định có hiệu lực "
            f"{case.day:%d/%m/%Y}: hãy xem lại ngày."
        )


def service_start(case: Case) -> datetime.date | None:
    """The first day of service as the record has it; None where it only knows from some later day."""
    rows: list[Any] = [*case.held.rows[Employment], *case.held.rows[Assignment]]
    first = min(rows, key=lambda row: row.effective_from, default=None)
    recruited = [day for day in (case.cadre.first_recruited_on, case.cadre.enlisted_on) if day is not None]
    if first is None or (first.start_precision == StartPrecision.KNOWN_FROM and not recruited):
        return None
    start: datetime.date = min([first.effective_from, *recruited])
    return start


def long_before(effective_on: datetime.date, signed_on: datetime.date | None) -> str:
    """The sentence that asks about an effect long before the signature; empty where there is nothing to ask."""
    if signed_on is None or add_months(effective_on, LONG_BEFORE_MONTHS) >= signed_on:
        return ""
    return (
        f"Ngày có hiệu lực {effective_on:%d/%m/%Y} trước ngày ký {signed_on:%d/%m/%Y} hơn {LONG_BEFORE_MONTHS} tháng: "
        "hãy xem lại hai ngày này."
    )


def _told(case: Case) -> Iterator[DatedFact]:
    """What the decision tells of the person with days."""
    if case.act.is_of_newcomers:
        yield from opening_facts(day=case.day, employed_from=PartialDate(case.day))
    else:
        yield DatedFact("quyết định có hiệu lực", PartialDate(case.day), ("work",))
    if case.decision.signed_on is not None:
        yield DatedFact("quyết định được ký", PartialDate(case.decision.signed_on), ("work",))
    year = case["year"]
    if isinstance(year, int) and datetime.MINYEAR <= year <= datetime.MAXYEAR:
        yield DatedFact("lập thành tích", PartialDate(datetime.date(year, 1, 1), "year"))
