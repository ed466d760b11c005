"""What each line below a header is: a person, the heading of a section, a subtotal, a signature, or nothing.

Most lines are told at once by a name beside a number or a birth date. The others are weighed: what a line has, where it
stands, and whether the signatures have begun.
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
from personnel.imports.roster.sections import is_section_number, looks_like_agency, starts_numbered

LineKind = Literal["blank", "person", "section", "total", "signature", "header", "numbering", "other"]

_TOTAL: Final = re.compile(r"^\W*(?:tổng(?:\s+(?:cộng|số|hợp))?|cộng(?:\s+dồn)?)\b(?![a-zà-ỹ])", re.IGNORECASE)
_SIGNATURE: Final = re.compile(
    r"^\W*(?:nguoi lap|lap bieu|nguoi tong hop|thu truong|xac nhan|noi nhan|kt\.|tm\.|tl\.|tuq\.|phe duyet"
    r"|nguoi bao cao|\(?ky,?\s|\(?da ky|danh sach (?:nay )?(?:co|gom|tren|an dinh)|an dinh danh sach|ghi chu\s*:"
    r"|luu\s*:)"
    r"|ngay[\s.…\d]*thang[\s.…\d]*nam|\bky ten\b|\bdong dau\b"
)
_SIGNERS: Final = frozenset(
    {
        "giam doc", "pho giam doc", "hieu truong", "pho hieu truong", "chu tich", "pho chu tich", "truong phong",
        "bi thu",
        "chanh van phong", "truong ban", "ke toan", "ke toan truong", "nguoi lap", "lanh dao", "q. giam doc",
        "lap bang",
    }
)  # fmt: skip
_ORDINAL: Final = re.compile(r"\d{1,5}[.)]?")
_NAME: Final = re.compile(r"[^\W\d_]+(?:['’\-. ]+[^\W\d_]+){1,7}")
#: How groups of people are called, alone or with more words: what so begins is no person's name.
_GROUPS: Final = tuple(
    same_text_key(word)
    for word in (
        "phòng", "ban", "tổ", "khoa", "bộ phận", "đội", "văn phòng", "lãnh đạo", "giáo viên", "nhân viên", "viên chức",
        "công chức", "cán bộ", "chuyên viên", "người lao động", "hợp đồng", "khối", "biên chế", "bgh", "lao động",
        "các phòng", "các đơn vị", "thường trực", "khối đảng", "trong biên chế", "ngoài biên chế",
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

    @property
    def last_heading_column(self) -> int:
        """The last column in which the heading of a section may stand."""
        return max([2, *self.name])


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
        if self._repeats_header(row, filled):
            self._has_ended = False
            return "header"
        if is_numbering(row):
            return "numbering"
        if _is_total(row, filled):
            return "total"
        if _is_signature(row, filled):
            self._has_ended = True
            return "signature"
        if self._is_person(row, filled):
            return "person"
        return "section" if self._is_heading(row, filled) else "other"

    def _is_clearly_a_person(self, row: Sequence[Any]) -> bool:
        """Whether the line has a name and what only a person has: most lines, told first because they are many."""
        for index in self._shape.name:
            name = row[index]
            if name.__class__ is str and name and not name.isspace():
                return any(row[index] != "" and _tells(row[index]) for index in self._shape.telling) and not (
                    name.lstrip()[0] in "TtCc" and _TOTAL.match(clean_text(name))
                )
        return False

    def _is_person(self, row: Sequence[Any], filled: list[int]) -> bool:
        """Whether a line that lacks the name, or all that only a person has, is a person nevertheless."""
        shape = self._shape
        telling = sum(1 for index in shape.telling if index in filled and _tells(row[index]))
        others = [index for index in shape.others if index in filled]
        has_words = any(_has_letters(row[index]) for index in others)
        is_counted = shape.ordinal is not None and shape.ordinal in filled and is_ordinal(row[shape.ordinal])
        name = next((row[index] for index in shape.name if index in filled), None)
        if name is None:
            if self._has_ended and not is_counted:
                return False
            return (telling > 0 and (is_counted or bool(others) or telling > 1)) or (
                is_counted and len(others) >= 2 and has_words
            )
        if telling:
            return True
        if names_group(str(name)) or looks_like_agency(str(name)):
            return is_counted and len(others) >= 2 and has_words
        if is_counted:
            return True
        # Where numbers and births are told, a line with nothing but counts is a subtotal of some group.
        tells_enough = has_words or (bool(others) and not shape.telling)
        return not self._has_ended and tells_enough and _NAME.fullmatch(clean_text(str(name))) is not None

    def _is_heading(self, row: Sequence[Any], filled: list[int]) -> bool:
        """Whether the line is one text at the left, perhaps with a number before it and counts behind."""
        texts = [index for index in filled if isinstance(row[index], str) and _has_letters(row[index])]
        last = self._shape.last_heading_column
        if not texts or texts[0] > last:
            return False
        numbered = len(texts) == 2 and is_section_number(row[texts[0]]) and texts[1] <= last
        if len(texts) > 1 and not numbered:
            return False
        if not self._has_ended:
            return True
        text = clean_text(row[texts[-1]])
        return numbered or starts_numbered(text) or looks_like_agency(text)

    def _repeats_header(self, row: Sequence[Any], filled: list[int]) -> bool:
        """Whether most texts of the line are header texts: a page head, or one row of it."""
        texts = [fold(row[index]) for index in filled if isinstance(row[index], str)]
        if not texts or len(texts) < len(filled):
            return False
        same = sum(text in self._shape.header_texts for text in texts)
        return same >= 2 and same * 5 >= len(texts) * 3


def is_ordinal(value: Any) -> bool:
    """Whether a cell is the number of a person in the list."""
    if isinstance(value, float | int):
        return value == int(value) and 0 < value < 100_000
    return isinstance(value, str) and _ORDINAL.fullmatch(value.strip()) is not None


def names_group(text: str) -> bool:
    """Whether a text is called as groups of people are: *Ban Giám hiệu*, *Giáo viên*, *Phòng Tổ chức*."""
    key = same_text_key(text).strip(" .:-")
    return any(key == word or key.startswith(word + " ") for word in _GROUPS)


def _is_total(row: Sequence[Any], filled: list[int]) -> bool:
    label = next((row[index] for index in filled[:2] if isinstance(row[index], str)), "")
    return bool(_TOTAL.match(clean_text(label)))


def _is_signature(row: Sequence[Any], filled: list[int]) -> bool:
    texts = [fold(row[index]) for index in filled if isinstance(row[index], str)]
    if len(texts) > 4 or len(texts) < len(filled):
        return False
    return any(_SIGNATURE.search(text) for text in texts) or (filled[0] > 2 and any(text in _SIGNERS for text in texts))


def _is_blank_text(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _has_letters(value: Any) -> bool:
    return isinstance(value, str) and any(map(str.isalpha, value))


def _tells(value: Any) -> bool:
    """Whether a cell of a column that only persons fill holds more than a count."""
    if isinstance(value, date):
        return True
    if isinstance(value, float | int):
        return value >= 1900
    return error_text(value) is not None or sum(map(str.isdigit, value)) >= 4
