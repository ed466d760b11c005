"""Time left before retirement (thời gian công tác còn lại), as appointment and rotation ask for it.

judge_time_left(rule, parameter, sex, born, retires_from, day, facts, row, also, months) -> Finding
    whether so many months are left on the day; `met_until` is the first day on which they are not
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hrdb.kernel.dates import PartialDate, add_months, whole_months
from hrdb.kernel.findings import Confidence, Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.judging import Answer, Rule, judge, known, until
from personnel.rules.law import SEX_LABELS, Sex
from personnel.rules.retirement import BIRTH_LABEL, retirement
from personnel.rules.terms import MONTHS_LEFT_LABEL, RETIREMENT_LABEL


def judge_time_left(
    rule: Rule,
    parameter: str,
    *,
    sex: Sex | None,
    born: PartialDate | date | None,
    retires_from: date | None,
    day: date,
    facts: Mapping[str, Any],
    row: str | None = None,
    also: Sequence[str] = (),
    months: Callable[..., int] = int,
) -> Finding:
    """Judge the months from `day` to retirement by a parameter; `months` tells them from several values.

    `retires_from` replaces the day computed from sex and birth where another ground for retirement applies.
    """
    shown = dict(facts)
    confidence: Confidence = "two sources"
    if retires_from is None:
        shown |= {BIRTH_LABEL: born, "Giới tính": SEX_LABELS[sex] if sex else None}
        if sex and born:
            try:
                computed = retirement(sex=sex, born=born)
            except ParameterUnknown as error:
                return error.finding(rule.key, shown)
            retires_from, confidence = computed.retired_from, computed.confidence
    if retires_from is not None:
        shown[RETIREMENT_LABEL] = retires_from

    def test(*values: Any) -> Answer:
        retires = known(retires_from)
        end = add_months(retires, -months(*values)) + timedelta(days=1)
        return until(end, day, facts={MONTHS_LEFT_LABEL: max(whole_months(day, retires), 0)})

    return judge(rule, parameter, day, shown, test, row=row, also=also, confidence=confidence)
