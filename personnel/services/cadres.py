"""The person: creating a record and correcting identity."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.dates import PartialDate
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from hrdb.kernel.text import fold, name_case, sort_key
from personnel.models import Assignment, Cadre, Custody, Decision, Employment, Unit
from personnel.policies import Action
from personnel.rules.births import birth_fault, opening_facts
from personnel.services.births import refuse_birth_or_dates
from personnel.services.errors import NeedsProvince, StaleVersion
from personnel.services.records import confirm_scope, lock_cadre, save_checked


def derive_keys(cadre: Cadre) -> None:
    """Tidy the name (NFC, blanks, capitals) and derive its search and sort keys."""
    cadre.full_name = name_case(cadre.full_name)
    cadre.search_key = fold(cadre.full_name)
    cadre.sort_key = sort_key(cadre.full_name)


def create_cadre(
    *,
    values: Mapping[str, Any],
    unit: Unit,
    day: datetime.date,
    employment: Mapping[str, Any],
    assignment: Mapping[str, Any] | None = None,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> Cadre:
    """Open a record kept by `unit` from `day`, with employment and, where given, the main assignment.

    Raises Unit.DoesNotExist (out of scope), NeedsProvince (the number may be held elsewhere), ValidationError,
    also for who is too young, as a roster refuses it: below the age of service on `day`, of work on employment.
    """
    kept_by = Unit.objects.visible_to(acting_user, Action.EDIT).get(pk=unit.pk)
    number = values.get("personal_number") or None
    with writing(acting_user=acting_user, reason=reason, cause=decision):
        refuse_number_in_use(number, acting_user=acting_user)
        cadre = Cadre(**{**values, "personal_number": number})
        derive_keys(cadre)
        employed_from, employed = _employed_from(employment, cadre, day)
        _refuse_young(cadre.birth, day=day, employed_from=employed)
        _save_new(cadre)
        save_checked(Custody(cadre=cadre, unit=kept_by, effective_from=min(day, employed.value), decision=decision))
        save_checked(Employment(**{**employment, **employed_from, "cadre": cadre, "decision": decision}))
        if assignment is not None:
            save_checked(
                Assignment(
                    **{"unit": kept_by, "effective_from": day, **assignment, "cadre": cadre, "decision": decision}
                )
            )
        confirm_scope(cadre, acting_user=acting_user)
        return cadre


def _employed_from(
    employment: Mapping[str, Any], cadre: Cadre, day: datetime.date
) -> tuple[dict[str, Any], PartialDate]:
    """The columns of the first day of work, and that day: as said, else that of recruitment, else the day itself."""
    said: datetime.date | None = employment.get("effective_from")
    known = None if said else cadre.first_recruited
    if known is None:
        return {"effective_from": said or day}, PartialDate(said or day)
    return {"effective_from": known.value, "start_precision": known.precision}, known


def _refuse_young(birth: PartialDate | None, *, day: datetime.date, employed_from: PartialDate) -> None:
    """Refuse a new record of someone below the minimum age (chưa đủ tuổi)."""
    if birth is None:
        return
    facts = opening_facts(day=day, employed_from=employed_from)
    if fault := birth_fault(birth, facts, today=timezone.localdate()):
        raise ValidationError({"born": ValidationError(fault, code="under-age")})


def refuse_number_in_use(number: str | None, *, acting_user: User | None, except_cadre: int | None = None) -> None:
    """Refuse a personal number that another record has: by name inside the scope, by the neutral answer outside."""
    if not number:
        return
    others = Cadre.objects.filter(personal_number=number)
    if except_cadre is not None:
        others = others.exclude(pk=except_cadre)
    if not others.exists():
        return
    known = others.visible_to(acting_user, Action.VIEW).first()
    if known is None:
        raise NeedsProvince
    raise ValidationError(
        {"personal_number": f"Số định danh này đã có ở hồ sơ của {known.full_name}."}, code="duplicate"
    )


def correct_cadre(
    *, cadre: Cadre, values: Mapping[str, Any], version: int | None, acting_user: User | None, reason: str
) -> Cadre:
    """Correct identity and the single-valued rows of a record, with a reason.

    Raises StaleVersion with the record as it stands when somebody else changed it first, ValidationError when the birth
    contradicts other facts of the record.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do sửa."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=cadre):
        current = lock_cadre(cadre.pk, acting_user=acting_user)
        if version is not None and version != version_of(current):
            raise StaleVersion(current)
        number = values.get("personal_number", current.personal_number) or None
        refuse_number_in_use(number, acting_user=acting_user, except_cadre=current.pk)
        before = copy.copy(current)
        for name, value in {**values, "personal_number": number}.items():
            setattr(current, name, value)
        derive_keys(current)
        refuse_birth_or_dates(before, current, today=timezone.localdate())
        save_checked(current)
        confirm_scope(current, acting_user=acting_user)
        return current


def _save_new(cadre: Cadre) -> None:
    """Save a new person; a number taken in the meantime gets the neutral answer."""
    try:
        save_checked(cadre)
    except ValidationError as error:
        taken = "personal_number" in getattr(error, "error_dict", {}) and cadre.personal_number
        if taken and Cadre.objects.filter(personal_number=cadre.personal_number).exists():
            raise NeedsProvince from error
        raise


def link_account(*, cadre: Cadre, account: User | None, acting_user: User | None, reason: str) -> Cadre:
    """Tie a record to the account of its person, who may then read it (hồ sơ của mình)."""
    if acting_user is not None and account is not None and account.pk == acting_user.pk:
        raise PermissionDenied("Không tự gắn hồ sơ cho tài khoản của mình.")
    with writing(acting_user=acting_user, reason=reason, subject=cadre):
        current = Cadre.objects.select_for_update(of=("self",)).get(pk=cadre.pk)
        current.account = account
        save_checked(current)
        return current
