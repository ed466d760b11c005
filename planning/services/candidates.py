"""Candidates: proposing, changing, ordering, removing with a reason; nobody without planning sees any of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Cadre, Custody, Decision
from personnel.models.delegation import may_act_on_title
from personnel.policies import Action
from personnel.rules.judging import RULES
from personnel.services.bulk import create_many, update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import OPEN_ROUNDS, CandidateSource, CandidateState, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, UnitPlan
from planning.services.acting import manages_round, planned_by, planning_event
from planning.services.rounds import locked_round
from planning.statistics.parts import offices_above

#: What may be changed of a candidate while the round is open.
CHANGED = ("object", "source", "reason", "training_plan", "position")

#: States of a unit's part in which only who prepares the round changes its list.
CLOSED_PARTS = (UnitPlan.State.SENT, UnitPlan.State.ACCEPTED)


def propose(
    *, seat: PlannedSeat, people: Sequence[tuple[Cadre, Mapping[str, Any]]], acting_user: User | None
) -> list[Candidate]:
    """Propose people for a seat; who did not stand before is returned.

    Raises Cadre.DoesNotExist for somebody out of the scope of planning. Who was taken off in this round before stands
    again, with the reason gone. The source is on site for the people of the office that the seat belongs to, unless it
    is said.
    """
    with planning_event(acting_user=acting_user, reason=f"Giới thiệu quy hoạch {seat}"):
        _require_open(seat, acting_user)
        ids = [cadre.pk for cadre, _ in people]
        allowed = set(planned_by(acting_user, seat.round).filter(pk__any=ids).values_list("pk", flat=True))
        if set(ids) - allowed:
            raise Cadre.DoesNotExist
        held = {row.cadre_id: row for row in Candidate.objects.select_for_update(of=("self",)).filter(seat=seat)}
        last = Candidate.objects.filter(seat=seat).aggregate(last=Max("position"))["last"] or 0
        sources = _sources(seat, ids)
        new: list[Candidate] = []
        back: list[Candidate] = []
        for cadre, values in people:
            row = held.get(cadre.pk)
            if row is None:
                given = {"source": sources[cadre.pk], **values}
                new.append(Candidate(seat=seat, cadre=cadre, position=last + len(new) + 1, **given))
            elif row.state in (CandidateState.REMOVED, CandidateState.REJECTED):
                row.state, row.reason, row.review = _again(row), "", {**row.review}
                row.review.pop("decided", None)
                for name, value in values.items():
                    setattr(row, name, value)
                save_checked(row)
                back.append(row)
        create_many(Candidate, new)
        return [*back, *new]


def change_candidate(
    *, candidate: Candidate, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> Candidate:
    """Change object, source, training plan or place. Raises StaleVersion when somebody else did first."""
    with planning_event(acting_user=acting_user, reason="Sửa nhân sự quy hoạch", subject=candidate.cadre):
        current = locked_candidate(candidate, acting_user)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            if name not in CHANGED:
                raise TypeError(f"{name} is not changed of a candidate")
            setattr(current, name, value)
        save_checked(current)
        return current


def order_candidates(*, seat: PlannedSeat, order: Sequence[int], acting_user: User | None) -> None:
    """Put the candidates of a seat into an order, by their ids; those that it does not name follow as they stood."""
    with planning_event(acting_user=acting_user, reason=f"Xếp thứ tự {seat}"):
        _require_open(seat, acting_user)
        rows = list(Candidate.objects.select_for_update(of=("self",)).filter(seat=seat).order_by("position", "pk"))
        places = {pk: place for place, pk in enumerate(order)}
        rows.sort(key=lambda row: places.get(row.pk, len(places) + row.position))
        moved = []
        for place, row in enumerate(rows, 1):
            if row.position != place:
                row.position = place
                moved.append(row)
        update_many(Candidate, moved, ["position"])


def take_off(
    *, candidate: Candidate, reason: str, acting_user: User | None, state: str = CandidateState.REMOVED
) -> Candidate:
    """Take somebody off the list, with the reason: removed from what was planned, or not put on."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=candidate.cadre):
        current = locked_candidate(candidate, acting_user)
        current.state, current.reason = state, reason.strip()[:500]
        save_checked(current)
        return current


def remove_at_once(
    *,
    candidate: Candidate,
    reason: str,
    acting_user: User | None,
    day: datetime.date,
    decision: Decision | None = None,
) -> Candidate:
    """Take somebody off an approved list between reviews (kỷ luật, rời cơ quan); the list as it was approved stays.

    Raises ServiceRefusal when the list is not the one in force.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=candidate.cadre, cause=decision):
        current_round = locked_round(candidate.seat.round)
        if current_round.state != RoundState.APPROVED:
            raise ServiceRefusal("Chỉ đưa ra ngay khỏi danh sách đang có hiệu lực.")
        current = _row_in_scope(candidate, acting_user)
        if current.state != CandidateState.APPROVED:
            raise ServiceRefusal("Người này không còn trong danh sách.")
        current.state, current.removed_on = CandidateState.REMOVED, day
        current.reason, current.decision = reason.strip()[:500], decision
        save_checked(current)
        return current


def override_condition(*, candidate: Candidate, rule: str, reason: str, acting_user: User | None) -> Candidate:
    """Pass over a condition with a reason where the law leaves room; an empty reason takes it back."""
    known = RULES.get(rule)
    if known is None or not known.is_overridable:
        raise ServiceRefusal("Điều kiện này luật không cho bỏ qua.")
    told = f"Cho qua «{known.label}»: {reason.strip()}" if reason.strip() else f"Bỏ lý do cho qua «{known.label}»"
    with planning_event(acting_user=acting_user, reason=told, subject=candidate.cadre):
        current = locked_candidate(candidate, acting_user)
        current.overrides = {key: text for key, text in {**current.overrides, rule: reason.strip()}.items() if text}
        save_checked(current)
        return current


def is_editable(seat: PlannedSeat, user: User | None) -> bool:
    """Whether the user may change the list of a seat now: the round is open, and the part not sent unless he prepares
    the round."""
    if seat.round.state not in OPEN_ROUNDS:
        return False
    is_closed = seat.part is not None and seat.part.state in CLOSED_PARTS
    return not is_closed or manages_round(user, seat.round)


def locked_candidate(candidate: Candidate, acting_user: User | None) -> Candidate:
    """The row as it stands, locked, if its list is open to the user and the person is in his scope."""
    _require_open(candidate.seat, acting_user)
    return _row_in_scope(candidate, acting_user)


def _row_in_scope(candidate: Candidate, acting_user: User | None) -> Candidate:
    _require_title(candidate.seat, acting_user)
    if not planned_by(acting_user, candidate.seat.round).filter(pk=candidate.cadre_id).exists():
        raise Candidate.DoesNotExist
    locked: Candidate = (
        Candidate.objects.select_for_update(of=("self",))
        .select_related("cadre", "seat__round", "seat__title", "seat__unit")
        .get(pk=candidate.pk)
    )
    return locked


def _require_open(seat: PlannedSeat, acting_user: User | None) -> None:
    """Refuse when the round is not open for candidates, the part was sent, or the title is managed elsewhere."""
    current: PlanningRound = locked_round(seat.round)
    if current.state not in OPEN_ROUNDS:
        raise ServiceRefusal("Đợt quy hoạch không mở để giới thiệu nhân sự.")
    _require_title(seat, acting_user)
    part = UnitPlan.objects.filter(pk=seat.part_id).first() if seat.part_id else None
    if part is not None and part.state in CLOSED_PARTS and not manages_round(acting_user, current):
        raise ServiceRefusal("Phần của đơn vị đã gửi nên không sửa được; chờ cấp lập đợt trả lại.")


def _require_title(seat: PlannedSeat, acting_user: User | None) -> None:
    if not may_act_on_title(acting_user, Action.PLAN, seat.title, seat.round.day, unit=seat.unit):
        raise ServiceRefusal("Chức danh này thuộc thẩm quyền quy hoạch của cấp khác theo phân cấp quản lý cán bộ.")


def _again(row: Candidate) -> str:
    """The state of somebody who stands again: as before, or proposed."""
    return CandidateState.KEPT if row.carried_from_id is not None else CandidateState.PROPOSED


def _sources(seat: PlannedSeat, cadre_ids: Iterable[int]) -> dict[int, str]:
    """Whether each person is of the office that the seat belongs to."""
    day, ids = seat.round.day, list(cadre_ids)
    kept = dict(Custody.objects.in_force(day).filter(cadre_id__any=ids).values_list("cadre_id", "unit_id"))
    offices = offices_above([*kept.values(), seat.unit_id], day)
    own = offices[seat.unit_id]
    here, elsewhere = CandidateSource.ON_SITE, CandidateSource.ELSEWHERE
    return {pk: here if pk in kept and offices[kept[pk]] == own else elsewhere for pk in ids}
