"""The planning app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Succession rounds, candidates, coverage, rotation and targets (quy hoạch, luân chuyển)."""

    name = "planning"
    verbose_name = "Quy hoạch, luân chuyển"
    default_auto_field = "django.db.models.BigAutoField"
