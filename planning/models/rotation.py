"""The yearly plan of rotation (kế hoạch luân chuyển) and each rotation of it."""

from __future__ import annotations

from django.db import models

from hrdb.kernel.history import History
from personnel.choices import ManagingLevel
from personnel.models import Title, Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from planning.choices import RotationDirection, RotationPurpose, RotationState


class RotationPlan(Decided):
    """Kế hoạch luân chuyển of a year at an approving level; the decision is the one that approved it."""

    year = models.PositiveSmallIntegerField("năm")
    level = models.CharField("cấp phê duyệt", max_length=30, choices=ManagingLevel)
    name = models.CharField("tên kế hoạch", max_length=250)
    is_approved = models.BooleanField("đã phê duyệt", default=False)
    content = models.JSONField("nội dung đã duyệt", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)

    history = History()

    class Meta:
        verbose_name = "kế hoạch luân chuyển"
        verbose_name_plural = "kế hoạch luân chuyển"
        ordering = ["-year", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "level"],
                name="rotationplan_once",
                violation_error_message="Kế hoạch luân chuyển của năm và cấp này đã có.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RotationItem(OfCadre, Decided):
    """Một trường hợp luân chuyển: who, from where to where, as what, why, and what became of it.

    The decision is the one of the register that carried it out.
    """

    plan = models.ForeignKey(RotationPlan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="items")
    from_unit = models.ForeignKey(Unit, verbose_name="nơi đi", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, verbose_name="nơi đến", on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey(Title, verbose_name="chức vụ nơi đến", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("mục đích", max_length=20, choices=RotationPurpose, default=RotationPurpose.PLANNED)
    direction = models.CharField("hướng", max_length=20, choices=RotationDirection)
    begins_on = models.DateField("dự kiến từ ngày", null=True, blank=True)
    ends_on = models.DateField("dự kiến đến ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    benefits = models.CharField("chế độ được hưởng", max_length=500, blank=True)
    state = models.CharField("trạng thái", max_length=20, choices=RotationState, default=RotationState.PROPOSED)
    outcome = models.CharField("kết quả sau luân chuyển", max_length=500, blank=True)
    findings = models.JSONField("kết quả xét", default=list, blank=True)
    overrides = models.JSONField("điều kiện cho qua", default=dict, blank=True)
    evaluations = models.JSONField("nhận xét hằng năm của nơi đến", default=list, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "trường hợp luân chuyển"
        verbose_name_plural = "trường hợp luân chuyển"
        ordering = ["plan_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "cadre"],
                name="rotationitem_once",
                violation_error_message="Người này đã có trong kế hoạch.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cadre}: {self.from_unit} → {self.to_unit}"
