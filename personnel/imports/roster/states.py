"""What a note or a state column says of a person's employment (tình trạng): only what it says for certain.

*Nghỉ thai sản* is a state; *Nghỉ hưu từ 01/02/2026* or *Vợ nghỉ thai sản* is not, and stays a note.
"""

from __future__ import annotations

import re
from typing import Final

from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.lookups import Lookups
from personnel.imports.roster.results import Secondment

_PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "working": ("dang lam viec", "dang cong tac", "lam viec", "binh thuong", "dang lam"),
    "seconded": ("biet phai", "dang biet phai", "can bo biet phai", "cong chuc biet phai", "vien chuc biet phai"),
    "maternity": (
        "nghi thai san", "thai san", "dang nghi thai san", "nghi sinh", "nghi che do thai san", "nghi ts",
        "nghi sinh con",
        "nghi de",
    ),
    "unpaid_leave": (
        "nghi khong luong", "nghi khong huong luong", "dang nghi khong luong", "dang nghi khong huong luong",
        "nghi viec khong huong luong", "nghi viec rieng khong huong luong",
    ),
    "long_study": (
        "di hoc dai han", "dang di hoc dai han", "di hoc tap trung", "di hoc", "dang di hoc", "dang di hoc tap trung",
        "cu di hoc", "di hoc nuoc ngoai", "dang hoc tap trung",
    ),
    "abroad": (
        "cong tac nuoc ngoai", "dang cong tac o nuoc ngoai", "cong tac o nuoc ngoai", "di nuoc ngoai",
        "dang o nuoc ngoai",
    ),
    "suspended": (
        "tam dinh chi cong tac", "dinh chi cong tac", "bi dinh chi cong tac", "dang bi dinh chi cong tac",
        "tam dinh chi",
        "dang bi tam dinh chi cong tac",
    ),
    "awaiting_retirement": (
        "cho nghi huu", "nghi cho huu", "cho huu", "dang cho nghi huu", "cho nghi che do", "nghi cho nghi huu",
        "cho nghi huu theo che do",
    ),
    "awaiting_posting": (
        "cho bo tri cong tac", "cho bo tri", "cho phan cong cong tac", "cho phan cong", "doi du",
        "cho sap xep cong tac",
    ),
    "retired": ("da nghi huu", "da ve huu"),
    "left": ("da thoi viec", "thoi viec", "da nghi viec", "da chuyen cong tac", "da chuyen di", "buoc thoi viec"),
    "died": ("da mat", "tu tran", "da tu tran", "da chet"),
}  # fmt: skip
_STATES: Final = {phrase: state for state, phrases in _PHRASES.items() for phrase in phrases}
_FROM: Final = re.compile(
    r"(?:được\s+)?biệt phái\s+(?:từ|ở|của)\s+(.+?)(?:\s+(?:đến|sang|về)(?:\s+.*)?)?", re.IGNORECASE
)
_TO: Final = re.compile(r"(?:đang\s+|được\s+)?biệt phái\s+(?:đến|sang|tại|về|tới|ở tại)\s+(.+)", re.IGNORECASE)
_DATE_TAIL: Final = re.compile(r"\s*\(?\s*từ\s+(?:ngày|tháng)?\s*[\d/.\-]+\s*\)?$", re.IGNORECASE)


def state_of(text: str) -> str | None:
    """The employment state that a text says for certain, else None."""
    plain = fold(clean_text(text)).strip(" .,;()*-")
    return _STATES.get(plain)


def secondment_of(text: str, lookups: Lookups) -> Secondment | None:
    """The secondment that a text tells, with the other unit when it is known."""
    text = clean_text(text).strip(" .;()*")
    for pattern, direction in ((_FROM, "from"), (_TO, "to")):
        if found := pattern.fullmatch(text):
            place = _DATE_TAIL.sub("", found[1]).strip(" ,.;")
            match = lookups.match_unit(place)
            return Secondment(text, direction, place, match.code if match is not None and not match.rest else None)
    return None
