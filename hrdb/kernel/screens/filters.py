"""Filters of a list: an ordinary form whose values live in the address, shown as chips that can be taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from hrdb.kernel.screens.formats import value_text
from hrdb.kernel.screens.links import with_query

RESERVED = frozenset({"day", "sort", "page", "columns", "export", "filters"})
MENU = "filter-menu-"
OTHERS = "others"
OTHERS_LABEL = {True: "Thêm bộ lọc", False: "Bộ lọc"}
EVERYTHING = "Tất cả"
FEW_FIELDS = 3
FEW_CHOICES = 12


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it says, and the address without it."""

    key: str
    text: str
    remove_url: str
    is_wrong: bool = False
    is_primary: bool = False


@dataclass(frozen=True)
class FilterMenu:
    """A menu of the filter bar: its fields, its chip when it is in force, what it keeps while it is not drawn."""

    key: str
    label: str
    fields: list[forms.BoundField]
    chip: Chip | None
    kept: list[tuple[str, str]]
    opened: str

    @property
    def is_many(self) -> bool:
        """Whether it is the menu of all other fields."""
        return self.key == OTHERS

    @property
    def is_open(self) -> bool:
        """Whether it is drawn open."""
        return self.opened == self.key

    @property
    def is_lazy(self) -> bool:
        """Whether its fields are fetched only when it is opened."""
        return not self.is_open and (
            len(self.fields) > FEW_FIELDS or any(_is_heavy(field.field) for field in self.fields)
        )


class FilterForm(forms.Form):
    """Filters (bộ lọc) of one kind of rows; the same form feeds list, export and statistics.

    Declare ordinary form fields (all become optional). For each field `NAME`:
    `apply_NAME(queryset, value)` narrows the rows (by default: equality, or membership for several values);
    `say_NAME(value)` words the chip (by default "label: value", only the label for a ticked box).

    `search`: name of the free text field, always in sight. `primary`: names that have a chip of their own in the bar,
    the others stand under "Thêm bộ lọc". `defaults`: values in force when the address says nothing.
    """

    is_filter: ClassVar[bool] = True
    search: ClassVar[str] = ""
    primary: ClassVar[Sequence[str]] = ()
    defaults: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, data: QueryDict | Mapping[str, Any] | None, request: HttpRequest) -> None:
        self.request = request
        super().__init__(self._with_defaults(data), auto_id="filter_%s")
        for name, field in self.fields.items():
            if name in RESERVED:
                raise ValueError(f"{type(self).__name__}: the name {name!r} is taken by the list itself")
            field.required = False
        self.prepare(request)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
                field.empty_label = EVERYTHING
            if type(field.widget) is forms.SelectMultiple and isinstance(field, forms.ChoiceField):
                field.widget = forms.CheckboxSelectMultiple()
                field.widget.choices = field.choices

    def prepare(self, request: HttpRequest) -> None:
        """Fit the fields to the reader: a subclass narrows the querysets of its choice fields here."""

    def _with_defaults(self, data: QueryDict | Mapping[str, Any] | None) -> QueryDict:
        """The asked values, and the defaults of those that the address does not mention."""
        filled = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
        given = {} if isinstance(data, QueryDict) else (data or {})
        for key, value in [*given.items(), *self.defaults.items()]:
            if key not in filled:
                filled.setlist(key, [str(one) for one in (value if isinstance(value, list | tuple) else [value])])
        return filled

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values in force, by field name, without the empty ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if not _is_blank(value)}

    def narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that every filter lets through; none when one cannot be read, so that it never passes for absent."""
        if not self.is_valid():
            return queryset.none()
        for name, value in self.values.items():
            apply = getattr(self, f"apply_{name}", None)
            if apply is not None:
                queryset = apply(queryset, value)
            elif isinstance(value, list | tuple | QuerySet):
                queryset = queryset.filter(**{f"{name}__in": value})
            else:
                queryset = queryset.filter(**{name: value})
        return queryset

    def say(self, name: str, value: Any) -> str:
        """The words of a chip."""
        own = getattr(self, f"say_{name}", None)
        if own is not None:
            return str(own(value))
        field = self.fields[name]
        label = str(field.label or name)
        if isinstance(field, forms.BooleanField) and value is True:
            return label
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField) or isinstance(value, list):
            return f"{label}: {', '.join(self._choice_text(field, one) for one in value)}"
        return f"{label}: {self._choice_text(field, value)}"

    @staticmethod
    def _choice_text(field: forms.Field, value: Any) -> str:
        """The label of a chosen value."""
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            for key, label in flat_choices(field):
                if str(key) == str(value):
                    return str(label)
        return value_text(value)

    def chips(self) -> list[Chip]:
        """The filters in force and the unreadable ones, each with the address that takes it off."""
        return self._chips

    @cached_property
    def _chips(self) -> list[Chip]:
        """The chips, worded once."""
        url = self.request.get_full_path()
        values = self.values
        chips = []
        for name in self.fields:
            if name == self.search and name in values:
                text, wrong = f"Tìm «{values[name]}»", False
            elif name in values:
                text, wrong = self.say(name, values[name]), False
            elif name in self.errors:
                text, wrong = f"{self.fields[name].label}: giá trị không dùng được", True
            else:
                continue
            chips.append(Chip(name, text, self._without(url, name), wrong, name in self.primary))
        return chips

    def _without(self, url: str, name: str) -> str:
        """The address without one filter; a default is switched off by an empty value."""
        bare = with_query(url, **{name: None, "page": None})
        return bare + ("&" if "?" in bare else "?") + f"{name}=" if name in self.defaults else bare

    @property
    def clear_url(self) -> str:
        """The address with no filter at all; asked day, order and columns stay."""
        url = with_query(self.request.get_full_path(), page=None, **dict.fromkeys(self.fields))
        for name in self.defaults:
            url += ("&" if "?" in url else "?") + f"{name}="
        return url

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.chips())

    @property
    def default_names(self) -> str:
        """Names whose empty value must be said in the address, because silence means the default."""
        return " ".join(self.defaults)

    @cached_property
    def menus(self) -> list[FilterMenu]:
        """The menus of the bar: one for each primary field, and one for all the others.

        A menu whose choices are many or come from the database is fetched only when it is opened: by htmx with the
        target `filter-menu-KEY`, by readers without scripts with `?filters=KEY`.
        """
        opened = asked_menu(self.request)
        chips = {chip.key: chip for chip in self.chips()}
        shown = [field for field in self.visible_fields() if field.name != self.search]
        made = [
            FilterMenu(field.name, str(field.label), [field], chips.get(field.name), self._kept([field]), opened)
            for name in self.primary
            for field in shown
            if field.name == name
        ]
        others = [field for field in shown if field.name not in self.primary]
        if others:
            made.append(FilterMenu(OTHERS, OTHERS_LABEL[bool(made)], others, None, self._kept(others), opened))
        return made

    def _kept(self, fields: Sequence[forms.BoundField]) -> list[tuple[str, str]]:
        """What fields that are not drawn yet add to the address, so that another filter does not lose it."""
        asked: dict[str, list[str]] = dict(self.data.lists()) if isinstance(self.data, QueryDict) else {}
        names = [field.name for field in fields]
        return [(name, value) for name in names for value in asked.get(name, ()) if value or name in self.defaults]

    def kept_hidden(self) -> list[tuple[str, str]]:
        """What the hidden fields add to the address."""
        return self._kept(self.hidden_fields())

    def search_field(self) -> forms.BoundField | None:
        """The free text field."""
        return self[self.search] if self.search else None


def asked_menu(request: HttpRequest) -> str:
    """The key of the menu that is to be drawn, because it was opened."""
    htmx = getattr(request, "htmx", None)
    target = (htmx.target or "") if htmx else ""
    return target.removeprefix(MENU) if target.startswith(MENU) else request.GET.get("filters", "")


def _is_blank(value: Any) -> bool:
    """Whether a cleaned value means «not asked»."""
    if isinstance(value, QuerySet):
        return not value.exists()
    return value is None or value == "" or value is False or value == [] or value == ()


def _is_heavy(field: forms.Field) -> bool:
    """Whether drawing a field asks the database or takes long lines."""
    if isinstance(field, forms.ModelChoiceField):
        return True
    return isinstance(field.widget, forms.widgets.ChoiceWidget) and len(_flat(field.widget.choices)) > FEW_CHOICES


def flat_choices(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    """The choices of a field without their groups."""
    return _flat(field.choices)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat
