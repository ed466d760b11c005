"""The part of a unit in a round (phần của đơn vị): sent when it is complete, returned with a comment, accepted."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.models import User
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from planning.choices import OPEN_ROUNDS
from planning.models import PlannedSeat, UnitPlan
from planning.services.acting import planning_event, require_manager
from planning.services.rounds import locked_round

State = UnitPlan.State


def send_part(*, part: UnitPlan, acting_user: User | None) -> UnitPlan:
    """Send a unit's part; whoever plans all of its seats may."""
    opened = PlannedSeat.objects.open_to(acting_user, Action.PLAN)
    if part.seats.exclude(pk__in=opened.values("pk")).exists():
        raise PermissionDenied("Phần này có chức danh thuộc cấp khác quy hoạch.")
    return _move(part, to=State.SENT, of=(State.DRAFT, State.RETURNED), acting_user=acting_user, told="Gửi")


def return_part(*, part: UnitPlan, comment: str, acting_user: User | None) -> UnitPlan:
    """Return a part with a comment."""
    require_manager(acting_user, part.round)
    if not comment.strip():
        raise ValidationError({"reason": "Hãy ghi ý kiến trả lại."}, code="required")
    return _move(
        part,
        to=State.RETURNED,
        of=(State.SENT, State.ACCEPTED),
        acting_user=acting_user,
        told="Trả lại",
        comment=comment,
    )


def accept_part(*, part: UnitPlan, acting_user: User | None) -> UnitPlan:
    """Accept a part that was sent."""
    require_manager(acting_user, part.round)
    return _move(part, to=State.ACCEPTED, of=(State.SENT,), acting_user=acting_user, told="Tiếp nhận")


def _move(
    part: UnitPlan, *, to: str, of: Sequence[str], acting_user: User | None, told: str, comment: str = ""
) -> UnitPlan:
    with planning_event(acting_user=acting_user, reason=f"{told} phần quy hoạch của đơn vị", subject=part.unit):
        if locked_round(part.round).state not in OPEN_ROUNDS:
            raise ServiceRefusal("Đợt quy hoạch không mở để giới thiệu nhân sự.")
        current: UnitPlan = UnitPlan.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if current.state not in of:
            raise ServiceRefusal("Phần của đơn vị không ở bước này.")
        current.state, current.comment = to, comment.strip()
        save_checked(current)
        return current
