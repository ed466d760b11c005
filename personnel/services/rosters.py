"""Writing what a roster brings (danh sách trích ngang): set-wise, in one transaction, and undoing it.

The reader compares rows with the record and hands over plain changes; here they are locked, checked and written with
the batch as their cause.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.constraints import boundaries_may_move
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import BatchState
from personnel.models import Cadre, ImportBatch, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.bulk import RowsRefused, create_many, update_many
from personnel.services.cadres import derive_keys
from personnel.services.errors import ServiceRefusal
from personnel.services.undo import people_written, undo_event

#: Namespace of the advisory locks that keep two imports of one subtree apart.
SUBTREE_LOCK = 731_002


@dataclass
class RowChanges:
    """What one roster row writes: a new person, rows to add, fields to set on stored rows.

    `place` is the row's place in the reader's list, by which refusals are reported.
    """

    place: int
    cadre: Cadre | None = None
    #: The new person whom an earlier row of the same file brought, when this row is about the same one.
    of: Cadre | None = None
    inserts: list[models.Model] = field(default_factory=list)
    edits: dict[tuple[type[models.Model], int], dict[str, Any]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the row writes nothing."""
        return self.cadre is None and not self.inserts and not self.edits

    def edit(self, row: models.Model, **values: Any) -> None:
        """Set fields of a stored row."""
        self.edits.setdefault((type(row), row.pk), {}).update(values)


class RosterRefused(ServiceRefusal):
    """Rows that the record's own rules refuse; `faults` are (place, message) pairs. Nothing was written."""

    code = "roster-refused"

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} dòng không ghi được; chưa ghi dòng nào.")
        self.faults = faults


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


def lock_people(ids: Iterable[int]) -> None:
    """Lock the rows of people in order, so that what is compared next is what will be written upon."""
    list(Cadre.objects.filter(pk__any=ids).select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def write_roster(
    *, batch: ImportBatch, changes: Sequence[RowChanges], acting_user: User | None, unit: Unit | None
) -> AuditEvent:
    """Write the changes of a roster in one transaction with the batch as cause; all or nothing.

    Raises RosterRefused with the rows that the record's rules refuse, ServiceRefusal for a batch that is written.
    Call inside the lock of `lock_subtree`.
    """
    reason = f"Nhập danh sách {batch.file_name}"
    with writing(acting_user=acting_user, reason=reason, cause=batch, action=AuditEvent.Action.IMPORT) as event:
        if lock_batch(batch).state == BatchState.COMMITTED:
            raise ServiceRefusal("Đợt nhập này đã ghi rồi.")
        lock_subtree(unit)
        try:
            with transaction.atomic():
                _write(changes, check_first=False)
        except IntegrityError:
            _write(changes, check_first=True)
        _confirm_scope(changes, acting_user)
        batch.state, batch.event, batch.committed_at = BatchState.COMMITTED, event, timezone.now()
        batch.save()
    return event


def _write(changes: Sequence[RowChanges], *, check_first: bool) -> None:
    """New people, edits, then rows; the database judges periods at the end, unless each step is checked first.

    What only the end refuses names no row: who meets that writes again with `check_first`, which does.
    """
    arriving = [(change.cadre, change.place) for change in changes if change.cadre is not None]
    for cadre, _ in arriving:
        derive_keys(cadre)
    _create(Cadre, arriving, check_first)
    edited, inserted = _edits_by_model(changes), _inserts_by_model(changes)
    with boundaries_may_move(*{*edited, *inserted}):
        for model, edits in edited.items():
            _edit(model, edits, check_first)
        for model, pairs in inserted.items():
            _create(model, pairs, check_first)


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


def lock_batch(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands, locked until the transaction ends: two acts on one batch follow one another."""
    locked: ImportBatch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    return locked


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


def _edits_by_model(
    changes: Iterable[RowChanges],
) -> dict[type[models.Model], dict[int, tuple[dict[str, Any], int]]]:
    edited: dict[type[models.Model], dict[int, tuple[dict[str, Any], int]]] = defaultdict(dict)
    for change in changes:
        for (model, key), values in change.edits.items():
            earlier, place = edited[model].get(key, ({}, change.place))
            edited[model][key] = ({**earlier, **values}, place)
    return edited


def _inserts_by_model(changes: Iterable[RowChanges]) -> dict[type[models.Model], list[tuple[models.Model, int]]]:
    inserted: dict[type[models.Model], list[tuple[models.Model, int]]] = defaultdict(list)
    for change in changes:
        for row in change.inserts:
            owner = change.cadre or change.of
            if owner is not None:
                row.cadre_id = owner.id  # type: ignore[attr-defined]
            inserted[type(row)].append((row, change.place))
    return inserted


def _edit(model: type[models.Model], edits: dict[int, tuple[dict[str, Any], int]], check_first: bool) -> None:
    """Lock the rows in order, set their fields and write them with history."""
    rows = list(model._default_manager.select_for_update(of=("self",)).filter(pk__any=edits).order_by("pk"))
    names: set[str] = set()
    for row in rows:
        values, _ = edits[row.pk]
        names |= set(values)
        for name, value in values.items():
            setattr(row, name, value)
        if isinstance(row, Cadre):
            derive_keys(row)
            names |= {"search_key", "sort_key"}
    with _refused_at([edits[row.pk][1] for row in rows]):
        update_many(model, rows, sorted(names), check_first=check_first)


def _create(model: type[models.Model], pairs: Sequence[tuple[models.Model, int]], check_first: bool) -> None:
    """Write new rows, each given with the place of the roster row that it comes from."""
    with _refused_at([place for _, place in pairs]):
        create_many(model, [row for row, _ in pairs], check_first=check_first)


@contextmanager
def _refused_at(places: Sequence[int]) -> Iterator[None]:
    """Refused rows as faults of the roster rows that they come from."""
    try:
        yield
    except RowsRefused as refused:
        raise RosterRefused(_faults(refused, places)) from refused


def _faults(refused: RowsRefused, places: Sequence[int]) -> list[tuple[int, str]]:
    return [(places[place], "; ".join(_messages(error))) for place, error in sorted(refused.errors.items())]


def _messages(error: ValidationError) -> list[str]:
    return list(dict.fromkeys(error.messages))


def _confirm_scope(changes: Sequence[RowChanges], acting_user: User | None) -> None:
    """Ask the scope again for everyone written, in the transaction."""
    touched = {change.cadre.pk for change in changes if change.cadre is not None and change.cadre.pk}
    touched |= {row.cadre_id for change in changes for row in change.inserts}  # type: ignore[attr-defined]
    reachable = Cadre.objects.visible_to(acting_user, Action.EDIT).filter(pk__any=touched).count()
    if reachable != len(touched):
        raise PermissionDenied("Danh sách đưa hồ sơ ra ngoài phạm vi quản lý của bạn.")


@cache
def known_from(day: datetime.date) -> str:
    """The basis written on facts that a roster told."""
    return f"Theo danh sách tính đến ngày {day:%d/%m/%Y}, chưa có quyết định"
