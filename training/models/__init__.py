"""Programmes, what asks for them, yearly plans, classes with their members and sessions."""

from training.models.classes import ClassDocument, ClassMember, ClassSession, TrainingClass
from training.models.needs import ProposedNeed, RankStandard
from training.models.plans import PlannedClass, TrainingPlan
from training.models.programmes import Programme, SeatAllotment

__all__ = [
    "ClassDocument",
    "ClassMember",
    "ClassSession",
    "PlannedClass",
    "Programme",
    "ProposedNeed",
    "RankStandard",
    "SeatAllotment",
    "TrainingClass",
    "TrainingPlan",
]
