"""Cycles, ratings of units and people, submissions, confidence votes."""

from appraisal.models.cycles import RatingCycle, UnitRating, UnitSubmission
from appraisal.models.ratings import ConfidenceVote, Rating

__all__ = ["ConfidenceVote", "Rating", "RatingCycle", "UnitRating", "UnitSubmission"]
