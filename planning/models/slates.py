"""A slate (phương án nhân sự): a draft of moves that hang together, compared with others before decisions are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.history import History
from personnel.models import Decision, Title, Unit
from personnel.models.cadres import OfCadre
from personnel.models.scope import RecordQuerySet, scope_of
from personnel.policies import Action
from planning.choices import SlateState
from planning.models.scope import may_plan, seats_q

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Further values of a move that name a unit, beside the one that it leads to.
OTHER_UNIT = "new_unit"


class SlateQuerySet(models.QuerySet[Any]):
    """Slates, always asked through the scope of planning before anything leaves the server."""

    def visible_to(self, user: User | None, action: Action | str = Action.PLAN) -> Self:
        """Slates all of whose moves the user may plan; one without moves is its owner's business."""
        if user is None:
            return self
        if not may_plan(user):
            return self.none()
        moves = SlateMove.objects.filter(slate=OuterRef("pk"))
        open_moves = SlateMove.objects.all().visible_to(user).order_by().values("pk")
        return self.filter(Q(owner=user) | Exists(moves)).exclude(Exists(moves.exclude(pk__in=open_moves)))


class SlateMoveQuerySet(RecordQuerySet):
    """Moves, asked through the scope of planning: never by the person himself."""

    def visible_to(self, user: User | None, action: Action | str = Action.PLAN) -> Self:
        """Moves of people whom the user plans by today's delegation, to units and titles that he plans."""
        if user is None:
            return self
        today, scope = timezone.localdate(), scope_of(user, Action.PLAN)
        people: Any = apps.get_model("personnel", "Cadre")._default_manager.visible_to(user, Action.PLAN)
        people = people.manageable_by(user, Action.PLAN, today).exclude(account_id=user.pk)
        to = Q(unit__isnull=True) | (scope.covers("unit_id") & (Q(title__isnull=True) | seats_q(user, Action.PLAN)))
        other = Q(other_unit_id__isnull=True) | scope.covers("other_unit_id")
        found = self.alias(other_unit_id=Cast(KeyTextTransform(OTHER_UNIT, "values"), BigIntegerField()))
        return found.filter(to, other, cadre__in=people.order_by().values("pk"))


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

    objects = SlateQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "phương án nhân sự"
        verbose_name_plural = "phương án nhân sự"
        ordering = ["-day", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The slate's page."""
        return reverse("planning:slate-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether moves may be added and changed."""
        return self.state != SlateState.DROPPED


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

    objects = SlateMoveQuerySet.as_manager()  # type: ignore[misc]
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

    @property
    def is_drawn(self) -> bool:
        """Whether a decision has been drawn up that still names the person: the register may have taken him off."""
        return self.decision is not None and self.decision.items.filter(cadre_id=self.cadre_id).exists()

    @property
    def stored(self) -> dict[str, Any]:
        """Everything that the decision says of the person, as its fields keep it."""
        own = {"unit": self.unit_id, "title": self.title_id}
        return {**self.values, **{key: value for key, value in own.items() if value is not None}}
