"""The candidates of a CSV file, for the solver alone: every fault by its line."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.statistics.cohorts.candidates import Candidate

COLUMNS: Final = ("id", "unit", "sex", "priority")
MARKS: Final = ("minority", "young", "pinned", "excluded")
#: A file beyond this is no list of people for a class.
MOST_LINES: Final = 200_000


class UnreadableCandidates(ValueError):
    """The file is no list of candidates; `str()` says what is wrong, where, and what to do."""


def read_candidates(path: Path) -> list[Candidate]:
    """Read a file with the columns id, unit, sex, priority, and the marks minority, young, pinned, excluded if any."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(file))
    except OSError:
        raise UnreadableCandidates(f"Không đọc được tệp «{path}».") from None
    except UnicodeDecodeError:
        raise UnreadableCandidates(f"Tệp «{path}» không phải văn bản UTF-8.") from None
    except csv.Error as error:
        raise UnreadableCandidates(f"Tệp «{path}» không phải CSV: {error}.") from None
    seen: dict[str, int] = {}
    for line, one in rows:
        if one.id in seen:
            raise UnreadableCandidates(f"Dòng {line}: mã «{one.id}» đã có ở dòng {seen[one.id]}.")
        seen[one.id] = line
    return [one for _, one in rows]


def _rows(file: Iterator[str]) -> Iterator[tuple[int, Candidate]]:
    reader = csv.DictReader(file, strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing and ";" in (reader.fieldnames or [""])[0]:
        raise UnreadableCandidates("Các cột ngăn cách bằng dấu chấm phẩy; cần dấu phẩy.")
    if missing:
        raise UnreadableCandidates(f"Thiếu cột: {', '.join(missing)}. Cần có: {', '.join((*COLUMNS, *MARKS))}.")
    for row in reader:
        if reader.line_num > MOST_LINES:
            raise UnreadableCandidates(f"Tệp có hơn {MOST_LINES} dòng.")
        yield reader.line_num, _candidate(row, reader.line_num)


def _candidate(row: dict[str, str | None], line: int) -> Candidate:
    given = {name: (value or "").strip() for name, value in row.items() if name and isinstance(value, str | None)}
    if not given["id"]:
        raise UnreadableCandidates(f"Dòng {line}: thiếu id.")
    given["sex"] = given["sex"].lower()
    if given["sex"] not in ("male", "female"):
        raise UnreadableCandidates(f"Dòng {line}: sex là «{given['sex']}», phải là male hoặc female.")
    return Candidate(
        id=given["id"],
        unit=given["unit"],
        is_woman=given["sex"] == "female",
        priority=_priority(given["priority"], line),
        is_minority=_mark(given, "minority", line),
        is_young=_mark(given, "young", line),
        is_pinned=_mark(given, "pinned", line),
        is_excluded=_mark(given, "excluded", line),
    )


def _priority(text: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UnreadableCandidates(f"Dòng {line}: priority là «{text}», phải là một số.")
    return value


def _mark(given: dict[str, str], name: str, line: int) -> bool:
    text = given.get(name, "")
    if text not in ("", "0", "1"):
        raise UnreadableCandidates(f"Dòng {line}: {name} là «{text}», phải là 0 hoặc 1.")
    return text == "1"
