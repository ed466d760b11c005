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
from personnel.statistics.due.base import DECISION_STARTS, DUE_LISTS, DecisionStart, DueList, DueRow, Told
from personnel.statistics.due.query import OVERDUE, STANDING, Asked, DueCount, asked, due_counts, due_rows, horizon

__all__ = [
    "DECISION_STARTS",
    "DUE_LISTS",
    "OVERDUE",
    "STANDING",
    "Asked",
    "DecisionStart",
    "DueCount",
    "DueList",
    "DueRow",
    "Told",
    "asked",
    "due_counts",
    "due_rows",
    "horizon",
]
