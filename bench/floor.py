"""The floor under set-wise writing: the very rows that something wrote, sent again by COPY, with their history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from hrdb.kernel.audit import writing
from hrdb.kernel.columns import quoted_column, quoted_table
from hrdb.kernel.history import history_model, write_history
from hrdb.kernel.models import AuditEvent


@dataclass(frozen=True)
class Sent:
    """The rows of one table as COPY sends them, and their keys; changes take over stored rows, others are new."""

    model: type[Any]
    text: bytes
    keys: list[int]
    is_change: bool = False


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is taken out again."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def sent_by(model: type[Any], event: AuditEvent | None, *, kind: str = "+") -> Sent:
    """What an event has written into one table, as COPY reads it: new rows (+), or changed ones (~)."""
    written = history_model(model)._default_manager.filter(event=event, history_type=kind)
    keys = list(written.order_by("id").values_list("id", flat=True))
    sql = f"COPY (SELECT {_columns(model)} FROM {quoted_table(model)} WHERE id = ANY(%s) ORDER BY id) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(sql, [keys]) as copy:
        return Sent(model, b"".join(copy), keys, kind == "~")


def send(sent: Sequence[Sent]) -> None:
    """Write the rows, changes first as periods have it, with their history, and let everything deferred be judged."""
    with writing(acting_user=None, reason="floor"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for one in sent:
            if not one.keys:
                continue
            table = "news" if one.is_change else quoted_table(one.model)
            if one.is_change:
                cursor.execute(f"CREATE TEMPORARY TABLE news AS SELECT * FROM {quoted_table(one.model)} WITH NO DATA")
            with cursor.copy(f"COPY {table} ({_columns(one.model)}) FROM STDIN") as copy:
                copy.write(one.text)
            if one.is_change:
                _take_over(cursor, one.model)
            write_history(one.model, one.keys, history_type="~" if one.is_change else "+")
    judge_deferred()


def _take_over(cursor: Any, model: type[Any]) -> None:
    names = [quoted_column(field) for field in model._meta.concrete_fields if not field.primary_key]
    news = ", ".join(f"{name} = news.{name}" for name in names)
    cursor.execute("ANALYZE news")
    cursor.execute(f"UPDATE {quoted_table(model)} AS kept SET {news} FROM news WHERE kept.id = news.id")
    cursor.execute("DROP TABLE news")


def judge_deferred() -> None:
    """What waits for the end of the transaction is judged now: foreign keys, and periods."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _columns(model: type[Any]) -> str:
    return ", ".join(quoted_column(field) for field in model._meta.concrete_fields)
