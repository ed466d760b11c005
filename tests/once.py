"""A world that many tests look at: made once, rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def made_once(django_db_blocker: Any) -> Iterator[None]:
    """Make things inside, then yield: the tests of a module run in savepoints upon them, and nothing stays.

    For fixtures of a wider scope than one test, which also ask for `django_db_setup`.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
