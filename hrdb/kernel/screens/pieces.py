"""The values that the components draw: findings, timelines, facts, steps, differences, trees, job progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from hrdb.kernel.dates import format_date
from hrdb.kernel.findings import Finding
from hrdb.kernel.screens.formats import value_text

FindingState = Literal["met", "not", "unknown", "from"]
StepState = Literal["done", "current", "waiting"]
Tone = Literal["", "good", "warn", "bad", "act"]

VERDICTS: dict[FindingState, str] = {"met": "đạt", "not": "chưa đạt", "unknown": "chưa rõ", "from": "đạt từ ngày"}
MARKS: dict[FindingState, str] = {"met": "check", "not": "x", "unknown": "circle-question-mark", "from": "clock-3"}


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """One finding as a card shows it: the rule in words, the record's fact against the law's value, the citation.

    `verdict` stands at the right: "đến 03/2039", "từ 01/08/2026"; by default the state in words. `supply_url` is where
    what is unknown can be filled in.
    """

    state: FindingState
    label: str
    fact: str = ""
    citation: str = ""
    verdict: str = ""
    supply_url: str = ""
    supply_label: str = "Bổ sung"

    @property
    def mark(self) -> str:
        """The icon of the state."""
        return MARKS[self.state]

    @property
    def spoken(self) -> str:
        """The state in words, for those who do not see the mark."""
        return VERDICTS[self.state]


def finding_line(
    finding: Finding, label: str, fact: str = "", *, day: date, supply_url: str = "", verdict: str = ""
) -> FindingLine:
    """A rule's finding as a line of the card, judged on `day`.

    Not met but met from a later day is the state "from". Without `fact` the finding's own facts are listed; what is
    unknown names what is missing.
    """
    later = finding.outcome == "not_met" and finding.met_from is not None and finding.met_from > day
    state: FindingState = "from" if later else {"met": "met", "not_met": "not", "unknown": "unknown"}[finding.outcome]  # type: ignore[assignment]
    if not verdict and later and finding.met_from:
        verdict = f"từ {format_date(finding.met_from)}"
    elif not verdict and state == "met" and finding.met_until:
        verdict = f"đến {format_date(finding.met_until, 'month')}"
    if not fact:
        told = "; ".join(f"{name}: {value_text(value)}" for name, value in finding.facts.items())
        fact = f"Thiếu: {', '.join(finding.missing)}" if state == "unknown" else told
    citation = finding.citation.text if finding.citation else ""
    if finding.confidence == "unconfirmed":
        citation = f"{citation} · {finding.confidence_label}".removeprefix(" · ")
    return FindingLine(
        state=state,
        label=label,
        fact=fact,
        citation=citation,
        verdict=verdict or VERDICTS[state],
        supply_url=supply_url,
    )


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A small label: icon and word, never colour alone."""

    label: str
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One period or event on a timeline: when (already written), what, a quiet line, labels, and ways on."""

    when: str
    title: str
    detail: str = ""
    tags: Sequence[Tag] = ()
    url: str = ""
    is_past: bool = False
    is_key: bool = False
    actions: Sequence[Any] = ()


@dataclass(frozen=True)
class Fact:
    """A label and its value in a definition grid; `note` is a small line under the value."""

    label: str
    value: Any
    note: str = ""
    wide: bool = False
    url: str = ""

    @property
    def text(self) -> str:
        """The value as written."""
        return value_text(self.value)

    @property
    def is_missing(self) -> bool:
        """Whether there is no value."""
        return self.value in (None, "")


@dataclass(frozen=True)
class Step:
    """One step of a process that takes several pages."""

    label: str
    state: StepState
    url: str = ""


def steps(labels: Sequence[str], current: int, urls: Mapping[int, str] | None = None) -> list[Step]:
    """Steps of which those before `current` (from 0) are done; `urls` leads back to done ones."""
    made = []
    for place, label in enumerate(labels):
        state: StepState = "done" if place < current else "current" if place == current else "waiting"
        made.append(Step(label, state, (urls or {}).get(place, "") if state == "done" else ""))
    return made


@dataclass(frozen=True)
class Change:
    """One field's old and new value."""

    label: str
    old: Any
    new: Any
    note: str = ""

    @property
    def old_text(self) -> str:
        """The old value as written."""
        return value_text(self.old)

    @property
    def new_text(self) -> str:
        """The new value as written."""
        return value_text(self.new)


@dataclass(frozen=True)
class TreeMore:
    """The way on where only the first nodes of many are shown: a link, whose answer htmx puts in its place."""

    label: str
    url: str


@dataclass(kw_only=True)
class TreeNode:
    """A node of a tree. With `children_url` and no children it is opened by htmx, which fetches `tree_children`.

    Without scripts the same address is a link. `more` leads to the children that are not shown.
    """

    key: str
    label: str
    url: str
    detail: str = ""
    end: Sequence[str] = ()
    tags: Sequence[Tag] = ()
    children_url: str = ""
    children: Sequence[TreeNode] = field(default_factory=list)
    more: TreeMore | None = None
    is_open: bool = False

    @property
    def has_children(self) -> bool:
        """Whether it can be opened."""
        return bool(self.children or self.children_url)
