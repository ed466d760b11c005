"""Columns of a list: one declaration for the screen, the choice of columns, the sort links and the export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, OrderBy
from django.db.models.expressions import Combinable
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.screens.formats import NOTHING, value_text

Value = str | Callable[[Any], object]
Sort = str | Combinable | OrderBy


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list.

    `value`: attribute path ("owner.name") or function of the row; by default the attribute named `key`.
    `second`: the same for a small second line under the value.
    `link`: function of the row that gives the address the value leads to.
    `render`: function of the row that gives the whole cell (escaped unless marked safe); replaces value, second, link.
    `sort`: field name(s) or expressions for order_by; without it the head is no link.
    `hidden`: shown only when chosen; `fixed`: cannot be taken away.
    `export`: what the spreadsheet gets instead of `value` (raw values: dates, numbers), False leaves the column out.
    `second_label`: with it the second line becomes a column of its own in the export.
    """

    key: str
    label: str
    value: Value | None = None
    second: Value | None = None
    second_label: str = ""
    link: Callable[[Any], str] | None = None
    render: Callable[[Any], str] | None = None
    sort: Sort | Sequence[Sort] | None = None
    align: Literal["left", "right", "center"] = "left"
    hidden: bool = False
    fixed: bool = False
    export: Value | Literal[False] | None = None
    wide: bool = False

    def raw(self, row: Any) -> object:
        """The value of the row, as it is."""
        return read(self.value if self.value is not None else self.key, row)

    def cell(self, row: Any, keep: Callable[[str], str] = str) -> SafeString:
        """The content of the table cell; `keep` makes the link's address carry the asked day."""
        if self.render is not None:
            return conditional_escape(self.render(row))
        value = self.raw(row)
        first = value if isinstance(value, SafeString) else escape(value_text(value))
        if first == NOTHING:
            first = format_html('<span class="none">{}</span>', NOTHING)
        if self.link is not None:
            first = format_html('<a href="{}">{}</a>', keep(self.link(row)), first)
        if self.second is None:
            return first
        below = read(self.second, row)
        if below in (None, ""):
            return first
        return format_html(
            '{}<span class="sub">{}</span>', first, below if isinstance(below, SafeString) else value_text(below)
        )

    def exported(self, row: Any) -> object:
        """The value for a spreadsheet cell: a date, number or text, None when there is none."""
        return plain(read(self.export, row) if self.export else self.raw(row))

    @property
    def css(self) -> str:
        """Classes of the cells."""
        align = {"left": "", "right": "num", "center": "center"}[self.align]
        return " ".join(
            filter(None, (align, "lead-cell" if self.link and self.fixed else "", "wide" if self.wide else ""))
        )

    def order(self, descending: bool, model: type[Model] | None = None) -> list[OrderBy]:
        """The order_by terms of this column, empty values last; `model` tells which fields are never empty.

        PostgreSQL walks an index backwards only when nulls are not asked to stand last: they are where they may occur.
        """
        given = [self.sort] if isinstance(self.sort, str | Combinable | OrderBy) else list(self.sort or ())
        terms: list[OrderBy] = []
        for term in given:
            if isinstance(term, OrderBy):
                down = term.descending != descending
                terms.append(OrderBy(term.expression, descending=down, nulls_last=True if down else None))
                continue
            down = (isinstance(term, str) and term.startswith("-")) != descending
            expression: Any = F(term.lstrip("-")) if isinstance(term, str) else term
            empty_last = down and not (isinstance(term, str) and model and _is_never_null(model, term.lstrip("-")))
            terms.append(OrderBy(expression, descending=down, nulls_last=True if empty_last else None))
        return terms


def _is_never_null(model: type[Model], path: str) -> bool:
    """Whether a field path of a model cannot be NULL; annotations may be."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if (
            getattr(field, "null", True)
            or getattr(field, "many_to_many", False)
            or getattr(field, "one_to_many", False)
        ):
            return False
        model = getattr(field, "related_model", None) or model
    return field is not None


def read(value: Value, row: Any) -> object:
    """Follow an attribute path or call a function of the row; a missing link on the path gives None."""
    if callable(value):
        return value(row)
    found: Any = row
    for name in value.split("."):
        if found is None:
            return None
        found = found[name] if isinstance(found, dict) else getattr(found, name)
        if callable(found) and not isinstance(found, type):
            found = found()
    return found


def plain(value: object) -> object:
    """A value that a spreadsheet can hold."""
    if value is None or value == "":
        return None
    if isinstance(value, PartialDate):
        return value.value if value.precision == "day" else value.text
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date | int | float | Decimal):
        return value
    if isinstance(value, SafeString):
        return str(value)
    return value_text(value)


def exported_columns(columns: Iterable[Column]) -> list[Column]:
    """The columns that go into a spreadsheet."""
    return [column for column in columns if column.export is not False]


def export_labels(columns: Iterable[Column]) -> list[str]:
    """Heads of the exported columns; a second line with a label of its own is a column of its own."""
    labels: list[str] = []
    for column in exported_columns(columns):
        labels.append(column.label)
        if column.second is not None and column.second_label:
            labels.append(column.second_label)
    return labels


def export_rows(columns: Iterable[Column], rows: Iterable[Any]) -> Iterator[list[object]]:
    """The rows of a list as spreadsheet values, in the order of `export_labels`; `rows` may be a queryset."""
    chosen = exported_columns(columns)
    for row in rows:
        values: list[object] = []
        for column in chosen:
            values.append(column.exported(row))
            if column.second is not None and column.second_label:
                values.append(plain(read(column.second, row)))
        yield values
