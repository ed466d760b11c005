"""Logging what is read, exported and printed of planning (nhật ký xem quy hoạch): who saw whom on which list.

Each event needs the action of planning to be seen in the trail.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.reading import log_export, log_list_reading, log_print

PART = "quy hoạch"


def log_seen(
    *, user: User | None, people: Iterable[int], what: str, day: datetime.date | None = None
) -> AuditEvent | None:
    """Log that somebody's planning was shown; nothing where nobody was."""
    seen = set(people)
    if not seen:
        return None
    return log_list_reading(user=user, people=seen, parts=[PART], what=what, day=day, needs=Action.PLAN)


def log_taken_out(
    *,
    user: User | None,
    people: Iterable[int],
    what: str,
    day: datetime.date | None = None,
    columns: Sequence[str] = (),
    filters: Mapping[str, Any] | None = None,
    file_format: str = "xlsx",
) -> AuditEvent:
    """Log that planning left the server as a file."""
    return log_export(
        user=user,
        what=what,
        people=people,
        day=day,
        columns=columns,
        filters=filters,
        file_format=file_format,
        needs=Action.PLAN,
    )


def log_printed(
    *, user: User | None, people: Iterable[int], what: str, day: datetime.date | None = None, cadre: Cadre | None = None
) -> AuditEvent:
    """Log that planning was printed."""
    return log_print(user=user, what=what, people=people, day=day, cadre=cadre, needs=Action.PLAN)
