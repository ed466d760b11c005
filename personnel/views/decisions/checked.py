"""What a check found, as pages show it: each person's findings and changes, the sums, the conditions in the way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hrdb.kernel.findings import CONFIDENCE_LABELS, Finding
from hrdb.kernel.screens.formats import value_text
from hrdb.kernel.screens.pieces import FindingLine, Tag, finding_line
from personnel.reports.changes import RowChange, planned_changes
from personnel.rules.judging import RULES
from personnel.services.decisions.cases import Planned, asks_for_word, label_of, label_of_key

#: People named where a condition stands in the way.
NAMED = 5


@dataclass(frozen=True)
class CheckedFinding:
    """One finding of a person: how it is drawn, and whether a reason may pass over it."""

    key: str
    line: FindingLine
    is_blocking: bool
    may_override: bool
    reason: str
    ground: str = ""


@dataclass
class CheckedPerson:
    """One person of a decision, checked; `changes` are told by `tell_changes` for those who are shown."""

    planned: Planned
    faults: tuple[str, ...] = ()
    changes: tuple[RowChange, ...] = ()

    @cached_property
    def findings(self) -> tuple[CheckedFinding, ...]:
        """The conditions of the law in this case."""
        blocking = [*self.planned.blocking, *self.planned.unanswered]
        return tuple(_finding(self.planned, found, blocking) for found in self.planned.findings)

    @property
    def lines(self) -> list[FindingLine]:
        """The findings as a card draws them, what is in the way first."""
        order = {"not": 0, "from": 1, "unknown": 2, "met": 3}
        return [one.line for one in sorted(self.findings, key=lambda one: order[one.line.state])]

    @property
    def name(self) -> str:
        """Who it is."""
        return self.planned.case.cadre.full_name or "Người mới"

    @property
    def item_id(self) -> int:
        """The id of the person's item."""
        return int(self.planned.case.item.pk)

    @property
    def cadre_id(self) -> int | None:
        """The id of the record, None for somebody new."""
        found: int | None = self.planned.case.item.cadre_id
        return found

    @property
    def is_new(self) -> bool:
        """Whether a record will be opened."""
        return self.cadre_id is None

    @property
    def blocking(self) -> list[CheckedFinding]:
        """Conditions in the way."""
        return [one for one in self.findings if one.is_blocking]

    @property
    def passed_over(self) -> list[CheckedFinding]:
        """Conditions passed over with a reason, and those not known with a word."""
        return [one for one in self.findings if one.reason and one.line.state != "met"]

    @property
    def unknown(self) -> list[CheckedFinding]:
        """Conditions that cannot be judged."""
        return [one for one in self.findings if one.line.state == "unknown"]

    @property
    def state(self) -> str:
        """In a word: what is in the way decides."""
        if self.faults:
            return "fault"
        if self.planned.blocking or self.planned.unanswered:
            return "blocked"
        return "unknown" if self.planned.unknown else "met"

    @property
    def tags(self) -> list[Tag]:
        """The state as labels."""
        tags: list[Tag] = []
        if self.faults:
            tags.append(Tag(label=f"{len(self.faults)} lỗi", tone="bad", icon="circle-alert"))
        if self.blocking:
            not_met, asked = len(self.planned.blocking), len(self.planned.unanswered)
            told = [f"{not_met} chưa đạt"] * bool(not_met) + [f"{asked} cần ghi lý do"] * bool(asked)
            tags.append(Tag(label=", ".join(told), tone="bad", icon="x"))
        if self.passed_over:
            tags.append(Tag(label=f"{len(self.passed_over)} cho qua", tone="warn", icon="pencil"))
        if self.unknown:
            tags.append(Tag(label=f"{len(self.unknown)} chưa rõ", icon="circle-question-mark"))
        return tags or [Tag(label="đủ điều kiện", tone="good", icon="check")]


@dataclass
class Obstacle:
    """A condition that some do not meet, or of whom it is not known: who, and whether a reason may pass over it."""

    key: str
    label: str
    may_override: bool
    citation: str
    ground: str = ""
    names: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def who(self) -> str:
        """The first few names, and how many more."""
        more = f" và {len(self.names) - NAMED} người khác" if len(self.names) > NAMED else ""
        return ", ".join(self.names[:NAMED]) + more


def checked_people(
    planned: Sequence[Planned], *, faults: Mapping[int, Sequence[str]] | None = None
) -> list[CheckedPerson]:
    """Everybody as a page shows him; `faults` by place are what signing met besides."""
    return [
        CheckedPerson(one, tuple(dict.fromkeys([*one.faults, *_beyond(one, (faults or {}).get(one.case.place, ()))])))
        for one in planned
    ]


def tell_changes(people: Sequence[CheckedPerson]) -> None:
    """Tell what would be written to the records of those who are shown: one query names what it points to."""
    told = planned_changes([person.planned.differences for person in people])
    for person, changes in zip(people, told, strict=True):
        person.changes = changes


def _beyond(one: Planned, sentences: Sequence[str]) -> list[str]:
    """Sentences of a refusal that are no condition of the law, which stands among the findings."""
    known = {f"Chưa đạt: {label_of(found)}." for found in one.blocking}
    known |= {f"Chưa rõ, cần ghi lý do: {label_of(found)}." for found in one.unanswered}
    return [text for text in sentences if text not in known]


def _finding(one: Planned, found: Finding, blocking: Sequence[Finding]) -> CheckedFinding:
    return CheckedFinding(
        key=found.key,
        line=line_of(found, one.case.day),
        is_blocking=any(found is other for other in blocking),
        may_override=one.may_pass(found) or asks_for_word(found),
        reason=one.case.item.overrides.get(found.key, ""),
        ground="" if asks_for_word(found) or found.rule not in RULES else RULES[found.rule].ground,
    )


def line_of(found: Finding, day: datetime.date) -> FindingLine:
    """A finding with the value of the law beside the facts of the record."""
    line = finding_line(found, label_of(found), day=day)
    if found.value in (None, "") or found.outcome == "unknown":
        return line
    fact = "; ".join(filter(None, [line.fact, f"quy định: {value_text(found.value)}"]))
    return FindingLine(state=line.state, label=line.label, fact=fact, citation=line.citation, verdict=line.verdict)


def kept_line(kept: Mapping[str, Any]) -> FindingLine:
    """A finding as it was kept at signing."""
    states: dict[str, Any] = {"met": "met", "not_met": "not", "unknown": "unknown"}
    facts = "; ".join(f"{label}: {value_text(fact)}" for label, fact in kept.get("facts", {}).items())
    missing = f"Thiếu: {', '.join(kept['missing'])}" if kept.get("missing") else ""
    citation = kept.get("citation") or ""
    if kept.get("confidence") == "unconfirmed":
        citation = f"{citation} · {CONFIDENCE_LABELS['unconfirmed']}".removeprefix(" · ")
    return FindingLine(
        state=states[kept["outcome"]], label=rule_label(key_of(kept)), fact=missing or facts, citation=citation
    )


def rule_label(rule: str) -> str:
    """A rule by its label, with its subject; one that is gone by its key."""
    return label_of_key(rule)


def key_of(kept: Mapping[str, Any]) -> str:
    """What names a finding as it was kept at signing."""
    return f"{kept['rule']}:{kept['subject']}" if kept.get("subject") else str(kept["rule"])


def obstacles(people: Iterable[CheckedPerson], reasons: Mapping[str, str]) -> list[Obstacle]:
    """The conditions that somebody does not meet, each once; those that a reason was typed for stay."""
    found: dict[str, Obstacle] = {}
    for person in people:
        for one in person.findings:
            if one.line.state not in ("not", "from") and not one.is_blocking:
                continue
            reason = reasons.get(one.key, one.reason)
            made = Obstacle(one.key, one.line.label, one.may_override, one.line.citation, one.ground, reason=reason)
            held = found.setdefault(one.key, made)
            held.names.append(person.name)
    return list(found.values())


@dataclass(frozen=True)
class Sums:
    """How many people stand how."""

    people: int
    faults: int
    blocked: int
    unknown: int
    met: int

    @classmethod
    def of(cls, people: Sequence[CheckedPerson]) -> Sums:
        """Count by state."""
        states = [person.state for person in people]
        return cls(
            len(states), states.count("fault"), states.count("blocked"), states.count("unknown"), states.count("met")
        )

    @property
    def is_clear(self) -> bool:
        """Whether nothing is in the way."""
        return bool(self.people) and not self.faults and not self.blocked
