"""Candidates of a round (nhân sự quy hoạch), and where each unit stands with its part of the list."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hrdb.kernel.history import History
from personnel.models import Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from personnel.models.scope import RecordQuerySet
from personnel.policies import Action
from planning.choices import STANDING, CandidateObject, CandidateSource, CandidateState
from planning.models.rounds import PlannedSeat, PlanningRound
from planning.models.scope import readable_candidates_q, readable_seats_q

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class CandidateQuerySet(RecordQuerySet):
    """Candidates, always asked through the scope of planning before anything leaves the server."""

    def visible_to(self, user: User | None, action: Action | str = Action.PLAN) -> Self:
        """Candidates whom the user plans or approves, whatever else he may do; oneself only once it is announced."""
        return self.filter(readable_candidates_q(user))

    def standing(self) -> Self:
        """Those who stand on the list of their round."""
        return self.filter(state__in=STANDING)

    def in_plan(self, day: datetime.date) -> Self:
        """Those who are planned on `day`: on an approved list in force, and not taken off it by then."""
        approved = Q(state=CandidateState.APPROVED) | Q(state=CandidateState.REMOVED, removed_on__gt=day)
        rounds = PlanningRound.objects.in_force(day).values("pk")
        return self.filter(approved, seat__round__in=rounds)


class Candidate(OfCadre, Decided):
    """Nhân sự được giới thiệu for a seat: object, source, state and the reason of it.

    `findings` are kept as they were when the list was approved, `overrides` name conditions passed over with a reason,
    `tallies` what the steps counted by their number ({"2": {"votes": 14, "head": true}}); `carried_from` is the same
    person's row in the round before, `review` what the review proposed and what was decided. `removed_on` is the day
    from which somebody no longer stands on an approved list.
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
    review = models.JSONField("rà soát", default=dict, blank=True)
    removed_on = models.DateField("đưa ra từ ngày", null=True, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=0)

    objects = CandidateQuerySet.as_manager()  # type: ignore[misc]
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

    @property
    def is_standing(self) -> bool:
        """Whether the person stands on the list of the round."""
        return self.state in STANDING


class UnitPlanQuerySet(models.QuerySet[Any]):
    """Parts of a round by unit; they are read with their seats."""

    def visible_to(self, user: User | None) -> Self:
        """Parts with a seat that the user may read."""
        return self if user is None else self.filter(Exists(self._seats(user)))

    @staticmethod
    def _seats(user: User) -> models.QuerySet[Any]:
        return PlannedSeat.objects.filter(readable_seats_q(user), part=OuterRef("pk"))


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
