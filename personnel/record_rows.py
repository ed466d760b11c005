"""One row of a record as pages show it on a day: its period, its unit's name, what it rests on, what may be done."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.periods import Dated, StartPrecision
from hrdb.kernel.screens.formats import month_text, period_text
from personnel.models import Decision
from personnel.models.decisions import Decided

if TYPE_CHECKING:
    from personnel.reports.unit_names import UnitNames

#: What a fact without a decision says.
NO_DECISION = "chưa có quyết định"


@dataclass(frozen=True)
class RecordRow:
    """A row with the day on which it is read; an end that lies after a past day is not told."""

    row: Any
    day: datetime.date
    is_past_day: bool
    units: UnitNames

    @property
    def pk(self) -> int:
        """The row's id."""
        return int(self.row.pk)

    @property
    def until(self) -> datetime.date | None:
        """The first day on which it no longer holds, as far as it may be told."""
        ended: datetime.date | None = getattr(self.row, "effective_until", None)
        return None if ended is not None and self.is_past_day and ended > self.day else ended

    @property
    def holds(self) -> bool:
        """Whether it holds on the day; rows without a period do."""
        return not isinstance(self.row, Dated) or self.row.holds_on(self.day)

    @property
    def is_ahead(self) -> bool:
        """Whether it will begin after the day."""
        return isinstance(self.row, Dated) and self.row.effective_from > self.day

    @property
    def is_over(self) -> bool:
        """Whether it had ended by the day."""
        return isinstance(self.row, Dated) and not self.holds and not self.is_ahead

    @property
    def start(self) -> datetime.date | PartialDate | None:
        """The first day as far as it is known."""
        if not isinstance(self.row, Dated):
            return None
        known = getattr(self.row, "start_precision", None) or getattr(self.row, "joined_precision", "day")
        return PartialDate(self.row.effective_from, known) if known in ("month", "year") else self.row.effective_from

    @property
    def is_known_from(self) -> bool:
        """Whether only that it already held on its first day is known."""
        return getattr(self.row, "start_precision", "") == StartPrecision.KNOWN_FROM

    @property
    def months(self) -> str:
        """The period by months, as a career is written."""
        text = period_text(self.start, self.until)
        return f"trước {text}" if self.is_known_from else text

    @property
    def days(self) -> str:
        """The period by days."""
        text = period_text(self.start, self.until, months=False)
        return f"biết từ {text}" if self.is_known_from else text

    @property
    def place(self) -> str:
        """The unit by the name that it had then, else the organisation as written."""
        unit_id = getattr(self.row, "unit_id", None)
        if unit_id is None:
            return str(getattr(self.row, "organisation", ""))
        last = self.until - datetime.timedelta(days=1) if self.until else None
        return self.units.full(unit_id, min(last, self.day) if last else self.day)

    @property
    def decision(self) -> Decision | None:
        """The decision that it rests on; one that takes effect after a past day is not told."""
        found: Decision | None = getattr(self.row, "decision", None)
        return None if found and self.is_past_day and found.effective_on > self.day else found

    @property
    def ground(self) -> str:
        """The decision or another basis in words."""
        return ", ".join(filter(None, [str(self.decision or ""), getattr(self.row, "basis", "")]))

    @property
    def lacks_decision(self) -> bool:
        """Whether it should rest on a decision and names none."""
        return isinstance(self.row, Decided) and not self.ground

    @property
    def text(self) -> str:
        """The row in a few words."""
        return str(self.row)

    def dated(self, value: datetime.date | None) -> datetime.date | None:
        """A date beside the period, unless it lies after a past day."""
        return None if value is not None and self.is_past_day and value > self.day else value

    def month(self, name: str) -> str:
        """A date of the row by its month, empty when there is none."""
        value = self.dated(getattr(self.row, name))
        return month_text(value) if value else ""
