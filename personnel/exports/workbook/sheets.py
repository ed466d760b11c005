"""The sheets of the record workbook: the person, every part of the record, and what upper apps register.

A part of the record gets its sheet from its own declaration (`RecordPart`): the model, the form that writes its rows,
whether it is sensitive. An upper app registers a `RowSheet` for rows that stand outside the record's parts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal, Protocol, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from hrdb.kernel.forms import judged
from hrdb.kernel.models import User
from hrdb.kernel.periods import Dated
from hrdb.kernel.registries import Registry
from hrdb.kernel.text import name_case
from personnel.choices import STUB_CLASSIFICATIONS
from personnel.exports.workbook.columns import SheetColumn, columns_of, is_later
from personnel.forms.identity import (
    SECTIONS,
    TIER_1_FIELDS,
    check_person,
    number_warnings,
    person_fields,
    person_initial,
    person_values,
)
from personnel.forms.rows import DECISION, RecordForm
from personnel.models import Cadre
from personnel.models.cadres import OfCadre
from personnel.models.decisions import Decided
from personnel.record_parts import RecordPart, known_by, parts_in_order
from personnel.record_tables import record_parts
from personnel.services.citing import CitedDecision
from personnel.services.reading import SensitivePart
from personnel.services.records import TRACKS

__all__ = ["PERSON_SHEET", "Judged", "RowSheet", "Sheet", "record_parts", "sheets_in_order", "workbook_sheets"]

#: What is kept of a record that leads to paper alone.
STUB_FIELDS: Final = frozenset({"full_name", "officer_code", "classification", "paper_pointer"})
#: Columns of the person that tell only how things are now.
UNDATED_FIELDS: Final = frozenset(name for section in SECTIONS if section.is_undated for name in section.names)
#: Stands for what a reader may know is there, and not what it is.
MASKED: Final = "•••"


@dataclass(frozen=True)
class Judged:
    """A line that the form has looked at: what it writes, the decision it names, faults by column, oddities."""

    cleaned: Mapping[str, Any]
    values: Mapping[str, Any]
    cited: CitedDecision | None
    #: By column (empty: the whole line) code and sentence of each fault.
    faults: Mapping[str, Sequence[tuple[str, str]]]
    warnings: Sequence[str]


class Sheet(Protocol):
    """What a sheet knows of its rows."""

    @property
    def key(self) -> str:
        """Its name in code."""
        ...

    @property
    def label(self) -> str:
        """Its name in the workbook."""
        ...

    @property
    def noun(self) -> str:
        """One row in a word."""
        ...

    @property
    def model(self) -> type[models.Model]:
        """What its rows are."""
        ...

    @property
    def sensitive(self) -> SensitivePart | None:
        """The part of tier 2 that it is, if it is one."""
        ...

    @property
    def may_remove(self) -> bool:
        """Whether a row can be marked for removal."""
        ...

    @property
    def is_read_only(self) -> bool:
        """Whether its rows are only shown: what a file says differently is told and not written."""
        ...

    def columns(self, user: User | None, day: datetime.date) -> tuple[SheetColumn, ...]:
        """Its columns, with the choices of a day."""
        ...

    def rows(self, people: Sequence[int], day: datetime.date, *, is_past: bool) -> QuerySet[Any]:
        """The rows of some people as known on a day, person by person, in the order of the page."""
        ...

    def held(self, row: Any) -> dict[str, Any]:
        """A row's values by column."""
        ...

    def held_on(self, row: Any, day: datetime.date) -> dict[str, Any]:
        """The same as a reader of a past day may know it."""
        ...

    def as_stored(self, name: str, value: Any) -> Any:
        """A value that was read as it would be stored."""
        ...

    def judge(self, cleaned: Mapping[str, Any], *, stored: Any) -> Judged:
        """What the form says of values that are clean; `stored` is the row that they are about, None for a new one."""
        ...


@dataclass(frozen=True, kw_only=True)
class RowSheet:
    """A sheet of rows of people, written by `form_class`.

    `known_on` is the condition that a row without a period was known on a day; `noun` one row in words.
    """

    key: str
    label: str
    noun: str
    model: type[OfCadre]
    form_class: type[RecordForm]
    order: int = 100
    sensitive: SensitivePart | None = None
    ordering: Sequence[Any] = ()
    may_remove: bool = True
    is_read_only: bool = False
    known_on: Callable[[datetime.date], Q] | None = None

    @classmethod
    def of_part(cls, part: RecordPart) -> Self:
        """The sheet of a part of the record."""
        return cls(
            key=part.key,
            label=part.label,
            noun=part.noun,
            model=part.model,
            form_class=part.form_class,
            order=part.order,
            sensitive=part.sensitive,
            ordering=part.ordering,
            may_remove=part.may_remove,
            known_on=part.known_on,
        )

    def columns(self, user: User | None, day: datetime.date) -> tuple[SheetColumn, ...]:
        """The fields of the form that adds a row."""
        form = self.form_class(user=user, cadre=None, day=day, purpose="add")
        return columns_of(form.fields)

    def rows(self, people: Sequence[int], day: datetime.date, *, is_past: bool) -> QuerySet[Any]:
        """Rows with the decision that they rest on."""
        rows: QuerySet[Any] = self.model.objects.filter(cadre__any=people)
        if issubclass(self.model, Decided):
            rows = rows.select_related("decision")
        if is_past:
            rows = known_by(rows, day, self.known_on)
        return rows.order_by("cadre__sort_key", "cadre_id", *self.ordering)

    def held(self, row: Any) -> dict[str, Any]:
        """What the form shows of the row."""
        return self.form_class.initial_of(row)

    def held_on(self, row: Any, day: datetime.date) -> dict[str, Any]:
        """The same as a reader of a past day may know it."""
        values = _known_by(day, self.held(row))
        decision = getattr(row, "decision", None)
        if decision is not None and decision.effective_on > day:
            values |= dict.fromkeys(DECISION)
        return values

    def as_stored(self, name: str, value: Any) -> Any:
        """As it was read."""
        return value

    def judge(self, cleaned: Mapping[str, Any], *, stored: Any) -> Judged:
        """By the form's own `clean`; the decision is named, not found."""
        form = judged(self.form_class, cleaned, purpose="correct" if stored else "add", warnings=[])
        if form.errors:
            return Judged(form.cleaned_data, {}, None, _faults(form), form.warnings)
        return Judged(form.cleaned_data, _by_column(self.model, form.values()), form.cited(), {}, form.warnings)

    @cached_property
    def track(self) -> tuple[str, ...] | None:
        """The columns beside the person that make one track of periods, None where periods may overlap."""
        return TRACKS.get(self.model)

    @property
    def is_dated(self) -> bool:
        """Whether rows have a period."""
        return issubclass(self.model, Dated)


@dataclass(frozen=True)
class PersonSheet:
    """The sheet of the people themselves: identity and the single rows of the unified form."""

    key: Literal["cadres"] = "cadres"
    label: Literal["Cán bộ"] = "Cán bộ"
    noun: Literal["hồ sơ"] = "hồ sơ"
    sensitive: None = None
    may_remove: Literal[False] = False
    is_read_only: Literal[False] = False
    names: tuple[str, ...] = tuple(name for section in SECTIONS for name in section.names)

    @property
    def model(self) -> type[models.Model]:
        """The person."""
        return Cadre

    def columns(self, user: User | None, day: datetime.date) -> tuple[SheetColumn, ...]:
        """The fields of all groups of the person; nobody new comes without a number."""
        fields = person_fields(self.names, user=user, day=day)
        fields["personal_number"].required = True
        return columns_of(fields)

    def rows(self, people: Sequence[int], day: datetime.date, *, is_past: bool) -> QuerySet[Any]:
        """The people."""
        return Cadre.objects.filter(pk__any=people).order_by("sort_key", "pk")

    def held(self, row: Any) -> dict[str, Any]:
        """What the forms of the person show."""
        return person_initial(row, self.names)

    def held_on(self, row: Any, day: datetime.date) -> dict[str, Any]:
        """The same without what came after a past day."""
        return _known_by(day, self.held(row))

    def as_stored(self, name: str, value: Any) -> Any:
        """A name in capitals as a name."""
        return name_case(value) if name == "full_name" else value

    def judge(self, cleaned: Mapping[str, Any], *, stored: Any) -> Judged:
        """By the checks of the forms of the person."""
        form = judged(_PersonForm, cleaned)
        if form.errors:
            return Judged(form.cleaned_data, {}, None, _faults(form), ())
        values = person_values(form.cleaned_data, self.names)
        return Judged(form.cleaned_data, _by_column(Cadre, values), None, {}, number_warnings(values))


class _PersonForm(forms.Form):
    """All groups of the person at once, over values that are clean."""

    def clean(self) -> dict[str, Any]:
        """What cannot be, whatever the law."""
        check_person(self, self.cleaned_data)
        return self.cleaned_data


def _known_by(day: datetime.date, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without the dates that lie after a day."""
    return {name: None if is_later(value, day) else value for name, value in values.items()}


def _faults(form: forms.BaseForm) -> dict[str, list[tuple[str, str]]]:
    """Codes and sentences by column; what concerns the whole line stands under the empty name."""
    return {
        "" if name == NON_FIELD_ERRORS else name: [(str(one.code or "refused"), one.messages[0]) for one in told]
        for name, told in form.errors.as_data().items()
    }


def _by_column(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the columns of the table: items by their keys."""
    return {_column(model, name): getattr(value, "pk", value) for name, value in values.items()}


def _column(model: type[models.Model], name: str) -> str:
    try:
        return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        raise TypeError(f"{model._meta.label} has no column {name}") from None


def closed_columns(cadre: Any, columns: Sequence[SheetColumn]) -> dict[str, str]:
    """Columns of the person's own sheet that this reader does not see, with what stands there instead.

    `cadre` says what its reader sees (`is_tier_1_open`, `is_of_a_day`), as `exports.workbook.people` annotates it.
    """
    hidden: dict[str, str] = {}
    for column in columns:
        if (cadre.classification in STUB_CLASSIFICATIONS and column.key not in STUB_FIELDS) or (
            cadre.is_of_a_day and column.key in UNDATED_FIELDS
        ):
            hidden[column.key] = ""
        elif not cadre.is_tier_1_open and column.key in TIER_1_FIELDS:
            hidden[column.key] = MASKED
    return hidden


PERSON_SHEET: Final = PersonSheet()

#: Sheets of upper apps, beside those of the person and the parts of the record.
workbook_sheets: Registry[RowSheet] = Registry("trang của sổ hồ sơ")


def sheets_in_order() -> list[Sheet]:
    """Every sheet of the workbook: the person, the parts of the record, and those of upper apps."""
    rows = [*map(RowSheet.of_part, parts_in_order()), *workbook_sheets]
    return [PERSON_SHEET, *sorted(rows, key=lambda sheet: sheet.order)]
