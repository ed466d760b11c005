"""Cycles of appraisal, and what belongs to a unit in one: its own rating, and the submission of its people's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appraisal.choices import CycleKind, CycleState, LevelChoice, SubmissionState
from hrdb.kernel.history import History
from personnel.models import Decision, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class RatingCycle(models.Model):
    """Kỳ đánh giá, xếp loại: a year, or a quarter or month where they are used.

    Its last day is the day by whose law it is judged, and on which the unit that rates somebody is looked for.
    """

    code = models.CharField("mã kỳ", max_length=40, unique=True, error_messages={"unique": "Mã kỳ này đã có."})
    name = models.CharField("tên kỳ", max_length=200)
    kind = models.CharField("loại kỳ", max_length=10, choices=CycleKind, default=CycleKind.YEAR)
    begins_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    due_on = models.DateField("hạn hoàn thành", null=True, blank=True)
    rates_party = models.BooleanField("xếp loại đảng viên trong cùng kỳ", default=True)
    state = models.CharField("trạng thái", max_length=10, choices=CycleState, default=CycleState.OPEN)

    history = History()

    class Meta:
        verbose_name = "kỳ đánh giá"
        verbose_name_plural = "kỳ đánh giá"
        ordering = ["-ends_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="ratingcycle_period",
                condition=Q(ends_on__gt=F("begins_on")),
                violation_error_message="Ngày cuối kỳ phải sau ngày đầu kỳ.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether ratings may still be entered."""
        return self.state == CycleState.OPEN


class OfUnitQuerySet(models.QuerySet[Any]):
    """What belongs to units; the scope is theirs."""

    def visible_to(self, user: User | None, action: Action | str = Action.VIEW) -> Self:
        """Rows of units in the user's scope today."""
        return self.filter(scope_of(user, action).covers("unit_id"))


class UnitRating(models.Model):
    """Xếp loại đơn vị: rated before its people; its level bounds its head's."""

    cycle = models.ForeignKey(RatingCycle, verbose_name="kỳ", on_delete=models.PROTECT, related_name="unit_ratings")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="ratings")
    percent_done = models.DecimalField(
        "tỷ lệ hoàn thành chỉ tiêu, nhiệm vụ (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    targets_missed = models.PositiveSmallIntegerField("số chỉ tiêu cơ bản không đạt", null=True, blank=True)
    is_outstanding = models.BooleanField("có thành tích nổi trội", default=False)
    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    level = models.CharField("mức xếp loại", max_length=20, choices=LevelChoice, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    objects = OfUnitQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "xếp loại đơn vị"
        verbose_name_plural = "xếp loại đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit"],
                name="unitrating_once",
                violation_error_message="Đơn vị đã được xếp loại trong kỳ này.",
            ),
            models.CheckConstraint(
                name="unitrating_percent",
                condition=Q(percent_done__isnull=True) | Q(percent_done__gte=0, percent_done__lte=200),
                violation_error_message="Tỷ lệ hoàn thành phải từ 0 đến 200.",
            ),
            models.CheckConstraint(
                name="unitrating_score",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                violation_error_message="Điểm phải từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_level_display()}"


class UnitSubmission(models.Model):
    """Hồ sơ xếp loại of a unit in a cycle: where it stands, and what was approved, with its hash.

    `content` is what was approved, row by row. A correction by decision freezes it anew with a new hash: what it was
    before stands in it beside the correction, and whole in the history. Who submits (`submitter`) does not approve.
    """

    cycle = models.ForeignKey(RatingCycle, verbose_name="kỳ", on_delete=models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="rating_submissions")
    state = models.CharField("trạng thái", max_length=20, choices=SubmissionState, default=SubmissionState.DRAFT)
    comment = models.TextField("ý kiến", blank=True)
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người trình",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người duyệt",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_on = models.DateField("ngày duyệt", null=True, blank=True)
    decision = models.ForeignKey(
        Decision,
        verbose_name="quyết định công nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content = models.JSONField("nội dung đã duyệt", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)

    objects = OfUnitQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "hồ sơ xếp loại của đơn vị"
        verbose_name_plural = "hồ sơ xếp loại của đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit"],
                name="unitsubmission_once",
                violation_error_message="Đơn vị đã có hồ sơ xếp loại trong kỳ này.",
            ),
            models.CheckConstraint(
                name="unitsubmission_frozen",
                condition=~Q(state__in=[SubmissionState.APPROVED, SubmissionState.PUBLISHED]) | ~Q(sha256=""),
                violation_error_message="Hồ sơ đã duyệt phải có nội dung và mã băm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.unit}"
