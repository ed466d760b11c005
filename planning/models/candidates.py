"""Candidates of a round (nhân sự quy hoạch), and where each unit stands with its part of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from personnel.models import Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from personnel.models.scope import scope_of
from personnel.policies import Action
from planning.choices import CandidateObject, CandidateSource, CandidateState
from planning.models.rounds import PlannedSeat, PlanningRound

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class Candidate(OfCadre, Decided):
    """Nhân sự được giới thiệu for a seat: object, source, state and the reason of it.

    `findings` are kept as they were when the list was approved, `overrides` name conditions passed over with a reason,
    `tallies` the votes for by the number of the step; `carried_from` is the same person's row in the round before.
    """

    seat = models.ForeignKey(PlannedSeat, verbose_name="chức danh", on_delete=models.PROTECT, related_name="candidates")
    object = models.PositiveSmallIntegerField("đối tượng", choices=CandidateObject, default=CandidateObject.FIRST)
    source = models.CharField("nguồn", max_length=20, choices=CandidateSource, default=CandidateSource.ON_SITE)
    state = models.CharField("trạng thái", max_length=20, choices=CandidateState, default=CandidateState.PROPOSED)
    reason = models.CharField("lý do", max_length=500, blank=True)
    training_plan = models.CharField("kế hoạch đào tạo, bồi dưỡng", max_length=500, blank=True)
    overrides = models.JSONField("điều kiện cho qua", default=dict, blank=True)
    findings = models.JSONField("kết quả xét", default=list, blank=True)
    tallies = models.JSONField("số phiếu các bước", default=dict, blank=True)
    carried_from = models.ForeignKey(
        "self",
        verbose_name="từ đợt trước",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
    )
    position = models.PositiveIntegerField("thứ tự", default=0)

    history = History(parent="cadre")

    class Meta:
        verbose_name = "nhân sự quy hoạch"
        verbose_name_plural = "nhân sự quy hoạch"
        ordering = ["seat_id", "position", "id"]
        indexes = [models.Index(fields=["cadre", "state"], name="candidate_cadre")]
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "cadre"],
                name="candidate_once",
                violation_error_message="Người này đã được giới thiệu cho chức danh này.",
            ),
            models.CheckConstraint(
                name="candidate_leaves_with_reason",
                condition=~Q(state__in=[CandidateState.REMOVED, CandidateState.REJECTED]) | ~Q(reason=""),
                violation_error_message="Đưa ra khỏi quy hoạch phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} · {self.seat}"


class UnitPlanQuerySet(models.QuerySet[Any]):
    """Parts of a round by unit; the scope is the unit's."""

    def visible_to(self, user: User | None, action: Action | str = Action.PLAN) -> Self:
        """Parts of units in which the user may plan today."""
        return self.filter(scope_of(user, action).covers("unit_id"))


class UnitPlan(models.Model):
    """Phần của đơn vị in a round: whether its candidates are complete and sent."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang giới thiệu"
        SENT = "sent", "Đã gửi"
        RETURNED = "returned", "Bị trả lại"
        ACCEPTED = "accepted", "Đã tiếp nhận"

    round = models.ForeignKey(PlanningRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="unit_plans")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("trạng thái", max_length=20, choices=State, default=State.DRAFT)
    comment = models.TextField("ý kiến", blank=True)

    objects = UnitPlanQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "phần quy hoạch của đơn vị"
        verbose_name_plural = "phần quy hoạch của đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit"],
                name="unitplan_once",
                violation_error_message="Đơn vị đã có trong đợt.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.unit}"
