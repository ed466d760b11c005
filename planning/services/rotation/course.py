"""The course of rotations: linked to the decision of the register, evaluated every year, ended."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from appraisal.choices import LevelChoice
from hrdb.kernel.daily import daily
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from personnel.statistics.due.terms import ROTATION_CODE
from planning.choices import CARRIED_OUT, RotationState
from planning.models import RotationItem, RotationPlan
from planning.services.acting import planning_event
from planning.services.rotation.items import locked_item
from planning.statistics.rotation_course import clocks, decisions_found

NOT_APPROVED = "Chỉ gắn quyết định vào trường hợp đã được phê duyệt."


def link_decision(*, item: RotationItem, decision: Decision, acting_user: User | None) -> RotationItem:
    """Say which signed decision of the register carried a rotation out."""
    with planning_event(
        acting_user=acting_user, reason=f"Gắn {decision} vào luân chuyển", subject=item.cadre, cause=decision
    ):
        current = locked_item(item, acting_user)
        if current.state != RotationState.APPROVED:
            raise ServiceRefusal(NOT_APPROVED)
        known = Decision.objects.visible_to(acting_user).filter(pk=decision.pk, items__cadre=current.cadre_id)
        if not known.filter(state=DecisionState.SIGNED, kind__code=ROTATION_CODE).exists():
            raise ServiceRefusal("Quyết định phải là quyết định luân chuyển đã ký, có tên người này.")
        if RotationItem.objects.filter(decision=decision, cadre=current.cadre_id).exists():
            raise ServiceRefusal("Quyết định này đã gắn với một trường hợp luân chuyển khác của người này.")
        current.decision, current.state = decision, RotationState.DECIDED
        save_checked(current)
        return current


def unlink_decision(*, item: RotationItem, reason: str, acting_user: User | None) -> RotationItem:
    """Take a decision off a rotation that it does not carry out (chosen by mistake, withdrawn, annulled)."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=item.cadre):
        current = locked_item(item, acting_user)
        if current.state != RotationState.DECIDED:
            raise ServiceRefusal("Chỉ bỏ gắn được khi đã có quyết định và chưa kết thúc.")
        current.decision, current.state = None, RotationState.APPROVED
        save_checked(current)
        return current


def link_found(*, acting_user: User | None) -> int:
    """Link every approved rotation to the decision that the register holds for it; how many were linked."""
    rows = RotationItem.objects.managed_by(acting_user).filter(state=RotationState.APPROVED, decision__isnull=True)
    found = decisions_found(list(rows.select_related("plan")))
    if not found:
        return 0
    with planning_event(acting_user=acting_user, reason="Gắn quyết định luân chuyển trong sổ"):
        locked = RotationItem.objects.select_for_update(of=("self",)).filter(pk__in=found, state=RotationState.APPROVED)
        count = 0
        for item in locked.order_by("pk"):
            item.decision, item.state = found[item.pk], RotationState.DECIDED
            save_checked(item)
            count += 1
        return count


@daily("link-rotations", "Gắn quyết định luân chuyển trong sổ")
def link_signed_rotations(day: datetime.date) -> int:
    """Every day: rotations that a decision of the register carried out meanwhile."""
    return link_found(acting_user=None)


def evaluate(
    *, item: RotationItem, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> RotationItem:
    """Write down what the receiving unit says of a year; the same year again replaces it, and the history keeps both.

    `values`: year, level (as ratings are called, or empty), text, is_final.
    """
    if values["level"] and values["level"] not in LevelChoice.values:
        raise ValidationError({"level": "Mức xếp loại không có trong danh mục."}, code="invalid")
    if not str(values["text"]).strip():
        raise ValidationError({"text": "Hãy ghi nhận xét."}, code="required")
    with planning_event(
        acting_user=acting_user, reason=f"Nhận xét luân chuyển năm {values['year']}", subject=item.cadre
    ):
        current = _received(item, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        if current.state not in CARRIED_OUT:
            raise ServiceRefusal("Chỉ nhận xét người đã có quyết định luân chuyển.")
        clock = clocks([current], datetime.date(values["year"], 12, 31)).get(current.pk)
        last = current.ended_on or (clock.ends_on if clock is not None else None)
        if clock is None or not clock.began_on.year <= values["year"] <= (last.year if last else values["year"]):
            raise ValidationError({"year": "Năm nhận xét phải nằm trong thời gian luân chuyển."}, code="year")
        kept = [one for one in current.evaluations if one["year"] != values["year"]]
        made = {
            "year": values["year"],
            "level": values["level"],
            "text": str(values["text"]).strip()[:4000],
            "is_final": bool(values.get("is_final")),
        }
        current.evaluations = sorted([*kept, made], key=lambda one: one["year"])
        save_checked(current)
        return current


def drop_evaluation(*, item: RotationItem, year: int, reason: str, acting_user: User | None) -> RotationItem:
    """Take an evaluation back that was entered by mistake."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=item.cadre):
        current = _received(item, acting_user)
        current.evaluations = [one for one in current.evaluations if one["year"] != year]
        save_checked(current)
        return current


def end_item(
    *,
    item: RotationItem,
    values: Mapping[str, Any],
    decision: Decision | None,
    version: int | None,
    acting_user: User | None,
) -> RotationItem:
    """End a rotation: return, staying for good, or another title; before the law's length only with a reason.

    `values`: ended_on, outcome_kind, outcome (words); the decision is one of the register about the person.
    """
    with planning_event(acting_user=acting_user, reason="Ghi kết thúc luân chuyển", subject=item.cadre, cause=decision):
        current = locked_item(item, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        if current.state != RotationState.DECIDED:
            raise ServiceRefusal("Chỉ kết thúc được trường hợp đang luân chuyển.")
        ended_on, words = values["ended_on"], str(values.get("outcome", "")).strip()
        current.ended_on = ended_on
        clock = clocks([current], ended_on).get(current.pk)
        if clock is not None and ended_on <= clock.began_on:
            raise ValidationError({"ended_on": "Ngày kết thúc phải sau ngày bắt đầu luân chuyển."}, code="period-order")
        if clock is not None and clock.length.outcome == "not_met" and not words:
            raise ValidationError(
                {"outcome": "Chưa đủ thời gian luân chuyển tối thiểu: hãy ghi lý do kết thúc sớm."}, code="too-early"
            )
        if decision is not None and not decision.items.filter(cadre=current.cadre_id).exists():
            raise ServiceRefusal("Quyết định kết thúc phải có tên người này.")
        current.state, current.outcome_kind = RotationState.ENDED, values["outcome_kind"]
        current.outcome, current.end_decision = words[:500], decision
        save_checked(current)
        return current


def reopen_item(*, item: RotationItem, reason: str, acting_user: User | None) -> RotationItem:
    """Take an end back that was entered by mistake."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=item.cadre):
        current = locked_item(item, acting_user)
        if current.state != RotationState.ENDED:
            raise ServiceRefusal("Trường hợp này chưa kết thúc.")
        current.state, current.outcome_kind, current.outcome = RotationState.DECIDED, "", ""
        current.ended_on, current.end_decision = None, None
        save_checked(current)
        return current


def _received(item: RotationItem, user: User | None) -> RotationItem:
    """The rotation, locked, for who plans for the receiving unit."""
    RotationPlan.objects.select_for_update(of=("self",)).get(pk=item.plan_id)
    Cadre.objects.select_for_update(of=("self",)).get(pk=item.cadre_id)
    mine = RotationItem.objects.received_by(user).select_for_update(of=("self",))
    found: RotationItem | None = mine.select_related("plan", "cadre").filter(pk=item.pk).first()
    if found is None:
        raise PermissionDenied("Nhận xét do nơi đến ghi.")
    return found
