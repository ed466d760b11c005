"""Due matters as a calendar (.ics): one event for each list and day, with the names of a few; nothing of tier 2.

What leaves for a calendar program is read outside the system, so it says little: names of people in scope, no number,
no classified name, no discipline, and no list that needs an action of its own (planning).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from hrdb.kernel.calendars import CalendarEvent, write_calendar
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import number_text
from personnel.statistics.due import DUE_LISTS, OVERDUE, DueRow, Matter, asked, due_rows, matters

CALENDAR_NAME = "Việc đến hạn"
#: People of one event who are named.
MOST_NAMED = 8
CLASSIFIED = "Hồ sơ có độ mật"

#: The address of the page of matters for a list and a time.
Opener = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """A calendar file and the people whom it names."""

    content: bytes
    people: tuple[int, ...]


def due_calendar(*, user: User, day: datetime.date, domain: str, opener: Opener) -> DueCalendar:
    """The matters of the account's scope from `day` on; what is overdue stands on the day itself."""
    kinds = [made.key for made in DUE_LISTS if not (made.is_standing or made.is_tier_2 or made.action)]
    rows = due_rows(asked(user=user, day=day, kinds=kinds))
    groups = _groups(rows, day)
    named = [row for _, _, members in groups for row in members[:MOST_NAMED]]
    told = iter(matters(named, user=user, day=day))
    events = [
        _event(when, kind, [next(told) for _ in members[:MOST_NAMED]], len(members), day, opener)
        for when, kind, members in groups
    ]
    return DueCalendar(
        write_calendar(name=CALENDAR_NAME, domain=domain, events=events, moment=timezone.now()),
        tuple(sorted({row.cadre_id for row in named if row.cadre_id is not None})),
    )


def _groups(rows: Sequence[DueRow], day: datetime.date) -> list[tuple[str, str, list[DueRow]]]:
    """Rows by the day on which they stand in the calendar (or OVERDUE) and by list."""

    def place(row: DueRow) -> tuple[str, str]:
        at = row.act_by or row.due_on or day
        return (OVERDUE if at < day else at.isoformat()), row.kind

    return [(*key, list(members)) for key, members in groupby(sorted(rows, key=place), key=place)]


def _event(
    when: str, kind: str, told: Sequence[Matter], number: int, day: datetime.date, opener: Opener
) -> CalendarEvent:
    """One event: the only person by name in its title, several counted, with a few names below."""
    label = told[0].list.label
    is_overdue = when == OVERDUE
    about = _name(told[0]) if number == 1 else f"{number_text(number)} việc"
    lines = [*_lines(told), *([f"và {number_text(number - len(told))} việc khác"] if number > len(told) else [])]
    return CalendarEvent(
        key=f"{kind}-{when}",
        day=day if is_overdue else datetime.date.fromisoformat(when),
        title=f"{'Quá hạn: ' if is_overdue else ''}{label}: {about}",
        text="\n".join([*lines, f"Căn cứ: {told[0].told.citation}"]),
        url=opener(kind, OVERDUE if is_overdue else when[:7]),
    )


def _lines(told: Sequence[Matter]) -> Iterator[str]:
    for one in told:
        due = f", ngày {format_date(one.row.due_on)}" if one.row.due_on else ""
        yield f"- {_name(one)} ({one.unit_name}){due}"


def _name(matter: Matter) -> str:
    """The name, unless the record bears a classification."""
    return CLASSIFIED if matter.is_classified else matter.name
