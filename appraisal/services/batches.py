"""Writing what a sheet of ratings brings, as one batch, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from appraisal.models import Rating, RatingCycle
from appraisal.services.entering import Entry, enter_many, frozen_units
from appraisal.services.locking import hold_open
from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import BatchState
from personnel.models import ImportBatch
from personnel.services.batches import lock_batch
from personnel.services.errors import ServiceRefusal
from personnel.services.rosters import undo_roster

#: The kind of batches that bring ratings.
KIND = "ratings"


def write_ratings(
    *, batch: ImportBatch, cycle: RatingCycle, entries: Sequence[Entry], acting_user: User | None
) -> AuditEvent:
    """Enter the ratings of a batch in one transaction with the batch as cause; all or nothing.

    Raises ServiceRefusal for a batch that is written, or when one of the people may not be entered.
    """
    reason = f"Nhập bảng xếp loại {batch.file_name}"
    with writing(acting_user=acting_user, reason=reason, cause=batch, action=AuditEvent.Action.IMPORT) as event:
        if batch.pk is not None and lock_batch(batch).state == BatchState.COMMITTED:
            raise ServiceRefusal("Đợt nhập này đã ghi rồi.")
        enter_many(cycle=cycle, entries=entries, acting_user=acting_user, reason=reason)
        batch.state, batch.event, batch.committed_at = BatchState.COMMITTED, event, timezone.now()
        batch.save()
    return event


def undo_ratings(*, batch: ImportBatch, acting_user: User | None, reason: str) -> AuditEvent:
    """Put back the ratings that a batch wrote; what was submitted or approved since stays as it is.

    Raises ServiceRefusal, LaterChangesStand.
    """
    with transaction.atomic():
        written = (
            history_model(Rating)._default_manager.filter(event_id=batch.event_id).values_list("cycle_id", "unit_id")
        )
        for cycle in RatingCycle.objects.filter(pk__in={cycle_id for cycle_id, _ in written}):
            units = {unit_id for cycle_id, unit_id in written if cycle_id == cycle.pk}
            hold_open(cycle, units)
            if not cycle.is_open or frozen_units(cycle, units):
                raise ServiceRefusal("Kết quả của đợt nhập này đã trình hoặc đã duyệt nên không hoàn tác được.")
        return undo_roster(batch=batch, acting_user=acting_user, reason=reason)
