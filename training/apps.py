"""The training app."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Requirements, programmes, yearly plans, classes and results (đào tạo, bồi dưỡng)."""

    name = "training"
    verbose_name = "Đào tạo, bồi dưỡng"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower pages show: a line for each module that does."""
        import training.services.catalogue
        import training.services.class_demonstration
        import training.services.cohort_demonstration
        import training.services.demonstration
        import training.statistics.dimensions
        import training.tasks
        import training.views.person
        import training.views.person_classes  # noqa: F401
