"""Writing down what a review proposes of everybody whom the list before planned (đề xuất rà soát)."""

from __future__ import annotations

from personnel.services.bulk import update_many
from planning.choices import CandidateState
from planning.models import Candidate, PlanningRound
from planning.rules.review import written
from planning.statistics.review import proposals_for


def write_proposals(planning_round: PlanningRound) -> int:
    """Judge everybody who was carried over, and keep what is proposed; how many proposals changed.

    Who decided keeps his decision, unless something new came up against the person.
    """
    rows = Candidate.objects.select_for_update(of=("self",)).filter(
        seat__round=planning_round, state=CandidateState.KEPT, carried_from__isnull=False
    )
    carried = list(rows.select_related("seat__round", "seat__title", "seat__unit").defer("findings"))
    proposals = proposals_for(carried, planning_round.day)
    changed = []
    for row in carried:
        review = written(row.review, proposals[row.pk])
        if review != row.review:
            row.review = review
            changed.append(row)
    update_many(Candidate, changed, ["review"])
    return len(changed)
