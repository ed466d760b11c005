"""Calendar files (.ics, RFC 5545) of whole days, as mail and calendar programs subscribe to them; pure Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"

#: A line of the file is folded after so many bytes, as the standard asks.
LINE_BYTES: Final = 75

_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One day of a calendar: `key` tells it from the others for ever, so that a program replaces what it has."""

    key: str
    day: date
    title: str
    text: str = ""
    url: str = ""


def write_calendar(
    *, name: str, domain: str, events: Iterable[CalendarEvent], moment: datetime, refresh_hours: int = 12
) -> bytes:
    """A calendar of whole-day events that take no time of the reader's day; `domain` makes its keys unique."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{domain}//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H",
        f"X-PUBLISHED-TTL:PT{refresh_hours}H",
    ]
    for event in events:
        lines += _event(event, domain, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(event: CalendarEvent, domain: str, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.key)}@{domain}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:CONFIDENTIAL"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A text with the marks of the format escaped."""
    return value.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """A line cut into parts of LINE_BYTES bytes, never inside a letter; each further part begins with a blank."""
    part, size = "", 0
    for letter in line:
        bytes_of_letter = len(letter.encode())
        if size + bytes_of_letter > LINE_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + bytes_of_letter
    yield part
