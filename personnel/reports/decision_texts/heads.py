"""The head and the end of a paper (thể thức): office, number, place, day, who signs; what is not known stays blank.

Layout of Nghị định 30/2020/NĐ-CP, Phụ lục I; papers of Party offices have the Party's head.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hrdb.kernel.findings import document_kind
from personnel.choices import Bloc, Classification, UnitLevel
from personnel.models import Decision, UnitVersion
from personnel.reports.unit_names import UnitNames

BLANK: Final = "…………………"
NO_PLACE: Final = "…………"
_COMMUNE: Final = re.compile(r"(?:^|nhân dân\s+)(?:xã|phường|đặc khu|thị trấn)\s+(.+)$", re.IGNORECASE)
_PROVINCE: Final = re.compile(r"^(?:tỉnh|thành phố)\s+(.+)$", re.IGNORECASE)
_PARTY_OFFICE: Final = re.compile(
    r"\b(?:đảng|đảng bộ|chi bộ|tỉnh ủy|tỉnh uỷ|thành ủy|huyện ủy)\b|(?:đảng|tỉnh|thành) [uủ][ỷy]", re.I
)
_PARTY_NUMBER: Final = re.compile(r"\d+\s*-\s*[A-ZĐ]{1,4}\s*/")
#: What the site is called where nobody has said of which province it is.
_SAMPLE_PLACE: Final = "Tỉnh mẫu"


@dataclass(frozen=True, slots=True)
class Head:
    """The office of a paper as its head needs it."""

    is_party: bool
    issuer_name: str
    superior_name: str
    place: str


def head_of(decision: Decision, units: UnitNames) -> Head:
    """Office, superior and place of a decision, by the unit that draws it up as it stood on the effective day."""
    day = decision.effective_on
    drawn_up = units.version(decision.unit_id, day)
    above = units.version(drawn_up.parent_id, day) if drawn_up else None
    issuer = decision.issuer or (drawn_up.name if drawn_up else "")
    is_above = above is not None and _same(issuer, above.name)
    superior = "" if is_above or above is None else above.name
    return Head(
        is_party=drawn_up.bloc == Bloc.PARTY if drawn_up is not None else _is_of_party(decision),
        issuer_name=issuer,
        superior_name="" if _same(issuer, superior) else superior,
        place=_place(drawn_up, above),
    )


def _is_of_party(decision: Decision) -> bool:
    """Whether an old paper is the Party's, by its issuer or by the way of its number («39-QĐ/TU»)."""
    return bool(_PARTY_OFFICE.search(decision.issuer) or _PARTY_NUMBER.match(decision.number))


def _same(one: str, other: str) -> bool:
    short = (("ủy ban nhân dân", "ubnd"), ("uỷ ban nhân dân", "ubnd"))
    left, right = one.casefold(), other.casefold()
    for long, brief in short:
        left, right = left.replace(long, brief), right.replace(long, brief)
    return left == right


def _place(unit: UnitVersion | None, above: UnitVersion | None) -> str:
    """The place of a paper: the commune of a commune's office, else the province; blank when it is not known."""
    for version in filter(None, (unit, above)):
        if version.level == UnitLevel.COMMUNE and (found := _COMMUNE.search(version.name)):
            return found[1]
    if unit is not None and unit.level == UnitLevel.COMMUNE:
        return NO_PLACE
    place = _PROVINCE.match(settings.SITE_PLACE)
    return place[1] if place and settings.SITE_PLACE != _SAMPLE_PLACE else NO_PLACE


def number_of(decision: Decision, *, is_party: bool, is_notice: bool) -> str:
    """Number and sign, with a blank where the clerk's office has not given them."""
    if decision.number:
        return decision.number
    kind = "TB" if is_notice else "QĐ"
    return f"…-{kind}/…" if is_party else f"…/{kind}-…"


def signing_day(day: datetime.date | None) -> str:
    """«ngày 05 tháng 02 năm 2026», or the same with blanks."""
    return f"ngày {day_words(day)}" if day else "ngày … tháng … năm ……"


def day_words(day: datetime.date) -> str:
    """«05 tháng 02 năm 2026»: days below 10 and the months 1 and 2 with a zero before."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d} tháng {month} năm {day.year}"


def signed_as(decision: Decision, head: Head) -> tuple[str, ...]:
    """The lines above the signer's name: a deputy signs for the head (ký thay), a Party body through its member."""
    title = decision.signer_title.strip().upper()
    if not title:
        return (BLANK,)
    if head.is_party:
        return (f"T/M {head.issuer_name.upper()}", title) if head.issuer_name else (title,)
    return (f"KT. {title.removeprefix('PHÓ ').strip()}", title) if title.startswith("PHÓ ") else (title,)


def authority(decision: Decision, head: Head) -> str:
    """Who decides: the head of the office, the Party body itself; blank while the signer's title is not known."""
    if head.is_party:
        return head.issuer_name.upper() or BLANK
    title = decision.signer_title.strip().upper().removeprefix("PHÓ ").strip()
    if not title:
        return BLANK
    office = head.issuer_name.upper()
    return title if not office or office in title else f"{title} {office}"


def mark(decision: Decision) -> str:
    """The stamp of classification."""
    is_plain = decision.classification == Classification.PLAIN
    return "" if is_plain else Classification(decision.classification).label.upper()


def named(decision: Decision) -> str:
    """Another decision as a paper cites it: kind, number, day, issuer; never of what or whom it speaks."""
    kind = _word_of(decision)
    number = f" số {decision.number}" if decision.number else ""
    day = f" ngày {day_words(decision.signed_on)}" if decision.signed_on else ""
    issuer = f" của {decision.issuer}" if decision.issuer else ""
    return f"{kind}{number}{day}{issuer}"


def _word_of(decision: Decision) -> str:
    """What a document is called by its number: Quyết định, Thông báo, Kết luận ..."""
    own: Mapping[str, str] = {"TB": "Thông báo", "KL": "Kết luận", "NQ": "Nghị quyết", "TTR": "Tờ trình"}
    sign = re.search(r"(?:[-/ ])(TB|KL|NQ|TTr)(?=[-/ ]|$)", decision.number, re.IGNORECASE)
    return own[sign[1].upper()] if sign else (document_kind(decision.number) or "Quyết định")
