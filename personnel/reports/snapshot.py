"""Reading records for paper: the same small number of queries for one person and for a thousand.

Callers pass cadres of a scoped queryset; what more the reader may see (tiers 1 and 2) is asked here, by today's grants.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hrdb.kernel.models import User
from hrdb.kernel.registries import Registry
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.models import (
    Allowance,
    Asset,
    Assignment,
    Cadre,
    Commendation,
    Custody,
    Discipline,
    HealthCheck,
    LifeHistory,
    PartyMembership,
    PayStep,
    Qualification,
    Relative,
)
from personnel.models.scope import CadreQuerySet
from personnel.reports import rows
from personnel.reports.record import Identity, RecordSnapshot
from personnel.reports.unit_names import UnitNames


class PlannedTitles(Protocol):
    """What an upper app registers to fill «Được quy hoạch chức danh» (item 24)."""

    key: str

    def titles(self, cadre_ids: Sequence[int], day: datetime.date, user: User | None) -> Mapping[int, Sequence[str]]:
        """Titles that each person is planned for on the day, as far as the reader may know; constant queries."""
        ...


planned_titles: Registry[PlannedTitles] = Registry("chức danh quy hoạch trên sơ yếu lý lịch")


class YearlyRatings(Protocol):
    """What an upper app registers to fill «Xếp loại chuyên môn» by year (item 35.1)."""

    key: str

    def levels(self, cadre_ids: Sequence[int], day: datetime.date) -> Mapping[int, Mapping[int, str]]:
        """The published level of each person by year, of years that had ended by the day; constant queries."""
        ...


yearly_ratings: Registry[YearlyRatings] = Registry("kết quả xếp loại trên sơ yếu lý lịch")

#: What is joined to a person whose whole record is read.
LOOKED_UP = (
    "ethnicity",
    "religion",
    "birth_commune__province",
    "home_commune__province",
    "family_background",
    "policy_status",
    "schooling",
    "academic_title",
    "honour",
)


def printable(user: User | None, day: datetime.date) -> CadreQuerySet:
    """Cadres whose record `user` may print as of `day`.

    Those visible today, and for a past day also those whose record was kept in the user's scope on that day.
    """
    visible = Cadre.objects.visible_to(user)
    if user is None or day >= timezone.localdate():
        return visible
    held = Cadre.objects.held_on(user, day)
    return Cadre.objects.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=held.values("pk")))


def record_snapshot(cadre: Cadre, day: datetime.date, *, user: User | None) -> RecordSnapshot:
    """The record of one cadre on `day` as `user` may see it (None: the operator)."""
    return record_snapshots([cadre], day, user)[0]


def record_snapshots(
    cadres: Iterable[Cadre], day: datetime.date, user: User | None, *, with_photos: bool = True
) -> list[RecordSnapshot]:
    """The records of cadres on `day`, in the order given; at most 20 queries however many they are.

    Of who has since moved out of the reader's scope only what belongs to the day: no photograph, and nothing that is
    known of the present alone.
    """
    ids = [cadre.pk for cadre in cadres]
    seen_today = Exists(Cadre.objects.filter(pk=OuterRef("pk")).visible_to(user))
    asked = Cadre.objects.filter(pk__in=ids).select_related(*LOOKED_UP).with_tier_1(user)
    found = {c.pk: c for c in asked.annotate(is_seen_today=seen_today)}
    opened = set(Cadre.objects.filter(pk__in=ids).readable_in_tier_2(user).values_list("pk", flat=True))
    whole = [pk for pk, cadre in found.items() if cadre.classification not in STUB_CLASSIFICATIONS]
    parts = _Parts.read(list(found), whole, [pk for pk in whole if pk in opened], day, user)
    return [_snapshot(found[pk], day, parts, pk in opened, with_photos) for pk in ids if pk in found]


@dataclass(frozen=True)
class _Parts:
    """The rows of many records by cadre id, each kind read in one query."""

    custodies: dict[int, list[Custody]]
    assignments: dict[int, list[Assignment]]
    units: UnitNames
    plain: dict[str, dict[int, list[Any]]]
    planned: dict[int, tuple[str, ...]]
    rated: dict[int, dict[int, str]]

    @classmethod
    def read(cls, ids: list[int], whole: list[int], opened: list[int], day: datetime.date, user: User | None) -> _Parts:
        """Ask for everything; `whole` are records that are more than a stub, `opened` those whose tier 2 is open."""
        custodies = _by_cadre(Custody.objects.filter(cadre__in=ids).in_force(day))
        assignments = _by_cadre(
            Assignment.objects.filter(cadre__in=whole)
            .begun_by(day)
            .select_related("title")
            .order_by("effective_from", "kind", "pk")
        )
        kept = [row.unit_id for held in (custodies, assignments) for group in held.values() for row in group]
        plain = {name: _by_cadre(queryset) for name, queryset in _plain_rows(whole, day).items()}
        plain |= {name: _by_cadre(queryset) for name, queryset in _sensitive_rows(opened, day).items()}
        return cls(custodies, assignments, UnitNames.read(kept), plain, _planned(whole, day, user), _rated(whole, day))


def _by_cadre(queryset: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in queryset:
        groups[row.cadre_id].append(row)
    return groups


def _plain_rows(ids: list[int], day: datetime.date) -> dict[str, Any]:
    """Rows that whoever sees the record may see."""
    told = Q(decision__isnull=True, year__lte=day.year) | Q(decision__effective_on__lte=day)
    return {
        "studies": Qualification.objects.filter(cadre__in=ids)
        .begun_by(day)
        .select_related("level", "language", "study_form")
        .order_by("effective_from", "pk"),
        "pays": PayStep.objects.filter(cadre__in=ids)
        .begun_by(day)
        .select_related("rank")
        .order_by("effective_from", "pk"),
        "allowances": Allowance.objects.filter(cadre__in=ids)
        .begun_by(day)
        .select_related("kind")
        .order_by("effective_from", "pk"),
        "party": PartyMembership.objects.filter(cadre__in=ids).in_force(day),
        "praises": Commendation.objects.filter(told, cadre__in=ids)
        .select_related("emulation_title", "form")
        .order_by("year", "pk"),
    }


def _sensitive_rows(ids: list[int], day: datetime.date) -> dict[str, Any]:
    """Tier 2: discipline, family, life history, health, property; closed records are not asked for."""
    begun = Q(began_on__isnull=True) | Q(began_on__lte=day)
    born = Q(birth_year__isnull=True) | Q(birth_year__lte=day.year)
    declared = Q(declared_on__isnull=True) | Q(declared_on__lte=day)
    return {
        "penalties": Discipline.objects.filter(cadre__in=ids)
        .begun_by(day)
        .select_related("form", "decision")
        .order_by("effective_from", "pk"),
        "kin": Relative.objects.filter(born, cadre__in=ids)
        .select_related("kind")
        .order_by("kind__position", "birth_year", "pk"),
        "life": LifeHistory.objects.filter(begun, cadre__in=ids).order_by("began_on", "pk"),
        "health": HealthCheck.objects.filter(cadre__in=ids, checked_on__lte=day)
        .order_by("cadre_id", "-checked_on", "-pk")
        .distinct("cadre_id"),
        "properties": Asset.objects.filter(declared, cadre__in=ids)
        .select_related("property_kind")
        .order_by("declared_on", "pk"),
    }


def _planned(ids: list[int], day: datetime.date, user: User | None) -> dict[int, tuple[str, ...]]:
    """Titles that people are planned for, from every source that upper apps have registered."""
    titles: dict[int, list[str]] = defaultdict(list)
    for source in planned_titles:
        for pk, names in source.titles(ids, day, user).items():
            titles[pk].extend(names)
    return {pk: tuple(names) for pk, names in titles.items()}


def _rated(ids: list[int], day: datetime.date) -> dict[int, dict[int, str]]:
    """Levels by year, from every source that upper apps have registered."""
    levels: dict[int, dict[int, str]] = defaultdict(dict)
    for source in yearly_ratings:
        for pk, by_year in source.levels(ids, day).items():
            levels[pk] |= by_year
    return levels


def _snapshot(
    cadre: Any, day: datetime.date, parts: _Parts, is_sensitive_open: bool, with_photo: bool
) -> RecordSnapshot:
    """One record put together; of a stub only what leads to the paper."""
    assignments = parts.assignments.get(cadre.pk, [])
    managing, employing = parts.units.agencies(parts.custodies.get(cadre.pk, []), assignments, day)
    is_tier_1_open = bool(cadre.is_tier_1_open)
    head: dict[str, Any] = {
        "cadre_id": cadre.pk,
        "day": day,
        "classification": cadre.classification,
        "paper_pointer": cadre.paper_pointer,
        "managing_agency": managing,
        "employing_unit": employing,
        "is_tier_1_open": is_tier_1_open,
        "is_sensitive_open": is_sensitive_open,
    }
    if cadre.classification in STUB_CLASSIFICATIONS:
        return RecordSnapshot(**head, identity=Identity(full_name=cadre.full_name, officer_code=cadre.officer_code))

    def of(name: str) -> list[Any]:
        return parts.plain[name].get(cadre.pk, [])

    return RecordSnapshot(
        **head,
        identity=rows.identity(cadre, day, is_tier_1_open, with_photo, is_of_a_day=not cadre.is_seen_today),
        posts=tuple(rows.post(row, day, parts.units) for row in assignments),
        studies=tuple(rows.study(row, day) for row in of("studies")),
        pays=tuple(rows.pay(row, day) for row in of("pays")),
        allowances=tuple(rows.allowance(row, day) for row in of("allowances")),
        party=next((rows.membership(row, day) for row in of("party")), None),
        praises=rows.praises(of("praises"), parts.rated.get(cadre.pk, {})),
        penalties=tuple(rows.penalty(row, day) for row in of("penalties")),
        kin=tuple(map(rows.kin, of("kin"))),
        life=tuple(rows.life_note(row, day) for row in of("life")),
        health=next(map(rows.health, of("health")), None),
        properties=rows.properties(of("properties")),
        planned_titles=parts.planned.get(cadre.pk, ()),
    )
