"""Cycles of appraisal: opening, changing the deadline, closing."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError

from appraisal.choices import CycleKind, CycleState
from appraisal.models import RatingCycle
from appraisal.rules.deadlines import rating_deadline
from appraisal.statistics.groups import heads_groups, heads_in_excess
from appraisal.statistics.rated import Agencies
from hrdb.kernel.audit import writing
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import User
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked

#: What a code may be: it stands in addresses.
CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def open_cycle(
    *,
    code: str,
    name: str,
    kind: str,
    begins_on: date,
    ends_on: date,
    due_on: date | None = None,
    rates_party: bool = True,
    acting_user: User | None,
) -> RatingCycle:
    """Open a cycle for the whole province; the deadline of a year is the law's where none is given.

    `rates_party`: members of the Party get their Party level in the same cycle.

    Raises PermissionDenied for whom the whole province is not, ValidationError for a code that is taken or cannot stand
    in an address.
    """
    require_province(acting_user)
    if not CODE.fullmatch(code.strip()):
        raise ValidationError({"code": "Mã kỳ chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối."}, code="code")
    if due_on is None and kind == CycleKind.YEAR:
        deadline = rating_deadline(year=ends_on.year, day=ends_on)
        due_on = deadline.day if deadline else None
    with writing(acting_user=acting_user, reason=f"Mở kỳ {name}"):
        cycle = RatingCycle(
            code=code.strip(),
            name=name.strip(),
            kind=kind,
            begins_on=begins_on,
            ends_on=ends_on,
            due_on=due_on,
            rates_party=rates_party,
        )
        _require_sound_period(cycle)
        save_checked(cycle)
        return cycle


def set_deadline(*, cycle: RatingCycle, due_on: date, acting_user: User | None, reason: str) -> RatingCycle:
    """Another deadline for a cycle, with the reason."""
    require_province(acting_user)
    with writing(acting_user=acting_user, reason=reason):
        current = locked_cycle(cycle)
        current.due_on = due_on
        _require_due_after_start(current)
        save_checked(current)
        return current


def set_state(*, cycle: RatingCycle, state: CycleState, acting_user: User | None, reason: str) -> RatingCycle:
    """Close a cycle, or open it again with a reason. Raises ServiceRefusal while heads exceed their cap."""
    require_province(acting_user)
    with writing(acting_user=acting_user, reason=reason):
        current = locked_cycle(cycle)
        if state == CycleState.CLOSED and current.is_open and (told := closing_obstacles(current)):
            raise ServiceRefusal(" ".join(told))
        current.state = state
        save_checked(current)
        return current


def closing_obstacles(cycle: RatingCycle) -> list[str]:
    """Why a cycle may not be closed: the groups of heads that exceed their cap, over all that is entered."""
    agencies = Agencies(cycle.ends_on)
    return [
        f"Nhóm {group.label} thuộc {agencies.names.get(group.key[1], '')}: {group.excess_text}."
        for group in heads_in_excess(heads_groups(cycle, agencies))
    ]


def _require_sound_period(cycle: RatingCycle) -> None:
    _require_due_after_start(cycle)
    same = RatingCycle.objects.filter(
        kind=cycle.kind, begins_on__lte=cycle.ends_on, ends_on__gte=cycle.begins_on
    ).order_by("begins_on")
    if (other := same.first()) is not None:
        message = (
            f"Đã có kỳ «{other.name}» cùng loại từ {format_date(other.begins_on)} "
            f"đến hết {format_date(other.ends_on)}; hai kỳ cùng loại không được trùng ngày."
        )
        raise ValidationError({"begins_on": ValidationError(message, code="overlap")})


def _require_due_after_start(cycle: RatingCycle) -> None:
    if cycle.due_on is not None and cycle.due_on <= cycle.begins_on:
        message = f"Hạn phải sau ngày đầu kỳ ({format_date(cycle.begins_on)})."
        raise ValidationError({"due_on": ValidationError(message, code="before")})


def locked_cycle(cycle: RatingCycle) -> RatingCycle:
    """The cycle as it stands, locked."""
    locked: RatingCycle = RatingCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    return locked


def require_province(user: User | None) -> None:
    """Cycles are the province's business."""
    if not scope_of(user, Action.APPRAISE).is_whole_province:
        raise PermissionDenied("Chỉ cấp tỉnh được mở, khóa kỳ đánh giá.")
