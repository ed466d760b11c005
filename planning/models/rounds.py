"""A round of planning (đợt quy hoạch) with its seats, the steps of its votes, and the targets of structure."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, ordered_period
from personnel.choices import Confidence, ManagingLevel
from personnel.models import Decision, Title, Unit
from personnel.models.decisions import Decided
from planning.choices import RoundKind, RoundState


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


class PlannedSeat(models.Model):
    """Chức danh được quy hoạch in a round: a post (title and unit), or a body with its number and coefficient."""

    round = models.ForeignKey(PlanningRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="seats")
    title = models.ForeignKey(Title, verbose_name="chức danh", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="planned_seats")
    number = models.PositiveSmallIntegerField("số ghế", default=1, validators=[MinValueValidator(1)])
    is_body = models.BooleanField("ban chấp hành, ban thường vụ, ủy ban kiểm tra", default=False)
    coefficient = models.DecimalField("hệ số", max_digits=3, decimal_places=2, null=True, blank=True)
    reference_day = models.DateField("mốc tính tuổi", null=True, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=0)

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
    minutes_number = models.CharField("số biên bản", max_length=60, blank=True)

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
