"""Who trains whom, and the audit event of every act of training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import models

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from training.models.scope import may_arrange, may_train


@contextmanager
def training_event(
    *, acting_user: User | None, reason: str, subject: models.Model | None = None, cause: models.Model | None = None
) -> Iterator[AuditEvent]:
    """One transaction and one audit event around an act of training."""
    with writing(acting_user=acting_user, reason=reason, subject=subject, cause=cause) as event:
        yield event


def require_trainer(user: User | None) -> None:
    """Refuse who trains nowhere."""
    if not may_train(user):
        raise PermissionDenied("Bạn không được giao việc đào tạo, bồi dưỡng.")


def require_arranger(user: User | None) -> None:
    """Refuse who does not arrange the province's programmes, plans and classes."""
    if not may_arrange(user):
        raise PermissionDenied("Chương trình, kế hoạch và lớp học do cán bộ tổ chức cấp tỉnh lập.")
