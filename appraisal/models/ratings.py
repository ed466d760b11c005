"""The rating of a person in a cycle, and confidence votes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast

from appraisal.choices import Exclusion, LevelChoice
from appraisal.models.cycles import RatingCycle
from hrdb.kernel.history import History
from personnel.choices import EmploymentCategory, TitleGroup
from personnel.models import Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided


class Rating(OfCadre, Decided):
    """Kết quả đánh giá, xếp loại of one person in one cycle.

    `unit` rates: the one where the person works at the end of the cycle; `previous_scores` are those that earlier units
    of the year sent. `title_group` and `is_head` make the comparable group as it was then. `grounds` are what is said
    of special cases, with the reason. A correction after approval rests on a decision.
    """

    cycle = models.ForeignKey(RatingCycle, verbose_name="kỳ", on_delete=models.PROTECT, related_name="ratings")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị xếp loại", on_delete=models.PROTECT, related_name="+")
    category = models.CharField("đối tượng", max_length=20, choices=EmploymentCategory)
    title_group = models.CharField("nhóm chức danh", max_length=20, choices=TitleGroup, blank=True)
    is_head = models.BooleanField("người đứng đầu", default=False)
    previous_scores = models.JSONField("điểm của đơn vị cũ", default=list, blank=True)
    self_score = models.DecimalField("điểm tự chấm", max_digits=5, decimal_places=2, null=True, blank=True)
    general_score = models.DecimalField("điểm tiêu chí chung", max_digits=5, decimal_places=2, null=True, blank=True)
    results_score = models.DecimalField("điểm kết quả", max_digits=5, decimal_places=2, null=True, blank=True)
    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    collective_opinion = models.TextField("ý kiến của tập thể", blank=True)
    proposed_level = models.CharField("mức đề nghị", max_length=20, choices=LevelChoice, blank=True)
    level = models.CharField("mức xếp loại", max_length=20, choices=LevelChoice, blank=True)
    party_level = models.CharField("mức xếp loại đảng viên", max_length=20, choices=LevelChoice, blank=True)
    exclusion = models.CharField("không xếp loại", max_length=20, choices=Exclusion, blank=True)
    grounds = models.JSONField("trường hợp đặc biệt", default=dict, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "kết quả xếp loại"
        verbose_name_plural = "kết quả xếp loại"
        ordering = ["cycle_id", "unit_id", "cadre_id"]
        indexes = [
            models.Index(fields=["cycle", "unit", "cadre"], name="rating_unit"),
            models.Index(fields=["cadre", "cycle"], name="rating_cadre"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "cadre"],
                name="rating_once",
                violation_error_message="Người này đã có kết quả xếp loại trong kỳ.",
            ),
            models.CheckConstraint(
                name="rating_score",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                violation_error_message="Điểm phải từ 0 đến 100.",
            ),
            models.CheckConstraint(
                name="rating_excluded_has_no_level",
                condition=Q(exclusion="") | Q(level=""),
                violation_error_message="Người không xếp loại thì không có mức xếp loại.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display() or self.get_exclusion_display() or "Chưa xếp loại"


class ConfidenceVote(OfCadre):
    """Lấy phiếu, bỏ phiếu tín nhiệm: counts by level of confidence; shares are of the votes cast."""

    held_on = models.DateField("ngày lấy phiếu")
    body = models.CharField("cơ quan lấy phiếu", max_length=250)
    title_text = models.CharField("chức vụ được lấy phiếu", max_length=250, blank=True)
    summoned = models.PositiveSmallIntegerField("số người được triệu tập")
    cast = models.PositiveSmallIntegerField("số phiếu thu về")
    high = models.PositiveSmallIntegerField("tín nhiệm cao", default=0)
    medium = models.PositiveSmallIntegerField("tín nhiệm", default=0)
    low = models.PositiveSmallIntegerField("tín nhiệm thấp", default=0)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "phiếu tín nhiệm"
        verbose_name_plural = "phiếu tín nhiệm"
        ordering = ["cadre_id", "-held_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "held_on", "body"],
                name="confidencevote_once",
                violation_error_message="Kết quả lấy phiếu này đã có.",
            ),
            models.CheckConstraint(
                name="confidencevote_cast",
                condition=Q(cast__lte=F("summoned")),
                violation_error_message="Số phiếu thu về không thể nhiều hơn số người được triệu tập.",
            ),
            models.CheckConstraint(
                name="confidencevote_counts",
                condition=Q(cast__gte=Cast("high", models.IntegerField()) + F("medium") + F("low")),
                violation_error_message="Tổng số phiếu các mức không thể nhiều hơn số phiếu thu về.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%d/%m/%Y}: {self.high}/{self.medium}/{self.low}"
