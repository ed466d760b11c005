"""Programmes, yearly plans, classes with their members and sessions."""

from training.models.classes import ClassMember, ClassSession, TrainingClass
from training.models.plans import PlannedClass, TrainingPlan
from training.models.programmes import Programme

__all__ = ["ClassMember", "ClassSession", "PlannedClass", "Programme", "TrainingClass", "TrainingPlan"]
