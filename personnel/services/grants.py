"""Grants (phân quyền): giving and ending a role, and their projection into the permission tables on units."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import partial

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.jobs import KEPT_FOR, remove_results_of
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.periods import first_moment, in_force_q
from personnel.models import Cadre, Decision, Grant, Unit, UnitUserPermission
from personnel.models.scope import has_role
from personnel.policies import ROLE_ACTIONS, ROLES_WITH_UNIT, ROLES_WITHOUT_UNIT, Action, Role, unit_permission
from personnel.services.ending import end_from
from personnel.services.records import save_checked

#: Beyond any period that is still open.
FOR_EVER = datetime.date.max

#: Who sees no personnel data gives them to nobody, himself in another name included, without a paper that says so.
BASIS_FIRST = "Vai trò này mở dữ liệu cán bộ: hãy ghi số, ngày của quyết định hoặc văn bản phân công."

#: The role of the cadre reads one record: without it the account would see nothing.
OWN_RECORD_FIRST = (
    "Vai trò này chỉ để xem hồ sơ của mình, mà tài khoản chưa gắn với hồ sơ nào: "
    "người quản lý hồ sơ cấp tài khoản từ trang hồ sơ của người đó."
)


def require_administrator(acting_user: User | None) -> None:
    """Refuse anyone but a system administrator (and the machine's operator)."""
    if not has_role(acting_user, Role.ADMINISTRATOR):
        raise PermissionDenied("Chỉ quản trị hệ thống quản lý tài khoản và phân quyền.")


def grant(
    *,
    user: User,
    role: Role | str,
    unit: Unit | None = None,
    effective_from: datetime.date,
    effective_until: datetime.date | None = None,
    decision: Decision | None = None,
    basis: str = "",
    acting_user: User | None,
    reason: str = "",
) -> Grant:
    """Give a user a role (cấp quyền) over a unit and all below it, or over the whole province where no unit is named.

    An administrator gives a role that opens personnel data only by a decision or on a written basis.
    Raises PermissionDenied (not an administrator, or to oneself), ValidationError (by field, or an overlapping period).
    """
    require_administrator(acting_user)
    if acting_user is not None and acting_user.pk == user.pk:
        raise PermissionDenied("Không tự cấp quyền cho tài khoản của mình.")
    _refuse_unfit(Role(role), unit, decision, basis, reason)
    if acting_user is not None and ROLE_ACTIONS[Role(role)] and decision is None and not basis.strip():
        raise ValidationError({"basis": BASIS_FIRST}, code="required")
    if role == Role.CADRE and not Cadre.objects.filter(account=user).exists():
        raise ValidationError({"role": OWN_RECORD_FIRST}, code="absent")
    row = Grant(
        user=user,
        role=Role(role),
        unit=unit,
        effective_from=effective_from,
        effective_until=effective_until,
        decision=decision,
        basis=basis,
    )
    return _write(row, acting_user=acting_user, reason=reason or basis)


def grant_own_record(*, user: User, day: datetime.date, acting_user: User | None, reason: str) -> Grant:
    """Give an account the role of the cadre from `day`; the caller has checked that he keeps that person's record."""
    return _write(Grant(user=user, role=Role.CADRE, effective_from=day), acting_user=acting_user, reason=reason)


def end_grant(*, grant: Grant, first_day_without: datetime.date, acting_user: User | None, reason: str) -> None:
    """End a grant (thu hồi quyền) so that it no longer holds on a day; one that has not begun by then is taken away.

    Raises PermissionDenied, ValidationError (no reason, or it had ended before).
    """
    require_administrator(acting_user)
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do thu hồi quyền."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=grant.user, action=AuditEvent.Action.ACCESS):
        user = _lock(grant.user)
        row = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        end_from(row, first_day_without, too_late="Quyền này đã kết thúc trước ngày đó.")
        forget_grants(grant.user)
        project_grants(users=[user.pk])
        if first_day_without <= timezone.localdate():
            transaction.on_commit(partial(remove_results_of, owner=user.pk, before=timezone.now()))


def forget_results_of_ended_grants(*, day: datetime.date) -> int:
    """Remove the files that were made under a role which has ended by `day`; answers how many. Run every day."""
    ended = Grant.objects.filter(effective_until__range=(day - KEPT_FOR, day)).values_list("user_id", "effective_until")
    return sum(remove_results_of(owner=user_id, before=first_moment(until)) for user_id, until in ended)


def project_grants(*, day: datetime.date | None = None, users: Iterable[int] | None = None) -> int:
    """Make the permission tables say what the grants in force say; answers how many rows changed.

    A grant over a unit becomes permissions on that unit (it covers what stands below it), one over the whole province
    becomes general permissions; never a row per person. Run on every change, by `prepare`, and by the worker
    when it starts and when a day begins.
    """
    chosen = Q() if users is None else Q(user__in=list(users))
    with transaction.atomic():
        list(User.objects.select_for_update().filter(_chosen_users(users)).order_by("pk").values_list("pk"))
        permissions = _permission_ids()
        on_units: set[tuple[int, int, int]] = set()
        general: set[tuple[int, int]] = set()
        in_force = Grant.objects.filter(in_force_q(day or timezone.localdate()), chosen, user__is_active=True)
        for user_id, role, unit_id in in_force.values_list("user_id", "role", "unit_id"):
            for action in ROLE_ACTIONS[Role(role)]:
                if unit_id is None:
                    general.add((user_id, permissions[action]))
                else:
                    on_units.add((user_id, unit_id, permissions[action]))
        return _project_on_units(on_units, chosen) + _project_general(general, chosen, set(permissions.values()))


def _write(row: Grant, *, acting_user: User | None, reason: str) -> Grant:
    """Save a grant in one audit event and let the permission tables follow."""
    with writing(
        acting_user=acting_user, reason=reason, subject=row.user, cause=row.decision, action=AuditEvent.Action.ACCESS
    ):
        _lock(row.user)
        _refuse_second(row)
        save_checked(row)
        forget_grants(row.user)
        project_grants(users=[row.user_id])
        return row


def _project_on_units(wanted: set[tuple[int, int, int]], chosen: Q) -> int:
    """Bring the direct permission table on units to the wanted rows."""
    stored = {
        (user_id, unit_id, permission_id): pk
        for pk, user_id, unit_id, permission_id in UnitUserPermission.objects.filter(chosen).values_list(
            "pk", "user_id", "content_object_id", "permission_id"
        )
    }
    gone = [pk for key, pk in stored.items() if key not in wanted]
    new = sorted(wanted - stored.keys())
    UnitUserPermission.objects.filter(pk__in=gone).delete()
    UnitUserPermission.objects.bulk_create(
        UnitUserPermission(user_id=user_id, content_object_id=unit_id, permission_id=permission_id)
        for user_id, unit_id, permission_id in new
    )
    return len(gone) + len(new)


def _project_general(wanted: set[tuple[int, int]], chosen: Q, permissions: set[int]) -> int:
    """Bring the general permissions on units (whole province) to the wanted rows; other permissions are left alone."""
    through = User.user_permissions.through
    stored = {
        (row.user_id, row.permission_id): row.pk
        for row in through._default_manager.filter(chosen, permission_id__in=permissions)
    }
    gone = [pk for key, pk in stored.items() if key not in wanted]
    new = sorted(wanted - stored.keys())
    through._default_manager.filter(pk__in=gone).delete()
    through._default_manager.bulk_create(
        through(user_id=user_id, permission_id=permission_id) for user_id, permission_id in new
    )
    return len(gone) + len(new)


def _permission_ids() -> dict[Action, int]:
    """The permission on units that each action is projected to."""
    rows = Permission.objects.filter(
        content_type__app_label="personnel",
        content_type__model="unit",
        codename__in=[unit_permission(action) for action in Action],
    ).values_list("codename", "pk")
    by_name = dict(rows)
    return {action: by_name[unit_permission(action)] for action in Action}


def _refuse_unfit(role: Role, unit: Unit | None, decision: Decision | None, basis: str, reason: str) -> None:
    """Refuse a grant whose role and unit do not go together, or that rests on nothing."""
    if role in ROLES_WITH_UNIT and unit is None:
        raise ValidationError({"unit": f"Vai trò «{role.label}» cần chỉ rõ đơn vị."}, code="required")
    if role in ROLES_WITHOUT_UNIT and unit is not None:
        raise ValidationError({"unit": f"Vai trò «{role.label}» không gắn với đơn vị."}, code="invalid")
    if decision is None and not basis.strip() and not reason.strip():
        raise ValidationError({"reason": "Hãy ghi quyết định hoặc lý do cấp quyền."}, code="required")


def _refuse_second(row: Grant) -> None:
    """Refuse a second grant of a role over the whole province: the exclusion constraint does not see an absent unit."""
    if row.unit_id is not None:
        return
    same = Grant.objects.filter(user=row.user, role=row.role, unit__isnull=True).filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=row.effective_from),
        effective_from__lt=row.effective_until or FOR_EVER,
    )
    if same.exists():
        raise ValidationError("Tài khoản đã có quyền này trong khoảng thời gian này.", code="period-conflict")


def _lock(user: User) -> User:
    """The user's row, locked: grants of one user are written one after another."""
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    return locked


def forget_grants(user: models.Model | None) -> None:
    """Let a user object that is still in hand ask its grants again."""
    if hasattr(user, "_grants_in_force"):
        del user._grants_in_force  # type: ignore[union-attr]


def _chosen_users(users: Iterable[int] | None) -> Q:
    return Q() if users is None else Q(pk__in=list(users))
