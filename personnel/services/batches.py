"""Import batches: storing what was sent, remembering what was decided, and what becomes of people not listed."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from hrdb.kernel.audit import log, writing
from hrdb.kernel.jobs import start_job
from hrdb.kernel.models import AuditEvent, Job, User
from hrdb.kernel.text import fold
from personnel.choices import BatchState, EmploymentState
from personnel.models import Cadre, ColumnMapping, Employment, ImportBatch, Unit, ValueMapping
from personnel.models.scope import has_role, scope_of
from personnel.policies import Action, Role
from personnel.services.errors import ServiceRefusal
from personnel.services.records import succeed_row

#: What an officer may answer about a person whom a roster does not list.
MISSING_ANSWERS = {
    "left": "Đã thôi việc",
    "retired": "Đã nghỉ hưu",
    "moved": "Đã chuyển đơn vị",
    "forgotten": "Bỏ sót trong danh sách",
}
_ENDING = {"left": EmploymentState.LEFT, "retired": EmploymentState.RETIRED}


def store_upload(
    *, upload: File[bytes], unit: Unit | None, options: Mapping[str, Any], acting_user: User, kind: str = "roster"
) -> ImportBatch:
    """Keep a sent file outside the web's root and open its batch. Raises Unit.DoesNotExist out of scope."""
    if unit is not None:
        Unit.objects.visible_to(acting_user, Action.EDIT).get(pk=unit.pk)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    name = default_storage.save(f"rosters/{uuid.uuid4().hex}", upload)
    return ImportBatch.objects.create(
        kind=kind,
        user=acting_user,
        unit=unit,
        file_name=(upload.name or "danh-sach")[:250],
        stored_file=name,
        sha256=digest.hexdigest(),
        options=dict(options),
    )


def stored_path(batch: ImportBatch) -> Path:
    """Where the file of a batch lies."""
    return Path(default_storage.path(batch.stored_file))


def set_options(*, batch: ImportBatch, acting_user: User, **changes: Any) -> ImportBatch:
    """Change what was decided for a batch that is not written yet."""
    with transaction.atomic():
        row: ImportBatch = ImportBatch.objects.visible_to(acting_user).select_for_update().get(pk=batch.pk)
        row.options = {**row.options, **changes}
        row.save(update_fields=["options"])
    return row


def lock_batch(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands, locked until the transaction ends: two acts on one batch follow one another."""
    locked: ImportBatch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    return locked


#: States in which a batch may still be decided about and written.
OPEN_STATES = (BatchState.UPLOADED, BatchState.CHECKED)


def job_of(batch: ImportBatch) -> Job | None:
    """The last long work of a batch."""
    key = batch.options.get("job")
    return Job.objects.filter(key=key).first() if key else None


def start_work(*, batch: ImportBatch, kind: str, acting_user: User, **decided: Any) -> ImportBatch:
    """Decide about a batch and start checking or writing it in the background; of two at once the second is refused.

    Raises ImportBatch.DoesNotExist out of scope, ServiceRefusal for a batch that is being worked on, written or undone.
    """
    with transaction.atomic():
        ImportBatch.objects.visible_to(acting_user).get(pk=batch.pk)
        row = lock_batch(batch)
        job = job_of(row)
        if row.state not in OPEN_STATES or (job is not None and not job.is_finished):
            raise ServiceRefusal("Đợt nhập này đang được kiểm tra, đang ghi hoặc đã ghi xong.")
        set_options(batch=row, acting_user=acting_user, **decided)
        job = start_job(kind=kind, owner=acting_user, parameters={"batch": row.pk}, scope=row.file_name)
        return set_options(batch=row, acting_user=acting_user, job=str(job.key))


def mark_checked(*, batch: ImportBatch, report: Mapping[str, Any], day: datetime.date) -> None:
    """Keep the report of a check; what was written meanwhile stays written."""
    _mark(batch, state=BatchState.CHECKED, report=dict(report), day=day)


def mark_failed(*, batch: ImportBatch, sentence: str) -> None:
    """Say that the file cannot be read, and why."""
    _mark(batch, state=BatchState.FAILED, report={"sentence": sentence})


def _mark(batch: ImportBatch, **values: Any) -> None:
    with transaction.atomic():
        if lock_batch(batch).state in OPEN_STATES:
            for name, value in values.items():
                setattr(batch, name, value)
            batch.save(update_fields=list(values))


def office_of(user: User | None, unit: Unit | None = None) -> Unit | None:
    """The office whose decisions about lists hold for a user: `unit`, else the own one; None is the whole province."""
    scope = scope_of(user, Action.EDIT)
    if unit is not None or scope.is_whole_province:
        return unit
    return Unit.objects.filter(pk__in=scope.roots[:1]).first()


def _taught_office(user: User | None, unit: Unit | None) -> Unit | None:
    """The office that remembers a decision. Raises PermissionDenied for who keeps no records there."""
    office = office_of(user, unit)
    units = Unit.objects.visible_to(user, Action.EDIT)
    may_teach = scope_of(user, Action.EDIT).is_whole_province if office is None else units.filter(pk=office.pk).exists()
    if not may_teach:
        raise PermissionDenied("Không có quyền quyết định về danh sách của đơn vị này.")
    return office


def remember_columns(
    *, unit: Unit | None, columns: Mapping[str, tuple[str, str | None]], acting_user: User | None
) -> None:
    """Remember for an office what its headers mean: header key to (header, column key or None)."""
    unit = _taught_office(acting_user, unit)
    for key, (header, column) in columns.items():
        ColumnMapping.objects.update_or_create(
            unit=unit, header_key=key[:250], defaults={"header": header[:250], "field": column or ""}
        )


def remember_values(
    *, unit: Unit | None, values: Mapping[str, Mapping[str, str | None]], acting_user: User | None
) -> None:
    """Remember for an office what its values mean: list name, text, code (None: keep the text)."""
    unit = _taught_office(acting_user, unit)
    for list_name, texts in values.items():
        for text, code in texts.items():
            ValueMapping.objects.update_or_create(
                unit=unit,
                list_name=list_name,
                text_key=fold(text)[:250],
                defaults={"text": text[:250], "code": code or ""},
            )


def answer_missing(
    *, batch: ImportBatch, cadre: Cadre, answer: str, day: datetime.date, acting_user: User
) -> ImportBatch:
    """Record what became of a person whom the roster does not list; «left» and «retired» end the work from `day`.

    Nobody is ended by absence: only this answer does it, through the record's own verb. Raises Cadre.DoesNotExist, or
    ServiceRefusal when the question was answered before.
    """
    person = Cadre.objects.visible_to(acting_user, Action.EDIT).get(pk=cadre.pk)
    reason = f"{MISSING_ANSWERS[answer]}: không có trong danh sách {batch.file_name}"
    with writing(acting_user=acting_user, reason=reason, subject=person, cause=batch):
        batch = ImportBatch.objects.visible_to(acting_user).select_for_update(of=("self",)).get(pk=batch.pk)
        if str(person.pk) in batch.options.get("missing", {}):
            raise ServiceRefusal("Đã trả lời về người này.")
        if answer in _ENDING:
            if day > timezone.localdate():
                raise ServiceRefusal("Ngày thôi việc, nghỉ hưu không được sau hôm nay.")
            held = Employment.objects.filter(cadre=person).in_force(day).first()
            if held is None:
                raise ServiceRefusal(f"Ngày {day:%d/%m/%Y} người này chưa công tác; hãy ghi đúng ngày thôi việc.")
            succeed_row(
                cadre=person,
                model=Employment,
                values={"category": held.category, "state": _ENDING[answer]},
                effective_from=day,
                acting_user=acting_user,
                reason=reason,
            )
        answers = {**batch.options.get("missing", {}), str(person.pk): answer}
        return set_options(batch=batch, acting_user=acting_user, missing=answers)


def teach_column(*, key: str, header: str, column: str, acting_user: User | None) -> ColumnMapping:
    """Teach every office of the province what a header means (cách viết tiêu đề); the act is logged."""
    if scope_of(acting_user, Action.EDIT).is_whole_province or has_role(acting_user, Role.ADMINISTRATOR):
        defaults = {"header": header[:250], "field": column}
        row, _ = ColumnMapping.objects.update_or_create(unit=None, header_key=key[:250], defaults=defaults)
        log(AuditEvent.Action.WRITE, user=acting_user, subject=row, reason=f"Khai tiêu đề cột «{header}»")
        return row
    raise PermissionDenied


def forget_column(*, mapping_id: int, acting_user: User | None) -> None:
    """Take back what every office was taught of a header; the act is logged."""
    if not (scope_of(acting_user, Action.EDIT).is_whole_province or has_role(acting_user, Role.ADMINISTRATOR)):
        raise PermissionDenied
    row = ColumnMapping.objects.get(pk=mapping_id, unit=None)
    log(AuditEvent.Action.WRITE, user=acting_user, subject=row, reason=f"Bỏ tiêu đề cột «{row.header}»")
    row.delete()
