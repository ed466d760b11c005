"""The rows of a record: add, succeed, correct, remove.

Two verbs change what holds: `succeed_row` ends one period and opens the next; `correct_row` says that the same period
was wrong, and why. Every call locks the cadre's row, checks the scope before and after, and writes one audit event.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import boundaries_may_move, check_rows, races_as_errors
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import ENDED_STATES, AssignmentKind
from personnel.models import Assignment, Cadre, CodeList, Custody, Decision, Employment, PartyMembership, PayStep
from personnel.models.cadres import OfCadre
from personnel.policies import Action
from personnel.services.errors import PeriodConflict, StaleVersion

Row = TypeVar("Row", bound=OfCadre)

#: Models whose periods exclude one another, with the fields beside the cadre that make a track of periods.
TRACKS: dict[type[models.Model], tuple[str, ...]] = {
    Custody: (),
    Employment: (),
    Assignment: ("kind",),
    PayStep: ("scheme",),
    PartyMembership: (),
}


def lock_cadre(cadre_id: int, *, acting_user: User | None, action: Action = Action.EDIT) -> Cadre:
    """The cadre's row, locked for this transaction, if the user may act on it; Cadre.DoesNotExist otherwise."""
    locked: Cadre = Cadre.objects.visible_to(acting_user, action).select_for_update(of=("self",)).get(pk=cadre_id)
    return locked


def add_row(
    *,
    cadre: Cadre,
    model: type[Row],
    values: Mapping[str, Any],
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> Row:
    """Add a row to a record. A main assignment moves the custody of the record with it.

    Raises Cadre.DoesNotExist (out of scope), ValidationError (by field, or the constraint that refuses).
    """
    with writing(acting_user=acting_user, reason=reason, subject=cadre, cause=decision):
        locked = lock_cadre(cadre.pk, acting_user=acting_user)
        row = model(cadre=locked, **with_decision(model, values, decision))
        _refuse_before_birth(row, locked)
        save_checked(row)
        _follow(row, acting_user=acting_user)
        confirm_scope(locked, acting_user=acting_user)
        return row


def succeed_row(
    *,
    cadre: Cadre,
    model: type[Row],
    values: Mapping[str, Any],
    effective_from: datetime.date,
    acting_user: User | None,
    decision: Decision | None = None,
    reason: str = "",
) -> Row:
    """End what holds on `effective_from` and open the next period, which takes over what was left of it.

    A second act on the first day of a period replaces it by a correction linked to both decisions.
    """
    if model not in TRACKS:
        raise TypeError(f"{model._meta.label} has no succeeding periods")
    with writing(acting_user=acting_user, reason=reason, subject=cadre, cause=decision):
        locked = lock_cadre(cadre.pk, acting_user=acting_user)
        new = model(cadre=locked, **with_decision(model, {**values, "effective_from": effective_from}, decision))
        _refuse_before_birth(new, locked)
        row = _put_in_track(new)
        _follow(row, acting_user=acting_user)
        confirm_scope(locked, acting_user=acting_user)
        return row


def correct_row(
    *,
    row: Row,
    values: Mapping[str, Any],
    version: int | None,
    acting_user: User | None,
    reason: str,
    decision: Decision | None = None,
) -> Row:
    """Say that a row was wrong, with a reason. `version` is the one the form carried; None skips the comparison.

    Raises StaleVersion with the row as it stands when somebody else changed it first.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do đính chính."}, code="required")
    model = type(row)
    with writing(acting_user=acting_user, reason=reason, subject=row.cadre, cause=decision):
        locked = lock_cadre(row.cadre_id, acting_user=acting_user)
        current: Row = model.objects.select_for_update(of=("self",)).get(pk=row.pk, cadre=locked)
        if version is not None and version != version_of(current):
            raise StaleVersion(current)
        for name, value in with_decision(model, values, decision).items():
            setattr(current, name, value)
        _refuse_before_birth(current, locked)
        save_checked(current)
        _follow(current, acting_user=acting_user)
        confirm_scope(locked, acting_user=acting_user)
        return current


def remove_row(*, row: Row, version: int | None, acting_user: User | None, reason: str) -> None:
    """Take away a row that should never have been there, with a reason; its history stays."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do xóa."}, code="required")
    if isinstance(row, Custody):
        raise PeriodConflict("Không xóa được đơn vị quản lý hồ sơ: mỗi hồ sơ luôn có một đơn vị quản lý.")
    with writing(acting_user=acting_user, reason=reason, subject=row.cadre):
        locked = lock_cadre(row.cadre_id, acting_user=acting_user)
        current = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk, cadre=locked)
        if version is not None and version != version_of(current):
            raise StaleVersion(current)
        current.delete()


def move_custody(*, cadre: Cadre, unit_id: int, day: datetime.date) -> None:
    """The record follows its holder: custody passes to `unit_id` from `day` (inside an open event and lock)."""
    holding = Custody.objects.filter(cadre=cadre).in_force(day).first()
    if holding is not None and holding.unit_id == unit_id:
        return
    later = Custody.objects.filter(cadre=cadre, effective_from__gt=day).order_by("effective_from").first()
    if holding is None and later is not None and later.unit_id == unit_id:
        later.effective_from = day
        later.save()
        return
    _put_in_track(Custody(cadre=cadre, unit_id=unit_id, effective_from=day))


def save_checked(row: models.Model) -> None:
    """Check a row against fields, code lists and constraints, then save it; a race becomes the same error."""
    _refuse_closed_codes(row)
    errors = check_rows(type(row), [row])
    if errors:
        raise errors[0]
    with races_as_errors(type(row)):
        row.save()


def confirm_scope(cadre: Cadre, *, acting_user: User | None) -> None:
    """Ask the scope again after the write: who moves a person away may do so only to where he still reads."""
    if not Cadre.objects.visible_to(acting_user, Action.EDIT).filter(pk=cadre.pk).exists():
        raise PermissionDenied("Không được đưa hồ sơ ra ngoài phạm vi quản lý của mình.")


def with_decision(model: type[models.Model], values: Mapping[str, Any], decision: Decision | None) -> dict[str, Any]:
    """The values of a row with the decision it rests on, where its model knows decisions."""
    given = dict(values)
    if decision is not None and "decision" in {field.name for field in model._meta.concrete_fields}:
        given["decision"] = decision
    return given


def _put_in_track(new: Row) -> Row:
    """Place a row in its track of periods: end the one in force, take over its remainder; replace on the same day."""
    model = type(new)
    track = {name: getattr(new, name) for name in TRACKS[model]}
    if model is Assignment and new.kind != AssignmentKind.MAIN:  # type: ignore[attr-defined]
        save_checked(new)
        return new
    day: datetime.date = new.effective_from  # type: ignore[attr-defined]
    siblings = model.objects.filter(cadre_id=new.cadre_id, **track).select_for_update(of=("self",))
    holding = siblings.in_force(day).first()
    if holding is not None and holding.effective_from == day:
        replaced: Row = _replace(holding, new)
        return replaced
    with boundaries_may_move(model):
        if holding is not None:
            new.effective_until = holding.effective_until  # type: ignore[attr-defined]
            holding.effective_until = day
            save_checked(holding)
        elif new.effective_until is None:  # type: ignore[attr-defined]
            following = siblings.filter(effective_from__gt=day).order_by("effective_from").first()
            if following is not None:
                new.effective_until = following.effective_from  # type: ignore[attr-defined]
        save_checked(new)
    return new


def _replace(holding: Row, new: Row) -> Row:
    """A second act on the first day of a period: the period keeps its place, both decisions stay readable."""
    for field in type(new)._meta.concrete_fields:
        if field.primary_key or field.name in {"cadre", "effective_until", "basis", "decision"}:
            continue
        setattr(holding, field.attname, getattr(new, field.attname))
    replaced: Decision | None = getattr(holding, "decision", None)
    if getattr(new, "decision_id", None):
        if replaced is not None and replaced.pk != new.decision_id:  # type: ignore[attr-defined]
            holding.basis = f"Thay quyết định {replaced.number} ngày {replaced.signed_on:%d/%m/%Y}"[:250]  # type: ignore[attr-defined]
        holding.decision_id = new.decision_id  # type: ignore[attr-defined]
    save_checked(holding)
    return holding


def _follow(row: models.Model, *, acting_user: User | None) -> None:
    """What a fact entails: custody follows the main post; who has left, retired or died holds no post any more."""
    if isinstance(row, Assignment) and row.kind == AssignmentKind.MAIN and row.unit_id and row.effective_until is None:
        employment = Employment.objects.filter(cadre=row.cadre_id).in_force(row.effective_from).first()
        if employment is None or employment.state not in ENDED_STATES:
            move_custody(cadre=row.cadre, unit_id=row.unit_id, day=row.effective_from)
    if isinstance(row, Employment) and row.state in ENDED_STATES and row.effective_until is None:
        held = Assignment.objects.filter(cadre=row.cadre_id, effective_from__lt=row.effective_from)
        for post in held.in_force(row.effective_from).filter(effective_until=None):
            post.effective_until = row.effective_from
            save_checked(post)


BEFORE_BIRTH = "Phải sau ngày sinh."


def begins_before_birth(row: models.Model, cadre: Cadre) -> bool:
    """Whether a row holds from a day on which the person was not yet born."""
    since: datetime.date | None = getattr(row, "effective_from", None)
    return since is not None and cadre.born is not None and since < cadre.born


def _refuse_before_birth(row: models.Model, cadre: Cadre) -> None:
    if begins_before_birth(row, cadre):
        raise ValidationError({"effective_from": ValidationError(BEFORE_BIRTH, code="impossible-order")})


def _refuse_closed_codes(row: models.Model) -> None:
    """A closed value of a code list stays readable on old rows and is refused on new ones."""
    day: datetime.date | None = getattr(row, "effective_from", None)
    for field in coded_fields(type(row)):
        code_id = getattr(row, field.attname)
        if code_id is None or (row.pk and _stored(row, field.attname) == code_id):
            continue
        item: CodeList = getattr(row, field.name)
        if day is not None and not item.is_open_on(day):
            raise ValidationError({field.name: closed_code(item, day)})


def closed_code(item: CodeList, day: datetime.date) -> str:
    """Why a new row of `day` may not use an item: it is closed by then, or not yet in use."""
    if item.valid_until and item.valid_until <= day:
        return f"«{item.name}» không còn dùng từ ngày {item.valid_until:%d/%m/%Y}."
    return f"«{item.name}» chưa được dùng vào ngày {day:%d/%m/%Y}."


def coded_fields(model: type[models.Model]) -> Iterable[models.ForeignKey[Any, Any]]:
    """Foreign keys of a model that point to dated code lists."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, CodeList)  # type: ignore[arg-type]
    ]


def _stored(row: models.Model, attname: str) -> Any:
    return type(row)._default_manager.filter(pk=row.pk).values_list(attname, flat=True).first()
