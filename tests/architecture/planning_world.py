"""Rounds of planning for the sample province: of each side one prepared, one open, one submitted and one approved."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.choices import ManagingLevel, TitleGroup
from personnel.models import Cadre, Title, Unit
from planning.choices import CandidateState, RoundKind, RoundState
from planning.models import Candidate, PlannedSeat, PlanningRound, StructureTarget, UnitPlan, VoteStep
from tests.architecture.rotation_world import NO_ROTATIONS, ROTATION_MODELS, rotation_things
from tests.architecture.slate_world import NO_SLATES, SLATE_MODELS, slate_things
from tests.factories.personnel import LONG_AGO, make, make_title

#: Tables whose ids begin far away, so that an id is told from any other number on a page.
PLAN_MODELS = (
    PlanningRound,
    PlannedSeat,
    UnitPlan,
    Candidate,
    VoteStep,
    StructureTarget,
    *SLATE_MODELS,
    *ROTATION_MODELS,
)

DAY = datetime.date(2026, 3, 2)
NO_ID = 9_999_991

#: What fills the addresses of planning, leading to nothing; by the keys of `plan_things`.
NO_PLANS: dict[str, tuple[Any, ...]] = {
    "plan_draft": (NO_ID,),
    "plan_round": (NO_ID,),
    "plan_move": (NO_ID, "submitted"),
    "plan_paper": (NO_ID, "trich-ngang"),
    "plan_submitted": (NO_ID,),
    "plan_approved": (NO_ID,),
    "plan_part": (NO_ID,),
    "plan_step": (NO_ID, 1),
    "plan_seat": (NO_ID,),
    "plan_candidate": (NO_ID,),
    "plan_rule": (NO_ID, "age_left"),
    "plan_kept": (NO_ID,),
    "plan_review": (NO_ID,),
    "plan_reviewed": (NO_ID,),
    "plan_addition": (NO_ID, NO_ID),
    **NO_SLATES,
    **NO_ROTATIONS,
}


def plan_things(unit: Unit, person: Cadre) -> dict[str, tuple[Any, ...]]:
    """What fills the addresses of planning of one unit, by the kind of thing."""
    title = Title.objects.filter(code="TP-QH").first() or make_title(
        "TP-QH", name="Trưởng phòng", group=TitleGroup.DIVISION_HEAD, is_leadership=True, rank=8
    )
    found: dict[str, Candidate] = {}
    rounds: dict[str, PlanningRound] = {}
    for state in (RoundState.DRAFT, RoundState.OPEN, RoundState.SUBMITTED, RoundState.APPROVED):
        rounds[state], found[state] = _round(unit, person, title, state)
    seat = found[RoundState.OPEN].seat
    make(VoteStep, round=seat.round, unit=unit, number=1, name="Tập thể lãnh đạo", body="Lãnh đạo", summoned=9)
    return {
        "plan_draft": (rounds[RoundState.DRAFT].pk,),
        "plan_round": (rounds[RoundState.OPEN].pk,),
        "plan_move": (rounds[RoundState.OPEN].pk, "submitted"),
        "plan_paper": (rounds[RoundState.OPEN].pk, "trich-ngang"),
        "plan_submitted": (rounds[RoundState.SUBMITTED].pk,),
        "plan_approved": (rounds[RoundState.APPROVED].pk,),
        "plan_part": (seat.part_id,),
        "plan_step": (seat.part_id, 1),
        "plan_seat": (seat.pk,),
        "plan_candidate": (found[RoundState.OPEN].pk,),
        "plan_rule": (found[RoundState.OPEN].pk, "age_left"),
        "plan_kept": (found[RoundState.APPROVED].pk,),
        **_review(found[RoundState.APPROVED]),
        **slate_things(unit, person),
        **rotation_things(unit, person, title),
    }


def plan_target() -> StructureTarget:
    """A target of structure, which is that of an approving level."""
    return make(  # type: ignore[no-any-return]
        StructureTarget, level=ManagingLevel.UNIT, metric="female", percent=25, effective_from=LONG_AGO
    )


def _review(before: Candidate) -> dict[str, tuple[Any, ...]]:
    """An open review of the approved round, which would take its person off and has a seat with room."""
    seat, person = before.seat, before.cadre
    review, row = _round(seat.unit, person, seat.title, RoundState.OPEN, follows=before)
    free = make(PlannedSeat, round=review, title=make_title(), unit=seat.unit, part=row.seat.part, position=2)
    return {"plan_review": (review.pk,), "plan_reviewed": (row.pk,), "plan_addition": (free.pk, person.pk)}


def _round(
    unit: Unit, person: Cadre, title: Title, state: str, *, follows: Candidate | None = None
) -> tuple[PlanningRound, Candidate]:
    """A round in a state with a seat of the unit for which the person stands."""
    is_frozen = state == RoundState.APPROVED
    made = make(
        PlanningRound,
        code=f"{'RS' if follows else 'QH'}-{unit.code}-{state}",
        follows=follows.seat.round if follows else None,
        kind=RoundKind.REVIEW if follows else RoundKind.FIRST,
        name=f"Quy hoạch có {person.full_name}",
        term="2030-2035",
        level=ManagingLevel.UNIT,
        day=DAY,
        state=state,
        sha256="0" * 64 if is_frozen else "",
        content={} if is_frozen else None,
        approved_on=DAY if is_frozen else None,
    )
    part = make(UnitPlan, round=made, unit=unit)
    seat = make(PlannedSeat, round=made, title=title, unit=unit, part=part, position=1)
    kept = CandidateState.APPROVED if is_frozen else CandidateState.PROPOSED
    review: dict[str, Any] = {}
    if follows is not None:
        kept = CandidateState.KEPT
        review = {"carried_from": follows, "review": {"proposal": "remove", "rules": ["age_left"]}}
    return made, make(Candidate, seat=seat, cadre=person, state=kept, position=1, **review)
