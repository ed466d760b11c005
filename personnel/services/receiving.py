"""Receiving requests (đề nghị tiếp nhận): a unit asks the level that sees both units; the asker learns nothing more.

Accepting moves the record of a person who is kept elsewhere to the asking unit, from a day; where no record exists
there is nothing to move. Either way the unit may then send its row again. There is one record of a person throughout.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from hrdb.kernel.text import name_case
from personnel.choices import ReceivingState
from personnel.models import Cadre, ImportBatch, ReceivingRequest, Unit
from personnel.models.scope import has_role, scope_of_roles
from personnel.policies import Action, Role
from personnel.services.bulk import create_many
from personnel.services.errors import NeedsProvince
from personnel.services.records import confirm_scope, lock_cadre, move_custody, save_checked

PERSONAL_NUMBER = RegexValidator(r"\A[0-9]{12}\Z", "Số định danh cá nhân phải gồm 12 chữ số.")


@dataclass(frozen=True)
class Wanted:
    """A person whom a unit wants to record: as its own list or form writes him."""

    personal_number: str
    full_name: str
    details: Mapping[str, Any] = field(default_factory=dict)


def ask(
    *,
    unit: Unit,
    personal_number: str,
    full_name: str,
    details: Mapping[str, Any] | None = None,
    acting_user: User | None,
    reason: str = "",
) -> ReceivingRequest:
    """Ask to receive one person; a request that waits already is answered again.

    Raises Unit.DoesNotExist (not one's unit) and ValidationError.
    """
    wanted = Wanted(personal_number, full_name, details or {})
    ask_many(unit=unit, wanted=[wanted], acting_user=acting_user, reason=reason)
    found: ReceivingRequest = ReceivingRequest.objects.waiting().get(unit=unit, personal_number=personal_number)
    return found


def ask_many(
    *,
    unit: Unit,
    wanted: Sequence[Wanted],
    acting_user: User | None,
    batch: ImportBatch | None = None,
    reason: str = "",
) -> int:
    """Ask to receive many people of one list at once; answers how many new requests were opened."""
    receiving: Unit = Unit.objects.visible_to(acting_user, Action.EDIT).get(pk=unit.pk)
    by_number = {one.personal_number: one for one in wanted}
    for one in wanted:
        PERSONAL_NUMBER(one.personal_number)
    if acting_user is None:
        raise PermissionDenied("Đề nghị tiếp nhận cần tên người đề nghị: hãy chạy lệnh với --as.")
    reason = reason or "Đề nghị tiếp nhận"
    with writing(acting_user=acting_user, reason=reason, subject=receiving, cause=batch):
        Unit.objects.select_for_update(of=("self",)).get(pk=receiving.pk)
        waiting = set(
            ReceivingRequest.objects.waiting()
            .filter(unit=receiving, personal_number__in=by_number)
            .values_list("personal_number", flat=True)
        )
        rows = [
            ReceivingRequest(
                asked_by=acting_user,
                unit=receiving,
                personal_number=number,
                full_name=name_case(one.full_name),
                details=dict(one.details),
            )
            for number, one in by_number.items()
            if number not in waiting
        ]
        create_many(ReceivingRequest, rows)
        return len(rows)


def accept(
    *,
    request: ReceivingRequest,
    day: datetime.date | None = None,
    answer: str = "",
    acting_user: User | None,
) -> ReceivingRequest:
    """Agree that the unit receives the person (đồng ý tiếp nhận): the record passes to it from `day`, not after today.

    Raises ReceivingRequest.DoesNotExist (not for this officer), NeedsProvince (only who sees both units may decide),
    ValidationError (decided already, a day to come).
    """
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"day": "Ngày tiếp nhận không được sau hôm nay."}, code="future")
    with writing(acting_user=acting_user, reason=answer or "Đồng ý tiếp nhận", subject=request.unit, cause=request):
        row = _lock(request, acting_user)
        held = Cadre.objects.filter(personal_number=row.personal_number).first()
        if held is None and not _sees_everything(acting_user):
            raise NeedsProvince
        if held is not None:
            row.cadre = _move(held, row.unit, day, acting_user)
        return _decide(row, ReceivingState.ACCEPTED, answer, acting_user)


def refuse(*, request: ReceivingRequest, answer: str, acting_user: User | None) -> ReceivingRequest:
    """Refuse a request (không đồng ý), with a sentence for the asking unit, which says nothing about the person."""
    if not answer.strip():
        raise ValidationError({"answer": "Hãy ghi ý kiến trả lời đơn vị."}, code="required")
    with writing(acting_user=acting_user, reason=answer, subject=request.unit, cause=request):
        return _decide(_lock(request, acting_user), ReceivingState.REFUSED, answer, acting_user)


def may_decide(user: User | None) -> bool:
    """Whether the user decides receiving requests at all."""
    return has_role(user, Role.PROVINCE_OFFICER)


def found_record(request: ReceivingRequest, user: User | None) -> Cadre | None:
    """The record that a request is about, for who decides it, when it lies in his own scope."""
    found: Cadre | None = (
        Cadre.objects.visible_to(user, Action.EDIT).filter(personal_number=request.personal_number).first()
    )
    return found


def _lock(request: ReceivingRequest, acting_user: User | None) -> ReceivingRequest:
    """The waiting request, locked, if it is the user's to decide."""
    row: ReceivingRequest = (
        ReceivingRequest.objects.decided_by(acting_user).select_for_update(of=("self",)).get(pk=request.pk)
    )
    if row.state != ReceivingState.PENDING:
        raise ValidationError("Đề nghị này đã được xử lý.", code="decided")
    return row


def _move(held: Cadre, unit: Unit, day: datetime.date, acting_user: User | None) -> Cadre:
    """Let the record pass to the unit; who does not see where it is kept now gets the neutral answer."""
    try:
        cadre = lock_cadre(held.pk, acting_user=acting_user)
    except Cadre.DoesNotExist as error:
        raise NeedsProvince from error
    move_custody(cadre=cadre, unit_id=unit.pk, day=day)
    confirm_scope(cadre, acting_user=acting_user)
    return cadre


def _decide(row: ReceivingRequest, state: ReceivingState, answer: str, acting_user: User | None) -> ReceivingRequest:
    """Write the answer."""
    row.state = state
    row.answer = answer.strip()
    row.decided_by = acting_user
    row.decided_on = timezone.now()
    save_checked(row)
    return row


def _sees_everything(user: User | None) -> bool:
    """Whether the user decides over the whole province, so that «no such record» tells him nothing new."""
    return scope_of_roles(user, [Role.PROVINCE_OFFICER]).is_whole_province
