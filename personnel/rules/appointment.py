"""Conditions of an appointment (điều kiện bổ nhiệm), each by the law of the decision's day.

    change_of_title(held_rank, sought_rank) -> TitleChange | None
        first, higher, equivalent or lower, by the order of titles; None when an order is not known
    age_for_title(sex, born, retires_from, change, is_special, day) -> Finding
        whether enough months are left before retirement
    time_in_title(held_since, category, is_ex_officio, day) -> Finding
        whether the present or an equivalent title was held long enough
    planned_for(is_planned, source, day) -> Finding
        whether the person is planned for the title
    political_review_valid(result, concluded_on, valid_until, day) -> Finding
        whether a conclusion on the political standard holds on the day
    paper_valid(kind, issued_on, day) -> Finding
        whether the health certificate or photo is recent enough
    free_seat(seats, holders, others, citation, day) -> Finding
    within_establishment(assigned, present, joining, citation, day) -> Finding
        whether there is room; the citation is that of the decision which gave the number
    deputies_within_ceiling(deputies, ceiling, citation, day) -> Finding
        unknown unless the province's own ceiling is given: no figure is confirmed
    ratings_of_last_years(ratings, day) -> Finding
        whether the ratings that are looked at are all there
    ratings_good_enough(ratings, order, minimum, citation, day) -> Finding
        unknown unless a minimum is given: no figure is confirmed

Standards of a title are judged in `standards.py`. Source: Nghị định 170/2025/NĐ-CP, Điều 29 and 35; Quy định 377-QĐ/TW;
Hướng dẫn 45-HD/BTCTW.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from hrdb.kernel.dates import PartialDate, add_months
from hrdb.kernel.findings import Citation, Finding
from personnel.rules.judging import Answer, Rule, declare, ground_label, judge, known, since, unknown
from personnel.rules.law import LAW, Sex
from personnel.rules.time_left import judge_time_left

#: What an appointment is to the title held before, by the order of titles.
TitleChange = Literal["first", "higher", "equivalent", "lower"]

#: Where the person comes from: the unit itself (nguồn nhân sự tại chỗ) or elsewhere.
Source = Literal["on_site", "elsewhere"]

PaperKind = Literal["health_certificate", "photo"]

CHANGE_LABELS: Final[dict[TitleChange, str]] = {
    "first": "Bổ nhiệm lần đầu",
    "higher": "Bổ nhiệm chức vụ cao hơn",
    "equivalent": "Bổ nhiệm chức vụ tương đương",
    "lower": "Bổ nhiệm chức vụ thấp hơn",
}

AGE: Final = declare("age-for-title", "Còn đủ thời gian công tác để bổ nhiệm", waiver="entered")
TIME_IN_TITLE: Final = declare("time-in-title", "Đủ thời gian giữ chức vụ hiện tại hoặc tương đương")
PLANNED: Final = declare("planned-for-title", "Được quy hoạch", asks_for_data=True)
POLITICAL_REVIEW: Final = declare(
    "political-review", "Có kết luận về tiêu chuẩn chính trị còn hiệu lực", waiver="entered", asks_for_data=True
)
HEALTH_CERTIFICATE: Final = declare("health-certificate", "Giấy chứng nhận sức khỏe còn thời hạn")
PHOTO: Final = declare("photo", "Ảnh còn thời hạn")
FREE_SEAT: Final = declare("free-seat", "Còn ghế chức danh", waiver="entered")
ESTABLISHMENT: Final = declare("within-establishment", "Trong số biên chế, số lượng người làm việc được giao")
DEPUTY_CEILING: Final = declare("deputy-ceiling", "Trong số lượng cấp phó tối đa")
RATINGS: Final = declare("ratings-of-last-years", "Có đủ kết quả xếp loại các năm gần nhất")
RATING_LEVEL: Final = declare("rating-level", "Mức xếp loại các năm gần nhất đạt yêu cầu")

NO_PLANNING_DATA: Final = "dữ liệu quy hoạch mà người xét được xem"
NOT_KEPT: Final = "kết quả này chỉ xét khi lập quyết định, không lưu trong quyết định"
#: Rules whose outcome only who plans or decides may know; readers of signed decisions are others too.
CLOSED_RULES: Final = frozenset({PLANNED.key})
SINCE_LABEL: Final = "Giữ chức vụ hiện tại hoặc tương đương từ ngày"

_PAPERS: Final[dict[PaperKind, tuple[Rule, str]]] = {
    "health_certificate": (HEALTH_CERTIFICATE, "Ngày cấp giấy chứng nhận sức khỏe"),
    "photo": (PHOTO, "Ngày chụp ảnh"),
}


def change_of_title(
    *, held_rank: int | None, sought_rank: int | None, holds_a_title: bool = True
) -> TitleChange | None:
    """What an appointment is to the leadership title held; of two orders the lower number is the higher title."""
    if not holds_a_title:
        return "first"
    if held_rank is None or sought_rank is None:
        return None
    if sought_rank == held_rank:
        return "equivalent"
    return "higher" if sought_rank < held_rank else "lower"


def age_for_title(
    *,
    sex: Sex | None,
    born: PartialDate | date | None,
    change: TitleChange | None,
    day: date,
    is_special: bool = False,
    retires_from: date | None = None,
) -> Finding:
    """Whether a full term is left before retirement, or the shorter time of the special case (tuổi bổ nhiệm).

    `retires_from` replaces the day computed from sex and birth where another ground for retirement applies. For an
    equivalent or lower title the age is not considered.
    """
    facts: dict[str, Any] = {"Trường hợp": None if change is None else CHANGE_LABELS[change]}
    if change in ("equivalent", "lower"):
        return judge(AGE, "appointment/months_left", day, facts, lambda _: True, row=change)
    return judge_time_left(
        AGE,
        "appointment/months_left",
        sex=sex,
        born=born,
        retires_from=retires_from,
        day=day,
        facts=facts,
        row="special" if is_special else change or "first",
    )


def time_in_title(*, held_since: date | None, category: str | None, day: date, is_ex_officio: bool = False) -> Finding:
    """Whether the present or an equivalent title was held long enough for a higher one.

    `held_since` is the first day of unbroken holding; `category` a code of the category of employment: public employees
    have a number of their own. Not asked of a committee member by virtue of office (`is_ex_officio`).
    """
    own = "_public_employee" if category == "public_employee" else ""
    parameter = f"appointment/months_in_title{own}"
    if is_ex_officio:
        return judge(TIME_IN_TITLE, parameter, day, {"Cấp ủy viên theo cơ cấu": True}, lambda _: True)
    facts: dict[str, Any] = {SINCE_LABEL: held_since}
    if category is None:
        facts["Đối tượng"] = None
    return judge(TIME_IN_TITLE, parameter, day, facts, lambda months: since(add_months(known(held_since), months), day))


def planned_for(*, is_planned: bool | None, day: date, source: Source = "on_site") -> Finding:
    """Whether the person is planned for the title sought, or an equivalent or higher one (quy hoạch)."""
    held = LAW["appointment/planning"].at(day)
    facts = {"Nguồn nhân sự": "Tại chỗ" if source == "on_site" else "Từ nơi khác"}
    if is_planned is None:
        return unknown(PLANNED, facts, NO_PLANNING_DATA, citation=held.citation if held else None)
    facts["Được quy hoạch"] = "có" if is_planned else "không"
    return judge(PLANNED, "appointment/planning", day, facts, lambda _: is_planned, row=source)


def political_review_valid(
    *, result: str | None, concluded_on: date | None, day: date, valid_until: date | None = None
) -> Finding:
    """Whether the conclusion on the political standard is good and holds on `day`; None of it is not known.

    `result` is a code of the record (`met`, `met_with_note`, `not_met`); a conclusion without `valid_until`, its last
    day, holds on.
    """
    held = LAW["appointment/political_review"].at(day)
    shown = None if result is None else ground_label(held, result) if held else result
    facts: dict[str, Any] = {"Kết luận": shown, "Ngày kết luận": concluded_on}
    if valid_until is not None:
        facts["Hiệu lực đến ngày"] = valid_until
    end = None if valid_until is None else valid_until + timedelta(days=1)

    def test(accepted: Sequence[str]) -> Answer:
        start = known(concluded_on)
        is_good = result in accepted
        return Answer(is_good and start <= day and (end is None or day < end), start if is_good else None, end)

    return judge(POLITICAL_REVIEW, "appointment/political_review", day, facts, test)


def paper_valid(*, kind: PaperKind, issued_on: date | None, day: date) -> Finding:
    """Whether the health certificate (giấy chứng nhận sức khỏe) or the photo is recent enough on `day`."""
    rule, label = _PAPERS[kind]

    def test(months: int) -> Answer:
        issued = known(issued_on)
        end = add_months(issued, months) + timedelta(days=1)
        return Answer(issued <= day < end, met_from=issued, met_until=end)

    return judge(rule, "appointment/paper_months", day, {label: issued_on}, test, row=kind)


def free_seat(
    *, seats: int | None, holders: int | None, day: date, others: int = 0, citation: Citation | None = None
) -> Finding:
    """Whether a seat of the title is free in the unit (còn ghế chức danh), beside `others` who come at the same time.

    `citation` is the decision on the seats.
    """
    facts = {"Số ghế": seats, "Số người đang giữ": holders}
    if others:
        facts["Số người khác cùng nhận chức vụ"] = others
    return _room(FREE_SEAT, "seat", day, facts, lambda: known(holders) + others < known(seats), citation)


def within_establishment(
    *, assigned: int | None, present: int | None, day: date, joining: int = 1, citation: Citation | None = None
) -> Finding:
    """Whether `joining` more people fit into the number assigned to the unit (biên chế, số lượng người làm việc)."""
    facts = {"Số được giao": assigned, "Số có mặt": present, "Số tiếp nhận thêm": joining}
    return _room(
        ESTABLISHMENT, "establishment", day, facts, lambda: known(present) + joining <= known(assigned), citation
    )


def deputies_within_ceiling(
    *, deputies: int | None, day: date, ceiling: int | None = None, citation: Citation | None = None
) -> Finding:
    """Whether the deputies, the new one with them, are not too many (số lượng cấp phó).

    No figure is confirmed, so the outcome is unknown unless the province's own `ceiling` is given with its decision.
    """
    facts = {"Số cấp phó": deputies}
    if ceiling is None or citation is None or deputies is None:
        return judge(DEPUTY_CEILING, "appointment/deputy_ceiling", day, facts, lambda most: known(deputies) <= most)
    return Finding(
        rule=DEPUTY_CEILING.key,
        outcome="met" if deputies <= ceiling else "not_met",
        value=ceiling,
        facts=facts,
        citation=citation,
    )


def ratings_of_last_years(*, ratings: Mapping[int, str] | None, day: date) -> Finding:
    """Whether the yearly ratings that an appointment to a higher title looks at are known (kết quả xếp loại).

    `ratings` are the words of the rating by year; None when nothing is known of them.
    """
    held = LAW["appointment/rating_years"].at(day)
    facts = _ratings_asked(ratings or {}, day, int(held.value) if held and held.value else 0)
    return judge(RATINGS, "appointment/rating_years", day, facts, lambda _: True)


def ratings_good_enough(
    *,
    ratings: Mapping[int, str] | None,
    order: Sequence[str],
    day: date,
    minimum: str | None = None,
    citation: Citation | None = None,
) -> Finding:
    """Whether no rating of these years is below the minimum; `order` are the words of the ratings from the best.

    No minimum is confirmed, so the outcome is unknown unless one is given with its citation.
    """
    held = LAW["appointment/rating_years"].at(day)
    facts = _ratings_asked(ratings or {}, day, int(held.value) if held and held.value else 0)
    missing = [label for label, word in facts.items() if word is None]
    if minimum is None or citation is None or missing:
        return judge(RATING_LEVEL, "appointment/rating_minimum", day, facts, lambda _: True)
    lowest = order.index(minimum)
    is_met = all(order.index(word) <= lowest for word in facts.values() if word is not None)
    return Finding(
        rule=RATING_LEVEL.key, outcome="met" if is_met else "not_met", value=minimum, facts=facts, citation=citation
    )


def _ratings_asked(ratings: Mapping[int, str], day: date, count: int) -> dict[str, str | None]:
    """The last years that are looked at: the running one among them once its rating is approved."""
    last = day.year if day.year in ratings else day.year - 1
    return {f"Xếp loại năm {year}": ratings.get(year) for year in range(last - count + 1, last + 1)}


def _room(
    rule: Rule,
    row: str,
    day: date,
    facts: Mapping[str, Any],
    has_room: Callable[[], bool],
    citation: Citation | None,
) -> Finding:
    """Whether there is room by numbers that a decision gave; without that decision by the general law, unconfirmed."""
    if citation is None or None in facts.values():
        return judge(rule, "appointment/places", day, facts, lambda _: has_room(), row=row)
    return Finding(rule=rule.key, outcome="met" if has_room() else "not_met", facts=facts, citation=citation)
