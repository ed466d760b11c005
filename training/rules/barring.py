"""Who may not be sent to a class (không cử đi học): by the law on discipline, by state, by time left; pure Python.

bars_of(case, day, ends_on) -> list[Bar]
    what stands in the way on the day of choosing, each with its citation
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from hrdb.kernel.dates import add_months, format_date
from personnel.rules.discipline import (
    NO_PROCEDURE,
    PastDiscipline,
    findings_of_disciplines,
    planning_and_training_after_discipline,
)
from training.rules.law import LAW

#: What bars somebody.
Why = Literal["discipline", "state", "retiring", "overlap", "conditions", "absent"]

#: The state of who is suspended from work (EmploymentState).
SUSPENDED: Final = "suspended"

#: What is told, and written to the list, where the reader may not know more.
NEUTRAL: Final = "Chưa đủ điều kiện cử đi học trong thời gian của lớp."


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that stands in the way: in words, with the document that says so."""

    why: Why
    message: str
    citation: str = ""

    @property
    def is_sensitive(self) -> bool:
        """Whether it tells of discipline or of what was planned, and so is not for every reader."""
        return self.why in ("discipline", "conditions")


@dataclass(frozen=True, slots=True)
class Served:
    """What the record holds of one person: state in force with its word, disciplines, retirement, other classes."""

    state: str | None
    state_label: str = ""
    disciplines: tuple[PastDiscipline, ...] = ()
    retires_from: date | None = None
    overlapping: tuple[str, ...] = field(default=())


def bars_of(served: Served, *, day: date, ends_on: date) -> list[Bar]:
    """Everything that stands in the way of sending somebody to a class that ends on a day."""
    return [*_discipline(served, day), *_state(served, day), *_retiring(served, day, ends_on), *_overlap(served)]


def _discipline(served: Served, day: date) -> Iterable[Bar]:
    """What the law on discipline blocks; of procedures the record knows only the suspension from work."""
    found = findings_of_disciplines(
        disciplines=served.disciplines,
        is_pending=served.state == SUSPENDED,
        purpose="training",
        day=day,
        is_leadership=False,
    )
    after = [
        planning_and_training_after_discipline(form=one.form, effective_on=one.effective_on, day=day)
        for one in served.disciplines
    ]
    for finding in (*found, *after):
        if finding.outcome == "not_met":
            words = "Đang bị tạm đình chỉ công tác" if finding.rule == NO_PROCEDURE.key else "Đang bị kỷ luật"
            until = f" đến trước ngày {format_date(finding.met_from)}" if finding.met_from else ""
            yield Bar("discipline", f"{words}, không cử đi học{until}.", str(finding.citation))


def _state(served: Served, day: date) -> Iterable[Bar]:
    if served.state is None:
        yield Bar("absent", "Không còn công tác.")
        return
    held = LAW["choosing/barred_states"].require(day)
    if served.state in held.value:
        yield Bar("state", f"Đang trong tình trạng «{served.state_label}».", str(held.citation))


def _retiring(served: Served, day: date, ends_on: date) -> Iterable[Bar]:
    if served.retires_from is None:
        return
    held = LAW["choosing/retiring_months"].require(day)
    if add_months(served.retires_from, -int(held.value)) < ends_on:
        retires = format_date(served.retires_from)
        yield Bar(
            "retiring",
            f"Nghỉ hưu từ {retires}, không còn đủ {held.value} tháng công tác sau khi kết thúc lớp.",
            str(held.citation),
        )


def _overlap(served: Served) -> Iterable[Bar]:
    for name in served.overlapping:
        yield Bar("overlap", f"Trùng thời gian với lớp «{name}».")
