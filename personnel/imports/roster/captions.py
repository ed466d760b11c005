"""The lines around a table: the day that the roster states, and the unit that its heading names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import last_of_month, month_index
from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.sections import looks_like_agency

#: Words after which the day stands on which the roster holds; a bare «ngày ...» is the day of signing.
_AS_OF: Final = (
    r"(?:tinh\s+den|den\s+het|tinh\s+het|den|thoi\s+diem|tai\s+thoi\s+diem|chot|so\s+lieu|co\s+mat|hien\s+co|tai)"
    r"(?:\s+(?:thoi\s+diem|het|ngay|thang|den|hien\s+tai))*\s*:?\s*"
)
_DAY: Final = re.compile(
    _AS_OF + r"(\d{1,2})\s*(?:[/.\-]|\s+thang\s+)\s*(\d{1,2})\s*(?:[/.\-]|,?\s*nam\s+)\s*(\d{4})\b"
)
_MONTH: Final = re.compile(_AS_OF + r"(?<=thang)\s*(\d{1,2})\s*(?:[/.\-]|\s+nam\s+)\s*(\d{4})\b")
_MONTH_LOOSE: Final = re.compile(_AS_OF + r"(\d{1,2})\s*[/.\-]\s*(\d{4})\b")
_UNIT_LINE: Final = re.compile(
    r"^\W*(?:tên\s+)?(?:cơ quan,?\s*)?đơn vị(?:\s+(?:báo cáo|lập danh sách))?\s*:\s*(.+)$", re.IGNORECASE
)
#: Lines that name an addressee.
_ADDRESSED: Final = re.compile(r"^\W*(?:kính gửi|nơi nhận|gửi)\b", re.IGNORECASE)
#: Titles of lists, which may end with the unit, and what may stand behind it.
_TITLE: Final = re.compile(r"^\W*(?:bảng|biểu|danh sách|tổng hợp|thống kê|trích ngang|báo cáo)\b", re.IGNORECASE)
_TITLE_TAIL: Final = re.compile(
    r"\s*[,(\-–]?\s*(?:năm|quý|tháng|đến|tính đến|thời điểm|có mặt|nhiệm kỳ)\b.*\d.*$", re.IGNORECASE
)
_WORD_START: Final = re.compile(r"(?<=\s)\w")


def stated_day(lines: Iterable[str]) -> date | None:
    """The day on which the roster holds, from its captions: *tính đến ngày 31/12/2025*, *thời điểm 31/12/2025*."""
    for line in lines:
        text = fold(line)
        if found := _DAY.search(text):
            try:
                return date(int(found[3]), int(found[2]), int(found[1]))
            except ValueError:
                continue
        if (found := _MONTH.search(text) or _MONTH_LOOSE.search(text)) and 1 <= int(found[1]) <= 12:
            return last_of_month(month_index(date(int(found[2]), int(found[1]), 1)))
    return None


def unit_lines(lines: Iterable[str]) -> list[str]:
    """What the captions give as the unit: *Đơn vị: Sở Nội vụ*."""
    return [found[1].strip(" ./…") for line in lines if (found := _UNIT_LINE.match(line)) and found[1].strip(" ./…")]


def unit_names(lines: Iterable[str]) -> Iterator[str]:
    """Texts of captions that may be the name of the unit: a line of its own (*SỞ NỘI VỤ*), or the end of the title.

    What a letter is addressed to is no unit of the list.
    """
    for line in lines:
        if _ADDRESSED.match(line):
            continue
        yield line.strip(" ./…*-_")
        if _TITLE.match(line):
            text = _TITLE_TAIL.sub("", line).strip(" ./…")
            tails = (text[found.start() :] for found in _WORD_START.finditer(text))
            yield from filter(looks_like_agency, tails)


def caption_lines(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The lines of some rows: each text, and each row as a whole (a caption may have its day in the next cell)."""
    lines = []
    for row in rows:
        texts = [_caption(value) for value in row if value != ""]
        lines += texts
        if len(texts) > 1:
            lines.append(" ".join(texts))
    return [line for line in lines if line]


def _caption(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return clean_text(str(value))
