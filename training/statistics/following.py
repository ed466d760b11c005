"""What became of people after a class (sau đào tạo): the posts they hold since, higher ones named; read set-wise."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from personnel.choices import AssignmentKind
from personnel.models import Assignment
from personnel.reports.unit_names import UnitNames


@dataclass(frozen=True)
class AfterClass:
    """What the record tells of somebody since a class ended: whether promoted, moved, and the posts since then."""

    is_promoted: bool
    is_moved: bool
    posts: tuple[str, ...]
    is_gone: bool = False

    @property
    def words(self) -> str:
        """In a few words."""
        if self.is_promoted:
            return "Giữ chức vụ cao hơn"
        if self.is_moved:
            return "Chuyển vị trí công tác"
        return "Không còn giữ vị trí" if self.is_gone else "Giữ nguyên vị trí công tác"

    @property
    def tone(self) -> str:
        """The tone of its label."""
        return "good" if self.is_promoted else "act" if self.is_moved else ""


def after_class(cadre_ids: Iterable[int], ended_on: datetime.date, day: datetime.date) -> dict[int, AfterClass]:
    """What happened between the end of a class and a day, by person: three queries."""
    ids = list(cadre_ids)
    rows = Assignment.objects.filter(cadre_id__in=ids, effective_from__lte=day).exclude(kind=AssignmentKind.ACTING)
    rows = rows.select_related("title", "seat__title").order_by("effective_from", "pk")
    of: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        of[row.cadre_id].append(row)
    names = UnitNames.read({row.unit_id for held in of.values() for row in held if row.effective_from > ended_on})
    return {pk: _after(of.get(pk, ()), ended_on, day, names) for pk in ids}


def _after(rows: Sequence[Assignment], ended_on: datetime.date, day: datetime.date, names: UnitNames) -> AfterClass:
    before = [row for row in rows if row.holds_on(ended_on)]
    since = [row for row in rows if row.effective_from > ended_on]
    now = [row for row in rows if row.holds_on(day)]
    best, highest = _best(before), _best(now)
    units = {row.unit_id for row in before if row.kind == AssignmentKind.MAIN}
    mains = {row.unit_id for row in now if row.kind == AssignmentKind.MAIN}
    return AfterClass(
        is_promoted=highest is not None and (best is None or highest < best) and bool(since),
        is_moved=bool(mains - units) and bool(since),
        posts=tuple(_words(row, names) for row in since),
        is_gone=not now,
    )


def _best(rows: Iterable[Assignment]) -> int | None:
    """The order of the highest leadership title of some posts; lower is higher."""
    ranks = []
    for row in rows:
        title = row.title or (row.seat.title if row.seat_id and row.seat is not None else None)
        if title is not None and title.is_leadership and title.rank is not None:
            ranks.append(title.rank)
    return min(ranks, default=None)


def _words(row: Assignment, names: UnitNames) -> str:
    title = row.title or (row.seat.title if row.seat_id and row.seat is not None else None)
    unit = names.full(row.unit_id, row.effective_from) if row.unit_id else row.organisation
    named = row.title_text or (title.name if title is not None else "")
    return f"{', '.join(filter(None, [named, unit]))} (từ {row.effective_from:%d/%m/%Y})"
