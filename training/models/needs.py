"""What asks for training beside titles: standards of groups of ranks, and what an office proposes for somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, no_overlap, ordered_period
from personnel.choices import Confidence, RankGroup
from personnel.models import Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from training.models.programmes import Programme


class RankStandard(Decided, Dated):
    """Tiêu chuẩn theo nhóm ngạch: what holders of ranks of a group must have, as a level's code, from a day.

    `requirement` is a key of `personnel.rules.standards.REQUIREMENTS` that asks for a level.
    """

    group = models.CharField("nhóm ngạch", max_length=20, choices=RankGroup)
    requirement = models.CharField("tiêu chuẩn", max_length=60)
    value = models.CharField("mức yêu cầu", max_length=40)
    citation = models.CharField("căn cứ", max_length=250)
    confidence = models.CharField("mức kiểm chứng", max_length=20, choices=Confidence, default=Confidence.UNCONFIRMED)

    history = History()

    class Meta:
        verbose_name = "tiêu chuẩn theo ngạch"
        verbose_name_plural = "tiêu chuẩn theo ngạch"
        ordering = ["group", "requirement", "effective_from"]
        constraints = [
            ordered_period("rankstandard_period"),
            no_overlap(
                "rankstandard_no_overlap",
                ["group", "requirement"],
                "Tiêu chuẩn này đã có trong khoảng thời gian này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.requirement}"


class ProposedNeed(OfCadre):
    """Nhu cầu đơn vị đề nghị: a programme that the office of somebody asks for him, until it is withdrawn."""

    programme = models.ForeignKey(
        Programme, verbose_name="chương trình", on_delete=models.PROTECT, related_name="proposals"
    )
    unit = models.ForeignKey(Unit, verbose_name="đơn vị đề nghị", on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField("ngày đề nghị")
    needed_by = models.DateField("cần trước ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=500)
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "nhu cầu đơn vị đề nghị"
        verbose_name_plural = "nhu cầu đơn vị đề nghị"
        ordering = ["cadre_id", "-proposed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "programme"],
                name="proposedneed_once",
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message="Người này đã được đề nghị học chương trình này.",
            ),
            models.CheckConstraint(
                name="proposedneed_withdrawn",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("proposed_on")),
                violation_error_message="Ngày rút không được trước ngày đề nghị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} · {self.programme}"
