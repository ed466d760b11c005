"""Attendance, results and the end of a class: what was passed becomes a qualification of the record, and goes with it.

Finishing writes all qualifications in one transaction; correcting a result, or taking the end back, corrects them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max

from hrdb.kernel.dates import add_months
from hrdb.kernel.history import history_model, version_of
from hrdb.kernel.models import User
from personnel.models import Cadre, Qualification
from personnel.policies import Action
from personnel.services.bulk import update_many
from personnel.services.changes import ChangesRefused, RowChanges, lock_people, write_changes
from personnel.services.errors import ServiceRefusal, StaleVersion
from training.choices import ATTENDING, ClassState, MemberState, Presence
from training.models import ClassMember, TrainingClass
from training.models.scope import trained_by
from training.services.acting import require_arranger, training_event
from training.services.classes import NOT_WHOLE, locked_class, require_manager
from training.services.nominations import locked_member

#: What a result may be while the class runs: not yet, passed, failed.
RESULTS: Final = (MemberState.CHOSEN, MemberState.PASSED, MemberState.FAILED)
NOT_RUNNING = "Chỉ ghi điểm danh và kết quả khi lớp đang học."


def record_attendance(
    *, training_class: TrainingClass, marks: Mapping[tuple[int, int], str], acting_user: User | None
) -> int:
    """Note who came: by (member, session) a `Presence`, or empty for not noted; how many members changed."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Điểm danh", subject=training_class):
        current = _running(training_class)
        sessions = set(current.sessions.values_list("pk", flat=True))
        changed = []
        for row in _attending(current, {member for member, _ in marks}, acting_user):
            kept = dict(row.attendance)
            for (member, session), mark in marks.items():
                if member != row.pk or session not in sessions:
                    continue
                if mark:
                    kept[str(session)] = str(Presence(mark))
                else:
                    kept.pop(str(session), None)
            if kept != row.attendance:
                row.attendance = kept
                row.attended = sum(mark == Presence.PRESENT for mark in kept.values()) if kept else None
                changed.append(row)
        update_many(ClassMember, changed, ["attendance", "attended"])
        return len(changed)


def record_results(
    *,
    training_class: TrainingClass,
    results: Mapping[int, Mapping[str, Any]],
    acting_user: User | None,
    versions: Mapping[int, int] | None = None,
) -> int:
    """Note results while the class runs: by member `state`, `score`, `grade`; how many changed.

    `versions` are those that the page showed; a row that somebody else changed meanwhile is StaleVersion.
    """
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Ghi kết quả học tập", subject=training_class):
        current = _running(training_class)
        rows, changed = _attending(current, set(results), acting_user), []
        stand = versions_of(rows) if versions else {}
        for row in rows:
            given = results[row.pk]
            new = {name: given.get(name, getattr(row, name)) for name in ("state", "score", "grade")}
            if all(getattr(row, name) == value for name, value in new.items()):
                continue
            if versions and versions.get(row.pk, stand.get(row.pk)) != stand.get(row.pk):
                raise StaleVersion(row)
            _check_result(new)
            for name, value in new.items():
                setattr(row, name, value)
            changed.append(row)
        update_many(ClassMember, changed, ["state", "score", "grade"])
        return len(changed)


def finish_class(*, training_class: TrainingClass, day: date, acting_user: User | None) -> TrainingClass:
    """End a class: everybody has a result, and who passed gets the qualification that the programme gives."""
    require_manager(acting_user, training_class)
    told = f"Kết thúc lớp {training_class.name}, ghi kết quả vào hồ sơ"
    with training_event(acting_user=acting_user, reason=told, subject=training_class):
        current = _running(training_class)
        if current.ends_on is None or current.ends_on > day:
            raise ServiceRefusal("Lớp chưa đến ngày kết thúc: hãy sửa ngày kết thúc nếu lớp xong sớm.")
        rows = whole_class(current, acting_user)
        if waiting := sum(row.state == MemberState.CHOSEN for row in rows):
            raise ServiceRefusal(f"Còn {waiting} học viên chưa có kết quả.")
        _write_qualifications([row for row in rows if row.state == MemberState.PASSED], current)
        current.state = ClassState.FINISHED
        update_many(TrainingClass, [current], ["state"])
        return current


def reopen_class(*, training_class: TrainingClass, reason: str, acting_user: User | None) -> TrainingClass:
    """Take the end of a class back, with the reason: what it wrote into records goes, results may be changed again."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do mở lại lớp."}, code="required")
    require_manager(acting_user, training_class)
    told = f"Mở lại lớp {training_class.name}: {reason.strip()}"
    with training_event(acting_user=acting_user, reason=told, subject=training_class):
        current = locked_class(training_class)
        if current.state != ClassState.FINISHED:
            raise ServiceRefusal("Chỉ mở lại được lớp đã kết thúc.")
        rows = whole_class(current, acting_user)
        if any(row.certificate_number for row in rows):
            raise ServiceRefusal("Lớp đã cấp chứng chỉ: hãy sửa kết quả từng người, hoặc thu hồi chứng chỉ trước.")
        _take_qualifications([row for row in rows if row.qualification_id is not None])
        current.state = ClassState.RUNNING
        update_many(TrainingClass, [current], ["state"])
        return current


def correct_result(
    *, member: ClassMember, values: Mapping[str, Any], reason: str, version: int | None, acting_user: User | None
) -> ClassMember:
    """Correct a result of a finished class: the record follows. Who no longer passed loses certificate and row."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do sửa kết quả."}, code="required")
    require_arranger(acting_user)
    told = f"Sửa kết quả lớp {member.training_class.name}: {reason.strip()}"
    with training_event(acting_user=acting_user, reason=told, subject=member.cadre):
        training_class = locked_class(member.training_class)
        if training_class.state != ClassState.FINISHED:
            raise ServiceRefusal("Lớp chưa kết thúc: hãy sửa ở bảng kết quả.")
        current = locked_member(member, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        if current.state not in ATTENDING:
            raise ServiceRefusal("Người này không phải học viên của lớp.")
        refuse_elsewhere([current], acting_user)
        new = {name: values.get(name, getattr(current, name)) for name in ("state", "score", "grade")}
        if new["state"] == MemberState.CHOSEN:
            raise ValidationError({"state": "Hãy chọn đạt hoặc không đạt."}, code="required")
        _check_result(new)
        had_passed = current.state == MemberState.PASSED
        for name, value in new.items():
            setattr(current, name, value)
        if had_passed and current.state != MemberState.PASSED:
            current.certificate_number, current.certified_on = "", None
        update_many(ClassMember, [current], ["state", "score", "grade", "certificate_number", "certified_on"])
        if current.state != MemberState.PASSED and current.qualification_id is not None:
            _take_qualifications([current])
        elif current.state == MemberState.PASSED and current.qualification_id is None:
            _write_qualifications([current], training_class)
        elif current.qualification is not None:
            _edit_qualifications([current], {"score": score_text(current)})
        return current


def note_follow_up(*, member: ClassMember, text: str, version: int | None, acting_user: User | None) -> ClassMember:
    """Note what became of somebody after the class."""
    with training_event(acting_user=acting_user, reason="Ghi theo dõi sau đào tạo", subject=member.cadre):
        current = locked_member(member, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        if current.state not in ATTENDING:
            raise ServiceRefusal("Người này không phải học viên của lớp.")
        current.followed_up = text.strip()
        update_many(ClassMember, [current], ["followed_up"])
        return current


def versions_of(rows: Iterable[ClassMember]) -> dict[int, int]:
    """The versions of many members at once, as `version_of` tells one."""
    history: Any = history_model(ClassMember)._default_manager.filter(id__in=[row.pk for row in rows])
    return dict(history.order_by().values_list("id").annotate(newest=Max("history_id")))


def score_text(member: ClassMember) -> str:
    """The score as the record writes it, with the grade."""
    score = "" if member.score is None else f"{Decimal(member.score).normalize():f}".replace(".", ",")
    return " · ".join(filter(None, [score, member.grade]))[:40]


def basis_of(training_class: TrainingClass) -> str:
    """By what a qualification of the record is known to come from the class."""
    return f"Lớp {training_class.code}: {training_class.name}"[:250]


def write_certificates(rows: Sequence[ClassMember]) -> None:
    """Carry numbers and days of certificates into the qualifications that the class wrote, inside an open event."""
    changes = []
    for place, row in enumerate(rows):
        held = row.qualification
        if held is None or held.basis != basis_of(row.training_class):
            continue
        since = row.certified_on or row.training_class.ends_on
        change = RowChanges(place)
        change.edit(
            held,
            certificate_number=row.certificate_number,
            issued_on=row.certified_on,
            effective_from=since,
            effective_until=_valid_until(since, row.training_class),
        )
        changes.append(change)
    _write(changes, rows)


def _check_result(values: Mapping[str, Any]) -> None:
    if values["state"] not in RESULTS:
        raise ValidationError({"state": "Kết quả là đạt hoặc không đạt."}, code="bad-value")
    score = values["score"]
    if score is not None and not 0 <= score <= 100:
        raise ValidationError({"score": "Điểm từ 0 đến 100."}, code="bad-value")


def _running(training_class: TrainingClass) -> TrainingClass:
    current = locked_class(training_class)
    if current.state != ClassState.RUNNING:
        raise ServiceRefusal(NOT_RUNNING)
    return current


def _attending(training_class: TrainingClass, ids: Iterable[int], user: User | None) -> list[ClassMember]:
    """Rows of those who attend and whom the user trains, locked; who is none of them is refused."""
    wanted = set(ids)
    rows = training_class.members.attending().filter(pk__in=wanted, cadre__in=trained_by(user).order_by().values("pk"))
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(wanted):
        raise PermissionDenied("Có người không phải học viên của lớp trong phạm vi được giao.")
    return found


def whole_class(training_class: TrainingClass, user: User | None) -> list[ClassMember]:
    """Everybody who attends, with record and row locked; refused where the user may not write one of the records."""
    rows = training_class.members.attending().select_related("cadre", "qualification").order_by("cadre_id")
    lock_people(list(rows.values_list("cadre_id", flat=True)))
    found = list(rows.select_for_update(of=("self",)))
    for row in found:
        row.training_class = training_class
    refuse_elsewhere(found, user)
    return found


def refuse_elsewhere(rows: Sequence[ClassMember], user: User | None) -> None:
    ids = {row.cadre_id for row in rows}
    if Cadre.objects.visible_to(user, Action.EDIT).filter(pk__in=ids).count() != len(ids):
        raise PermissionDenied(NOT_WHOLE)


def _write_qualifications(rows: Sequence[ClassMember], training_class: TrainingClass) -> None:
    """Give the record of each the qualification of the programme; one that the record has already is only named."""
    programme = training_class.programme
    if not programme.gives or training_class.ends_on is None:
        return
    if programme.level is not None and not programme.level.is_open_on(training_class.ends_on):
        raise ServiceRefusal(
            f"Trình độ «{programme.level}» của chương trình không còn dùng: hãy sửa chương trình trước."
        )
    same = {"kind": programme.gives, "level_id": programme.level_id, "language_id": programme.language_id}
    there = {
        row.cadre_id: row
        for row in Qualification.objects.filter(
            cadre_id__in=[row.cadre_id for row in rows], studied_until=training_class.ends_on, **same
        )
    }
    changes = []
    for place, row in enumerate(rows):
        held = there.get(row.cadre_id)
        if held is None:
            held = Qualification(cadre_id=row.cadre_id, **same, **_facts(row, training_class))
            changes.append(RowChanges(place, inserts=[held], of=row.cadre))
        row.qualification = held
    _write(changes, rows)
    for row in rows:
        row.qualification_id = row.qualification.pk if row.qualification is not None else None
    update_many(ClassMember, rows, ["qualification"])


def _facts(row: ClassMember, training_class: TrainingClass) -> dict[str, Any]:
    programme, since = training_class.programme, row.certified_on or training_class.ends_on
    return {
        "level_text": "" if programme.level_id else programme.name[:250],
        "school": (training_class.host or programme.host)[:250],
        "studied_from": training_class.begins_on,
        "studied_until": training_class.ends_on,
        "certificate": (programme.certificate or programme.name)[:250],
        "certificate_number": row.certificate_number,
        "issued_on": row.certified_on,
        "score": score_text(row),
        "effective_from": since,
        "effective_until": _valid_until(since, training_class),
        "decision_id": training_class.decision_id,
        "basis": basis_of(training_class),
    }


def _valid_until(since: date | None, training_class: TrainingClass) -> date | None:
    months = training_class.programme.valid_months
    return add_months(since, months) if since is not None and months else None


def _edit_qualifications(rows: Sequence[ClassMember], values: Mapping[str, Any]) -> None:
    changes = []
    for place, row in enumerate(rows):
        if row.qualification is not None and row.qualification.basis == basis_of(row.training_class):
            change = RowChanges(place)
            change.edit(row.qualification, **values)
            changes.append(change)
    _write(changes, rows)


def _take_qualifications(rows: Sequence[ClassMember]) -> None:
    """Take away what the class wrote into records; a row that stood there before it stays, and is only let go."""
    changes = []
    for place, row in enumerate(rows):
        held, row.qualification = row.qualification, None
        if held is not None and held.basis == basis_of(row.training_class):
            change = RowChanges(place)
            change.remove(held)
            changes.append(change)
    update_many(ClassMember, rows, ["qualification"])
    _write(changes, rows)


def _write(changes: Sequence[RowChanges], rows: Sequence[ClassMember]) -> None:
    """Write; what a record refuses is told with the name."""
    try:
        write_changes(changes)
    except ChangesRefused as refused:
        told = "; ".join(f"{rows[place].cadre.full_name}: {message}" for place, message in refused.faults[:5])
        raise ServiceRefusal(f"Không ghi được vào hồ sơ. {told}") from refused
