"""What a cell says of membership of the Party (đảng viên): that one is, the day of admission, the official day."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.issues import Flaw
from personnel.imports.roster.values import BadValue, dates_in, is_mark, read_date

JOINED: Final = "party_joined_on"
OFFICIAL: Final = "party_official_on"

_MEMBERS: Final = frozenset(
    {"dang vien", "dv", "da ket nap", "la dang vien", "du bi", "chinh thuc", "dang vien du bi", "dang vien chinh thuc"}
)
_NO_MEMBERS: Final = frozenset({"quan chung", "qc", "doan vien", "chua la dang vien", "khong la dang vien"})
#: Words that say of a date beside them which of the two days it is.
_SAYS: Final = (
    (OFFICIAL, re.compile(r"\b(chinh thuc|ct)\b")),
    (JOINED, re.compile(r"\b(du bi|db|ket nap|kn)\b")),
)
_TWO_YEARS: Final = re.compile(r"(\d{4})\s*[-–;,(/]\s*(\d{4})\s*\)?")


class Membership(NamedTuple):
    """Whether somebody is a member, the days that are told by field, and flaws of them."""

    is_member: bool
    days: tuple[tuple[str, PartialDate], ...] = ()
    flaws: tuple[Flaw, ...] = ()


def read_membership(value: Any, field: str, this_year: int) -> Membership:
    """A cell of the column of a day; two days in one cell are both, in this order. Raises BadValue."""
    if not isinstance(value, str):
        return Membership(True) if value == 1 else _one_day(value, field, this_year)
    text = clean_text(value)
    if is_mark(value) or fold(text) in _MEMBERS:
        return Membership(True)
    if fold(text) in _NO_MEMBERS:
        return Membership(False)
    told = _TWO_YEARS.fullmatch(text)
    days = list(told.groups()) if told else dates_in(text)
    if len(days) == 2:
        return _days(zip(_fields(text, days), days, strict=True), this_year)
    try:
        return _one_day(value, field, this_year)
    except BadValue:
        # *Kết nạp ngày 03/02/2010* in a column of either day: the words say which it is.
        if len(days) != 1 or days[0] == text:
            raise
        said = [name for name, words in _SAYS if words.search(fold(text))]
        return _one_day(days[0], said[0] if len(said) == 1 else field, this_year)


def _one_day(value: Any, field: str, this_year: int) -> Membership:
    return _days([(field, value)], this_year)


def _days(told: Any, this_year: int) -> Membership:
    days, flaws = [], []
    for field, value in told:
        day, flaw = read_date(value, this_year)
        if day is not None:
            days.append((field, day))
        if flaw is not None:
            flaws.append(flaw)
    return Membership(bool(days), tuple(days), tuple(flaws))


def _fields(text: str, days: list[str]) -> tuple[str, str]:
    """Which day is which: admission first, unless the words before the first say that it is the official one."""
    before = fold(text[: text.find(days[0])])
    return (OFFICIAL, JOINED) if _SAYS[0][1].search(before) else (JOINED, OFFICIAL)
