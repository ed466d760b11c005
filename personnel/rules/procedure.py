"""Votes of personnel procedures (quy trình nhân sự): who goes on from a step, and whether a whole procedure was kept.

    judge_step(procedure, step, tally, previous, seats) -> StepVerdict
        who goes on from one step, and what follows: the next step, the end, a stop, or the head's own decision
    judge_procedure(procedure, tallies, candidate, seats) -> ProcedureVerdict
        whether all steps were held in order and the candidate passed every one
    judge_working_days(procedure, proposed_on, policy_on, finished_on, holidays) -> tuple[Finding, ...]
        whether policy and procedure kept their working days

Procedures come from `procedure_data.py`. Shares are votes of those summoned, never of those present. A step whose
content no source tells is unknown. Source: Nghị định 170/2025/NĐ-CP, Điều 33 and 36 to 40.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, Literal

from hrdb.kernel.findings import Finding
from personnel.rules.judging import Answer, Rule, declare, known, unknown, until, worst
from personnel.rules.procedure_data import Procedure, Step
from personnel.rules.working_days import working_days_after

#: What follows a step; None when it is not known.
Move = Literal["next", "finished", "stopped", "head_decides", "no_quorum"]

MOVE_LABELS: Final[dict[Move, str]] = {
    "next": "Chuyển bước sau",
    "finished": "Hoàn thành quy trình",
    "stopped": "Dừng, báo cáo cấp có thẩm quyền",
    "head_decides": "Người đứng đầu quyết định",
    "no_quorum": "Không đủ số người dự, phải tổ chức lại",
}

STEP: Final = declare("procedure-step", "Kết quả của bước quy trình", waiver="entered")
COMPLETE: Final = declare("procedure-complete", "Quy trình nhân sự đầy đủ, đúng trình tự", waiver="entered")
POLICY_DAYS: Final = declare("procedure-policy-days", "Quyết định chủ trương đúng thời hạn")
PROCEDURE_DAYS: Final = declare("procedure-working-days", "Thực hiện quy trình đúng thời hạn")

HEAD_LABEL: Final = "quyết định của người đứng đầu"


class BadTally(ValueError):
    """Numbers of a vote that cannot be; its message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one step counted: people summoned and present, votes by candidate; None where it was not recorded.

    `head_chose` are those whom the head chose where a tie is for him to decide, None before he did.
    """

    step: str
    summoned: int | None
    present: int | None
    votes: Mapping[str, int | None]
    held_on: date | None = None
    head_chose: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What a step led to: who passed, who waits for the head, what follows and with which step."""

    finding: Finding
    passed: tuple[str, ...] = ()
    for_the_head: tuple[str, ...] = ()
    move: Move | None = None
    next_step: Step | None = None


@dataclass(frozen=True, slots=True)
class ProcedureVerdict:
    """What a whole procedure led to, with the verdict on each step that was held."""

    finding: Finding
    steps: Mapping[str, StepVerdict] = field(default_factory=dict)
    passed: tuple[str, ...] = ()


def judge_step(
    *, procedure: Procedure, step: str, tally: Tally, previous: Collection[str] | None = None, seats: int = 1
) -> StepVerdict:
    """Who goes on from a step by its tally; `previous` are those who passed the step before, None at the first.

    `seats` people at most pass a step that chooses. Raises KeyError for a step that the procedure lacks, BadTally for
    numbers that cannot be.
    """
    asked = procedure.step(step)
    facts = _facts(asked, tally)
    missing = [label for label, fact in facts.items() if fact is None]
    if asked.rule == "unread":
        missing.append(f"cách xét: {asked.label}")
    if not tally.votes:
        missing.append("Nhân sự được giới thiệu")
    if missing:
        passed = tuple(tally.votes) if asked.rule == "unread" else ()
        return StepVerdict(_unknown(procedure, STEP, facts, *missing), passed)
    _check(asked, tally)
    if procedure.quorum is not None and Fraction(known(tally.present), known(tally.summoned)) < procedure.quorum:
        return _verdict(procedure, asked, facts, "no_quorum")
    strangers = [] if previous is None or _is_free(asked) else [name for name in tally.votes if name not in previous]
    if strangers:
        facts["Không đạt ở bước trước"] = ", ".join(strangers)
        return _verdict(procedure, asked, facts, "stopped")
    shares = {name: Fraction(count or 0, known(tally.summoned)) for name, count in tally.votes.items()}
    passed, for_the_head = _pass(asked, shares, previous, seats)
    return _after(procedure, asked, facts, passed, for_the_head, tally.head_chose)


def _after(
    procedure: Procedure,
    step: Step,
    facts: dict[str, Any],
    passed: tuple[str, ...],
    for_the_head: tuple[str, ...],
    head_chose: Collection[str] | None,
) -> StepVerdict:
    if for_the_head and head_chose is not None:
        chosen = tuple(name for name in for_the_head if name in head_chose)
        facts["Người đứng đầu chọn"] = ", ".join(chosen) or "không ai"
        passed, for_the_head = (*passed, *chosen), ()
    if passed:
        move: Move = "next" if procedure.after(step) else "finished"
        return _verdict(procedure, step, facts, move, passed, for_the_head)
    return _verdict(procedure, step, facts, "head_decides" if for_the_head else "stopped", passed, for_the_head)


def _pass(
    step: Step, shares: Mapping[str, Fraction], previous: Collection[str] | None, seats: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who passes by the rule of the step, and who is left to the head."""
    if step.rule in ("list", "advisory"):
        return tuple(shares), ()
    over, apart = known(step.over), step.different_name_from
    if previous is not None and apart is not None:
        shares = {name: share for name, share in shares.items() if name in previous or share >= apart}
    above = {name: share for name, share in shares.items() if share > over}
    best = tuple(above) if step.is_each else _best(above, seats)
    if step.rule == "majority":
        tied = tuple(name for name, share in shares.items() if share == over)
        return best, tied if step.is_each or not best else ()
    lower = known(step.else_from)
    return best or tuple(name for name, share in shares.items() if share >= lower), ()


def _best(shares: Mapping[str, Fraction], seats: int) -> tuple[str, ...]:
    """The best of so many, with all that tie for the last place."""
    order = sorted(shares, key=lambda name: -shares[name])
    last = shares[order[seats - 1]] if len(order) > seats else Fraction(0)
    return tuple(name for name in order if shares[name] >= last)


def _is_free(step: Step) -> bool:
    """Whether names may come up that did not pass the step before."""
    return step.rule in ("list", "top_or_all")


def judge_procedure(
    *, procedure: Procedure, tallies: Sequence[Tally], candidate: str | None, seats: int = 1
) -> ProcedureVerdict:
    """Whether all steps were held in their order and the candidate passed every one.

    Without a candidate the question is only who passed. Raises KeyError and BadTally as `judge_step`.
    """
    by_step = {tally.step: tally for tally in tallies}
    for key in by_step:
        procedure.step(key)
    verdicts: dict[str, StepVerdict] = {}
    previous: tuple[str, ...] | None = None
    for step in procedure.steps:
        if step.key not in by_step:
            if _is_out(verdicts, candidate):
                return ProcedureVerdict(
                    _complete(procedure, verdicts, candidate, (), by_step), verdicts, previous or ()
                )
            lacking = _unknown(procedure, COMPLETE, {"Nhân sự": candidate}, f"kết quả: {step.label}")
            return ProcedureVerdict(lacking, verdicts, previous or ())
        verdict = judge_step(
            procedure=procedure, step=step.key, tally=by_step[step.key], previous=previous, seats=seats
        )
        verdicts[step.key] = verdict
        if verdict.move not in ("next", "finished") and not verdict.passed:
            return ProcedureVerdict(_complete(procedure, verdicts, candidate, (), by_step), verdicts)
        previous = verdict.passed
    passed = previous or ()
    return ProcedureVerdict(_complete(procedure, verdicts, candidate, passed, by_step), verdicts, passed)


def _complete(
    procedure: Procedure,
    verdicts: Mapping[str, StepVerdict],
    candidate: str | None,
    passed: Collection[str],
    tallies: Mapping[str, Tally],
) -> Finding:
    facts: dict[str, Any] = {
        procedure.step(key).label: verdict.finding.outcome_label for key, verdict in verdicts.items()
    }
    if candidate is not None:
        facts["Nhân sự"] = candidate
    days = [tallies[key].held_on for key in verdicts]
    dated = [day for day in days if day is not None]
    is_in_order = dated == sorted(dated)
    if not is_in_order:
        facts["Trình tự"] = "bước sau được tổ chức trước bước trước"
    if _is_out(verdicts, candidate):
        return _finding(procedure, COMPLETE, facts, Answer(False))
    decisive = worst([verdict.finding for verdict in verdicts.values()])
    if is_in_order and decisive is not None and decisive.outcome == "unknown":
        return _unknown(procedure, COMPLETE, facts, *decisive.missing)
    if is_in_order and any(candidate in verdict.for_the_head for verdict in verdicts.values()):
        return _unknown(procedure, COMPLETE, facts, HEAD_LABEL)
    has_passed = bool(passed) if candidate is None else candidate in passed
    is_met = is_in_order and has_passed and decisive is not None and decisive.is_met
    return _finding(procedure, COMPLETE, facts, Answer(is_met))


def _is_out(verdicts: Mapping[str, StepVerdict], candidate: str | None) -> bool:
    """Whether the candidate fell out at a step of which the result is known, whatever others still wait for."""
    if candidate is None:
        return False
    for verdict in verdicts.values():
        if candidate in verdict.for_the_head or verdict.move is None:
            return False
        if candidate not in verdict.passed:
            return True
    return False


def judge_working_days(
    *,
    procedure: Procedure,
    proposed_on: date | None,
    policy_on: date | None,
    finished_on: date | None,
    holidays: Collection[date] = (),
) -> tuple[Finding, ...]:
    """Whether policy and procedure were done within their working days; nothing where no number is known."""
    asked = (
        (
            POLICY_DAYS,
            procedure.policy_working_days,
            proposed_on,
            policy_on,
            "Ngày trình",
            "Ngày quyết định chủ trương",
        ),
        (PROCEDURE_DAYS, procedure.working_days, policy_on, finished_on, "Ngày có chủ trương", "Ngày xong quy trình"),
    )
    found = []
    for rule, days, start, end, first, second in asked:
        if days is None:
            continue
        facts = {first: start, second: end}
        if start is None or end is None:
            found.append(_unknown(procedure, rule, facts, *(label for label, day in facts.items() if day is None)))
            continue
        last = working_days_after(start, days, holidays)
        answer = until(last + timedelta(days=1), end, facts={"Hạn cuối": last})
        found.append(_finding(procedure, rule, facts, answer, value=days))
    return tuple(found)


def _facts(step: Step, tally: Tally) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "Bước": step.label,
        "Thành phần": step.summoned,
        "Số người được triệu tập": tally.summoned or None,
        "Số người dự": tally.present,
    }
    for name, count in tally.votes.items():
        if count is None or not tally.summoned:
            facts[name] = "trong danh sách" if step.rule == "list" else None
        else:
            facts[name] = f"{count}/{tally.summoned} phiếu ({_percent(count, tally.summoned)} %)"
    return facts


def _percent(count: int, summoned: int) -> str:
    hundredths = round(Fraction(count * 10_000, summoned))
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",")


def _check(step: Step, tally: Tally) -> None:
    summoned, present = known(tally.summoned), known(tally.present)
    if present < 0 or present > summoned:
        raise BadTally(f"{step.label}: số người dự ({present}) không thể nhiều hơn số được triệu tập ({summoned}).")
    for name, count in tally.votes.items():
        if count is not None and not 0 <= count <= present:
            raise BadTally(f"{step.label}: số phiếu của {name} ({count}) không thể nhiều hơn số người dự ({present}).")


def _verdict(
    procedure: Procedure,
    step: Step,
    facts: dict[str, Any],
    move: Move,
    passed: tuple[str, ...] = (),
    for_the_head: tuple[str, ...] = (),
) -> StepVerdict:
    facts["Kết quả"] = MOVE_LABELS[move]
    if passed:
        facts["Đạt"] = ", ".join(passed)
    if move == "head_decides":
        facts["Chờ người đứng đầu quyết định"] = ", ".join(for_the_head)
        finding = _unknown(procedure, STEP, facts, HEAD_LABEL)
    else:
        finding = _finding(procedure, STEP, facts, Answer(bool(passed)), value=_number(step, procedure, move))
    return StepVerdict(finding, passed, for_the_head, move, procedure.after(step) if move == "next" else None)


def _number(step: Step, procedure: Procedure, move: Move) -> str | None:
    """The share that decided, as the parameter writes it."""
    share = procedure.quorum if move == "no_quorum" else step.over
    return None if share is None else str(share)


def _finding(procedure: Procedure, rule: Rule, facts: Mapping[str, Any], answer: Answer, value: Any = None) -> Finding:
    return Finding(
        rule=rule.key,
        outcome="met" if answer.is_met else "not_met",
        value=value,
        facts={**facts, **answer.facts},
        citation=procedure.citation,
        met_until=answer.met_until,
        confidence=procedure.confidence if procedure.quorum is not None else "unconfirmed",
    )


def _unknown(procedure: Procedure, rule: Rule, facts: Mapping[str, Any], *missing: str) -> Finding:
    return unknown(rule, facts, *missing, citation=procedure.citation, confidence=procedure.confidence)
