"""The law's conditions in a case: what the record holds, handed to the rules; each kind of decision picks its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.findings import Finding
from personnel.choices import KIND_OF_REQUIREMENT, AssignmentKind, EmploymentState
from personnel.models import (
    Assignment,
    Discipline,
    HealthCheck,
    PartyMembership,
    PoliticalReview,
    Qualification,
    Relative,
    Title,
    TitleStandard,
)
from personnel.rules.appointment import (
    TitleChange,
    age_for_title,
    change_of_title,
    deputies_within_ceiling,
    free_seat,
    paper_valid,
    planned_for,
    political_review_valid,
    ratings_of_last_years,
    time_in_title,
    within_establishment,
)
from personnel.rules.discipline import FORM_OF_CODE, PastDiscipline, Purpose, findings_of_disciplines
from personnel.rules.mobility import may_be_moved
from personnel.rules.standards import (
    NO_LEVEL,
    RECORD_CONFIDENCE,
    Level,
    Standard,
    meets_standard,
    written_citation,
)
from personnel.services.decisions.case_facts import employment_of, main_post
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import Case

#: The code of a relative who is a child.
CHILD = "07"

CLEAR = ActField(
    key="is_clear",
    label="Đã xác nhận không bị xem xét kỷ luật, điều tra, truy tố, xét xử",
    input="flag",
    of_person=True,
)
MOVABLE = ActField(
    key="is_movable",
    label="Đã xác nhận không điều trị bệnh, không đi học dài hạn, không có hoàn cảnh khó khăn",
    input="flag",
    of_person=True,
)

#: What a rule of leadership reads beside custody, employment and posts.
LEADERSHIP_PARTS = (Discipline, PoliticalReview, HealthCheck, Qualification, PartyMembership)


def appointment_findings(case: Case, *, purpose: Purpose = "appointment") -> Iterator[Finding]:
    """Conditions of an appointment to a title; a title without leadership asks only about discipline."""
    title: Title | None = case["title"]
    if title is None or not title.is_leadership:
        yield from discipline_findings(case, purpose)
        return
    change = change_to(case, title)
    cadre, day = case.cadre, case.day
    yield age_for_title(
        sex=cadre.sex or None,  # type: ignore[arg-type]
        born=cadre.birth,
        change=change,
        day=day,
        is_special=bool(case["is_special_case"]),
    )
    if change != "first":
        employment = employment_of(case)
        yield time_in_title(held_since=held_since(case), category=employment.category if employment else None, day=day)
    yield planned_for(is_planned=case.facts.get("is_planned"), day=day, source=source_of(case))
    yield ratings_of_last_years(ratings=case.facts.get("ratings"), day=day)
    yield review_finding(case)
    yield health_finding(case)
    yield from standard_findings(case, title)
    yield from discipline_findings(case, purpose, is_higher=change in ("first", "higher"), is_leadership=True)
    yield from place_findings(case, title)


def change_to(case: Case, title: Title) -> TitleChange | None:
    """First, higher, equivalent or lower, beside the leadership title that is held."""
    post = main_post(case)
    held = post.title if post is not None and post.title is not None and post.title.is_leadership else None
    return change_of_title(
        held_rank=held.rank if held else None, sought_rank=title.rank, holds_a_title=held is not None
    )


def held_since(case: Case) -> date | None:
    """Since when the present title, or one of the same order, is held without a break."""
    post = main_post(case)
    if post is None or post.title is None:
        return None
    start, posts = (
        post.effective_from,
        sorted(case.held.track(Assignment, kind=AssignmentKind.MAIN), key=lambda row: row.effective_from, reverse=True),
    )
    for other in posts:
        if other.effective_until == start and other.title is not None and _same_order(other.title, post.title):
            start = other.effective_from
    return post.first_appointed_on if post.first_appointed_on and post.first_appointed_on < start else start


def _same_order(one: Title, other: Title) -> bool:
    return one.pk == other.pk or (one.rank is not None and one.rank == other.rank)


def source_of(case: Case) -> Any:
    """On site when the title is in the office where the person works, in whichever division; else from elsewhere."""
    post, unit = main_post(case), case["unit"]
    is_here = unit is None or (post is not None and case.places.is_one_office(post.unit_id, unit.pk))
    return "on_site" if is_here else "elsewhere"


def discipline_findings(
    case: Case, purpose: Purpose, *, is_higher: bool = False, is_leadership: bool = False
) -> tuple[Finding, ...]:
    """Every rule on discipline for a purpose; what is pending only the officer can say."""
    past = [
        PastDiscipline(FORM_OF_CODE.get(row.form.code), row.effective_from, row.is_for_corruption)
        for row in case.held.track(Discipline)
        if row.effective_from <= case.day and row.decision_id != case.decision.pk
    ]
    employment = employment_of(case)
    is_suspended = employment is not None and employment.state == EmploymentState.SUSPENDED
    return findings_of_disciplines(
        disciplines=past,
        is_pending=True if is_suspended else (False if case["is_clear"] else None),
        purpose=purpose,
        day=case.day,
        is_higher=is_higher,
        is_leadership=is_leadership,
    )


def review_finding(case: Case) -> Finding:
    """The latest conclusion on the political standard by the day."""
    reviews = [row for row in case.held.track(PoliticalReview) if row.concluded_on <= case.day]
    latest = max(reviews, key=lambda row: row.concluded_on, default=None)
    return political_review_valid(
        result=latest.result if latest else None,
        concluded_on=latest.concluded_on if latest else None,
        valid_until=latest.valid_until if latest else None,
        day=case.day,
    )


def health_finding(case: Case) -> Finding:
    """The latest health certificate by the day."""
    checks = [row.checked_on for row in case.held.track(HealthCheck) if row.checked_on <= case.day]
    return paper_valid(kind="health_certificate", issued_on=max(checks, default=None), day=case.day)


def place_findings(case: Case, title: Title) -> Iterator[Finding]:
    """A free seat, establishment, deputies: with everybody who comes by the same decision."""
    post = main_post(case)
    unit = case["unit"] or (post.unit if post else None)
    if unit is None:
        return
    holds = post is not None and post.unit_id == unit.pk and post.title_id == title.pk
    holders = case.places.holders(unit, title) - (1 if holds else 0)
    seats = case.places.seats(unit, title)
    yield free_seat(
        seats=seats[0] if seats else None,
        holders=holders,
        others=case.facts.get("joining_title", 1) - 1,
        day=case.day,
        citation=seats[1] if seats else None,
    )
    if title.group in ("deputy", "division_deputy"):
        yield deputies_within_ceiling(deputies=holders + case.facts.get("joining_title", 1), day=case.day)
    if post is None or not case.places.is_within(post.unit_id, unit.pk):
        yield establishment_finding(case)


def establishment_finding(case: Case) -> Finding:
    """Whether the unit has places for everybody who comes to it by the decision."""
    numbers = case.places.establishment(case["unit"]) if case["unit"] is not None else None
    return within_establishment(
        assigned=numbers[0] if numbers else None,
        present=numbers[1] if numbers else None,
        joining=case.facts.get("joining_unit", 1),
        day=case.day,
        citation=numbers[2] if numbers else None,
    )


def moving_finding(case: Case) -> Finding:
    """Whether nothing makes a transfer, rotation or secondment wait (a small child, illness, ...)."""
    employment = employment_of(case)
    state = employment.state if employment else None
    relatives = case.held.track(Relative)
    children = [row for row in relatives if row.kind.code == CHILD]
    born = max((row.birth_year for row in children if row.birth_year), default=None)
    unconfirmed = False if case["is_movable"] else None
    return may_be_moved(
        is_under_discipline=True if state == EmploymentState.SUSPENDED else (False if case["is_clear"] else None),
        is_under_investigation=False if case["is_clear"] else None,
        is_ill=unconfirmed,
        is_studying=True if state == EmploymentState.LONG_STUDY else (False if state else None),
        is_seconded=True if state == EmploymentState.SECONDED else (False if state else None),
        is_on_maternity=True if state == EmploymentState.MATERNITY else (False if state else None),
        has_child=bool(children) if relatives else None,
        youngest_child_born=PartialDate(date(born, 1, 1), "year") if born else None,
        is_in_hardship=unconfirmed,
        has_written_wish=bool(case["has_written_wish"]),
        day=case.day,
    )


def standard_findings(case: Case, title: Title) -> Iterator[Finding]:
    """The title's standards in force on the day against what is held."""
    for row in case.places.standards(title):
        standard = Standard(
            kind=row.requirement,
            required=_required(case, row),
            citation=written_citation(row.citation, day=row.effective_from),
            confidence=RECORD_CONFIDENCE[row.confidence],
        )
        yield meets_standard(standard=standard, held=_held_for(case, row), day=case.day)


def _required(case: Case, row: TitleStandard) -> Any:
    """What a standard asks: a level by its code, else the value itself."""
    kind = KIND_OF_REQUIREMENT.get(row.requirement)
    if kind is None or row.value is None:
        return row.value
    return case.places.level(kind, str(row.value))


def _held_for(case: Case, row: TitleStandard) -> Any:
    """What the record holds for a requirement; None when it does not tell."""
    kind = KIND_OF_REQUIREMENT.get(row.requirement)
    if kind is not None:
        return _highest(case, kind)
    if row.requirement == "party_member":
        return case.held.in_force(PartyMembership, case.day) is not None
    if row.requirement == "professional_field":
        fields = [held.field for held in case.held.track(Qualification, kind="professional") if held.field]
        return fields or None
    if row.requirement == "min_years":
        start = case.cadre.first_recruited_on
        return None if start is None else (case.day - start).days // 365
    return None


def _highest(case: Case, kind: str) -> Level | None:
    """The highest level of a kind that is held on the day; none at all is not known to be none."""
    held = [row for row in case.held.track(Qualification, kind=kind) if row.holds_on(case.day)]
    levels = [row.level for row in held if row.level is not None]
    if not levels:
        return None
    best = min(levels, key=lambda level: level.rank if level.rank is not None else NO_LEVEL.rank or 0)
    return Level(best.name, best.rank)
