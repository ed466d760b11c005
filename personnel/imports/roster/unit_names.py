"""What else units are called: by their initials (*P. TC-HC*), by their commune, without the word for their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hrdb.kernel.text import clean_text, fold

_LEFT_OUT: Final = re.compile(
    r"^(ủy ban nhân dân|uỷ ban nhân dân)(?=\s+(xã|phường|thị trấn|đặc khu)\s)"
    r"|^trường\b(?=\s+(trung học|tiểu học|mầm non|phổ thông))",
    re.IGNORECASE,
)
_PROVINCE_TAIL: Final = re.compile(r"\s+tỉnh(\s+[^,;]+)?$", re.IGNORECASE)
_PROVINCE_NAME: Final = re.compile(r"(?<=\btỉnh)\s+[^,;]+$", re.IGNORECASE)
#: Words for kinds of units before which initials stand for the rest of the name.
_KIND: Final = re.compile(r"^(phòng|ban|khoa|tổ|đội|sở|chi cục|trung tâm|văn phòng|trạm)\s+(\S.*)$", re.IGNORECASE)
#: How these words are shortened; a shortening that means two words is tried as both.
_SHORT_KINDS: Final = (
    (re.compile(r"^p(?:\s*[.:]\s*|\s+)(?=\S)", re.IGNORECASE), "Phòng "),
    (re.compile(r"^k\s*[.:]\s*(?=\S)", re.IGNORECASE), "Khoa "),
    (re.compile(r"^tt(?:\s*[.:]\s*|\s+)(?=\S)", re.IGNORECASE), "Trung tâm "),
    (re.compile(r"^cc(?:\s*[.:]\s*|\s+)(?=\S)", re.IGNORECASE), "Chi cục "),
)
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_LINKING: Final = frozenset({"va"})
_FEWEST_INITIALS: Final = 2


def short_names(name: str) -> Iterator[str]:
    """What else a unit is called: a committee by its commune, a school without the word."""
    name = clean_text(name)
    if found := _LEFT_OUT.match(name):
        yield name[found.end() :].strip()


def initial_names(name: str) -> Iterator[str]:
    """The name with initials for all but the word for its kind: *Phòng Tổ chức - Hành chính* as *Phòng tchc*."""
    found = _KIND.match(clean_text(name))
    if found is None:
        return
    words = [word for word in _WORD.findall(found[2]) if fold(word) not in _LINKING]
    # What is an abbreviation already stays whole: *Văn phòng HĐND và UBND*.
    initials = "".join(
        fold(word) if word.isdecimal() or (len(word) > 1 and word.isupper()) else fold(word)[0] for word in words
    )
    if len(initials) >= _FEWEST_INITIALS:
        yield f"{found[1]} {initials}"


def written_names(text: str) -> Iterator[str]:
    """A text as it is, without the province (*Sở Nội vụ tỉnh Lào Cai*), with the word for its kind written out."""
    yield text
    for pattern in (_PROVINCE_NAME, _PROVINCE_TAIL):
        if (short := pattern.sub("", text)) not in ("", text):
            yield short
    for pattern, kind in _SHORT_KINDS:
        if pattern.match(text):
            yield pattern.sub(kind, text)
