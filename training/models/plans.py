"""The yearly plan of training (kế hoạch đào tạo, bồi dưỡng hằng năm) and the classes that it foresees."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from hrdb.kernel.history import History
from personnel.models.decisions import Decided
from training.choices import PlanState
from training.models.programmes import Programme


class TrainingPlan(Decided):
    """Kế hoạch of a year: budget and state; the decision is the one that approved it, and froze its content."""

    year = models.PositiveSmallIntegerField("năm", unique=True, error_messages={"unique": "Kế hoạch năm này đã có."})
    name = models.CharField("tên kế hoạch", max_length=250)
    budget = models.DecimalField("kinh phí được giao (đồng)", max_digits=15, decimal_places=0, null=True, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=PlanState, default=PlanState.DRAFT)
    approved_on = models.DateField("ngày phê duyệt", null=True, blank=True)
    content = models.JSONField("nội dung đã duyệt", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)

    history = History()

    class Meta:
        verbose_name = "kế hoạch đào tạo, bồi dưỡng"
        verbose_name_plural = "kế hoạch đào tạo, bồi dưỡng"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("training:plan-detail", args=[self.pk])


class PlannedClass(models.Model):
    """Lớp dự kiến of a plan: programme, month, seats, money."""

    plan = models.ForeignKey(TrainingPlan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="classes")
    programme = models.ForeignKey(Programme, verbose_name="chương trình", on_delete=models.PROTECT, related_name="+")
    month = models.PositiveSmallIntegerField(
        "tháng", validators=[MinValueValidator(1), MaxValueValidator(12)], null=True, blank=True
    )
    seats = models.PositiveSmallIntegerField("số chỗ", validators=[MinValueValidator(1)])
    budget = models.DecimalField("kinh phí (đồng)", max_digits=15, decimal_places=0, null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    history = History(parent="plan")

    class Meta:
        verbose_name = "lớp dự kiến"
        verbose_name_plural = "lớp dự kiến"
        ordering = ["plan_id", "month", "id"]

    def __str__(self) -> str:
        return f"{self.programme} · {self.seats} chỗ"
