"""Whether somebody may be planned for a title (điều kiện quy hoạch): each rule a finding, and the verdict over all.

    judge(person, target, day) -> Verdict
        every finding, the overall outcome, and between which days it holds
    months_left(retires_in, reference_day) -> int
        whole calendar months from the reference day's month to the month of retirement
    reference_day(key, day) -> date | None
        the day at which the age for a title is counted, in the term to come

A person and a target are plain values; what is not known is None, and its rule answers unknown, naming it. Source: Quy
định 377-QĐ/TW; Hướng dẫn 45-HD/BTCTW; Quy định 368-QĐ/TW on the order of titles.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

from hrdb.kernel.dates import PartialDate, month_index
from hrdb.kernel.findings import Citation, Finding, Outcome
from hrdb.kernel.parameters import Parameter, ParameterUnknown
from personnel.rules.appointment import political_review_valid
from personnel.rules.discipline import FORM_LABELS, PastDiscipline, effect_of_discipline
from personnel.rules.judging import Answer, declare, known, unknown
from personnel.rules.judging import judge as judge_by
from personnel.rules.law import Sex
from personnel.rules.retirement import Retirement, latest_retirement, retirement
from personnel.rules.standards import Level, Standard, meets_standard
from planning.rules.law import LAW, PlanningObject

#: Which table row tells the reference day of a title.
ReferenceKey = Literal[
    "party_grassroots", "party_above_grassroots", "party_commune", "party_province", "state", "front"
]

HIGHER: Final = declare("higher_title", "Chức danh quy hoạch cao hơn chức danh đang giữ")
AGE_LEFT: Final = declare("age_left", "Đủ tuổi quy hoạch")
PEOPLE: Final = declare("people_per_seat", "Số người quy hoạch một ghế trong giới hạn")
SEATS: Final = declare("seats_per_person", "Số chức danh quy hoạch của một người trong giới hạn")
PROFESSIONAL: Final = declare("standard_professional", "Trình độ chuyên môn")
THEORY: Final = declare("political_theory", "Trình độ lý luận chính trị")
STATE: Final = declare("state_management", "Trình độ quản lý nhà nước")
LANGUAGE: Final = declare("foreign_language", "Trình độ ngoại ngữ")
PARTY: Final = declare("party_member", "Là đảng viên")
DISCIPLINE: Final = declare("planning_discipline", "Không vướng kỷ luật khi quy hoạch", is_overridable=False)
RATINGS: Final = declare("planning_ratings", "Không bị xếp loại không hoàn thành nhiệm vụ")
PROPOSAL: Final = declare("no_appointment_proposal", "Không đồng thời đề xuất bổ nhiệm")
FILE: Final = declare("file_complete", "Hồ sơ đầy đủ")
CLASSIFICATION: Final = declare("classification", "Hồ sơ được phép lưu trong hệ thống", is_overridable=False)

MONTHS_LABEL: Final = "Số tháng còn lại tại mốc tính tuổi"
LOWEST: Final = "not_completed"

#: Rules of standards with the kind of requirement of the title that they ask, in the order of the page.
STANDARD_RULES: Final = {
    "professional_level": PROFESSIONAL,
    "state_management": STATE,
    "foreign_language": LANGUAGE,
}
#: Rules whose facts are sensitive: discipline and the political review.
TIER_2_RULES: Final = frozenset({"planning_discipline", "political-review"})

#: The default parameter of each, for a title that says nothing.
STANDARD_PARAMETERS: Final = {
    "professional_level": "standards/professional",
    "state_management": "standards/state_management",
    "foreign_language": "standards/foreign_language",
    "political_theory": "standards/political_theory",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the record tells of somebody on the day; None is not known.

    `title_rank` is the order of the highest leadership title held, None with `holds_title` when its order is not known.
    `levels` are the highest held by kind; `ratings` the levels by year; `planned_seats` the titles for which he is
    planned already at the same approving level.
    """

    sex: Sex | None
    born: PartialDate | date | None
    is_minority: bool | None = None
    holds_title: bool = False
    title_rank: int | None = None
    is_party_member: bool | None = None
    disciplines: Sequence[PastDiscipline] = ()
    review: tuple[str | None, date | None, date | None] = (None, None, None)
    ratings: Mapping[int, str] | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    has_proposal: bool | None = False
    missing_rows: Sequence[str] = ()
    classification: str = "plain"
    planned_seats: int = 0

    def with_planned(self, seats: int) -> Person:
        """The same person, planned for so many titles already."""
        return self if seats == self.planned_seats else replace(self, planned_seats=max(seats, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The title that somebody is to be planned for: its order, standards, object, and the day at which age counts."""

    title: str
    code: str
    rank: int | None
    object: PlanningObject
    reference_day: date | None
    is_body: bool = False
    coefficient: Decimal | None = None
    standards: Mapping[str, Standard] = field(default_factory=dict)
    seats: int | None = None
    planned_people: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings, the outcome over all, and from which until which day (exclusive) it is met."""

    outcome: Outcome
    met_from: date | None
    met_until: date | None
    findings: tuple[Finding, ...]

    def is_later(self, day: date) -> bool:
        """Whether what is not met on `day` is met from a later day."""
        return self.outcome == "not_met" and self.met_from is not None and self.met_from > day

    def without_facts_of(self, rules: Collection[str]) -> Verdict:
        """The same verdict for a reader who may not see what the record tells for some rules: only how they end."""
        hidden = tuple(replace(one, facts={}, value=None) if one.rule in rules else one for one in self.findings)
        return replace(self, findings=hidden)

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "outcome": self.outcome,
            "from": self.met_from.isoformat() if self.met_from else None,
            "until": self.met_until.isoformat() if self.met_until else None,
            "findings": [found.as_json() for found in self.findings],
        }


def judge(*, person: Person, target: Target, day: date, passed: Collection[str] = ()) -> Verdict:
    """Judge everything by the law of `day`; `passed` are the rules that somebody passed over with a reason."""
    found = tuple(findings(person, target, day))
    over_all = verdict([one for one in found if one.rule not in passed], day) if passed else verdict(found, day)
    return replace(over_all, findings=found)


def verdict(found: Sequence[Finding], day: date) -> Verdict:
    """The outcome over all findings: not met when one is not, else unknown when one is, else met.

    Not met but for rules that will be met on a day: `met_from` is that day, unless another rule ends before it.
    """
    failed = [one for one in found if one.outcome == "not_met"]
    outcome: Outcome = "met"
    if failed:
        outcome = "not_met"
    elif any(one.outcome == "unknown" for one in found):
        outcome = "unknown"
    ends = [one.met_until for one in found if one.met_until is not None and one.outcome != "not_met"]
    starts = [one.met_from for one in found if one.met_from is not None]
    until = min(ends, default=None)
    if any(one.met_from is None or one.met_from <= day for one in failed):
        return Verdict(outcome, None, None, tuple(found))
    start = max(starts, default=None)
    if start is not None and until is not None and start >= until:
        return Verdict("not_met", None, None, tuple(found))
    return Verdict(outcome, start, until, tuple(found))


def findings(person: Person, target: Target, day: date) -> Iterator[Finding]:
    """Every rule, in the order of the page."""
    yield higher_title(person, target, day)
    yield age_left(person, target, day)
    yield people_per_seat(target, day)
    yield seats_per_person(person, target, day)
    for kind in STANDARD_RULES:
        yield standard(kind, person, target, day)
    yield political_theory(person, target, day)
    yield party_member(person, day)
    yield discipline(person, day)
    yield ratings(person, day)
    yield _review(person, day)
    yield no_proposal(person, day)
    yield file_complete(person, day)
    yield classification(person, day)


def higher_title(person: Person, target: Target, day: date) -> Finding:
    """Only a title that is higher than the one held; of two orders the lower number is the higher title."""
    facts: dict[str, Any] = {"Thứ bậc chức danh quy hoạch": target.rank}
    if person.holds_title:
        facts["Thứ bậc chức danh đang giữ"] = person.title_rank
    else:
        facts["Chức danh đang giữ"] = "chưa giữ chức danh lãnh đạo, quản lý"

    def test(_: str) -> bool:
        return not person.holds_title or known(target.rank) < known(person.title_rank)

    return judge_by(HIGHER, "conditions/higher_title", day, facts, test, book=LAW)


def retirement_for(person: Person, target: Target, day: date) -> Retirement | None:
    """When the person retires as planning for the title counts it; None when sex or birth are not known."""
    if person.sex is None or person.born is None:
        return None
    later = LAW["age/later_titles"].at(day)
    if person.sex == "female" and later is not None and later.value is not None:
        codes = set(later.value["always"])
        if person.is_minority:
            codes |= set(later.value["ethnic_minority"])
        if target.code in codes:
            return latest_retirement(sex=person.sex, born=person.born, ground="leader")
    return retirement(sex=person.sex, born=person.born)


def months_left(*, retires_in: date, reference_day: date) -> int:
    """Whole calendar months from the reference day's month to the month of retirement."""
    return month_index(retires_in) - month_index(reference_day)


def age_left(person: Person, target: Target, day: date) -> Finding:
    """Enough months left at the reference day, by the object of the plan."""
    facts: dict[str, Any] = {
        "Ngày sinh": person.born,
        "Giới tính": {"male": "nam", "female": "nữ"}.get(person.sex or ""),
        "Mốc tính tuổi": target.reference_day,
        "Đối tượng": target.object,
    }
    try:
        found = retirement_for(person, target, day)
    except ParameterUnknown as error:
        return error.finding(AGE_LEFT.key, facts)
    if found is not None:
        facts["Tháng nghỉ hưu"] = f"{found.last_working_day:%m/%Y}"

    def test(least: int) -> Answer:
        left = months_left(retires_in=known(found).last_working_day, reference_day=known(target.reference_day))
        return Answer(left >= least, facts={MONTHS_LABEL: left})

    return judge_by(
        AGE_LEFT,
        "age/months_left",
        day,
        facts,
        test,
        row=f"object_{target.object}",
        confidence=found.confidence if found else "two sources",
        book=LAW,
    )


def people_per_seat(target: Target, day: date) -> Finding:
    """Whether the seat still has room for one more; of a body as many as its coefficient allows, rounded up."""
    facts: dict[str, Any] = {"Số ghế": target.seats, "Số người đã quy hoạch": target.planned_people}
    if target.is_body:
        return _room_in_body(target, day)
    if target.seats is None and target.planned_people is None:
        facts = {"Số ghế": 1, "Số người đã quy hoạch": 0}
    seats, planned = facts["Số ghế"], facts["Số người đã quy hoạch"]
    return judge_by(PEOPLE, "places/people_per_seat", day, facts, lambda most: planned < most * seats, book=LAW)


def _room_in_body(target: Target, day: date) -> Finding:
    facts: dict[str, Any] = {"Loại": "cấp ủy, ban thường vụ, ủy ban kiểm tra"}
    if target.seats is None or target.planned_people is None:
        return judge_by(PEOPLE, "places/coefficient", day, facts, lambda _: True, row="most", book=LAW)
    facts |= {
        "Số lượng": target.seats,
        "Hệ số": "chưa đặt" if target.coefficient is None else str(target.coefficient),
        "Số người đã quy hoạch": target.planned_people,
    }
    seats, planned = target.seats, target.planned_people

    def test(most: Decimal | float) -> Answer:
        chosen = Decimal(str(most)) if target.coefficient is None else target.coefficient
        places = body_places(seats, chosen)
        return Answer(planned < places, facts={"Được quy hoạch tối đa": places})

    return judge_by(PEOPLE, "places/coefficient", day, facts, test, row="most", book=LAW)


def body_places(number: int, coefficient: Decimal) -> int:
    """How many may be planned for a body of so many members: the product rounded up."""
    return math.ceil(number * coefficient)


def seats_per_person(person: Person, target: Target, day: date) -> Finding:
    """Whether the person may be planned for one title more at the same approving level; bodies do not count."""
    facts: dict[str, Any] = {"Số chức danh đã quy hoạch": person.planned_seats}
    if target.is_body:
        facts = {"Loại": "cấp ủy, ban thường vụ, ủy ban kiểm tra không tính"}
    return judge_by(
        SEATS,
        "places/seats_per_person",
        day,
        facts,
        lambda most: target.is_body or person.planned_seats < most,
        book=LAW,
    )


def standard(kind: str, person: Person, target: Target, day: date) -> Finding:
    """One standard of the title against the highest level that is held."""
    rule, asked = STANDARD_RULES.get(kind, THEORY), target.standards.get(kind)
    if asked is None:
        return _no_standard(rule, kind, person, day)
    found = meets_standard(standard=asked, held=person.levels.get(kind), day=day)
    return Finding(
        rule=rule.key,
        outcome=found.outcome,
        value=found.value,
        facts=found.facts,
        citation=found.citation,
        missing=found.missing,
        confidence=found.confidence,
    )


def _no_standard(rule: Any, kind: str, person: Person, day: date) -> Finding:
    parameter = STANDARD_PARAMETERS[kind]
    held = LAW[parameter].at(day)
    shown = person.levels.get(kind)
    return unknown(
        rule,
        {"Hiện có": str(shown) if shown else None},
        "mức yêu cầu của chức danh (chưa kiểm chứng)",
        citation=held.citation if held else _first_citation(parameter),
        confidence="unconfirmed",
    )


def political_theory(person: Person, target: Target, day: date) -> Finding:
    """Object 1 must hold the level that the title asks; object 2 may lack it, with a plan of training."""
    kind = "political_theory"
    held = LAW["standards/theory_by_object"].at(day)
    if target.object == 2 and held is not None:
        level = person.levels.get(kind)
        facts = {"Hiện có": str(level) if level else "chưa có", "Đối tượng": 2}
        return judge_by(THEORY, "standards/theory_by_object", day, facts, lambda _: True, row="object_2", book=LAW)
    return standard(kind, person, target, day)


def party_member(person: Person, day: date) -> Finding:
    """A Party member."""
    facts = {"Đảng viên": person.is_party_member}
    return judge_by(PARTY, "conditions/party_member", day, facts, lambda _: bool(person.is_party_member), book=LAW)


def discipline(person: Person, day: date) -> Finding:
    """Removed at once on discipline; after a reprimand or warning one may return when its period has lapsed."""
    held = LAW["conditions/discipline_may_return"].at(day)
    effective = [one for one in person.disciplines if one.effective_on is not None and one.effective_on <= day]
    if not effective:
        clean = {"Kỷ luật": "không có"}
        return judge_by(DISCIPLINE, "conditions/discipline_may_return", day, clean, lambda _: True, book=LAW)
    last = max(effective, key=lambda one: one.effective_on or date.min)
    facts: dict[str, Any] = {
        "Hình thức kỷ luật": FORM_LABELS[last.form] if last.form else None,
        "Ngày có hiệu lực": last.effective_on,
    }
    lapses = [effect_of_discipline(effective_on=one.effective_on, day=day).lapses_on for one in effective]
    may_return = held is not None and all(one.form in held.value for one in effective if one.form)
    if may_return and None in lapses:
        facts["Ngày hết hiệu lực kỷ luật"] = None

    def test(forms: Sequence[str]) -> Answer:
        if not may_return:
            return Answer(False)
        end = max(lapse for lapse in lapses if lapse is not None)
        return Answer(day >= end, met_from=end, facts={"Ngày hết hiệu lực kỷ luật": end})

    return judge_by(DISCIPLINE, "conditions/discipline_may_return", day, facts, test, book=LAW)


def rating_years(said: Mapping[int, str], day: date, count: int) -> range:
    """The last `count` years that are looked at: the running one among them once its rating is approved."""
    last = day.year if day.year in said else day.year - 1
    return range(last - count + 1, last + 1)


def ratings(person: Person, day: date) -> Finding:
    """No year of the last ones rated «không hoàn thành»; a bad year decides even where others are not known."""
    held = LAW["conditions/ratings"].at(day)
    count = int(held.value) if held is not None and held.value is not None else 0
    said = person.ratings or {}
    facts: dict[str, Any] = {f"Xếp loại năm {year}": said.get(year) for year in rating_years(said, day, count)}
    if LOWEST in facts.values():
        facts = {label: level for label, level in facts.items() if level is not None}
    return judge_by(RATINGS, "conditions/ratings", day, facts, lambda _: LOWEST not in facts.values(), book=LAW)


def _review(person: Person, day: date) -> Finding:
    result, concluded_on, valid_until = person.review
    return political_review_valid(result=result, concluded_on=concluded_on, valid_until=valid_until, day=day)


def no_proposal(person: Person, day: date) -> Finding:
    """Not together with a proposal to appoint."""
    facts = {"Đang đề xuất bổ nhiệm": person.has_proposal}
    return judge_by(PROPOSAL, "conditions/no_proposal", day, facts, lambda _: not person.has_proposal, book=LAW)


def file_complete(person: Person, day: date) -> Finding:
    """A complete file; what is missing is not a fault of the person: it is not known, and named."""
    held = LAW["conditions/file_complete"].at(day)
    if person.missing_rows:
        return unknown(
            FILE,
            {"Số mục còn thiếu": len(person.missing_rows)},
            *person.missing_rows,
            citation=held.citation if held else _first_citation("conditions/file_complete"),
        )
    return judge_by(FILE, "conditions/file_complete", day, {"Số mục còn thiếu": 0}, lambda _: True, book=LAW)


def classification(person: Person, day: date) -> Finding:
    """Records from «tối mật» on are stubs here: nothing can be judged from them."""
    facts = {"Độ mật": {"plain": "thường", "secret": "mật"}.get(person.classification, "từ tối mật trở lên")}
    return judge_by(
        CLASSIFICATION, "conditions/classification", day, facts, lambda open_: person.classification in open_, book=LAW
    )


def reference_day(*, key: ReferenceKey, day: date, term: str = "2030") -> date | None:
    """The first of the month at which age counts for a term; None where it is not known.

    A term that runs already is reviewed at the age of the day of review; `term` is written «2030-2035».
    """
    begins = term_begins(term)
    if begins is not None and begins <= day.year:
        return day.replace(day=1)
    parameter = _reference_days().get(f"reference_days/term_{begins}")
    held = parameter.at(day) if parameter is not None else None
    month = held.value.get(key) if held is not None and held.value is not None else None
    return None if month is None else date.fromisoformat(f"{month}-01")


@lru_cache(maxsize=1)
def _reference_days() -> Mapping[str, Parameter]:
    """The terms whose reference days are known, by the key of their parameter."""
    return {one.key: one for one in LAW.under("reference_days")}


def term_begins(term: str) -> int | None:
    """The year in which a term begins; State titles follow the Party's term a year later and are named with it."""
    year = term.strip()[:4]
    return int(year) if len(year) == 4 and year.isdecimal() else None


def _first_citation(parameter: str) -> Citation:
    """The earliest citation known: every finding names its law, also before its number was known."""
    return LAW[parameter].values[0].citation
