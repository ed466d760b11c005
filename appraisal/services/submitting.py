"""Submitting a unit's ratings, returning, approving, publishing; what is approved is frozen with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from appraisal.choices import OPEN_SUBMISSIONS, SubmissionState
from appraisal.models import Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.services.locking import hold_alone
from appraisal.statistics.checking import check_unit
from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, Unit
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked


def submission_of(cycle: RatingCycle, unit: Unit) -> UnitSubmission:
    """The unit's submission in a cycle; an unsaved draft before the first."""
    found: UnitSubmission | None = UnitSubmission.objects.filter(cycle=cycle, unit=unit).first()
    return found or UnitSubmission(cycle=cycle, unit=unit)


def submit_unit(*, cycle: RatingCycle, unit: Unit, acting_user: User | None) -> UnitSubmission:
    """Submit for approval (trình duyệt). Raises ServiceRefusal with what stands against it."""
    with writing(acting_user=acting_user, reason=f"Trình xếp loại {cycle.name}", subject=unit):
        Unit.objects.visible_to(acting_user, Action.APPRAISE).get(pk=unit.pk)
        row = _locked(cycle, unit)
        if row.state not in OPEN_SUBMISSIONS:
            raise ServiceRefusal("Kết quả của đơn vị đã trình rồi.")
        if not RatingCycle.objects.get(pk=cycle.pk).is_open:
            raise ServiceRefusal(f"Kỳ {cycle.name} đã khóa.")
        check = check_unit(cycle, unit.pk)
        if not check.rated:
            raise ServiceRefusal("Đơn vị không có ai phải xếp loại trong kỳ này.")
        if check.blocking:
            raise ServiceRefusal(" ".join(check.blocking))
        row.state, row.comment = SubmissionState.SUBMITTED, ""
        save_checked(row)
        return row


def return_unit(*, cycle: RatingCycle, unit: Unit, comment: str, acting_user: User | None) -> UnitSubmission:
    """Return with comments (trả lại)."""
    if not comment.strip():
        raise ValidationError({"comment": "Hãy ghi ý kiến trả lại."}, code="required")
    with writing(acting_user=acting_user, reason=comment, subject=unit):
        row = _to_approve(cycle, unit, acting_user)
        row.state, row.comment = SubmissionState.RETURNED, comment.strip()
        save_checked(row)
        return row


def approve_unit(
    *, cycle: RatingCycle, unit: Unit, day: date, decision: Decision | None = None, acting_user: User | None
) -> UnitSubmission:
    """Approve: what stands is frozen with its hash. Nobody approves his own rating, or that of whom the level above
    manages: then the leader above approves the unit."""
    with writing(acting_user=acting_user, reason=f"Duyệt xếp loại {cycle.name}", subject=unit, cause=decision):
        row = _to_approve(cycle, unit, acting_user)
        people = Rating.objects.filter(cycle=cycle, unit=unit).values("cadre_id")
        if acting_user is not None and Cadre.objects.filter(pk__in=people, account_id=acting_user.pk).exists():
            raise ServiceRefusal("Không ai duyệt kết quả xếp loại của chính mình: cần người khác duyệt đơn vị này.")
        open_to = Cadre.objects.filter(pk__in=people).manageable_by(acting_user, Action.APPROVE, cycle.ends_on)
        if above := Cadre.objects.filter(pk__in=people).exclude(pk__in=open_to.values("pk")).count():
            raise ServiceRefusal(f"Có {above} người thuộc diện cấp trên duyệt: cần lãnh đạo cấp trên duyệt đơn vị này.")
        check = check_unit(cycle, unit.pk)
        if check.blocking:
            raise ServiceRefusal(" ".join(check.blocking))
        row.content = frozen_content(cycle, unit)
        row.sha256 = hash_of(row.content)
        row.state, row.approver, row.approved_on, row.decision = (
            SubmissionState.APPROVED,
            acting_user,
            day,
            decision,
        )
        save_checked(row)
        return row


def publish_unit(*, cycle: RatingCycle, unit: Unit, acting_user: User | None) -> UnitSubmission:
    """Publish what was approved (công khai trong đơn vị)."""
    with writing(acting_user=acting_user, reason=f"Công khai xếp loại {cycle.name}", subject=unit):
        Unit.objects.visible_to(acting_user, Action.APPRAISE).get(pk=unit.pk)
        row = _locked(cycle, unit)
        if row.state != SubmissionState.APPROVED:
            raise ServiceRefusal("Chỉ công khai được kết quả đã duyệt.")
        row.state = SubmissionState.PUBLISHED
        save_checked(row)
        return row


def frozen_content(cycle: RatingCycle, unit: Unit) -> dict[str, Any]:
    """What is approved, as it stands: the unit's rating and each person's, in the order of names."""
    return frozen_contents(cycle, {unit.pk: unit.code})[unit.pk]


def frozen_contents(cycle: RatingCycle, units: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """The same of many units, given by key and code: two queries at any number."""
    contents: dict[int, dict[str, Any]] = {
        pk: {"cycle": cycle.code, "unit": code, "unit_level": "", "unit_score": "", "people": []}
        for pk, code in units.items()
    }
    for unit_id, level, score in UnitRating.objects.filter(cycle=cycle, unit_id__any=list(units)).values_list(
        "unit_id", "level", "score"
    ):
        contents[unit_id] |= {"unit_level": level, "unit_score": _text(score)}
    rows = Rating.objects.filter(cycle=cycle, unit_id__any=list(units)).order_by("cadre__sort_key", "cadre_id")
    for unit_id, cadre, number, name, score, *others in rows.values_list(
        "unit_id", "cadre_id", "cadre__personal_number", "cadre__full_name", "score", *_KEPT
    ):
        held = dict(zip(_KEPT, others, strict=True))
        person = {"cadre": cadre, "personal_number": number or "", "name": name, "score": _text(score), **held}
        contents[unit_id]["people"].append(person)
    return contents


#: Further fields of a person that an approval keeps.
_KEPT: Final = ("level", "party_level", "exclusion", "note")


def hash_of(content: dict[str, Any]) -> str:
    """The SHA-256 of frozen content, by which a later reader sees that nothing was touched."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_intact(row: UnitSubmission) -> bool:
    """Whether the frozen content still has its hash."""
    return row.content is not None and hash_of(row.content) == row.sha256


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _locked(cycle: RatingCycle, unit: Unit) -> UnitSubmission:
    hold_alone(cycle, unit.pk)
    found = UnitSubmission.objects.select_for_update(of=("self",)).filter(cycle=cycle, unit=unit).first()
    return found or UnitSubmission(cycle=cycle, unit=unit)


def _to_approve(cycle: RatingCycle, unit: Unit, acting_user: User | None) -> UnitSubmission:
    """The submitted row, locked, if the user approves there."""
    Unit.objects.visible_to(acting_user, Action.APPROVE).get(pk=unit.pk)
    row = _locked(cycle, unit)
    if row.state != SubmissionState.SUBMITTED:
        raise ServiceRefusal("Đơn vị chưa trình kết quả xếp loại.")
    return row
