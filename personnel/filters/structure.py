"""What the page of structure is asked for: unit, population, rows, definition of young, columns; all in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens import FilterForm
from hrdb.kernel.screens.links import asked_day
from personnel.rules.youth import DEFAULT_YOUTH, youth_definitions
from personnel.statistics import DEFAULT_POPULATION, DIMENSIONS, POPULATIONS, tree_for
from personnel.statistics.people import UNIT
from personnel.statistics.structure import GROUPS
from personnel.statistics.tree import PlacedUnit, UnitTree

#: The columns that are shown: the headline, one group, or everything.
HEADLINE, EVERYTHING = "", "all"


class StructureFilters(FilterForm):
    """The choices of the page; an empty one means its default."""

    primary = ("unit", "population", "rows", "youth", "show")

    unit = forms.ChoiceField(label="Đơn vị")
    population = forms.ChoiceField(label="Đối tượng")
    rows = forms.ChoiceField(label="Chia theo")
    youth = forms.ChoiceField(label="Mốc tuổi trẻ")
    show = forms.ChoiceField(label="Số liệu")

    def prepare(self, request: HttpRequest) -> None:
        """Fill in the choices: units of the reader's scope on the day, and what is registered."""
        day = asked_day(request)
        self.tree = tree_for(reader(request), day)
        chosen = self.tree.by_code(str(self.data.get("unit") or ""))
        self._choose("unit", "Mọi đơn vị được giao", unit_choices(self.tree, chosen))
        user = reader(request)
        known = [one for one in POPULATIONS if one.is_open(user)]
        others = [(one.key, one.label) for one in known if one.key != DEFAULT_POPULATION]
        self._choose("population", POPULATIONS[DEFAULT_POPULATION].label, others)
        self._choose(
            "rows", "Đơn vị", [(one.key, one.label) for one in DIMENSIONS if one.may_be_rows and one.is_open(user)]
        )
        definitions = youth_definitions(day)
        others = [(key, f"Dưới {one.below} tuổi") for key, one in definitions.items() if key != DEFAULT_YOUTH]
        self._choose("youth", f"Dưới {definitions[DEFAULT_YOUTH].below} tuổi", others)
        groups = [(key, DIMENSIONS[key].label) for key in GROUPS]
        self._choose("show", "Số liệu chung", [*groups, (EVERYTHING, "Đầy đủ các cột")])

    def _choose(self, name: str, default: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", default), *choices]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What `structure` is asked for."""
        values = self.values
        return {
            "population": values.get("population", DEFAULT_POPULATION),
            "unit": values.get("unit"),
            "rows": values.get("rows", UNIT),
            "youth": values.get("youth", DEFAULT_YOUTH),
        }

    def say_unit(self, value: str) -> str:
        """The unit by its name, without the marks of its depth."""
        unit = self.tree.by_code(value)
        return f"Đơn vị: {unit.name if unit else value}"

    @property
    def shown(self) -> str:
        """The columns that are shown."""
        return str(self.values.get("show", HEADLINE))


def unit_choices(tree: UnitTree, chosen: PlacedUnit | None) -> list[tuple[str, str]]:
    """Codes and names of the tops and their children, and the way to the chosen unit with its children below it."""
    offered: list[tuple[str, str]] = []
    opened = {unit.id for unit in tree.path(chosen)} if chosen else set()

    def offer(unit: PlacedUnit, depth: int) -> None:
        if unit.is_existing or unit.id in opened:
            offered.append((unit.code, f"{'– ' * depth}{unit.name}"))
        if depth == 0 or unit.id in opened:
            for child in tree.children(unit):
                offer(child, depth + 1)

    for top in tree.tops():
        offer(top, 0)
    return offered
