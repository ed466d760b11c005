"""Logging what is read, exported and printed of training (nhật ký xem đào tạo).

Training is no secret; `needs=Action.PLAN` where a need was shown that somebody's plan explains.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.reading import log_export, log_list_reading, log_print

PART = "đào tạo, bồi dưỡng"


def log_seen(
    *,
    user: User | None,
    people: Iterable[int],
    what: str,
    day: datetime.date | None = None,
    needs: Action | None = None,
) -> AuditEvent | None:
    """Log that somebody's training was shown."""
    seen = set(people)
    if not seen:
        return None
    return log_list_reading(user=user, people=seen, parts=[PART], what=what, day=day, needs=needs)


def log_taken_out(
    *,
    user: User | None,
    people: Iterable[int],
    what: str,
    day: datetime.date | None = None,
    columns: Sequence[str] = (),
    filters: Mapping[str, Any] | None = None,
    file_format: str = "xlsx",
    needs: Action | None = None,
) -> AuditEvent:
    """Log that training left the server as a file."""
    return log_export(
        user=user,
        what=what,
        people=people,
        day=day,
        columns=columns,
        filters=filters,
        file_format=file_format,
        needs=needs,
    )


def log_printed(
    *,
    user: User | None,
    people: Iterable[int],
    what: str,
    day: datetime.date | None = None,
    cadre: Cadre | None = None,
    needs: Action | None = None,
) -> AuditEvent:
    """Log that training was printed."""
    return log_print(user=user, what=what, people=people, day=day, cadre=cadre, needs=needs)
