"""The fields of a kind of decision: one declaration for the form, the list of many people, the draft's text, the check.

Values are kept as JSON: days in ISO form, choices and codes of lists by their key, rows by their primary key.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.db import models
from django.db.models import TextChoices

from hrdb.kernel.dates import format_date
from personnel.models import CodeList, JobPosition, Mandate, Title, Unit

FieldType = Literal["text", "long_text", "day", "number", "decimal", "flag", "choice", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActField:
    """One thing that a decision says.

    `of_person`: it may differ from person to person of one decision, and stands in the list of people. `model` is what
    a row is of, `only` narrows which rows may be chosen.
    """

    key: str
    label: str
    input: FieldType = "text"
    is_required: bool = False
    of_person: bool = False
    help: str = ""
    choices: type[TextChoices] | None = None
    model: type[models.Model] | None = None
    only: Mapping[str, Any] = field(default_factory=dict)
    default: Any = None

    def stored(self, value: Any) -> Any:
        """A value as JSON keeps it; None for what is empty."""
        if value is None or value == "":
            return None
        if isinstance(value, models.Model):
            return value.pk
        if isinstance(value, datetime.date):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal) else value

    def read(self, stored: Any) -> Any:
        """A stored value as Python knows it; rows stay keys, see `resolve`. Raises ValueError."""
        if stored is None:
            return self.default
        if self.input == "day":
            return datetime.date.fromisoformat(stored)
        if self.input == "decimal":
            return _decimal(stored)
        return int(stored) if self.input == "number" else stored

    def shown(self, value: Any) -> str:
        """A resolved value in words."""
        if value is None or value == "":
            return ""
        if self.input == "flag":
            return "Có" if value else "Không"
        if isinstance(value, datetime.date):
            return format_date(value)
        if self.choices is not None:
            return str(self.choices(value).label)
        return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


def _decimal(stored: Any) -> Decimal:
    try:
        return Decimal(str(stored))
    except InvalidOperation:
        raise ValueError(stored) from None


def title_field(key: str = "title", label: str = "Chức vụ, chức danh", **more: Any) -> ActField:
    """A title of the list of titles."""
    return ActField(key=key, label=label, input="row", model=Title, **{"of_person": True, **more})


def unit_field(key: str = "unit", label: str = "Cơ quan, đơn vị", **more: Any) -> ActField:
    """A unit of the tree."""
    return ActField(key=key, label=label, input="row", model=Unit, **{"of_person": True, **more})


def position_field(**more: Any) -> ActField:
    """The job position that the person is placed in (vị trí việc làm)."""
    return ActField(
        key="job_position", label="Vị trí việc làm", input="row", model=JobPosition, **{"of_person": True, **more}
    )


def mandate_field(**more: Any) -> ActField:
    """The mandate with which the post ends (nhiệm kỳ)."""
    return ActField(key="mandate", label="Nhiệm kỳ", input="row", model=Mandate, **more)


def code_field(key: str, label: str, model: type[CodeList], **more: Any) -> ActField:
    """An item of a dated code list."""
    return ActField(key=key, label=label, input="row", model=model, **more)


def day_field(key: str, label: str, **more: Any) -> ActField:
    """A day."""
    return ActField(key=key, label=label, input="day", **more)


def resolve(fields: Sequence[ActField], values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored values as Python knows them, rows fetched with one query for each model; a row that is gone is None."""
    listed = list(values)
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for item in fields:
        if item.model is not None:
            wanted[item.model] |= {given[item.key] for given in listed if given.get(item.key) is not None}
    found = {model: model._default_manager.in_bulk(list(keys)) for model, keys in wanted.items()}
    return [{item.key: _resolved(item, given.get(item.key), found) for item in fields} for given in listed]


def _resolved(item: ActField, stored: Any, found: Mapping[type[models.Model], Mapping[Any, models.Model]]) -> Any:
    if item.model is None:
        return item.read(stored)
    return None if stored is None else found[item.model].get(stored)
