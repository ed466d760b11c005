"""Everybody on the list of a round with what papers say of him (danh sách quy hoạch): as it stands, or as approved.

What an approved list said is kept with it (`told` of each person of its content) and never read anew; of lists that
were approved before that was kept, the record of the round's day fills in, and `is_refilled` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, LevelChoice
from appraisal.models import Rating, UnitSubmission
from hrdb.kernel.dates import age_on, counted_day, format_date
from hrdb.kernel.screens.formats import percent_text
from personnel.choices import AssignmentKind, QualificationKind
from personnel.models import Assignment, Cadre, Qualification, UnitVersion
from personnel.reports.roster_list import list_rows
from planning.choices import STANDING, CandidateSource, CandidateState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.statistics.limits import most_people
from planning.statistics.names import unit_names

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What stands in place of what the reader may not see of a person (tier 1).
CLOSED = "••••"
TIER_1 = frozenset({"ethnicity", "religion"})
#: Yearly ratings that a list tells, the last so many.
YEARS_RATED = 3

#: What a list says of a person, in words by key, and what summaries count of him.
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody on the list for one seat; `told` in words, `counts` for summaries."""

    cadre_id: int
    name: str
    object: int
    source: str
    told: Mapping[str, str]
    counts: Mapping[str, Any]
    votes: str
    note: str


@dataclass(frozen=True, slots=True)
class ListedSeat:
    """A seat with its people in order; `places` how many may be planned for it, where that is known."""

    key: tuple[str, str]
    title: str
    unit: str
    number: int
    is_body: bool
    places: int | None
    level: str
    branch: str
    group: str
    people: tuple[ListedPerson, ...]


@dataclass(frozen=True)
class RoundListing:
    """The list of a round, of what the reader sees of it; `is_whole` when he reads every seat of it."""

    round: PlanningRound
    seats: tuple[ListedSeat, ...]
    is_frozen: bool
    is_refilled: bool
    is_whole: bool
    left_since: int
    people: frozenset[int] = field(default_factory=frozenset)

    @property
    def entries(self) -> int:
        """Rows of the list (lượt người)."""
        return sum(len(seat.people) for seat in self.seats)

    @property
    def day(self) -> date:
        """The day of which the list tells."""
        return self.round.day


def round_listing(planning_round: PlanningRound, user: User | None, *, with_words: bool = True) -> RoundListing:
    """The list of a round for a reader; the number of queries does not depend on how many stand on it.

    Summaries ask no words of people, which are the dearest of it.
    """
    is_frozen = planning_round.is_frozen and bool((planning_round.content or {}).get("seats"))
    rows = Candidate.objects.filter(seat__round=planning_round).visible_to(user)
    seats = PlannedSeat.objects.visible_to(user).filter(round=planning_round)
    content = planning_round.content if is_frozen else list_content(planning_round, rows=rows, with_words=with_words)
    assert content is not None
    seen_seats = set(seats.values_list("title__code", "unit__code"))
    seen = set(rows.values_list("seat__title__code", "seat__unit__code", "cadre_id"))
    listed = {
        (seat["title"], seat["unit"]): [
            one for one in seat["people"] if (seat["title"], seat["unit"], one["cadre"]) in seen
        ]
        for seat in content["seats"]
    }
    lacking = {one["cadre"] for people in listed.values() for one in people if "told" not in one}
    filled = told_of_people(lacking, planning_round.day, with_words=with_words) if lacking else {}
    ids = frozenset(one["cadre"] for people in listed.values() for one in people)
    opened = _opened(ids, user)
    heads = _heads(seats, planning_round) if any("name" not in seat for seat in content["seats"]) else {}
    return RoundListing(
        round=planning_round,
        seats=tuple(
            _seat({**heads.get((seat["title"], seat["unit"]), {}), **seat}, people, content, filled, opened)
            for seat in content["seats"]
            if (seat["title"], seat["unit"]) in seen_seats
            for people in [listed[seat["title"], seat["unit"]]]
        ),
        is_frozen=is_frozen,
        is_refilled=is_frozen and bool(lacking),
        is_whole=len(seen_seats) == planning_round.seats.count(),
        left_since=rows.filter(state=CandidateState.REMOVED, removed_on__isnull=False).count() if is_frozen else 0,
        people=ids,
    )


def list_content(planning_round: PlanningRound, *, rows: Any = None, with_words: bool = True) -> dict[str, Any]:
    """The list as it stands: seat by seat, with its people in order, what was found, how was voted, what is told of
    them. This is what approval freezes; `rows` are the candidates asked for, else all."""
    rows = Candidate.objects.filter(seat__round=planning_round) if rows is None else rows
    standing = rows.filter(state__in=STANDING).select_related("cadre").order_by("seat_id", "position", "pk")
    listed = list(standing)
    told = told_of_people({row.cadre_id for row in listed}, planning_round.day, with_words=with_words)
    people: dict[int, list[dict[str, Any]]] = {}
    for row in listed:
        people.setdefault(row.seat_id, []).append(
            {
                "cadre": row.cadre_id,
                "personal_number": row.cadre.personal_number or "",
                "name": row.cadre.full_name,
                "object": row.object,
                "source": row.source,
                "outcomes": {found["rule"]: found["outcome"] for found in row.findings},
                "overrides": row.overrides,
                "tallies": row.tallies,
                "training_plan": row.training_plan,
                "told": told.get(row.cadre_id, {"words": {}, "counts": {}}),
            }
        )
    seats = planning_round.seats.select_related("title", "unit").order_by("position", "pk")
    heads = _heads(seats, planning_round)
    return {
        "round": planning_round.code,
        "term": planning_round.term,
        "day": planning_round.day.isoformat(),
        "steps": _steps(planning_round),
        "seats": [
            {
                "title": seat.title.code,
                "unit": seat.unit.code,
                "number": seat.number,
                **heads[seat.title.code, seat.unit.code],
                "people": people.get(seat.pk, []),
            }
            for seat in seats
        ],
    }


def told_of_people(cadre_ids: Iterable[int], day: date, *, with_words: bool = True) -> dict[int, Any]:
    """What lists tell of people on a day: words by column, and what summaries count; a constant number of queries."""
    ids = sorted(set(cadre_ids))
    people = list(Cadre.objects.filter(pk__any=ids).select_related("ethnicity", "religion", "academic_title"))
    levels = _levels(ids, day)
    words = _words(people, day) if with_words else {}
    return {
        cadre.pk: {"words": words.get(cadre.pk, {}), "counts": _counts(cadre, day) | levels.get(cadre.pk, {})}
        for cadre in people
    }


def _counts(cadre: Cadre, day: date) -> dict[str, Any]:
    born = cadre.birth
    return {
        "sex": cadre.sex,
        "is_minority": bool(cadre.ethnicity and cadre.ethnicity.is_minority),
        "age": age_on(counted_day(born), day) if born else None,
        "academic": cadre.academic_title.code if cadre.academic_title else "",
    }


def _words(people: Sequence[Cadre], day: date) -> dict[int, dict[str, str]]:
    """What the columns of lists say of people; of a stub only name and unit."""
    ids = [cadre.pk for cadre in people]
    held, rated = _posts_since(ids, day), _ratings(ids, day)
    found = {}
    for cadre, row in zip(people, list_rows(people, day, None), strict=True):
        is_stub = bool(row.note)
        words = {
            "born": row.born_male or row.born_female,
            "ethnicity": row.ethnicity,
            "religion": "" if is_stub or cadre.religion is None else cadre.religion.name,
            "home_town": row.home_town,
            "post": row.title,
            "unit": row.unit,
            "post_since": "" if is_stub else held.get(cadre.pk, ""),
            "rank": " ".join(filter(None, (row.rank, f"bậc {row.step}" if row.step else ""))),
            "party_joined_on": row.party_joined_on,
            "party_official_on": row.party_official_on,
            "degree": row.degree,
            "political_theory": row.political_theory,
            "state_management": row.state_management,
            "language": row.language,
            "informatics": row.informatics,
            "ratings": "" if is_stub else rated.get(cadre.pk, ""),
            "recruited_on": row.recruited_on,
            "stub": row.note,
        }
        found[cadre.pk] = {key: text for key, text in words.items() if text}
    return found


def _seat(
    seat: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    content: Mapping[str, Any],
    filled: Mapping[int, Any],
    opened: frozenset[int],
) -> ListedSeat:
    summoned = content.get("steps", {}).get(seat["office"], {})
    return ListedSeat(
        key=(seat["title"], seat["unit"]),
        title=seat["name"],
        unit=seat["unit_name"],
        number=seat["number"],
        is_body=seat["is_body"],
        places=seat["places"],
        level=seat["level"],
        branch=seat["branch"],
        group=seat["group"],
        people=tuple(_person(one, summoned, filled, opened) for one in people),
    )


def _person(
    one: Mapping[str, Any], summoned: Mapping[str, int], filled: Mapping[int, Any], opened: frozenset[int]
) -> ListedPerson:
    told = one.get("told") or filled.get(one["cadre"]) or {"words": {}, "counts": {}}
    words = dict(told["words"])
    if one["cadre"] not in opened:
        words |= {key: CLOSED for key in TIER_1 if words.get(key)}
    return ListedPerson(
        cadre_id=one["cadre"],
        name=one["name"],
        object=one["object"],
        source=str(CandidateSource(one["source"]).label),
        told=words,
        counts=told["counts"],
        votes=_votes(one.get("tallies") or {}, summoned),
        note="; ".join(filter(None, (one.get("training_plan", ""), words.get("stub", "")))),
    )


def _opened(ids: Iterable[int], user: User | None) -> frozenset[int]:
    """Of whom the reader sees tier 1."""
    found: Any = Cadre.objects.filter(pk__in=list(ids)).with_tier_1(user).only("pk")
    return frozenset(one.pk for one in found if one.is_tier_1_open)


def _heads(seats: Any, planning_round: PlanningRound) -> dict[tuple[str, str], dict[str, Any]]:
    """What is told of seats beside their people, as their units stood on the round's day."""
    listed = list(seats.select_related("title", "unit", "part__unit"))
    units = {seat.unit_id for seat in listed}
    names = unit_names(units, planning_round.day)
    versions = UnitVersion.objects.standing_on(planning_round.day).filter(unit_id__any=sorted(units))
    levels = dict(versions.values_list("unit_id", "level"))
    most = most_people(planning_round.day)
    return {
        (seat.title.code, seat.unit.code): {
            "name": seat.title.name,
            "unit_name": names[seat.unit_id],
            "is_body": seat.is_body,
            "places": seat.places(most),
            "level": levels.get(seat.unit_id, ""),
            "branch": seat.title.branch,
            "group": seat.title.group,
            "office": seat.part.unit.code if seat.part is not None else seat.unit.code,
        }
        for seat in listed
    }


def _steps(planning_round: PlanningRound) -> dict[str, dict[str, int]]:
    """How many were summoned to each step in each office."""
    found: dict[str, dict[str, int]] = {}
    steps = planning_round.steps.filter(summoned__isnull=False).values_list("unit__code", "number", "summoned")
    for unit, number, summoned in steps.order_by("unit__code", "number"):
        found.setdefault(unit, {})[str(number)] = summoned or 0
    return found


def _votes(tallies: Mapping[str, Any], summoned: Mapping[str, int]) -> str:
    """Votes of each step with their share of those summoned: «B1: 14 (87,5%)»."""
    told = []
    for number in sorted(tallies, key=int):
        votes, whole = tallies[number].get("votes"), summoned.get(number)
        if votes is not None:
            told.append(f"B{number}: {votes}" + (f" ({percent_text(votes / whole)})" if whole else ""))
    return "; ".join(told)


def _posts_since(ids: Sequence[int], day: date) -> dict[int, str]:
    """Since when the main post is held."""
    rows = Assignment.objects.in_force(day).filter(cadre_id__any=list(ids), kind=AssignmentKind.MAIN)
    return {pk: format_date(start) for pk, start in rows.values_list("cadre_id", "effective_from")}


def _ratings(ids: Sequence[int], day: date) -> dict[int, str]:
    """The last approved yearly ratings in words."""
    approved = set(
        UnitSubmission.objects.filter(
            state__in=FROZEN_SUBMISSIONS, cycle__kind=CycleKind.YEAR, approved_on__lte=day
        ).values_list("cycle_id", "unit_id")
    )
    rows = Rating.objects.filter(cadre_id__any=list(ids), cycle__kind=CycleKind.YEAR)
    found: dict[int, list[tuple[int, str]]] = {}
    rated = rows.exclude(level="").order_by("-cycle__ends_on")
    for cadre_id, cycle_id, unit_id, ends_on, level in rated.values_list(
        "cadre_id", "cycle_id", "unit_id", "cycle__ends_on", "level"
    ):
        years = found.setdefault(cadre_id, [])
        if (cycle_id, unit_id) in approved and len(years) < YEARS_RATED:
            years.append((ends_on.year, LevelChoice(level).label))
    return {pk: "; ".join(f"{year}: {word}" for year, word in sorted(years)) for pk, years in found.items()}


def _levels(ids: Sequence[int], day: date) -> dict[int, dict[str, str]]:
    """The group of the highest level of profession and of political theory."""
    kinds = {QualificationKind.PROFESSIONAL: "degree", QualificationKind.POLITICAL_THEORY: "theory"}
    rows = Qualification.objects.in_force(day).filter(
        cadre_id__any=list(ids), kind__in=list(kinds), level__rank__isnull=False
    )
    found: dict[int, dict[str, str]] = {}
    for cadre_id, kind, group in rows.order_by("level__rank", "pk").values_list("cadre_id", "kind", "level__group"):
        found.setdefault(cadre_id, {}).setdefault(kinds[QualificationKind(kind)], group or "other")
    return found
