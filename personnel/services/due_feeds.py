"""The calendar of due matters of an account (lịch nhắc việc): opening, renewing and closing its secret address."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import AbstractContextManager

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.models import DueFeed
from personnel.models.scope import scope_of

SECRET_BYTES = 32


def open_feed(*, acting_user: User) -> str:
    """Give the account a secret address (mở lịch nhắc việc) and answer the secret, which is not kept anywhere.

    An address that was open ends. Raises PermissionDenied for who sees nobody.
    """
    if scope_of(acting_user).is_empty:
        raise PermissionDenied("Tài khoản không có phạm vi nào để nhắc việc.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with _writing(acting_user, acting_user, "Mở lịch nhắc việc"):
        _close(acting_user)
        DueFeed.objects.create(user=acting_user, digest=_digest(secret), opened_at=timezone.now())
    return secret


def close_feed(*, user: User, acting_user: User | None, reason: str = "") -> bool:
    """End the secret address of an account (thu hồi); answers whether there was one."""
    if not DueFeed.objects.filter(user=user, closed_at=None).exists():
        return False
    with _writing(user, acting_user, "Thu hồi lịch nhắc việc", reason):
        _close(user)
    return True


def feed_of(secret: str) -> DueFeed | None:
    """The open feed of a secret; None for one that was never given, was taken back, or whose account is closed."""
    feeds = DueFeed.objects.filter(digest=_digest(secret), closed_at=None, user__is_active=True)
    return feeds.select_related("user").first()


def _close(user: User) -> None:
    """End what is open; the account's row is locked, so that two acts come one after the other."""
    User.objects.select_for_update().get(pk=user.pk)
    for feed in DueFeed.objects.filter(user=user, closed_at=None):
        feed.closed_at = timezone.now()
        feed.save(update_fields=["closed_at"])


def _writing(user: User, acting_user: User | None, act: str, reason: str = "") -> AbstractContextManager[AuditEvent]:
    return writing(
        acting_user=acting_user, reason=reason or act, subject=user, action=AuditEvent.Action.ACCESS, act=act
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
