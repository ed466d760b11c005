"""States of employment that hold for a time."""

from __future__ import annotations

import datetime

from personnel.choices import EmploymentState
from personnel.models import Employment
from personnel.services.decisions.kinds import Case
from personnel.services.decisions.recording import ActRefused, Recorder

#: States that end by themselves or by a word of the person, from which one comes back to work.
TEMPORARY_STATES = (
    EmploymentState.SECONDED,
    EmploymentState.MATERNITY,
    EmploymentState.UNPAID_LEAVE,
    EmploymentState.LONG_STUDY,
    EmploymentState.ABROAD,
    EmploymentState.SUSPENDED,
)


def for_a_time(
    case: Case, recorder: Recorder, employment: Employment, state: str, last_day: datetime.date | None
) -> None:
    """Another state of employment from the decision's day to `last_day` with it; then the state before it again.

    A leave whose end is not known does not come back by itself after years: work does.
    """
    following = recorder.following(employment)
    later = [row for row in case.held.rows[Employment] if row.effective_from > case.day and row is not following]
    if last_day is None:
        recorder.refuse_later(later)
        recorder.succeed(Employment, is_final=True, category=employment.category, state=state)
        return
    if last_day < case.day:
        raise ActRefused("Ngày kết thúc phải sau ngày quyết định có hiệu lực.")
    end, until, before = last_day + datetime.timedelta(days=1), employment.effective_until, employment.state
    recorder.refuse_later(row for row in later if row.effective_from < end)
    if following is None and until is not None:
        end = min(end, until)
    recorder.succeed(Employment, category=employment.category, state=state, effective_until=end)
    if following is not None and following.effective_from < end:
        recorder.amend(following, effective_from=end)
    elif until is None:
        after = EmploymentState.WORKING if before in TEMPORARY_STATES else before
        recorder.add(Employment, category=employment.category, state=after, effective_from=end)
    elif end < until:
        recorder.add(Employment, category=employment.category, state=before, effective_from=end, effective_until=until)
