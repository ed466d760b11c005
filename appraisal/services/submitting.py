"""Submitting a unit's ratings, returning, approving, publishing; what is approved is frozen with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from appraisal.choices import OPEN_SUBMISSIONS, SubmissionState
from appraisal.models import Rating, RatingCycle, UnitRating, UnitSubmission
from appraisal.services.locking import hold_alone, hold_heads
from appraisal.statistics.checking import UnitCheck, check_unit
from appraisal.statistics.groups import GroupCheck, heads_after_approval, heads_in_excess
from appraisal.statistics.rated import Agencies
from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, Unit
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked

#: So many heads are named in a refusal.
NAMED_HEADS: Final = 10


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
        row.state, row.comment, row.submitter = SubmissionState.SUBMITTED, "", acting_user
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
    """Approve: what stands is frozen with its hash. Raises ServiceRefusal with what stands against it."""
    with writing(acting_user=acting_user, reason=f"Duyệt xếp loại {cycle.name}", subject=unit, cause=decision):
        row = _to_approve(cycle, unit, acting_user)
        agencies = Agencies(cycle.ends_on)
        hold_heads(cycle, agencies.over_head(unit.pk))
        check = check_unit(cycle, unit.pk, agencies=agencies)
        if obstacles := approval_obstacles(cycle, unit, row, check, agencies, acting_user=acting_user):
            raise ServiceRefusal(" ".join(obstacles))
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


def approval_obstacles(
    cycle: RatingCycle,
    unit: Unit,
    row: UnitSubmission,
    check: UnitCheck,
    agencies: Agencies,
    *,
    acting_user: User | None,
) -> list[str]:
    """Why this user may not approve the unit now, in sentences; empty when he may.

    Nobody approves his own rating, what he submitted himself, or people whom the level above manages; and the heads
    approved already may not exceed their cap with this one.
    """
    found = list(_not_by_this_user(cycle, unit, row, acting_user))
    found += check.blocking
    found += _heads_too_many(cycle, unit, agencies, acting_user)
    return found


def _not_by_this_user(cycle: RatingCycle, unit: Unit, row: UnitSubmission, acting_user: User | None) -> Iterator[str]:
    people = Rating.objects.filter(cycle=cycle, unit=unit).values("cadre_id")
    if acting_user is not None and row.submitter_id == acting_user.pk:
        yield "Bạn là người trình kết quả của đơn vị này: cần người khác duyệt."
    if acting_user is not None and Cadre.objects.filter(pk__in=people, account_id=acting_user.pk).exists():
        yield "Không ai duyệt kết quả xếp loại của chính mình: cần người khác duyệt đơn vị này."
    open_to = Cadre.objects.filter(pk__in=people).manageable_by(acting_user, Action.APPROVE, cycle.ends_on)
    if above := Cadre.objects.filter(pk__in=people).exclude(pk__in=open_to.values("pk")).count():
        yield f"Có {above} người thuộc diện cấp trên duyệt: cần lãnh đạo cấp trên duyệt đơn vị này."


def _heads_too_many(cycle: RatingCycle, unit: Unit, agencies: Agencies, acting_user: User | None) -> Iterator[str]:
    """Groups of heads that would exceed their cap with the «xuất sắc» of this unit's head."""
    own = set(
        Rating.objects.filter(cycle=cycle, unit=unit, is_head=True, level="excellent").values_list(
            "cadre_id", flat=True
        )
    )
    groups = heads_in_excess(heads_after_approval(cycle, agencies, unit.pk)) if own else []
    for group in groups:
        if own & set(group.best):
            yield excess_of_heads(group, agencies, acting_user)


def excess_of_heads(group: GroupCheck, agencies: Agencies, user: User | None) -> str:
    """Which group of heads has how many too many, and who they are; of what the reader may not see no figure."""
    over = group.key[1]
    place = agencies.names.get(over, "")
    if not Unit.objects.visible_to(user).filter(pk=over).exists():
        return "Người đứng đầu đơn vị này làm nhóm người đứng đầu các đơn vị vượt tỷ lệ xuất sắc: cần cấp trên duyệt."
    people = Cadre.objects.filter(pk__in=group.best).visible_to(user).order_by("sort_key", "pk")
    names = ", ".join(people.values_list("full_name", flat=True)[:NAMED_HEADS])
    more = len(group.best) - NAMED_HEADS
    rest = f" và {more} người khác" if more > 0 else ""
    who = f" Đang được xếp loại xuất sắc: {names}{rest}." if names else ""
    return f"Nhóm {group.label} thuộc {place}: {group.excess_text}, tính cả các đơn vị đã duyệt.{who}"


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
_KEPT: Final = ("level", "party_level", "exclusion", "note", "grounds")


def hash_of(content: dict[str, Any]) -> str:
    """The SHA-256 of frozen content, by which a later reader sees that nothing was touched."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def strays(row: UnitSubmission) -> list[str]:
    """Whose results in the record differ from what was approved, by name; «Xếp loại của đơn vị» for the unit's own.

    Corrections by decision freeze anew, so whatever differs was changed past the software.
    """
    content = row.content or {"people": []}
    now = frozen_content(row.cycle, row.unit)
    found = [] if all(now[name] == content.get(name, now[name]) for name in _OF_UNIT) else ["Xếp loại của đơn vị"]
    live = {one["cadre"]: one for one in now["people"]}
    kept = {one["cadre"]: one for one in content["people"]}
    for cadre_id, one in kept.items():
        held = live.pop(cadre_id, None)
        if held is None or any(held[name] != one[name] for name in ("score", *_KEPT) if name in one):
            found.append(one["name"])
    return found + [one["name"] for one in live.values()]


#: What an approval keeps of the unit itself.
_OF_UNIT: Final = ("unit_level", "unit_score")


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
