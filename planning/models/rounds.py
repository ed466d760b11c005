"""A round of planning (đợt quy hoạch) with its seats, the steps of its votes, and the targets of structure."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, ordered_period
from personnel.choices import Confidence, ManagingLevel
from personnel.models import Decision, Title, Unit
from personnel.models.decisions import Decided
from personnel.policies import Action
from planning.choices import FROZEN_ROUNDS, RoundKind, RoundState, TieRule
from planning.models.scope import levels_prepared_by, readable_seats_q, seats_q
from planning.rules.eligibility import body_places

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class PlanningRoundQuerySet(models.QuerySet[Any]):
    """Rounds, always asked through a scope before anything leaves the server."""

    def visible_to(self, user: User | None) -> Self:
        """Rounds with a seat that the user may read, and those without any of a level that he prepares."""
        if user is None:
            return self
        seats = PlannedSeat.objects.filter(round=OuterRef("pk"))
        begun = Q(~Exists(seats), level__in=levels_prepared_by(user))
        return self.filter(Exists(seats.filter(readable_seats_q(user))) | begun)

    def in_force(self, day: datetime.date) -> Self:
        """Approved rounds that stand on `day`: approved by then, and by then no later one in their place."""
        later = PlanningRound.objects.filter(follows=OuterRef("pk"), approved_on__lte=day)
        return self.filter(~Exists(later), approved_on__lte=day, state__in=FROZEN_ROUNDS)


class PlannedSeatQuerySet(models.QuerySet[Any]):
    """Planned seats; the scope is that of their unit and managing level."""

    def visible_to(self, user: User | None) -> Self:
        """Seats that the user may read."""
        return self.filter(readable_seats_q(user))

    def open_to(self, user: User | None, action: Action) -> Self:
        """Seats on which the user may act."""
        return self.filter(seats_q(user, action))


class VoteStepQuerySet(models.QuerySet[Any]):
    """Steps of votes; they are read with the seats of their part of the round."""

    def visible_to(self, user: User | None) -> Self:
        """Steps of parts with a seat that the user may read."""
        seats = PlannedSeat.objects.filter(
            readable_seats_q(user), round=OuterRef("round_id"), part__unit=OuterRef("unit_id")
        )
        return self if user is None else self.filter(Exists(seats))


class PlanningRound(models.Model):
    """Đợt quy hoạch for a term: the first building, or a yearly review of what a round before it approved.

    `level` is the approving level (cấp phê duyệt). `reference_days` replace the law's day of a row (`state`,
    `party_commune`, ...) where the approving level set another. `is_announced` shows the approved title to the person.
    """

    code = models.CharField("mã đợt", max_length=40, unique=True, error_messages={"unique": "Mã đợt này đã có."})
    name = models.CharField("tên đợt", max_length=250)
    term = models.CharField("nhiệm kỳ", max_length=20)
    kind = models.CharField("loại", max_length=10, choices=RoundKind, default=RoundKind.FIRST)
    level = models.CharField("cấp phê duyệt", max_length=30, choices=ManagingLevel)
    day = models.DateField("ngày xét điều kiện")
    due_on = models.DateField("hạn giới thiệu", null=True, blank=True)
    reference_days = models.JSONField("mốc tính tuổi riêng", default=dict, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=RoundState, default=RoundState.DRAFT)
    follows = models.ForeignKey(
        "self",
        verbose_name="rà soát của đợt",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name="quyết định phê duyệt",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content = models.JSONField("nội dung đã duyệt", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    approved_on = models.DateField("ngày phê duyệt", null=True, blank=True)
    is_announced = models.BooleanField("đã công bố cho cán bộ", default=False)

    objects = PlanningRoundQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "đợt quy hoạch"
        verbose_name_plural = "đợt quy hoạch"
        ordering = ["-day", "code"]
        constraints = [
            models.CheckConstraint(
                name="planninground_frozen",
                condition=~Q(state__in=[RoundState.APPROVED, RoundState.SUPERSEDED]) | ~Q(sha256=""),
                violation_error_message="Danh sách đã phê duyệt phải có mã băm.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The round's page."""
        return reverse("planning:round-detail", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        """Whether the list stands as it was approved."""
        return self.state in FROZEN_ROUNDS


class PlannedSeat(models.Model):
    """Chức danh được quy hoạch in a round: a post (title and unit), or a body with its number and coefficient."""

    round = models.ForeignKey(PlanningRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="seats")
    title = models.ForeignKey(Title, verbose_name="chức danh", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="planned_seats")
    number = models.PositiveSmallIntegerField("số ghế", default=1, validators=[MinValueValidator(1)])
    is_body = models.BooleanField("ban chấp hành, ban thường vụ, ủy ban kiểm tra", default=False)
    coefficient = models.DecimalField("hệ số", max_digits=3, decimal_places=2, null=True, blank=True)
    reference_day = models.DateField("mốc tính tuổi", null=True, blank=True)
    part = models.ForeignKey(
        "planning.UnitPlan",
        verbose_name="phần của đơn vị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="seats",
    )
    position = models.PositiveIntegerField("thứ tự", default=0)

    objects = PlannedSeatQuerySet.as_manager()
    history = History(parent="round")

    class Meta:
        verbose_name = "chức danh quy hoạch"
        verbose_name_plural = "chức danh quy hoạch"
        ordering = ["round_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "title", "unit"],
                name="plannedseat_once",
                violation_error_message="Chức danh của đơn vị đã có trong đợt.",
            ),
            models.CheckConstraint(
                name="plannedseat_coefficient",
                condition=Q(coefficient__isnull=True) | Q(is_body=True),
                violation_error_message="Chỉ ban chấp hành, ban thường vụ, ủy ban kiểm tra có hệ số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.unit}"

    def get_absolute_url(self) -> str:
        """The seat's page in its round."""
        return reverse("planning:seat-detail", args=[self.pk])

    def places(self, per_seat: int | None) -> int | None:
        """How many may be planned: of a body its number by the coefficient, rounded up; of a post so many a seat."""
        if self.is_body:
            return body_places(self.number, self.coefficient) if self.coefficient is not None else None
        return None if per_seat is None else self.number * per_seat


class VoteStep(models.Model):
    """Bước lấy phiếu of a round in a unit: who was summoned and came; tallies stand with the candidates.

    The steps of planning were not found in a text: they are data of the round, and say so.
    """

    round = models.ForeignKey(PlanningRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="steps")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("bước")
    name = models.CharField("tên bước", max_length=200)
    body = models.CharField("thành phần", max_length=250)
    held_on = models.DateField("ngày", null=True, blank=True)
    summoned = models.PositiveSmallIntegerField("số người được triệu tập", null=True, blank=True)
    present = models.PositiveSmallIntegerField("số người có mặt", null=True, blank=True)
    cast = models.PositiveSmallIntegerField("số phiếu thu về", null=True, blank=True)
    pass_percent = models.DecimalField(
        "tỷ lệ phiếu để đạt (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    quorum_percent = models.DecimalField(
        "tỷ lệ có mặt tối thiểu (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    tie = models.CharField("khi bằng đúng tỷ lệ", max_length=10, choices=TieRule, default=TieRule.HEAD)
    issued = models.PositiveSmallIntegerField("số phiếu phát ra", null=True, blank=True)
    invalid = models.PositiveSmallIntegerField("số phiếu không hợp lệ", null=True, blank=True)
    repeats = models.ForeignKey(
        "self",
        verbose_name="lấy phiếu lại của bước",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="repeated_by",
    )
    place = models.CharField("địa điểm", max_length=250, blank=True)
    chair = models.CharField("chủ trì", max_length=250, blank=True)
    tellers = models.CharField("tổ kiểm phiếu", max_length=500, blank=True)
    minutes_number = models.CharField("số biên bản", max_length=60, blank=True)

    objects = VoteStepQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "bước lấy phiếu"
        verbose_name_plural = "bước lấy phiếu"
        ordering = ["round_id", "unit_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "number"],
                name="votestep_once",
                violation_error_message="Bước này của đơn vị đã có.",
            ),
            models.CheckConstraint(
                name="votestep_present",
                condition=Q(present__isnull=True) | Q(summoned__isnull=True) | Q(present__lte=F("summoned")),
                violation_error_message="Số người có mặt không thể nhiều hơn số được triệu tập.",
            ),
            models.CheckConstraint(
                name="votestep_cast",
                condition=Q(cast__isnull=True) | Q(present__isnull=True) | Q(cast__lte=F("present")),
                violation_error_message="Số phiếu thu về không thể nhiều hơn số người có mặt.",
            ),
            models.CheckConstraint(
                name="votestep_invalid",
                condition=Q(invalid__isnull=True) | Q(cast__isnull=True) | Q(invalid__lte=F("cast")),
                violation_error_message="Số phiếu không hợp lệ không thể nhiều hơn số phiếu thu về.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bước {self.number}: {self.name}"


class StructureTarget(Decided, Dated):
    """Chỉ tiêu cơ cấu of a list: a share that the province set for an approving level, by decision; `metric` as the
    structure of lists counts it (young, female, ethnic_minority, science, age layers)."""

    level = models.CharField("cấp phê duyệt", max_length=30, choices=ManagingLevel)
    metric = models.CharField("tiêu chí", max_length=40)
    percent = models.DecimalField(
        "tỷ lệ (%)",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    confidence = models.CharField("độ tin cậy", max_length=20, choices=Confidence, default=Confidence.CONFIRMED)

    history = History()

    class Meta:
        verbose_name = "chỉ tiêu cơ cấu quy hoạch"
        verbose_name_plural = "chỉ tiêu cơ cấu quy hoạch"
        ordering = ["level", "metric", "effective_from"]
        constraints = [ordered_period("structuretarget_period")]

    def __str__(self) -> str:
        return f"{self.metric}: {self.percent}%"
