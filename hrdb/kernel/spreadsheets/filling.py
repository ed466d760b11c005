"""Sheets that people fill in: pick lists, and what a cell of each kind takes before the program complains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

#: The sheet that holds the values of all pick lists.
LISTS: Final = "Danh mục"
#: What the programs allow of a validation's title and message.
_LONGEST_TITLE: Final = 32
_LONGEST_MESSAGE: Final = 255
_LONGEST_CELL: Final = 32_767
_FIRST_DAY, _LAST_DAY = date(1900, 3, 1), date(2199, 12, 31)
_LARGEST: Final = 10**15
_NUMBERS: Final = {"integer": "decimal", "decimal": "decimal", "percent": "decimal", "count": "integer"}


@dataclass(frozen=True)
class PickList:
    """Values to choose from; where it `is_open`, the program lets other values pass (codes, other spellings)."""

    name: str
    values: tuple[str, ...]
    is_open: bool = False


class PickLists:
    """The pick lists of one workbook: each has a column of its own on a sheet at the end."""

    def __init__(self) -> None:
        self._lists: dict[str, tuple[str, PickList]] = {}

    def formula(self, pick: PickList) -> str:
        """Where the values of a list will stand."""
        letter, known = self._lists.setdefault(pick.name, (xl_col_to_name(len(self._lists)), pick))
        return f"='{LISTS}'!${letter}$2:${letter}${max(len(known.values), 1) + 1}"

    def write(self, workbook: Any, heading: Any, text: Any) -> None:
        """Write the sheet of values, if any list was asked for."""
        if not self._lists:
            return
        sheet = workbook.add_worksheet(LISTS)
        columns = [pick for _, pick in self._lists.values()]
        sheet.set_column(0, len(columns) - 1, 30)
        for place, pick in enumerate(columns):
            sheet.write_string(0, place, pick.name, heading)
        for number in range(max(len(pick.values) for pick in columns)):
            for place, pick in enumerate(columns):
                if number < len(pick.values):
                    sheet.write_string(number + 1, place, pick.values[number], text)
        sheet.freeze_panes(1, 0)


def validation(
    kind: str, *, heading: str, prompt: str, longest: int | None, pick: PickList | None, lists: PickLists
) -> Mapping[str, Any] | None:
    """What the cells of a column take, as XlsxWriter wants it; None where they take anything and nothing is said."""
    options = _criteria(kind, longest, pick, lists)
    if options is None and not prompt:
        return None
    told = {"ignore_blank": True, "input_title": heading[:_LONGEST_TITLE], "input_message": prompt[:_LONGEST_MESSAGE]}
    return {**(options or {"validate": "any"}), **(told if prompt else {"ignore_blank": True})}


def _criteria(kind: str, longest: int | None, pick: PickList | None, lists: PickLists) -> dict[str, Any] | None:
    if pick is not None:
        return {
            "validate": "list",
            "source": lists.formula(pick),
            "error_type": "information" if pick.is_open else "stop",
            "error_message": f"Hãy chọn trong danh mục «{pick.name}» ở trang «{LISTS}»."[:_LONGEST_MESSAGE],
        }
    if kind == "mark":
        return {"validate": "list", "source": ["x"], "error_message": "Đánh dấu x, hoặc để trống."}
    if kind == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
            "error_type": "warning",
            "error_message": "Ngày cần viết dd/mm/yyyy.",
        }
    if kind in _NUMBERS:
        limits: dict[str, Any] = {"minimum": 0, "maximum": _LARGEST}
        return {"validate": _NUMBERS[kind], "criteria": "between", "error_message": "Cần viết một số.", **limits}
    if longest is not None and longest < _LONGEST_CELL:
        message = f"Nhiều nhất {longest} ký tự."
        return {"validate": "length", "criteria": "<=", "value": longest, "error_message": message}
    return None
