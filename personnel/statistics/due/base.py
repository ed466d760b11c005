"""What a due list (việc đến hạn) is: a query for what the law wants done, with its lead time, citation and decision.

A list gives SQL over the people (or units) of the reader's scope; `query.py` joins the lists into one statement, so
that counts and rows cost the same few queries at any size. An upper app registers its own class in DUE_LISTS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from hrdb.kernel.parameters import NOT_CONFIRMED, Parameter, ParameterBook, ParameterUnknown
from hrdb.kernel.registries import Registry
from personnel.models.scope import scope_of
from personnel.rules.law import LAW

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: In what a lead time may be measured, as PostgreSQL calls it.
_INTERVALS = {"months": "months", "days": "days"}


@dataclass(frozen=True, slots=True)
class DueRow:
    """One matter as the database answers it: what (key of the list), whom or which unit, and when.

    `due_on` is the day on which the event of law falls, `act_by` the last day to act; both are None where the law
    names no day, `act_by` also where nobody confirmed the lead time. `row_id` is the row of the record that it rests
    on, `basis` the key of the parameter that is cited.
    """

    kind: str
    cadre_id: int | None
    unit_id: int
    due_on: date | None
    act_by: date | None
    row_id: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Told:
    """A matter in words: what it is about, its citation, and the kind of decision that settles it (empty: none)."""

    detail: str
    citation: str
    decision_kind: str = ""


class DueList:
    """A due list. Subclass it and register the class in DUE_LISTS.

    `query` answers SQL and its values. The SQL selects, by position: cadre id (NULL for a unit), unit id, due day, row
    id, basis; from the CTEs `people(id, unit_id, category, state, sex, born_in)`, those who work on the day in the
    reader's scope, with the unit that keeps the record and the month of birth, and `units(id)`, the units of the
    scope. It names values as `%(name)s`; `%(day)s` is always there. Rows whose due day is NULL are dropped.
    """

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    order: ClassVar[int] = 100
    #: What the reader must know: whom it asks about, what is not confirmed.
    note: ClassVar[str] = ""
    #: The kind of decision that settles a matter, as the register of decisions calls it; empty: none.
    decision_kind: ClassVar[str] = ""
    #: The book of the parameters that this list names.
    book: ClassVar[ParameterBook] = LAW
    #: The parameter that says how long before the day one must act; empty: until the day itself.
    lead: ClassVar[str] = ""
    #: By how many days the day whose law counts lies before the due day.
    law_lag: ClassVar[int] = 0
    #: Parameters without which nothing can be said.
    needs: ClassVar[tuple[str, ...]] = ()
    #: Whether the law names no day: the matter stands until it is settled.
    is_standing: ClassVar[bool] = False
    #: Whether it tells tier 2 data: only for those who may read that, and every showing is logged.
    is_tier_2: ClassVar[bool] = False
    #: The tab of the record where a matter is settled.
    record_tab: ClassVar[str] = ""
    #: What `row_id` is shown as part of, for the log of reading; only of tier 2 lists.
    sensitive_part: ClassVar[str] = ""
    #: The action without which nobody learns of the list (planning): it never goes into a calendar, and its showing is
    #: logged where only those with the action read it.
    action: ClassVar[str] = ""
    #: Who asks: a list with an action reads what this reader may know.
    user: User | None = None

    @classmethod
    def is_for(cls, user: User | None) -> bool:
        """Whether the list is there for a reader."""
        return not cls.action or not scope_of(user, cls.action).is_empty

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """The matters on `day` of which those are kept whose last day to act comes by `until`."""
        raise NotImplementedError

    def unjudged(self, day: date) -> str:
        """Why nothing can be said on `day`: the number that nobody confirmed; empty when the list can be judged."""
        for key in self.needs:
            try:
                self.book[key].require(day)
            except ParameterUnknown as unknown:
                return str(unknown)
        return ""

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The matters in words, in their order, in a constant number of queries."""
        return [Told(self.detail(row), self.cite(row), self.decision_kind) for row in rows]

    def detail(self, row: DueRow) -> str:
        """What a matter is about, where the row itself tells it."""
        return ""

    def cite(self, row: DueRow) -> str:
        """The citation of a matter: of the parameter of its basis, by the law of its day."""
        key = row.basis or self.lead
        return cited(self.book[key], (row.due_on or date.max) - timedelta(self.law_lag)) if key else ""

    def act_by(self, due: str) -> str:
        """SQL: the last day to act before the day `due`, NULL where no confirmed lead time is in force on that day."""
        return earlier(self.book[self.lead], due, self.law_lag) if self.lead else due


#: Every due list; the other apps register theirs (planned seats that lose their last successor).
DUE_LISTS: Registry[type[DueList]] = Registry("DUE_LISTS")


def lists_for(user: User | None) -> list[type[DueList]]:
    """The lists that are there for a reader, in their order."""
    return sorted((made for made in DUE_LISTS if made.is_for(user)), key=lambda made: made.order)


def cited(parameter: Parameter, day: date) -> str:
    """The citation of a parameter by the law of `day`, which says so when it is not confirmed."""
    held = parameter.at(day)
    if held is None:
        return f"{parameter.label}: {NOT_CONFIRMED}"
    return held.citation.text + (f" ({NOT_CONFIRMED})" if held.confidence == "unconfirmed" else "")


def earlier(parameter: Parameter, due: str, lag: int = 0) -> str:
    """SQL: a day less the parameter's value in force on it, NULL where none is confirmed."""
    return _shifted(parameter, due, "-", lag)


def later(parameter: Parameter, start: str) -> str:
    """SQL: a day and the parameter's value in force on it, NULL where none is confirmed."""
    return _shifted(parameter, start, "+", 0)


def _shifted(parameter: Parameter, day: str, sign: str, lag: int) -> str:
    """A CASE over the values of a parameter, the newest first; numbers and days come from the parameter's file."""
    interval = _INTERVALS[parameter.measure]
    cases = [
        f"WHEN {day} - {lag} >= DATE '{held.effective_from}' THEN "
        + ("NULL" if held.value is None else f"({day} {sign} INTERVAL '{int(held.value)} {interval}')::date")
        for held in reversed(parameter.values)
    ]
    return f"(CASE {' '.join(cases)} END)"
