"""What the province rules about rotation: benefits, titles under a limit, posts to be changed; dated, on its ground."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.models import User
from personnel.services.records import save_checked
from planning.models import RotationRule
from planning.models.scope import levels_prepared_by
from planning.services.acting import planning_event


def may_rule(user: User | None) -> bool:
    """Whether the user writes the province's rules down: who prepares rounds at the top."""
    return bool(levels_prepared_by(user))


def set_rule(*, values: Mapping[str, Any], acting_user: User | None) -> RotationRule:
    """Write a rule down from a day; one of the same kind for the same title or post ends on it."""
    _require(acting_user)
    with planning_event(acting_user=acting_user, reason="Ghi quy định của tỉnh về luân chuyển"):
        made = RotationRule(**values)
        if made.title_id is not None or made.job_code:
            rows = RotationRule.objects.select_for_update(of=("self",)).filter(
                kind=made.kind,
                title=made.title_id,
                unit=made.unit_id,
                job_code=made.job_code,
                effective_until__isnull=True,
            )
            for row in rows:
                if row.effective_from >= made.effective_from:
                    raise ValidationError(
                        {"effective_from": "Đã có quy định áp dụng từ ngày này hoặc sau ngày này."}, code="later"
                    )
                row.effective_until = made.effective_from
                save_checked(row)
        save_checked(made)
        return made


def end_rule(*, rule: RotationRule, day: datetime.date, acting_user: User | None) -> RotationRule:
    """Apply a rule no more from a day."""
    _require(acting_user)
    with planning_event(acting_user=acting_user, reason="Thôi áp dụng quy định của tỉnh về luân chuyển"):
        current: RotationRule = RotationRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
        if current.effective_from >= day:
            current.delete()
            return current
        current.effective_until = day
        save_checked(current)
        return current


def _require(user: User | None) -> None:
    if not may_rule(user):
        raise PermissionDenied("Quy định của tỉnh do cơ quan tổ chức cấp tỉnh ghi.")
