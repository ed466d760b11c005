"""States of employment that hold for a time."""

from __future__ import annotations

import datetime

from personnel.models import Employment
from personnel.services.decisions.kinds import Case
from personnel.services.decisions.recording import ActRefused, Recorder


def for_a_time(
    case: Case, recorder: Recorder, employment: Employment, state: str, last_day: datetime.date | None
) -> None:
    """Another state of employment from the decision's day to `last_day` with it; then the state before it again."""
    if last_day is None:
        recorder.succeed(Employment, category=employment.category, state=state)
        return
    if last_day < case.day:
        raise ActRefused("Ngày kết thúc phải sau ngày quyết định có hiệu lực.")
    end, later, before = last_day + datetime.timedelta(days=1), employment.effective_until, employment.state
    recorder.succeed(
        Employment, category=employment.category, state=state, effective_until=min(end, later) if later else end
    )
    if later is None or end < later:
        recorder.add(Employment, category=employment.category, state=before, effective_from=end, effective_until=later)
