"""Levels (mức xếp loại) and scores, by the law of the cycle's last day.

    level_of_score(score, regime, day) -> Level | None
        the level that a score gives; None where the law of the day has no score
    level_fits_score(level, score, regime, day) -> Finding
        whether a level is the one of its score
    parts_within(general, results, day) -> Finding
        whether the two parts of a score are within their points
    head_within_unit(level, unit_level, day) -> Finding
        whether the head of a unit is not rated above the unit
    not_forced(level, grounds, day) -> Finding
        whether no ground asks for «không hoàn thành nhiệm vụ», or the level is that

Source: Nghị định 335/2025/NĐ-CP, Điều 20; Quy định 366-QĐ/TW, Điều 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from appraisal.rules.law import LAW, Regime
from hrdb.kernel.findings import Finding
from personnel.rules.judging import declare, judge, judge_grounds, known

Level = Literal["excellent", "good", "completed", "not_completed"]

#: From the highest.
LEVELS: Final[tuple[Level, ...]] = ("excellent", "good", "completed", "not_completed")

LEVEL_LABELS: Final[dict[Level, str]] = {
    "excellent": "Hoàn thành xuất sắc nhiệm vụ",
    "good": "Hoàn thành tốt nhiệm vụ",
    "completed": "Hoàn thành nhiệm vụ",
    "not_completed": "Không hoàn thành nhiệm vụ",
}

#: A ground on which someone is rated «không hoàn thành nhiệm vụ», as the parameter lists them.
Ground = Literal["disciplined", "unit_failed", "basic_targets", "low_votes", "degraded", "corruption"]

FITS_SCORE: Final = declare("rating-fits-score", "Mức xếp loại đúng với điểm", is_overridable=False)
PARTS: Final = declare("rating-parts", "Điểm từng phần trong khung điểm", is_overridable=False)
HEAD: Final = declare("rating-head-within-unit", "Người đứng đầu không xếp loại cao hơn đơn vị")
FORCED: Final = declare(
    "rating-forced", "Không thuộc trường hợp phải xếp loại không hoàn thành nhiệm vụ", is_overridable=False
)

LEVEL_LABEL: Final = "Mức xếp loại"


def level_of_score(*, score: Decimal | None, regime: Regime, day: date) -> Level | None:
    """The level that a score of 100 gives."""
    held = LAW[f"levels/{regime}"].at(day)
    if score is None or held is None or held.value is None:
        return None
    return next(level for level in LEVELS if score >= held.value[level])


def level_fits_score(*, level: Level | None, score: Decimal | None, regime: Regime, day: date) -> Finding:
    """Whether the level is that of the score; a level may be lower for a ground that the law lists, never higher."""
    facts = {"Điểm": score, LEVEL_LABEL: LEVEL_LABELS[level] if level else None}

    def test(thresholds: Mapping[str, int]) -> bool:
        given = next(one for one in LEVELS if known(score) >= thresholds[one])
        return level == given or level == "not_completed"

    return judge(FITS_SCORE, f"levels/{regime}", day, facts, test, book=LAW)


def parts_within(*, general: Decimal | None, results: Decimal | None, day: date) -> Finding:
    """Whether general criteria and results are each within their points."""
    facts = {"Điểm tiêu chí chung": general, "Điểm kết quả thực hiện nhiệm vụ": results}

    def test(most: Mapping[str, int]) -> bool:
        return 0 <= known(general) <= most["general"] and 0 <= known(results) <= most["results"]

    return judge(PARTS, "levels/parts", day, facts, test, book=LAW)


def head_within_unit(*, level: Level | None, unit_level: Level | None, day: date) -> Finding:
    """Whether a head is not rated above the unit that he leads."""
    facts: dict[str, Any] = {
        "Mức xếp loại của đơn vị": LEVEL_LABELS[unit_level] if unit_level else None,
        LEVEL_LABEL: LEVEL_LABELS[level] if level else None,
    }

    def test(_: str) -> bool:
        return LEVELS.index(known(level)) >= LEVELS.index(known(unit_level))

    return judge(HEAD, "grounds/head_bounded", day, facts, test, book=LAW)


def not_forced(*, level: Level | None, grounds: Mapping[Ground, bool | None], day: date) -> Finding:
    """Whether the level is right beside the grounds that force «không hoàn thành nhiệm vụ»; None is not known."""
    if level == "not_completed":
        facts = {LEVEL_LABEL: LEVEL_LABELS[level]}
        return judge(FORCED, "grounds/not_completed", day, facts, lambda _: True, book=LAW)
    return judge_grounds(
        FORCED, "grounds/not_completed", day, {str(code): holds for code, holds in grounds.items()}, book=LAW
    )


def unit_failed(*, percent: Decimal | None, missed: int | None, day: date) -> tuple[bool | None, bool | None]:
    """Whether a unit's percentage, and the basic targets that it missed, fail its head; None is not known."""
    least, most = LAW["grounds/unit_percent"].at(day), LAW["grounds/basic_targets"].at(day)
    return (
        None if percent is None or least is None else percent < least.value,
        None if missed is None or most is None else missed >= most.value,
    )
