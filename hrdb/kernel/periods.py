"""Periods: half-open validity [effective_from, effective_until) of rows, and the constraints that guard them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


class DateRange(Func):
    """PostgreSQL `daterange(from, until)`, half-open as everywhere."""

    function = "daterange"
    output_field = models.Field()  # never read back


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold for a period."""

    def in_force(self, day: datetime.date) -> Self:
        """Rows that hold on `day`."""
        return self.filter(in_force_q(day))

    def begun_by(self, day: datetime.date) -> Self:
        """Rows that had begun by `day`, over or not: what a record shows of the past on that day."""
        return self.filter(effective_from__lte=day)


def in_force_q(day: datetime.date, prefix: str = "") -> Q:
    """The condition «holds on `day`» for a relation path such as `assignments__`."""
    return Q(**{f"{prefix}effective_from__lte": day}) & (
        Q(**{f"{prefix}effective_until__isnull": True}) | Q(**{f"{prefix}effective_until__gt": day})
    )


class StartPrecision(models.TextChoices):
    """How exactly the first day of a period is known."""

    DAY = "day", "đúng ngày"
    MONTH = "month", "chỉ biết tháng"
    YEAR = "year", "chỉ biết năm"
    KNOWN_FROM = "known_from", "biết từ ngày này"


class Dated(models.Model):
    """Base of rows with a period; `effective_until` is the first day on which the row no longer holds."""

    effective_from = models.DateField("từ ngày")
    effective_until = models.DateField("đến trước ngày", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which the row holds (screens show it), None when open."""
        return None if self.effective_until is None else self.effective_until - datetime.timedelta(days=1)

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the row holds on `day`."""
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


def ordered_period(name: str) -> models.CheckConstraint:
    """Check that a period ends after it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
        violation_error_code="period-order",
    )


def no_overlap(
    name: str, keys: Sequence[str | Combinable], message: str, condition: Q | None = None
) -> ExclusionConstraint:
    """Exclusion of overlapping periods among rows with equal `keys`.

    DEFERRABLE INITIALLY IMMEDIATE: a service that moves a boundary defers it and sets it immediate before it returns.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((key, RangeOperators.EQUAL) for key in keys),
            (DateRange("effective_from", "effective_until"), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        deferrable=Deferrable.IMMEDIATE,
        violation_error_message=message,
        violation_error_code="period-conflict",
    )


def first_moment(day: datetime.date) -> datetime.datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
