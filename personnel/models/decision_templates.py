"""The Word templates of offices (mẫu văn bản quyết định): one a kind of paper, in place of the built-in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from hrdb.kernel.history import History
from personnel.models.scope import scope_of
from personnel.models.units import Unit
from personnel.policies import Action

if TYPE_CHECKING:
    from hrdb.kernel.models import User


class DecisionTemplateQuerySet(models.QuerySet[Any]):
    """Templates; those of the whole province belong to everybody who draws up decisions."""

    def visible_to(self, user: User | None, action: Action | str = Action.DECIDE) -> Self:
        """Templates of the offices in the user's scope; the common ones, to change them only for the whole province."""
        scope = scope_of(user, action)
        if scope.is_whole_province:
            return self
        return self.filter(scope.covers("unit_id")) if scope.roots else self.none()

    def for_office(self, unit_id: int | None, kind: str) -> Self:
        """The office's own template of a kind before the common one."""
        own = Q(unit_id=unit_id) | Q(unit__isnull=True) if unit_id is not None else Q(unit__isnull=True)
        return self.filter(own, kind=kind).order_by(models.F("unit_id").asc(nulls_last=True))


class DecisionTemplate(models.Model):
    """Mẫu văn bản of a kind of paper (`TextKind`); without a unit it is common to all offices of the province."""

    unit = models.ForeignKey(
        Unit,
        verbose_name="đơn vị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_templates",
    )
    kind = models.CharField("loại văn bản", max_length=60)
    file = models.CharField("tệp", max_length=250)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)

    objects = DecisionTemplateQuerySet.as_manager()
    history = History(parent="unit")

    class Meta:
        verbose_name = "mẫu văn bản quyết định"
        verbose_name_plural = "mẫu văn bản quyết định"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"],
                name="decisiontemplate_once",
                nulls_distinct=False,
                violation_error_message="Đơn vị đã có mẫu cho loại văn bản này.",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
