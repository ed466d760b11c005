"""How far long work is, told outside the transaction that does it."""

import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Field
from django.utils import timezone
from psycopg import sql

from hrdb.kernel.models.job import Job

LOCK_SPACE = 0x4A0B
"""First half of the advisory lock that a running job holds; the second is its id."""
BETWEEN_REPORTS = 0.5
BETWEEN_HEARTBEATS = 10.0


class Progress:
    """Tells the owner how far a job is (tiến độ), and tells other workers that it lives.

    It writes through a connection of its own that commits at once, so the owner sees progress while the work's
    transaction is open; that connection holds an advisory lock for as long as the process lives. Called from
    inside a transaction (work done at once, in tests), it writes through that one.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._told_at = 0.0
        self._phase = job.phase
        self._side = None if connection.in_atomic_block else connection.copy()
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self._pulse: threading.Thread | None = None

    def __enter__(self) -> "Progress":
        if self._side is not None:
            self._execute(sql.SQL("SELECT pg_advisory_lock(%s, %s)"), [LOCK_SPACE, self._lock_number()])
            self._side.inc_thread_sharing()
            self._pulse = threading.Thread(target=self._beat, name=f"job-{self.job.pk}", daemon=True)
            self._pulse.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._ended.set()
        if self._pulse is not None:
            self._pulse.join()
        if self._side is not None:
            self._side.close()

    def phase(self, name: str, *, total: int | None = None) -> None:
        """A new part of the work begins, of `total` steps if that is known."""
        self._phase = name
        self._told_at = time.monotonic()
        self.write(phase=name[:120], done=0, total=total, heartbeat_at=timezone.now())

    def report(self, done: int, total: int | None = None) -> None:
        """So many steps are done; may be called for every row, and writes twice a second at most."""
        if time.monotonic() - self._told_at < BETWEEN_REPORTS and done != total:
            return
        self._told_at = time.monotonic()
        counts: dict[str, Any] = {"done": done, "heartbeat_at": timezone.now()}
        self.write(**counts if total is None else counts | {"total": total})

    def result_path(self, name: str) -> Path:
        """Where the work may write a file for the owner, in a folder that only this installation reads."""
        folder = Path(settings.RESULTS_ROOT) / str(self.job.key)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / Path(name).name

    def write(self, **columns: Any) -> None:
        """Set columns of the job's row, outside the work's own transaction."""
        for name, value in columns.items():
            setattr(self.job, name, value)
        table = sql.Identifier(Job._meta.db_table)
        pairs = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(table, pairs)
        self._execute(statement, [*(_stored(name, value) for name, value in columns.items()), self.job.pk])

    def _execute(self, statement: sql.Composable, values: list[Any]) -> None:
        """Run one statement on the connection that commits at once; its two users take turns."""
        with self._writing, (self._side or connection).cursor() as cursor:
            cursor.execute(statement, values)

    def _beat(self) -> None:
        """Say now and then that the work lives, however long one step takes."""
        while not self._ended.wait(BETWEEN_HEARTBEATS):
            self.write(heartbeat_at=timezone.now())

    def _lock_number(self) -> int:
        return self.job.pk % 2**31


def _stored(name: str, value: Any) -> Any:
    """A value as its column takes it."""
    field: Field[Any, Any] = Job._meta.get_field(name)  # type: ignore[assignment]
    return field.get_db_prep_save(value, connection)
