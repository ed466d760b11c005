"""Transfer, rotation and secondment (điều động, luân chuyển, biệt phái), by the law of the decision's day.

    may_be_moved(is_under_discipline, is_under_investigation, is_ill, is_studying, is_seconded, is_on_maternity,
        has_child, youngest_child_born, is_in_hardship, has_written_wish, day) -> Finding
        whether nothing makes a transfer, rotation or secondment wait
    rotation_time_left(sex, born, retires_from, is_enough_for_term, day) -> Finding
        whether enough months are left before retirement to be rotated
    rotation_length(began_on, ends_on, day) -> Finding
        whether a rotation lasts long enough; `met_from` is the first day on which it may end
    secondment_length(began_on, ends_on, is_extension, day) -> Finding
        whether a secondment is short enough; longer only by a decision that extends it
    consecutive_terms(terms_held, is_limited, day) -> Finding
        whether one more consecutive term of a head is allowed
    allowance_kept(moved_on, old, new, rotation_ends_on, day) -> KeptAllowance
        until when the higher allowance of the old title is paid

Ends are first days after a period. Transfer itself has no length: it is for good. Source: Nghị định 170/2025/NĐ-CP,
Điều 25 to 27 and 43 to 51; Quy định 65-QĐ/TW.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hrdb.kernel.dates import PartialDate, add_months
from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.children import child_under, grown_on
from personnel.rules.judging import Answer, declare, judge, judge_grounds, known, since, until
from personnel.rules.law import LAW, Sex
from personnel.rules.time_left import judge_time_left

MAY_BE_MOVED: Final = declare("may-be-moved", "Không thuộc trường hợp chưa điều động, luân chuyển, biệt phái")
ROTATION_TIME_LEFT: Final = declare("rotation-time-left", "Còn đủ thời gian công tác để luân chuyển", waiver="entered")
ROTATION_LENGTH: Final = declare("rotation-length", "Đủ thời gian luân chuyển tối thiểu")
SECONDMENT_LENGTH: Final = declare("secondment-length", "Không quá thời gian biệt phái tối đa")
CONSECUTIVE_TERMS: Final = declare("consecutive-terms", "Không quá số nhiệm kỳ liên tiếp của cấp trưởng")
ALLOWANCE_KEPT: Final = declare("allowance-kept", "Được bảo lưu phụ cấp chức vụ cũ")

BEGAN_LABEL: Final = "Từ ngày"
ENDS_LABEL: Final = "Đến trước ngày"


@dataclass(frozen=True, slots=True)
class KeptAllowance:
    """Until which day (exclusive) the old allowance is paid, None when it is not or is not known."""

    until: date | None
    finding: Finding


def may_be_moved(
    *,
    is_under_discipline: bool | None,
    is_under_investigation: bool | None,
    is_ill: bool | None,
    is_studying: bool | None,
    is_seconded: bool | None,
    is_on_maternity: bool | None,
    has_child: bool | None,
    youngest_child_born: PartialDate | date | None,
    is_in_hardship: bool | None,
    day: date,
    has_written_wish: bool = False,
) -> Finding:
    """Whether nothing makes a transfer, rotation or secondment wait.

    Pregnancy, maternity and a small child count no longer when the person wishes the move in writing. No other decision
    waits for a small child.
    """
    facts: dict[str, Any] = {"Có nguyện vọng bằng văn bản": has_written_wish}
    if youngest_child_born is not None:
        facts["Ngày sinh của con nhỏ nhất"] = youngest_child_born
    try:
        months = int(LAW["mobility/child_months"].require(day).value)
    except ParameterUnknown as error:
        return error.finding(MAY_BE_MOVED.key, facts)
    child = child_under(has_child=has_child, youngest_born=youngest_child_born, months=months, day=day)
    if child and youngest_child_born is not None:
        facts["Con đủ tuổi từ ngày"] = grown_on(youngest_born=youngest_child_born, months=months)
    grounds = {
        "discipline": is_under_discipline,
        "investigation": is_under_investigation,
        "illness": is_ill,
        "study": is_studying,
        "seconded": is_seconded,
        "maternity": False if has_written_wish else is_on_maternity,
        "child": False if has_written_wish else child,
        "hardship": is_in_hardship,
    }
    return judge_grounds(MAY_BE_MOVED, "mobility/blocking_grounds", day, grounds, facts=facts)


def rotation_time_left(
    *,
    sex: Sex | None,
    born: PartialDate | date | None,
    day: date,
    retires_from: date | None = None,
    is_enough_for_term: bool = False,
) -> Finding:
    """Whether enough months are left before retirement to be rotated (thời gian công tác còn lại).

    `is_enough_for_term` for titles that must be held by someone not local or for two terms at most: then enough for the
    term of the appointment. `retires_from` replaces the day computed from sex and birth.
    """
    return judge_time_left(
        ROTATION_TIME_LEFT,
        "mobility/rotation_months_left",
        sex=sex,
        born=born,
        retires_from=retires_from,
        day=day,
        facts={"Chỉ cần đủ thời hạn bổ nhiệm": is_enough_for_term},
        also=("term/full_months",),
        months=lambda usual, term: term if is_enough_for_term else usual,
    )


def rotation_length(*, began_on: date | None, ends_on: date | None, day: date) -> Finding:
    """Whether a rotation from `began_on` until `ends_on` lasts long enough (thời gian luân chuyển)."""

    def test(months: int) -> Answer:
        return since(add_months(known(began_on), months), known(ends_on))

    facts = {BEGAN_LABEL: began_on, ENDS_LABEL: ends_on}
    return judge(ROTATION_LENGTH, "mobility/rotation_months", day, facts, test)


def secondment_length(*, began_on: date | None, ends_on: date | None, day: date, is_extension: bool = False) -> Finding:
    """Whether a secondment from `began_on` until `ends_on` is not too long (thời gian biệt phái).

    A decision that extends a secondment may go further: it is met, with that among its facts.
    """
    facts: dict[str, Any] = {BEGAN_LABEL: began_on, ENDS_LABEL: ends_on}
    if is_extension:
        facts["Quyết định gia hạn"] = "có"

    def test(months: int) -> Answer:
        most = add_months(known(began_on), months)
        return Answer(is_extension or known(ends_on) <= most, facts={"Hạn tối đa": most})

    return judge(SECONDMENT_LENGTH, "mobility/secondment_months", day, facts, test)


def consecutive_terms(*, terms_held: int | None, is_limited: bool | None, day: date) -> Finding:
    """Whether one more term may follow `terms_held` consecutive ones in the same place.

    `is_limited` says whether the title is one of the heads to whom the limit applies.
    """
    if is_limited is False:
        facts: dict[str, Any] = {"Thuộc chức danh không giữ quá số nhiệm kỳ": False}
        return judge(CONSECUTIVE_TERMS, "mobility/head_terms", day, facts, lambda _: True)
    facts = {"Thuộc chức danh không giữ quá số nhiệm kỳ": is_limited, "Số nhiệm kỳ liên tiếp đã giữ": terms_held}
    return judge(CONSECUTIVE_TERMS, "mobility/head_terms", day, facts, lambda most: known(terms_held) < most)


def allowance_kept(
    *,
    moved_on: date | None,
    old: Decimal | None,
    new: Decimal | None,
    day: date,
    rotation_ends_on: date | None = None,
) -> KeptAllowance:
    """Until when a higher allowance of the old title is kept (bảo lưu phụ cấp chức vụ).

    Six months after a transfer; through a rotation (`rotation_ends_on`) as long as it lasts. Not met when the new
    allowance is not lower.
    """
    facts = {"Ngày điều động, luân chuyển": moved_on, "Phụ cấp chức vụ cũ": old, "Phụ cấp chức vụ mới": new}
    ends: list[date] = []

    def test(months: int | str) -> Answer:
        if known(old) <= known(new):
            return Answer(False)
        ends.append(add_months(known(moved_on), months) if isinstance(months, int) else known(rotation_ends_on))
        return until(ends[0], day)

    parameter = "mobility/allowance_months" if rotation_ends_on is None else "mobility/allowance_on_rotation"
    finding = judge(ALLOWANCE_KEPT, parameter, day, facts, test)
    return KeptAllowance(ends[0] if ends else None, finding)
