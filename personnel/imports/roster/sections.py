"""The sections of a roster: they nest by the kind of their numbering (A, I, 1, a).

A section names a unit, a group of people inside one, or a unit that nobody knows; the last must not be taken for the
unit around it. A group may be a category of people (đối tượng).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hrdb.kernel.text import clean_text, same_text_key
from personnel.imports.roster.lookups import Lookups

_NUMBERED: Final = re.compile(
    r"^\s*(?:(?:phần|mục)\s+)?"
    r"(?:(?P<roman>[IVX]{1,5})|(?P<letter>[A-ZĐ])|(?P<small>[a-zđ])|(?P<number>\d{1,2}(?:\.\d{1,2})*)|(?P<bullet>[*+\-–•]))"
    r"(?:\s*[.)/:\-–]+\s*|(?<=[*+\-–•])\s*|\s+(?=[A-ZĐ]{2}))(?P<rest>\S.*)$"
)
_SECTION_NUMBER: Final = re.compile(r"\s*(?:[IVX]{1,5}|[A-ZĐ]|[a-z]|\d{1,2}(?:\.\d{1,2})*|[*+\-–•])\s*[.)]?\s*")
_LEAD: Final = re.compile(r"^(?:đơn vị|cơ quan|tên đơn vị)\s*:\s*", re.IGNORECASE)
_COUNT_TAIL: Final = re.compile(
    r"\s*[:\-–(]*\s*(?:gồm|có|tổng số)?\s*:?\s*\d{1,5}\s*"
    r"(?:người|đồng chí|đ/c|biên chế|cb|cán bộ|công chức|viên chức)?\s*\)?\s*[:.]*\s*$",
    re.IGNORECASE,
)
_NUMBER_OF_NAME: Final = re.compile(r"(?:\bsố|khu vực|kv|cơ sở|\bđội|\btổ|phường|quận|xã)\s*\d{1,3}\s*$", re.IGNORECASE)
_LETTERS: Final = ("ABCDĐEGHIKLMNOPQRSTUVXY", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEGHIKLMNOPQRSTUVXYZ")

#: How the names of agencies begin; a section or a sheet so called that no list knows is an unknown unit, not a group.
_AGENCIES: Final = tuple(
    same_text_key(word)
    for word in (
        "sở", "chi cục", "cục", "trường", "bệnh viện", "trung tâm", "ubnd", "ủy ban", "ban quản lý", "thanh tra tỉnh",
        "thanh tra sở", "đảng ủy", "tỉnh ủy", "huyện ủy", "hội đồng nhân dân", "hđnd", "tỉnh đoàn", "viện", "trạm y tế",
        "xã", "phường", "thị trấn", "đặc khu", "công ty", "quỹ",
    )
)  # fmt: skip


@dataclass(slots=True)
class Section:
    """A section with the unit in force below it; `unknown` holds a named unit that nobody knows."""

    style: str
    text: str
    unit: str | None
    unknown: str = ""
    mark: str = ""
    #: The category of the people below, where the heading is one: *Viên chức*, *Hợp đồng theo NĐ 111*.
    category: str = ""


class Sections:
    """The sections that hold on the line being read."""

    def __init__(self, lookups: Lookups, around: str | None) -> None:
        self._lookups = lookups
        self._around = around
        self._open: list[Section] = []

    @property
    def current(self) -> Section | None:
        """The innermost section."""
        return self._open[-1] if self._open else None

    @property
    def unit(self) -> str | None:
        """The unit of the innermost section that names one."""
        return self._open[-1].unit if self._open else None

    @property
    def unknown(self) -> str:
        """The unit that the innermost sections name and nobody knows, or empty."""
        return self._open[-1].unknown if self._open else ""

    def enter(self, text: str) -> Section:
        """Begin the section with this heading."""
        style, mark, heading = self._numbering(_LEAD.sub("", clean_text(text)))
        name = _without_count(heading)
        outer = self._outer(style)
        # An unnumbered heading under another unnumbered one may be a group in its unit.
        before = self._open[-1] if self._open else None
        parent = outer[-1] if outer else before if style == "none" else None
        section = Section(style, text, None, mark=mark)
        match = self._lookups.match_unit(name, (parent.unit if parent is not None else None) or self._around)
        if match is not None and not match.rest:
            section.unit = match.code
        elif looks_like_agency(name):
            section.unknown = name
        elif parent is not None:
            section.unit, section.unknown = parent.unit, parent.unknown
        told = self._lookups.match_code("category", heading) or self._lookups.match_code("category", name)
        section.category = told or (parent.category if parent is not None else "")
        self._open = [*outer, section]
        return section

    def _outer(self, style: str) -> list[Section]:
        """The open sections around a new one: those above the first of its style; unnumbered ones hold nothing."""
        numbered = [section for section in self._open if section.style != "none"]
        if style == "none":
            return numbered
        for place, section in enumerate(numbered):
            if section.style == style:
                return numbered[:place]
        return list(self._open)

    def _numbering(self, text: str) -> tuple[str, str, str]:
        """The kind of a heading's numbering, its mark, and its text without the number."""
        found = _NUMBERED.match(text)
        if found is None:
            return "none", "", text
        heading = found["rest"]
        mark = found["roman"] or found["letter"] or ""
        if found["letter"] or (self._continues_letters(mark) and self._names_agency(_without_count(heading))):
            return "letter", mark, heading
        if found["roman"]:
            return "roman", mark, heading
        if found["number"]:
            return f"number{found['number'].count('.')}", found["number"], heading
        return ("small" if found["small"] else "bullet"), "", heading

    def _names_agency(self, name: str) -> bool:
        """Whether a heading names a unit by itself; the name of a division needs the unit around it."""
        match = self._lookups.match_unit(name)
        return (match is not None and not match.rest) or looks_like_agency(name)

    def _continues_letters(self, mark: str) -> bool:
        """Whether a roman number may also be the letter after the last section's: I after H."""
        last = next((section.mark for section in self._open if section.style == "letter"), "")
        return bool(last) and any(f"{last}{mark}" in letters for letters in _LETTERS)


def heading_text(row: Sequence[Any]) -> str:
    """The text of a section's line, its number first."""
    values = [value for value in row if value != "" and not (isinstance(value, str) and not value.strip())]
    texts = [clean_text(value) for value in values if isinstance(value, str) and any(map(str.isalpha, value))]
    if not texts:
        return ""
    first = (
        clean_text(values[0])
        if isinstance(values[0], str)
        else f"{values[0]:g}"
        if isinstance(values[0], float)
        else ""
    )
    heading = texts[1] if len(texts) > 1 and is_section_number(texts[0]) else texts[0]
    if first and first != heading and is_section_number(first):
        return f"{first.strip(' .)')}. {heading}"
    return heading


def is_section_number(text: str) -> bool:
    """Whether a text is only the number of a section: *A*, *I.*, *1.2*, *a)*, *-*."""
    return _SECTION_NUMBER.fullmatch(text) is not None


def starts_numbered(text: str) -> bool:
    """Whether a heading begins with a number of sections."""
    return _NUMBERED.match(text) is not None


def looks_like_agency(text: str) -> bool:
    """Whether a text is called as agencies are: a department, a school, a hospital, a commune."""
    key = same_text_key(text).strip(" .:-")
    return 2 <= len(key.split()) <= 16 and any(key.startswith(word + " ") for word in _AGENCIES)


def _without_count(text: str) -> str:
    """A heading without the number of its people; a number that belongs to the name stays (*Trường THPT số 1*)."""
    if _NUMBER_OF_NAME.search(text) is None:
        text = _COUNT_TAIL.sub("", text)
    return text.strip(" :.-–")
