"""Rounds of planning: preparing, opening, voting, submitting, approving; what is approved is frozen with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.audit import writing
from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.choices import ManagingLevel
from personnel.models import Decision, Title, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.bulk import create_many, update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import STANDING, CandidateState, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.statistics.targets import is_body

#: Which state follows which, and what the step is called.
STEPS: Mapping[tuple[str, str], str] = {
    (RoundState.DRAFT, RoundState.OPEN): "Mở đợt giới thiệu nhân sự",
    (RoundState.OPEN, RoundState.VOTING): "Chuyển sang lấy phiếu",
    (RoundState.VOTING, RoundState.OPEN): "Quay lại giới thiệu nhân sự",
    (RoundState.OPEN, RoundState.SUBMITTED): "Trình phê duyệt",
    (RoundState.VOTING, RoundState.SUBMITTED): "Trình phê duyệt",
    (RoundState.SUBMITTED, RoundState.OPEN): "Trả lại",
}


def prepare_round(
    *, values: Mapping[str, Any], acting_user: User | None, follows: PlanningRound | None = None
) -> PlanningRound:
    """Prepare a round; a review takes over the seats of the round before it, and everybody who stands there."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason=f"Lập đợt {values.get('name', '')}"):
        made = PlanningRound(**values, follows=follows)
        save_checked(made)
        if follows is not None:
            _carry_over(follows, made)
        return made


def change_round(
    *, planning_round: PlanningRound, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> PlanningRound:
    """Change the head of a round that is not approved yet."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason=f"Sửa đợt {planning_round.name}"):
        current = locked_round(planning_round)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        refuse_frozen(current)
        for name, value in values.items():
            setattr(current, name, value)
        save_checked(current)
        return current


def add_seats(
    *, planning_round: PlanningRound, seats: Iterable[tuple[Title, Unit, Mapping[str, Any]]], acting_user: User | None
) -> list[PlannedSeat]:
    """Add seats to a round; one that is there already stays."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason="Thêm chức danh quy hoạch"):
        current = locked_round(planning_round)
        refuse_frozen(current)
        there = set(current.seats.values_list("title_id", "unit_id"))
        rows = []
        for title, unit, values in seats:
            if (title.pk, unit.pk) in there:
                continue
            there.add((title.pk, unit.pk))
            given = {"is_body": is_body(title), **values}
            rows.append(PlannedSeat(round=current, title=title, unit=unit, position=len(there), **given))
        create_many(PlannedSeat, rows)
        return rows


def drop_seat(*, seat: PlannedSeat, acting_user: User | None) -> None:
    """Take a seat out of a round, before anybody was proposed for it."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason="Bỏ chức danh quy hoạch"):
        refuse_frozen(locked_round(seat.round))
        if seat.candidates.exists():
            raise ServiceRefusal("Chức danh đã có người được giới thiệu nên không bỏ được.")
        seat.delete()


def move_round(*, planning_round: PlanningRound, to: str, acting_user: User | None, reason: str = "") -> PlanningRound:
    """The next step of a round, or back to proposing with a reason."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason=reason or STEPS.get((planning_round.state, to), "")):
        current = locked_round(planning_round)
        if (current.state, to) not in STEPS:
            raise ServiceRefusal("Đợt quy hoạch không ở bước này.")
        if to == RoundState.OPEN and current.state == RoundState.DRAFT and not current.seats.exists():
            raise ServiceRefusal("Đợt chưa có chức danh nào để quy hoạch.")
        if current.state == RoundState.SUBMITTED and not reason.strip():
            raise ValidationError({"reason": "Hãy ghi ý kiến trả lại."}, code="required")
        current.state = to
        save_checked(current)
        return current


def approve_round(
    *,
    planning_round: PlanningRound,
    decision: Decision | None,
    day: date,
    findings: Mapping[int, list[dict[str, Any]]],
    acting_user: User | None,
) -> PlanningRound:
    """Approve a submitted round: who stands is approved, findings and content are frozen, the round before superseded.

    `findings` are those of the candidates by id, as judged on the round's day. Who is on the list approves nothing.
    """
    with writing(acting_user=acting_user, reason=f"Phê duyệt {planning_round.name}", cause=decision):
        if scope_of(acting_user, Action.APPROVE).is_empty:
            raise PermissionDenied("Bạn không có quyền phê duyệt quy hoạch.")
        current = locked_round(planning_round)
        if current.state != RoundState.SUBMITTED:
            raise ServiceRefusal("Đợt quy hoạch chưa được trình.")
        standing = list(
            Candidate.objects.filter(seat__round=current, state__in=STANDING).select_related("cadre", "seat")
        )
        if acting_user is not None and any(row.cadre.account_id == acting_user.pk for row in standing):
            raise ServiceRefusal("Không ai phê duyệt danh sách có chính mình.")
        for row in standing:
            row.state, row.findings = CandidateState.APPROVED, findings.get(row.pk, [])
        update_many(Candidate, standing, ["state", "findings"])
        current.content = frozen_content(current)
        current.sha256 = hash_of(current.content)
        current.state, current.decision, current.approved_on = RoundState.APPROVED, decision, day
        save_checked(current)
        if current.follows_id is not None:
            before = locked_round(current.follows)  # type: ignore[arg-type]
            before.state = RoundState.SUPERSEDED
            save_checked(before)
        return current


def announce_round(*, planning_round: PlanningRound, is_announced: bool, acting_user: User | None) -> PlanningRound:
    """Show the approved titles to the people themselves and in item 24 of the form, or hide them again."""
    require_planner(acting_user)
    with writing(acting_user=acting_user, reason="Công bố quy hoạch" if is_announced else "Thôi công bố quy hoạch"):
        current = locked_round(planning_round)
        if current.state not in (RoundState.APPROVED, RoundState.SUPERSEDED):
            raise ServiceRefusal("Chỉ công bố được danh sách đã phê duyệt.")
        current.is_announced = is_announced
        save_checked(current)
        return current


def frozen_content(planning_round: PlanningRound) -> dict[str, Any]:
    """The list as it is approved: seat by seat, with its people in order."""
    seats = planning_round.seats.select_related("title", "unit").order_by("position", "pk")
    people: dict[int, list[dict[str, Any]]] = {}
    rows = Candidate.objects.filter(seat__round=planning_round, state__in=STANDING).select_related("cadre")
    for row in rows.order_by("seat_id", "position", "pk"):
        people.setdefault(row.seat_id, []).append(
            {
                "cadre": row.cadre_id,
                "personal_number": row.cadre.personal_number or "",
                "name": row.cadre.full_name,
                "object": row.object,
                "source": row.source,
            }
        )
    return {
        "round": planning_round.code,
        "term": planning_round.term,
        "day": planning_round.day.isoformat(),
        "seats": [
            {
                "title": seat.title.code,
                "unit": seat.unit.code,
                "number": seat.number,
                "people": people.get(seat.pk, []),
            }
            for seat in seats
        ],
    }


def hash_of(content: dict[str, Any]) -> str:
    """The SHA-256 of frozen content."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_intact(planning_round: PlanningRound) -> bool:
    """Whether the frozen content still has its hash."""
    return planning_round.content is not None and hash_of(planning_round.content) == planning_round.sha256


def locked_round(planning_round: PlanningRound) -> PlanningRound:
    """The round as it stands, locked until the transaction ends."""
    locked: PlanningRound = PlanningRound.objects.select_for_update(of=("self",)).get(pk=planning_round.pk)
    return locked


def refuse_frozen(planning_round: PlanningRound) -> None:
    """Refuse to change what was submitted or approved."""
    if planning_round.state in (RoundState.SUBMITTED, RoundState.APPROVED, RoundState.SUPERSEDED):
        raise ServiceRefusal("Danh sách đã trình hoặc đã phê duyệt nên không sửa được: hãy lập đợt rà soát.")


def require_planner(user: User | None) -> None:
    """Rounds are the business of the province's planners."""
    if user is not None and not scope_of(user, Action.PLAN).is_whole_province:
        raise PermissionDenied("Chỉ cấp tỉnh được lập, mở, trình đợt quy hoạch.")


def levels_of(user: User | None) -> list[ManagingLevel]:
    """Approving levels for which a round may be prepared."""
    require_planner(user)
    return list(ManagingLevel)


def _carry_over(before: PlanningRound, made: PlanningRound) -> None:
    """Seats and standing people of the round before; each person's row knows the one that it goes on from."""
    if before.state not in (RoundState.APPROVED, RoundState.SUPERSEDED):
        raise ServiceRefusal("Chỉ rà soát được đợt đã phê duyệt.")
    seats = list(before.seats.all())
    copies = [
        PlannedSeat(
            round=made,
            title_id=seat.title_id,
            unit_id=seat.unit_id,
            number=seat.number,
            is_body=seat.is_body,
            coefficient=seat.coefficient,
            reference_day=seat.reference_day,
            position=seat.position,
        )
        for seat in seats
    ]
    create_many(PlannedSeat, copies)
    new_seat = {seat.pk: copy for seat, copy in zip(seats, copies, strict=True)}
    standing = Candidate.objects.filter(seat__round=before, state=CandidateState.APPROVED)
    carried = [
        Candidate(
            seat=new_seat[row.seat_id],
            cadre_id=row.cadre_id,
            object=row.object,
            source=row.source,
            state=CandidateState.KEPT,
            training_plan=row.training_plan,
            carried_from=row,
            position=row.position,
        )
        for row in standing
    ]
    create_many(Candidate, carried)
