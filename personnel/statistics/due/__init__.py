"""Due lists (việc đến hạn): what the law wants done by a day, for the people and units of a reader's scope."""

from personnel.statistics.due import (  # noqa: F401  each registers its lists
    discipline,
    establishment,
    movement,
    pay,
    record,
    retirement,
    terms,
)
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told, lists_for
from personnel.statistics.due.query import (
    OVERDUE,
    STANDING,
    Asked,
    DueCount,
    asked,
    due_counts,
    due_page,
    due_rows,
    horizon,
)
from personnel.statistics.due.telling import Matter, matters

__all__ = [
    "DUE_LISTS",
    "OVERDUE",
    "STANDING",
    "Asked",
    "DueCount",
    "DueList",
    "DueRow",
    "Matter",
    "Told",
    "asked",
    "due_counts",
    "due_page",
    "due_rows",
    "horizon",
    "lists_for",
    "matters",
]
