"""Writing the demonstration province (tỉnh trình diễn): everything by COPY, with its history, in one audit event."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from hrdb.kernel.audit import writing
from hrdb.kernel.many import collection_paused
from hrdb.kernel.models import AuditEvent, User
from personnel.demonstration import Demonstration, generate
from personnel.models import Cadre
from personnel.services.demonstration.accounts import PASSWORD, Account, accounts, open_accounts
from personnel.services.demonstration.decisions import enter_decisions
from personnel.services.demonstration.parts import demonstration_parts
from personnel.services.demonstration.tables import CodeKeys, record_tables, write_people, write_structure

__all__ = ["PASSWORD", "Loaded", "NotEmpty", "demonstration_event", "load_demonstration"]

REASON: Final = "Nạp tỉnh trình diễn"
#: What the audit event of the loading is recognised by.
MARK: Final = "demonstration"
#: People are drawn and written by blocks of this many.
BLOCK: Final = 5_000
#: One loading at a time.
_LOCK: Final = 7_202_507

Progress = Callable[[int, int], None]


class NotEmpty(Exception):
    """The database holds people who are not from the demonstration."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã có hồ sơ cán bộ: chỉ nạp tỉnh trình diễn vào cơ sở dữ liệu chưa có hồ sơ nào."
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the database after loading."""

    size: int
    seed: int
    is_new: bool
    rows: int
    accounts: tuple[Account, ...]


@collection_paused()
def load_demonstration(
    *, size: int, seed: int, day: datetime.date, acting_user: User | None = None, progress: Progress | None = None
) -> Loaded:
    """Write the demonstration province once; a second call finds it and writes nothing.

    Needs the reference lists (`prepare`). Raises NotEmpty when there are people from elsewhere.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        event = demonstration_event()
        if event is not None:
            found = event.details[MARK]
            return Loaded(found["size"], found["seed"], False, 0, accounts())
        if Cadre.objects.exists():
            raise NotEmpty
        drawn = {"size": size, "seed": seed, "day": day.isoformat()}
        with writing(acting_user=acting_user, reason=REASON, action=AuditEvent.Action.SYSTEM, demonstration=drawn):
            province = generate(size=size, seed=seed, day=day)
            rows = _write(province, progress)
            open_accounts(day=day, reason=REASON)
        enter_decisions(day=day)
        for part in sorted(demonstration_parts, key=lambda part: part.order):
            with writing(acting_user=acting_user, reason=REASON, action=AuditEvent.Action.SYSTEM, part=part.key):
                rows += part.write(day=day)
    return Loaded(size, seed, True, rows, accounts())


def demonstration_event() -> AuditEvent | None:
    """The audit event that loaded the demonstration province, if it was."""
    return AuditEvent.objects.filter(reason=REASON, details__has_key=MARK).first()


def _write(province: Demonstration, progress: Progress | None) -> int:
    """Structure first, then the people block by block; answers the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    codes = CodeKeys.read()
    rows = write_structure(province.structure, codes)
    tables = record_tables(codes)
    for first in range(0, province.size, BLOCK):
        last = min(first + BLOCK, province.size)
        rows += write_people(list(province.people(first, last)), codes, tables)
        if progress is not None:
            progress(last, province.size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rows
