"""What a form is made of: lines, tables and notes with the official labels, in the official order.

Labels, numbers and order come from `personnel/data/forms/*.json`; a form class says which rows share a line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

from hrdb.kernel.registries import Registry
from personnel.reports.record import RecordSnapshot

FORMS_FOLDER = Path(__file__).resolve().parent.parent / "data" / "forms"
#: Width of the text in millimetres, and of columns whose content has one size; the others share the rest by weight.
PAGE_WIDTH = 173
FIXED = {
    "from": 20,
    "until": 20,
    "period": 34,
    "year": 14,
    "birth_year": 14,
    "score": 14,
    "step": 14,
    "coefficient": 30,
    "percent": 18,
    "rank_code": 28,
}
WEIGHTS = {
    "study_form": 14,
    "school": 26,
    "field": 22,
    "language": 15,
    "certificate": 22,
    "unit": 42,
    "title": 36,
    "kind": 16,
    "full_name": 26,
    "details": 64,
    "behaviour": 30,
    "amount": 20,
}
EMPTY_ROWS = 2
SHORT_TABLE = 4
DATE_TO_FILL = "…/…/……"
DOTTED = {"short": "…" * 4, "number": "…" * 7, "medium": "…" * 6, "long": "…" * 15}

Value = str | Sequence[Sequence[str]]


@dataclass(frozen=True)
class FormRow:
    """One row of an official form as its data file tells it."""

    key: str
    item: str
    label: str
    type: str
    columns: tuple[tuple[str, str], ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=8)
def form_rows(name: str) -> Mapping[str, FormRow]:
    """The rows of a form by key, in official order."""
    told = json.loads((FORMS_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {
        row["key"]: FormRow(
            key=row["key"],
            item=row["item"],
            label=row["label"],
            type=row["type"],
            columns=tuple((column["key"], column["label"]) for column in row.get("columns", ())),
            where=row.get("where", {}),
        )
        for row in told["rows"]
    }


# Parts ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """A label and its value; empty, it leaves room to write in: dots, or a date to fill in."""

    key: str
    label: str
    value: str = ""
    blank: str = DOTTED["medium"]
    is_date: bool = False


@dataclass(frozen=True)
class Line:
    """Fields that share a line; a line without any value is dotted to its end."""

    fields: tuple[Field, ...]
    number: str = ""
    kind: ClassVar[str] = "line"

    @property
    def is_blank(self) -> bool:
        """Whether no field has a value."""
        return not any(field.value or field.is_date for field in self.fields)


@dataclass(frozen=True)
class Heading:
    """The title of a section, or of a group within one."""

    text: str
    level: int = 2
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Column:
    """The head of a table's column and its width in millimetres."""

    label: str
    width: int


@dataclass(frozen=True)
class Table:
    """A table; closed, it says so in place of its rows."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    closed: str = ""
    is_section: bool = False
    kind: ClassVar[str] = "table"

    @property
    def is_short(self) -> bool:
        """Whether the table is better kept on one page."""
        return len(self.rows) <= SHORT_TABLE

    @property
    def empty_rows(self) -> range:
        """Rows left to write in, when there is nothing to print."""
        return range(0 if self.rows or self.closed else EMPTY_ROWS)


@dataclass(frozen=True)
class Across:
    """A table whose entries stand side by side (diễn biến lương), a block below a block."""

    key: str
    label: str
    heads: tuple[str, ...]
    blocks: tuple[tuple[tuple[str, ...], ...], ...]
    kind: ClassVar[str] = "across"


@dataclass(frozen=True)
class Note:
    """A question answered in sentences; unanswered, it leaves dotted lines."""

    key: str
    label: str
    paragraphs: tuple[str, ...]
    lines: int = 2
    is_section: bool = False
    kind: ClassVar[str] = "note"

    @property
    def blank_lines(self) -> range:
        """Dotted lines left to write on."""
        return range(0 if self.paragraphs else self.lines)


Part = Line | Heading | Table | Across | Note


@dataclass(frozen=True)
class Pages:
    """A form laid out for one record: fields above the title, lines beside the photograph, everything below."""

    left: tuple[Field, ...]
    right: tuple[Field, ...]
    beside_photo: tuple[Part, ...]
    parts: tuple[Part, ...]

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Every part in official order."""
        return (Line(self.left + self.right), *self.beside_photo, *self.parts)


class Form(Protocol):
    """An official form (mẫu sơ yếu lý lịch) that is laid out from a snapshot; `signers` sign left and right."""

    key: str
    label: str
    file_name: str
    title: str
    issued_by: str
    template: str
    signers: tuple[str, str]

    def lay_out(self, record: RecordSnapshot) -> Pages:
        """The form filled with one record."""
        ...


forms: Registry[Form] = Registry("biểu mẫu sơ yếu lý lịch")


# Laying out -----------------------------------------------------------------------------------------------------------


class Layout:
    """Lays the rows of one form out with the values of one record, each number printed once."""

    def __init__(self, rows: Mapping[str, FormRow], values: Mapping[str, Value], closed: Mapping[str, str]) -> None:
        self.rows, self.values, self.closed = rows, values, closed
        self._numbered: set[str] = set()

    def number(self, item: str, mark: str = ")") -> str:
        """The number of an item, the first time that it is asked for."""
        if item in self._numbered or item == "H":
            return ""
        self._numbered.add(item)
        return f"{item}{mark} "

    def field(self, key: str, *, blank: str = "medium", label: str | None = None) -> Field:
        """A label with its value, or with the reason why it is closed."""
        row = self.rows[key]
        value = self.closed.get(key) or self.values[key]
        is_date = row.type == "date"
        dots = DATE_TO_FILL if is_date else DOTTED[blank]
        return Field(key, row.label if label is None else label, str(value), dots, is_date)

    def line(self, *keys: str, blank: str = "medium", **labels: str) -> Line:
        """Fields that share a line; `labels` replace a label of the data file."""
        fields = tuple(self.field(key, blank=blank, label=labels.get(key)) for key in keys)
        return Line(fields, self.number(self.rows[keys[0]].item))

    def lines(self, *keys: str) -> list[Line]:
        """Each field on a line of its own."""
        return [self.line(key) for key in keys]

    def numbered_line(self, *keys: str) -> Line:
        """Fields of several items that share a line: each label has its own number."""
        fields = [self.field(key) for key in keys]
        numbers = [self.number(self.rows[key].item) for key in keys]
        later = (replace(f, label=f"{mark}{f.label}") for f, mark in zip(fields[1:], numbers[1:], strict=True))
        return Line((fields[0], *later), numbers[0])

    def section_table(self, key: str) -> Table:
        """A table that is a section of its own: its label is the section's heading."""
        table = self.table(key, mark=") ")
        return replace(table, label=table.label.upper(), is_section=True)

    def table(self, key: str, *, mark: str = "- ", number: str | None = None, **widths: int) -> Table:
        """A table with the official heads; `number` replaces the item's, `widths` the usual width of a column."""
        row, value = self.rows[key], self.values[key]
        fixed = FIXED | widths
        keys = [name for name, _ in row.columns]
        weights = sum(WEIGHTS.get(name, 20) for name in keys if name not in fixed)
        rest = PAGE_WIDTH - sum(fixed.get(name, 0) for name in keys)
        columns = tuple(
            Column(label, fixed.get(name) or round(rest * WEIGHTS.get(name, 20) / weights))
            for name, label in row.columns
        )
        closed = self.closed.get(key, "")
        cells = () if closed or isinstance(value, str) else tuple(map(tuple, value))
        label = f"{self.number(row.item, mark) if number is None else number}{row.label}"
        return Table(key, label, columns, cells, closed)

    def note(
        self, key: str, *, lines: int = 2, mark: str = "- ", number: str | None = None, is_section: bool = False
    ) -> Note:
        """A question and its answer in sentences."""
        row, value = self.rows[key], self.values[key]
        answer = (self.closed[key],) if key in self.closed else _paragraphs(value)
        label = row.label.upper() if is_section else row.label
        prefix = self.number(row.item, mark) if number is None else number
        return Note(key, f"{prefix}{label}", answer, lines, is_section)


def _paragraphs(value: Value) -> tuple[str, ...]:
    """The sentences of an answer."""
    if isinstance(value, str):
        return tuple(line for line in value.splitlines() if line.strip())
    return tuple(" ".join(filter(None, cells)) for cells in value)
