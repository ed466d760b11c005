"""How many may be rated «xuất sắc»: so many per cent of those rated «tốt» in the same comparable group.

    allowed_excellent(good, regime, day, is_outstanding) -> int | None
        the most that the group may have; None where the law of the day gives no number
    excellent_within_cap(excellent, good, regime, day, is_outstanding) -> Finding
        whether the group keeps it, with how many too many

How the number rounds in small groups is a parameter. Source: Nghị định 335/2025/NĐ-CP; Quy định 366-QĐ/TW, Điều 11.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from appraisal.rules.law import LAW, Regime
from hrdb.kernel.findings import Finding
from personnel.rules.judging import Answer, declare, judge

CAP: Final = declare("rating-excellent-cap", "Số xuất sắc trong tỷ lệ cho phép của nhóm tương đồng")

MOST: Final = "Số xuất sắc tối đa"
TOO_MANY: Final = "Số vượt"

_ROUNDING: Final = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
_ROUNDING_LABELS: Final = {"down": "làm tròn xuống", "nearest": "làm tròn gần nhất", "up": "làm tròn lên"}


def allowed_excellent(*, good: int, regime: Regime, day: date, is_outstanding: bool = False) -> int | None:
    """The most people of a group who may be rated «xuất sắc» beside `good` rated «tốt»."""
    cap, rounding = LAW[f"caps/{regime}"].at(day), LAW["caps/rounding"].at(day)
    if cap is None or cap.value is None or rounding is None:
        return None
    return _most(good, cap.value["outstanding" if is_outstanding else "ordinary"], rounding.value)


def excellent_within_cap(
    *, excellent: int, good: int, regime: Regime, day: date, is_outstanding: bool = False
) -> Finding:
    """Whether a comparable group has no more «xuất sắc» than allowed."""
    facts: dict[str, Any] = {"Số xuất sắc": excellent, "Số hoàn thành tốt": good}

    def test(percent: int, rounding: str) -> Answer:
        most = _most(good, percent, rounding)
        shown = {
            "Tỷ lệ tối đa (%)": percent,
            "Cách làm tròn": _ROUNDING_LABELS[rounding],
            MOST: most,
            TOO_MANY: max(excellent - most, 0),
        }
        return Answer(excellent <= most, facts=shown)

    return judge(
        CAP,
        f"caps/{regime}",
        day,
        facts,
        test,
        row="outstanding" if is_outstanding else "ordinary",
        also=("caps/rounding",),
        book=LAW,
    )


def _most(good: int, percent: int, rounding: str) -> int:
    return int((Decimal(good) * percent / 100).to_integral_value(_ROUNDING[rounding]))
