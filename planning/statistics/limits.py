"""How many people a seat, and how many seats a person: counted over a round, bodies apart (giới hạn quy hoạch)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from planning.choices import STANDING
from planning.models import Candidate
from planning.rules.eligibility import PEOPLE, SEATS
from planning.rules.law import LAW


def people_by_seat(candidates: QuerySet[Any]) -> dict[int, int]:
    """How many of some candidates stand on each seat, by the id of the seat."""
    counted = candidates.filter(state__in=STANDING).order_by().values_list("seat_id").annotate(Count("pk"))
    return dict(counted)


def ahead_by_candidate(candidates: QuerySet[Any]) -> dict[int, int]:
    """How many stand before each of some candidates on his seat, in the order of the list: who is one too many."""
    counted: dict[int, int] = defaultdict(int)
    found = {}
    rows = candidates.filter(state__in=STANDING).order_by("seat_id", "position", "pk")
    for pk, seat_id in rows.values_list("pk", "seat_id"):
        found[pk] = counted[seat_id]
        counted[seat_id] += 1
    return found


def seats_by_person(candidates: QuerySet[Any]) -> dict[int, int]:
    """For how many posts of some candidates each person stands, bodies not counted."""
    posts = candidates.filter(state__in=STANDING, seat__is_body=False)
    return dict(posts.order_by().values_list("cadre_id").annotate(Count("pk")))


def most_people(day: date) -> int | None:
    """How many may be planned for one seat by the law of the day."""
    held = LAW["places/people_per_seat"].at(day)
    return None if held is None or held.value is None else int(held.value)


def most_seats(day: date) -> int | None:
    """For how many posts one may be planned by the law of the day."""
    held = LAW["places/seats_per_person"].at(day)
    return None if held is None or held.value is None else int(held.value)


def limits_broken(standing: QuerySet[Any], day: date) -> list[str]:
    """What exceeds the limits among those who stand in a round, in words; who has a reason for it is not counted."""
    per_seat, per_person = most_people(day), most_seats(day)
    by_seat: dict[int, list[Candidate]] = defaultdict(list)
    by_person: dict[int, list[Candidate]] = defaultdict(list)
    for row in standing.select_related("cadre", "seat__title", "seat__unit"):
        if PEOPLE.key not in row.overrides:
            by_seat[row.seat_id].append(row)
        if SEATS.key not in row.overrides and not row.seat.is_body:
            by_person[row.cadre_id].append(row)
    broken = []
    for found in by_seat.values():
        places = found[0].seat.places(per_seat)
        if places is not None and len(found) > places:
            broken.append(f"{found[0].seat} có {len(found)} người, tối đa {places}")
    for found in by_person.values():
        if per_person is not None and len(found) > per_person:
            broken.append(f"{found[0].cadre.full_name} được giới thiệu {len(found)} chức danh, tối đa {per_person}")
    return broken
