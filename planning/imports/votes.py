"""Reading the sheet of votes: every fault by its cell, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hrdb.kernel.spreadsheets.reading import Sheet, read_workbook
from hrdb.kernel.text import clean_text, fold
from personnel.imports.report import Fault
from planning.exports.votes import KEY, NAME, step_heading
from planning.models import Candidate, VoteStep

HEADS_WITHIN: Final = 20


@dataclass
class ReadVotes:
    """What a sheet said: votes by (candidate, number of step), and faults by cell."""

    votes: dict[tuple[int, int], int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_votes(content: bytes, *, rows: Sequence[Candidate], steps: Sequence[VoteStep]) -> ReadVotes:
    """Read a sheet; raises UnreadableFile for what is no workbook. Empty cells say nothing.

    A candidate is known by his key and name together, so that a moved line is not taken for another person.
    """
    found = ReadVotes()
    for sheet in read_workbook(content).sheets:
        head = None if sheet.is_hidden else _head(sheet)
        if head is not None:
            _read(sheet, head, found, {row.pk: row for row in rows}, steps)
            return found
    found.faults.append(Fault("", 0, "", "no-heading", "", f"Không thấy dòng tiêu đề có cột «{KEY}» và «{NAME}»."))
    return found


def _head(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:HEADS_WITHIN]):
        texts = {fold(str(cell)) for cell in row if isinstance(cell, str)}
        if {fold(KEY), fold(NAME)} <= texts:
            return number
    return None


def _read(sheet: Sheet, head: int, found: ReadVotes, known: dict[int, Candidate], steps: Sequence[VoteStep]) -> None:
    places = {fold(str(cell)): place for place, cell in enumerate(sheet.rows[head]) if str(cell).strip()}
    key_at, name_at = places[fold(KEY)], places[fold(NAME)]
    for number, row in enumerate(sheet.rows[head + 1 :], head + 2):
        key, name = _number(row[key_at]), clean_text(str(row[name_at]))
        if key is None and not name:
            continue
        candidate = known.get(key or 0)
        if candidate is None or fold(candidate.cadre.full_name) != fold(name):
            text = f"{row[key_at]} {name}".strip()
            found.faults.append(
                Fault(sheet.name, number, KEY, "unknown-candidate", text, "Không có nhân sự này trong danh sách.")
            )
            continue
        for step in steps:
            place = places.get(fold(step_heading(step)))
            cell = row[place] if place is not None else ""
            if clean_text(str(cell)) == "":
                continue
            count = _number(cell)
            if count is None:
                heading = step_heading(step)
                found.faults.append(
                    Fault(sheet.name, number, heading, "bad-number", str(cell), "Cần một số nguyên từ 0.")
                )
            else:
                found.votes[candidate.pk, step.number] = count


def _number(cell: Any) -> int | None:
    """A whole number from a cell that may hold it as a number or as text."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) if float(cell).is_integer() and cell >= 0 else None
    text = clean_text(str(cell)).replace(".", "")
    return int(text) if text.isdecimal() else None
