"""Suggestions of the decision pages: people whom the user decides on, signed decisions of the scope."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import F, Q

from hrdb.kernel.dates import format_date
from hrdb.kernel.models import User
from personnel.choices import AssignmentKind
from personnel.forms.lookups import lookup_sources
from personnel.models import Assignment, Cadre, Decision, JobPosition, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.numbers import numbered_q

#: Digits of a key; a personal number has more.
KEY_DIGITS = 9


def posts_of(cadre_ids: Sequence[int], day: datetime.date) -> dict[int, str]:
    """Title and unit of some people on a day, by id; a handful of statements for all."""
    if not cadre_ids:
        return {}
    held = Assignment.objects.in_force(day).filter(cadre_id__any=list(cadre_ids), kind=AssignmentKind.MAIN)
    posts = {post.cadre_id: post for post in held.select_related("title")}
    units = {post.unit_id for post in posts.values() if post.unit_id is not None}
    names = dict(UnitVersion.objects.standing_on(day).filter(unit__in=units).values_list("unit_id", "name"))
    return {
        pk: ", ".join(filter(None, [post.title_name, names.get(post.unit_id or 0, post.organisation)]))
        for pk, post in posts.items()
    }


class PersonSource:
    """People on whom the reader decides, by name, number or key; written so that namesakes are told apart."""

    key = "person"

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """Who fits, in Vietnamese order."""
        mine, words = Cadre.objects.visible_to(user, Action.DECIDE), text.strip()
        people: list[Cadre] = list(mine.filter(pk=int(words))) if _is_key(words) else []
        people += mine.search(words, user).exclude(pk__in=[one.pk for one in people]).order_by("sort_key", "pk")[:limit]
        posts = posts_of([cadre.pk for cadre in people], day)
        return [(cadre.pk, _written(cadre, posts.get(cadre.pk, ""))) for cadre in people]

    def written(self, pk: int, day: datetime.date) -> str:
        """Name, birth, post and key."""
        cadre = Cadre.objects.filter(pk=pk).first()
        return _written(cadre, posts_of([pk], day).get(pk, "")) if cadre else ""

    def get(self, pk: int) -> Cadre:
        """The person."""
        found: Cadre = Cadre.objects.get(pk=pk)
        return found


def _is_key(words: str) -> bool:
    return words.isdecimal() and len(words) <= KEY_DIGITS


def _written(cadre: Cadre, post: str) -> str:
    born = cadre.birth.text if cadre.birth else ""
    return f"{', '.join(filter(None, [cadre.full_name, born, post]))} ({cadre.pk})"


class PositionSource:
    """Job positions of the units on which the reader decides, by name or code."""

    key = "position"

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """By a part of the name or the beginning of the code."""
        words, units = text.strip(), Unit.objects.visible_to(user, Action.DECIDE)
        found = JobPosition.objects.in_force(day).filter(Q(name__icontains=words) | Q(code__istartswith=words))
        rows = (
            found.filter(unit__in=units).order_by("name", "unit__code").values_list("pk", "name", "code", "unit__code")
        )
        return [(pk, position_written(name, code, unit)) for pk, name, code, unit in rows[:limit]]

    def written(self, pk: int, day: datetime.date) -> str:
        """Name, code and unit."""
        row = JobPosition.objects.filter(pk=pk).values_list("name", "code", "unit__code").first()
        return position_written(*row) if row else ""

    def get(self, pk: int) -> JobPosition:
        """The position."""
        found: JobPosition = JobPosition.objects.get(pk=pk)
        return found


def position_written(name: str, code: str, unit: str) -> str:
    """A job position as people choose it: codes repeat from unit to unit."""
    return f"{name} ({code}, {unit})"


class DecisionSource:
    """Signed decisions in the reader's scope, by number; the newest first."""

    key = "decision"

    def matching(self, text: str, *, user: User | None, day: datetime.date, limit: int) -> Sequence[tuple[int, str]]:
        """By a part of the number, or by key."""
        words = text.strip()
        signed = Decision.objects.visible_to(user).issued()
        rows: list[Decision] = list(signed.filter(pk=int(words))) if _is_key(words) else []
        found = signed.filter(numbered_q(words)).exclude(pk__in=[row.pk for row in rows])
        rows += found.order_by(F("signed_on").desc(nulls_last=True), "-pk")[:limit]
        return [(row.pk, _named(row)) for row in rows]

    def written(self, pk: int, day: datetime.date) -> str:
        """Number, day and key."""
        row = Decision.objects.filter(pk=pk).first()
        return _named(row) if row else ""

    def get(self, pk: int) -> Decision:
        """The decision."""
        found: Decision = Decision.objects.get(pk=pk)
        return found


def _named(decision: Decision) -> str:
    day = f" ngày {format_date(decision.signed_on)}" if decision.signed_on else ""
    return f"{decision.number}{day}, {decision.issuer} ({decision.pk})"


lookup_sources.register(PersonSource())
lookup_sources.register(PositionSource())
lookup_sources.register(DecisionSource())
