"""Writing the audit trail: the one place that opens an event, and the event that is open now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction

from hrdb.kernel.models.audit import AuditEvent
from hrdb.kernel.models.user import User

_open_event: ContextVar[AuditEvent | None] = ContextVar("open_event", default=None)
_address: ContextVar[str | None] = ContextVar("address", default=None)


class NoAuditEvent(RuntimeError):
    """A tracked row was written outside an audit event: a programming error, never a user's."""


def remember_address(address: str | None) -> None:
    """Keep the address of the request that is being served, for the events it opens."""
    _address.set(address)


def current_event() -> AuditEvent | None:
    """The audit event that is open in this context, or None."""
    return _open_event.get()


def log(
    action: AuditEvent.Action | str,
    *,
    user: User | None,
    subject: models.Model | None = None,
    cause: models.Model | None = None,
    reason: str = "",
    **details: Any,
) -> AuditEvent:
    """Append one event (ghi nhật ký) that writes no data: a reading, an export, a print, a refusal."""
    event = _event(action, user, reason, cause, details)
    if subject is not None:
        event.subject_type, event.subject_id = subject._meta.label_lower, subject.pk
    event.save(force_insert=True)
    return event


def log_each(
    action: AuditEvent.Action | str,
    *,
    user: User | None,
    subject_type: type[models.Model],
    subject_ids: Iterable[int],
    cause: models.Model | None = None,
    reason: str = "",
    **details: Any,
) -> int:
    """Append one event for each subject in one statement, for acts that touch many; answers how many."""
    events = []
    for subject_id in subject_ids:
        event = _event(action, user, reason, cause, details)
        event.subject_type, event.subject_id = subject_type._meta.label_lower, subject_id
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=1000)
    return len(events)


def _event(
    action: AuditEvent.Action | str, user: User | None, reason: str, cause: models.Model | None, details: dict[str, Any]
) -> AuditEvent:
    """An event that is not yet written."""
    return AuditEvent(
        user=user if user is not None and user.is_authenticated else None,
        action=action,
        reason=reason,
        address=_address.get(),
        details=details,
        cause_type=cause._meta.label_lower if cause is not None else "",
        cause_id=cause.pk if cause is not None else None,
    )


@contextmanager
def writing(
    *,
    acting_user: User | None,
    reason: str = "",
    subject: models.Model | None = None,
    cause: models.Model | None = None,
    action: AuditEvent.Action | str = AuditEvent.Action.WRITE,
    **details: Any,
) -> Iterator[AuditEvent]:
    """One transaction and one audit event around a write; a service called inside another joins its event.

    Every tracked row saved inside carries the event, the user and the reason in its history.
    """
    outer = _open_event.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    with transaction.atomic():
        event = log(action, user=acting_user, subject=subject, cause=cause, reason=reason, **details)
        token = _open_event.set(event)
        try:
            yield event
        finally:
            _open_event.reset(token)
