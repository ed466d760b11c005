"""What the pages of appraisal share: the cycle and the unit of the address, who opens them, what a refusal becomes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404

from appraisal.models import RatingCycle, UnitSubmission
from appraisal.services.submitting import submission_of
from appraisal.statistics.rated import Agencies
from hrdb.kernel.accounts import reader
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import User
from hrdb.kernel.screens import ActionScreen, Crumb, Screen
from hrdb.kernel.screens.links import link
from personnel.models import Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal

ROOM = "Đánh giá, xếp loại"


class AppraisalScreen(Screen):
    """Pages of whoever views people of some unit."""

    @property
    def user(self) -> User:
        """The reader."""
        return reader(self.request)

    def may_open(self) -> bool:
        """Whether the reader views anybody's record but the own."""
        return not scope_of(self.user, Action.VIEW).is_empty

    def room(self) -> Crumb:
        """The way back to the cycles."""
        return Crumb(ROOM, link(self.request, "appraisal:cycle-list"))

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the cycles."""
        return [self.room()]

    def is_open_to(self, action: Action) -> bool:
        """Whether the reader may do this in some unit."""
        return not scope_of(self.user, action).is_empty


class CycleScreen(AppraisalScreen):
    """Pages of one cycle."""

    @cached_property
    def cycle(self) -> RatingCycle:
        """The cycle of the address."""
        found: RatingCycle = get_object_or_404(RatingCycle, code=self.kwargs["slug"])
        return found

    @cached_property
    def agencies(self) -> Agencies:
        """Units of the cycle's last day."""
        return Agencies(self.cycle.ends_on)

    def cycle_crumb(self) -> Crumb:
        """The way back to the cycle."""
        return Crumb(self.cycle.name, link(self.request, "appraisal:cycle-detail", self.cycle.code))

    def deadline_text(self) -> str:
        """The deadline in words."""
        if self.cycle.due_on is None:
            return "chưa đặt hạn"
        return f"phải xong trước ngày {format_date(self.cycle.due_on)}"


class UnitCycleScreen(CycleScreen):
    """Pages of one unit in a cycle; a unit out of scope, and one that rates nobody, are not there."""

    @cached_property
    def unit(self) -> Unit:
        """The unit of the address."""
        found: Unit = get_object_or_404(Unit.objects.visible_to(self.user), code=self.kwargs["code"])
        if found.pk not in self.agencies.all():
            raise Http404
        return found

    @property
    def unit_name(self) -> str:
        """What the unit is called on the last day of the cycle."""
        return self.agencies.names.get(self.unit.pk, self.unit.code)

    @cached_property
    def submission(self) -> UnitSubmission:
        """Where the unit's ratings stand."""
        return submission_of(self.cycle, self.unit)

    def may_on_unit(self, action: Action) -> bool:
        """Whether the unit lies in the reader's scope for an action."""
        return bool(Unit.objects.visible_to(self.user, action).filter(pk=self.unit.pk).exists())

    def unit_url(self, name: str = "appraisal:unit", *args: Any, **query: Any) -> str:
        """A page of this unit in this cycle."""
        return link(self.request, name, self.cycle.code, self.unit.code, *args, **query)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the cycles, the cycle, the unit."""
        return [self.room(), self.cycle_crumb(), Crumb(self.unit_name, self.unit_url())]


class ServiceAct(ActionScreen):
    """An act whose service may refuse: the refusal stands above the form. Subclasses give `write`."""

    def write(self, form: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        """Do it; a refusal becomes an error of the form."""
        try:
            return self.write(form)
        except ServiceRefusal as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        except PermissionDenied as error:
            raise ValidationError(str(error) or "Không có quyền làm việc này.", code="denied") from error
