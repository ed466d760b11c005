"""The yearly plan of rotation (kế hoạch luân chuyển), each rotation of it, and what the province rules about both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from hrdb.kernel.history import History
from hrdb.kernel.periods import Dated, ordered_period
from personnel.choices import Confidence, ManagingLevel
from personnel.models import Decision, Title, Unit
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from personnel.models.scope import RecordQuerySet
from personnel.policies import Action
from planning.choices import (
    CARRIED_OUT,
    RotationDirection,
    RotationOutcome,
    RotationPlanState,
    RotationPurpose,
    RotationRuleKind,
    RotationState,
)
from planning.models.rotation_scope import (
    managed_items_q,
    plans_q,
    readable_items_q,
    readable_plans_q,
    received_items_q,
)

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class RotationPlanQuerySet(models.QuerySet[Any]):
    """Plans of rotation."""

    def visible_to(self, user: User | None) -> Self:
        """Plans that the user may read."""
        return self.filter(readable_plans_q(user))

    def managed_by(self, user: User | None) -> Self:
        """Plans that the user prepares."""
        return self.filter(plans_q(user, Action.PLAN))

    def approved_by(self, user: User | None) -> Self:
        """Plans whose level and office are the user's to approve."""
        return self.filter(plans_q(user, Action.APPROVE))

    def in_state(self, state: str) -> Self:
        """Plans in one state."""
        conditions = {
            RotationPlanState.APPROVED: Q(is_approved=True),
            RotationPlanState.SUBMITTED: Q(is_approved=False, submitted_on__isnull=False),
            RotationPlanState.DRAFT: Q(is_approved=False, submitted_on__isnull=True),
        }
        return self.filter(conditions[RotationPlanState(state)])


class RotationPlan(Decided):
    """Kế hoạch luân chuyển of a year at an approving level, of the office that makes it; the decision approved it.

    `issue` counts the plans of a year: what is added after the approval stands in a further plan.
    """

    year = models.PositiveSmallIntegerField("năm", validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    level = models.CharField("cấp phê duyệt", max_length=30, choices=ManagingLevel)
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị lập", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issue = models.PositiveSmallIntegerField("lần", default=1)
    name = models.CharField("tên kế hoạch", max_length=250)
    aims = models.TextField("mục đích, yêu cầu", blank=True)
    submitted_on = models.DateField("ngày trình", null=True, blank=True)
    return_note = models.CharField("ý kiến trả lại", max_length=1000, blank=True)
    is_approved = models.BooleanField("đã phê duyệt", default=False)
    approved_on = models.DateField("ngày phê duyệt", null=True, blank=True)
    content = models.JSONField("nội dung đã duyệt", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)

    objects = RotationPlanQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "kế hoạch luân chuyển"
        verbose_name_plural = "kế hoạch luân chuyển"
        ordering = ["-year", "level", "issue"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "level", "unit", "issue"],
                name="rotationplan_once_an_office",
                nulls_distinct=False,
                violation_error_message="Kế hoạch luân chuyển của năm, cấp và đơn vị này đã có.",
            ),
            models.CheckConstraint(
                name="rotationplan_frozen",
                condition=Q(is_approved=False) | ~Q(sha256=""),
                violation_error_message="Kế hoạch đã phê duyệt phải có mã băm.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("planning:rotation-detail", args=[self.pk])

    @property
    def state(self) -> RotationPlanState:
        """How far it is."""
        if self.is_approved:
            return RotationPlanState.APPROVED
        return RotationPlanState.SUBMITTED if self.submitted_on is not None else RotationPlanState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether its rotations may be put on, changed and taken off."""
        return self.state == RotationPlanState.DRAFT


class RotationItemQuerySet(RecordQuerySet):
    """Rotations, always asked through the scope of planning before anything leaves the server."""

    def visible_to(self, user: User | None, action: Action | str = Action.PLAN) -> Self:
        """Rotations that the user may read, never his own."""
        return self.filter(readable_items_q(user))

    def managed_by(self, user: User | None) -> Self:
        """Rotations that the user prepares and leads to their end."""
        return self.filter(managed_items_q(user))

    def received_by(self, user: User | None) -> Self:
        """Rotations into units of the user's scope."""
        return self.filter(received_items_q(user))

    def standing(self) -> Self:
        """Those that were not dropped."""
        return self.exclude(state=RotationState.DROPPED)

    def carried_out(self) -> Self:
        """Those with a decision, running or over."""
        return self.filter(state__in=CARRIED_OUT)


class RotationItem(OfCadre, Decided):
    """Một trường hợp luân chuyển: who, from where to where, as what, why, and what became of it.

    The decision is the one of the register that carried it out, `end_decision` the one that ended it. `findings` are
    kept as they were when the plan was approved, `overrides` name conditions passed over with a reason. An evaluation
    is {"year", "level", "text", "is_final"} of the receiving unit, one a year.
    """

    plan = models.ForeignKey(RotationPlan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="items")
    from_unit = models.ForeignKey(Unit, verbose_name="nơi đi", on_delete=models.PROTECT, related_name="+")
    from_title = models.ForeignKey(
        Title, verbose_name="chức vụ nơi đi", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_post = models.CharField("chức vụ hiện giữ", max_length=300, blank=True)
    to_unit = models.ForeignKey(Unit, verbose_name="nơi đến", on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey(Title, verbose_name="chức vụ nơi đến", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("mục đích", max_length=20, choices=RotationPurpose, default=RotationPurpose.PLANNED)
    direction = models.CharField("hướng", max_length=20, choices=RotationDirection)
    begins_on = models.DateField("dự kiến từ ngày", null=True, blank=True)
    ends_on = models.DateField("dự kiến đến ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    benefits = models.CharField("chế độ được hưởng", max_length=500, blank=True)
    has_written_wish = models.BooleanField("có đơn tự nguyện", default=False)
    is_clear = models.BooleanField("không bị xem xét kỷ luật, điều tra, truy tố, xét xử", default=False)
    is_movable = models.BooleanField("không điều trị bệnh, học dài hạn, hoàn cảnh khó khăn", default=False)
    is_local = models.BooleanField("là người địa phương nơi đến", null=True, blank=True)
    is_extra = models.BooleanField("bố trí tăng thêm chức danh", default=False)
    state = models.CharField("trạng thái", max_length=20, choices=RotationState, default=RotationState.PROPOSED)
    outcome_kind = models.CharField("bố trí sau luân chuyển", max_length=20, choices=RotationOutcome, blank=True)
    outcome = models.CharField("kết quả sau luân chuyển", max_length=500, blank=True)
    ended_on = models.DateField("kết thúc từ ngày", null=True, blank=True)
    end_decision = models.ForeignKey(
        Decision,
        verbose_name="quyết định kết thúc",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    findings = models.JSONField("kết quả xét", default=list, blank=True)
    overrides = models.JSONField("điều kiện cho qua", default=dict, blank=True)
    evaluations = models.JSONField("nhận xét hằng năm của nơi đến", default=list, blank=True)

    objects = RotationItemQuerySet.as_manager()  # type: ignore[misc]
    history = History(parent="cadre")

    class Meta:
        verbose_name = "trường hợp luân chuyển"
        verbose_name_plural = "trường hợp luân chuyển"
        ordering = ["plan_id", "id"]
        indexes = [models.Index(fields=["cadre", "state"], name="rotationitem_cadre")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "cadre"],
                name="rotationitem_once",
                violation_error_message="Người này đã có trong kế hoạch.",
            ),
            models.CheckConstraint(
                name="rotationitem_period",
                condition=Q(ends_on__isnull=True) | Q(begins_on__isnull=True) | Q(ends_on__gt=models.F("begins_on")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="rotationitem_ends_somehow",
                condition=~Q(state=RotationState.ENDED) | (~Q(outcome_kind="") & Q(ended_on__isnull=False)),
                violation_error_message="Kết thúc luân chuyển phải ghi ngày và cách bố trí.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}: {self.from_unit} → {self.to_unit}"

    def get_absolute_url(self) -> str:
        """The page of this rotation."""
        return reverse("planning:rotation-item", args=[self.pk])


class RotationRule(Decided, Dated):
    """Quy định của tỉnh về luân chuyển, dated: what is granted, and to which titles a limit of the law applies here.

    `title` (with `unit`: only there) or `job_code`, a code of job positions, say to what a rule applies; `months` how
    long a post may be held before it must be changed.
    """

    kind = models.CharField("loại", max_length=20, choices=RotationRuleKind)
    title = models.ForeignKey(
        Title, verbose_name="chức danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="chỉ ở đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    job_code = models.CharField("mã vị trí việc làm", max_length=40, blank=True)
    months = models.PositiveSmallIntegerField(
        "thời hạn (tháng)",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "Thời hạn ít nhất 1 tháng."),
            MaxValueValidator(600, "Thời hạn nhiều nhất 600 tháng."),
        ],
    )
    text = models.CharField("nội dung", max_length=500, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=20, choices=Confidence, default=Confidence.CONFIRMED)

    history = History()

    class Meta:
        verbose_name = "quy định của tỉnh về luân chuyển"
        verbose_name_plural = "quy định của tỉnh về luân chuyển"
        ordering = ["kind", "title__position", "effective_from", "id"]
        constraints = [
            ordered_period("rotationrule_period"),
            models.CheckConstraint(
                name="rotationrule_says",
                condition=(
                    (Q(kind=RotationRuleKind.BENEFIT) & ~Q(text=""))
                    | (Q(kind=RotationRuleKind.PERIODIC) & Q(months__isnull=False))
                    | Q(kind__in=[RotationRuleKind.TWO_TERMS, RotationRuleKind.NON_LOCAL])
                ),
                violation_error_message="Chế độ phải ghi nội dung; vị trí định kỳ chuyển đổi phải ghi thời hạn.",
            ),
            models.CheckConstraint(
                name="rotationrule_applies",
                condition=Q(kind=RotationRuleKind.BENEFIT)
                | Q(title__isnull=False)
                | (Q(kind=RotationRuleKind.PERIODIC) & ~Q(job_code="")),
                violation_error_message="Hãy chọn chức danh, hoặc ghi mã vị trí việc làm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title or self.job_code or self.text}"
