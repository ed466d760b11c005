"""Rehearsing, carrying out and undoing a case: each in one transaction, under the locks of the tree and the subtree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from hrdb.kernel.many import collection_paused
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import ReorganisationState
from personnel.models import (
    Cadre,
    ColumnMapping,
    Grant,
    Reorganisation,
    Unit,
    UnitUserPermission,
    ValueMapping,
)
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.grants import forget_grants, project_grants
from personnel.services.reorganisation.difference import Difference, difference_of, keep_difference
from personnel.services.reorganisation.faults import CaseFault, CaseRefused
from personnel.services.reorganisation.planning import Plan, plan_of
from personnel.services.reorganisation.writing import PlanWriter
from personnel.services.rosters import lock_subtree
from personnel.services.undo import undo_event
from personnel.services.units import lock_tree

Tell = Callable[[str], None]
#: Faults kept with a case; the rest are counted.
MOST_FAULTS = 500


def _silent(phase: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Outcome:
    """What became of a case: its plan, the difference, and the event that wrote it (None: nothing was written)."""

    plan: Plan
    difference: Difference
    faults: list[CaseFault]
    event: AuditEvent | None = None


@collection_paused()
def rehearse_case(*, case: Reorganisation, acting_user: User | None, tell: Tell = _silent) -> Outcome:
    """Carry a case out and take everything back: what it would change, and what the record's rules refuse.

    The difference is kept for the pages and the case knows it again when it is carried out.
    """
    with transaction.atomic():
        locked = lock_case(case, acting_user=acting_user)
        if not locked.is_open:
            raise ServiceRefusal("Phương án đã thực hiện, không chạy thử lại.")
        outcome = _try(locked, acting_user, tell)
        with writing(acting_user=acting_user, reason="Chạy thử phương án sắp xếp", subject=locked.unit, cause=locked):
            _mark(locked, outcome)
            locked.state = ReorganisationState.DRAFT if outcome.faults else ReorganisationState.REHEARSED
            locked.digest = "" if outcome.faults else outcome.difference.digest
            locked.save()
        transaction.on_commit(partial(keep_difference, locked, outcome.difference))
    return outcome


@collection_paused()
def apply_case(
    *, case: Reorganisation, acting_user: User | None, expected: str | None = None, tell: Tell = _silent
) -> Outcome:
    """Carry a case out: one transaction, one event. `expected` is the digest of the rehearsal that was confirmed.

    Raises CaseRefused with the faults, ServiceRefusal when what it would change is no longer what was rehearsed.
    """
    reason = f"Sắp xếp tổ chức: {case.title}"
    with writing(acting_user=acting_user, reason=reason, subject=case.unit, cause=case) as event:
        locked = lock_case(case, acting_user=acting_user)
        if not locked.is_open:
            raise ServiceRefusal("Phương án này đã thực hiện rồi.")
        _lock(locked)
        tell("Đang đối chiếu với hồ sơ")
        plan = plan_of(locked, acting_user=acting_user)
        if plan.faults:
            raise CaseRefused(plan.faults)
        difference = difference_of(plan)
        if expected is not None and expected != difference.digest:
            raise ServiceRefusal("Hồ sơ đã thay đổi từ lần chạy thử. Hãy chạy thử lại và xem phần khác nhau.")
        _write(plan, acting_user, tell)
        outcome = Outcome(plan, difference, [], event)
        _mark(locked, outcome)
        locked.state, locked.applying, locked.digest = ReorganisationState.APPLIED, event, difference.digest
        locked.undoing = None
        locked.save()
        transaction.on_commit(partial(keep_difference, locked, difference))
    return outcome


def undo_case(*, case: Reorganisation, acting_user: User | None, reason: str) -> AuditEvent:
    """Put back everything that a case wrote. Raises LaterChangesStand where later facts stand on it."""
    with writing(
        acting_user=acting_user, reason=reason, subject=case.unit, cause=case, action=AuditEvent.Action.UNDO
    ) as undoing:
        locked = lock_case(case, acting_user=acting_user)
        event = locked.applying
        if locked.state != ReorganisationState.APPLIED or event is None:
            raise ServiceRefusal("Phương án này chưa thực hiện hoặc đã hoàn tác.")
        _lock(locked)
        users = _holders(event)
        _forget_founded(event)
        undo_event(event=event, acting_user=acting_user, reason=reason, cause=locked)
        project_grants(users=users)
        forget_grants(acting_user)
        locked.refresh_from_db()
        locked.state, locked.applying, locked.undoing = ReorganisationState.UNDONE, event, undoing
        locked.digest = ""
        locked.save()
    return undoing


def lock_case(case: Reorganisation, *, acting_user: User | None) -> Reorganisation:
    """The case as it stands, locked until the transaction ends; Reorganisation.DoesNotExist out of scope."""
    cases = Reorganisation.objects.visible_to(acting_user).select_related("unit")
    locked: Reorganisation = cases.select_for_update(of=("self",)).get(pk=case.pk)
    return locked


def _lock(case: Reorganisation) -> None:
    lock_tree()
    lock_subtree(case.unit)


def _try(case: Reorganisation, acting_user: User | None, tell: Tell) -> Outcome:
    """Plan and, where the plan has no fault, write it in a savepoint that is taken back."""
    tell("Đang đối chiếu với hồ sơ")
    plan = plan_of(case, acting_user=acting_user)
    difference = difference_of(plan)
    if plan.faults:
        return Outcome(plan, difference, plan.faults)
    try:
        with transaction.atomic(), writing(acting_user=acting_user, reason="Chạy thử", cause=case):
            _lock(case)
            _write(plan, acting_user, tell)
            transaction.set_rollback(True)
    except CaseRefused as refused:
        return Outcome(plan, difference, refused.faults)
    finally:
        forget_grants(acting_user)
    return Outcome(plan, difference, [])


def _write(plan: Plan, acting_user: User | None, tell: Tell) -> None:
    """Write a plan, let the permission tables follow, and ask the scope again."""
    PlanWriter(plan, tell).write()
    users = {right.row["user_id"] for right in plan.rights.ended if right.model is Grant}
    if users:
        project_grants(users=users)
        forget_grants(acting_user)
    _confirm_scope(plan, acting_user)


def _confirm_scope(plan: Plan, acting_user: User | None) -> None:
    """Who moves people keeps their records afterwards too."""
    moved = plan.people.moved
    reachable = Cadre.objects.visible_to(acting_user, Action.EDIT).filter(pk__any=moved).count()
    if reachable != len(moved):
        raise PermissionDenied("Phương án đưa hồ sơ ra ngoài phạm vi quản lý của bạn.")


def _mark(case: Reorganisation, outcome: Outcome) -> None:
    """What the pages say of a case without reading its difference; faults by the key of the row that they stand at."""
    keys = {
        "step": list(case.steps.values_list("pk", flat=True)),
        "placement": list(case.placements.values_list("pk", flat=True)),
    }

    def told(faults: list[CaseFault]) -> list[dict[str, Any]]:
        return [
            fault.as_json() | {"of": keys[fault.part][fault.place] if fault.part in keys else None}
            for fault in faults[:MOST_FAULTS]
        ]

    case.summary = {
        "parts": outcome.difference.counts(),
        "faults": told(outcome.faults),
        "warnings": told(outcome.plan.warnings),
        "fault_count": len(outcome.faults),
        "leaders_waiting": len(outcome.plan.people.waiting),
    }


def _holders(event: AuditEvent) -> set[int]:
    """Users whose grants an event wrote."""
    rows = history_model(Grant)._default_manager.filter(event=event)
    return set(rows.values_list("user_id", flat=True))


def _forget_founded(event: AuditEvent) -> None:
    """What points to units that the event founded and has no history of its own: permissions, taught spellings."""
    founded = list(
        history_model(Unit)._default_manager.filter(event=event, history_type="+").values_list("id", flat=True)
    )
    UnitUserPermission.objects.filter(content_object_id__any=founded).delete()
    for mapping in (ColumnMapping, ValueMapping):
        mapping.objects.filter(unit_id__any=founded).delete()
