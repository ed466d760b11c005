"""Certificates of a class (chứng chỉ): numbered in order, in a register, carried into the record."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.services.bulk import update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from training.choices import ClassState, MemberState
from training.models import ClassMember, TrainingClass
from training.services.acting import require_arranger, training_event
from training.services.classes import locked_class, require_manager
from training.services.nominations import locked_member
from training.services.results import refuse_elsewhere, whole_class, write_certificates

#: What stands for the running number in a pattern.
MARK: Final = "#"
LONGEST: Final = 60


def issue_certificates(
    *, training_class: TrainingClass, pattern: str, first: int, day: date, acting_user: User | None
) -> list[ClassMember]:
    """Number the certificates of who passed and has none yet, in the order of names; `#` in the pattern is the number.

    A number that the register has already, of another class of the same host or year, is refused.
    """
    if MARK not in pattern:
        raise ValidationError({"pattern": f"Mẫu số phải có dấu {MARK} ở chỗ số thứ tự."}, code="no-mark")
    require_manager(acting_user, training_class)
    told = f"Cấp chứng chỉ lớp {training_class.name}"
    with training_event(acting_user=acting_user, reason=told, subject=training_class):
        current = locked_class(training_class)
        if current.state != ClassState.FINISHED:
            raise ServiceRefusal("Chỉ cấp chứng chỉ khi lớp đã kết thúc.")
        if current.ends_on is not None and day < current.ends_on:
            raise ValidationError({"day": "Ngày cấp phải từ ngày kết thúc lớp."}, code="impossible-order")
        passed = [row for row in whole_class(current, acting_user) if row.state == MemberState.PASSED]
        lacking = sorted((row for row in passed if not row.certificate_number), key=lambda row: row.cadre.sort_key)
        if not lacking:
            raise ServiceRefusal("Không còn học viên đạt nào chưa có chứng chỉ.")
        for number, row in enumerate(lacking, first):
            row.certificate_number, row.certified_on = number_of(pattern, number), day
        _refuse_repeated(lacking, day)
        update_many(ClassMember, lacking, ["certificate_number", "certified_on"])
        write_certificates(lacking)
        return lacking


def change_certificate(
    *,
    member: ClassMember,
    number: str,
    day: date | None,
    reason: str,
    version: int | None,
    acting_user: User | None,
) -> ClassMember:
    """Correct the number and day of a certificate, or take it back (empty number), with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    if bool(number) != (day is not None):
        raise ValidationError({"number": "Chứng chỉ cần cả số và ngày cấp; để trống cả hai là thu hồi."}, code="half")
    require_arranger(acting_user)
    told = f"{'Sửa' if number else 'Thu hồi'} chứng chỉ: {reason.strip()}"
    with training_event(acting_user=acting_user, reason=told, subject=member.cadre):
        locked_class(member.training_class)
        current = locked_member(member, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        if current.state != MemberState.PASSED or current.training_class.state != ClassState.FINISHED:
            raise ServiceRefusal("Chỉ học viên đạt của lớp đã kết thúc có chứng chỉ.")
        refuse_elsewhere([current], acting_user)
        current.certificate_number, current.certified_on = number.strip(), day
        if day is not None:
            _refuse_repeated([current], day)
        update_many(ClassMember, [current], ["certificate_number", "certified_on"])
        write_certificates([current])
        return current


def number_of(pattern: str, number: int) -> str:
    """A certificate's number: three digits at least in place of the mark."""
    return pattern.strip().replace(MARK, f"{number:03d}")


def suggested_pattern(training_class: TrainingClass) -> str:
    """A pattern that no other class has: its code is the class's own."""
    return f"{MARK}/{training_class.code}"[:LONGEST]


def _refuse_repeated(rows: list[ClassMember], day: date) -> None:
    """The register has a number once: in the year of issue, and of certificates of one host in any year."""
    numbers = {row.certificate_number for row in rows}
    host = rows[0].training_class.host
    same = Q(certified_on__year=day.year)
    if host:
        same |= Q(training_class__host=host)
    taken = (
        ClassMember.objects.filter(same, certificate_number__in=numbers)
        .exclude(pk__in=[row.pk for row in rows])
        .values_list("certificate_number", flat=True)
    )
    if found := sorted(taken)[:5]:
        raise ValidationError({"pattern": f"Sổ chứng chỉ đã có số {', '.join(found)}."}, code="taken")
    if any(len(number) > LONGEST for number in numbers):
        raise ValidationError({"pattern": f"Số chứng chỉ dài quá {LONGEST} ký tự."}, code="long")
