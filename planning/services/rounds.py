"""Rounds of planning: preparing, opening, voting, submitting, approving; what is approved is frozen with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from personnel.models import Decision, Title, Unit
from personnel.policies import Action
from personnel.services.bulk import create_many, update_many
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.records import save_checked
from planning.choices import CandidateState, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, UnitPlan
from planning.services.acting import may_approve_round, planning_event, require_level, require_manager
from planning.services.proposals import write_proposals
from planning.statistics.judging import judge_candidates
from planning.statistics.limits import limits_broken
from planning.statistics.listing import list_content
from planning.statistics.parts import offices_above
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

NOT_THE_APPROVER = "Danh sách này thuộc thẩm quyền phê duyệt của lãnh đạo khác."
#: How many breaches of the limits a refusal names.
NAMED = 8


def prepare_round(
    *, values: Mapping[str, Any], acting_user: User | None, follows: PlanningRound | None = None
) -> PlanningRound:
    """Prepare a round; a review takes over the seats of the round before it, and everybody who stands there."""
    require_level(acting_user, values["level"])
    with planning_event(acting_user=acting_user, reason=f"Lập đợt {values.get('name', '')}"):
        made = PlanningRound(**values, follows=follows)
        if follows is not None:
            require_manager(acting_user, follows)
            _refuse_second_review(follows)
        save_checked(made)
        if follows is not None:
            _carry_over(follows, made)
            write_proposals(made)
        return made


def change_round(
    *, planning_round: PlanningRound, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> PlanningRound:
    """Change the head of a round that is not approved yet."""
    require_manager(acting_user, planning_round)
    with planning_event(acting_user=acting_user, reason=f"Sửa đợt {planning_round.name}"):
        current = locked_round(planning_round)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        refuse_frozen(current)
        for name, value in values.items():
            setattr(current, name, value)
        require_level(acting_user, current.level)
        save_checked(current)
        return current


def drop_round(*, planning_round: PlanningRound, acting_user: User | None) -> None:
    """Throw away a round that was only prepared, with its seats."""
    require_manager(acting_user, planning_round)
    with planning_event(acting_user=acting_user, reason=f"Bỏ đợt {planning_round.name}"):
        current = locked_round(planning_round)
        if current.state != RoundState.DRAFT:
            raise ServiceRefusal("Chỉ bỏ được đợt còn đang chuẩn bị.")
        candidates = Candidate.objects.filter(seat__round=current)
        if candidates.exclude(state=CandidateState.KEPT).exists():
            raise ServiceRefusal("Đợt đã có người được giới thiệu nên không bỏ được.")
        for row in (*candidates, *current.seats.all(), *current.steps.all(), *current.unit_plans.all()):
            row.delete()
        current.delete()


def add_seats(
    *, planning_round: PlanningRound, seats: Iterable[tuple[Title, Unit, Mapping[str, Any]]], acting_user: User | None
) -> list[PlannedSeat]:
    """Add seats to a round; one that is there already stays. Each belongs to the part of the office it stands in."""
    require_manager(acting_user, planning_round)
    with planning_event(acting_user=acting_user, reason="Thêm chức danh quy hoạch"):
        current = locked_round(planning_round)
        refuse_frozen(current)
        there = set(current.seats.values_list("title_id", "unit_id"))
        asked = [(title, unit, values) for title, unit, values in seats if (title.pk, unit.pk) not in there]
        offices = offices_above([unit.pk for _, unit, _ in asked], current.day) if asked else {}
        parts = _parts_for(current, offices.values())
        rows: dict[tuple[int, int], PlannedSeat] = {}
        for title, unit, values in asked:
            given = {"is_body": is_body(title), "part": parts[offices[unit.pk]], **values}
            place = len(there) + len(rows) + 1
            rows.setdefault(
                (title.pk, unit.pk), PlannedSeat(round=current, title=title, unit=unit, position=place, **given)
            )
        made = list(create_many(PlannedSeat, list(rows.values())))
        _confirm_scope(made, acting_user)
        return made


def change_seat(
    *, seat: PlannedSeat, values: Mapping[str, Any], version: int | None, acting_user: User | None
) -> PlannedSeat:
    """Change number, coefficient or reference day of a seat while the list is not submitted."""
    require_manager(acting_user, seat.round)
    with planning_event(acting_user=acting_user, reason=f"Sửa chức danh quy hoạch {seat.title}"):
        refuse_frozen(locked_round(seat.round))
        current: PlannedSeat = PlannedSeat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
        if version is not None and version_of(current) != version:
            raise StaleVersion(current)
        for name, value in values.items():
            setattr(current, name, value)
        save_checked(current)
        return current


def drop_seat(*, seat: PlannedSeat, acting_user: User | None) -> None:
    """Take a seat out of a round, before anybody was proposed for it."""
    require_manager(acting_user, seat.round)
    with planning_event(acting_user=acting_user, reason="Bỏ chức danh quy hoạch"):
        refuse_frozen(locked_round(seat.round))
        if seat.candidates.exists():
            raise ServiceRefusal("Chức danh đã có người được giới thiệu nên không bỏ được.")
        part = seat.part
        seat.delete()
        if part is not None and not part.seats.exists():
            part.delete()


def move_round(*, planning_round: PlanningRound, to: str, acting_user: User | None, reason: str = "") -> PlanningRound:
    """The next step of a round, or back to proposing with a reason.

    A submitted list is returned also by who approves it. ServiceRefusal names what stands against submitting.
    """
    is_return = planning_round.state == RoundState.SUBMITTED
    if not (is_return and may_approve_round(acting_user, planning_round)):
        require_manager(acting_user, planning_round)
    told = STEPS.get((planning_round.state, to), "")
    with planning_event(acting_user=acting_user, reason=": ".join(filter(None, [told, reason.strip()]))):
        current = locked_round(planning_round)
        if (current.state, to) not in STEPS:
            raise ServiceRefusal("Đợt quy hoạch không ở bước này.")
        if to == RoundState.OPEN and current.state == RoundState.DRAFT and not current.seats.exists():
            raise ServiceRefusal("Đợt chưa có chức danh nào để quy hoạch.")
        if current.state == RoundState.SUBMITTED and not reason.strip():
            raise ValidationError({"reason": "Hãy ghi ý kiến trả lại."}, code="required")
        if to == RoundState.SUBMITTED:
            if current.follows_id is not None:
                write_proposals(current)
            _refuse_unready(current, acting_user)
        current.state = to
        save_checked(current)
        return current


def approve_round(
    *, planning_round: PlanningRound, decision: Decision | None, day: date, acting_user: User | None
) -> PlanningRound:
    """Approve a submitted round: who stands is approved, findings and content are frozen, the round before superseded.

    Findings are those of the round's day. Who is not asked for his approval, or stands on the list, approves nothing.
    """
    with planning_event(acting_user=acting_user, reason=f"Phê duyệt {planning_round.name}", cause=decision):
        current = locked_round(planning_round)
        if not may_approve_round(acting_user, current):
            raise PermissionDenied(NOT_THE_APPROVER)
        if current.state != RoundState.SUBMITTED:
            raise ServiceRefusal("Đợt quy hoạch chưa được trình.")
        _refuse_unready(current, None)
        standing = list(
            Candidate.objects.filter(seat__round=current)
            .standing()
            .select_related("cadre", "seat__title", "seat__unit", "seat__round")
        )
        verdicts = judge_candidates(standing, day=current.day, user=None)
        for row in standing:
            row.state = CandidateState.APPROVED
            row.findings = [found.as_json() for found in verdicts[row.pk].findings]
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
    require_manager(acting_user, planning_round)
    told = "Công bố quy hoạch" if is_announced else "Thôi công bố quy hoạch"
    with planning_event(acting_user=acting_user, reason=f"{told}: {planning_round.name}"):
        current = locked_round(planning_round)
        if not current.is_frozen:
            raise ServiceRefusal("Chỉ công bố được danh sách đã phê duyệt.")
        current.is_announced = is_announced
        save_checked(current)
        return current


def frozen_content(planning_round: PlanningRound) -> dict[str, Any]:
    """The list as it is approved: everything that its papers will say, so that nothing of them is read anew."""
    return list_content(planning_round)


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


def _refuse_second_review(before: PlanningRound) -> None:
    if not before.is_frozen:
        raise ServiceRefusal("Chỉ rà soát được đợt đã phê duyệt.")
    if before.state == RoundState.SUPERSEDED or before.reviews.exists():
        raise ServiceRefusal("Đợt này đã có đợt rà soát tiếp theo.")


def _refuse_unready(planning_round: PlanningRound, user: User | None) -> None:
    """Refuse a list over the limits of people a seat and seats a person, or with a review that is not decided.

    What the user may not see is no matter here, because a refusal would tell it; approving asks everything.
    """
    standing = Candidate.objects.filter(seat__round=planning_round).visible_to(user).standing()
    if not standing.exists():
        raise ServiceRefusal("Danh sách chưa có ai.")
    undecided = standing.filter(state=CandidateState.KEPT, review__proposal="remove").exclude(review__has_key="decided")
    if count := undecided.count():
        raise ServiceRefusal(f"Còn {count} đề xuất đưa ra khỏi quy hoạch chưa có ý kiến.")
    broken = limits_broken(standing, planning_round.day)
    if broken:
        more = f" và {len(broken) - NAMED} trường hợp khác" if len(broken) > NAMED else ""
        raise ServiceRefusal(f"Vượt số lượng cho phép: {'; '.join(broken[:NAMED])}{more}.")


def _parts_for(planning_round: PlanningRound, unit_ids: Iterable[int]) -> dict[int, UnitPlan]:
    """The part of each office in the round, made where it is not there."""
    parts = {part.unit_id: part for part in planning_round.unit_plans.all()}
    lacking = sorted(set(unit_ids) - parts.keys())
    made = create_many(UnitPlan, [UnitPlan(round=planning_round, unit_id=unit_id) for unit_id in lacking])
    return parts | {part.unit_id: part for part in made}


def _confirm_scope(seats: list[PlannedSeat], user: User | None) -> None:
    """Ask the scope again after writing: seats elsewhere, or of a level that is not open, are refused."""
    if user is None or not seats:
        return
    mine = PlannedSeat.objects.open_to(user, Action.PLAN).filter(pk__in=[seat.pk for seat in seats]).count()
    if mine != len(seats):
        raise PermissionDenied("Có chức danh ngoài phạm vi hoặc ngoài phân cấp quy hoạch của bạn.")


def _carry_over(before: PlanningRound, made: PlanningRound) -> None:
    """Seats and standing people of the round before; each person's row knows the one that it goes on from."""
    seats = list(before.seats.select_related("part"))
    parts = _parts_for(made, [seat.part.unit_id for seat in seats if seat.part is not None])
    kept = ("title_id", "unit_id", "number", "is_body", "coefficient", "reference_day", "position")
    copies = [
        PlannedSeat(
            round=made,
            part=parts[seat.part.unit_id] if seat.part is not None else None,
            **{name: getattr(seat, name) for name in kept},
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
            overrides=row.overrides,
            carried_from=row,
            position=row.position,
        )
        for row in standing
    ]
    create_many(Candidate, carried)
