"""Accounts (tài khoản): opening, closing, passwords; every act is in the audit trail and shows no personnel data."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent, User
from hrdb.kernel.text import name_case
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.cadres import link_account
from personnel.services.due_feeds import close_feed
from personnel.services.grants import grant, grant_own_record, project_grants, require_administrator

#: Letters and digits that nobody mistakes for one another when a password is read from paper.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_GROUPS = 4


def generated_password() -> str:
    """A password to be shown once and changed at the first sign-in: four groups of four letters, about 79 bits."""
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(PASSWORD_GROUPS))


def create_account(
    *, username: str, full_name: str = "", password: str | None = None, acting_user: User | None, reason: str = ""
) -> tuple[User, str]:
    """Open an account (mở tài khoản); answers it and its password.

    Without a given password one is generated, which must be changed at the first sign-in.
    Raises ValidationError (a name that is taken or unfit, a weak password).
    """
    require_administrator(acting_user)
    return _open_account(
        username=username, full_name=full_name, password=password, acting_user=acting_user, reason=reason
    )


def create_account_with_role(
    *, username: str, full_name: str, grant_values: Mapping[str, Any], acting_user: User | None, reason: str
) -> tuple[User, str]:
    """Open an account and give it its first role (see `grants.grant`): both or neither."""
    with transaction.atomic():
        user, password = create_account(username=username, full_name=full_name, acting_user=acting_user, reason=reason)
        grant(user=user, **grant_values, acting_user=acting_user, reason=reason)
        return user, password


def open_own_record(*, cadre: Cadre, username: str, acting_user: User | None, reason: str = "") -> tuple[User, str]:
    """Give a person an account to read the own record (tài khoản xem hồ sơ của mình); answers it and its password.

    Done by whoever keeps the record: an administrator sees no personnel data. Raises Cadre.DoesNotExist out of scope.
    """
    with transaction.atomic():
        kept: Cadre = Cadre.objects.visible_to(acting_user, Action.EDIT).get(pk=cadre.pk)
        if kept.account_id is not None:
            raise ValidationError("Người này đã có tài khoản.", code="taken")
        reason = reason or "Cấp tài khoản xem hồ sơ của mình"
        user, password = _open_account(
            username=username, full_name=kept.full_name, password=None, acting_user=acting_user, reason=reason
        )
        grant_own_record(user=user, day=timezone.localdate(), acting_user=acting_user, reason=reason)
        link_account(cadre=kept, account=user, acting_user=acting_user, reason=reason)
        return user, password


def close_account(*, user: User, acting_user: User | None, reason: str) -> None:
    """Close an account (khóa tài khoản): it is signed out at once and has no scope any more; nothing is deleted."""
    _require_other(user, acting_user, reason)
    _set_active(user, is_active=False, acting_user=acting_user, reason=reason)


def reopen_account(*, user: User, acting_user: User | None, reason: str) -> None:
    """Open a closed account again (mở lại tài khoản); its grants in force hold again."""
    _require_other(user, acting_user, reason)
    _set_active(user, is_active=True, acting_user=acting_user, reason=reason)


def reset_password(*, user: User, password: str | None = None, acting_user: User | None, reason: str) -> str:
    """Give an account another password (cấp lại mật khẩu) and answer it; a generated one must be changed at sign-in."""
    _require_other(user, acting_user, reason)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        chosen = _set_password(locked, password)
        locked.save(update_fields=["password", "must_change_password"])
        _log(locked, acting_user, reason, act="Cấp lại mật khẩu")
    return chosen


def unlink_account(*, user: User, acting_user: User | None, reason: str) -> None:
    """Take the own record away from an account (gỡ hồ sơ của mình); the administrator does not learn whose it was."""
    _require_other(user, acting_user, reason)
    cadre = Cadre.objects.filter(account=user).first()
    if cadre is None:
        raise ValidationError("Tài khoản này không gắn với hồ sơ nào.", code="absent")
    link_account(cadre=cadre, account=None, acting_user=acting_user, reason=reason)


def _open_account(
    *, username: str, full_name: str, password: str | None, acting_user: User | None, reason: str
) -> tuple[User, str]:
    """Save a new account with its password."""
    username = User.normalize_username(username.strip())
    UnicodeUsernameValidator(message="Tên đăng nhập chỉ gồm chữ, số và các dấu @ . + - _.")(username)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": "Tên đăng nhập này đã có."}, code="unique")
    with transaction.atomic():
        user = User(username=username, full_name=name_case(full_name) if full_name else "")
        chosen = _set_password(user, password)
        user.full_clean(exclude=["password"])
        user.save()
        _log(user, acting_user, reason, act="Mở tài khoản")
    return user, chosen


def _set_active(user: User, *, is_active: bool, acting_user: User | None, reason: str) -> None:
    """Close or open an account and let the permission tables follow; a closed one loses its calendar for good."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.is_active = is_active
        locked.save(update_fields=["is_active"])
        _log(locked, acting_user, reason, act="Mở lại tài khoản" if is_active else "Khóa tài khoản")
        project_grants(users=[locked.pk])
        if not is_active:
            close_feed(user=locked, acting_user=acting_user, reason=reason)
    user.is_active = is_active


def _set_password(user: User, password: str | None) -> str:
    """Set a given password, or a generated one that must be changed. Raises ValidationError for a weak one."""
    if password is not None:
        validate_password(password, user)
    chosen = password or generated_password()
    user.set_password(chosen)
    user.must_change_password = password is None
    return chosen


def _require_other(user: User, acting_user: User | None, reason: str) -> None:
    """Refuse who is no administrator, acts on the own account, or gives no reason."""
    require_administrator(acting_user)
    if acting_user is not None and acting_user.pk == user.pk:
        raise PermissionDenied("Không tự khóa, mở hay cấp lại mật khẩu cho tài khoản của mình.")
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")


def _log(user: User, acting_user: User | None, reason: str, *, act: str) -> None:
    """Say in the audit trail what was done to an account."""
    log(AuditEvent.Action.ACCESS, user=acting_user, subject=user, reason=reason, act=act)
