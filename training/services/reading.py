"""Logging what is shown of training (nhật ký xem đào tạo); files and papers are logged as everybody's are.

Training is no secret; `needs=Action.PLAN` where a need was shown that somebody's plan explains.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from hrdb.kernel.models import AuditEvent, User
from personnel.policies import Action
from personnel.services.reading import log_list_reading

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
