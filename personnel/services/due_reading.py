"""Logging who saw which due matters: exports and prints of all, and every showing of those that tell tier 2 data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from hrdb.kernel.models import User
from personnel.policies import Action
from personnel.services.reading import log_export, log_list_reading, log_print
from personnel.statistics.due import Matter

WHAT = "Việc đến hạn"


def log_due_shown(*, user: User | None, told: Sequence[Matter], day: datetime.date) -> None:
    """Log the people of whom the matters tell tier 2 data, and every matter of a list that needs an action of its own;
    nothing where there is none."""
    for needs, found in _by_action(told).items():
        sensitive = [matter for matter in found if needs or matter.list.is_tier_2]
        if sensitive:
            log_list_reading(
                user=user,
                people=_people(sensitive),
                parts=sorted({matter.list.sensitive_part or matter.list.label for matter in sensitive}),
                what=WHAT,
                day=day,
                needs=Action(needs) if needs else None,
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
    """Log matters that leave the server as a workbook or as JSON; those that need an action apart from the others."""
    for needs, found in _by_action(told).items():
        log_export(
            user=user,
            what=WHAT,
            people=_people(found),
            day=day,
            filters=None if not needs and len(found) < len(told) else filters,
            columns=columns,
            file_format=file_format,
            needs=Action(needs) if needs else None,
        )
    log_due_shown(user=user, told=told, day=day)


def log_due_print(*, user: User | None, told: Sequence[Matter], day: datetime.date) -> None:
    """Log matters that leave the server on paper; those that need an action apart from the others."""
    for needs, found in _by_action(told).items():
        log_print(user=user, what=WHAT, people=_people(found), day=day, needs=Action(needs) if needs else None)
    log_due_shown(user=user, told=told, day=day)


def _by_action(told: Sequence[Matter]) -> dict[str, list[Matter]]:
    """The matters by the action that their list needs; those without one always, be it none."""
    found: dict[str, list[Matter]] = {"": []}
    for matter in told:
        found.setdefault(matter.list.action, []).append(matter)
    return found


def _people(told: Sequence[Matter]) -> set[int]:
    return {matter.row.cadre_id for matter in told if matter.row.cadre_id is not None}
