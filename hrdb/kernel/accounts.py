"""The account that asks, and what its own acts leave in the audit trail: signing in and out, changing the password."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent, User


def reader(request: HttpRequest) -> User:
    """The account that asks; screens, their filters and searches open only to those who are signed in."""
    return cast(User, request.user)


def log_sign_in(*, user: User) -> AuditEvent:
    """Log that a user signed in (đăng nhập)."""
    return log(AuditEvent.Action.LOGIN, user=user, subject=user)


def log_sign_out(*, user: User) -> AuditEvent:
    """Log that a user signed out (đăng xuất)."""
    return log(AuditEvent.Action.LOGOUT, user=user, subject=user)


def log_session_end(*, user: User) -> AuditEvent:
    """Log that a session was ended because it was left alone or lasted too long (hết phiên)."""
    return log(AuditEvent.Action.LOGOUT, user=user, subject=user, act="Hết phiên làm việc")


def log_failed_sign_in(*, username: str) -> AuditEvent:
    """Log a sign-in that failed (đăng nhập không thành công).

    Only the name of an account that exists is kept: people type passwords into the field of the name.
    """
    known = User.objects.filter(username=username).first()
    return log(AuditEvent.Action.LOGIN_FAILED, user=None, subject=known, known_account=known is not None)


def change_own_password(*, user: User, password: str) -> None:
    """Change one's own password (đổi mật khẩu); sessions elsewhere end with the old one.

    Raises ValidationError when it is weak or the one in use.
    """
    validate_password(password, user)
    if user.check_password(password):
        raise ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.", code="same")
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        log(AuditEvent.Action.ACCESS, user=user, subject=user, act="Tự đổi mật khẩu")
