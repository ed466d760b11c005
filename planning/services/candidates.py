"""Candidates: proposing, changing, removing with a reason; nobody without the action of planning sees any of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Cadre
from personnel.models.delegation import may_act_on_title
from personnel.policies import Action
from personnel.rules.judging import RULES
from personnel.services.bulk import create_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import OPEN_ROUNDS, CandidateState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.services.rounds import locked_round

#: What may be changed of a candidate while the round is open.
CHANGED = ("object", "source", "reason", "training_plan", "position")


def propose(
    *, seat: PlannedSeat, people: Sequence[tuple[Cadre, Mapping[str, Any]]], acting_user: User | None
) -> list[Candidate]:
    """Propose people for a seat. Raises Cadre.DoesNotExist for somebody out of the scope of planning.

    Who was taken off in this round before stands again, with the reason gone.
    """
    with writing(acting_user=acting_user, reason=f"Giới thiệu quy hoạch {seat}"):
        _open_round(seat.round)
        _require_title(seat, acting_user)
        ids = [cadre.pk for cadre, _ in people]
        allowed = set(planned_by(acting_user, seat.round).filter(pk__any=ids).values_list("pk", flat=True))
        if set(ids) - allowed:
            raise Cadre.DoesNotExist
        held = {row.cadre_id: row for row in Candidate.objects.select_for_update(of=("self",)).filter(seat=seat)}
        last = Candidate.objects.filter(seat=seat).aggregate(last=Max("position"))["last"] or 0
        new: list[Candidate] = []
        for cadre, values in people:
            row = held.get(cadre.pk)
            if row is None:
                new.append(Candidate(seat=seat, cadre=cadre, position=last + len(new) + 1, **values))
            elif row.state in (CandidateState.REMOVED, CandidateState.REJECTED):
                row.state, row.reason = CandidateState.PROPOSED, ""
                save_checked(row)
        create_many(Candidate, new)
        return new


def change_candidate(
    *, candidate: Candidate, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> Candidate:
    """Change object, source, training plan or place. Raises StaleVersion when somebody else did first."""
    with writing(acting_user=acting_user, reason="Sửa nhân sự quy hoạch", subject=candidate.cadre):
        current = _locked(candidate, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            if name not in CHANGED:
                raise TypeError(f"{name} is not changed of a candidate")
            setattr(current, name, value)
        save_checked(current)
        return current


def take_off(
    *, candidate: Candidate, reason: str, acting_user: User | None, state: str = CandidateState.REMOVED
) -> Candidate:
    """Take somebody off the list, with the reason: removed from what was planned, or not put on."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with writing(acting_user=acting_user, reason=reason, subject=candidate.cadre):
        current = _locked(candidate, acting_user)
        current.state, current.reason = state, reason.strip()[:500]
        save_checked(current)
        return current


def override_condition(*, candidate: Candidate, rule: str, reason: str, acting_user: User | None) -> Candidate:
    """Pass over a condition with a reason where the law leaves room; an empty reason takes it back."""
    known = RULES.get(rule)
    if known is None or not known.is_overridable:
        raise ServiceRefusal("Điều kiện này luật không cho bỏ qua.")
    with writing(acting_user=acting_user, reason=reason or "Bỏ lý do cho qua", subject=candidate.cadre):
        current = _locked(candidate, acting_user)
        current.overrides = {key: text for key, text in {**current.overrides, rule: reason.strip()}.items() if text}
        save_checked(current)
        return current


def planned_by(user: User | None, planning_round: PlanningRound) -> Any:
    """People whom the user may plan on the round's day: in scope, at a managing level open to him."""
    people = Cadre.objects.visible_to(user, Action.PLAN)
    return people.manageable_by(user, Action.PLAN, planning_round.day)


def _locked(candidate: Candidate, acting_user: User | None) -> Candidate:
    _open_round(candidate.seat.round)
    if not planned_by(acting_user, candidate.seat.round).filter(pk=candidate.cadre_id).exists():
        raise Candidate.DoesNotExist
    locked: Candidate = (
        Candidate.objects.select_for_update(of=("self",)).select_related("cadre", "seat").get(pk=candidate.pk)
    )
    return locked


def _open_round(planning_round: PlanningRound) -> PlanningRound:
    current = locked_round(planning_round)
    if current.state not in OPEN_ROUNDS:
        raise ServiceRefusal("Đợt quy hoạch không mở để giới thiệu nhân sự.")
    return current


def _require_title(seat: PlannedSeat, acting_user: User | None) -> None:
    if not may_act_on_title(acting_user, Action.PLAN, seat.title, seat.round.day, unit=seat.unit):
        raise ServiceRefusal("Chức danh này thuộc thẩm quyền quy hoạch của cấp khác theo phân cấp quản lý cán bộ.")
