"""The ground floor as a Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Machinery without domain: accounts, history, jobs, screens."""

    name = "hrdb.kernel"
    label = "kernel"
    verbose_name = "Nền tảng"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach the fields to be asked for many keys at once; register the kinds of long work."""
        import hrdb.kernel.screens.long_exports  # noqa: F401
        from hrdb.kernel.many import register_lookups

        register_lookups()
