"""Leaving an office and leaving service (từ chức, miễn nhiệm, cho thôi giữ chức vụ, nghỉ hưu), by the law of the day.

    retirement_noticed(retires_from, noticed_on, day), retirement_decided(retires_from, decided_on, day) -> Finding
        whether the written notice and the decision came early enough
    deferral_allowed(months, grounds, day) -> Finding
        whether retirement may be put off so long; of several grounds the longest counts
    pension_goes_ahead(day) -> Finding
        a discipline procedure or investigation does not stop retirement
    votes_of_low_confidence(low, counted, day) -> VoteConsequence
        none, resignation or removal
    no_removal_ground(is_disciplined, has_low_votes, is_rated_not_done, is_degraded, fails_political_standard,
        has_corruption_in_unit, day) -> Finding
        whether no ground for removal (miễn nhiệm) holds
    resignation_ground(is_voluntary, is_limited, has_wrongdoing, has_low_votes, day) -> Finding
        met when a ground for resignation (từ chức) holds
    head_may_stay(percent_done, basic_targets_missed, in_office_since, day) -> Finding
        whether the unit's results leave its head in office
    handled_in_time(stage, began_on, done_on, is_extended, day, holidays) -> Finding
        whether a proposal or decision on resignation or removal came within its working days
    title_after_leaving(reason, change, has_committee_seat, day) -> Finding
        whether a title may be given to who left one

`retires_from` is the first day of the pension (`Retirement.retired_from`). Source: Nghị định 170/2025/NĐ-CP, Điều 36 to
40, 52, 53 and 61 to 63; Nghị định 172/2025/NĐ-CP, Điều 24; Quy định 377-QĐ/TW; Hướng dẫn 45-HD/BTCTW.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from hrdb.kernel.dates import add_months
from hrdb.kernel.findings import Finding
from personnel.rules.appointment import CHANGE_LABELS, TitleChange
from personnel.rules.judging import Answer, Rule, declare, ground_label, judge, judge_grounds, known, until
from personnel.rules.law import LAW
from personnel.rules.terms import RETIREMENT_LABEL
from personnel.rules.working_days import working_days_after

#: Why the day of retirement is put off, as the rows of the parameter say it.
DeferralGround = Literal["holiday_or_loss", "serious_illness", "long_treatment"]

#: What the votes of low confidence lead to.
Consequence = Literal["none", "resignation", "removal"]

#: Why a title was left: by resignation or being relieved, or because it was not given again.
LeavingReason = Literal["left", "not_reappointed"]

Stage = Literal["proposal", "decision"]

DEFERRAL_ROWS: Final[dict[DeferralGround, str]] = {
    "holiday_or_loss": "Tết; vợ, chồng, cha, mẹ, con chết hoặc mất tích; thiên tai, hỏa hoạn",
    "serious_illness": "Bệnh nặng hoặc tai nạn có giấy xác nhận của bệnh viện",
    "long_treatment": "Bệnh cần chữa trị dài ngày thuộc danh mục",
}

CONSEQUENCE_LABELS: Final[dict[Consequence, str]] = {
    "none": "Không phải xem xét",
    "resignation": "Xem xét từ chức",
    "removal": "Xem xét miễn nhiệm",
}

RETIREMENT_NOTICE: Final = declare("retirement-notice", "Thông báo nghỉ hưu đúng hạn")
RETIREMENT_DECISION: Final = declare("retirement-decision", "Quyết định nghỉ hưu đúng hạn")
DEFERRAL: Final = declare("retirement-deferral", "Thời gian lùi nghỉ hưu trong giới hạn", waiver="entered")
PENSION: Final = declare("pension-goes-ahead", "Vẫn làm thủ tục nghỉ hưu khi đang bị xem xét kỷ luật, điều tra")
LOW_VOTES: Final = declare("low-votes", "Phiếu tín nhiệm thấp chưa đến mức phải xem xét")
NO_REMOVAL: Final = declare("no-removal-ground", "Không thuộc trường hợp xem xét miễn nhiệm")
RESIGNATION: Final = declare("resignation-ground", "Thuộc trường hợp xem xét từ chức")
HEAD_MAY_STAY: Final = declare("head-may-stay", "Kết quả của đơn vị không đến mức cho thôi giữ chức vụ người đứng đầu")
IN_TIME: Final = declare("leaving-in-time", "Xem xét từ chức, miễn nhiệm đúng thời hạn")
TITLE_AFTER: Final = declare("title-after-leaving", "Chức vụ được bố trí sau khi thôi giữ chức vụ")


@dataclass(frozen=True, slots=True)
class VoteConsequence:
    """What a vote of confidence leads to, None when it is not known."""

    consequence: Consequence | None
    finding: Finding


def retirement_noticed(*, retires_from: date | None, noticed_on: date | None, day: date) -> Finding:
    """Whether the written notice of retirement came early enough (thông báo nghỉ hưu)."""
    return _months_before(
        RETIREMENT_NOTICE, "retirement/notice_months", retires_from, {"Ngày thông báo": noticed_on}, day
    )


def retirement_decided(*, retires_from: date | None, decided_on: date | None, day: date) -> Finding:
    """Whether the decision on retirement was issued early enough (quyết định nghỉ hưu)."""
    return _months_before(
        RETIREMENT_DECISION, "retirement/decision_months", retires_from, {"Ngày quyết định": decided_on}, day
    )


def _months_before(
    rule: Rule, parameter: str, retires_from: date | None, done: Mapping[str, date | None], day: date
) -> Finding:
    def test(months: int) -> Answer:
        last = add_months(known(retires_from), -months)
        (done_on,) = done.values()
        return until(last + timedelta(days=1), known(done_on), facts={"Hạn cuối": last})

    return judge(rule, parameter, day, {RETIREMENT_LABEL: retires_from, **done}, test)


def deferral_allowed(*, months: int | None, grounds: Sequence[DeferralGround], day: date) -> Finding:
    """Whether retirement may be put off by so many months on these grounds (lùi thời điểm nghỉ hưu)."""
    facts = {"Số tháng đề nghị lùi": months, "Lý do": "; ".join(DEFERRAL_ROWS[ground] for ground in grounds) or None}

    def test(table: Mapping[str, int]) -> Answer:
        longest = max(table[DEFERRAL_ROWS[ground]] for ground in grounds)
        return Answer(known(months) <= longest, facts={"Số tháng được lùi tối đa": longest})

    return judge(DEFERRAL, "retirement/deferral_months", day, facts, test)


def pension_goes_ahead(*, day: date) -> Finding:
    """A discipline procedure or investigation at retirement age does not stop the pension procedure."""
    return judge(PENSION, "leaving/pension_under_procedure", day, {}, lambda _: True)


def votes_of_low_confidence(*, low: int | None, counted: int | None, day: date) -> VoteConsequence:
    """What the votes of low confidence lead to: above one half resignation, above two thirds removal.

    `counted` is the number against which the share is taken; met when nothing follows.
    """
    found: list[Consequence] = []

    def test(resignation: str, removal: str) -> Answer:
        share = Fraction(known(low), known(counted))
        above_half, above_most = share > Fraction(resignation), share > Fraction(removal)
        found.append("removal" if above_most else "resignation" if above_half else "none")
        shown = {"Tỷ lệ (%)": Decimal(100 * known(low)) / known(counted), "Hệ quả": CONSEQUENCE_LABELS[found[0]]}
        return Answer(found[0] == "none", facts=shown)

    facts = {"Phiếu tín nhiệm thấp": low, "Tổng số phiếu tính": counted or None}
    first, second = "leaving/low_votes_resignation", "leaving/low_votes_removal"
    finding = judge(LOW_VOTES, first, day, facts, test, also=(second,))
    return VoteConsequence(found[0] if found else None, finding)


def no_removal_ground(
    *,
    is_disciplined: bool | None,
    has_low_votes: bool | None,
    is_rated_not_done: bool | None,
    is_degraded: bool | None,
    fails_political_standard: bool | None,
    has_corruption_in_unit: bool | None,
    day: date,
) -> Finding:
    """Whether no ground for removal holds; `has_low_votes` when the votes lead to removal."""
    grounds = {
        "disciplined": is_disciplined,
        "low_votes": has_low_votes,
        "rated_not_done": is_rated_not_done,
        "degraded": is_degraded,
        "political_standard": fails_political_standard,
        "corruption_in_unit": has_corruption_in_unit,
    }
    return judge_grounds(NO_REMOVAL, "leaving/removal_grounds", day, grounds)


def resignation_ground(
    *,
    is_voluntary: bool | None,
    is_limited: bool | None,
    has_wrongdoing: bool | None,
    has_low_votes: bool | None,
    day: date,
) -> Finding:
    """Whether a ground for resignation holds; unknown when none is known to hold and one is not known."""
    grounds = {
        "voluntary": is_voluntary,
        "limited": is_limited,
        "wrongdoing": has_wrongdoing,
        "low_votes": has_low_votes,
    }
    held = LAW["leaving/resignation_grounds"].at(day)
    shown = {ground_label(held, code): holds for code, holds in grounds.items()} if held else {}
    if any(grounds.values()):
        shown = {label: holds for label, holds in shown.items() if holds is not None}
    return judge(RESIGNATION, "leaving/resignation_grounds", day, shown, lambda _: any(grounds.values()))


def head_may_stay(
    *,
    percent_done: Decimal | int | None,
    basic_targets_missed: int | None,
    in_office_since: date | None,
    day: date,
) -> Finding:
    """Whether the unit's results leave its head in office; who has led it for less than a year is not judged."""

    def test(table: Mapping[str, int]) -> Answer:
        judged_from = add_months(known(in_office_since), table["months_in_office"])
        is_bad = Decimal(percent_done or 0) < table["percent"] or known(basic_targets_missed) >= table["basic_targets"]
        return Answer(day < judged_from or not is_bad, facts={"Xét kết quả từ ngày": judged_from})

    facts: dict[str, Any] = {
        "Tỷ lệ chỉ tiêu hoàn thành (%)": percent_done,
        "Số chỉ tiêu cơ bản không đạt": basic_targets_missed,
        "Giữ chức vụ từ ngày": in_office_since,
    }
    return judge(HEAD_MAY_STAY, "leaving/unit_results", day, facts, test)


def handled_in_time(
    *,
    stage: Stage,
    began_on: date | None,
    done_on: date | None,
    day: date,
    is_extended: bool = False,
    holidays: Collection[date] = (),
) -> Finding:
    """Whether a stage of a resignation or removal was done within its working days; a decision may be given longer."""

    def test(table: Mapping[str, int]) -> Answer:
        days = table[stage] + (table["longer"] if is_extended and stage == "decision" else 0)
        last = working_days_after(known(began_on), days, holidays)
        return until(last + timedelta(days=1), known(done_on), facts={"Hạn cuối": last})

    facts = {"Từ ngày": began_on, "Ngày xong": done_on}
    return judge(IN_TIME, "leaving/working_days", day, facts, test)


def title_after_leaving(
    *, reason: LeavingReason, change: TitleChange | None, has_committee_seat: bool | None, day: date
) -> Finding:
    """Whether a title may be given to someone who left one or was not reappointed.

    `change` compares the new title with the one that was left; `has_committee_seat` says whether the new one comes with
    a seat on a Party committee, which nobody gets who resigned or was relieved.
    """
    facts: dict[str, Any] = {"Bố trí": CHANGE_LABELS[change] if change else None}
    if reason == "not_reappointed":
        return judge(TITLE_AFTER, "leaving/title_after_not_reappointed", day, facts, lambda allowed: change in allowed)
    facts["Chức vụ có cơ cấu cấp ủy"] = has_committee_seat
    return judge(
        TITLE_AFTER, "leaving/title_after", day, facts, lambda allowed: change in allowed and not has_committee_seat
    )
