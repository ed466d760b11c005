"""Units and people as planning names them: a division with its agency, a person with post and birth, read set-wise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from personnel.reports.unit_names import UnitNames


def unit_names(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """The names of units on a day, a part of an agency followed by the agency's name; two queries."""
    ids = set(unit_ids)
    names = UnitNames.read(ids)
    return {pk: names.full(pk, day) for pk in ids}
