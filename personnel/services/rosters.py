"""Writing what a roster brings (danh sách trích ngang): set-wise, in one transaction, and undoing it.

The reader compares rows with the record and hands over plain changes; here they are locked, checked and written with
the batch as their cause.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import BatchState
from personnel.models import Cadre, ImportBatch, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.batches import lock_batch
from personnel.services.changes import RowChanges, confirm_people, write_changes
from personnel.services.errors import ServiceRefusal
from personnel.services.undo import people_written, undo_event

#: Namespace of the advisory locks that keep two imports of one subtree apart.
SUBTREE_LOCK = 731_002


def lock_subtree(unit: Unit | None) -> None:
    """Keep other imports and reorganisations out of a subtree until the transaction ends.

    The unit itself is locked for oneself, everything above it shared; None stands for the whole province.
    """
    above: list[int] = [0]
    if unit is not None:
        parents = dict(UnitVersion.objects.standing_on(timezone.localdate()).values_list("unit_id", "parent_id"))
        here: int | None = parents.get(unit.pk)
        while here is not None and here not in above:
            above.append(here)
            here = parents.get(here)
    with connection.cursor() as cursor:
        if unit is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SUBTREE_LOCK])
            return
        for key in sorted(above):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [SUBTREE_LOCK, key])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SUBTREE_LOCK, unit.pk])


def write_roster(
    *, batch: ImportBatch, changes: Sequence[RowChanges], acting_user: User | None, unit: Unit | None
) -> AuditEvent:
    """Write the changes of a roster in one transaction with the batch as cause; all or nothing (see `write_batch`)."""
    reason = f"Nhập danh sách {batch.file_name}"
    return write_batch(batch=batch, changes=changes, acting_user=acting_user, unit=unit, reason=reason)


def write_batch(
    *,
    batch: ImportBatch,
    changes: Sequence[RowChanges],
    acting_user: User | None,
    unit: Unit | None,
    reason: str,
    before: Callable[[], None] | None = None,
) -> AuditEvent:
    """Write the changes of a batch in one transaction with the batch as cause; `before` writes what they point to.

    Raises ChangesRefused with the rows that the record's rules refuse, ServiceRefusal for a batch that is written.
    Call inside the lock of `lock_subtree`.
    """
    with writing(acting_user=acting_user, reason=reason, cause=batch, action=AuditEvent.Action.IMPORT) as event:
        if lock_batch(batch).state == BatchState.COMMITTED:
            raise ServiceRefusal("Đợt nhập này đã ghi rồi.")
        lock_subtree(unit)
        if before is not None:
            before()
        write_changes(changes)
        confirm_people(changes, acting_user=acting_user)
        batch.state, batch.event, batch.committed_at = BatchState.COMMITTED, event, timezone.now()
        batch.save()
    return event


def undo_roster(*, batch: ImportBatch, acting_user: User | None, reason: str = "") -> AuditEvent:
    """Put back everything that a batch wrote. Raises LaterChangesStand naming the people, or ServiceRefusal."""
    with transaction.atomic():
        state = lock_batch(batch).state
        if state != BatchState.COMMITTED or batch.event is None:
            raise ServiceRefusal("Đợt nhập này chưa ghi hoặc đã hoàn tác.")
        if batch.user_id is not None and acting_user is not None and batch.user_id != acting_user.pk:
            _confirm_unit(batch, acting_user)
        _confirm_people(batch.event, acting_user)
        undone = undo_event(
            event=batch.event, acting_user=acting_user, reason=reason or f"Hoàn tác {batch.file_name}", cause=batch
        )
        batch.state, batch.undo_event = BatchState.UNDONE, undone
        batch.save(update_fields=["state", "undo_event"])
    return undone


def _confirm_people(event: AuditEvent, acting_user: User | None) -> None:
    """Who undoes must still keep the records of everybody whom the batch wrote; whom not is not told."""
    people = Cadre.objects.filter(pk__in=people_written(event))
    if people.exclude(pk__in=Cadre.objects.visible_to(acting_user, Action.EDIT).values("pk")).exists():
        raise ServiceRefusal("Đợt nhập có hồ sơ nay không còn do bạn quản lý; hãy đề nghị cấp tỉnh hoàn tác.")


def _confirm_unit(batch: ImportBatch, acting_user: User) -> None:
    """Another officer undoes a batch only with a scope over the unit it was made for."""
    scope = Unit.objects.visible_to(acting_user, Action.EDIT)
    if batch.unit_id is None or not scope.filter(pk=batch.unit_id).exists():
        raise PermissionDenied("Đợt nhập này không thuộc phạm vi của bạn.")


@cache
def known_from(day: datetime.date) -> str:
    """The basis written on facts that a roster told."""
    return f"Theo danh sách tính đến ngày {day:%d/%m/%Y}, chưa có quyết định"
