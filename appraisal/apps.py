"""The appraisal app."""

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    """Cycles, ratings, caps and confidence votes (đánh giá, xếp loại)."""

    name = "appraisal"
    verbose_name = "Đánh giá, xếp loại"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what others find by key: long work, the demonstration's ratings."""
        import appraisal.services.demonstration
        import appraisal.tasks  # noqa: F401
