"""Findings and citations: a verdict is never a bare yes or no, and it names the law it rests on; pure Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from hrdb.kernel.dates import format_date

Outcome = Literal["met", "not_met", "unknown"]
Confidence = Literal["two sources", "one source", "unconfirmed"]

OUTCOME_LABELS: dict[Outcome, str] = {"met": "đạt", "not_met": "không đạt", "unknown": "chưa rõ"}
CONFIDENCE_LABELS: dict[Confidence, str] = {
    "two sources": "hai nguồn",
    "one source": "một nguồn",
    "unconfirmed": "chưa kiểm chứng",
}

#: How the kind of a document is read from its number, the first that fits.
DOCUMENT_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"/NĐ-CP$", "Nghị định"),
        (r"/CP$", "Nghị định"),
        (r"/QH\d+$", "Luật"),
        (r"/UBTVQH\d+$", "Pháp lệnh"),
        (r"[/-]NQ(/|-|$)", "Nghị quyết"),
        (r"-QĐ/TW$", "Quy định"),
        (r"[/-]QĐ(/|-|$)", "Quyết định"),
        (r"-CT/TW$", "Chỉ thị"),
        (r"/CT-TTg$", "Chỉ thị"),
        (r"-KL/TW$", "Kết luận"),
        (r"-HD/", "Hướng dẫn"),
        (r"/TTLT-", "Thông tư liên tịch"),
        (r"/TT-", "Thông tư"),
        (r"/VBHN-", "Văn bản hợp nhất"),
    )
)


@dataclass(frozen=True, slots=True)
class Citation:
    """The place in a document that says so (căn cứ): number and date, since numbers repeat, and the article if known.

    `name` is what the document is called before its number («Bộ luật Lao động»); without it the kind is read from the
    number.
    """

    document: str
    date: date
    article: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name and not document_kind(self.document):
            raise ValueError(f"số văn bản «{self.document}» không cho biết loại văn bản: cần ghi name")

    @property
    def text(self) -> str:
        """The citation as it is written: «Nghị định 135/2020/NĐ-CP ngày 18/11/2020, Điều 4»."""
        named = f"{self.name or document_kind(self.document)} {self.document} ngày {format_date(self.date)}"
        return f"{named}, {self.article}" if self.article else named

    def __str__(self) -> str:
        return self.text


def document_kind(number: str) -> str:
    """The kind of a document («Nghị định», «Thông tư», ...) read from its number, or an empty text."""
    return next((kind for pattern, kind in DOCUMENT_KINDS if pattern.search(number)), "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in one case.

    `rule` is the key of the rule; `value` the number of the parameter used; `facts` what decided, by Vietnamese label;
    `met_from` and `met_until` (exclusive) the days between which the rule is met, when it can tell; `missing` what an
    unknown outcome lacks: fields or numbers, by Vietnamese label. `subject` tells apart what one rule found of several
    things in one case (each standard of a title).
    """

    rule: str
    outcome: Outcome
    value: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    citation: Citation | None = None
    met_from: date | None = None
    met_until: date | None = None
    missing: tuple[str, ...] = ()
    confidence: Confidence = "two sources"
    subject: str = ""

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOME_LABELS:
            raise ValueError(f"outcome: {self.outcome!r}")
        if (self.outcome == "unknown") != bool(self.missing):
            raise ValueError(f"{self.rule}: what is missing is named exactly when the outcome is unknown")
        if self.outcome != "unknown" and self.citation is None:
            raise ValueError(f"{self.rule}: a verdict needs its citation")
        object.__setattr__(self, "facts", dict(self.facts))  # a copy: the caller's mapping may change

    @property
    def key(self) -> str:
        """What names the finding in its case: the rule, with the subject where there is one."""
        return f"{self.rule}:{self.subject}" if self.subject else self.rule

    def closed(self, reason: str) -> Finding:
        """The rule without what it found, for readers who may not know it; `reason` says why."""
        return Finding(
            rule=self.rule, outcome="unknown", citation=self.citation, missing=(reason,), subject=self.subject
        )

    def as_json(self) -> dict[str, Any]:
        """The finding as it is kept and printed; facts and values in words, days in ISO form."""
        return {
            "rule": self.rule,
            "outcome": self.outcome,
            "value": _plain(self.value),
            "facts": {label: _plain(fact) for label, fact in self.facts.items()},
            "citation": self.citation.text if self.citation else None,
            "from": _plain(self.met_from),
            "until": _plain(self.met_until),
            "missing": list(self.missing),
            "confidence": self.confidence,
            **({"subject": self.subject} if self.subject else {}),
        }

    @property
    def outcome_label(self) -> str:
        """The outcome in words."""
        return OUTCOME_LABELS[self.outcome]

    @property
    def confidence_label(self) -> str:
        """How well the number is confirmed, in words."""
        return CONFIDENCE_LABELS[self.confidence]

    @property
    def is_met(self) -> bool:
        """Whether the rule is met for certain."""
        return self.outcome == "met"


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
