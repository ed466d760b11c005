"""Calendar files: lines that programs can read, texts that come back as they went in."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from hrdb.kernel.calendars import LINE_BYTES, CalendarEvent, write_calendar

MOMENT = datetime.datetime(2026, 12, 1, 9, 30, tzinfo=datetime.UTC)


def written(**values: str) -> bytes:
    """A calendar of one event."""
    event = CalendarEvent(key="a-1", day=datetime.date(2026, 12, 31), **{"title": "Việc", **values})
    return write_calendar(name="Lịch", domain="hrdb.example", events=[event], moment=MOMENT)


def lines(content: bytes) -> list[str]:
    """The lines of a file, unfolded."""
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_an_event_takes_a_whole_day() -> None:
    found = lines(written(text="một\nhai", url="https://hrdb.example/?a=1&b=2"))
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    assert "UID:a-1@hrdb.example" in found
    assert "DTSTAMP:20261201T093000Z" in found
    assert "DTSTART;VALUE=DATE:20261231" in found
    assert "DTEND;VALUE=DATE:20270101" in found
    assert "DESCRIPTION:một\\nhai" in found
    assert "URL:https://hrdb.example/?a=1&b=2" in found


@given(title=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=300))
def test_any_text_is_folded_within_bytes_and_comes_back(title: str) -> None:
    content = written(title=title)
    assert all(len(line) <= LINE_BYTES for line in content.split(b"\r\n"))
    told = next(line for line in lines(content) if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    assert told.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == title


def test_a_text_cannot_add_a_line_of_its_own() -> None:
    found = lines(written(title="a\r\nATTACH:x", text="b\rEND:VCALENDAR"))
    assert not any(line.startswith("ATTACH") for line in found)
    assert found.count("END:VCALENDAR") == 1
