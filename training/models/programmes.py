"""Programmes (chương trình đào tạo, bồi dưỡng): what they give, whom they admit, the seats that schools allot."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from personnel.choices import Confidence, QualificationKind
from personnel.models import Language, QualificationLevel
from personnel.models.decisions import Decided
from training.choices import ProgrammeKind, StudyMode


class Programme(models.Model):
    """Chương trình: kind and level of the qualification that it gives, length, host, cost, conditions of admission.

    `conditions` are the admission's: `max_age`, `min_years`, `party`, `degree` (a level's code), `titles` (codes),
    `is_planned`; an absent key asks nothing.
    """

    code = models.CharField("mã chương trình", max_length=40, unique=True, error_messages={"unique": "Mã này đã có."})
    name = models.CharField("tên chương trình", max_length=250)
    kind = models.CharField("loại", max_length=20, choices=ProgrammeKind)
    gives = models.CharField("văn bằng, chứng chỉ cấp", max_length=20, choices=QualificationKind, blank=True)
    level = models.ForeignKey(
        QualificationLevel, verbose_name="trình độ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.ForeignKey(
        Language, verbose_name="ngôn ngữ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    certificate = models.CharField("tên chứng chỉ", max_length=250, blank=True)
    valid_months = models.PositiveSmallIntegerField("hiệu lực chứng chỉ (tháng)", null=True, blank=True)
    days = models.PositiveSmallIntegerField("số ngày học", null=True, blank=True)
    mode = models.CharField("hình thức", max_length=20, choices=StudyMode, default=StudyMode.FULL_TIME)
    host = models.CharField("cơ sở đào tạo", max_length=250, blank=True)
    cost = models.DecimalField("kinh phí một người (đồng)", max_digits=12, decimal_places=0, null=True, blank=True)
    conditions = models.JSONField("điều kiện dự học", default=dict, blank=True)
    citation = models.CharField("căn cứ", max_length=250, blank=True)
    confidence = models.CharField("mức kiểm chứng", max_length=20, choices=Confidence, default=Confidence.UNCONFIRMED)
    is_open = models.BooleanField("đang dùng", default=True)

    history = History()

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình"
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                name="programme_level_of_kind",
                condition=Q(level__isnull=True) | ~Q(gives=""),
                violation_error_message="Có trình độ thì phải chọn loại văn bằng, chứng chỉ.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SeatAllotment(Decided):
    """Chỉ tiêu được giao: how many seats the school gave the province in a year, by which document."""

    programme = models.ForeignKey(
        Programme, verbose_name="chương trình", on_delete=models.PROTECT, related_name="allotments"
    )
    year = models.PositiveSmallIntegerField("năm", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    seats = models.PositiveSmallIntegerField("số chỗ được giao")
    note = models.CharField("văn bản giao, ghi chú", max_length=250, blank=True)

    history = History(parent="programme")

    class Meta:
        verbose_name = "chỉ tiêu được giao"
        verbose_name_plural = "chỉ tiêu được giao"
        ordering = ["programme_id", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year"],
                name="seatallotment_once",
                violation_error_message="Chỉ tiêu của năm này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.seats} chỗ"
