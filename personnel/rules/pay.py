"""Pay scales (thang bảng lương): coefficients by step, time in a step, over-frame seniority, base salary.

A scale is named by its group (`A1`, `A2.1`, ...); which rank code belongs to which group is a code list of the record.
Source: Nghị định 204/2004/NĐ-CP; Thông tư 04/2005/TT-BNV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from hrdb.kernel.dates import add_months, whole_months
from hrdb.kernel.findings import Citation, Confidence
from hrdb.kernel.parameters import DatedValue
from personnel.rules.law import LAW


class UnknownStep(LookupError):
    """A scale or a step that the pay tables do not have; its message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class PayScale:
    """One scale: coefficients from step 1 on, months in a step, whether time beyond the last step earns seniority."""

    code: str
    label: str
    coefficients: tuple[Decimal, ...]
    step_months: int
    has_over_frame: bool
    citation: Citation
    confidence: Confidence

    @property
    def steps(self) -> int:
        """The number of steps (số bậc)."""
        return len(self.coefficients)


@lru_cache(maxsize=128)
def pay_scales(day: date | None = None) -> Mapping[str, PayScale]:
    """All scales by group, as of `day` or by the latest tables."""
    found = {}
    for parameter in LAW.under("pay/scales"):
        held = parameter.values[-1] if day is None else parameter.require(day)
        code = parameter.attributes["scale"]
        found[code] = PayScale(
            code=code,
            label=parameter.label,
            coefficients=tuple(held.value["coefficients"]),
            step_months=held.value["step_months"],
            has_over_frame=parameter.attributes["over_frame"],
            citation=held.citation,
            confidence=held.confidence,
        )
    return MappingProxyType(found)


def pay_scale(scale: str, day: date | None = None) -> PayScale:
    """The scale of a group; raises UnknownStep."""
    try:
        return pay_scales(day)[scale]
    except KeyError:
        raise UnknownStep(f"Không có nhóm thang lương «{scale}».") from None


def coefficient(scale: str, step: int, day: date | None = None) -> Decimal:
    """The coefficient of a step (hệ số lương), counted from 1; raises UnknownStep."""
    found = pay_scale(scale, day)
    if not 1 <= step <= found.steps:
        raise UnknownStep(f"Thang lương {scale} có {found.steps} bậc, không có bậc {step}.")
    return found.coefficients[step - 1]


def step_of(scale: str, value: Decimal, day: date | None = None) -> int | None:
    """The step whose coefficient this is, None when the scale has no such coefficient; raises UnknownStep."""
    coefficients = pay_scale(scale, day).coefficients
    return coefficients.index(value) + 1 if value in coefficients else None


def next_step_day(scale: str, step: int, held_from: date, delay_months: int = 0) -> date | None:
    """The day on which the next step is due (nâng bậc lương thường xuyên), None at the last step; raises UnknownStep.

    Delays by discipline or rating are not confirmed in the parameters: whoever knows one passes it.
    """
    found = pay_scale(scale, held_from)
    coefficient(scale, step, held_from)
    return None if step == found.steps else add_months(held_from, found.step_months + delay_months)


def over_frame_percent(scale: str, last_step_from: date, day: date) -> int:
    """The seniority per cent beyond the last step that is due on `day` (phụ cấp thâm niên vượt khung).

    Raises UnknownStep, and ParameterUnknown before the rule.
    """
    found = pay_scale(scale, day)
    months = whole_months(last_step_from, day)
    if not found.has_over_frame or months < found.step_months:
        return 0
    rule = LAW["pay/over_frame"].require(day).value
    return int(rule["first_percent"]) + int(rule["each_year_percent"]) * ((months - found.step_months) // 12)


def base_salary(day: date) -> DatedValue:
    """The base salary in đồng on `day` (mức lương cơ sở); raises ParameterUnknown before the first known."""
    return LAW["pay/base_salary"].require(day)
