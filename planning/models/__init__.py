"""Rounds of succession planning, their seats, candidates, votes; rotation plans; slates of moves."""

from planning.models.candidates import Candidate, UnitPlan
from planning.models.rotation import RotationItem, RotationPlan
from planning.models.rounds import PlannedSeat, PlanningRound, StructureTarget, VoteStep
from planning.models.slates import Slate, SlateMove

__all__ = [
    "Candidate",
    "PlannedSeat",
    "PlanningRound",
    "RotationItem",
    "RotationPlan",
    "Slate",
    "SlateMove",
    "StructureTarget",
    "UnitPlan",
    "VoteStep",
]
