"""The rows of a unit: seats, job positions, mandates, establishment (ghế, vị trí việc làm, nhiệm kỳ, biên chế).

As with the rows of a person, two verbs change what holds: `succeed_unit_row` ends one period and opens the next,
`correct_unit_row` says that the same row was wrong, and why. Every call locks the unit, asks the scope and writes one
audit event.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, ProtectedError, Q
from django.db.models.functions import Coalesce

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Decision, Establishment, JobPosition, Mandate, Seat, Unit, UnitVersion
from personnel.services.citing import CitedDecision, cite
from personnel.services.errors import StaleVersion
from personnel.services.records import save_checked, with_decision
from personnel.services.units import require_scope

Row = TypeVar("Row", Seat, JobPosition, Mandate, Establishment)
#: Rows with periods that follow one another.
Followed = TypeVar("Followed", Seat, JobPosition)

#: What a row rests on: a decision of the register, or one that a form names.
Ground = Decision | CitedDecision | None

#: The field by which a row belongs to its unit, and what tells one track of periods from another.
_OWNER: Final = {Seat: "unit", JobPosition: "unit", Mandate: "body", Establishment: "unit"}
_TRACK: Final = {Seat: "title", JobPosition: "code"}


def unit_of(row: Row) -> Unit:
    """The unit that a row belongs to."""
    unit: Unit = getattr(row, _OWNER[type(row)])
    return unit


def rows_of(model: type[Row], unit: Unit) -> Any:
    """The rows of a unit."""
    return model._default_manager.filter(**{_OWNER[model]: unit})


def add_unit_row(
    *,
    unit: Unit,
    model: type[Row],
    values: Mapping[str, Any],
    acting_user: User | None,
    decision: Ground = None,
    reason: str = "",
) -> Row:
    """Add a row to a unit. Raises Unit.DoesNotExist (out of scope) and ValidationError."""
    with writing(acting_user=acting_user, reason=reason, subject=unit):
        _lock(unit, acting_user)
        ground = _ground(decision, values)
        row: Row = model(**{_OWNER[model]: unit}, **with_decision(model, values, ground))
        _check_and_save(row)
        return row


def succeed_unit_row(
    *,
    row: Followed,
    values: Mapping[str, Any],
    effective_from: datetime.date,
    acting_user: User | None,
    decision: Ground = None,
    reason: str = "",
) -> Followed:
    """End a seat or job position on `effective_from` and open its next period, which takes over what was left of it.

    On the first day of the period it is replaced by a correction. Raises ValidationError when the row does not hold on
    that day.
    """
    model = type(row)
    with writing(acting_user=acting_user, reason=reason, subject=unit_of(row)):
        _lock(unit_of(row), acting_user)
        held = _locked(row)
        ground = _ground(decision, {"effective_from": effective_from})
        if not held.holds_on(effective_from):
            text = f"Không có hiệu lực vào ngày {effective_from:%d/%m/%Y}."
            raise ValidationError({"effective_from": ValidationError(text, code="not-in-force")})
        given = with_decision(model, values, ground)
        if held.effective_from == effective_from:
            return _assign(held, given)
        kept = {name: getattr(held, name) for name in (_OWNER[model], _TRACK[model], "effective_until")}
        following: Followed = model(**{**_described(held), **given, **kept, "effective_from": effective_from})
        with boundaries_may_move(model):
            held.effective_until = effective_from
            save_checked(held)
            _check_and_save(following)
        return following


def correct_unit_row(
    *,
    row: Row,
    values: Mapping[str, Any],
    version: int | None,
    acting_user: User | None,
    reason: str,
    decision: Ground = None,
) -> Row:
    """Say that a row was wrong, with a reason. `version` is the one the form carried; None skips the comparison.

    Raises StaleVersion with the row as it stands when somebody else changed it first.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do đính chính."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=unit_of(row)):
        _lock(unit_of(row), acting_user)
        current = _locked(row, version)
        return _assign(current, with_decision(type(row), values, _ground(decision, values)))


def end_unit_row(
    *, row: Row, ended_from: datetime.date, version: int | None, acting_user: User | None, reason: str
) -> Row:
    """End a seat, a job position or a mandate: `ended_from` is the first day on which it no longer holds."""
    if isinstance(row, Establishment):
        raise TypeError("an establishment is of a year and has no end")
    if isinstance(row, Mandate):
        values: dict[str, Any] = {"ends_on": ended_from - datetime.timedelta(days=1)}
    else:
        values = {"effective_until": ended_from}
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do kết thúc."}, code="required")
    return correct_unit_row(row=row, values=values, version=version, acting_user=acting_user, reason=reason)


def remove_unit_row(*, row: Row, version: int | None, acting_user: User | None, reason: str) -> None:
    """Take away a row that should never have been there, with a reason; its history stays.

    Raises ValidationError when posts of people rest on it.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do xóa."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=unit_of(row)):
        _lock(unit_of(row), acting_user)
        current = _locked(row, version)
        try:
            current.delete()
        except ProtectedError as error:
            text = "Không xóa được: hồ sơ cán bộ đang dẫn đến dòng này. Hãy kết thúc hoặc đính chính thay vì xóa."
            raise ValidationError(text, code="in-use") from error


def _lock(unit: Unit, acting_user: User | None) -> None:
    """Let one writer at a time change what a unit has; Unit.DoesNotExist out of scope."""
    require_scope(unit, acting_user=acting_user)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)


def _locked(row: Row, version: int | None = None) -> Row:
    """The row as it stands, locked."""
    current: Row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if version is not None and version != version_of(current):
        raise StaleVersion(current)
    return current


def _ground(decision: Ground, values: Mapping[str, Any]) -> Decision | None:
    """The decision of the register that is meant."""
    if isinstance(decision, CitedDecision):
        return cite(decision, effective_on=values.get("effective_from") or values.get("begins_on"))
    return decision


def _described(row: Row) -> dict[str, Any]:
    """What a row says beside its owner, its period and its ground, for the next period to begin with."""
    left_out = {"id", "effective_from", "effective_until", "decision", "basis"}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}


def _assign(row: Row, values: Mapping[str, Any]) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    _check_and_save(row)
    return row


def _check_and_save(row: Row) -> None:
    """What no constraint says: the unit is there at that time, a seat is of a leader, mandates follow one another."""
    if isinstance(row, Seat | JobPosition):
        _refuse_without_unit(row.unit, row.effective_from, row.effective_from, "effective_from")
    if isinstance(row, Establishment):
        first, last = datetime.date(row.year, 1, 1), datetime.date(row.year, 12, 31)
        _refuse_without_unit(row.unit, first, last, "year")
    if isinstance(row, Seat) and not row.title.is_leadership:
        text = "Ghế chức danh chỉ đặt cho chức danh lãnh đạo, quản lý."
        raise ValidationError({"title": ValidationError(text, code="no-leader")})
    if isinstance(row, Mandate):
        _refuse_overlap(row)
    save_checked(row)


def _refuse_without_unit(unit: Unit, first: datetime.date, last: datetime.date, name: str) -> None:
    """Refuse a row of days on none of which the unit exists."""
    versions = UnitVersion.objects.filter(unit=unit, effective_from__lte=last)
    if not versions.filter(Q(effective_until=None) | Q(effective_until__gt=first)).exists():
        when = f"vào ngày {first:%d/%m/%Y}" if first == last else f"trong năm {first.year}"
        raise ValidationError({name: ValidationError(f"Đơn vị không hoạt động {when}.", code="not-in-force")})


def _refuse_overlap(row: Mandate) -> None:
    """Two mandates of a body share at most the day on which one gives way to the other."""
    others = Mandate.objects.filter(body=row.body).exclude(pk=row.pk)
    others = others.annotate(until=Coalesce(F("ends_on"), datetime.date.max)).filter(until__gt=row.begins_on)
    if row.ends_on is not None:
        others = others.filter(begins_on__lt=row.ends_on)
    if other := others.order_by("begins_on").first():
        text = f"Đã có «{other.name}» trong khoảng thời gian này."
        raise ValidationError({"begins_on": ValidationError(text, code="period-conflict")})
