"""The appraisal app."""

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    """Cycles, ratings, caps and confidence votes (đánh giá, xếp loại)."""

    name = "appraisal"
    verbose_name = "Đánh giá, xếp loại"
    default_auto_field = "django.db.models.BigAutoField"
