"""Steps of pay (nâng bậc lương): the next regular step or over-frame per cent, and early steps.

    next_rise(scale, step, percent, held_from, delay_months, day) -> PayRise
        what is due next and when; met when it is due on the day
    coefficient_unconfirmed(rank, step, given) -> Finding
        a coefficient of a rank that no pay table has: always unknown
    early_step_within(regular_on, early_on, ground, most, citation, day) -> Finding
        whether an early step comes not too early; unknown unless the number is given: none is confirmed
    early_step_not_repeated(ground, last_was_early_for_merit, day) -> Finding
        whether no two early steps for merit follow one another
    early_steps_within_quota(promoted, people, most, citation, day) -> Finding
        whether not too many are promoted early in a year; unknown unless the number is given: none is confirmed

Delays by discipline or rating are not confirmed: whoever knows their months passes them, None when there is a cause of
delay of which they are not known. Source: Nghị định 204/2004/NĐ-CP; Thông tư 08/2013/TT-BNV and 03/2021/TT-BNV.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from hrdb.kernel.dates import add_months
from hrdb.kernel.findings import Citation, Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.judging import declare, judge, known, unknown
from personnel.rules.law import LAW, weakest
from personnel.rules.pay import PayScale, UnknownStep, coefficient, pay_scale

#: What is due next: the step after, the per cent beyond the last step, or nothing more.
RiseKind = Literal["step", "over_frame", "none"]

#: Why a step comes early: for merit (lập thành tích), or before retirement (có thông báo nghỉ hưu).
EarlyGround = Literal["merit", "retirement"]

RISE_LABELS: Final[dict[RiseKind, str]] = {
    "step": "Nâng bậc lương thường xuyên",
    "over_frame": "Phụ cấp thâm niên vượt khung",
    "none": "Không còn bậc, không có vượt khung",
}

EARLY_LABELS: Final[dict[EarlyGround, str]] = {"merit": "Lập thành tích", "retirement": "Có thông báo nghỉ hưu"}

RISE_DUE: Final = declare("pay-rise-due", "Đến hạn nâng bậc lương, vượt khung")
EARLY_WITHIN: Final = declare("early-step-within", "Thời gian nâng bậc lương trước thời hạn trong giới hạn")
EARLY_NOT_REPEATED: Final = declare(
    "early-step-not-repeated", "Không nâng bậc lương trước thời hạn do lập thành tích hai lần liên tiếp"
)
EARLY_QUOTA: Final = declare("early-step-quota", "Số người nâng bậc lương trước thời hạn trong tỷ lệ")

COEFFICIENT: Final = declare("pay-coefficient", "Hệ số theo bảng lương của ngạch", asks_for_data=True)

HELD_LABEL: Final = "Hưởng từ ngày"
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class PayRise:
    """The next rise: its kind, its day (None when not known or nothing is due), the step and per cent then held."""

    kind: RiseKind
    due_on: date | None
    step: int
    percent: int
    finding: Finding


def next_rise(
    *,
    scale: str,
    step: int,
    held_from: date | None,
    day: date,
    percent: int = 0,
    delay_months: int | None = 0,
) -> PayRise:
    """What follows a step, or a per cent beyond the last one, held since `held_from`; raises UnknownStep.

    The first per cent comes after the months of a step, the others year by year. At the end of a scale that earns no
    seniority nothing is due.
    """
    found = pay_scale(scale)
    coefficient(scale, step)
    if percent and step < found.steps:
        raise UnknownStep(f"Thang lương {scale}: chỉ bậc cuối có vượt khung, không phải bậc {step}.")
    kind: RiseKind = "step" if step < found.steps else "over_frame" if found.has_over_frame else "none"
    facts: dict[str, Any] = {"Thang lương": scale, "Bậc": step, "Vượt khung (%)": percent, HELD_LABEL: held_from}
    if delay_months:
        facts["Kéo dài (tháng)"] = delay_months
    missing = _missing(kind, held_from, delay_months, day)
    if missing:
        lacking = unknown(RISE_DUE, facts, *missing, citation=found.citation, confidence=found.confidence)
        return PayRise(kind, None, step, percent, lacking)
    return _rise(kind, found, step, percent, known(held_from), known(delay_months), day, facts)


def _missing(kind: RiseKind, held_from: date | None, delay_months: int | None, day: date) -> list[str]:
    missing = [HELD_LABEL] if held_from is None else []
    if delay_months is None:
        missing.append(ParameterUnknown(LAW["pay/step_delay_months"], day).missing)
    if kind == "over_frame":
        held = LAW["pay/over_frame"].at(day)
        missing += [] if held else [ParameterUnknown(LAW["pay/over_frame"], day).missing]
    return missing


def _rise(
    kind: RiseKind, found: PayScale, step: int, percent: int, held_from: date, delay: int, day: date, facts: Any
) -> PayRise:
    rule = LAW["pay/over_frame"].at(day)
    months, citation, confidence = found.step_months, found.citation, found.confidence
    if kind == "step":
        step += 1
    elif kind == "over_frame" and rule is not None:
        months = MONTHS_A_YEAR if percent else found.step_months
        percent += int(rule.value["each_year_percent" if percent else "first_percent"])
        citation, confidence = rule.citation, weakest(rule.confidence, found.confidence)
    due_on = None if kind == "none" else add_months(held_from, months + delay)
    finding = Finding(
        rule=RISE_DUE.key,
        outcome="met" if due_on is not None and day >= due_on else "not_met",
        value=months,
        facts={**facts, "Hình thức": RISE_LABELS[kind], "Đến hạn": due_on},
        citation=citation,
        met_from=due_on,
        confidence=confidence,
    )
    return PayRise(kind, due_on, step, percent, finding)


def coefficient_unconfirmed(*, rank: str, step: int | None, given: Decimal) -> Finding:
    """A coefficient of a rank that no pay table of the day has: nothing confirms it."""
    facts = {"Ngạch": rank, "Bậc": step, "Hệ số": str(given).replace(".", ",")}
    missing = "bảng lương của ngạch này (hệ số chưa kiểm chứng)"
    return unknown(COEFFICIENT, facts, missing, confidence="unconfirmed")


def early_step_within(
    *,
    regular_on: date | None,
    early_on: date | None,
    ground: EarlyGround,
    day: date,
    most: int | None = None,
    citation: Citation | None = None,
) -> Finding:
    """Whether a step before its regular day comes at most so many months early (nâng bậc lương trước thời hạn).

    No number is confirmed, so the outcome is unknown unless `most` is given with its citation.
    """
    facts = {"Lý do": EARLY_LABELS[ground], "Ngày nâng thường xuyên": regular_on, "Ngày nâng trước hạn": early_on}

    def is_within(months: int) -> bool:
        return known(early_on) >= add_months(known(regular_on), -months)

    if most is None or citation is None or None in facts.values():
        return judge(EARLY_WITHIN, "pay/early_step_months", day, facts, is_within)
    return Finding(
        rule=EARLY_WITHIN.key,
        outcome="met" if is_within(most) else "not_met",
        value=most,
        facts=facts,
        citation=citation,
        met_from=add_months(known(regular_on), -most),
    )


def early_step_not_repeated(*, ground: EarlyGround, last_was_early_for_merit: bool | None, day: date) -> Finding:
    """Whether no two early steps for merit follow one another; before retirement it does not matter."""
    facts: dict[str, Any] = {"Lý do": EARLY_LABELS[ground]}
    if ground == "merit":
        facts["Lần gần nhất cũng nâng trước hạn do thành tích"] = last_was_early_for_merit

    def test(most: int) -> bool:
        return ground != "merit" or int(bool(last_was_early_for_merit)) < most

    return judge(EARLY_NOT_REPEATED, "pay/early_step_in_a_row", day, facts, test)


def early_steps_within_quota(
    *,
    promoted: int | None,
    people: int | None,
    day: date,
    most: int | None = None,
    citation: Citation | None = None,
) -> Finding:
    """Whether those promoted early for merit in a year are not more than so many per cent of the people on the payroll.

    No number is confirmed, so the outcome is unknown unless `most` is given with its citation.
    """
    facts = {"Số người nâng trước hạn": promoted, "Số người trả lương": people}

    def is_within(percent: int) -> bool:
        return Decimal(known(promoted)) * 100 <= Decimal(known(people)) * percent

    if most is None or citation is None or None in facts.values():
        return judge(EARLY_QUOTA, "pay/early_step_quota", day, facts, is_within)
    outcome: Literal["met", "not_met"] = "met" if is_within(most) else "not_met"
    return Finding(rule=EARLY_QUOTA.key, outcome=outcome, value=most, facts=facts, citation=citation)
