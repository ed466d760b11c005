"""Slates of the demonstration province: a department's head leaves, and two ways to fill the posts after him."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from hrdb.kernel.dates import add_months
from hrdb.kernel.models import User
from personnel.models import Assignment, Cadre, Unit
from personnel.services.decisions.kinds import decision_acts
from personnel.services.demonstration.parts import demonstration_parts
from planning.models import Slate, SlateMove
from planning.services.slates.writing import movable_by

#: Titles of a department and of its divisions, from the head down.
HEAD, DEPUTY, DIVISION_HEAD, DIVISION_DEPUTY = "GD-SO", "PGD-SO", "TP-SO", "PTP-SO"
#: Titles of those who come from another department.
GUESTS = (DIVISION_HEAD, DEPUTY)
OWNER = "tinh"


class SlatePart:
    """A slate of five moves and a copy that fills the head's post from elsewhere."""

    key, order = "slates", 58

    def write(self, *, day: datetime.date) -> int:
        """Write them; answers the number of rows."""
        owner = User.objects.filter(username=OWNER).first()
        first_day = add_months(day.replace(day=1), 2)
        team = _team(owner, first_day) if owner is not None else None
        if team is None:
            return 0
        head, deputy, division_head, division_deputy, guest, other = team
        leaving = _move("release", head)
        leaving.values = {"cause": "Chuyển sang nhiệm vụ khác theo phân công của cấp có thẩm quyền"}
        slate = Slate(
            name="Phương án 1: bố trí nhân sự tại chỗ",
            day=first_day,
            owner=owner,
            note="Chuẩn bị nhân sự khi người đứng đầu nhận nhiệm vụ khác; lấy nguồn tại chỗ.",
        )
        slate.save()
        steps = [
            leaving,
            _move("appointment", deputy, head),
            _move("appointment", division_head, deputy),
            _move("transfer", guest, division_head),
            _move("transfer", division_deputy, guest),
        ]
        copy = Slate(
            name="Phương án 2: điều động người đứng đầu từ nơi khác",
            day=first_day,
            owner=owner,
            note="Giữ nguyên các cấp phó; điều động người đứng đầu từ cơ quan khác.",
            copied_from=slate,
        )
        copy.save()
        again = _move("release", head)
        again.values = leaving.values
        varied = [again, _move("transfer", other, head), _move("appointment", division_head, other)]
        return 2 + _keep(slate, steps) + _keep(copy, varied)


def _team(owner: User, day: datetime.date) -> tuple[Assignment, ...] | None:
    """Head, deputy, head and deputy of division of one department; head of division and deputy of other departments."""
    mine = movable_by(owner).present_on(day)
    held = Assignment.objects.in_force(day).filter(kind="main", cadre__in=mine.order_by().values("pk"))
    held = held.filter(unit__isnull=False).select_related("cadre", "unit", "title").order_by("unit__code", "pk")
    by_title = {code: list(held.filter(title__code=code)) for code in (HEAD, DEPUTY, DIVISION_HEAD, DIVISION_DEPUTY)}
    for head in by_title[HEAD]:
        below = set(Unit.objects.below([head.unit_id], day).values_list("pk", flat=True))
        found = [head, *(_first(by_title[code], below) for code in (DEPUTY, DIVISION_HEAD, DIVISION_DEPUTY))]
        found += [next((row for row in by_title[code] if row.unit_id not in below), None) for code in GUESTS]
        if all(found):
            return tuple(row for row in found if row is not None)
    return None


def _first(rows: Iterable[Assignment], units: set[int]) -> Assignment | None:
    return next((row for row in rows if row.unit_id in units), None)


def _move(key: str, who: Assignment, to: Assignment | None = None) -> SlateMove:
    """A move of somebody to the post of another."""
    cadre: Cadre = who.cadre
    values: dict[str, Any] = {"is_clear": True} if key in ("appointment", "transfer") else {}
    made = SlateMove(cadre=cadre, act=decision_acts[key].key, values=values)
    if to is not None:
        made.unit, made.title = to.unit, to.title
    return made


def _keep(slate: Slate, moves: Iterable[SlateMove]) -> int:
    rows = list(moves)
    for place, row in enumerate(rows, 1):
        row.slate, row.position = slate, place
        row.save()
    return len(rows)


demonstration_parts.register(SlatePart())
