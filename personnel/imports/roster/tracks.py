"""Periods: how a value compares with its track on the roster's day, and what follows from a difference."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.many import new_row
from hrdb.kernel.periods import StartPrecision
from personnel.imports.roster.verdicts import Comparison, Difference, Verdict
from personnel.services.rosters import known_from

IsSame = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Track:
    """How one kind of period is compared: its label, how rows read, and the new values."""

    label: str
    model: type[Any]
    values: dict[str, Any]
    old_text: str
    new_text: str
    start: PartialDate | None = None


def place(track: Track, rows: list[Any], is_same: IsSame, compared: Comparison, verdict: Verdict) -> None:
    """Compare a value with its track of periods on the roster's day, and note what follows."""
    day = compared.day
    holding = next((row for row in rows if row.holds_on(day)), None)
    later = [row for row in rows if row.effective_from > day]
    if holding is None:
        _before_or_after(track, rows, later, is_same, compared, verdict)
    elif is_same(holding):
        _known_earlier(track, rows, holding, track.start.value if track.start else None, compared, verdict)
    elif later:
        _conflict(track, later[0], verdict)
    elif holding.decision_id is not None:
        _differs(track, holding, verdict)
    else:
        _succeed(track, holding, compared, verdict)


def _before_or_after(
    track: Track, rows: list[Any], later: list[Any], is_same: IsSame, compared: Comparison, verdict: Verdict
) -> None:
    """Nothing holds on the day: the first fact, one after an end, or one from before what is known."""
    start = track.start.value if track.start and track.start.value <= compared.day else compared.day
    if later:
        if is_same(later[0]):
            _known_earlier(track, rows, later[0], start, compared, verdict)
        else:
            _conflict(track, later[0], verdict)
        return
    ended = max((row.effective_until for row in rows if row.effective_until), default=None)
    if ended is not None and start < ended:
        start = ended
    verdict.changes.inserts.append(_new_row(track, start, compared))
    verdict.differences.append(Difference(track.label, "", track.new_text, "add"))


def _known_earlier(
    track: Track, rows: list[Any], row: Any, start: datetime.date | None, compared: Comparison, verdict: Verdict
) -> None:
    """An earlier start of the same value moves a «known from» day back, as far as the period before allows.

    What the period rests on is then the list that tells the earlier day, unless it rests on a decision.
    """
    if start is None or row.start_precision != StartPrecision.KNOWN_FROM or start >= row.effective_from:
        return
    floor = max((other.effective_until for other in rows if other.effective_until and other is not row), default=None)
    moved = max(start, floor) if floor else start
    if moved >= row.effective_from:
        return
    is_exact = track.start is not None and moved == track.start.value
    verdict.changes.edit(
        row,
        effective_from=moved,
        start_precision=track.start.precision if is_exact and track.start else StartPrecision.KNOWN_FROM,
        basis=row.basis if row.decision_id else known_from(compared.day),
    )
    verdict.differences.append(
        Difference(f"{track.label}: từ ngày", f"{row.effective_from:%d/%m/%Y}", f"{moved:%d/%m/%Y}", "earlier")
    )


def _conflict(track: Track, later: Any, verdict: Verdict) -> None:
    message = f"{track.label} khác với hồ sơ từ ngày {later.effective_from:%d/%m/%Y}, sau ngày của danh sách."
    verdict.errors.append((track.label, "period-conflict", track.new_text, message))


def _differs(track: Track, holding: Any, verdict: Verdict) -> None:
    number = f"{holding.decision.number} ngày {holding.decision.signed_on:%d/%m/%Y}"
    message = (
        f"Danh sách ghi «{track.new_text}», theo quyết định số {number} là «{track.old_text}»; "
        "danh sách không thay được quyết định."
    )
    verdict.warnings.append((track.label, "differs-from-decision", track.new_text, message))
    verdict.differences.append(
        Difference(track.label, track.old_text, track.new_text, "differs", False, "differs-from-decision", message)
    )


def _succeed(track: Track, holding: Any, compared: Comparison, verdict: Verdict) -> None:
    """End what holds and open the next from the day; on its own first day the value is replaced."""
    start = compared.day
    if track.start and holding.effective_from < track.start.value <= compared.day:
        start = track.start.value
    verdict.differences.append(Difference(track.label, track.old_text, track.new_text, "succeed"))
    if holding.effective_from == start:
        verdict.changes.edit(holding, **track.values, basis=known_from(compared.day))
        return
    row = _new_row(track, start, compared)
    row.effective_until = holding.effective_until
    verdict.changes.edit(holding, effective_until=start)
    verdict.changes.inserts.append(row)


def _new_row(track: Track, start: datetime.date, compared: Comparison) -> Any:
    is_told = track.start is not None and start == track.start.value
    return new_row(
        track.model,
        **track.values,
        effective_from=start,
        start_precision=track.start.precision if is_told and track.start else StartPrecision.KNOWN_FROM,
        basis=known_from(compared.day),
    )
