"""Importing a roster of many rows, beside the floor and beside what a user would otherwise have.

Ours: the whole way from the .xlsx to the record for an officer of the province, checked, compared, with history, in one
transaction. The floor: the very same rows, made ready beforehand, sent by COPY into the same tables with their
constraints on, and their history by INSERT..SELECT. Both take turns; a savepoint takes each out again. What a user
would otherwise have: django-import-export, default and bulk, into one model with history.
"""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.floor import Sent, judge_deferred, send, sent_by, taken_back, timed
from bench.import_export import measure
from bench.roster_files import FIRST_DAY, HEAD, SECOND_DAY, people, promoted, write_roster_file
from hrdb.kernel.models import AuditEvent, User
from personnel.imports.report import ImportReport
from personnel.imports.roster.importing import RosterOptions, commit_roster, new_batch, read_roster
from personnel.models import Assignment, Cadre, Custody, Employment, Grant, PartyMembership, PayStep, Qualification
from personnel.policies import Role
from tests.factories.personnel import make, make_unit

ROWS, UNITS, ROUNDS = 20_000, 40, 3
#: Tables that a row writes, parents first.
WRITTEN: tuple[type[Any], ...] = (Cadre, Custody, Employment, Assignment, Qualification, PayStep, PartyMembership)


@dataclass(frozen=True)
class Import:
    """One import as measured."""

    seconds: float
    processor: float
    queries: int
    report: ImportReport
    event: AuditEvent | None


def run(rows: int = ROWS, rounds: int = ROUNDS) -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        user, listed = _officer(), people(rows, _units())
        first = write_roster_file(Path(folder) / "danh-sach.xlsx", listed, FIRST_DAY)
        second = write_roster_file(Path(folder) / "nang-bac.xlsx", promoted(listed), SECOND_DAY)
        yield f"roster of {rows:,} rows x {len(HEAD)} columns"
        new, floors = [], []
        with taken_back():
            event = _import(first, user).event
            sent = [sent_by(model, event) for model in WRITTEN]
            again, changed = _import(first, user), _import(second, user)
        for _ in range(rounds):
            with taken_back():
                new.append(_import(first, user))
            with taken_back():
                floors.append(timed(lambda: send(sent)))
        yield from _compared(rows, new, floors, sent)
        yield from _told("same file again", rows, again)
        yield from _told("second roster, other titles and pay", rows, changed)
        yield from measure(listed, median(one.seconds for one in new) / rows)
        transaction.set_rollback(True)


def _compared(rows: int, new: list[Import], floors: list[float], sent: list[Sent]) -> Iterator[str]:
    ratio = median(one.seconds / floor for one, floor in zip(new, floors, strict=True))
    yield from _told("new people", rows, min(new, key=lambda one: one.seconds))
    yield f"  rows written: {sum(len(one.keys) for one in sent):,}, and as many of history"
    yield f"  floor, COPY and history by INSERT..SELECT of the same rows: {min(floors):.2f} s"
    yield f"ratio import / floor: {ratio:.2f} (at most 2.5; median of {len(new)} rounds, in turns)"


def _told(name: str, rows: int, one: Import) -> Iterator[str]:
    report = one.report
    assert report.committed, report.errors[:3]
    yield (
        f"{name}: {one.seconds:.2f} s ({one.processor:.2f} s of it Python), {rows / one.seconds:,.0f} rows/s; "
        f"created {report.created}, changed {report.changed}, same {report.same}"
    )
    yield f"  queries a row: {one.queries / rows:.4f} ({one.queries}; at most 0.1)"


def _officer() -> User:
    """An officer of the whole province."""
    user: User = User.objects.create(username="bench-rosters")
    make(Grant, user=user, role=Role.PROVINCE_OFFICER, effective_from=datetime.date(2000, 1, 1))
    return user


def _units() -> list[str]:
    names = [f"Sở Đo lường số {number}" for number in range(UNITS)]
    for number, name in enumerate(names):
        make_unit(f"BENCH.{number}", name=name)
    return names


def _import(path: Path, user: User) -> Import:
    """Import a file to the end, deferred foreign keys included."""
    batch = new_batch(path, user=user)
    processor = time.process_time()

    def work() -> None:
        nonlocal batch
        read = read_roster(path, user=user, options=RosterOptions())
        reports.append(commit_roster(read, batch=batch).report)
        judge_deferred()

    reports: list[ImportReport] = []
    with CaptureQueriesContext(connection) as queries:
        seconds = timed(work)
    return Import(seconds, time.process_time() - processor, len(queries), reports[0], batch.event)
