"""Correcting an approved rating (đính chính), by a decision of its own kind and an approver; frozen anew with its hash.

The person who corrects is one who may approve there; the decision itself was signed by others in the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from appraisal.choices import FROZEN_SUBMISSIONS
from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.rules.levels import FITS_SCORE, FORCED, HEAD, PARTS, PARTY, SUM
from appraisal.services.acts import CORRECTION_KIND
from appraisal.services.entering import assign
from appraisal.services.faults import require_sound
from appraisal.services.locking import hold_alone, hold_heads
from appraisal.services.submitting import excess_of_heads, frozen_content, hash_of
from appraisal.statistics.checking import UnitCheck, check_unit
from appraisal.statistics.groups import heads_after_approval
from appraisal.statistics.rated import Agencies, members_of, rated_people
from hrdb.kernel.audit import writing
from hrdb.kernel.dates import format_date
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, Unit
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked

#: What a finding of the corrected rating stands for, in a sentence.
WRONG = {
    FITS_SCORE.key: "Mức xếp loại không đúng với điểm",
    PARTS.key: "Điểm từng phần vượt khung điểm",
    SUM.key: "Điểm không bằng tổng điểm hai phần",
    FORCED.key: "Thuộc trường hợp phải xếp loại không hoàn thành nhiệm vụ",
    HEAD.key: "Người đứng đầu được xếp loại cao hơn đơn vị",
    PARTY.key: "Mức xếp loại đảng viên chưa đúng (đảng viên phải có, người không phải đảng viên thì không)",
}

_TOLD = ("score", "level", "party_level", "exclusion", "note")


def correctable_people(cycle: RatingCycle, unit: Unit, *, acting_user: User | None) -> QuerySet[Any]:
    """Whose approved results of a unit this user may correct: whom he may approve, never himself."""
    if not Unit.objects.visible_to(acting_user, Action.APPROVE).filter(pk=unit.pk).exists():
        return Cadre.objects.none()
    rated = Rating.objects.filter(cycle=cycle, unit=unit).values("cadre_id")
    people = Cadre.objects.filter(pk__in=rated).manageable_by(acting_user, Action.APPROVE, cycle.ends_on)
    return people if acting_user is None else people.exclude(account_id=acting_user.pk)


def fitting_decisions(
    cycle: RatingCycle, unit: Unit, cadre: Cadre, submission: UnitSubmission, *, acting_user: User | None
) -> QuerySet[Any]:
    """Signed decisions on which a correction may rest: of the kind, about the person, since the approval, by an office
    of the unit that rates or above it."""
    offices = Agencies(cycle.ends_on).chain(unit.pk)
    seen = Decision.objects.visible_to(acting_user).filter(
        state=DecisionState.SIGNED, kind__code=CORRECTION_KIND, items__cadre=cadre, unit_id__in=offices
    )
    if submission.approved_on is not None:
        seen = seen.filter(signed_on__gte=submission.approved_on)
    return Decision.objects.filter(pk__in=seen.values("pk")).order_by("-signed_on", "-pk")


def correct_rating(
    *,
    rating: Rating,
    values: Mapping[str, Any],
    decision: Decision,
    version: int | None = None,
    acting_user: User | None,
    reason: str,
) -> Rating:
    """Correct a rating after its approval, by decision, and freeze the unit anew; what it was stays beside.

    Raises Cadre.DoesNotExist (who may not approve there, or himself), ServiceRefusal (not approved yet, the law stands
    against the result), StaleVersion, ValidationError (no reason, a decision that does not fit, a fault of entry).
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    cycle, unit, cadre = rating.cycle, rating.unit, rating.cadre
    with writing(acting_user=acting_user, reason=reason, subject=cadre, cause=decision):
        if not correctable_people(cycle, unit, acting_user=acting_user).filter(pk=cadre.pk).exists():
            raise Cadre.DoesNotExist
        submission = _frozen(cycle, unit)
        if problem := next(_unfit(decision, cycle, unit, cadre, submission, acting_user), ""):
            raise ValidationError({"decision": ValidationError(problem, code="decision")})
        row: Rating = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
        if version is not None and version_of(row) != version:
            raise StaleVersion(row)
        agencies = Agencies(cycle.ends_on)
        rated = rated_people(cycle.ends_on, agencies, cadres=[cadre.pk]).get(cadre.pk)
        if rated is None or rated.unit_id != unit.pk:
            raise ServiceRefusal("Theo hồ sơ hiện nay người này không do đơn vị xếp loại trong kỳ; hãy rà soát hồ sơ.")
        assign(row, rated, values, day=cycle.ends_on)
        is_member = cadre.pk in members_of([cadre.pk], cycle.ends_on)
        require_sound(row, day=cycle.ends_on, is_member=is_member)
        row.decision = decision
        save_checked(row)
        hold_heads(cycle, agencies.over_head(unit.pk))
        check = check_unit(cycle, unit.pk, agencies=agencies)
        if told := list(_against(check, row, cycle, unit, agencies, acting_user)):
            raise ServiceRefusal(" ".join(told))
        _freeze_anew(submission, row, decision, reason)
        return row


def _frozen(cycle: RatingCycle, unit: Unit) -> UnitSubmission:
    hold_alone(cycle, unit.pk)
    rows = UnitSubmission.objects.select_for_update(of=("self",))
    found: UnitSubmission | None = rows.filter(cycle=cycle, unit=unit, state__in=FROZEN_SUBMISSIONS).first()
    if found is None:
        raise ServiceRefusal("Kết quả chưa được duyệt: hãy sửa trực tiếp, không cần quyết định.")
    return found


def _unfit(
    decision: Decision, cycle: RatingCycle, unit: Unit, cadre: Cadre, submission: UnitSubmission, user: User | None
) -> Iterator[str]:
    """Why a correction may not rest on a decision."""
    if decision.state != DecisionState.SIGNED:
        yield "Quyết định chưa được ký trong sổ, hoặc không còn hiệu lực."
    if decision.kind is None or decision.kind.code != CORRECTION_KIND:
        yield "Quyết định phải thuộc loại «Điều chỉnh kết quả đánh giá, xếp loại»."
    if not decision.items.filter(cadre=cadre).exists():
        yield "Quyết định không nói về người này."
    if decision.unit_id not in Agencies(cycle.ends_on).chain(unit.pk):
        yield "Quyết định phải do đơn vị xếp loại hoặc cấp trên của đơn vị lập."
    if decision.signed_on is None or (submission.approved_on and decision.signed_on < submission.approved_on):
        day = format_date(submission.approved_on) if submission.approved_on else ""
        yield f"Quyết định phải được ký từ ngày kết quả được duyệt ({day}) trở đi."
    if not fitting_decisions(cycle, unit, cadre, submission, acting_user=user).filter(pk=decision.pk).exists():
        yield "Quyết định này không có trong phạm vi của bạn."


def _against(
    check: UnitCheck, row: Rating, cycle: RatingCycle, unit: Unit, agencies: Agencies, user: User | None
) -> Iterator[str]:
    """What blocks at entry blocks here: the person's findings, and the caps that he is one too many for."""
    if not row.level and not row.exclusion:
        yield "Hãy chọn mức xếp loại hoặc lý do không xếp loại."
    for finding in check.wrong_of(row.cadre_id):
        cited = f" ({finding.citation.text})" if finding.citation else ""
        yield f"{WRONG.get(finding.rule, finding.rule)}{cited}."
    for group in check.groups:
        if group.is_own and group.regime != "party" and group.too_many and row.cadre_id in group.best:
            yield f"Nhóm {group.label}: {group.excess_text}."
    if row.is_head and row.level == "excellent":
        for group in heads_after_approval(cycle, agencies, unit.pk):
            if group.too_many and row.cadre_id in group.best:
                yield excess_of_heads(group, agencies, user)


def _freeze_anew(submission: UnitSubmission, row: Rating, decision: Decision, reason: str) -> None:
    """Put the corrected result into what stands approved, with what it was; the others stay as they were."""
    content = submission.content or {"people": []}
    now = next(one for one in frozen_content(row.cycle, row.unit)["people"] if one["cadre"] == row.cadre_id)
    before: dict[str, Any] = next((one for one in content["people"] if one["cadre"] == row.cadre_id), {})
    correction = {
        "cadre": row.cadre_id,
        "decision": str(decision),
        "reason": reason.strip(),
        "was": {name: before.get(name, "") for name in _TOLD},
        "previous_sha256": submission.sha256,
    }
    people = [now if one["cadre"] == row.cadre_id else one for one in content["people"]]
    submission.content = {
        **content,
        "people": people if before else [*people, now],
        "corrections": [*content.get("corrections", ()), correction],
    }
    submission.sha256 = hash_of(submission.content)
    save_checked(submission)
