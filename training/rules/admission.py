"""Whether a programme admits somebody (điều kiện dự học): each condition a finding, and the outcome over all.

    admit(applicant, conditions, day) -> list[Finding]
        one finding for each condition that the programme sets, with the programme's own citation
    admission(applicant, conditions, day) -> Outcome
        the outcome over all, without findings: what is asked of many people

`day` is the day on which the class begins, or the day of asking. What a programme does not set is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import PartialDate, age_on, counted_day, whole_months
from hrdb.kernel.findings import Citation, Confidence, Finding, Outcome
from personnel.rules.judging import Rule, declare, unknown
from personnel.rules.standards import NO_LEVEL, Level

AGE: Final = declare("admission-age", "Trong độ tuổi dự học")
YEARS: Final = declare("admission-years", "Đủ thời gian công tác")
PARTY: Final = declare("admission-party", "Là đảng viên")
DEGREE: Final = declare("admission-degree", "Đủ trình độ chuyên môn")
TITLES: Final = declare("admission-titles", "Giữ chức danh thuộc đối tượng")
PLANNED: Final = declare("admission-planned", "Trong quy hoạch")

#: Keys of `Programme.conditions`, in the order of the form.
KEYS: Final = ("max_age", "min_years", "party", "degree", "titles", "is_planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a programme asks of who attends; None, False or nothing asks nothing. `titles` are names by code."""

    citation: Citation
    confidence: Confidence = "unconfirmed"
    max_age: int | None = None
    min_years: int | None = None
    party: bool = False
    degree: Level | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    is_planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What the record tells of somebody; None is not known (of a plan: not for this reader to know)."""

    born: date | PartialDate | None
    recruited_on: date | None
    is_party_member: bool | None
    degree: Level | None
    titles: Mapping[str, str] = field(default_factory=dict)
    is_planned: bool | None = None


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition: its rule, whether it is asked, how it is answered, what is shown."""

    rule: Rule
    is_asked: Callable[[Conditions], bool]
    test: Callable[[Applicant, Conditions, date], bool | None]
    asked: Callable[[Conditions], Any]
    fact: tuple[str, Callable[[Applicant, date], Any]]


def _age(one: Applicant, asked: Conditions, day: date) -> bool | None:
    return None if one.born is None else age_on(counted_day(one.born), day) <= (asked.max_age or 0)


def _years(one: Applicant, asked: Conditions, day: date) -> bool | None:
    if one.recruited_on is None:
        return None
    return one.recruited_on <= day and whole_months(one.recruited_on, day) >= 12 * (asked.min_years or 0)


def _degree(one: Applicant, asked: Conditions, day: date) -> bool | None:
    if one.degree is None or asked.degree is None:
        return None
    if one.degree.rank is None or asked.degree.rank is None:
        return True if one.degree.name == asked.degree.name else None
    return one.degree.rank <= asked.degree.rank


_CONDITIONS: Final = (
    _Condition(
        AGE,
        lambda asked: asked.max_age is not None,
        _age,
        lambda asked: f"không quá {asked.max_age} tuổi",
        ("Tuổi", lambda one, day: None if one.born is None else age_on(counted_day(one.born), day)),
    ),
    _Condition(
        YEARS,
        lambda asked: asked.min_years is not None,
        _years,
        lambda asked: f"từ {asked.min_years} năm công tác",
        ("Ngày tuyển dụng", lambda one, day: one.recruited_on),
    ),
    _Condition(
        PARTY,
        lambda asked: asked.party,
        lambda one, asked, day: one.is_party_member,
        lambda asked: "đảng viên",
        ("Đảng viên", lambda one, day: one.is_party_member),
    ),
    _Condition(
        DEGREE,
        lambda asked: asked.degree is not None,
        _degree,
        lambda asked: f"từ {asked.degree}",
        ("Trình độ chuyên môn", lambda one, day: str(one.degree) if one.degree else None),
    ),
    _Condition(
        TITLES,
        lambda asked: bool(asked.titles),
        lambda one, asked, day: not asked.titles.keys().isdisjoint(one.titles),
        lambda asked: ", ".join(asked.titles.values()),
        ("Chức danh", lambda one, day: ", ".join(one.titles.values()) or "không giữ chức danh trong danh mục"),
    ),
    _Condition(
        PLANNED,
        lambda asked: asked.is_planned,
        lambda one, asked, day: one.is_planned,
        lambda asked: "trong quy hoạch",
        ("Trong quy hoạch", lambda one, day: one.is_planned),
    ),
)


def admit(applicant: Applicant, conditions: Conditions, day: date) -> list[Finding]:
    """A finding for each condition that the programme sets."""
    return list(_findings(applicant, conditions, day))


def _findings(applicant: Applicant, conditions: Conditions, day: date) -> Iterator[Finding]:
    for condition in _CONDITIONS:
        if not condition.is_asked(conditions):
            continue
        label, read = condition.fact
        answer, value = condition.test(applicant, conditions, day), condition.asked(conditions)
        facts = {label: read(applicant, day), "Yêu cầu": value}
        if answer is None:
            cited, sure = conditions.citation, conditions.confidence
            yield unknown(condition.rule, facts, label, citation=cited, confidence=sure)
            continue
        yield Finding(
            rule=condition.rule.key,
            outcome="met" if answer else "not_met",
            value=value,
            facts=facts,
            citation=conditions.citation,
            confidence=conditions.confidence,
        )


def admission(applicant: Applicant, conditions: Conditions, day: date) -> Outcome:
    """Not met when one condition is not, else unknown when one is, else met."""
    answers = [one.test(applicant, conditions, day) for one in _CONDITIONS if one.is_asked(conditions)]
    if False in answers:
        return "not_met"
    return "unknown" if None in answers else "met"


def in_words(conditions: Conditions) -> list[str]:
    """What a programme asks, a phrase each."""
    return [str(one.asked(conditions)) for one in _CONDITIONS if one.is_asked(conditions)]


#: The degree of who has none on record: below every one that is asked.
NO_DEGREE: Final = NO_LEVEL
