"""The ground floor as a Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Machinery without domain: accounts, history, jobs, screens."""

    name = "hrdb.kernel"
    label = "kernel"
    verbose_name = "Nền tảng"
    default_auto_field = "django.db.models.BigAutoField"
