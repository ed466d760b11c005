"""Whether somebody may be rotated (điều kiện luân chuyển): each rule a finding, and the verdict over all.

    judge_rotation(case, day, passed) -> Verdict
        every finding by the law of `day`, the day on which the rotation is to begin
    direction_of(from_level, to_level, is_one_office) -> str
        which way the person goes
    evaluations_due(begins_on, ends_on, day) -> list[int]
        the years of which the receiving unit writes an evaluation by the day

What the decision of rotation asks is asked by the same rules (`personnel/rules/mobility.py`, `discipline.py`,
`appointment.py`); standards of the title and the file by those of planning. A fact that is None is not known. Source:
Nghị định 170/2025/NĐ-CP, Điều 25 and 42 to 51; Quy định 65-QĐ/TW, of which it is not known whether it was replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.findings import Finding
from personnel.rules.appointment import CHANGE_LABELS, TitleChange, paper_valid, political_review_valid
from personnel.rules.discipline import findings_of_disciplines, no_pending_procedure
from personnel.rules.judging import declare, known, unknown
from personnel.rules.judging import judge as judge_by
from personnel.rules.mobility import may_be_moved, rotation_length, rotation_time_left
from personnel.rules.standards import written_citation
from planning.rules.eligibility import (
    STANDARD_RULES,
    TIER_2_RULES,
    Person,
    Target,
    Verdict,
    file_complete,
    political_theory,
    standard,
    verdict,
)
from planning.rules.law import LAW

IN_PLANNING: Final = declare("rotation-in-planning", "Được quy hoạch khi luân chuyển để đào tạo")
TWO_TERMS: Final = declare("rotation-two-terms", "Đã giữ đủ hai nhiệm kỳ liên tiếp ở nơi đi")
NON_LOCAL: Final = declare("rotation-non-local", "Không là người địa phương nơi đến")
EQUIVALENT: Final = declare("rotation-equivalent-title", "Chức vụ nơi đến tương đương chức vụ đang giữ")

#: Rules whose facts are sensitive: discipline, the political review, family and health.
ROTATION_TIER_2: Final = TIER_2_RULES | {
    "no-pending-procedure",
    "not-serving-discipline",
    "higher-title-after-discipline",
    "no-dismissal-for-corruption",
    "may-be-moved",
    "health-certificate",
}

LOCAL_LABEL: Final = "Là người địa phương nơi đến"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """What the province rules for a title: its basis and the day from which it holds."""

    basis: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationCase:
    """What the plan says and the record tells of one rotation on its day.

    `blocks` answer each ground that makes a move wait (True, False, None not known), as `may_be_moved` names them;
    `terms_held` are the full terms held in the present post without a break; `change` is the title sought against the
    one held; `own_non_local` is the province's rule that the title is held by somebody who is not local.
    """

    person: Person
    target: Target
    purpose: str
    begins_on: date | None
    ends_on: date | None
    blocks: Mapping[str, bool | None] = field(default_factory=dict)
    has_child: bool | None = None
    youngest_child_born: PartialDate | None = None
    has_written_wish: bool = False
    is_clear: bool = False
    health_checked_on: date | None = None
    is_planned: bool | None = None
    is_local: bool | None = None
    is_head: bool = False
    own_non_local: OwnRule | None = None
    terms_held: int | None = None
    change: TitleChange | None = None


def judge_rotation(case: RotationCase, day: date, passed: Collection[str] = ()) -> Verdict:
    """Judge everything by the law of `day`; `passed` are the rules that somebody passed over with a reason."""
    found = tuple(findings(case, day))
    over_all = verdict([one for one in found if one.rule not in passed], day)
    return replace(over_all, findings=found)


def findings(case: RotationCase, day: date) -> Iterator[Finding]:
    """Every rule, in the order of the page."""
    yield purpose_met(case, day)
    yield equivalent_title(case, day)
    length = rotation_length(began_on=case.begins_on, ends_on=case.ends_on, day=day)
    yield replace(length, met_from=None)  # the first day of its end says nothing about when it may begin
    yield rotation_time_left(
        sex=case.person.sex,
        born=case.person.born,
        is_enough_for_term=case.purpose in ("two_terms", "non_local"),
        day=day,
    )
    yield _may_be_moved(case, day)
    yield from _disciplines(case, day)
    if case.purpose != "non_local" and (case.is_head or case.own_non_local is not None):
        yield non_local(case, day)
    for kind in STANDARD_RULES:
        yield standard(kind, case.person, case.target, day)
    yield political_theory(case.person, case.target, day)
    result, concluded_on, valid_until = case.person.review
    yield political_review_valid(result=result, concluded_on=concluded_on, valid_until=valid_until, day=day)
    yield paper_valid(kind="health_certificate", issued_on=case.health_checked_on, day=day)
    yield file_complete(case.person, day)


def purpose_met(case: RotationCase, day: date) -> Finding:
    """Whether the person is one whom the law rotates for the purpose that the plan names."""
    if case.purpose == "two_terms":
        facts: dict[str, Any] = {"Số nhiệm kỳ liên tiếp đã giữ": case.terms_held}
        return judge_by(TWO_TERMS, "mobility/head_terms", day, facts, lambda most: known(case.terms_held) >= most)
    if case.purpose == "non_local":
        facts = {LOCAL_LABEL: case.is_local}
        return judge_by(NON_LOCAL, "rotation/purposes", day, facts, lambda _: not case.is_local, book=LAW)
    facts = {"Trong quy hoạch": case.is_planned}
    return judge_by(IN_PLANNING, "rotation/purposes", day, facts, lambda _: bool(case.is_planned), book=LAW)


def equivalent_title(case: RotationCase, day: date) -> Finding:
    """An equivalent title; a higher one for somebody outstanding, which a reason says."""
    facts: dict[str, Any] = {"Trường hợp": None if case.change is None else CHANGE_LABELS[case.change]}
    return judge_by(
        EQUIVALENT, "rotation/equivalent_title", day, facts, lambda allowed: case.change in allowed, book=LAW
    )


def non_local(case: RotationCase, day: date) -> Finding:
    """Of a head: not local, where the province's rule says so; the list of titles of the law is not known."""
    facts: dict[str, Any] = {LOCAL_LABEL: case.is_local}
    own = case.own_non_local
    if own is not None and case.is_local is not None:
        citation = written_citation(own.basis, day=own.since)
        return Finding(NON_LOCAL.key, "not_met" if case.is_local else "met", facts=facts, citation=citation)
    held = LAW["rotation/non_local_titles"].at(day)
    citation = held.citation if held is not None else LAW["rotation/non_local_titles"].values[0].citation
    if case.is_local is False:
        return Finding(NON_LOCAL.key, "met", facts=facts, citation=citation, confidence="unconfirmed")
    missing = LOCAL_LABEL if case.is_local is None else LAW["rotation/non_local_titles"].label
    return unknown(NON_LOCAL, facts, missing, citation=citation, confidence="unconfirmed")


def _may_be_moved(case: RotationCase, day: date) -> Finding:
    blocks = case.blocks
    return may_be_moved(
        is_under_discipline=blocks.get("discipline"),
        is_under_investigation=blocks.get("investigation"),
        is_ill=blocks.get("illness"),
        is_studying=blocks.get("study"),
        is_seconded=blocks.get("seconded"),
        is_on_maternity=blocks.get("maternity"),
        has_child=case.has_child,
        youngest_child_born=case.youngest_child_born,
        is_in_hardship=blocks.get("hardship"),
        has_written_wish=case.has_written_wish,
        day=day,
    )


def _disciplines(case: RotationCase, day: date) -> Iterator[Finding]:
    """What is pending stands against the rotation itself; a discipline against the appointment that comes with it."""
    yield no_pending_procedure(is_pending=_pending(case), purpose="rotation", day=day)
    _, *past = findings_of_disciplines(
        disciplines=case.person.disciplines,
        is_pending=False,
        purpose="appointment",
        day=day,
        is_higher=case.change in ("first", "higher"),
        is_leadership=True,
    )
    yield from past


def _pending(case: RotationCase) -> bool | None:
    """Whether a procedure, investigation or trial is under way: only the officer can say that none is."""
    return True if case.blocks.get("discipline") else (False if case.is_clear else None)


def direction_of(*, from_level: str | None, to_level: str | None, is_one_office: bool) -> str:
    """Which way the person goes, by the levels of the units (`province`, `commune`)."""
    if is_one_office:
        return "division"
    if from_level == to_level:
        return "across" if to_level == "commune" else "sector"
    return "down" if to_level == "commune" else "up"


def evaluations_due(*, begins_on: date | None, ends_on: date | None, day: date) -> list[int]:
    """The years of which the receiving unit writes an evaluation, up to the year of `day`."""
    if begins_on is None or begins_on > day:
        return []
    last = min(day, ends_on) if ends_on is not None else day
    return list(range(begins_on.year, last.year + 1))
