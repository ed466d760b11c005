"""Rounds of succession planning, their seats, candidates, votes; rotation plans; slates of moves."""

from personnel.models.trail import GuardedTable, guarded_tables
from personnel.policies import Action
from planning.models.candidates import Candidate, UnitPlan
from planning.models.rotation import RotationItem, RotationPlan, RotationRule
from planning.models.rounds import PlannedSeat, PlanningRound, StructureTarget, VoteStep
from planning.models.slates import Slate, SlateMove

__all__ = [
    "Candidate",
    "PlannedSeat",
    "PlanningRound",
    "RotationItem",
    "RotationPlan",
    "RotationRule",
    "Slate",
    "SlateMove",
    "StructureTarget",
    "UnitPlan",
    "VoteStep",
]

for _model in (
    PlanningRound,
    PlannedSeat,
    VoteStep,
    StructureTarget,
    Candidate,
    UnitPlan,
    RotationPlan,
    RotationItem,
    RotationRule,
    Slate,
    SlateMove,
):
    guarded_tables.register(GuardedTable(_model._meta.label_lower, Action.PLAN))
