"""Cells that say several things: two titles, two degrees, languages with levels, rank with step and coefficient."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from hrdb.kernel.text import clean_lines, clean_text, fold, same_text_key
from personnel.imports.roster.lookups import Lookups


class TitlePart(NamedTuple):
    """One title of a cell; `code` when the list of titles knows it."""

    text: str
    code: str | None = None


class DegreePart(NamedTuple):
    """One degree of a cell: level and, when it is told, the field of study."""

    text: str
    code: str | None = None
    study_field: str = ""


class LanguagePart(NamedTuple):
    """One language of a cell with its level."""

    text: str
    language: str | None = None
    level: str | None = None


class PayParts(NamedTuple):
    """What a cell of rank and pay tells; `rank_text` is its words for the rank."""

    rank_text: str
    rank: str | None
    step: int | None = None
    coefficient: Decimal | None = None
    over_frame: int | None = None


#: How titles begin; compared with tones, as *Trưởng* is a title and *Trường* a school.
_TITLE_HEADS: Final = tuple(
    same_text_key(head)
    for head in (
        "bí thư", "phó", "chủ tịch", "trưởng", "giám đốc", "hiệu trưởng", "hiệu phó", "chánh", "ủy viên", "uv", "uvbtv",
        "uvbch", "đảng ủy viên", "tỉnh ủy viên", "huyện ủy viên", "thành ủy viên", "cấp ủy viên", "chi ủy viên",
        "thành viên", "đại biểu", "chủ nhiệm", "tổ trưởng", "tổ phó", "chỉ huy", "cục trưởng", "chi cục trưởng",
        "vụ trưởng", "viện trưởng", "kế toán trưởng", "kế toán viên", "quyền", "phụ trách", "thường trực", "thường vụ",
        "chuyên viên", "thanh tra viên",
        "bt", "pbt", "ct", "pct", "gđ", "pgđ", "tp", "ptp", "cvp", "pcvp", "hđnd xã", "quản lý", "điều dưỡng trưởng",
        "giáo viên", "giảng viên", "tổng phụ trách", "thủ quỹ", "văn thư viên", "văn thư", "thư ký", "bác sĩ", "bác sỹ",
    )
)  # fmt: skip
_CONCURRENTLY: Final = re.compile(r"\s*[,;]?\s*\bkiêm(?:\s+nhiệm)?\b\s*:?\s*", re.IGNORECASE)
_TITLE_BREAK: Final = re.compile(r"\s*,\s*|\s+[-–+]\s+|\s*\+\s*|\s+và\s+", re.IGNORECASE)
_PART_BREAK: Final = re.compile(r"\s*,\s*|\s+[-–+]\s+|\s*\+\s*|\s+và\s+|\s*/\s*", re.IGNORECASE)
_FIELD_LEAD: Final = re.compile(r"^(?:(?:chuyên\s+)?ngành|về)\b\s*:?\s*", re.IGNORECASE)
_TRIM: Final = " -–:,.;()"
_LONGEST_LEVEL: Final = 5
_DOT_BEFORE_WORD: Final = re.compile(r"(?<=\w)\.(?=[A-ZĐÀ-Ỹ][a-zà-ỹ])")
_WORD: Final = re.compile(r"[^\s:(),–]+")

_RANK_CODE: Final = re.compile(r"\b(?:\d{2}[a-z]?\.\d{3}[a-z]?|V\.?\d{2}\.\d{2}\.\d{2})\b", re.IGNORECASE)
_OVER_FRAME: Final = re.compile(
    r"(?:\+|,|;|và)?\s*(?:\(?\s*(?:PC)?\s*(?:TN)?\s*(?:VK|vượt khung)\s*:?)?\s*(\d{1,2})\s*%\s*\)?", re.IGNORECASE
)
_STEP: Final = re.compile(
    r"\b(?:bậc|b)\s*:?\s*(\d{1,2})(?:\s*/\s*(\d{1,2}))?\b|\b(\d{1,2})\s*/\s*(\d{1,2})\b", re.IGNORECASE
)
_COEFFICIENT: Final = re.compile(
    r"(?:hệ số(?: lương)?|hsl|hs)?\s*:?\s*(?<![\d.,])(\d{1,2}[.,]\d{1,2})(?![\d])", re.IGNORECASE
)
_WHOLE_COEFFICIENT: Final = re.compile(r"(?:hệ số(?: lương)?|hsl|hs)\s*:?\s*(\d{1,2})\b", re.IGNORECASE)
_PAY_WORDS: Final = re.compile(r"\b(hệ số|hsl|hs|bậc|mã số|mã ngạch|mã|ngạch)\b\s*:?", re.IGNORECASE)


def split_titles(text: str) -> list[str]:
    """The titles of a cell: by semicolon, line or *kiêm*; by comma or dash only when both sides begin as titles do."""
    titles: list[str] = []
    for line in _joined_lines(text, begins_as_title):
        for part in line.split(";"):
            for title in _CONCURRENTLY.split(part):
                titles += _split_where(title, _TITLE_BREAK, begins_as_title)
    return [title for title in (clean_text(title).strip(" ,;-–") for title in titles) if title]


def begins_as_title(text: str) -> bool:
    """Whether a text begins with a word of titles."""
    key = same_text_key(text)
    return any(key == head or key.startswith(head + " ") for head in _TITLE_HEADS)


def split_degrees(text: str, lookups: Lookups, list_name: str) -> list[DegreePart]:
    """The degrees of a cell, each with its level and field of study; text that begins with no level stays whole."""

    def begins(part: str) -> bool:
        return _leading_level(part, lookups, list_name) is not None

    degrees: list[DegreePart] = []
    for line in _joined_lines(text, begins):
        for piece in line.split(";"):
            for part in _split_where(piece, _PART_BREAK, begins):
                if part := clean_text(_DOT_BEFORE_WORD.sub(". ", part)).strip(" ,;-–"):
                    degrees.append(_degree(part, lookups, list_name))
    return degrees


def split_languages(text: str, lookups: Lookups, languages: str, levels: str) -> list[LanguagePart]:
    """The languages of a cell with their levels: *Tiếng Anh B1*, *ĐH Tiếng Anh*, *Anh văn B, Tiếng Trung A2*."""
    parts = [
        part for line in clean_lines(text) for piece in re.split(r"[;,+]|\s+và\s+", line) if (part := clean_text(piece))
    ]
    return [_language(part, lookups, languages, levels) for part in parts]


def read_pay(text: str, lookups: Lookups, list_name: str) -> PayParts:
    """Rank, step, coefficient and percentage over the frame of a text: *CVC 4/8, 5,42*, *01.003 bậc 3/9 hệ số 3,00*."""
    text = clean_text(text)
    if code := lookups.match_code(list_name, text):
        return PayParts(text, code)
    rest, code_text = _take(text, _RANK_CODE)
    rest, over = _take(rest, _OVER_FRAME)
    rest, step = _take(rest, _STEP)
    rest, coefficient = _take(rest, _COEFFICIENT)
    if coefficient is None:
        rest, coefficient = _take(rest, _WHOLE_COEFFICIENT)
    words = clean_text(_PAY_WORDS.sub(" ", rest)).strip(" -–:,.;()/")
    if code_text is not None:
        rank_text, rank = code_text[0], lookups.match_code(list_name, code_text[0])
    else:
        rank_text, rank = words, lookups.match_code(list_name, words) if words else None
    number = Decimal(coefficient[1].replace(",", ".")).quantize(Decimal("0.01")) if coefficient else None
    return PayParts(
        rank_text,
        rank,
        int(step[1] or step[3]) if step else None,
        number if number and 0 < number < 20 else None,
        int(over[1]) or None if over else None,
    )


def _take(text: str, pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None]:
    """The text without the first match, and the match."""
    found = pattern.search(text)
    return (text, None) if found is None else (f"{text[: found.start()]} {text[found.end() :]}", found)


def _joined_lines(text: str, begins: Callable[[str], bool]) -> Iterator[str]:
    """The lines of a cell; one that does not begin a new part continues the one before."""
    lines = clean_lines(text)
    if not lines:
        return
    current = lines[0]
    for line in lines[1:]:
        if begins(line):
            yield current
            current = line
        else:
            current = f"{current} {line}"
    yield current


def _split_where(text: str, breaks: re.Pattern[str], begins: Callable[[str], bool]) -> list[str]:
    """The text split at those breaks after which a new part begins, if it begins as one itself."""
    parts: list[str] = []
    start = 0
    for found in breaks.finditer(text):
        if begins(text[found.end() :]) and begins(text[start : found.start()]):
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def _leading_level(text: str, lookups: Lookups, list_name: str) -> tuple[str, str] | None:
    """The longest beginning of a text that is a level, as its code, and the rest."""
    ends = [found.end() for found in _WORD.finditer(text)]
    for end in reversed(ends[:_LONGEST_LEVEL]):
        beginning = text[:end].strip(_TRIM)
        if beginning and (code := lookups.match_code(list_name, beginning)):
            return code, text[end:]
    return None


def _degree(part: str, lookups: Lookups, list_name: str) -> DegreePart:
    found = _leading_level(part, lookups, list_name)
    if found is None:
        return DegreePart(part)
    code, rest = found
    return DegreePart(part, code, _FIELD_LEAD.sub("", rest.strip(_TRIM)).strip(_TRIM))


def _language(part: str, lookups: Lookups, languages: str, levels: str) -> LanguagePart:
    words = part.split()
    for count in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            code = lookups.match_code(languages, " ".join(words[start : start + count]).strip(_TRIM))
            if code is None or (count == 1 and len(fold(words[start])) < 3):
                continue
            rest = " ".join([*words[:start], *words[start + count :]]).strip(_TRIM)
            return LanguagePart(part, code, lookups.match_code(levels, rest) if rest and levels else None)
    return LanguagePart(part, None, lookups.match_code(levels, part) if levels else None)
