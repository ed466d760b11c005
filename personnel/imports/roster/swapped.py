"""Date columns in which a spreadsheet swapped days and months: 05/08/1968 became 8 May, 25/08/1968 stayed text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

_TEXT: Final = re.compile(r"\s*['‘’]?(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})\s*")
_EXAMPLES: Final = 3
#: So many real dates all in the first twelve days are no chance (2 in 10,000), whatever the texts are.
_NO_CHANCE: Final = 9


def put_right(value: Any) -> Any:
    """A cell with day and month swapped back, when it is a date that a spreadsheet can have swapped."""
    if isinstance(value, date) and value.day <= 12:
        return value.replace(month=value.day, day=value.month)
    return value


@dataclass(slots=True)
class DateEvidence:
    """What the cells of one date column say about swapping."""

    real: int = 0
    late_real: int = 0
    late_texts: int = 0
    early_texts: int = 0
    first_days: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, values: Iterable[Any]) -> None:
        """Take the cells of a column, as far as they can still matter: one late real date settles it."""
        for value in values:
            if isinstance(value, date):
                self._add_real(value.date() if isinstance(value, datetime) else value)
                if self.late_real:
                    return
            elif value.__class__ is str and (found := _TEXT.fullmatch(value)):
                self._add_text(int(found[1]), int(found[3]), found[2])

    @property
    def looks_swapped(self) -> bool:
        """Whether all real dates have days up to 12 while texts have days above.

        A spreadsheet that swaps leaves no text that it could have read; such texts speak against it, unless the real
        dates are too many to be so by chance.
        """
        if not self.real or self.late_real or not self.late_texts:
            return False
        # Swapped, these would all be dates of one January: they are firsts of months, as offices like them.
        if self.real > 1 and self.first_days == self.real:
            return False
        return self.early_texts == 0 or self.real >= _NO_CHANCE

    def _add_real(self, day: date) -> None:
        if day.year < 1910:
            return
        self.real += 1
        self.first_days += day.day == 1
        if day.day > 12:
            self.late_real += 1
        elif len(self.examples) < _EXAMPLES and day.day != day.month:
            self.examples.append(
                f"{day.day:02d}/{day.month:02d}/{day.year} có thể là {day.month:02d}/{day.day:02d}/{day.year}"
            )

    def _add_text(self, day: int, month: int, mark: str) -> None:
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            return
        if day > 12:
            self.late_texts += 1
        elif mark == "/" or mark == "-":
            # Dots are left alone by spreadsheets whatever the day.
            self.early_texts += 1
