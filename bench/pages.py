"""Pages as benches get them: drawn without collected static files, by a signed-in officer of the whole province."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.models import Grant
from personnel.policies import Role

#: Settings for the test client, which speaks http and collects no static files.
DRAWN_HERE: dict[str, Any] = {
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
}


def officer(name: str) -> User:
    """An officer of the whole province."""
    with writing(acting_user=None, reason="so sánh tốc độ"):
        user: User = User.objects.create(username=name)
        Grant(user=user, role=Role.PROVINCE_OFFICER, effective_from=datetime.date(2000, 1, 1)).save()
    return user


def browser(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
