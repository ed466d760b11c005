"""Logging who saw which due matters: exports and prints of all, and every showing of those that tell tier 2 data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from hrdb.kernel.models import User
from personnel.services.reading import log_export, log_list_reading, log_print
from personnel.statistics.due import Matter

WHAT = "Việc đến hạn"


def log_due_shown(*, user: User | None, told: Sequence[Matter], day: datetime.date) -> None:
    """Log the people of whom the matters tell tier 2 data; nothing where none does."""
    sensitive = [matter for matter in told if matter.list.is_tier_2 and matter.row.cadre_id is not None]
    if sensitive:
        log_list_reading(
            user=user,
            people={matter.row.cadre_id for matter in sensitive if matter.row.cadre_id is not None},
            parts=sorted({matter.list.sensitive_part for matter in sensitive}),
            what=WHAT,
            day=day,
        )


def log_due_export(
    *,
    user: User | None,
    told: Sequence[Matter],
    day: datetime.date,
    filters: Mapping[str, Any] | None = None,
    columns: Sequence[str] = (),
    file_format: str = "xlsx",
) -> None:
    """Log matters that leave the server as a workbook or as JSON."""
    log_export(
        user=user,
        what=WHAT,
        people=_people(told),
        day=day,
        filters=filters,
        columns=columns,
        file_format=file_format,
    )
    log_due_shown(user=user, told=told, day=day)


def log_due_print(*, user: User | None, told: Sequence[Matter], day: datetime.date) -> None:
    """Log matters that leave the server on paper."""
    log_print(user=user, what=WHAT, people=_people(told), day=day)
    log_due_shown(user=user, told=told, day=day)


def _people(told: Sequence[Matter]) -> set[int]:
    return {matter.row.cadre_id for matter in told if matter.row.cadre_id is not None}
