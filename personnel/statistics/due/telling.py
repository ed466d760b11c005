"""Due matters with names (tên người, đơn vị, nội dung, căn cứ): what every outlet shows, read set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from personnel.choices import Classification
from personnel.models import Cadre, Unit, UnitVersion
from personnel.models.scope import tier_1_open
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told

if TYPE_CHECKING:
    from hrdb.kernel.models import User


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as a reader may see it; `name` is the person's, or the unit's where the matter is a unit's.

    `personal_number` is whole: outlets mask it where `is_tier_1_open` is not set. `is_classified` says that the
    record bears a classification, so that the name stays inside the system.
    """

    row: DueRow
    list: DueList
    name: str
    personal_number: str | None
    is_tier_1_open: bool
    is_classified: bool
    unit_code: str
    unit_name: str
    told: Told

    def is_overdue(self, day: date) -> bool:
        """Whether the last day to act has passed."""
        at = self.row.act_by or self.row.due_on
        return at is not None and at < day


def matters(rows: Sequence[DueRow], *, user: User | None, day: date) -> list[Matter]:
    """The rows with their names; the number of statements depends only on how many lists there are."""
    if not rows:
        return []
    people = _people([row.cadre_id for row in rows if row.cadre_id is not None], user)
    units = sorted({row.unit_id for row in rows})
    names = dict(UnitVersion.objects.standing_on(day).filter(unit_id__any=units).values_list("unit_id", "name"))
    codes = dict(Unit.objects.filter(pk__any=units).values_list("pk", "code"))
    told = _told(rows, day)
    found = []
    for place, row in enumerate(rows):
        made, words = told[place]
        name, number, classification, is_open = people.get(row.cadre_id or 0, ("", None, Classification.PLAIN, False))
        unit_name = names.get(row.unit_id, codes[row.unit_id])
        found.append(
            Matter(
                row=row,
                list=made,
                name=name if row.cadre_id is not None else unit_name,
                personal_number=number,
                is_tier_1_open=is_open,
                is_classified=classification != Classification.PLAIN,
                unit_code=codes[row.unit_id],
                unit_name=unit_name,
                told=words,
            )
        )
    return found


def _people(ids: Sequence[int], user: User | None) -> dict[int, tuple[str, str | None, str, bool]]:
    """Name, number, classification and whether tier 1 is open, by id of the person."""
    found = Cadre.objects.filter(pk__any=sorted(set(ids))).order_by().alias(_open=tier_1_open(user))
    rows = found.values_list("pk", "full_name", "personal_number", "classification", F("_open"))
    return {pk: tuple(values) for pk, *values in rows}


def _told(rows: Sequence[DueRow], day: date) -> list[tuple[DueList, Told]]:
    """Each row's list and what it is told by it, list after list."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row.kind].append(place)
    told: dict[int, tuple[DueList, Told]] = {}
    for kind, own in places.items():
        made = DUE_LISTS[kind]()
        told |= {
            place: (made, words) for place, words in zip(own, made.tell([rows[one] for one in own], day), strict=True)
        }
    return [told[place] for place in range(len(rows))]
