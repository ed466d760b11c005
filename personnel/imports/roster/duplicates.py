"""One person on several lines: two lists that agree are one person with two titles; what contradicts is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import same_text_key
from personnel.imports.roster.issues import DUPLICATE_IN_FILE, RowIssue
from personnel.imports.roster.results import RosterRow

#: Facts of which a person has one on a day, with their labels in sentences.
_FACTS: Final = (
    ("name", "họ và tên"),
    ("birth_date", "ngày sinh"),
    ("sex", "giới tính"),
    ("ethnicity", "dân tộc"),
    ("recruited_on", "ngày tuyển dụng"),
    ("party_joined_on", "ngày vào Đảng"),
    ("rank", "ngạch"),
    ("pay_step", "bậc lương"),
    ("coefficient", "hệ số lương"),
)


def find_duplicates(rows: Iterable[RosterRow], letter_of: Callable[[RosterRow], str]) -> None:
    """Mark each later line of a personal number: as the same person, or as contradicting the first line."""
    first: dict[str, RosterRow] = {}
    for row in rows:
        parsed = row.fields.get("personal_number")
        if parsed is None:
            continue
        number = parsed.value
        earlier = first.setdefault(number, row)
        if earlier is row:
            continue
        different = [label for field, label in _FACTS if _differs(earlier, row, field)]
        if not different:
            row.same_as = (earlier.sheet, earlier.row)
            continue
        place = f"dòng {earlier.row}" + (f", trang «{earlier.sheet}»" if earlier.sheet != row.sheet else "")
        message = f"Số định danh đã có ở {place} nhưng khác {', '.join(different)}."
        row.issues.append(RowIssue(row.sheet, row.row, letter_of(row), number, DUPLICATE_IN_FILE, message, "error"))


def _differs(earlier: RosterRow, later: RosterRow, field: str) -> bool:
    """Whether both lines tell the fact and tell it differently."""
    first, second = earlier.fields.get(field), later.fields.get(field)
    if first is None or second is None:
        return False
    if first.code is not None and second.code is not None:
        return first.code != second.code
    return not _agree(first.value, second.value)


def _agree(first: Any, second: Any) -> bool:
    if isinstance(first, PartialDate):
        shared = min(len(first.iso), len(second.iso))
        return bool(first.iso[:shared] == second.iso[:shared])
    if isinstance(first, str) and isinstance(second, str):
        return same_text_key(first) == same_text_key(second)
    return bool(first == second)
