"""A slate (phương án nhân sự): a draft of moves that hang together, compared with others before decisions are drawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hrdb.kernel.history import History
from personnel.models import Decision, Title, Unit
from personnel.models.cadres import OfCadre
from planning.choices import SlateState


class Slate(models.Model):
    """Phương án nhân sự; `copied_from` is the one that it varies. What is signed is never undone by a slate."""

    name = models.CharField("tên phương án", max_length=250)
    day = models.DateField("ngày dự kiến")
    state = models.CharField("trạng thái", max_length=20, choices=SlateState, default=SlateState.DRAFT)
    note = models.TextField("ghi chú", blank=True)
    copied_from = models.ForeignKey(
        "self", verbose_name="sao từ", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    history = History()

    class Meta:
        verbose_name = "phương án nhân sự"
        verbose_name_plural = "phương án nhân sự"
        ordering = ["-day", "name"]

    def __str__(self) -> str:
        return self.name


class SlateMove(OfCadre):
    """One move of a slate: the kind of decision that would carry it out, where to and as what, in which order."""

    slate = models.ForeignKey(Slate, verbose_name="phương án", on_delete=models.PROTECT, related_name="moves")
    position = models.PositiveIntegerField("thứ tự", default=0)
    act = models.CharField("loại quyết định", max_length=40)
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị đến", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.ForeignKey(
        Title, verbose_name="chức vụ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField("nội dung khác", default=dict, blank=True)
    decision = models.ForeignKey(
        Decision,
        verbose_name="quyết định đã lập",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    history = History(parent="cadre")

    class Meta:
        verbose_name = "bước của phương án"
        verbose_name_plural = "bước của phương án"
        ordering = ["slate_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slate", "cadre"],
                name="slatemove_once",
                violation_error_message="Người này đã có trong phương án.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cadre}: {self.act}"
