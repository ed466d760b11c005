"""Levels (mức xếp loại) and scores, by the law of the cycle's last day.

    level_of_score(score, regime, day) -> Level | None
        the level that a score gives; None where the law of the day has no score
    level_fits_score(level, score, regime, day) -> Finding
        whether a level is the one of its score
    parts_within(general, results, day) -> Finding
        whether the two parts of a score are within their points
    head_within_unit(level, unit_level, day) -> Finding
        whether the head of a unit is not rated above the unit
    unit_rated_first(level, regime, day) -> Finding
        whether a unit has its own level before its people's are sent
    unit_level_fits_score(level, score, regime, day), unit_level_fits_results(level, percent, missed, day) -> Finding
        whether the level of a unit is that of its score and of what it has done
    party_rated(is_member, level, day) -> Finding
        whether members of the Party, and nobody else, have a Party level
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
from personnel.rules.judging import Rule, declare, judge, judge_grounds, known

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
UNIT_FIRST: Final = declare("rating-unit-first", "Đơn vị được xếp loại trước người của mình", is_overridable=False)
UNIT_SCORE: Final = declare("rating-unit-fits-score", "Mức xếp loại của đơn vị đúng với điểm", is_overridable=False)
UNIT_RESULTS: Final = declare(
    "rating-unit-fits-results", "Mức xếp loại của đơn vị đúng với kết quả thực hiện nhiệm vụ", is_overridable=False
)
SUM: Final = declare("rating-sum", "Điểm bằng tổng điểm hai phần", is_overridable=False)
PARTY: Final = declare("rating-party", "Đảng viên, và chỉ đảng viên, có mức xếp loại đảng viên", is_overridable=False)
FORCED: Final = declare(
    "rating-forced", "Không thuộc trường hợp phải xếp loại không hoàn thành nhiệm vụ", is_overridable=False
)

LEVEL_LABEL: Final = "Mức xếp loại"
IS_MEMBER: Final = "Là đảng viên"


def level_of_score(*, score: Decimal | None, regime: Regime, day: date) -> Level | None:
    """The level that a score of 100 gives."""
    held = LAW[f"levels/{regime}"].at(day)
    if score is None or held is None or held.value is None:
        return None
    return next(level for level in LEVELS if score >= held.value[level])


def level_fits_score(*, level: Level | None, score: Decimal | None, regime: Regime, day: date) -> Finding:
    """Whether the level is that of the score; a level may be lower for a ground that the law lists, never higher."""
    return _fits_score(FITS_SCORE, level, score, regime, day)


def _fits_score(rule: Rule, level: Level | None, score: Decimal | None, regime: Regime, day: date) -> Finding:
    facts = {"Điểm": score, LEVEL_LABEL: LEVEL_LABELS[level] if level else None}

    def test(thresholds: Mapping[str, int]) -> bool:
        given = next(one for one in LEVELS if known(score) >= thresholds[one])
        return level == given or level == "not_completed"

    return judge(rule, f"levels/{regime}", day, facts, test, book=LAW)


def frames_of_parts(day: date) -> Mapping[str, int] | None:
    """The most points of each part of a score; None where the law of the day gives none."""
    held = LAW["levels/parts"].at(day)
    return None if held is None else held.value


def parts_within(*, general: Decimal | None, results: Decimal | None, day: date) -> Finding:
    """Whether general criteria and results are each within their points; one beyond them decides without the other."""
    facts = {"Điểm tiêu chí chung": general, "Điểm kết quả thực hiện nhiệm vụ": results}
    said = {name: score for name, score in (("general", general), ("results", results)) if score is not None}

    def test(most: Mapping[str, int]) -> bool:
        return all(0 <= score <= most[name] for name, score in said.items())

    found = judge(PARTS, "levels/parts", day, _told(facts), test, book=LAW)
    return judge(PARTS, "levels/parts", day, facts, test, book=LAW) if found.outcome == "met" else found


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact is not None}


def sum_of_parts(
    *, score: Decimal | None, general: Decimal | None, results: Decimal | None, day: date
) -> Finding | None:
    """Whether a score is the sum of its parts; None where the parts or the score are not all there."""
    if score is None or general is None or results is None:
        return None
    facts = {"Điểm": score, "Điểm tiêu chí chung": general, "Điểm kết quả thực hiện nhiệm vụ": results}
    held = LAW["levels/parts"].at(day)
    return Finding(
        rule=SUM.key,
        outcome="met" if score == general + results else "not_met",
        value=general + results,
        facts=facts,
        citation=held.citation if held else None,
    )


def unit_rated_first(*, level: Level | None, regime: Regime, day: date) -> Finding:
    """Whether a unit has its own level, where the rules of its day rate units before their people."""
    facts = {"Mức xếp loại của đơn vị": LEVEL_LABELS[level] if level else "chưa có"}
    return judge(UNIT_FIRST, f"units/{regime}", day, facts, lambda _: level is not None, book=LAW)


def unit_level_fits_score(*, level: Level | None, score: Decimal | None, regime: Regime, day: date) -> Finding:
    """Whether the level of a unit is that of its score."""
    return _fits_score(UNIT_SCORE, level, score, regime, day)


def unit_level_fits_results(*, level: Level | None, percent: Decimal | None, missed: int | None, day: date) -> Finding:
    """Whether a unit that fell short of what fails its head is not rated higher than «không hoàn thành nhiệm vụ»."""
    facts = {
        "Tỷ lệ hoàn thành chỉ tiêu, nhiệm vụ (%)": percent,
        LEVEL_LABEL: LEVEL_LABELS[level] if level else None,
    }

    def test(_: int, __: int) -> bool:
        return level == "not_completed" or not any(unit_failed(percent=percent, missed=missed, day=day))

    return judge(UNIT_RESULTS, "grounds/unit_percent", day, facts, test, also=("grounds/basic_targets",), book=LAW)


def party_rated(*, is_member: bool, level: Level | None, day: date) -> Finding:
    """Whether a member of the Party has a Party level, and who is none has not."""
    facts = {
        IS_MEMBER: "có" if is_member else "không",
        "Mức xếp loại đảng viên": LEVEL_LABELS[level] if level else "chưa có",
    }
    return judge(PARTY, "levels/party", day, facts, lambda _: is_member == (level is not None), book=LAW)


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
