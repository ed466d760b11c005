"""Targets of structure (chỉ tiêu cơ cấu): what share of young, women, ethnic minority ... the documents ask for.

These are the national numbers; a province's own targets are rows in the database with a decision behind them and are
measured by the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

from hrdb.kernel.findings import Citation, Confidence, Finding
from hrdb.kernel.parameters import NOT_CONFIRMED, DatedValue, Parameter
from personnel.rules.law import LAW

Metric = Literal[
    "young_share",
    "female_share",
    "female_count",
    "ethnic_share",
    "science_share",
    "international_share",
    "qualified_share",
    "agencies_led_by_women_share",
    "non_local_heads",
]

#: How a share is compared: `between` and `about` ask for their lower number; `in_proportion` has no number of its own.
Comparison = Literal["at_least", "more_than", "between", "about", "in_proportion"]

COMPARISON_LABELS: dict[Comparison, str] = {
    "at_least": "từ",
    "more_than": "trên",
    "between": "khoảng",
    "about": "khoảng",
    "in_proportion": "",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One target as it stands on a day: `low` is what must be reached, None when there is no confirmed number."""

    key: str
    label: str
    scope: str
    metric: Metric
    comparison: Comparison
    measure: str
    low: int | Decimal | None
    high: int | Decimal | None
    wording: str
    by_year: int | None
    youth: str | None
    citation: Citation
    confidence: Confidence
    note: str

    @property
    def is_share(self) -> bool:
        """Whether it is measured in per cent of a total."""
        return self.measure == "percent"

    @property
    def is_strict(self) -> bool:
        """Whether the number itself is not enough («trên 35 %»)."""
        return self.comparison == "more_than"


def targets(day: date) -> tuple[Target, ...]:
    """The national targets that stand on `day`, unconfirmed ones included (they carry no number or say so)."""
    return tuple(
        _target(parameter, held) for parameter in LAW.under("targets") if (held := parameter.at(day)) is not None
    )


def target(key: str, day: date) -> Target | None:
    """The target of a key as it stands on `day`, None before its document; raises KeyError for an unknown key."""
    parameter = LAW[f"targets/{key}"]
    held = parameter.at(day)
    return None if held is None else _target(parameter, held)


def people_short(
    percent: int | Decimal, count: int, total: int, *, is_strict: bool = False, grows: bool = False
) -> int | None:
    """How many more people are needed so that `count` of `total` makes the share; 0 when it is reached.

    The total stays as it is (each replaces someone), or grows by each one when `grows` (each is added). None when the
    share cannot be reached: more than everyone, or a grown share of 100 per cent while others remain. An empty total
    lacks nobody.
    """
    if count < 0 or total < count:
        raise ValueError(f"{count} of {total}")
    share = Fraction(percent) / 100
    if total == 0:
        return 0
    if grows:
        if share >= 1:
            return 0 if count == total and not is_strict else None
        lacking = (share * total - count) / (1 - share)
    else:
        lacking = share * total - count
    needed = max(lacking.__floor__() + 1, 0) if is_strict else max(lacking.__ceil__(), 0)
    return needed if grows or count + needed <= total else None


def measure_target(goal: Target, *, count: int, total: int) -> Finding:
    """Whether `count` of `total` meets a target; the facts give the share, what is asked and how many are short."""
    facts: dict[str, Any] = {"Số lượng": count, "Tổng số": total}
    if goal.low is None:
        return _unknown(goal, facts, f"{goal.label}: con số của chỉ tiêu")
    if goal.is_share and total == 0:
        return _unknown(goal, facts, "Tổng số người để tính tỷ lệ")
    if goal.is_share:
        facts["Tỷ lệ (%)"] = Decimal(count * 100) / Decimal(total)
        short = people_short(goal.low, count, total, is_strict=goal.is_strict)
    else:
        short = max(int(goal.low) + goal.is_strict - count, 0)
    return Finding(
        rule=f"target-{goal.key}",
        outcome="met" if short == 0 else "not_met",
        value=goal.low,
        facts={**facts, "Yêu cầu": goal.wording, "Còn thiếu (người)": short},
        citation=goal.citation,
        confidence=goal.confidence,
    )


def _unknown(goal: Target, facts: dict[str, Any], missing: str) -> Finding:
    return Finding(
        rule=f"target-{goal.key}",
        outcome="unknown",
        facts=facts,
        citation=goal.citation,
        missing=(missing,),
        confidence=goal.confidence,
    )


def _target(parameter: Parameter, held: DatedValue) -> Target:
    about = parameter.attributes
    comparison: Comparison = about["comparison"]
    if comparison not in COMPARISON_LABELS or about["metric"] not in get_args(Metric):
        raise ValueError(f"{parameter.key}: {comparison}, {about['metric']}")
    low, high = _bounds(held.value)
    return Target(
        key=parameter.key.rpartition("/")[2],
        label=parameter.label,
        scope=about["scope"],
        metric=about["metric"],
        comparison=comparison,
        measure=parameter.measure,
        low=low,
        high=high,
        wording=NOT_CONFIRMED if held.value is None else f"{COMPARISON_LABELS[comparison]} {held.text}".strip(),
        by_year=about.get("by_year"),
        youth=about.get("youth"),
        citation=held.citation,
        confidence=held.confidence,
        note=parameter.note,
    )


def _bounds(value: Any) -> tuple[int | Decimal | None, int | Decimal | None]:
    """The lowest and highest number of a value; a text has none."""
    if value is None or isinstance(value, str):
        return None, None
    if isinstance(value, int | Decimal):
        return value, None
    return value["low"], value["high"]
