"""Settings of the tests: their own folder and database, quick passwords, work done at once."""

import os
import tempfile

if "HRDB_TEST_VAR" not in os.environ:
    os.environ["HRDB_TEST_VAR"] = tempfile.mkdtemp(prefix=f"hrdb-test-{os.getpid()}-")
    os.chmod(os.environ["HRDB_TEST_VAR"], 0o711)
os.environ |= {"HRDB_VAR": os.environ["HRDB_TEST_VAR"], "HRDB_SECRET_KEY": "tests-" * 12, "HRDB_HTTPS": "0"}

from hrdb.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
