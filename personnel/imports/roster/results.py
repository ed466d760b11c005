"""What was understood of a roster: tables, columns, typed rows with issues; it goes through JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from hrdb.kernel.dates import PartialDate
from personnel.imports.roster.issues import RowIssue
from personnel.imports.roster.lookups import Near
from personnel.imports.roster.parts import DegreePart, LanguagePart, TitlePart


class ParsedValue(NamedTuple):
    """A value of a row: as the cell has it, as understood, and its code when it is of a code list.

    `value` is text, `int`, `Decimal`, `PartialDate`, `True`, or a tuple of TitlePart, DegreePart or LanguagePart.
    """

    raw: Any
    value: Any
    code: str | None = None


class Secondment(NamedTuple):
    """What a note says of a secondment (biệt phái): from a unit to this one, or from here to another."""

    text: str
    direction: str
    place: str
    unit: str | None = None


@dataclass(slots=True)
class RosterRow:
    """One person of one list: fields, the unit and where it was told, and what is wrong.

    `same_as` names the first row of the person when an earlier one agrees: two lists, two titles, one person.
    """

    sheet: str
    row: int
    fields: dict[str, ParsedValue]
    section: str = ""
    unit: str | None = None
    unit_source: str = ""
    issues: list[RowIssue] = field(default_factory=list)
    same_as: tuple[str, int] | None = None
    #: The cells of the row as they are in the file; not kept in JSON.
    cells: list[Any] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """Whether the row may not be written."""
        return any(issue.severity == "error" for issue in self.issues)

    def value(self, name: str) -> Any:
        """The understood value of a field, None when the row says nothing."""
        parsed = self.fields.get(name)
        return parsed.value if parsed is not None else None

    def code(self, name: str) -> str | None:
        """The code of a field, None when it has none."""
        parsed = self.fields.get(name)
        return parsed.code if parsed is not None else None


@dataclass(slots=True)
class TableColumn:
    """A column as understood; `column_key` is None for one that is not known, `key` is what mappings remember."""

    index: int
    letter: str
    header: str
    key: str
    column_key: str | None
    label: str
    confidence: float
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """One table of a sheet: header rows (of the spreadsheet), columns, day and rows."""

    sheet: str
    first_header_row: int
    last_header_row: int
    columns: list[TableColumn]
    day: date
    is_day_stated: bool
    unit: str | None
    rows: list[RosterRow] = field(default_factory=list)
    #: Lines that are no person: row, what it was taken for, text.
    other_lines: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def unknown_columns(self) -> list[TableColumn]:
        """Columns that say nothing known; they are not read."""
        return [column for column in self.columns if column.column_key is None]


@dataclass(slots=True)
class SkippedSheet:
    """A sheet that was not read, and why; its first rows for choosing the header by hand."""

    name: str
    reason: str
    first_rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class UnknownValue:
    """Equal values that no list knows, with how often they occur and the nearest known ones."""

    list_name: str
    text: str
    count: int
    nearest: tuple[Near, ...]
    is_error: bool


@dataclass(slots=True)
class SwappedDates:
    """A date column whose days and months seem swapped, with examples and what was decided."""

    column_key: str
    sheet: str
    row: int
    letter: str
    header: str
    examples: list[str]
    decision: str


@dataclass(slots=True)
class Understanding:
    """All that was understood of a file."""

    tables: list[Table]
    skipped: list[SkippedSheet]
    issues: list[RowIssue]
    unknown_values: list[UnknownValue]
    swapped: list[SwappedDates]
    day: date
    notes: list[str]

    @property
    def rows(self) -> Iterator[RosterRow]:
        """The rows of all tables."""
        for table in self.tables:
            yield from table.rows

    @property
    def all_issues(self) -> list[RowIssue]:
        """The issues of the file and of its rows, in order of rows."""
        return [*self.issues, *(issue for row in self.rows for issue in row.issues)]

    @property
    def errors(self) -> list[RowIssue]:
        """The issues that keep rows from being written."""
        return [issue for issue in self.all_issues if issue.severity == "error"]

    @property
    def warnings(self) -> list[RowIssue]:
        """The issues that are only told."""
        return [issue for issue in self.all_issues if issue.severity == "warning"]

    @property
    def needs_decision(self) -> bool:
        """Whether nothing may be written before someone decides about swapped dates."""
        return any(question.decision == "ask" for question in self.swapped)

    def to_json(self) -> str:
        """The understanding as JSON text, without the rows' raw cells."""
        return json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Understanding:
        """The understanding that `to_json` wrote."""
        data = json.loads(text)
        return cls(
            tables=[_table(item) for item in data["tables"]],
            skipped=[SkippedSheet(**item) for item in data["skipped"]],
            issues=[RowIssue(*item) for item in data["issues"]],
            unknown_values=[
                UnknownValue(**{**item, "nearest": tuple(Near(*near) for near in item["nearest"])})
                for item in data["unknown_values"]
            ],
            swapped=[SwappedDates(**item) for item in data["swapped"]],
            day=date.fromisoformat(data["day"]),
            notes=data["notes"],
        )


_PARTS: Final = {"title": TitlePart, "degree": DegreePart, "language": LanguagePart, "secondment": Secondment}
_PART_NAMES: Final = {part: name for name, part in _PARTS.items()}


def _plain(value: Any) -> Any:
    """Dataclasses and dates as JSON values; values of rows as a pair of type and text."""
    if isinstance(value, RosterRow):
        fields = {name: [_raw(parsed.raw), _pair(parsed.value), parsed.code] for name, parsed in value.fields.items()}
        return [
            value.sheet,
            value.row,
            fields,
            value.section,
            value.unit,
            value.unit_source,
            value.issues,
            value.same_as,
        ]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _raw(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _pair(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return ["date", value.iso]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, Secondment):
        return ["secondment", [value]]
    if isinstance(value, tuple):
        return [_PART_NAMES[type(value[0])], value] if value else ["title", []]
    return value


def _unpair(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, content = value
    if kind == "date":
        return PartialDate.parse(content)
    if kind == "decimal":
        return Decimal(content)
    parts = tuple(_PARTS[kind](*part) for part in content)
    return parts[0] if kind == "secondment" else parts


def _table(data: dict[str, Any]) -> Table:
    rows = []
    for sheet, row, fields, section, unit, source, issues, same_as in data["rows"]:
        parsed = {name: ParsedValue(raw, _unpair(value), code) for name, (raw, value, code) in fields.items()}
        told = [RowIssue(*issue) for issue in issues]
        rows.append(RosterRow(sheet, row, parsed, section, unit, source, told, tuple(same_as) if same_as else None))
    return Table(
        **{
            **data,
            "columns": [TableColumn(**column) for column in data["columns"]],
            "day": date.fromisoformat(data["day"]),
            "rows": rows,
            "other_lines": [tuple(line) for line in data["other_lines"]],
        }
    )
