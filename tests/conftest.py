"""What every test stands on: a throw-away database cluster that is stopped at the end, and lifted triggers."""

import contextlib
import os
import shutil
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from hrdb.kernel.database import ensure_running, is_embedded
from hrdb.kernel.installation import ensure_var
from tests.cluster import clear_left_behind, ensure_migrated, run_cluster


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder; clear away what runs that were killed left behind."""
    if not hasattr(config, "workerinput"):
        clear_left_behind()
        ensure_var()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Content has no place in a test's name: it may differ from worker to worker (a zip tells the time)."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster and remove the run's folder."""
    if not hasattr(config, "workerinput"):
        run_cluster().stop()
        shutil.rmtree(os.environ["HRDB_TEST_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the database when the first test asks for it; several workers may ask at once.

    On a server that others use too, two runs that would make the same test database follow one another.
    """
    if is_embedded():
        settings.DATABASES["default"]["TEST"] = connection.settings_dict["TEST"] | {"TEMPLATE": ensure_migrated()}
        connection.settings_dict["TEST"]["TEMPLATE"] = settings.DATABASES["default"]["TEST"]["TEMPLATE"]
        yield
        return
    ensure_running()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(hashtext(%s))", [connection.creation._get_test_db_name()])
        yield


@contextlib.contextmanager
def _append_only_lifted() -> Iterator[None]:
    """Let tests that really commit be cleared away by TRUNCATE, which history tables refuse."""
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'append\_only%'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture(scope="session", autouse=True)
def _committed_tests_clear_away() -> Iterator[None]:
    """The one place where append-only triggers are lifted: the teardown of tests that commit."""
    teardown = TransactionTestCase._fixture_teardown

    def lifted(self: TransactionTestCase) -> None:
        with _append_only_lifted():
            teardown(self)

    TransactionTestCase._fixture_teardown = lifted  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
