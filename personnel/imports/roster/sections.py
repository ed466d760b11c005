"""What each line below a header is: a person, the heading of a section, a subtotal, a signature or nothing.

Sections nest by the kind of their numbering (A, I, 1, a). A section may name a unit, a group of people inside one, or a
unit that nobody knows; the last must not be taken for the unit around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from hrdb.kernel.text import clean_text, fold, same_text_key
from personnel.imports.roster.cells import error_text
from personnel.imports.roster.layout import is_numbering
from personnel.imports.roster.lookups import Lookups

LineKind = Literal["blank", "person", "section", "total", "signature", "header", "numbering", "other"]

_TOTAL: Final = re.compile(r"^\W*(?:tổng(?:\s+(?:cộng|số|hợp))?|cộng(?:\s+dồn)?)\b(?![a-zà-ỹ])", re.IGNORECASE)
_SIGNATURE: Final = re.compile(
    r"^\W*(?:nguoi lap|lap bieu|nguoi tong hop|thu truong|xac nhan|noi nhan|kt\.|tm\.|tl\.|tuq\.|phe duyet|nguoi bao cao"
    r"|\(?ky,?\s|\(?da ky|danh sach (?:nay )?(?:co|gom|tren|an dinh)|an dinh danh sach|ghi chu\s*:|luu\s*:)"
    r"|ngay[\s.…\d]*thang[\s.…\d]*nam|\bky ten\b|\bdong dau\b"
)
_SIGNERS: Final = frozenset(
    {"giam doc", "pho giam doc", "hieu truong", "pho hieu truong", "chu tich", "pho chu tich", "truong phong", "bi thu",
     "chanh van phong", "truong ban", "ke toan", "ke toan truong", "nguoi lap", "lanh dao", "q. giam doc", "lap bang"}
)  # fmt: skip
_NUMBERED: Final = re.compile(
    r"^\s*(?:(?:phần|mục)\s+)?(?:(?P<roman>[IVX]{1,5})|(?P<letter>[A-ZĐ])|(?P<small>[a-zđ])|(?P<number>\d{1,2}(?:\.\d{1,2})*)|(?P<bullet>[*+\-–•]))"
    r"(?:\s*[.)/:\-–]+\s*|(?<=[*+\-–•])\s*|\s+(?=[A-ZĐ]{2}))(?P<rest>\S.*)$"
)
_ORDINAL: Final = re.compile(r"\d{1,5}[.)]?")
_COUNT_TAIL: Final = re.compile(
    r"\s*[:\-–(]*\s*(?:gồm|có|tổng số)?\s*:?\s*\d{1,5}\s*(?:người|đồng chí|đ/c|biên chế|cb|cán bộ|công chức|viên chức)?\s*\)?\s*[:.]*\s*$",
    re.IGNORECASE,
)
_LETTERS: Final = "ABCDĐEGHIKLMNOPQRSTUVXY"
_FULL_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: How the names of agencies begin; a section or a sheet so called that no list knows is an unknown unit, not a group.
_AGENCIES: Final = tuple(
    same_text_key(word)
    for word in (
        "sở", "chi cục", "cục", "trường", "bệnh viện", "trung tâm", "ubnd", "ủy ban", "ban quản lý", "thanh tra tỉnh",
        "thanh tra sở", "đảng ủy", "tỉnh ủy", "huyện ủy", "hội đồng nhân dân", "hđnd", "tỉnh đoàn", "viện", "trạm y tế",
        "xã", "phường", "thị trấn", "đặc khu", "công ty", "quỹ",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableShape:
    """Which columns of a table say what, for telling its lines apart."""

    name: tuple[int, ...]
    ordinal: int | None
    #: Columns that only a person fills: number, birth.
    telling: tuple[int, ...]
    #: All other known columns.
    others: tuple[int, ...]
    #: The folded texts of the header, for headers repeated on each printed page.
    header_texts: frozenset[str]


@dataclass(slots=True)
class Section:
    """A section with the unit in force below it; `unknown` holds a named unit that nobody knows."""

    style: str
    text: str
    unit: str | None
    unknown: str = ""
    mark: str = ""


class Lines:
    """Tells the lines of one table apart."""

    def __init__(self, shape: TableShape) -> None:
        self._shape = shape
        #: Whether lines of signing have been seen: below them only clear persons count.
        self._has_ended = False

    def kind(self, row: Sequence[Any]) -> LineKind:
        """What the line is."""
        if self._is_clearly_a_person(row):
            self._has_ended = False
            return "person"
        filled = [index for index, value in enumerate(row) if value != "" and not _is_blank_text(value)]
        if not filled:
            return "blank"
        first = row[filled[0]]
        has_name = any(index in filled for index in self._shape.name)
        telling = sum(1 for index in self._shape.telling if index in filled and _tells(row[index]))
        if self._repeats_header(row, filled):
            return "header"
        if is_numbering(row):
            return "numbering"
        if self._is_total(row, filled):
            return "total"
        if self._is_signature(row, filled):
            self._has_ended = True
            return "signature"
        return self._weak_kind(row, filled, has_name, telling, first)

    def _is_clearly_a_person(self, row: Sequence[Any]) -> bool:
        """Whether the line has a name and what only a person has: most lines, told first because they are many."""
        for index in self._shape.name:
            name = row[index]
            if name.__class__ is str and name and not name.isspace():
                return any(row[index] != "" and _tells(row[index]) for index in self._shape.telling) and not (
                    name.lstrip()[0] in "TtCc" and _TOTAL.match(clean_text(name))
                )
        return False

    def _weak_kind(self, row: Sequence[Any], filled: list[int], has_name: bool, telling: int, first: Any) -> LineKind:
        """A line without both a name and what only a person has."""
        shape = self._shape
        is_counted = shape.ordinal is not None and shape.ordinal in filled and is_ordinal(row[shape.ordinal])
        others = [index for index in shape.others if index in filled]
        if has_name:
            named = next(index for index in shape.name if index in filled)
            if is_counted and (others or not looks_like_agency(str(row[named]))):
                return "person" if others or not _names_group(str(row[named])) else "section"
            if len(others) >= 2 and not self._has_ended and any(_is_text(row[index]) for index in others):
                return "person"
        elif (telling and (is_counted or others or telling > 1) and not (self._has_ended and not is_counted)) or (
            is_counted and len(others) >= 2 and any(_is_text(row[index]) for index in others)
        ):
            return "person"
        texts = [index for index in filled if isinstance(row[index], str)]
        counts = [index for index in filled if not isinstance(row[index], str)]
        if (
            texts
            and texts[0] <= self._last_heading_column()
            and len(texts) <= 2
            and not (counts and texts[0] > counts[0] and len(texts) == 1 and not has_name)
        ):
            if len(texts) == 1 or (_is_section_number(str(first)) and texts[1] <= self._last_heading_column()):
                return "other" if self._has_ended else "section"
        return "other"

    def _last_heading_column(self) -> int:
        return max([2, *self._shape.name])

    def _repeats_header(self, row: Sequence[Any], filled: list[int]) -> bool:
        """Whether most texts of the line are header texts: a page head, or one row of it."""
        texts = [fold(row[index]) for index in filled if isinstance(row[index], str)]
        if not texts or len(texts) < len(filled):
            return False
        same = sum(text in self._shape.header_texts for text in texts)
        return same >= 2 and same * 5 >= len(texts) * 3

    def _is_total(self, row: Sequence[Any], filled: list[int]) -> bool:
        label = next((row[index] for index in filled[:2] if isinstance(row[index], str)), "")
        return bool(_TOTAL.match(clean_text(label)))

    def _is_signature(self, row: Sequence[Any], filled: list[int]) -> bool:
        texts = [clean_text(row[index]) for index in filled if isinstance(row[index], str)]
        if len(texts) > 4 or len(texts) < len(filled):
            return False
        folded = [fold(text) for text in texts]
        if any(_SIGNATURE.search(text) for text in folded):
            return True
        return filled[0] > 2 and any(text in _SIGNERS for text in folded)


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
        style, mark, name = self._numbering(clean_text(text))
        if style == "none" and any(section.style != "none" for section in self._open):
            numbered = [section for section in self._open if section.style != "none"]
            outer = numbered
        else:
            outer = self._outer(style)
        parent = outer[-1] if outer else None
        within = self._within(style, parent)
        match = self._lookups.match_unit(name, within)
        section = Section(style, text, parent.unit if parent else None, parent.unknown if parent else "", mark)
        if match is not None and not match.rest:
            section.unit, section.unknown = match.code, ""
        elif looks_like_agency(name):
            section.unit, section.unknown = None, name
        elif style == "none" and parent is None and self._open:
            # An unnumbered group below an unnumbered unit stays in that unit.
            section.unit, section.unknown = self._open[-1].unit, self._open[-1].unknown
        self._open = [*outer, section]
        return section

    def _outer(self, style: str) -> list[Section]:
        for place, section in enumerate(self._open):
            if section.style == style:
                return self._open[:place]
        return list(self._open) if style != "none" else []

    def _within(self, style: str, parent: Section | None) -> str | None:
        if parent is not None and parent.unit is not None:
            return parent.unit
        if style == "none" and self._open and self._open[-1].unit is not None:
            return self._open[-1].unit
        return self._around

    def _numbering(self, text: str) -> tuple[str, str, str]:
        """The kind of a heading's numbering, its mark, and its name without number and count of people."""
        found = _NUMBERED.match(text)
        if found is None:
            return "none", "", _without_count(text)
        name = _without_count(found["rest"])
        mark = found["roman"] or found["letter"] or ""
        if mark and len(mark) == 1 and self._continues_letters(mark):
            return "letter", mark, name
        if found["roman"]:
            return "roman", mark, name
        if found["letter"]:
            return "letter", mark, name
        if found["number"]:
            return f"number{found['number'].count('.')}", found["number"], name
        return ("small" if found["small"] else "bullet"), "", name

    def _continues_letters(self, mark: str) -> bool:
        """Whether a letter that is also a roman number follows the last section's letter: C after B, I after H."""
        last = next((section.mark for section in self._open if section.style == "letter"), "")
        return bool(last) and any(
            last in letters and mark in letters and letters.index(mark) == letters.index(last) + 1
            for letters in (_LETTERS, _FULL_LETTERS, _FULL_LETTERS.replace("J", "").replace("F", "").replace("W", ""))
        )


def heading_text(row: Sequence[Any]) -> str:
    """The text of a section's line, its number first."""
    texts = [clean_text(value) for value in row if isinstance(value, str) and value.strip()]
    numbers = [value for value in row if isinstance(value, float | int)]
    if (
        len(texts) == 1
        and numbers
        and row.index(numbers[0]) < row.index(next(v for v in row if isinstance(v, str) and v.strip()))
    ):
        return f"{numbers[0]:g}. {texts[0]}"
    if len(texts) == 2 and _is_section_number(texts[0]):
        return f"{texts[0].strip(' .)')}. {texts[1]}"
    return texts[0] if texts else ""


def looks_like_agency(text: str) -> bool:
    """Whether a text is called as agencies are: a department, a school, a hospital, a commune."""
    key = same_text_key(text).strip(" .:-")
    words = key.split()
    return 2 <= len(words) <= 16 and any(key.startswith(word + " ") for word in _AGENCIES)


def is_ordinal(value: Any) -> bool:
    """Whether a cell is the number of a person in the list."""
    if isinstance(value, float | int):
        return value == int(value) and 0 < value < 100_000
    return isinstance(value, str) and _ORDINAL.fullmatch(value.strip()) is not None


def _names_group(text: str) -> bool:
    key = same_text_key(text)
    return any(
        key.startswith(same_text_key(word) + " ")
        for word in ("phòng", "ban", "tổ", "khoa", "bộ phận", "đội", "văn phòng")
    )


def _without_count(text: str) -> str:
    return (
        _COUNT_TAIL.sub("", text).strip(" :.-–")
        if re.search(r"\d|người", text) and not _ends_in_name_number(text)
        else text.strip(" :.-–")
    )


def _ends_in_name_number(text: str) -> bool:
    """Whether a number at the end belongs to the name: *Trường THPT số 1*, *Khu vực 2*."""
    return (
        re.search(r"(?:\bsố|khu vực|kv|cơ sở|\bđội|\btổ|phường|quận|xã)\s*\d{1,3}\s*$", text, re.IGNORECASE) is not None
    )


def _is_section_number(text: str) -> bool:
    return re.fullmatch(r"\s*(?:[IVX]{1,5}|[A-ZĐ]|[a-z]|\d{1,2}(?:\.\d{1,2})*|[*+\-–•])\s*[.)]?\s*", text) is not None


def _is_blank_text(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _tells(value: Any) -> bool:
    """Whether a cell of a column that only persons fill holds more than a count."""
    if isinstance(value, date):
        return True
    if isinstance(value, float | int):
        return value >= 1900
    return error_text(value) is not None or sum(map(str.isdigit, value)) >= 4
