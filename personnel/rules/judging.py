"""How the rules of personnel decisions judge (cách xét một quy tắc): a case before one number of law on a day.

    judge(rule, parameter, day, facts, test)       what the test says; unknown when a fact is None or a number not known
    judge_grounds(rule, parameter, day, grounds)   not met when a listed ground holds; unknown when one is None
    unknown(rule, facts, *missing)                 the unknown outcome that names what is missing

A fact that is None is missing by its Vietnamese label; a fact that does not matter is left out. Every rule is declared
once with its label and whether an authorised user may override it with a reason; a test walks them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeVar

from hrdb.kernel.findings import Citation, Confidence, Finding
from hrdb.kernel.parameters import DatedValue, ParameterBook, ParameterUnknown, format_value
from hrdb.kernel.registries import Registry
from personnel.rules.law import LAW, weakest

T = TypeVar("T")


#: When a verdict of not met may be passed over with a reason: on a ground of the law; only for a paper that was signed
#: already, which is entered as it is; never.
Waiver = Literal["special", "entered", "never"]

#: On what ground, in words.
GROUNDS: Final[Mapping[Waiver, str]] = {
    "special": "trường hợp đặc biệt do cấp có thẩm quyền quyết định",
    "entered": "chỉ ghi nhận quyết định đã ký; luật không cho bỏ qua khi lập dự thảo",
    "never": "luật không cho bỏ qua",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its findings name it: key, Vietnamese label, when a reason may pass over a verdict of not met.

    Most thresholds leave room («trường hợp đặc biệt do cấp có thẩm quyền quyết định»); what discipline blocks does not.
    `asks_for_data`: that nothing is known does not count as met; who submits says why it may go on.
    """

    key: str
    label: str
    waiver: Waiver = "special"
    asks_for_data: bool = False

    @property
    def is_overridable(self) -> bool:
        """Whether the law leaves room."""
        return self.waiver == "special"

    @property
    def ground(self) -> str:
        """The ground in words."""
        return GROUNDS[self.waiver]


#: Every rule of personnel decisions by key.
RULES: Final[Registry[Rule]] = Registry("RULES")


def declare(
    key: str,
    label: str,
    *,
    is_overridable: bool = True,
    waiver: Waiver | None = None,
    asks_for_data: bool = False,
) -> Rule:
    """A rule, registered under its key; one that is not overridable may never be passed over."""
    return RULES.register(Rule(key, label, waiver or ("special" if is_overridable else "never"), asks_for_data))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a test answers: is the rule met, from and until (exclusive) which day, and the facts found on the way."""

    is_met: bool
    met_from: date | None = None
    met_until: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def since(start: date, day: date, **others: Any) -> Answer:
    """Met from `start` on."""
    return Answer(day >= start, met_from=start, **others)


def until(end: date, day: date, **others: Any) -> Answer:
    """Met before `end`."""
    return Answer(day < end, met_until=end, **others)


def known(fact: T | None) -> T:
    """A fact of which `judge` has made sure before it calls the test."""
    assert fact is not None
    return fact


def judge(
    rule: Rule,
    parameter: str,
    day: date,
    facts: Mapping[str, Any],
    test: Callable[..., Answer | bool],
    *,
    row: str | None = None,
    also: Sequence[str] = (),
    confidence: Confidence = "two sources",
    book: ParameterBook = LAW,
) -> Finding:
    """Judge `facts` by the value of a parameter on `day`, of a table by its `row`.

    The values of further parameters (`also`) go to the test after the first, which the finding reports. `confidence` is
    that of the facts, where they rest on law themselves (a day of retirement). An upper app judges by its own `book`.
    """
    numbers = [_number(book, parameter, day, row), *(_number(book, key, day, None) for key in also)]
    missing = [label for label, fact in facts.items() if fact is None]
    missing += [number for number in numbers if isinstance(number, str)]
    values = [number for number in numbers if not isinstance(number, str)]
    citation = _citation(book, parameter, day)
    held_as = weakest(confidence, *(held.confidence for held, _ in values))
    if missing:
        known_as = held_as if len(values) == len(numbers) else "unconfirmed"
        return unknown(rule, facts, *missing, citation=citation, confidence=known_as)
    found = test(*(value for _, value in values))
    answer = found if isinstance(found, Answer) else Answer(found)
    return Finding(
        rule=rule.key,
        outcome="met" if answer.is_met else "not_met",
        value=_shown(*values[0]),
        facts={**facts, **answer.facts},
        citation=citation,
        met_from=answer.met_from,
        met_until=answer.met_until,
        confidence=held_as,
    )


def judge_grounds(
    rule: Rule,
    parameter: str,
    day: date,
    grounds: Mapping[str, bool | None],
    *,
    facts: Mapping[str, Any] | None = None,
    book: ParameterBook = LAW,
) -> Finding:
    """Whether none of the grounds that the parameter lists holds; `grounds` by the codes of that list.

    One that holds decides whatever the others are; a listed ground of which nothing is said counts as not known.
    """
    source, held = book[parameter], book[parameter].at(day)
    if held is None or held.value is None:
        return ParameterUnknown(source, day).finding(rule.key, facts)
    told: dict[str, bool | None] = {ground_label(held, code): grounds.get(code) for code in held.value}
    shown = {**(facts or {}), **told}
    missing = [label for label, holds in told.items() if holds is None]
    if missing and not any(told.values()):
        return unknown(rule, shown, *missing, citation=held.citation, confidence=held.confidence)
    return Finding(
        rule=rule.key,
        outcome="not_met" if any(told.values()) else "met",
        value=", ".join(label for label, holds in told.items() if holds) or None,
        facts=shown,
        citation=held.citation,
        confidence=held.confidence,
    )


def ground_label(held: DatedValue, code: str) -> str:
    """The Vietnamese word for a code of a table, with a capital letter."""
    word = held.labels.get(code, code)
    return word[:1].upper() + word[1:]


def unknown(
    rule: Rule,
    facts: Mapping[str, Any],
    *missing: str,
    citation: Citation | None = None,
    confidence: Confidence = "two sources",
) -> Finding:
    """The unknown outcome of a rule that lacks what `missing` names."""
    return Finding(
        rule=rule.key, outcome="unknown", facts=facts, citation=citation, missing=missing, confidence=confidence
    )


def worst(findings: Sequence[Finding]) -> Finding | None:
    """The finding that decides among several: one not met, else one unknown, else the first; None of none."""
    order = ("not_met", "unknown", "met")
    return min(findings, key=lambda found: order.index(found.outcome), default=None)


def _number(book: ParameterBook, parameter: str, day: date, row: str | None) -> tuple[DatedValue, Any] | str:
    """What a parameter says on a day, or what is missing in words."""
    source, held = book[parameter], book[parameter].at(day)
    missing = ParameterUnknown(source, day).missing
    if held is None or held.value is None:
        return missing
    if row is None:
        return held, held.value
    value = held.value.get(row)
    return f"{ground_label(held, row)}: {missing}" if value is None else (held, value)


def _shown(held: DatedValue, value: Any) -> Any:
    """A number as it is, a list or table of codes in words."""
    if isinstance(value, tuple):
        return ", ".join(held.labels.get(code, code) for code in value)
    return format_value(value, "table", held.labels) if isinstance(value, Mapping) else value


def _citation(book: ParameterBook, parameter: str, day: date) -> Citation | None:
    held = book[parameter].at(day)
    return held.citation if held else None
