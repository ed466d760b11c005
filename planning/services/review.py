"""Deciding what a yearly review proposes: take off, keep with a reason, add, leave out; each decision one event."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from hrdb.kernel.models import User
from personnel.models import Cadre
from personnel.services.errors import ServiceRefusal
from personnel.services.records import save_checked
from planning.choices import CandidateObject, CandidateState
from planning.models import Candidate, PlannedSeat, PlanningRound
from planning.rules.review import is_open, removal_reason, told
from planning.services.acting import planning_event, require_manager
from planning.services.candidates import locked_candidate, propose
from planning.services.proposals import write_proposals
from planning.services.rounds import locked_round, refuse_frozen

NOT_PROPOSED = "Người này không thuộc diện đề xuất đưa ra."


def refresh_review(*, planning_round: PlanningRound, acting_user: User | None) -> int:
    """Judge the whole list anew; how many proposals changed."""
    require_manager(acting_user, planning_round)
    with planning_event(acting_user=acting_user, reason=f"Xét lại đề xuất của {planning_round.name}"):
        current = locked_round(planning_round)
        refuse_frozen(current)
        if current.follows_id is None:
            raise ServiceRefusal("Chỉ đợt rà soát mới có đề xuất.")
        return write_proposals(current)


def take_off_proposed(*, candidates: Sequence[Candidate], acting_user: User | None) -> int:
    """Take off those who are proposed to be taken off, each for the reasons of the proposal."""
    with planning_event(acting_user=acting_user, reason="Đưa ra khỏi quy hoạch theo đề xuất rà soát"):
        for candidate in candidates:
            current = locked_candidate(candidate, acting_user)
            if not is_open(current.review):
                raise ServiceRefusal(NOT_PROPOSED)
            current.state, current.reason = CandidateState.REMOVED, removal_reason(told(current.review))
            current.review = {**current.review, "decided": "remove"}
            save_checked(current)
        return len(candidates)


def keep_proposed(*, candidate: Candidate, reason: str, acting_user: User | None) -> Candidate:
    """Keep somebody on the list against the proposal, with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=candidate.cadre):
        current = locked_candidate(candidate, acting_user)
        if current.review.get("proposal") != "remove" or not current.is_standing:
            raise ServiceRefusal(NOT_PROPOSED)
        current.review = {**current.review, "decided": "keep", "reason": reason.strip()[:500]}
        save_checked(current)
        return current


def add_proposed(*, chosen: Sequence[tuple[PlannedSeat, Cadre]], acting_user: User | None) -> int:
    """Put people on the list whom the review found eligible."""
    with planning_event(acting_user=acting_user, reason="Bổ sung quy hoạch theo đề xuất rà soát"):
        values = {"object": CandidateObject.FIRST, "review": {"proposal": "add", "decided": "add"}}
        for seat, cadre in chosen:
            propose(seat=seat, people=[(cadre, values)], acting_user=acting_user)
        return len(chosen)


def leave_out(*, seat: PlannedSeat, cadre: Cadre, reason: str, acting_user: User | None) -> None:
    """Do not put somebody on the list whom the review found eligible, with the reason; he is not proposed again."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."}, code="required")
    with planning_event(acting_user=acting_user, reason=reason, subject=cadre):
        values = {
            "state": CandidateState.REJECTED,
            "reason": reason.strip()[:500],
            "review": {"proposal": "add", "decided": "leave_out"},
        }
        propose(seat=seat, people=[(cadre, values)], acting_user=acting_user)
