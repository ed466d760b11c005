"""Retirement (nghỉ hưu): the month in which the age is reached that the law in force asks for, and the days around it.

Source: Bộ luật Lao động 2019, Điều 169; Nghị định 135/2020/NĐ-CP, Điều 3 to 5 and its annexes, which follow from the
roadmap: the first calendar month in which the months since birth reach the age asked in that month. Who reached the age
before 2021 retired by the older codes, so their ages stand before the roadmap in the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from hrdb.kernel.dates import PartialDate, add_months, counted_day, first_of_month, last_of_month, month_index
from hrdb.kernel.findings import Citation, Confidence, Finding
from hrdb.kernel.parameters import Parameter, ParameterUnknown
from personnel.rules.judging import declare
from personnel.rules.law import LAW, SEX_LABELS, SEXES, Sex, weakest

#: Why someone may work past the age: a highly qualified public employee (viên chức có trình độ cao), or a leader.
LaterGround = Literal["public_employee", "leader"]

#: The Vietnamese label of a retirement day among the facts and values of a finding.
DAY_LABEL: Final = "Ngày nghỉ hưu"
RETIRED_BY: Final = declare("retired-by", "Đến tuổi nghỉ hưu", waiver="entered")
BIRTH_LABEL: Final = "Ngày sinh"


@dataclass(frozen=True, slots=True)
class Retirement:
    """When a person retires: work ends with `last_working_day`, the pension begins on `retired_from`, the day after.

    `age_years` and `age_months` are the age reached; `citation` and `confidence` those of the number that decided.
    """

    last_working_day: date
    retired_from: date
    age_years: int
    age_months: int
    citation: Citation
    confidence: Confidence

    def as_json(self) -> dict[str, str | int]:
        """The days in ISO form, the age and the citation's text."""
        return {
            "last_working_day": self.last_working_day.isoformat(),
            "retired_from": self.retired_from.isoformat(),
            "age_years": self.age_years,
            "age_months": self.age_months,
            "citation": self.citation.text,
        }


@dataclass(frozen=True, slots=True)
class _Threshold:
    """The age in months asked in the months `first` to `last` (both included, None is open)."""

    first: int
    last: int | None
    age: int
    citation: Citation
    confidence: Confidence


def retirement(*, sex: Sex, born: PartialDate | date, lower: bool = False) -> Retirement:
    """When a person of this sex and birth retires; `lower` for those who may go five years earlier (Phụ lục II).

    A birth known by year or month counts from its first day. Raises ParameterUnknown when the age was reached under a
    law that the parameters do not reach back to, ValueError for another sex.
    """
    birth = month_index(counted_day(born))
    steps = _thresholds(sex, lower)
    if birth + steps[0].age < steps[0].first:
        raise ParameterUnknown(_age_parameter(sex), first_of_month(birth + steps[0].age))
    for step in steps:
        reached = max(birth + step.age, step.first)
        if step.last is None or reached <= step.last:
            return _retire(reached, reached - birth, step.citation, step.confidence)
    raise AssertionError("the last threshold is open")  # pragma: no cover


def latest_retirement(*, sex: Sex, born: PartialDate | date, ground: LaterGround) -> Retirement:
    """The latest day on which a person may retire on a ground for working longer (nghỉ hưu ở tuổi cao hơn).

    Whether the ground applies is for the caller to know. The rule in force when the normal age is reached decides;
    raises ParameterUnknown when there was none yet. Source: Nghị định 50/2022/NĐ-CP; Nghị định 83/2022/NĐ-CP.
    """
    normal = retirement(sex=sex, born=born)
    reached = month_index(normal.last_working_day)
    age = normal.age_years * 12 + normal.age_months
    if ground == "public_employee":
        rule = LAW["retirement/later_by_public_employee"].require(normal.last_working_day)
        longer = int(rule.value)
    else:
        rule = LAW[f"retirement/leader_cap_{sex}"].require(normal.last_working_day)
        longer = int(rule.value) - age
    if longer <= 0:
        return normal
    return _retire(reached + longer, age + longer, rule.citation, weakest(normal.confidence, rule.confidence))


def retired_by(*, sex: Sex, born: PartialDate | date, day: date, lower: bool = False) -> Finding:
    """Whether a person has reached retirement on `day` (đến tuổi nghỉ hưu), and from which day."""
    facts: dict[str, Any] = {BIRTH_LABEL: born, "Giới tính": SEX_LABELS[sex]}
    try:
        found = retirement(sex=sex, born=born, lower=lower)
    except ParameterUnknown as error:
        return error.finding(RETIRED_BY.key, facts)
    return Finding(
        rule=RETIRED_BY.key,
        outcome="met" if day >= found.retired_from else "not_met",
        value=found.age_years * 12 + found.age_months,
        facts={**facts, DAY_LABEL: found.retired_from},
        citation=found.citation,
        met_from=found.retired_from,
        confidence=found.confidence,
    )


def latest_birth_retired(*, sex: Sex, day: date, lower: bool = False) -> date:
    """The latest birth date of those whose retirement has begun by `day`; for conditions in SQL.

    Raises ParameterUnknown before the first law known.
    """
    steps = _thresholds(sex, lower)
    month = month_index(day) - 1  # the age must have been reached in the month before
    if month < steps[0].first:
        raise ParameterUnknown(_age_parameter(sex), first_of_month(month))
    births = [
        (month if step.last is None else min(month, step.last)) - step.age for step in steps if step.first <= month
    ]
    return last_of_month(max(births))


def notice_day(found: Retirement) -> date:
    """The last day for the written notice of retirement (thông báo nghỉ hưu); raises ParameterUnknown."""
    return add_months(found.retired_from, -int(LAW["retirement/notice_months"].require(found.last_working_day).value))


def decision_day(found: Retirement) -> date:
    """The last day for the decision on retirement (quyết định nghỉ hưu); raises ParameterUnknown."""
    return add_months(found.retired_from, -int(LAW["retirement/decision_months"].require(found.last_working_day).value))


def _age_parameter(sex: Sex) -> Parameter:
    if sex not in SEXES:
        raise ValueError(f"sex: {sex!r}")
    return LAW[f"retirement/age_{sex}"]


@cache
def _thresholds(sex: Sex, lower: bool) -> tuple[_Threshold, ...]:
    """The ages asked, period after period; a change counts from the month it falls in."""
    return tuple(_read_thresholds(sex, lower))


def _read_thresholds(sex: Sex, lower: bool) -> Iterator[_Threshold]:
    normal, less = _age_parameter(sex), LAW["retirement/lower_by"]
    sources = (normal, less) if lower else (normal,)
    start = max(source.values[0].effective_from for source in sources)
    days = sorted({value.effective_from for source in sources for value in source.values} | {start})
    days = [day for day in days if day >= start]
    for day, after in zip(days, [*days[1:], None], strict=True):
        asked = normal.require(day)
        last = None if after is None else month_index(after) - 1
        if not lower:
            yield _Threshold(month_index(day), last, int(asked.value), asked.citation, asked.confidence)
            continue
        earlier = less.require(day)
        confidence = weakest(asked.confidence, earlier.confidence)
        age = int(asked.value) - int(earlier.value)
        yield _Threshold(month_index(day), last, age, earlier.citation, confidence)


def _retire(month: int, age: int, citation: Citation, confidence: Confidence) -> Retirement:
    return Retirement(
        last_working_day=last_of_month(month),
        retired_from=first_of_month(month + 1),
        age_years=age // 12,
        age_months=age % 12,
        citation=citation,
        confidence=confidence,
    )
