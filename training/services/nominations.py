"""Sending people to a class (cử người dự lớp): by units in time, late by the province alone; taking a name back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.models import User
from personnel.models import Cadre, Custody
from personnel.services.bulk import create_many, update_many
from personnel.services.changes import lock_people
from personnel.services.errors import NeedsProvince, ServiceRefusal
from training.choices import ATTENDING, ClassState, MemberState
from training.models import ClassMember, TrainingClass
from training.models.scope import may_arrange, trained_by
from training.services.acting import require_trainer, training_event
from training.services.classes import locked_class

CLOSED = "Lớp không mở cử người."
LATE = "Đã quá hạn cử người ({day}): hãy đề nghị cấp tỉnh cử bổ sung."


def may_nominate(user: User | None, training_class: TrainingClass, day: date) -> bool:
    """Whether the user may send people to the class on a day."""
    return not refusal_to_nominate(user, training_class, day)


def refusal_to_nominate(user: User | None, training_class: TrainingClass, day: date) -> str:
    """Why the user may not send anybody, in a sentence; empty where he may."""
    if training_class.state != ClassState.NOMINATING:
        return CLOSED
    deadline = training_class.nominate_by
    if deadline is not None and day > deadline and not may_arrange(user):
        return LATE.format(day=f"{deadline:%d/%m/%Y}")
    return ""


def nominate(
    *,
    training_class: TrainingClass,
    people: Sequence[Cadre],
    day: date,
    acting_user: User | None,
    notes: Mapping[int, str] | None = None,
) -> list[ClassMember]:
    """Send people to a class; who stands there already stays, who was taken back is sent again.

    `notes` are reasons by person. Raises NeedsProvince where somebody is not the user's own, ServiceRefusal when the
    class is not open to him.
    """
    require_trainer(acting_user)
    wanted = {cadre.pk: cadre for cadre in people}
    reason = f"Cử {len(wanted)} người dự lớp {training_class.name}"
    with training_event(acting_user=acting_user, reason=reason, subject=training_class):
        current = locked_class(training_class)
        if refusal := refusal_to_nominate(acting_user, current, day):
            raise ServiceRefusal(refusal)
        lock_people(wanted)
        if trained_by(acting_user).filter(pk__in=wanted).count() != len(wanted):
            raise NeedsProvince
        there = {row.cadre_id: row for row in current.members.filter(cadre_id__in=wanted).select_for_update()}
        again = [row for row in there.values() if row.state == MemberState.WITHDRAWN]
        notes = notes or {}
        for row in again:
            row.state, row.reason = MemberState.NOMINATED, notes.get(row.cadre_id, "")[:500]
        update_many(ClassMember, again, ["state", "reason"])
        units = dict(Custody.objects.in_force(day).filter(cadre_id__in=wanted).values_list("cadre_id", "unit_id"))
        made = [
            ClassMember(training_class=current, cadre=cadre, unit_id=units[pk], reason=notes.get(pk, "")[:500])
            for pk, cadre in wanted.items()
            if pk not in there and pk in units
        ]
        return [*again, *create_many(ClassMember, made)]


def withdraw(*, member: ClassMember, reason: str, day: date, acting_user: User | None) -> ClassMember:
    """Take a name back, with the reason: a unit while it may still send people, afterwards the province."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do rút."}, code="required")
    require_trainer(acting_user)
    with training_event(acting_user=acting_user, reason=f"Rút khỏi lớp: {reason.strip()}", subject=member.cadre):
        training_class = locked_class(member.training_class)
        current = locked_member(member, acting_user)
        if not may_withdraw(acting_user, training_class, current, day):
            raise ServiceRefusal(
                "Danh sách đã chốt hoặc đã quá hạn: việc rút tên do cấp tỉnh làm trước khi kết thúc lớp."
            )
        current.state, current.reason = MemberState.WITHDRAWN, reason.strip()[:500]
        update_many(ClassMember, [current], ["state", "reason"])
        return current


def may_withdraw(user: User | None, training_class: TrainingClass, member: ClassMember, day: date) -> bool:
    """Whether the user may take a name back now."""
    if member.state == MemberState.WITHDRAWN:
        return False
    if may_arrange(user):
        early = training_class.state in (ClassState.NOMINATING, ClassState.CHOSEN, ClassState.RUNNING)
        return early and member.state not in (MemberState.PASSED, MemberState.FAILED)
    return member.state not in ATTENDING and may_nominate(user, training_class, day)


def locked_member(member: ClassMember, user: User | None) -> ClassMember:
    """The member's row, locked with his record, where the user trains him; PermissionDenied otherwise."""
    lock_people([member.cadre_id])
    if not trained_by(user).filter(pk=member.cadre_id).exists():
        raise PermissionDenied("Người này ngoài phạm vi được giao.")
    locked: ClassMember = (
        ClassMember.objects.select_for_update(of=("self",))
        .select_related("cadre", "training_class__programme", "qualification")
        .get(pk=member.pk)
    )
    return locked
