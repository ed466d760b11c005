"""The frozen table of a statistic: what page, chart, workbook and paper all render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from personnel.statistics.people import part, text_of
from personnel.statistics.populations import Population


@dataclass(frozen=True, slots=True)
class Column:
    """One column of counts: the people whose `dimension` has the key `member`.

    `group` is the key of its group, `short` what stands over a narrow column.
    """

    key: str
    label: str
    dimension: str
    member: str
    group: str = ""
    is_tier_1: bool = False
    short: str = ""

    @property
    def head(self) -> str:
        """What stands over the column."""
        return self.short or self.label


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns under one head that divide all people of a row: they add up to its total."""

    key: str
    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: how many people, and how many of them in each column, in the order of the table's columns.

    `condition` is the part of a text (see people.py) that tells these people from those of the other rows.
    """

    key: str
    label: str
    total: int
    counts: tuple[int, ...]
    condition: str = ""
    part_of: str = ""
    unit_code: str = ""

    def share(self, index: int) -> Fraction | None:
        """The share of a column in the row's total, None where there is nobody."""
        return Fraction(self.counts[index], self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class PyramidStep:
    """One step of the population pyramid (tháp tuổi), with the keys that open its people."""

    key: str
    label: str
    male: int
    female: int


@dataclass(frozen=True, slots=True)
class UnitShown:
    """The unit at whose top a table stands."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StructureTable:
    """Structure of a population (cơ cấu đội ngũ) on a day: rows that divide it, and the total that they add up to."""

    day: date
    population: Population
    unit: UnitShown | None
    asked_unit: str | None
    is_whole_province: bool
    rows_by: str
    rows_label: str
    youth: str
    headline: tuple[Column, ...]
    groups: tuple[ColumnGroup, ...]
    rows: tuple[Row, ...]
    total: Row
    pyramid: tuple[PyramidStep, ...]
    unknown: tuple[tuple[Column, int], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns in the order of the counts."""
        return (*self.headline, *(column for group in self.groups for column in group.columns))

    def index(self, key: str) -> int:
        """The place of a column among the counts; raises KeyError."""
        for place, column in enumerate(self.columns):
            if column.key == key:
                return place
        raise KeyError(key)

    def all_rows(self) -> Iterator[Row]:
        """The rows and the total after them."""
        yield from self.rows
        yield self.total

    def text(self, row: Row, column: Column | None = None) -> str:
        """The text that names the people of a row, or of one of its columns (see people.py)."""
        parts = [row.condition, part(column.dimension, column.member) if column else ""]
        return text_of(self.population, parts)

    def pyramid_text(self, step: PyramidStep, sex: str) -> str:
        """The text that names the people of one bar of the pyramid."""
        return text_of(self.population, [self.total.condition, part("pyramid", f"{sex}.{step.key}")])
