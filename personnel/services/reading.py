"""Logging what leaves the server (nhật ký xem, xuất, in): tier 2 data opened, lists exported, papers printed.

One event says who was seen: `subject` for one person, `details["people"]` for many (their ids), so that «who saw whom»
has an answer for lists too. `needs` names the action without which readers of the trail do not learn of the event.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import models
from django.http import HttpRequest

from hrdb.kernel.audit import log
from hrdb.kernel.models import AuditEvent, User
from personnel.models import Cadre
from personnel.models.trail import NEEDS, PEOPLE
from personnel.policies import Action


class SensitivePart(StrEnum):
    """The parts of tier 2, by what the log calls them."""

    HEALTH = "sức khỏe"
    RELATIVES = "quan hệ gia đình"
    ASSETS = "tài sản, thu nhập"
    DISCIPLINE = "kỷ luật"
    POLITICAL_REVIEW = "tiêu chuẩn chính trị"
    LIFE_HISTORY = "lịch sử bản thân"


def log_reading(
    *,
    user: User | None,
    cadre: Cadre,
    parts: Iterable[SensitivePart | str],
    day: datetime.date | None = None,
    request: HttpRequest | None = None,
) -> AuditEvent | None:
    """Log that sensitive parts of a record were opened, each once in one request (None when all were logged)."""
    names = [part.value if isinstance(part, SensitivePart) else part for part in parts]
    new = _not_yet_logged(request, "read", [(cadre.pk, name) for name in names])
    if not new:
        return None
    details: dict[str, Any] = {**_on(day), "parts": [name for _, name in new]}
    return log(AuditEvent.Action.READ_SENSITIVE, user=user, subject=cadre, **details)


def log_list_reading(
    *,
    user: User | None,
    people: models.QuerySet[Any] | Iterable[int],
    parts: Iterable[SensitivePart | str],
    what: str,
    day: datetime.date | None = None,
    needs: Action | None = None,
) -> AuditEvent:
    """Log that sensitive parts of many records were shown in one list."""
    names = [part.value if isinstance(part, SensitivePart) else part for part in parts]
    return log(AuditEvent.Action.READ_SENSITIVE, user=user, **_many(people, what, day, needs), parts=names)


def log_export(
    *,
    user: User | None,
    what: str,
    people: models.QuerySet[Any] | Iterable[int] = (),
    cadre: Cadre | None = None,
    day: datetime.date | None = None,
    filters: Mapping[str, Any] | None = None,
    columns: Iterable[str] = (),
    file_format: str = "xlsx",
    needs: Action | None = None,
) -> AuditEvent:
    """Log an export (xuất dữ liệu): what, of which people (a queryset or ids), with which columns and filters."""
    details = _many(people, what, day, needs) | {"format": file_format}
    if filters:
        details["filters"] = {key: str(value) for key, value in filters.items()}
    if chosen := list(columns):
        details["columns"] = chosen
    return log(AuditEvent.Action.EXPORT, user=user, subject=cadre, **details)


def log_print(
    *,
    user: User | None,
    what: str,
    cadre: Cadre | None = None,
    people: models.QuerySet[Any] | Iterable[int] = (),
    day: datetime.date | None = None,
    needs: Action | None = None,
) -> AuditEvent:
    """Log a print (in): of one person's paper, or of many people's in one file."""
    return log(AuditEvent.Action.PRINT, user=user, subject=cadre, **_many(people, what, day, needs))


def _many(
    people: models.QuerySet[Any] | Iterable[int], what: str, day: datetime.date | None, needs: Action | None
) -> dict[str, Any]:
    """Details of an event that shows many people."""
    ids = people.order_by().values_list("pk", flat=True) if isinstance(people, models.QuerySet) else people
    found = sorted(set(ids))
    details: dict[str, Any] = {"what": what} | _on(day) | ({NEEDS: str(needs)} if needs else {})
    return details | {PEOPLE: found, "count": len(found)} if found else details


def _on(day: datetime.date | None) -> dict[str, str]:
    return {} if day is None else {"day": day.isoformat()}


def _not_yet_logged(request: HttpRequest | None, act: str, keys: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those of the keys that this request has not logged before; without a request, all."""
    if request is None:
        return keys
    logged: set[tuple[str, int, str]] = getattr(request, "_logged_readings", set())
    new = [key for key in dict.fromkeys(keys) if (act, *key) not in logged]
    request._logged_readings = logged | {(act, *key) for key in new}  # type: ignore[attr-defined]
    return new
