"""The appraisal app."""

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    """Cycles, ratings, caps and confidence votes (đánh giá, xếp loại)."""

    name = "appraisal"
    verbose_name = "Đánh giá, xếp loại"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what others find by key: facts of decisions, due lists, the dimension, long work, demonstration."""
        import appraisal.services.acts
        import appraisal.services.demonstration
        import appraisal.services.facts
        import appraisal.statistics.dimensions
        import appraisal.statistics.due
        import appraisal.statistics.printed
        import appraisal.tasks  # noqa: F401
