"""What a yearly review proposes of somebody on the list (rà soát quy hoạch hằng năm): out, a warning, or on as before.

    proposal_of(verdict, is_present, passed, ages_out) -> Proposal
        what is proposed and by which rules

Nothing happens by itself: an officer decides each. What the law takes off at once (kỷ luật) is marked so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from planning.rules.eligibility import AGE_LEFT, DISCIPLINE, HIGHER, RATINGS, Verdict

Kind = Literal["remove", "warn", "keep"]

#: No rule of eligibility: the person no longer works.
LEFT: Final = "left"
#: No rule of eligibility: the age holds now and will not at the next review.
AGES_OUT: Final = "ages_out"

#: Why somebody is to be taken off, in the order in which it is said; the words stand in the report.
REMOVALS: Final[Mapping[str, str]] = {
    DISCIPLINE.key: "Bị kỷ luật",
    LEFT: "Đã nghỉ hưu, chuyển đi hoặc thôi việc",
    AGE_LEFT.key: "Không còn đủ tuổi quy hoạch",
    RATINGS.key: "Bị xếp loại không hoàn thành nhiệm vụ",
    HIGHER.key: "Đã giữ chức danh tương đương hoặc cao hơn",
}
#: Who is taken off without waiting for the review.
AT_ONCE: Final = frozenset({DISCIPLINE.key})

KIND_LABELS: Final[Mapping[str, str]] = {
    "remove": "Đề xuất đưa ra",
    "warn": "Cảnh báo",
    "keep": "Tiếp tục quy hoạch",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the review proposes, and the rules that it rests on."""

    kind: Kind
    rules: tuple[str, ...] = ()

    @property
    def is_at_once(self) -> bool:
        """Whether the law does not wait for the review."""
        return bool(AT_ONCE.intersection(self.rules))


def proposal_of(
    verdict: Verdict, *, is_present: bool, passed: Collection[str] = (), ages_out: bool = False
) -> Proposal:
    """What is proposed of somebody whose verdict is known; what was passed over with a reason says nothing more."""
    failed = [one.rule for one in verdict.findings if one.outcome == "not_met" and one.rule not in passed]
    if not is_present:
        failed.append(LEFT)
    out = tuple(rule for rule in REMOVALS if rule in failed)
    if out:
        return Proposal("remove", out)
    warned = [rule for rule in failed if rule not in REMOVALS]
    if ages_out:
        warned.append(AGES_OUT)
    return Proposal("warn", tuple(warned)) if warned else Proposal("keep")


def told(review: Mapping[str, Any]) -> Sequence[str]:
    """The rules of a review that was written down."""
    return tuple(review.get("rules", ()))


def removal_reason(rules: Collection[str]) -> str:
    """Why somebody is taken off, in words."""
    return "; ".join(words for rule, words in REMOVALS.items() if rule in rules)


def is_open(review: Mapping[str, Any]) -> bool:
    """Whether it is proposed to take somebody off and nobody decided yet."""
    return review.get("proposal") == "remove" and "decided" not in review


def written(before: Mapping[str, Any], proposal: Proposal) -> dict[str, Any]:
    """What is written down of a proposal; a decision stands unless something new is proposed against the person."""
    made: dict[str, Any] = {"proposal": proposal.kind, "rules": list(proposal.rules)}
    is_same = before.get("proposal") == proposal.kind and set(proposal.rules) <= set(before.get("rules", ()))
    if is_same:
        made |= {key: before[key] for key in ("decided", "reason") if key in before}
    return made
