"""Completeness of many records in SQL: the same rows as `personnel.rules.completeness`, asked of the database.

Nothing is stored: a list annotates the rows it shows, a filter asks the cheap columns first, and a past day is answered
like today. One record costs one query, and so do fifty.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from personnel.choices import AssignmentKind, PayScheme, QualificationKind
from personnel.models import Assignment, Cadre, Employment, HealthCheck, PayStep, Qualification, Relative
from personnel.rules.completeness import REQUIREMENTS, Completeness, Requirement, completeness

#: Prefix of the annotations that carry one row each.
PREFIX = "filled_"


class Probed(Exists):
    """EXISTS asked row by row, by an index: PostgreSQL reads whole tables into memory to answer EXISTS for many rows,
    even where a limit shows only fifty of them."""

    template = "((%(subquery)s) IS NOT NULL)"


def filled_q(requirement: Requirement, day: datetime.date, exists: type[Exists] = Exists) -> Q:
    """Condition on cadres that a row is filled on `day`; where a row does not concern a person it counts as filled.

    `exists` says how the dated rows are asked: `Exists` for a filter over many, `Probed` for what a page shows.
    """
    if requirement.columns:
        return _any_column(requirement.columns)
    return _FACTS[requirement.key](day, exists)


def concerns_q(requirement: Requirement, day: datetime.date, exists: type[Exists] = Exists) -> Q:
    """Condition on cadres that a row concerns them on `day`."""
    return _CONCERNS[requirement.key](day, exists) if requirement.is_of_some else Q()


def incomplete_q(day: datetime.date) -> Q:
    """Condition on cadres that some row is missing; for the filter «hồ sơ còn thiếu»."""
    condition = Q()
    for requirement in sorted(REQUIREMENTS, key=lambda one: not one.columns):
        condition &= filled_q(requirement, day)
    return ~condition


def percent_of(day: datetime.date, exists: type[Exists] = Probed) -> Combinable:
    """The whole per cent of completeness as an annotation on cadres: `annotate(completeness=percent_of(day))`.

    `exists` as in `filled_q`: `Exists` where very many are asked at once, to sort or to export.
    """
    filled: Any = Value(0)
    asked: Any = Value(0)
    for requirement in REQUIREMENTS:
        concerned = concerns_q(requirement, day, exists)
        is_filled = filled_q(requirement, day, exists)
        if requirement.is_of_some:
            asked += _one_if(concerned)
            filled += _one_if(concerned & is_filled)
        else:
            asked += Value(1)
            filled += _one_if(is_filled)
    percent: Combinable = filled * Value(100) / asked  # whole numbers: PostgreSQL cuts the rest off
    return percent


def completeness_of(cadre: Cadre, day: datetime.date) -> Completeness:
    """The completeness of one record on `day`, with what is missing; one query."""
    return completeness_of_many(Cadre.objects.filter(pk=cadre.pk), day)[cadre.pk]


def completeness_of_many(cadres: QuerySet[Cadre], day: datetime.date) -> dict[int, Completeness]:
    """The completeness of records by cadre id, in one query."""
    names = [PREFIX + requirement.key for requirement in REQUIREMENTS]
    found = cadres.order_by().annotate(**{PREFIX + one.key: _state(one, day) for one in REQUIREMENTS})
    states = {None: None, 0: False, 1: True}
    return {
        pk: completeness({one.key: states[value] for one, value in zip(REQUIREMENTS, values, strict=True)})
        for pk, *values in found.values_list("pk", *names)
    }


def _state(requirement: Requirement, day: datetime.date) -> Case:
    """1 filled, 0 missing, NULL where the row does not concern the person."""
    cases = [When(filled_q(requirement, day, Probed), then=Value(1))]
    if requirement.is_of_some:
        cases.insert(0, When(~concerns_q(requirement, day, Probed), then=Value(None)))
    return Case(*cases, default=Value(0), output_field=IntegerField())


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _any_column(columns: tuple[str, ...]) -> Q:
    """Some of the person's columns is filled; a text column is empty as '' or NULL."""
    condition = Q()
    for name in columns:
        field = Cadre._meta.get_field(name.removesuffix("_id"))
        filled = Q(**{f"{name}__isnull": False})
        condition |= filled & ~Q(**{name: ""}) if isinstance(field, CharField) else filled
    return condition


def _posts(day: datetime.date) -> QuerySet[Any]:
    return Assignment.objects.in_force(day).filter(cadre_id=OuterRef("pk"), kind=AssignmentKind.MAIN)


def _pay(day: datetime.date) -> QuerySet[Any]:
    return PayStep.objects.in_force(day).filter(cadre_id=OuterRef("pk"))


def _has_degree(day: datetime.date, exists: type[Exists]) -> Q:
    held = Qualification.objects.in_force(day).filter(cadre_id=OuterRef("pk"), kind=QualificationKind.PROFESSIONAL)
    return Q(exists(held.filter(Q(level__isnull=False) | ~Q(level_text=""))))


def _has_post(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(_posts(day).filter(Q(title__isnull=False) | ~Q(title_text=""))))


def _leads(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(_posts(day).filter(title__is_leadership=True)))


def _is_appointed(day: datetime.date, exists: type[Exists]) -> Q:
    """No leadership post without a day of appointment: the one written down, or an exactly known beginning."""
    unknown = Q(first_appointed_on__isnull=True) & ~Q(start_precision="day")
    return ~Q(exists(_posts(day).filter(unknown, title__is_leadership=True)))


def _is_employed(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(Employment.objects.in_force(day).filter(cadre_id=OuterRef("pk"))))


def _is_paid(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(_pay(day).filter(Q(coefficient__isnull=False) | Q(amount__isnull=False))))


def _has_rank(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(_pay(day).filter(scheme=PayScheme.RANK)))


def _rank_is_dated(day: datetime.date, exists: type[Exists]) -> Q:
    return ~Q(exists(_pay(day).filter(scheme=PayScheme.RANK, rank_appointed_on__isnull=True)))


def _is_examined(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(HealthCheck.objects.filter(cadre_id=OuterRef("pk"), checked_on__lte=day)))


def _has_relatives(day: datetime.date, exists: type[Exists]) -> Q:
    return Q(exists(Relative.objects.filter(cadre_id=OuterRef("pk"))))


_FACTS = {
    "degree": _has_degree,
    "post": _has_post,
    "appointed_on": _is_appointed,
    "employment": _is_employed,
    "pay": _is_paid,
    "rank_appointed_on": _rank_is_dated,
    "health": _is_examined,
    "relatives": _has_relatives,
}
_CONCERNS = {"appointed_on": _leads, "rank_appointed_on": _has_rank}
