"""Standards of a title (tiêu chuẩn chức danh): one requirement against what a person has, with the standard's citation.

    meets_standard(standard, held, day) -> Finding
        whether what is held reaches what is asked
    requirement_label(kind) -> str
        what a kind of requirement is called
    written_citation(text, day) -> Citation
        the citation as an officer wrote it, with number and date where it tells them
    confidence_of(code) -> Confidence
        how well a row of the record is confirmed, as findings say it

What is held depends on the kind of requirement: a `Level` for levels (`NO_LEVEL` for who has none), True or False for
membership, a number for years, words for a field of study; None when it is not known. A standard holds from and until
the days of its own row: the caller passes those in force on the day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from hrdb.kernel.findings import Citation, Confidence, Finding
from personnel.rules.judging import declare, unknown

STANDARD: Final = declare("title-standard", "Đạt tiêu chuẩn chức danh")

RECORD_CONFIDENCE: Final[dict[str, Confidence]] = {
    "confirmed": "two sources",
    "one_source": "one source",
    "unconfirmed": "unconfirmed",
}

_NUMBER: Final = re.compile(r"\d+(?:/\d{4})?(?:/|-)[A-ZĐ][A-ZĐa-z0-9/-]*")
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ARTICLE: Final = re.compile(r"(?:khoản \d+[, ]*)?(?:Điều|Mục|mục|điều) .+$")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a code list (trình độ): its name and its order, the lower number the higher; None has no order."""

    name: str
    rank: int | None

    def __str__(self) -> str:
        return self.name


#: The level of who has no qualification of the kind, for certain.
NO_LEVEL: Final = Level("Chưa có", 1_000_000)


@dataclass(frozen=True, slots=True)
class Standard:
    """One requirement of a title: its kind (a key of `REQUIREMENTS`), what it asks, and the standard's own citation."""

    kind: str
    required: Any
    citation: Citation
    confidence: Confidence = "unconfirmed"


@dataclass(frozen=True, slots=True)
class RequirementKind:
    """A kind of requirement: its Vietnamese label and how what is held compares; None when it cannot be compared."""

    label: str
    compare: Callable[[Any, Any], bool | None]


def _level(required: Level, held: Level) -> bool | None:
    if required.rank is None or held.rank is None:
        return True if required.name == held.name else None
    return held.rank <= required.rank


def _at_least(required: int, held: int) -> bool | None:
    return held >= required


def _same(required: bool, held: bool) -> bool | None:
    return held is True or required is False


def _one_of(required: Collection[str] | str, held: Collection[str] | str) -> bool | None:
    asked, has = ({word.casefold() for word in _words(words)} for words in (required, held))
    return bool(asked & has)


def _words(words: Collection[str] | str) -> Collection[str]:
    return (words,) if isinstance(words, str) else words


#: The kinds of requirements that can be judged, in the order in which they are shown.
REQUIREMENTS: Final[dict[str, RequirementKind]] = {
    "professional_level": RequirementKind("Trình độ chuyên môn", _level),
    "professional_field": RequirementKind("Ngành đào tạo", _one_of),
    "political_theory": RequirementKind("Trình độ lý luận chính trị", _level),
    "state_management": RequirementKind("Trình độ quản lý nhà nước", _level),
    "foreign_language": RequirementKind("Trình độ ngoại ngữ", _level),
    "ethnic_language": RequirementKind("Tiếng dân tộc thiểu số", _level),
    "informatics": RequirementKind("Trình độ tin học", _level),
    "defence": RequirementKind("Bồi dưỡng quốc phòng và an ninh", _level),
    "party_member": RequirementKind("Đảng viên", _same),
    "min_years": RequirementKind("Số năm công tác", _at_least),
    "min_years_in_field": RequirementKind("Số năm công tác trong ngành, lĩnh vực", _at_least),
    "min_years_in_leadership": RequirementKind("Số năm giữ chức vụ lãnh đạo, quản lý", _at_least),
}


def meets_standard(*, standard: Standard, held: Any, day: date) -> Finding:
    """Whether what a person holds on `day` reaches one standard of the title.

    Unknown when what is held, what is asked or the kind itself cannot be told.
    """
    kind = REQUIREMENTS.get(standard.kind)
    label = kind.label if kind else standard.kind
    facts = {"Tiêu chuẩn": label, "Yêu cầu": _shown(standard.required), "Hiện có": _shown(held), "Ngày xét": day}
    missing = []
    if kind is None:
        missing.append(f"cách xét tiêu chuẩn «{standard.kind}»")
    if standard.required is None:
        missing.append(f"mức yêu cầu của tiêu chuẩn «{label}»")
    if held is None:
        missing.append(label)
    is_met = None if kind is None or missing else kind.compare(standard.required, held)
    if is_met is None:
        asked = missing or [f"thứ bậc để so sánh: {label}"]
        found = unknown(STANDARD, facts, *asked, citation=standard.citation, confidence=standard.confidence)
        return replace(found, subject=standard.kind)
    return Finding(
        rule=STANDARD.key,
        outcome="met" if is_met else "not_met",
        value=_shown(standard.required),
        facts=facts,
        citation=standard.citation,
        confidence=standard.confidence,
        subject=standard.kind,
    )


def requirement_label(kind: str) -> str:
    """A kind of requirement in words; one that is gone by its key."""
    found = REQUIREMENTS.get(kind)
    return found.label if found else kind


def _shown(value: Any) -> Any:
    if isinstance(value, Level):
        return value.name
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(sorted(str(part) for part in value))
    return value


@dataclass(frozen=True, slots=True)
class WrittenCitation(Citation):
    """A citation of which only the words are known: it is shown as it was written."""

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.document


def written_citation(text: str, *, day: date) -> Citation:
    """A citation from the words of a record: number, date and article where they tell them, else the words.

    `day` stands for the document's date when the words lack it: the day from which the standard holds.
    """
    number, found = _NUMBER.search(text), _DATE.search(text)
    if number is None or found is None:
        return WrittenCitation(document=text, date=day, name="văn bản")
    try:
        signed = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return WrittenCitation(document=text, date=day, name="văn bản")
    article = _ARTICLE.search(text[found.end() :])
    name = text[: number.start()].strip(" ,").removesuffix("số").strip()
    return Citation(document=number[0], date=signed, article=article[0] if article else None, name=name or "Văn bản")


def confidence_of(code: str) -> Confidence:
    """How well a row of the record is confirmed, as findings say it; what is not said is unconfirmed."""
    return RECORD_CONFIDENCE.get(code, "unconfirmed")
