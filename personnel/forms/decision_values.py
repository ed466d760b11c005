"""What a decision says, as people write it: one control for each field of its kind, for all people and for each.

A row of values is read from a form or from a list of people the same way: items of lists are written by name or code,
so that what is typed, chosen and pasted means the same.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.forms import CommaDecimalField, DayField, DayInput
from hrdb.kernel.models import User
from hrdb.kernel.periods import in_force_q
from hrdb.kernel.text import clean_text, fold
from personnel.choices import DisciplineRegime
from personnel.forms.decision_lookups import position_written
from personnel.forms.fields import NOT_CHOSEN, LineField, LinesField, open_items
from personnel.forms.lookups import LookupInput
from personnel.models import CodeList, DisciplineForm, JobPosition, Mandate, Rank, Title, Unit, UnitVersion
from personnel.policies import Action
from personnel.services.decisions.fields import ActField

#: Lists that are longer are typed with suggestions instead of chosen.
LONGEST_CHOICE: Final = 40
#: Items that a fault names.
NAMED: Final = 4
LONGEST_TEXT: Final = 500
#: Lists too long for a page: suggested as one types, by their sources.
LOOKED_UP: Final[Mapping[type[models.Model] | None, str]] = {Unit: "unit", JobPosition: "position"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item that may be chosen: its key, its code and name, how it is written, and the unit to which it belongs."""

    pk: int
    code: str
    name: str
    written: str
    unit_id: int | None = None


class Items:
    """The items of one list that may be chosen on a day, found by what people write."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.all = list(items)
        self._by_pk = {item.pk: item for item in self.all}

    @cached_property
    def _by_text(self) -> tuple[dict[str, list[Item]], ...]:
        found: tuple[dict[str, list[Item]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        for item in self.all:
            for index, text in zip(found, (item.written, item.code, item.name), strict=True):
                index[fold(text)].append(item)
        return found

    def written(self, pk: int | None) -> str:
        """An item as it is written; empty for one that is not among them."""
        item = self._by_pk.get(pk or 0)
        return item.written if item else ""

    def find(self, text: str, near: Collection[int] = ()) -> int:
        """The item that a text means: as written, by code or by name, of the units `near` where several fit."""
        key = fold(text)
        for index in self._by_text:
            fitting = index.get(key, [])
            if len(fitting) > 1:
                fitting = [item for item in fitting if item.unit_id in near] or fitting
            if len(fitting) == 1:
                return fitting[0].pk
            if fitting:
                raise ValidationError(f"Có nhiều mục khớp «{text}»: {self._named(fitting)}.", code="ambiguous")
        close = [item for item in self.all if key in fold(item.written)]
        hint = f" Có phải: {self._named(close)}?" if close else ""
        raise ValidationError(f"Không có «{text}» trong danh mục.{hint}", code="unknown")

    @staticmethod
    def _named(items: Sequence[Item]) -> str:
        more = "; …" if len(items) > NAMED else ""
        return "; ".join(item.written for item in items[:NAMED]) + more


class Choices:
    """The lists that a user may choose from on a day, each read when it is first asked for.

    `kept` are keys that stand in the decision already: they stay written even when they are closed or elsewhere.
    """

    def __init__(
        self, *, user: User | None, day: datetime.date, kept: Mapping[type[models.Model], Collection[int]] | None = None
    ) -> None:
        self.user, self.day, self.kept = user, day, kept or {}
        self._read: dict[type[models.Model], Items] = {}
        self._written: dict[type[models.Model], Items] = {}

    def of(self, model: type[models.Model]) -> Items:
        """The items of a model."""
        if model not in self._read:
            self._read[model] = Items(self._items(model, list(self.kept.get(model, ()))))
        return self._read[model]

    def written(self, model: type[models.Model], pk: int) -> str:
        """A kept item as it is written; of long lists only what is kept is read for it."""
        if model not in LOOKED_UP or model in self._read:
            return self.of(model).written(pk)
        if model not in self._written:
            kept = list(self.kept.get(model, ()))
            rows = self._units(kept, mine=False) if model is Unit else self._positions(kept, mine=False)
            self._written[model] = Items(rows)
        return self._written[model].written(pk)

    def _items(self, model: type[models.Model], kept: list[int]) -> Iterable[Item]:
        if model is Unit:
            return self._units(kept)
        if model is JobPosition:
            return self._positions(kept)
        if model is Mandate:
            return self._mandates(kept)
        rows = open_items(model, self.day, None) | model._default_manager.filter(pk__in=kept)
        if model is Title:
            return _told_apart(rows.order_by("rank", "name").values_list("pk", "code", "name"))
        if model is Rank:
            told = rows.values_list("pk", "code", "name")
            return [Item(pk, code, name, f"{code} · {name}") for pk, code, name in told]
        if model is DisciplineForm:
            told = rows.order_by("regime", "severity").values_list("pk", "code", "name", "regime")
            return [
                Item(pk, code, name, f"{name} ({DisciplineRegime(regime).label})") for pk, code, name, regime in told
            ]
        assert issubclass(model, CodeList)
        return [Item(pk, code, name, name) for pk, code, name in rows.values_list("pk", "code", "name")]

    def _units(self, kept: list[int], *, mine: bool = True) -> Iterable[Item]:
        asked = Q(unit__in=kept)
        if mine:
            asked |= Q(unit__in=Unit.objects.visible_to(self.user, Action.DECIDE))
        rows = UnitVersion.objects.standing_on(self.day).filter(asked).values_list("unit_id", "unit__code", "name")
        return [Item(pk, code, name, f"{name} ({code})", pk) for pk, code, name in rows]

    def _positions(self, kept: list[int], *, mine: bool = True) -> Iterable[Item]:
        asked = Q(pk__in=kept)
        if mine:
            asked |= Q(in_force_q(self.day), unit__in=Unit.objects.visible_to(self.user, Action.DECIDE))
        rows = JobPosition.objects.filter(asked).order_by("unit__code", "code")
        told = rows.values_list("pk", "code", "name", "unit_id", "unit__code")
        return [
            Item(pk, code, name, position_written(name, code, unit), unit_id) for pk, code, name, unit_id, unit in told
        ]

    def _mandates(self, kept: list[int]) -> Iterable[Item]:
        bodies = Unit.objects.visible_to(self.user, Action.DECIDE)
        rows = Mandate.objects.filter(Q(body__in=bodies) | Q(pk__in=kept))
        found = list(rows.order_by("-begins_on", "body_id").values_list("pk", "name", "body_id"))
        names = UnitVersion.objects.names_on(self.day) if found else {}
        return [Item(pk, "", name, f"{name}, {names.get(body, '')}".rstrip(", "), body) for pk, name, body in found]


def _told_apart(rows: Iterable[tuple[int, str, str]]) -> list[Item]:
    """Items by name; those that share a name are written with their code."""
    listed = list(rows)
    names: dict[str, int] = defaultdict(int)
    for _, _, name in listed:
        names[fold(name)] += 1
    return [Item(pk, code, name, name if names[fold(name)] == 1 else f"{name} ({code})") for pk, code, name in listed]


@dataclass
class Cell:
    """One field of a row as a page draws it: what was typed stays as typed."""

    act_field: ActField
    control: forms.Field
    name: str
    value: Any
    owner: str = ""
    errors: list[str] = field(default_factory=list)
    options: str = ""
    #: What is known of the person already is not asked.
    is_closed: bool = False

    @property
    def id(self) -> str:
        """The id of the control."""
        return f"id_{self.name}"

    @property
    def label(self) -> str:
        """The label of the field."""
        return self.act_field.label

    @property
    def is_flag(self) -> bool:
        """Whether it is ticked."""
        return self.act_field.input == "flag"

    def drawn(self, **more: Any) -> SafeString:
        """The control."""
        attrs = {"id": self.id, **more}
        if self.options:
            attrs["list"] = self.options
        if self.owner:
            attrs["aria-label"] = f"{self.label}, {self.owner}"
        if self.errors:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{self.id}_error"}
        value = self.control.prepare_value(self.value) if hasattr(self.control, "prepare_value") else self.value
        return self.control.widget.render(self.name, value, attrs)

    def __str__(self) -> str:
        return self.drawn()


class ActControls:
    """The controls of a kind's fields, made once for all rows of a page."""

    def __init__(self, fields: Sequence[ActField], choices: Choices, *, is_table: bool = False) -> None:
        self.fields, self.choices, self.is_table = list(fields), choices, is_table
        self._controls = {item.key: self._control(item) for item in self.fields}

    def cells(self, prefix: str, values: Mapping[str, Any], owner: str = "") -> list[Cell]:
        """The cells of one row; `values` are raw, as typed."""
        return [
            Cell(
                item,
                self._controls[item.key],
                f"{prefix}-{item.key}",
                values.get(item.key),
                owner,
                options=self._options_id(item),
            )
            for item in self.fields
        ]

    def raw(self, prefix: str, data: Any, files: Any = None) -> dict[str, Any]:
        """What was typed in one row of a sent form."""
        return {
            item.key: self._controls[item.key].widget.value_from_datadict(data, files, f"{prefix}-{item.key}")
            for item in self.fields
        }

    def shown(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values as one would type them."""
        return {item.key: self._shown(item, stored.get(item.key)) for item in self.fields}

    def clean(
        self, raw: Mapping[str, Any], near: Collection[int | None] = ()
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """The values that were meant, None for what is empty, and faults by field.

        A list that belongs to units is asked about the row's own unit first, then about those `near`.
        """
        values: dict[str, Any] = {}
        faults: dict[str, list[str]] = {}
        for item in sorted(self.fields, key=lambda one: one.model is JobPosition):
            own = {values[key] for key in ("unit", "new_unit") if values.get(key)}
            units = own or {pk for pk in near if pk is not None}
            try:
                values[item.key] = self._meant(item, raw.get(item.key), units)
            except ValidationError as error:
                values[item.key], faults[item.key] = None, list(error.messages)
        return values, faults

    def option_lists(self) -> list[tuple[str, list[str]]]:
        """The lists of suggestions that the controls name, each once; those that come as one types are empty."""
        named = {self._options_id(item): item.model for item in self.fields}
        return [
            (name, [] if model in LOOKED_UP else [item.written for item in self.choices.of(model).all])
            for name, model in named.items()
            if name and model is not None
        ]

    def _control(self, item: ActField) -> forms.Field:
        told: dict[str, Any] = {"label": item.label, "required": False, "help_text": item.help}
        if item.input == "day":
            return DayField(widget=DayInput(), **told)
        if item.input == "number":
            words = {"invalid": "Cần viết một số nguyên.", "min_value": "Số này không được nhỏ hơn 0."}
            widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 5})
            return forms.IntegerField(min_value=0, max_value=9999, widget=widget, error_messages=words, **told)
        if item.input == "decimal":
            return CommaDecimalField(max_digits=8, decimal_places=3, min_value=0, **told)
        if item.input == "flag":
            return forms.BooleanField(**told)
        if item.input == "long_text" and not self.is_table:
            return LinesField(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **told)
        if item.input == "choice":
            assert item.choices is not None
            return forms.ChoiceField(choices=[("", self._nothing), *item.choices.choices], **told)
        if item.input != "row":
            return LineField(max_length=LONGEST_TEXT, **told)
        assert item.model is not None
        if item.model in LOOKED_UP:
            return LineField(widget=self._looked_up(LOOKED_UP[item.model]), **told)
        if self._is_long(item.model):
            return LineField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **told)
        options = [(one.written, one.written) for one in self.choices.of(item.model).all]
        return LineField(widget=forms.Select(choices=[("", self._nothing), *options]), **told)

    def _looked_up(self, source: str) -> forms.TextInput:
        """A field with suggestions as one types; the rows of a table share one list of them."""
        if not self.is_table:
            return LookupInput(source)
        url = reverse("personnel:lookup", args=[source])
        return forms.TextInput(attrs={"autocomplete": "off", "data-hr-suggest": url})

    @property
    def _nothing(self) -> str:
        return "" if self.is_table else NOT_CHOSEN

    def _is_long(self, model: type[models.Model]) -> bool:
        return model in (Title, Rank) or len(self.choices.of(model).all) > LONGEST_CHOICE

    def _options_id(self, item: ActField) -> str:
        if item.model in LOOKED_UP:
            return f"suggested-{LOOKED_UP[item.model]}" if self.is_table else ""
        return _list_id(item.model) if item.model is not None and self._is_long(item.model) else ""

    def _shown(self, item: ActField, stored: Any) -> Any:
        if stored is None:
            return None
        if item.model is not None:
            return self.choices.written(item.model, stored)
        return item.read(stored)

    def _meant(self, item: ActField, typed: Any, near: Collection[int]) -> Any:
        if item.input == "flag":
            return True if typed in (True, "on", "true", "1", "x", "X", "có", "Có") else None
        text = clean_text(typed) if isinstance(typed, str) and item.input != "long_text" else typed
        if text in (None, ""):
            return None
        if item.model is not None:
            return self.choices.of(item.model).find(str(text), near)
        if item.choices is not None:
            return _choice(item.choices, str(text))
        value = self._controls[item.key].clean(text)
        return None if value == "" else value


def _choice(choices: type[models.TextChoices], text: str) -> str:
    """A choice by its key or its label."""
    for value, label in choices.choices:
        if text == value or fold(text) == fold(str(label)):
            return str(value)
    labels = "; ".join(str(label) for label in choices.labels)
    raise ValidationError(f"«{text}» không phải một trong: {labels}.", code="unknown")


def _list_id(model: type[models.Model]) -> str:
    return f"options-{model._meta.model_name}"


def kept_keys(fields: Sequence[ActField], stored: Iterable[Mapping[str, Any]]) -> dict[type[models.Model], set[int]]:
    """The keys of rows that stored values name, by model."""
    kept: dict[type[models.Model], set[int]] = defaultdict(set)
    for values in stored:
        for item in fields:
            if item.model is not None and isinstance(values.get(item.key), int):
                kept[item.model].add(values[item.key])
    return kept
