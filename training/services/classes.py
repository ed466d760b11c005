"""Classes (lớp học): opened, changed, moved on step by step, cancelled; their sessions and documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.services.decisions.scans import WaitingScan, filed
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from training.choices import OPEN_CLASSES, SETTLED_CLASSES, ClassState, MemberState, PlanState
from training.models import ClassDocument, ClassMember, ClassSession, PlannedClass, TrainingClass
from training.models.scope import may_arrange
from training.services.acting import require_arranger, training_event

#: Which state follows which, and what the step is called; choosing stands in `choosing`, finishing in `results`.
STEPS: Mapping[tuple[str, str], str] = {
    (ClassState.PLANNED, ClassState.NOMINATING): "Mở cử người",
    (ClassState.NOMINATING, ClassState.PLANNED): "Đóng cử người",
    (ClassState.CHOSEN, ClassState.RUNNING): "Khai giảng",
    (ClassState.RUNNING, ClassState.CHOSEN): "Lùi khai giảng",
}
NOT_WHOLE = "Lớp có học viên do cấp khác quản lý hồ sơ: cấp quản lý tất cả học viên làm bước này."


def manages_class(user: User | None, training_class: TrainingClass) -> bool:
    """Whether the user arranges the class as a whole: an officer of the province in whose scope all its members are."""
    if not may_arrange(user):
        return False
    members = training_class.members.all()
    mine = ClassMember.objects.visible_to(user).filter(training_class=training_class)
    return not members.exclude(pk__in=mine.values("pk")).exists()


def require_manager(user: User | None, training_class: TrainingClass) -> None:
    """Refuse who does not arrange the class as a whole."""
    require_arranger(user)
    if not manages_class(user, training_class):
        raise PermissionDenied(NOT_WHOLE)


def open_class(*, values: Mapping[str, Any], acting_user: User | None) -> TrainingClass:
    """Open a class, on its own or for a line of an approved plan."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Lập lớp {values.get('name', '')}"):
        made = TrainingClass(**values)
        _check(made)
        save_checked(made)
        return made


def change_class(
    *, training_class: TrainingClass, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> TrainingClass:
    """Change the head of a class that is not finished or cancelled."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Sửa lớp {training_class.name}", subject=training_class):
        current = locked_class(training_class)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        _refuse_closed(current)
        if current.state != ClassState.PLANNED and values.get("programme", current.programme) != current.programme:
            raise ValidationError({"programme": "Lớp đã mở cử người nên không đổi chương trình."}, code="begun")
        for name, value in values.items():
            setattr(current, name, value)
        _check(current)
        save_checked(current)
        return current


def drop_class(*, training_class: TrainingClass, acting_user: User | None) -> None:
    """Throw a foreseen class away that nobody was sent to."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason=f"Bỏ lớp {training_class.name}"):
        current = locked_class(training_class)
        if current.state != ClassState.PLANNED or current.members.exists():
            raise ServiceRefusal("Lớp đã mở cử người nên không bỏ được: hãy hủy lớp, ghi rõ lý do.")
        for row in (*current.sessions.all(), *current.documents.all()):
            row.delete()
        current.delete()


def move_class(*, training_class: TrainingClass, to: str, acting_user: User | None) -> TrainingClass:
    """The next step of a class, or one back."""
    require_manager(acting_user, training_class)
    told = STEPS.get((training_class.state, to), "")
    with training_event(acting_user=acting_user, reason=told, subject=training_class):
        current = locked_class(training_class)
        if (current.state, to) not in STEPS:
            raise ServiceRefusal("Lớp không ở bước này.")
        _refuse_unready(current, to)
        current.state = to
        save_checked(current)
        return current


def cancel_class(*, training_class: TrainingClass, reason: str, acting_user: User | None) -> TrainingClass:
    """Call a class off, with the reason; who was sent to it stays in its list."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do hủy lớp."}, code="required")
    require_manager(acting_user, training_class)
    with training_event(acting_user=acting_user, reason=f"Hủy lớp: {reason.strip()}", subject=training_class):
        current = locked_class(training_class)
        _refuse_closed(current)
        current.state = ClassState.CANCELLED
        save_checked(current)
        return current


def add_session(*, training_class: TrainingClass, values: Mapping[str, Any], acting_user: User | None) -> ClassSession:
    """Add a day of the class with its subject and trainer."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Thêm buổi học", subject=training_class):
        current = locked_class(training_class)
        _refuse_closed(current)
        made = ClassSession(training_class=current, **values)
        _check_session(made, current)
        save_checked(made)
        return made


def change_session(
    *, session: ClassSession, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> ClassSession:
    """Change a session."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Sửa buổi học", subject=session.training_class):
        training_class = locked_class(session.training_class)
        _refuse_closed(training_class)
        current: ClassSession = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            setattr(current, name, value)
        _check_session(current, training_class)
        save_checked(current)
        return current


def drop_session(*, session: ClassSession, acting_user: User | None) -> None:
    """Take a session out of which nobody's attendance was noted."""
    require_arranger(acting_user)
    with training_event(acting_user=acting_user, reason="Bỏ buổi học", subject=session.training_class):
        current = locked_class(session.training_class)
        _refuse_closed(current)
        if current.members.filter(attendance__has_key=str(session.pk)).exists():
            raise ServiceRefusal("Buổi học đã điểm danh nên không bỏ được: hãy xóa điểm danh của buổi trước.")
        session.delete()


def add_document(
    *, training_class: TrainingClass, title: str, scan: WaitingScan, acting_user: User | None
) -> ClassDocument:
    """Attach a checked PDF to a class."""
    require_arranger(acting_user)
    with (
        filed(scan, "training") as stored,
        training_event(acting_user=acting_user, reason=f"Gắn tài liệu {title}", subject=training_class),
    ):
        made = ClassDocument(training_class=locked_class(training_class), title=title, file=stored)
        save_checked(made)
        return made


def drop_document(*, document: ClassDocument, acting_user: User | None) -> None:
    """Take a document off a class; the file stays on disk, as the history names it."""
    require_arranger(acting_user)
    told = f"Bỏ tài liệu {document.title}"
    with training_event(acting_user=acting_user, reason=told, subject=document.training_class):
        ClassDocument.objects.select_for_update(of=("self",)).get(pk=document.pk).delete()


def locked_class(training_class: TrainingClass) -> TrainingClass:
    """The class as it stands, locked until the transaction ends."""
    locked: TrainingClass = TrainingClass.objects.select_for_update(of=("self",)).get(pk=training_class.pk)
    return locked


def _check(training_class: TrainingClass) -> None:
    """What the fields say of one another: the deadline before the beginning, the plan's line of the same programme."""
    begins, deadline = training_class.begins_on, training_class.nominate_by
    if begins is not None and deadline is not None and deadline > begins:
        raise ValidationError({"nominate_by": "Hạn cử người phải không sau ngày bắt đầu học."}, code="impossible-order")
    line: PlannedClass | None = training_class.planned
    if line is None:
        return
    if line.programme_id != training_class.programme_id:
        raise ValidationError({"planned": "Dòng kế hoạch thuộc chương trình khác."}, code="other-programme")
    if training_class.pk is None and line.plan.state != PlanState.APPROVED:
        raise ValidationError({"planned": "Kế hoạch chưa được phê duyệt nên chưa mở lớp được."}, code="not-approved")


def _check_session(session: ClassSession, training_class: TrainingClass) -> None:
    begins, ends = training_class.begins_on, training_class.ends_on
    if (begins is not None and session.day < begins) or (ends is not None and session.day > ends):
        raise ValidationError({"day": f"Ngày học phải trong thời gian của lớp{_span(begins, ends)}."}, code="outside")


def _span(begins: date | None, ends: date | None) -> str:
    since = f" từ {begins:%d/%m/%Y}" if begins else ""
    until = f" đến {ends:%d/%m/%Y}" if ends else ""
    return since + until


def _refuse_closed(training_class: TrainingClass) -> None:
    if training_class.state not in OPEN_CLASSES:
        raise ServiceRefusal("Lớp đã kết thúc hoặc đã hủy nên không sửa được.")


def _refuse_unready(training_class: TrainingClass, to: str) -> None:
    members = training_class.members.all()
    if to == ClassState.NOMINATING and training_class.state == ClassState.PLANNED and not training_class.nominate_by:
        raise ServiceRefusal("Hãy đặt hạn cử người trước khi mở.")
    if to == ClassState.PLANNED and members.exists():
        raise ServiceRefusal("Đã có người được cử nên không đóng lại được: hãy hủy lớp.")
    if to == ClassState.RUNNING and (training_class.begins_on is None or training_class.ends_on is None):
        raise ServiceRefusal("Hãy ghi ngày bắt đầu và ngày kết thúc trước khi khai giảng.")
    if to == ClassState.CHOSEN and training_class.state == ClassState.RUNNING:
        begun = members.exclude(attendance={}).exists() or members.filter(state=MemberState.PASSED).exists()
        if begun:
            raise ServiceRefusal("Lớp đã có điểm danh hoặc kết quả nên không lùi khai giảng được.")


def is_settled(training_class: TrainingClass) -> bool:
    """Whether the list of people stands."""
    return training_class.state in SETTLED_CLASSES
