"""What an officer decided about an office's rosters; remembered and used again for the next file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hrdb.kernel.text import fold

DatesDecision = Literal["ask", "as-is", "swap"]


@dataclass(frozen=True, slots=True)
class RosterMapping:
    """Decisions about columns, header rows, values and dates.

    `columns`: column key (or None for a column not to read) by header key (`Table.columns[].key`), or by place as
    `Sheet!C` for this file alone. `header_rows`: first and last header row of the spreadsheet by sheet. `values`: code
    (or None to keep the text) by list name and text. `dates`: decision about swapped dates by column key.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    header_rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    dates: Mapping[str, DatesDecision] = field(default_factory=dict)
    skipped_sheets: tuple[str, ...] = ()

    def chosen(self) -> dict[tuple[str, str], str | None]:
        """The chosen codes by list name and folded text."""
        return {(name, fold(text)): code for name, texts in self.values.items() for text, code in texts.items()}

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing."""
        return {
            "columns": dict(self.columns),
            "header_rows": {sheet: list(rows) for sheet, rows in self.header_rows.items()},
            "values": {name: dict(texts) for name, texts in self.values.items()},
            "dates": dict(self.dates),
            "skipped_sheets": list(self.skipped_sheets),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RosterMapping:
        """The mapping that `as_json` gave."""
        return cls(
            columns=data.get("columns", {}),
            header_rows={sheet: (rows[0], rows[1]) for sheet, rows in data.get("header_rows", {}).items()},
            values=data.get("values", {}),
            dates=data.get("dates", {}),
            skipped_sheets=tuple(data.get("skipped_sheets", ())),
        )
