"""Units: founding, changing, closing, correcting; establishment. Reorganisation by decision builds on these."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from hrdb.kernel.text import clean_text, fold
from personnel.models import Decision, Establishment, Unit, UnitSuccession, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.errors import StaleVersion
from personnel.services.records import save_checked

#: Advisory lock taken by imports and reorganisations of the unit tree, one at a time.
TREE_LOCK = 731_001


def lock_tree() -> None:
    """Let one import or reorganisation of the tree go at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def found_unit(
    *,
    code: str,
    values: Mapping[str, Any],
    effective_from: datetime.date,
    effective_until: datetime.date | None = None,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> Unit:
    """Found a unit (thành lập) under `values["parent"]`, from a day; a root needs a scope over the whole province."""
    with writing(acting_user=acting_user, reason=reason, cause=decision):
        require_scope(values.get("parent"), acting_user=acting_user)
        unit = Unit(code=clean_text(code))
        save_checked(unit)
        _save_version(
            UnitVersion(
                unit=unit,
                effective_from=effective_from,
                effective_until=effective_until,
                decision=decision,
                **values,
            )
        )
        return unit


def change_unit(
    *,
    unit: Unit,
    values: Mapping[str, Any],
    effective_from: datetime.date,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> UnitVersion:
    """Rename, move or reclassify a unit from a day: one version ends, the next begins and takes over what was left."""
    with writing(acting_user=acting_user, reason=reason, subject=unit, cause=decision):
        lock_tree()
        require_scope(unit, acting_user=acting_user)
        held = unit.versions.select_for_update().in_force(effective_from).first()
        if held is None:
            raise ValidationError(f"Đơn vị không hoạt động vào ngày {effective_from:%d/%m/%Y}.", code="not-in-force")
        given = {**_fields(held), **values}
        if held.effective_from == effective_from:
            return _assign(held, given, decision)
        following = UnitVersion(
            unit=unit, effective_from=effective_from, effective_until=held.effective_until, decision=decision, **given
        )
        with boundaries_may_move(UnitVersion):
            held.effective_until = effective_from
            _save_version(held)
            _save_version(following)
        return following


def correct_unit(
    *, version: UnitVersion, values: Mapping[str, Any], shown: int | None, acting_user: User | None, reason: str
) -> UnitVersion:
    """Say that what was recorded of a unit for a period was wrong, with a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do đính chính."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=version.unit):
        lock_tree()
        require_scope(version.unit, acting_user=acting_user)
        current = UnitVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if shown is not None and shown != version_of(current):
            raise StaleVersion(current)
        return _assign(current, values, None)


def close_unit(
    *,
    unit: Unit,
    closed_from: datetime.date,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> UnitVersion:
    """Close a unit (giải thể, kết thúc hoạt động): `closed_from` is the first day on which it no longer exists."""
    with writing(acting_user=acting_user, reason=reason, subject=unit, cause=decision):
        lock_tree()
        require_scope(unit, acting_user=acting_user)
        held: UnitVersion | None = unit.versions.select_for_update().order_by("effective_from").last()
        if held is None or held.effective_from >= closed_from:
            raise ValidationError("Ngày kết thúc phải sau ngày thành lập.", code="period-order")
        held.effective_until = closed_from
        _save_version(held)
        return held


def record_succession(
    *,
    predecessor: Unit,
    successor: Unit,
    kind: str,
    day: datetime.date,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> UnitSuccession:
    """Record that one unit follows another (kế thừa); both must be in scope."""
    with writing(acting_user=acting_user, reason=reason, subject=predecessor, cause=decision):
        for unit in (predecessor, successor):
            require_scope(unit, acting_user=acting_user)
        succession = UnitSuccession(predecessor=predecessor, successor=successor, kind=kind, day=day, decision=decision)
        save_checked(succession)
        return succession


def set_establishment(
    *,
    unit: Unit,
    year: int,
    category: str,
    number: int,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> Establishment:
    """Record the establishment (biên chế, số lượng người làm việc) assigned to a unit for a year."""
    with writing(acting_user=acting_user, reason=reason, subject=unit, cause=decision):
        require_scope(unit, acting_user=acting_user)
        held = Establishment.objects.filter(unit=unit, year=year, category=category).first()
        row = held or Establishment(unit=unit, year=year, category=category)
        if held is not None and held.number == number:
            return held
        row.number = number
        row.decision = decision or row.decision
        save_checked(row)
        return row


def require_scope(unit: Unit | None, *, acting_user: User | None) -> None:
    """Refuse to touch a unit outside the scope (Unit.DoesNotExist), or a root without the whole province."""
    scope = scope_of(acting_user, Action.EDIT)
    if scope.is_whole_province:
        return
    if unit is None:
        raise PermissionDenied("Chỉ cấp tỉnh được lập đơn vị gốc.")
    Unit.objects.visible_to(acting_user, Action.EDIT).get(pk=unit.pk)


def is_below(unit_id: int, ancestor_id: int, day: datetime.date) -> bool:
    """Whether a unit stands at or below another in the tree of a day."""
    return Unit.objects.below([ancestor_id], day).filter(pk=unit_id).exists()


def _fields(version: UnitVersion) -> dict[str, Any]:
    return {
        name: getattr(version, name)
        for name in ("name", "short_name", "parent", "kind", "bloc", "level", "position", "basis")
    }


def _assign(version: UnitVersion, values: Mapping[str, Any], decision: Decision | None) -> UnitVersion:
    for name, value in values.items():
        setattr(version, name, value)
    if decision is not None:
        version.decision = decision
    _save_version(version)
    return version


def _save_version(version: UnitVersion) -> None:
    """Derive the search key, refuse a loop in the tree, check and save."""
    version.name = clean_text(version.name)
    version.search_key = fold(version.name)
    parent_id, unit_id = version.parent_id, version.unit_id
    if parent_id is not None and unit_id is not None and is_below(parent_id, unit_id, version.effective_from):
        raise ValidationError({"parent": "Đơn vị cấp trên không được nằm dưới chính đơn vị này."}, code="loop")
    save_checked(version)
