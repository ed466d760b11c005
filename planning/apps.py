"""The planning app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Succession rounds, candidates, coverage, rotation and targets (quy hoạch, luân chuyển)."""

    name = "planning"
    verbose_name = "Quy hoạch, luân chuyển"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what others find by key: item 24 of the form, due lists, papers, long work, tab of the profile."""
        import planning.reports.documents.letters
        import planning.services.demonstration
        import planning.services.facts
        import planning.services.rotation.course
        import planning.services.rotation.demonstration
        import planning.services.slates.demonstration
        import planning.statistics.announced
        import planning.statistics.due
        import planning.statistics.populations
        import planning.statistics.rotation_due
        import planning.tasks
        import planning.views.person
        import planning.views.rotation.profile  # noqa: F401
