"""The procedure of each person of a decision (quy trình nhân sự): its steps with their votes, and what they led to.

Candidates of one seat are voted on together: the people of a decision with the same title in the same unit share what
is recorded, and other names may stand beside them. Votes name candidates as they are written on the ballot.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.models import DecisionItem
from personnel.rules.procedure import (
    COMPLETE,
    BadTally,
    ProcedureVerdict,
    Tally,
    judge_procedure,
    judge_working_days,
)
from personnel.rules.procedure_data import Procedure, procedure
from personnel.services.decisions.dossiers import asks_for_papers
from personnel.services.decisions.kinds import Case


@dataclass(frozen=True, slots=True)
class Vote:
    """The votes for one candidate; `item` is his place in the decision, None for somebody else; no count on a list."""

    name: str
    count: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One step as it was held; `head_chose` are names, None before the head decided on a tie."""

    step: str
    held_on: datetime.date | None = None
    minutes: str = ""
    summoned: int | None = None
    present: int | None = None
    votes: tuple[Vote, ...] = ()
    head_chose: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "step": self.step,
            "held_on": self.held_on.isoformat() if self.held_on else None,
            "minutes": self.minutes,
            "summoned": self.summoned,
            "present": self.present,
            "votes": [{"name": vote.name, "count": vote.count, "item": vote.item} for vote in self.votes],
            "head_chose": None if self.head_chose is None else list(self.head_chose),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The step that was written by `as_json`."""
        chose = kept.get("head_chose")
        return cls(
            step=kept["step"],
            held_on=_day(kept.get("held_on")),
            minutes=kept.get("minutes", ""),
            summoned=kept.get("summoned"),
            present=kept.get("present"),
            votes=tuple(Vote(vote["name"], vote.get("count"), vote.get("item")) for vote in kept.get("votes", ())),
            head_chose=None if chose is None else tuple(chose),
        )

    def tally(self) -> Tally:
        """The step as the rule judges it."""
        return Tally(
            step=self.step,
            summoned=self.summoned,
            present=self.present,
            votes={vote.name: vote.count for vote in self.votes},
            held_on=self.held_on,
            head_chose=self.head_chose,
        )


@dataclass(frozen=True, slots=True)
class RecordedProcedure:
    """What is recorded of a procedure for the people of one seat."""

    procedure: str
    seats: int = 1
    proposed_on: datetime.date | None = None
    policy_on: datetime.date | None = None
    steps: tuple[RecordedStep, ...] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "procedure": self.procedure,
            "seats": self.seats,
            "proposed_on": self.proposed_on.isoformat() if self.proposed_on else None,
            "policy_on": self.policy_on.isoformat() if self.policy_on else None,
            "steps": [step.as_json() for step in self.steps],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The procedure that was written by `as_json`."""
        return cls(
            procedure=kept["procedure"],
            seats=kept.get("seats", 1),
            proposed_on=_day(kept.get("proposed_on")),
            policy_on=_day(kept.get("policy_on")),
            steps=tuple(RecordedStep.from_json(step) for step in kept.get("steps", ())),
        )

    def step(self, key: str) -> RecordedStep | None:
        """What was recorded of a step."""
        return next((step for step in self.steps if step.step == key), None)

    def with_step(self, step: RecordedStep, order: Procedure) -> Self:
        """The same with a step in place of what was recorded of it, in the procedure's order."""
        kept = {one.step: one for one in self.steps} | {step.step: step}
        return replace(self, steps=tuple(kept[one.key] for one in order.steps if one.key in kept))

    def without_step(self, key: str) -> Self:
        """The same with nothing recorded of a step."""
        return replace(self, steps=tuple(one for one in self.steps if one.step != key))

    def tallies(self) -> list[Tally]:
        """The steps as the rules judge them."""
        return [step.tally() for step in self.steps]


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def known_procedure(key: str, day: datetime.date) -> Procedure | None:
    """A procedure whose steps are known on the day."""
    try:
        return procedure(key=key, day=day)
    except ParameterUnknown:
        return None


def recorded_procedure(item: DecisionItem) -> RecordedProcedure | None:
    """What is recorded for a person."""
    return RecordedProcedure.from_json(item.tallies[0]) if item.tallies else None


def asks_for_procedure(case: Case) -> bool:
    """Whether a procedure precedes this case."""
    return bool(case.act.procedures) and asks_for_papers(case)


def groups_of(cases: Iterable[Case]) -> list[list[Case]]:
    """The cases that are voted on together: those of one seat; where each is judged alone, all of the decision."""
    groups: dict[Any, list[Case]] = {}
    for case in cases:
        if asks_for_procedure(case):
            title, unit = case["title"], case["unit"]
            key = (title and title.pk, unit and unit.pk) if case.act.is_voted_by_seat else None
            groups.setdefault(key, []).append(case)
    return list(groups.values())


def candidate_names(group: Sequence[Case]) -> dict[int, str]:
    """How the people of a group are called on the ballot, by the ids of their items; namesakes with their year."""
    named = Counter(case.cadre.full_name for case in group)
    told: dict[int, str] = {}
    for case in group:
        name, born = case.cadre.full_name, case.cadre.born
        told[case.item.pk] = f"{name} (sinh {born.year})" if named[name] > 1 and born else name
    return told


def procedure_verdict(case: Case) -> ProcedureVerdict | None:
    """What the procedure led to for one person; None where none is asked for or its steps are not known."""
    if not asks_for_procedure(case):
        return None
    recorded = recorded_procedure(case.item)
    asked = known_procedure(recorded.procedure if recorded else case.act.usual_procedure(case), case.day)
    if asked is None:
        return None
    known = {step.key for step in asked.steps}
    tallies = [tally for tally in recorded.tallies() if tally.step in known] if recorded else []
    try:
        return judge_procedure(
            procedure=asked,
            tallies=tallies,
            candidate=_name_of(case, recorded),
            seats=recorded.seats if recorded else 1,
        )
    except BadTally:
        return None


def procedure_findings(case: Case) -> list[Finding]:
    """The procedure among the conditions of the case, and its working days once their beginning is recorded."""
    if not asks_for_procedure(case):
        return []
    recorded = recorded_procedure(case.item)
    key = recorded.procedure if recorded else case.act.usual_procedure(case)
    try:
        asked = procedure(key=key, day=case.day)
    except ParameterUnknown as unknown:
        return [unknown.finding(COMPLETE.key, {"Nhân sự": case.cadre.full_name})]
    verdict = procedure_verdict(case)
    found = [verdict.finding] if verdict is not None else []
    if recorded is not None and (recorded.proposed_on or recorded.policy_on):
        is_finished = {step.step for step in recorded.steps} >= {step.key for step in asked.steps}
        found += judge_working_days(
            procedure=asked,
            proposed_on=recorded.proposed_on,
            policy_on=recorded.policy_on,
            finished_on=recorded.steps[-1].held_on if is_finished else None,
        )
    return found


def _name_of(case: Case, recorded: RecordedProcedure | None) -> str:
    """How the person is called in the votes: by his place in the decision, else by his name."""
    votes = [vote for step in (recorded.steps if recorded else ()) for vote in step.votes]
    return next((vote.name for vote in votes if vote.item == case.item.pk), case.cadre.full_name)
