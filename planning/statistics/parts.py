"""Which office a planned seat belongs to in a round (phần của đơn vị): the agency right below the top of its tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from personnel.statistics.tree import UnitTree


def offices_above(unit_ids: Iterable[int], day: date) -> dict[int, int]:
    """For each unit the agency that proposes for its seats: its ancestor below the top, or the top; one query."""
    tree = UnitTree.on(day)
    units = {unit.id: unit for unit in tree}
    found = {}
    for unit_id in set(unit_ids):
        path = tree.path(units[unit_id])
        found[unit_id] = (path[1] if len(path) > 1 else path[0]).id
    return found
