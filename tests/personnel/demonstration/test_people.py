"""Every person of the demonstration province keeps the rules that the database and the law set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from hrdb.kernel.dates import add_months
from personnel.choices import (
    AssetKind,
    AssignmentKind,
    BloodGroup,
    EmploymentCategory,
    EmploymentState,
    LifeHistoryKind,
    PoliticalReviewResult,
    QualificationKind,
)
from personnel.data import list_names, read_list, read_titles
from personnel.demonstration import Demonstration, generate
from personnel.demonstration.records import Person
from personnel.demonstration.roles import ROLES
from personnel.rules.retirement import retirement

DAY = date(2026, 11, 24)
TITLES = {item["code"]: item for item in read_titles()["items"]}
ENDED = {"retired", "left", "died"}
FAR = date.max


@pytest.fixture(scope="module")
def province() -> Demonstration:
    """A province of 2.000 people."""
    return generate(size=2000, seed=1, day=DAY)


@pytest.fixture(scope="module")
def people(province: Demonstration) -> list[Person]:
    """Its people."""
    return list(province.people())


def codes(model: str) -> set[str]:
    """All codes of the lists of a model."""
    return {
        item["code"] for name in list_names() if read_list(name)["model"] == model for item in read_list(name)["items"]
    }


def follow_one_another(records: Sequence[Any], *, without_gap: bool) -> bool:
    """Whether periods are ordered, do not overlap and, if asked, leave no gap."""
    return all(
        one.effective_until is not None
        and (
            one.effective_until == other.effective_from if without_gap else one.effective_until <= other.effective_from
        )
        for one, other in pairwise(records)
    )


def periods(person: Person) -> Iterable[Any]:
    """Every dated row of a record."""
    for rows in (
        person.custodies,
        person.employments,
        person.assignments,
        person.qualifications,
        person.pay_steps,
        person.allowances,
        person.party,
        person.disciplines,
    ):
        yield from rows


def mains(person: Person) -> list[Any]:
    """The main assignments in order."""
    return [record for record in person.assignments if record.kind == "main"]


def test_the_same_arguments_give_the_same_people(people: list[Person]) -> None:
    """Deterministic by size, seed and day; another seed gives others; a part equals the whole's part."""
    again = generate(size=2000, seed=1, day=DAY)
    assert list(again.people(1200, 1230)) == people[1200:1230]
    other = generate(size=2000, seed=2, day=DAY)
    assert next(other.people()).cadre.full_name != people[0].cadre.full_name


def test_as_many_as_asked(people: list[Person]) -> None:
    """Exactly the size, each with a personal number of his own or none."""
    assert len(people) == 2000
    numbers = [person.cadre.personal_number for person in people if person.cadre.personal_number]
    assert len(numbers) == len(set(numbers))
    assert 0 < 2000 - len(numbers) < 80


def test_periods_are_ordered(people: list[Person]) -> None:
    """Every period ends after it begins, and none begins after the day or before birth."""
    for person in people:
        for record in periods(person):
            assert record.effective_until is None or record.effective_from < record.effective_until, record
            assert person.cadre.born < record.effective_from <= DAY, record


def test_tracks_do_not_overlap(people: list[Person]) -> None:
    """Custody, employment, main posts, pay and Party membership exclude one another in time and leave no gap."""
    for person in people:
        for track in (person.custodies, person.employments, mains(person), person.pay_steps, person.party):
            assert follow_one_another(track, without_gap=True), track
        assert person.custodies[-1].effective_until is None
        assert person.employments[-1].effective_until is None
        assert person.custodies[-1].unit == mains(person)[-1].unit


def test_service_begins_with_recruitment(people: list[Person]) -> None:
    """Employment, pay and the first post begin on the day of recruitment, at 18 or later."""
    for person in people:
        recruited = person.cadre.first_recruited_on
        assert recruited == person.employments[0].effective_from == mains(person)[0].effective_from
        assert recruited == person.pay_steps[0].effective_from
        assert recruited >= add_months(person.cadre.born, 18 * 12)


def test_service_ends_with_the_state(people: list[Person]) -> None:
    """Who retired, left or died holds no post and no pay; who is present holds one."""
    for person in people:
        state = person.employments[-1].state
        open_posts = [record for record in person.assignments if record.effective_until is None]
        assert bool(open_posts) is (state not in ENDED), person
        assert (person.pay_steps[-1].effective_until is None) is (state not in ENDED)
        if state in ENDED:
            assert mains(person)[-1].effective_until == person.employments[-1].effective_from
        assert (state == "seconded") is any(record.kind == "secondment" for record in open_posts)


def test_nobody_works_past_retirement(people: list[Person]) -> None:
    """Who is present has not reached retirement; who retired did so on the day of the law."""
    for person in people:
        found = retirement(sex=person.cadre.sex, born=person.cadre.born)
        state = person.employments[-1]
        if state.state == "retired":
            assert state.effective_from == found.retired_from
        elif state.state not in ENDED:
            assert found.retired_from > DAY


def test_units_exist_when_someone_is_there(province: Demonstration, people: list[Person]) -> None:
    """Posts and custody lie inside the life of their unit; a title fits the level of the unit."""
    units = province.structure.units
    for person in people:
        for record in (*person.assignments, *person.custodies):
            if record.unit is None:
                assert record.organisation
                continue
            unit = units[record.unit]
            assert unit.opened <= record.effective_from, (record, unit)
            assert (record.effective_until or FAR) <= (unit.closed or FAR), (record, unit)
        for record in person.assignments:
            if record.title is None:
                assert record.title_text
                continue
            levels = TITLES[record.title]["unit_levels"]
            assert not levels or units[record.unit].versions[-1].level in levels, record
            kinds = TITLES[record.title]["unit_kinds"]
            if record.effective_until is None:
                assert not kinds or units[record.unit].versions[-1].kind in kinds, record


def test_party_members_are_adults(people: list[Person]) -> None:
    """Admission after 18, official a year later, and leaders and holders of Party posts are members by then."""
    for person in people:
        for membership in person.party:
            assert membership.effective_from >= add_months(person.cadre.born, 18 * 12)
            official = membership.official_on
            assert official is None or add_months(membership.effective_from, 12) <= official <= DAY
        for record in person.assignments:
            if record.kind == "party":
                assert person.party
                assert record.effective_from >= person.party[0].effective_from


def test_pay_follows_its_tables(people: list[Person]) -> None:
    """Step and coefficient are those of the rank's scale; pay never falls; over the frame only at the last step."""
    tables = {rank.code: rank.coefficients for role in ROLES.values() for rank in role.ranks}
    for person in people:
        for record in person.pay_steps:
            assert record.coefficient == tables[record.rank][record.step - 1]
            assert record.over_frame_percent is None or record.step == len(tables[record.rank])
            assert record.rank_appointed_on <= record.effective_from
        for one, other in pairwise(person.pay_steps):
            assert one.coefficient <= other.coefficient
    shown = [record for person in people for record in person.pay_steps if record.over_frame_percent]
    assert shown
    assert min(record.over_frame_percent for record in shown) == Decimal(5)


def test_codes_are_those_of_the_lists(province: Demonstration, people: list[Person]) -> None:
    """Every code stands in its list and is open on the day from which a row holds."""
    levels = {
        (item["kind"], item["code"])
        for name in list_names()
        if read_list(name)["model"] == "QualificationLevel"
        for item in read_list(name)["items"]
    }
    decisions = {decision.key for person in people for decision in person.decisions}
    decisions |= {decision.key for decision in province.structure.decisions}
    positions = {(position.unit, position.code) for position in province.structure.job_positions}
    mandates = {(mandate.body, mandate.begins_on.year) for mandate in province.structure.mandates}
    lists = {
        "ethnicity": codes("EthnicGroup"),
        "religion": codes("Religion"),
        "birth_commune": codes("Commune"),
        "home_commune": codes("Commune"),
        "family_background": codes("FamilyBackground"),
        "policy_status": codes("PolicyStatus"),
        "schooling": codes("Schooling"),
        "honour": codes("HonourTitle"),
    }
    allowance_kinds, forms, honours = codes("AllowanceKind"), codes("CommendationForm"), codes("HonourTitle")
    languages, studies, disciplines = codes("Language"), codes("StudyForm"), codes("DisciplineForm")
    relative_kinds, property_kinds, kinds = codes("RelativeKind"), codes("PropertyKind"), codes("DecisionKind")
    for person in people:
        for field, known in lists.items():
            value = getattr(person.cadre, field)
            assert value is None or value in known, (field, value)
        for record in person.employments:
            assert EmploymentCategory(record.category)
            assert EmploymentState(record.state)
            assert record.decision is None or record.decision in decisions
        for record in person.assignments:
            assert AssignmentKind(record.kind)
            assert record.decision is None or record.decision in decisions
            assert record.job_position is None or (record.unit, record.job_position) in positions
            assert record.mandate is None or record.mandate in mandates
        for record in person.qualifications:
            assert QualificationKind(record.kind)
            assert record.level is None or (record.kind, record.level) in levels, record
            assert record.language is None or record.language in languages
            assert record.study_form is None or record.study_form in studies
            assert record.studied_from <= record.studied_until <= record.effective_from
        assert {record.kind for record in person.allowances} <= allowance_kinds
        assert {record.form for record in person.commendations} - {None} <= forms
        assert {record.emulation_title for record in person.commendations} - {None} <= honours
        assert {record.form for record in person.disciplines} <= disciplines
        assert {record.kind for record in person.relatives} <= relative_kinds
        assert {record.property_kind for record in person.assets} - {None} <= property_kinds
        assert all(AssetKind(record.kind) for record in person.assets)
        assert all(LifeHistoryKind(record.kind) for record in person.life_histories)
        assert all(BloodGroup(record.blood_group) for record in person.health_checks)
        assert all(PoliticalReviewResult(record.result) for record in person.political_reviews)
        assert {decision.kind for decision in person.decisions} <= kinds


def test_personal_numbers_agree_with_sex_and_birth(people: list[Person]) -> None:
    """Twelve digits: a known province, century and sex, year; outside the serials of the sample lists."""
    prefixes = {prefix for item in read_list("provinces")["items"] for prefix in item["birth_number_codes"]}
    for person in people:
        number = person.cadre.personal_number
        if number is None:
            continue
        born = person.cadre.born
        assert len(number) == 12
        assert number[:3] in prefixes
        assert int(number[3]) == 2 * (born.year >= 2000) + (person.cadre.sex == "female")
        assert int(number[4:6]) == born.year % 100
        assert int(number[6:]) >= 100_000


def test_the_people_look_like_a_province(people: list[Person]) -> None:
    """Most teach or heal; shares of women, minorities, Party, ages and leavers are believable."""
    present = [person for person in people if person.employments[-1].state not in ENDED]
    share = lambda kept: sum(map(kept, present)) / len(present)  # noqa: E731
    service = share(lambda person: mains(person)[-1].unit.startswith(("TR.", "BV.", "TYT.", "TTYT.")))
    assert 0.55 < service < 0.8
    assert 0.5 < share(lambda person: person.cadre.sex == "female") < 0.72
    assert 0.35 < share(lambda person: person.cadre.ethnicity not in (None, "01")) < 0.6
    assert 0.4 < share(lambda person: bool(person.party)) < 0.75
    ages = Counter((DAY.year - person.cadre.born.year) // 10 for person in present)
    assert ages[3] > ages[2] > 0
    assert ages[3] + ages[4] > len(present) * 0.55
    assert 0.02 < 1 - len(present) / len(people) < 0.09
    assert {person.employments[-1].state for person in people} >= {"working", "maternity", "retired", "left"}
    assert any(person.cadre.born_precision == "year" for person in people)
    assert any(person.cadre.ethnicity is None for person in people)
    careers = Counter(len(mains(person)) for person in people)
    assert set(careers) >= {1, 2, 3, 4}
    assert any(record.unit and record.unit.startswith("H.") for person in people for record in person.assignments)


def test_a_small_province_keeps_the_rules() -> None:
    """The smallest sizes work; below them a sentence."""
    small = generate(size=60, seed=3, day=DAY)
    assert len(list(small.people())) == 60
    with pytest.raises(ValueError, match="at least"):
        generate(size=5, seed=1, day=DAY)


def test_any_day_works() -> None:
    """The province can be drawn for another day, shortly after the reform as well as years later."""
    for day in (date(2025, 12, 31), date(2031, 3, 1)):
        people = list(generate(size=300, seed=5, day=day).people())
        for person in people:
            assert all(record.effective_from <= day for record in periods(person))
            assert follow_one_another(mains(person), without_gap=True)
