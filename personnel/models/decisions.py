"""Decisions (quyết định): number and date, issuer, signer, kind, effective day; records point to what they rest on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from personnel.choices import Classification
from personnel.models.code_lists import DecisionKind


class Decision(models.Model):
    """Quyết định. Numbers repeat, so number, date and issuer together are the key."""

    number = models.CharField("số", max_length=60)
    signed_on = models.DateField("ngày ký")
    issuer = models.CharField("cơ quan ban hành", max_length=250)
    signer = models.CharField("người ký", max_length=200, blank=True)
    kind = models.ForeignKey(DecisionKind, verbose_name="loại", null=True, blank=True, on_delete=models.PROTECT)
    effective_on = models.DateField("ngày có hiệu lực")
    summary = models.TextField("trích yếu", blank=True)
    classification = models.CharField("độ mật", max_length=20, choices=Classification, default=Classification.PLAIN)
    file = models.CharField("tệp", max_length=250, blank=True)

    history = History()

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        ordering = ["-signed_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "signed_on", "issuer"],
                name="decision_once",
                violation_error_message="Quyết định cùng số, ngày ký và cơ quan ban hành đã có.",
            ),
            models.CheckConstraint(name="decision_numbered", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"Quyết định {self.number} ngày {self.signed_on:%d/%m/%Y}"


class Decided(models.Model):
    """Base of facts that may rest on a decision; without one they say «chưa có quyết định»."""

    decision = models.ForeignKey(
        Decision, verbose_name="quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField("căn cứ khác", max_length=250, blank=True)

    class Meta:
        abstract = True
