"""Reorganisation of units (sắp xếp tổ chức): a case with its resolutions, its steps and what it says by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hrdb.kernel.history import History
from hrdb.kernel.models import AuditEvent
from personnel.choices import AssignmentKind, PlacementOutcome, ReorganisationState, StepKind
from personnel.models.cadres import Cadre
from personnel.models.decisions import Decided, Decision
from personnel.models.scope import scope_of
from personnel.models.units import Title, Unit
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: States in which what a case says may still be changed.
OPEN_CASES = (ReorganisationState.DRAFT, ReorganisationState.REHEARSED, ReorganisationState.UNDONE)


class ReorganisationQuerySet(models.QuerySet[Any]):
    """Cases."""

    def visible_to(self, user: User | None) -> Self:
        """Cases about units that the user may edit; those of the whole province belong to who edits all of it."""
        return self.filter(scope_of(user, Action.EDIT).covers("unit_id"))


class Reorganisation(models.Model):
    """Phương án sắp xếp tổ chức: any number of steps on one day.

    `unit` is the unit at or below which everything happens; without it the case is the province's. `summary` is what
    the last rehearsal found (counts, faults), `digest` by what it is known again; `applying` the event that wrote it.
    """

    title = models.CharField("tên phương án", max_length=250)
    day = models.DateField("ngày thực hiện")
    unit = models.ForeignKey(
        Unit, verbose_name="phạm vi", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "trạng thái", max_length=12, choices=ReorganisationState, default=ReorganisationState.DRAFT
    )
    note = models.TextField("ghi chú", blank=True)
    summary = models.JSONField("kết quả chạy thử", default=dict, blank=True, editable=False)
    digest = models.CharField("dấu của lần chạy thử", max_length=64, blank=True, editable=False)
    file_name = models.CharField("tệp", max_length=250, blank=True)
    file_hash = models.CharField("mã băm của tệp", max_length=64, blank=True, editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    applying = models.ForeignKey(
        AuditEvent,
        verbose_name="lần thực hiện",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undoing = models.ForeignKey(
        AuditEvent,
        verbose_name="lần hoàn tác",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ReorganisationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "phương án sắp xếp"
        verbose_name_plural = "phương án sắp xếp"
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether what it says may still be changed."""
        return self.state in OPEN_CASES


class ReorganisationDecision(models.Model):
    """A resolution (nghị quyết, quyết định) on which a case rests; the first is cited where a step names none."""

    case = models.ForeignKey(
        Reorganisation, verbose_name="phương án", on_delete=models.PROTECT, related_name="resolutions"
    )
    decision = models.ForeignKey(Decision, verbose_name="quyết định", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField("thứ tự", default=0)

    history = History(parent="case")

    class Meta:
        db_table = "personnel_reorg_decision"
        verbose_name = "căn cứ của phương án"
        verbose_name_plural = "căn cứ của phương án"
        ordering = ["case_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "decision"],
                name="reorganisationdecision_once",
                violation_error_message="Văn bản này đã có trong phương án.",
            )
        ]

    def __str__(self) -> str:
        return str(self.decision)


class ReorganisationStep(models.Model):
    """One step: what it does to `sources`, and into which `targets` they go, by unit codes.

    Codes, not keys: a step may speak of units that the case itself founds. `values` are what the unit is called and
    where it stands afterwards (name, short_name, parent as a code, kind as a code, bloc, level, position), `keeps`
    whether a divided unit goes on existing, `with_below` whether what stands below ends or is merged with it.
    """

    case = models.ForeignKey(Reorganisation, verbose_name="phương án", on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField("thứ tự", default=0)
    kind = models.CharField("việc", max_length=10, choices=StepKind)
    sources = ArrayField(models.CharField(max_length=40), verbose_name="đơn vị", default=list, blank=True)
    targets = ArrayField(models.CharField(max_length=40), verbose_name="đơn vị nhận", default=list, blank=True)
    values = models.JSONField("nội dung", default=dict, blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name="quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = History(parent="case")

    class Meta:
        db_table = "personnel_reorg_step"
        verbose_name = "bước sắp xếp"
        verbose_name_plural = "bước sắp xếp"
        ordering = ["case_id", "position", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReorganisationPlacement(Decided):
    """What a case says of one person: a leader kept or not, or who goes where when a unit is divided."""

    case = models.ForeignKey(
        Reorganisation, verbose_name="phương án", on_delete=models.PROTECT, related_name="placements"
    )
    cadre = models.ForeignKey(Cadre, verbose_name="cán bộ", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField("thứ tự", default=0)
    outcome = models.CharField("bố trí", max_length=10, choices=PlacementOutcome)
    kind = models.CharField("loại", max_length=20, choices=AssignmentKind, default=AssignmentKind.MAIN)
    unit_code = models.CharField("đơn vị đến", max_length=40, blank=True)
    title = models.ForeignKey(
        Title, verbose_name="chức vụ, chức danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title_text = models.CharField("chức vụ (ghi theo văn bản)", max_length=250, blank=True)
    term_ends_on = models.DateField("hết thời hạn giữ chức vụ", null=True, blank=True)

    history = History(parent="case")

    class Meta:
        db_table = "personnel_reorg_placement"
        verbose_name = "bố trí trong phương án"
        verbose_name_plural = "bố trí trong phương án"
        ordering = ["case_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cadre", "kind"],
                name="reorganisationplacement_once",
                violation_error_message="Phương án đã nói về người này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cadre}: {self.get_outcome_display()}"

    @property
    def title_name(self) -> str:
        """The title as written for this post, else the mapped title's name."""
        return self.title_text or (self.title.name if self.title_id and self.title else "")
