"""Keeping the entering of ratings and their submission apart, unit by unit, until the transaction ends."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from appraisal.models import RatingCycle


def hold_open(cycle: RatingCycle, units: Iterable[int]) -> None:
    """While ratings of these units are written nobody submits or freezes them; others write beside."""
    _lock("pg_advisory_xact_lock_shared", cycle, units)


def hold_alone(cycle: RatingCycle, unit_id: int) -> None:
    """While a unit is submitted, returned or frozen nobody writes its ratings."""
    _lock("pg_advisory_xact_lock", cycle, [unit_id])


def hold_heads(cycle: RatingCycle, authority_id: int) -> None:
    """While the head of a unit is approved or corrected, no other below the same authority is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"heads:{cycle.pk}:{authority_id}"])


def _lock(function: str, cycle: RatingCycle, units: Iterable[int]) -> None:
    keys = [f"ratings:{cycle.pk}:{unit}" for unit in sorted(set(units))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key", [keys])
