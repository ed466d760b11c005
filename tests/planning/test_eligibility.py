"""The conditions of planning: each rule on the day before and the day of its change, and the verdict over all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hrdb.kernel.dates import PartialDate
from personnel.rules.discipline import PastDiscipline
from personnel.rules.standards import Level, Standard, written_citation
from planning.rules.eligibility import Person, Target, judge, months_left, reference_day

DAY = date(2026, 11, 24)
GOOD: dict[str, Any] = {
    "sex": "male",
    "born": date(1985, 3, 10),
    "holds_title": True,
    "title_rank": 8,
    "is_party_member": True,
    "review": ("met", date(2026, 1, 5), None),
    "ratings": {2023: "good", 2024: "good", 2025: "excellent"},
    "levels": {
        "professional_level": Level("Đại học", 4),
        "state_management": Level("Chuyên viên", 3),
        "foreign_language": Level("B", 2),
        "political_theory": Level("Cao cấp", 2),
    },
}


def _standards(**asked: Level) -> dict[str, Standard]:
    citation = written_citation("Quy định 365-QĐ/TW ngày 30/08/2025", day=DAY)
    return {kind: Standard(kind, level, citation) for kind, level in asked.items()}


ALL = _standards(
    professional_level=Level("Đại học", 4),
    state_management=Level("Chuyên viên", 3),
    foreign_language=Level("A", 3),
    political_theory=Level("Cao cấp", 2),
)


def _target(**values: Any) -> Target:
    given = {"title": "Giám đốc sở", "code": "GD-SO", "rank": 4, "object": 1, "reference_day": date(2031, 3, 1)}
    return Target(**{**given, "standards": ALL, **values})


def _outcomes(person: Person, target: Target, day: date = DAY) -> dict[str, str]:
    return {found.rule: found.outcome for found in judge(person=person, target=target, day=day).findings}


def test_somebody_who_meets_everything_is_eligible_now_and_every_rule_names_its_law() -> None:
    found = judge(person=Person(**GOOD), target=_target(), day=DAY)
    assert (found.outcome, {one.outcome for one in found.findings}) == ("met", {"met"})
    assert all(one.citation is not None for one in found.findings)


def test_nothing_known_is_unknown_never_refused_and_every_rule_names_its_law() -> None:
    found = judge(person=Person(sex=None, born=None), target=_target(standards={}, reference_day=None), day=DAY)
    assert found.outcome == "unknown"
    assert all(one.citation is not None for one in found.findings)
    assert {one.rule for one in found.findings if one.outcome == "unknown"} >= {"age_left", "party_member"}


@pytest.mark.parametrize(
    ("born", "object_", "left", "outcome"),
    [
        (date(1974, 3, 20), 1, 60, "met"),
        (date(1974, 2, 20), 1, 59, "not_met"),
        (date(1979, 3, 1), 2, 120, "met"),
        (date(1979, 2, 28), 2, 119, "not_met"),
    ],
)
def test_age_counts_whole_months_from_the_reference_month_to_that_of_retirement(
    born: date, object_: Any, left: int, outcome: str
) -> None:
    person, target = Person(**{**GOOD, "born": born}), _target(object=object_)
    (found,) = (one for one in judge(person=person, target=target, day=DAY).findings if one.rule == "age_left")
    assert (found.outcome, found.facts["Số tháng còn lại tại mốc tính tuổi"]) == (outcome, left)


def test_a_birth_known_by_year_counts_from_january() -> None:
    person = Person(**{**GOOD, "born": PartialDate(date(1974, 1, 1), "year")})
    assert _outcomes(person, _target())["age_left"] == "not_met"


def test_women_for_certain_titles_are_counted_to_sixty() -> None:
    born = date(1974, 6, 1)
    person = Person(**{**GOOD, "sex": "female", "born": born, "title_rank": 5})
    plain = judge(person=person, target=_target(), day=DAY).findings[1]
    later = judge(person=person, target=_target(code="CT-UBND-TINH", rank=2), day=DAY).findings[1]
    committee = _target(code="UVBTV-TU", rank=3)
    of_minority = Person(**{**GOOD, "sex": "female", "born": born, "title_rank": 5, "is_minority": True})
    assert plain.facts["Tháng nghỉ hưu"] == "10/2033"
    assert later.facts["Tháng nghỉ hưu"] == "06/2034"
    assert judge(person=person, target=committee, day=DAY).findings[1].facts["Tháng nghỉ hưu"] == "10/2033"
    assert judge(person=of_minority, target=committee, day=DAY).findings[1].facts["Tháng nghỉ hưu"] == "06/2034"


@pytest.mark.parametrize(("rank", "outcome"), [(3, "not_met"), (4, "not_met"), (5, "met"), (None, "unknown")])
def test_only_a_higher_title(rank: int | None, outcome: str) -> None:
    assert _outcomes(Person(**{**GOOD, "title_rank": rank}), _target())["higher_title"] == outcome
    assert _outcomes(Person(**{**GOOD, "holds_title": False}), _target())["higher_title"] == "met"


@pytest.mark.parametrize(
    ("planned", "seats", "outcome"), [(2, 1, "met"), (3, 1, "not_met"), (8, 3, "met"), (9, 3, "not_met")]
)
def test_three_people_a_seat(planned: int, seats: int, outcome: str) -> None:
    target = _target(seats=seats, planned_people=planned)
    assert _outcomes(Person(**GOOD), target)["people_per_seat"] == outcome


def test_three_titles_a_person_and_bodies_do_not_count() -> None:
    person = Person(**{**GOOD, "planned_seats": 3})
    assert _outcomes(person, _target())["seats_per_person"] == "not_met"
    assert _outcomes(person, _target(is_body=True))["seats_per_person"] == "met"


def test_object_two_may_still_lack_political_theory() -> None:
    person = Person(**{**GOOD, "levels": {}})
    assert _outcomes(person, _target())["political_theory"] == "unknown"
    assert _outcomes(person, _target(object=2))["political_theory"] == "met"
    low = Person(**{**GOOD, "levels": {"political_theory": Level("Trung cấp", 3)}})
    assert _outcomes(low, _target())["political_theory"] == "not_met"


def test_a_title_without_standards_is_unknown_and_says_so() -> None:
    found = judge(person=Person(**GOOD), target=_target(standards={}), day=DAY)
    unknown = [one for one in found.findings if one.outcome == "unknown"]
    assert {one.rule for one in unknown} == {
        "standard_professional",
        "state_management",
        "foreign_language",
        "political_theory",
    }
    assert {one.confidence for one in unknown} == {"unconfirmed"}


def test_a_rating_counts_from_its_approval_for_its_own_year() -> None:
    good = {2023: "good", 2024: "good", 2025: "good"}
    bad = Person(**{**GOOD, "ratings": {**good, 2026: "not_completed"}})
    assert _outcomes(bad, _target())["planning_ratings"] == "not_met"
    oldest = Person(**{**GOOD, "ratings": {**good, 2023: "not_completed", 2026: "good"}})
    assert _outcomes(oldest, _target())["planning_ratings"] == "met"
    assert _outcomes(Person(**{**GOOD, "ratings": good}), _target())["planning_ratings"] == "met"


def test_after_a_reprimand_one_may_return_on_the_day_of_its_lapse() -> None:
    person = Person(**{**GOOD, "disciplines": [PastDiscipline("reprimand", date(2026, 6, 1))]})
    found = judge(person=person, target=_target(), day=DAY)
    assert (found.outcome, found.met_from) == ("not_met", date(2027, 6, 1))
    assert judge(person=person, target=_target(), day=date(2027, 5, 31)).outcome == "not_met"
    rated = Person(**{**GOOD, "disciplines": person.disciplines, "ratings": {2024: "good", 2025: "good", 2026: "good"}})
    assert judge(person=rated, target=_target(), day=date(2027, 6, 1)).outcome == "met"
    removed = Person(**{**GOOD, "disciplines": [PastDiscipline("dismissal", date(2020, 6, 1))]})
    verdict = judge(person=removed, target=_target(), day=DAY)
    assert (verdict.outcome, verdict.met_from) == ("not_met", None)


def test_a_review_that_ends_limits_the_verdict() -> None:
    person = Person(**{**GOOD, "review": ("met", date(2026, 1, 5), date(2027, 1, 4))})
    found = judge(person=person, target=_target(), day=DAY)
    assert (found.outcome, found.met_until) == ("met", date(2027, 1, 5))


@pytest.mark.parametrize(
    ("values", "rule", "outcome"),
    [
        ({"ratings": {2025: "not_completed"}}, "planning_ratings", "not_met"),
        ({"ratings": {2024: "good", 2025: "good"}}, "planning_ratings", "unknown"),
        ({"has_proposal": True}, "no_appointment_proposal", "not_met"),
        ({"is_party_member": False}, "party_member", "not_met"),
        ({"missing_rows": ("Ảnh màu 4x6",)}, "file_complete", "unknown"),
        ({"classification": "highly_secret"}, "classification", "not_met"),
        ({"review": (None, None, None)}, "political-review", "unknown"),
    ],
)
def test_other_conditions(values: Any, rule: str, outcome: str) -> None:
    assert _outcomes(Person(**{**GOOD, **values}), _target())[rule] == outcome


def test_reference_days_and_the_count_of_months() -> None:
    assert reference_day(key="state", day=DAY) == date(2031, 3, 1)
    assert reference_day(key="party_commune", day=DAY) == date(2030, 7, 1)
    assert reference_day(key="front", day=DAY) is None
    assert reference_day(key="state", day=date(2025, 11, 20)) is None
    assert months_left(retires_in=date(2036, 3, 31), reference_day=date(2031, 3, 15)) == 60


def test_the_command_prints_what_the_verdict_holds() -> None:
    told = judge(person=Person(**GOOD), target=_target(), day=DAY).as_json()
    assert set(told) == {"outcome", "from", "until", "findings"}
    assert {"rule", "outcome", "value", "facts", "citation", "from", "until"} <= set(told["findings"][0])
