"""Targets of structure that an approving level sets for its lists (chỉ tiêu cơ cấu), dated, on its own ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from hrdb.kernel.models import User
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from planning.models import StructureTarget
from planning.services.acting import planning_event, require_level


def set_target(*, values: Mapping[str, Any], acting_user: User | None) -> StructureTarget:
    """Ask a share from a day; what was asked of the same metric before ends. A later target is not passed over."""
    require_level(acting_user, values["level"])
    with planning_event(acting_user=acting_user, reason="Đặt chỉ tiêu cơ cấu quy hoạch"):
        start = values["effective_from"]
        rows = StructureTarget.objects.select_for_update(of=("self",)).filter(
            level=values["level"], metric=values["metric"]
        )
        if rows.filter(effective_from__gt=start).exists():
            raise ServiceRefusal("Đã có chỉ tiêu áp dụng từ một ngày sau.")
        held = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gt=start)).first()
        if held is not None and held.effective_from == start:
            for name in ("percent", "basis", "confidence"):
                setattr(held, name, values[name])
            save_checked(held)
            return held  # type: ignore[no-any-return]
        if held is not None:
            held.effective_until = start
            save_checked(held)
        made = StructureTarget(**values)
        save_checked(made)
        return made


def end_target(*, target: StructureTarget, day: Any, acting_user: User | None) -> StructureTarget:
    """Ask it no more from a day."""
    require_level(acting_user, target.level)
    with planning_event(acting_user=acting_user, reason="Thôi áp dụng chỉ tiêu cơ cấu"):
        current: StructureTarget = StructureTarget.objects.select_for_update(of=("self",)).get(pk=target.pk)
        current.effective_until = day
        save_checked(current)
        return current
