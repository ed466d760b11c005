"""People with whom something falls due, and the lists asked about them, for the tests of due matters."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from hrdb.kernel.models import User
from personnel.models import Cadre, Rank, Title, Unit
from personnel.statistics.due import DueRow, asked, due_rows
from tests.factories.personnel import add_pay_step, make, make_cadre, make_code, make_title, move_cadre

D = datetime.date

#: The day of these tests.
DAY = D(2026, 12, 1)
UNTIL = D(2027, 12, 31)


def rows(
    kind: str, *, day: datetime.date = DAY, user: User | None = None, unit: str | None = None, **more: Any
) -> list[DueRow]:
    """The matters of one list."""
    return due_rows(asked(user=user, day=day, unit=unit, kinds=[kind], **more))


def days(found: Iterable[DueRow]) -> list[tuple[int | None, datetime.date | None, datetime.date | None]]:
    """Person, due day and last day to act of each matter."""
    return [(row.cadre_id, row.due_on, row.act_by) for row in found]


def leader(unit: Unit, *, title: Title | None = None, **post: Any) -> Cadre:
    """Somebody who leads a unit since 2022, with what is said of the post."""
    title = title or make_title(is_leadership=True)
    cadre = make_cadre(unit=unit, title=title, born=D(1980, 5, 10), since=D(2022, 3, 1))
    change(cadre.assignment_set.get(), **post)
    return cadre


def change(row: Any, **values: Any) -> Any:
    """Save other values of a row."""
    from hrdb.kernel.audit import writing

    for name, value in values.items():
        setattr(row, name, value)
    with writing(acting_user=None, reason="dữ liệu kiểm thử"):
        row.save()
    return row


def rank_of(scale: str) -> Rank:
    """A rank that is paid by a scale."""
    return make_code(Rank, f"x-{scale}", name=f"Ngạch {scale}", scale=scale)  # type: ignore[no-any-return]


def paid(unit: Unit, scale: str, **step: Any) -> Cadre:
    """Somebody who is paid by a scale."""
    cadre = make_cadre(unit=unit)
    add_pay_step(cadre, rank_of(scale), **step)
    return cadre


__all__ = ["DAY", "UNTIL", "change", "days", "leader", "make", "move_cadre", "paid", "rank_of", "rows"]
