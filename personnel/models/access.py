"""Grants (phân quyền), delegation by managing level (phân cấp) and receiving requests (đề nghị tiếp nhận)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from hrdb.kernel.history import History, history_model
from hrdb.kernel.periods import Dated, DatedQuerySet, no_overlap, ordered_period
from personnel.choices import Bloc, ManagingLevel, ReceivingState
from personnel.models.cadres import Cadre
from personnel.models.decisions import Decided
from personnel.models.scope import scope_of, scope_of_roles
from personnel.models.trail import sees_the_whole_trail
from personnel.models.units import Unit, UnitVersion
from personnel.policies import ROLE_ACTIONS, ROLES_WITH_UNIT, Action, Role, roles_allowing

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Grants that are told at once.
MOST_RECENT = 20


def unit_name(field: str = "unit_id") -> Subquery:
    """Annotation: the newest name of the unit that a column points to."""
    newest = UnitVersion.objects.filter(unit_id=OuterRef(field)).order_by("-effective_from")
    return Subquery(newest.values("name")[:1])


class NamedUnitQuerySet(DatedQuerySet):
    """Rows that name a unit."""

    def with_unit_name(self) -> Self:
        """Annotate `unit_name`, the newest name of the unit."""
        return self.select_related("unit").annotate(unit_name=unit_name())


class Grant(Decided, Dated):
    """Phân quyền: a user's role over a unit and all below it, for a period; without a unit, over the whole province."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="tài khoản", on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )

    objects: ClassVar = NamedUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "phân quyền"
        verbose_name_plural = "phân quyền"
        constraints = [
            ordered_period("grant_period"),
            no_overlap(
                "grant_no_overlap", ["user", "role", "unit"], "Tài khoản đã có quyền này trong khoảng thời gian này."
            ),
            models.CheckConstraint(
                name="grant_unit_needed",
                condition=~Q(role__in=sorted(ROLES_WITH_UNIT)) | Q(unit__isnull=False),
                violation_error_message="Vai trò này cần chỉ rõ đơn vị.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


def recent_grants(user: User | None, *, since: datetime.datetime) -> list[Grant]:
    """Roles given since a moment that open personnel data of the scope for which the user answers, newest first.

    That is by «audit», or as an officer of the province; each bears `given_by` and `given_on`.
    """
    written = history_model(Grant)._default_manager.filter(id=OuterRef("pk"), history_type="+")
    rows = Grant.objects.annotate(given_on=Subquery(written.values("history_date")[:1]))
    rows = rows.filter(given_on__gte=since, role__in=[role for role in Role if ROLE_ACTIONS[role]])
    answering = scope_of_roles(user, [*roles_allowing(Action.AUDIT), Role.PROVINCE_OFFICER])
    if not sees_the_whole_trail(answering):
        rows = rows.filter(answering.covers("unit_id"), unit__isnull=False)
    given_by = written.values("history_user__full_name")[:1]
    found = rows.with_unit_name().annotate(given_by=Subquery(given_by)).select_related("user", "decision")
    return list(found.order_by("-given_on", "-pk")[:MOST_RECENT])


class Delegation(Decided, Dated):
    """Phân cấp quản lý cán bộ: which role at which level acts for titles of a managing level, by bloc."""

    managing_level = models.CharField("diện quản lý", max_length=30, choices=ManagingLevel)
    bloc = models.CharField("khối", max_length=20, choices=Bloc, blank=True)
    action = models.CharField("việc", max_length=20, choices=Action)
    role = models.CharField("vai trò", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit,
        verbose_name="cơ quan được phân cấp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Để trống: mọi cơ quan có vai trò này trong phạm vi của mình.",
    )

    objects: ClassVar = NamedUnitQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "phân cấp quản lý"
        verbose_name_plural = "phân cấp quản lý"
        constraints = [ordered_period("delegation_period")]

    def __str__(self) -> str:
        return f"{self.get_managing_level_display()} · {self.get_action_display()}"


class ReceivingRequestQuerySet(models.QuerySet[Any]):
    """Receiving requests, by who asks and who decides."""

    def waiting(self) -> Self:
        """Requests that nobody has decided yet."""
        return self.filter(state=ReceivingState.PENDING)

    def asked_from(self, user: User | None) -> Self:
        """Requests of the units whose records the user writes."""
        return self.filter(scope_of(user, Action.EDIT).covers("unit_id"))

    def with_unit_name(self) -> Self:
        """Annotate `unit_name`, the newest name of the asking unit."""
        return self.select_related("unit", "asked_by", "decided_by").annotate(unit_name=unit_name())

    def decided_by(self, user: User | None) -> Self:
        """Requests that are the user's to decide: of the units in his scope as an officer of the province."""
        return self.filter(scope_of_roles(user, [Role.PROVINCE_OFFICER]).covers("unit_id"))


class ReceivingRequest(models.Model):
    """Đề nghị tiếp nhận: a unit asks the level that sees both to let it record a person who may be kept elsewhere.

    The asking unit learns nothing about the person; the province decides.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người đề nghị", on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateTimeField("thời điểm đề nghị", auto_now_add=True)
    unit = models.ForeignKey(Unit, verbose_name="đơn vị tiếp nhận", on_delete=models.PROTECT, related_name="+")
    personal_number = models.CharField("số định danh cá nhân", max_length=12)
    full_name = models.CharField("họ và tên", max_length=200)
    details = models.JSONField("nội dung dòng danh sách", default=dict, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=ReceivingState, default=ReceivingState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người xử lý",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_on = models.DateTimeField("thời điểm xử lý", null=True, blank=True)
    answer = models.TextField("ý kiến", blank=True)
    cadre = models.ForeignKey(
        Cadre, verbose_name="hồ sơ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReceivingRequestQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "đề nghị tiếp nhận"
        verbose_name_plural = "đề nghị tiếp nhận"
        ordering = ["-asked_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "personal_number"],
                condition=Q(state=ReceivingState.PENDING),
                name="receivingrequest_one_pending",
                violation_error_message="Đã có đề nghị tiếp nhận đang chờ xử lý.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name} → {self.unit}"
