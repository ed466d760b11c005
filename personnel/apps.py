"""The personnel app."""

from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    """Units, cadres and their records, decisions, access, statistics, documents (hồ sơ cán bộ)."""

    name = "personnel"
    verbose_name = "Hồ sơ cán bộ, công chức, viên chức"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the kernel finds by key: the kinds of long work."""
        import personnel.tasks  # noqa: F401
