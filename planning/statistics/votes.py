"""The votes of an office read together (kết quả lấy phiếu): each step, each candidate, and how far each came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from planning.models import Candidate, VoteStep
from planning.rules.votes import (
    BadTally,
    CandidateResult,
    StepResult,
    StepRule,
    StepTally,
    Tie,
    judge_step,
    judge_steps,
)


def rule_of(step: VoteStep) -> StepRule:
    """How a step passes, as the rules judge it."""
    tie: Tie = step.tie  # type: ignore[assignment]
    return StepRule(step.pass_percent, step.quorum_percent, tie)


def tally_of(step: VoteStep, rows: Sequence[Candidate]) -> StepTally:
    """What a step counted for some candidates, of those of whom something was."""
    kept = {row.pk: row.tallies[str(step.number)] for row in rows if str(step.number) in row.tallies}
    return StepTally(
        summoned=step.summoned,
        present=step.present,
        cast=step.cast,
        invalid=step.invalid,
        votes={pk: one.get("votes") for pk, one in kept.items()},
        head={pk: one.get("head") for pk, one in kept.items()},
    )


@dataclass(frozen=True)
class PartVotes:
    """The steps of an office in order and the candidates of its seats."""

    steps: Sequence[VoteStep]
    rows: Sequence[Candidate]

    @cached_property
    def results(self) -> dict[int, StepResult]:
        """What each step led to, by its number; numbers that cannot be lead to nothing."""
        found = {}
        for step in self.steps:
            try:
                found[step.number] = judge_step(rule_of(step), tally_of(step, self.rows))
            except BadTally:
                found[step.number] = StepResult(None, {}, {})
        return found

    @cached_property
    def outcomes(self) -> dict[int, CandidateResult]:
        """How far each candidate came, by id."""
        numbers = {step.pk: step.number for step in self.steps}
        steps = [(step.number, numbers.get(step.repeats_id or 0), self.results[step.number]) for step in self.steps]
        return {row.pk: judge_steps(steps, row.pk) for row in self.rows}
