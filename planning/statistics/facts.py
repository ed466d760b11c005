"""What the record tells of many people for planning, in a constant number of queries (dữ kiện xét quy hoạch)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind
from appraisal.models import Rating, RatingCycle, UnitSubmission
from hrdb.kernel.dates import PartialDate
from personnel.choices import DecisionState
from personnel.models import (
    Assignment,
    Cadre,
    DecisionItem,
    Discipline,
    PartyMembership,
    PoliticalReview,
    Qualification,
)
from personnel.rules.discipline import FORM_OF_CODE, PastDiscipline
from personnel.rules.standards import Level
from personnel.statistics.completeness import completeness_of_many
from planning.rules.eligibility import Person
from planning.rules.law import LAW

#: Kinds of qualification by the requirement that asks for them.
REQUIREMENT_OF_KIND = {
    "professional": "professional_level",
    "political_theory": "political_theory",
    "state_management": "state_management",
    "foreign_language": "foreign_language",
}

#: Codes of the kinds of decision that propose somebody for a title.
PROPOSING = ("x-bo-nhiem", "x-gioi-thieu-ung-cu", "x-bau-cu", "x-chi-dinh")

#: States of a decision that is not signed yet.
PROPOSED = (DecisionState.DRAFT, DecisionState.CHECKED, DecisionState.SUBMITTED)


def people_facts(
    cadre_ids: Iterable[int], day: date, *, planned: Mapping[int, int] | None = None, with_files: bool = True
) -> dict[int, Person]:
    """The facts of some people on a day, by id; `planned` how many titles each is planned for already.

    `with_files` asks also which rows of the record are missing, which is the dearest of the questions.
    """
    ids = list(cadre_ids)
    cadres = Cadre.objects.filter(pk__any=ids)
    rows = {
        row["pk"]: row
        for row in cadres.values(
            "pk", "born", "born_precision", "sex", "ethnicity_id", "ethnicity__is_minority", "classification"
        )
    }
    titles = _titles(ids, day)
    members = set(PartyMembership.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", flat=True))
    disciplines, reviews = _disciplines(ids, day), _reviews(ids, day)
    ratings, levels = _ratings(ids, day), _levels(ids, day)
    proposed = set(
        DecisionItem.objects.filter(
            cadre_id__any=ids, decision__state__in=PROPOSED, decision__kind__code__in=PROPOSING
        ).values_list("cadre_id", flat=True)
    )
    missing: dict[int, tuple[str, ...]] = {}
    if with_files:
        left_out = LAW["conditions/file_rows_left_out"].at(day)
        unasked = set(left_out.value) if left_out is not None and left_out.value is not None else set()
        missing = {
            key: tuple(one.label for one in found.missing if one.key not in unasked)
            for key, found in completeness_of_many(cadres, day).items()
        }
    return {
        key: Person(
            sex=row["sex"] or None,  # type: ignore[arg-type]
            born=PartialDate(row["born"], row["born_precision"]) if row["born"] else None,  # type: ignore[arg-type]
            is_minority=row["ethnicity__is_minority"] if row["ethnicity_id"] else None,
            holds_title=key in titles,
            title_rank=titles.get(key),
            is_party_member=key in members,
            disciplines=disciplines.get(key, ()),
            review=reviews.get(key, (None, None, None)),
            ratings=ratings.get(key),
            levels=levels.get(key, {}),
            has_proposal=key in proposed,
            missing_rows=missing.get(key, ()),
            classification=row["classification"],
            planned_seats=(planned or {}).get(key, 0),
        )
        for key, row in rows.items()
    }


def leaders(day: date) -> QuerySet[Any]:
    """Ids of those who hold a leadership title on a day."""
    held = Assignment.objects.in_force(day).filter(title__is_leadership=True).exclude(kind="acting")
    return held.order_by().values("cadre_id")


def slight_facts(people: QuerySet[Cadre], day: date) -> list[tuple[int, Person]]:
    """Of many people, in their order, only what three cheap questions tell: birth, sex, title held, Party membership.

    People of whom these tell the same share one value, by the month of birth.
    """
    titles = _titles(None, day)
    members = set(PartyMembership.objects.in_force(day).values_list("cadre_id", flat=True))
    shared: dict[Any, Person] = {}
    found = []
    for pk, born, precision, sex, is_minority in people.values_list(
        "pk", "born", "born_precision", "sex", "ethnicity__is_minority"
    ):
        month = born.replace(day=1) if born else None
        key = (month, precision, sex, is_minority, pk in titles, titles.get(pk), pk in members)
        person = shared.get(key)
        if person is None:
            person = shared[key] = Person(
                sex=sex or None,  # type: ignore[arg-type]
                born=PartialDate(month, precision) if month else None,  # type: ignore[arg-type]
                is_minority=is_minority,
                holds_title=pk in titles,
                title_rank=titles.get(pk),
                is_party_member=pk in members,
            )
        found.append((pk, person))
    return found


def _titles(ids: list[int] | None, day: date) -> dict[int, int | None]:
    """The order of the highest leadership title held, None where it is not known; without ids of everybody."""
    held: dict[int, int | None] = {}
    rows = Assignment.objects.in_force(day).filter(title__is_leadership=True).exclude(kind="acting").order_by()
    if ids is not None:
        rows = rows.filter(cadre_id__any=ids)
    for cadre_id, rank in rows.values_list("cadre_id", "title__rank"):
        if cadre_id not in held or (rank is not None and (held[cadre_id] is None or rank < held[cadre_id])):  # type: ignore[operator]
            held[cadre_id] = rank
    return held


def _disciplines(ids: list[int], day: date) -> dict[int, list[PastDiscipline]]:
    found: dict[int, list[PastDiscipline]] = defaultdict(list)
    rows = Discipline.objects.filter(cadre_id__any=ids, effective_from__lte=day)
    for cadre_id, code, start, is_for_corruption in rows.values_list(
        "cadre_id", "form__code", "effective_from", "is_for_corruption"
    ):
        found[cadre_id].append(PastDiscipline(FORM_OF_CODE.get(code), start, is_for_corruption))
    return found


def _reviews(ids: list[int], day: date) -> dict[int, tuple[str, date, date | None]]:
    rows = PoliticalReview.objects.filter(cadre_id__any=ids, concluded_on__lte=day).order_by("concluded_on", "pk")
    return {
        cadre_id: (result, concluded_on, valid_until)
        for cadre_id, result, concluded_on, valid_until in rows.values_list(
            "cadre_id", "result", "concluded_on", "valid_until"
        )
    }


def _ratings(ids: list[int], day: date) -> dict[int, dict[int, str]]:
    """Yearly levels that were approved by the day, by year; which units' ratings stand is asked once for all."""
    cycles = dict(RatingCycle.objects.filter(kind=CycleKind.YEAR).values_list("pk", "ends_on").order_by("-pk"))
    sent = UnitSubmission.objects.filter(cycle__in=cycles, state__in=FROZEN_SUBMISSIONS, approved_on__lte=day)
    approved = set(sent.values_list("cycle_id", "unit_id"))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Rating.objects.filter(cadre_id__any=ids, cycle__in=cycles).exclude(level="").order_by()
    for cadre_id, cycle_id, unit_id, level in rows.values_list("cadre_id", "cycle_id", "unit_id", "level"):
        if (cycle_id, unit_id) in approved:
            found[cadre_id][cycles[cycle_id].year] = level
    return found


def _levels(ids: list[int], day: date) -> dict[int, dict[str, Level]]:
    """The highest level of each kind that is held on the day."""
    best: dict[int, dict[str, Level]] = defaultdict(dict)
    rows = Qualification.objects.in_force(day).filter(cadre_id__any=ids, level__isnull=False)
    for cadre_id, kind, name, rank in rows.values_list("cadre_id", "kind", "level__name", "level__rank"):
        requirement = REQUIREMENT_OF_KIND.get(kind)
        if requirement is None:
            continue
        held = best[cadre_id].get(requirement)
        if held is None or _higher(rank, held.rank):
            best[cadre_id][requirement] = Level(name, rank)
    return best


def _higher(rank: int | None, other: int | None) -> bool:
    return rank is not None and (other is None or rank < other)
