"""The filter of a unit with all below it, as lists of people share it; a unit out of scope is none."""

from __future__ import annotations

import datetime
from typing import ClassVar

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from personnel.models import Unit, UnitVersion
from personnel.models.scope import CadreQuerySet
from personnel.policies import Action


class UnitFilter(FilterForm):
    """Base of filters with a field `unit` (a code); `day` is that on which people are where they are.

    `unit_action`: of which action the scope is asked.
    """

    unit_action: ClassVar[Action] = Action.VIEW
    day: datetime.date

    def apply_unit(self, queryset: CadreQuerySet, value: str) -> CadreQuerySet:
        """Kept at or below a unit of the scope; an unknown code and one out of scope give nobody."""
        unit = self._unit(value)
        return queryset.none() if unit is None else queryset.in_units([unit.pk], self.day)

    def say_unit(self, value: str) -> str:
        """The unit by name."""
        unit = self._unit(value)
        version = UnitVersion.objects.standing_on(self.day).filter(unit=unit).first() if unit is not None else None
        return f"Đơn vị: {version.name if version is not None else value}"

    def _unit(self, code: str) -> Unit | None:
        if not hasattr(self, "_units"):
            self._units: dict[str, Unit | None] = {}
        if code not in self._units:
            scope = Unit.objects.visible_to(reader(self.request), self.unit_action)
            self._units[code] = scope.filter(code=code).first()
        return self._units[code]
