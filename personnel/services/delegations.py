"""The delegation table (phân cấp quản lý cán bộ): its default, and the changes that a province makes to it."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q

from hrdb.kernel.audit import writing
from hrdb.kernel.dates import format_date
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import Bloc, ManagingLevel
from personnel.models import Decision, Delegation, Unit
from personnel.policies import MANAGED_ACTIONS, ROLE_ACTIONS, Action, Role
from personnel.services.ending import end_from
from personnel.services.grants import require_administrator
from personnel.services.records import save_checked
from personnel.services.reference import DATA_FOLDER

#: The advisory lock under which the table is changed.
TABLE_LOCK = 731_003

DEFAULT_FILE = DATA_FOLDER / "delegations.json"


@dataclass(frozen=True)
class DefaultRow:
    """One row of the default table as the data file writes it."""

    managing_level: ManagingLevel
    bloc: str
    action: Action
    role: Role


def default_rows() -> list[DefaultRow]:
    """The rows of the project's own default table."""
    content = json.loads(DEFAULT_FILE.read_text(encoding="utf-8"))
    return [
        DefaultRow(ManagingLevel(item["managing_level"]), item.get("bloc", ""), Action(action), Role(item["role"]))
        for item in content["items"]
        for action in item["actions"]
    ]


def load_default_delegations(*, acting_user: User | None = None) -> int:
    """Load the default table into an installation that has none; one that has a table keeps it as it is."""
    if Delegation.objects.exists():
        return 0
    content: dict[str, Any] = json.loads(DEFAULT_FILE.read_text(encoding="utf-8"))
    rows = default_rows()
    with writing(acting_user=acting_user, reason=content["basis"], action=AuditEvent.Action.SYSTEM):
        for row in rows:
            save_checked(
                Delegation(
                    managing_level=row.managing_level,
                    bloc=row.bloc,
                    action=row.action,
                    role=row.role,
                    effective_from=datetime.date.fromisoformat(content["effective_from"]),
                    basis=content["basis"],
                )
            )
    return len(rows)


def add_delegation(
    *,
    managing_level: ManagingLevel | str,
    bloc: Bloc | str = "",
    action: Action | str,
    role: Role | str,
    unit: Unit | None = None,
    effective_from: datetime.date,
    decision: Decision | None = None,
    basis: str = "",
    acting_user: User | None,
    reason: str = "",
) -> Delegation:
    """Open a managing level to a role, or to one office of it, from a day (phân cấp).

    Raises PermissionDenied, ValidationError (an action that no level governs, a role that does not hold it, no basis).
    """
    require_administrator(acting_user)
    if Action(action) not in MANAGED_ACTIONS:
        raise ValidationError({"action": "Việc này không theo diện quản lý."}, code="invalid")
    if Action(action) not in ROLE_ACTIONS[Role(role)]:
        message = f"Vai trò «{Role(role).label}» không làm việc «{Action(action).label}»."
        raise ValidationError({"role": message}, code="invalid")
    if decision is None and not basis.strip():
        raise ValidationError({"basis": "Hãy ghi quyết định hoặc quy định làm căn cứ."}, code="required")
    row = Delegation(
        managing_level=managing_level,
        bloc=bloc,
        action=action,
        role=role,
        unit=unit,
        effective_from=effective_from,
        decision=decision,
        basis=basis,
    )
    with writing(acting_user=acting_user, reason=reason or basis, cause=decision, action=AuditEvent.Action.ACCESS):
        _lock_table()
        _refuse_second(row)
        save_checked(row)
    return row


def end_delegation(
    *, delegation: Delegation, first_day_without: datetime.date, acting_user: User | None, reason: str
) -> None:
    """End a row of the table (bãi bỏ phân cấp) so that it no longer holds on a day."""
    require_administrator(acting_user)
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=delegation, action=AuditEvent.Action.ACCESS):
        _lock_table()
        row = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
        end_from(row, first_day_without, too_late="Dòng phân cấp này đã kết thúc trước ngày đó.")


def _lock_table() -> None:
    """Let those who change the table take turns; whoever waits sees what was written before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TABLE_LOCK])


def _refuse_second(row: Delegation) -> None:
    """Refuse a row that says what another says from the same day or from a later one: ending one would end nothing."""
    same = Delegation.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=row.effective_from),
        managing_level=row.managing_level,
        bloc=row.bloc,
        action=row.action,
        role=row.role,
        unit=row.unit,
    )
    if (other := same.order_by("effective_from").first()) is None:
        return
    if other.holds_on(row.effective_from):
        raise ValidationError("Dòng phân cấp này đang có hiệu lực.", code="period-conflict")
    began = format_date(other.effective_from)
    raise ValidationError(f"Đã có dòng phân cấp này, có hiệu lực từ ngày {began}.", code="period-conflict")
