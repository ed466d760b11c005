"""Votes of planning (lấy phiếu quy hoạch): shares of those summoned, what passes, ties, re-votes, step after step.

    default_steps(day) -> DefaultSteps | None
        the usual steps with quorum and pass rule; no text of them was found, so they are data and say so
    judge_step(rule, tally) -> StepResult
        what one step led to for each candidate
    judge_steps(steps, candidate) -> CandidateResult
        how far one candidate came: a step that is not passed ends it, a re-vote stands in place of the tied one

Shares are votes of those summoned, never of those present; what is not recorded leaves the outcome unknown. Source:
Quy định 377-QĐ/TW (annex not read); the numbers are those of Nghị định 170/2025/NĐ-CP, Điều 33, and unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from hrdb.kernel.findings import Citation, Confidence
from planning.rules.law import LAW

#: What became of a candidate in a step; `waiting` for the head, or for a re-vote.
VoteOutcome = Literal["passed", "failed", "tied_head", "tied_revote", "no_quorum", "unknown"]

OUTCOME_LABELS: Final[dict[VoteOutcome, str]] = {
    "passed": "đạt",
    "failed": "không đạt",
    "tied_head": "chờ người đứng đầu quyết định",
    "tied_revote": "phải lấy phiếu lại",
    "no_quorum": "không đủ số người dự",
    "unknown": "chưa có kết quả",
}

Tie = Literal["head", "revote", "none"]


class BadTally(ValueError):
    """Numbers of a vote that cannot be; its message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class UsualStep:
    """One of the usual steps: its name and who is summoned."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class DefaultSteps:
    """The usual steps, with the numbers that are borrowed for them."""

    steps: tuple[UsualStep, ...]
    quorum_percent: Decimal
    pass_percent: Decimal
    tie: Tie
    citation: Citation
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class StepRule:
    """How a step passes; a share that is None is not known."""

    pass_percent: Decimal | None
    quorum_percent: Decimal | None
    tie: Tie = "head"


@dataclass(frozen=True, slots=True)
class StepTally:
    """What a step counted; votes by candidate, and what the head decided on ties (None: not yet)."""

    summoned: int | None
    present: int | None
    cast: int | None = None
    invalid: int | None = None
    votes: Mapping[int, int | None] = field(default_factory=dict)
    head: Mapping[int, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step led to: whether enough came, shares in per cent and outcomes by candidate."""

    has_quorum: bool | None
    shares: Mapping[int, Decimal | None]
    outcomes: Mapping[int, VoteOutcome]


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """How far a candidate came: the outcome, and the step that decided it."""

    outcome: VoteOutcome
    step: int | None = None


def default_steps(day: date) -> DefaultSteps | None:
    """The usual steps on a day; None before the regulation."""
    held = LAW["votes/steps"].at(day)
    if held is None or held.value is None:
        return None
    table = held.value
    return DefaultSteps(
        steps=tuple(UsualStep(row["label"], row["body"]) for row in table["steps"]),
        quorum_percent=Decimal(str(table["quorum_percent"])),
        pass_percent=Decimal(str(table["pass_percent"])),
        tie=table["tie"],
        citation=held.citation,
        confidence=held.confidence,
    )


def percent_of(votes: int, summoned: int) -> Decimal:
    """A share of those summoned in per cent, with two decimals."""
    return (Decimal(votes * 100) / Decimal(summoned)).quantize(Decimal("0.01"))


def judge_step(rule: StepRule, tally: StepTally) -> StepResult:
    """What one step led to. Raises BadTally for numbers that cannot be."""
    check_tally(tally)
    quorum = _quorum(rule, tally)
    shares = {
        key: percent_of(votes, tally.summoned) if votes is not None and tally.summoned else None
        for key, votes in tally.votes.items()
    }
    outcomes = {key: _outcome(rule, tally, quorum, key) for key in tally.votes}
    return StepResult(quorum, shares, outcomes)


def judge_steps(steps: Sequence[tuple[int, int | None, StepResult]], candidate: int) -> CandidateResult:
    """How far a candidate came through steps in order: (number, number of the step that it repeats, result)."""
    repeated = {of: result for _, of, result in steps if of is not None}
    last: CandidateResult | None = None
    for number, of, result in steps:
        if of is not None:
            continue
        outcome = result.outcomes.get(candidate, "unknown")
        again = repeated.get(number)
        if outcome == "tied_revote" and again is not None and candidate in again.outcomes:
            outcome = again.outcomes[candidate]
        last = CandidateResult(outcome, number)
        if outcome != "passed":
            return last
    return last or CandidateResult("unknown")


def check_tally(tally: StepTally) -> None:
    """Refuse numbers that cannot be: more present than summoned, more ballots than people, more votes than ballots."""
    summoned, present, cast, invalid = tally.summoned, tally.present, tally.cast, tally.invalid
    if summoned is not None and present is not None and present > summoned:
        raise BadTally(f"Số người dự ({present}) không thể nhiều hơn số được triệu tập ({summoned}).")
    if present is not None and cast is not None and cast > present:
        raise BadTally(f"Số phiếu thu về ({cast}) không thể nhiều hơn số người dự ({present}).")
    if cast is not None and invalid is not None and invalid > cast:
        raise BadTally(f"Số phiếu không hợp lệ ({invalid}) không thể nhiều hơn số phiếu thu về ({cast}).")
    most = cast - (invalid or 0) if cast is not None else present if present is not None else summoned
    if most is None:
        return
    for votes in tally.votes.values():
        if votes is not None and not 0 <= votes <= most:
            raise BadTally(f"Số phiếu đồng ý ({votes}) không thể nhiều hơn số phiếu hợp lệ ({most}).")


def _quorum(rule: StepRule, tally: StepTally) -> bool | None:
    if not tally.summoned or tally.present is None:
        return None
    if rule.quorum_percent is None:
        return None
    return percent_of(tally.present, tally.summoned) >= rule.quorum_percent


def _outcome(rule: StepRule, tally: StepTally, quorum: bool | None, key: int) -> VoteOutcome:
    votes = tally.votes[key]
    if votes is None or not tally.summoned or rule.pass_percent is None:
        return "unknown"
    if quorum is False:
        return "no_quorum"
    if quorum is None and rule.quorum_percent is not None:
        return "unknown"
    asked = rule.pass_percent * tally.summoned
    if votes * 100 > asked:
        return "passed"
    if votes * 100 < asked or rule.tie == "none":
        return "failed"
    if rule.tie == "revote":
        return "tied_revote"
    chosen = tally.head.get(key)
    return "tied_head" if chosen is None else "passed" if chosen else "failed"
