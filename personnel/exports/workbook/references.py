"""What items of lists, units and seats are called in a workbook, and which item a text means; each list read once."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from hrdb.kernel.models import User
from hrdb.kernel.text import clean_text, fold
from personnel.exports.workbook.columns import SheetColumn
from personnel.forms.lookups import CODE_AT_END, NAMED
from personnel.forms.lookups import LookupField as TypedField
from personnel.models import Commune, JobPosition, Mandate, Seat, Unit, UnitVersion
from personnel.policies import Action

#: Values of a row that narrow what a text can mean: «Sơ cấp» of which kind.
NARROWING = ("kind", "regime")
UNKNOWN = "Không có «{text}» trong danh mục."
OUTSIDE = "Không có «{text}» trong phạm vi được chọn."


class Reference(Protocol):
    """One list of items."""

    def written(self, pk: int) -> str:
        """What the item is called; empty when there is none."""
        ...

    def item(self, pk: int) -> Any:
        """The item itself."""
        ...

    def meant(self, text: str, row: Mapping[str, Any]) -> Any:
        """The item that a text means beside the other values of its row; raises ValidationError."""
        ...

    def offered(self) -> tuple[str, ...]:
        """What may be chosen, as it is written."""
        ...


class ListReference:
    """The items of a code list or another list; closed ones are known and not offered."""

    def __init__(
        self, items: Iterable[Any], day: datetime.date, label: Callable[[Any], str], heading: Callable[[Any], str]
    ) -> None:
        self._items = {item.pk: item for item in items}
        self._day = day
        labels = {pk: label(item) for pk, item in self._items.items()}
        twice = _repeated(labels)
        labels |= {pk: f"{labels[pk]} ({heading(self._items[pk])})" for pk in twice if heading(self._items[pk])}
        still = _repeated(labels)
        labels |= {pk: f"{labels[pk]} ({getattr(self._items[pk], 'code', pk)})" for pk in still}
        self._written = labels
        self._by_text: dict[str, list[Any]] = defaultdict(list)
        for pk, item in self._items.items():
            for text in {fold(labels[pk]), fold(label(item)), fold(str(item)), fold(str(getattr(item, "code", "")))}:
                self._by_text[text].append(item)
        self._exact = {fold(text): self._items[pk] for pk, text in labels.items()}

    def written(self, pk: int) -> str:
        """The label, told apart where several have it."""
        return self._written.get(pk, "")

    def item(self, pk: int) -> Any:
        """The item itself."""
        return self._items[pk]

    def meant(self, text: str, row: Mapping[str, Any]) -> Any:
        """By the written form, else by label, name or code where one item fits, open ones before closed."""
        key = fold(text)
        if key in self._exact:
            return self._exact[key]
        found = self._by_text.get(key, [])
        for narrower in (_open_on(self._day), _of_row(row)):
            found = list(filter(narrower, found)) or found
        return _only(found, text, UNKNOWN, lambda item: self.written(item.pk))

    def offered(self) -> tuple[str, ...]:
        """The items open on the day, in the order of the list."""
        is_open = _open_on(self._day)
        return tuple(self._written[pk] for pk, item in self._items.items() if is_open(item))


class UnitReference:
    """Units by their names on the day; all are called by their name, those in scope may be chosen."""

    def __init__(self, user: User | None, day: datetime.date) -> None:
        named = UnitVersion.objects.standing_on(day).values_list("unit_id", "unit__code", "name", "effective_until")
        later = UnitVersion.objects.filter(effective_from__gt=day).order_by("unit_id", "effective_from")
        rows = {unit_id: row for unit_id, *row in later.values_list("unit_id", "unit__code", "name", "effective_until")}
        rows |= {unit_id: row for unit_id, *row in named}
        self._written = {unit_id: f"{name} ({code})" for unit_id, (code, name, _) in rows.items()}
        self._items = {unit_id: Unit(pk=unit_id, code=code) for unit_id, (code, _, _) in rows.items()}
        allowed = set(Unit.objects.visible_to(user, Action.EDIT).values_list("pk", flat=True))
        self.allowed = frozenset(allowed & rows.keys())
        standing = (self._written[pk] for pk in self.allowed if rows[pk][2] is None or rows[pk][2] > day)
        self._offered = tuple(sorted(standing, key=lambda text: (fold(text), text)))
        self._by_code = {rows[pk][0].casefold(): pk for pk in self.allowed}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for pk in self.allowed:
            self._by_name[fold(rows[pk][1])].append(pk)

    def written(self, pk: int) -> str:
        """Name and code."""
        return self._written.get(pk, "")

    def item(self, pk: int) -> Unit:
        """The unit."""
        return self._items[pk]

    def meant(self, text: str, row: Mapping[str, Any]) -> Unit:
        """By the code at the end, by the code alone, else by a name that one unit in scope has."""
        known = self.find(text)
        pk: int = known if known is not None else _only(self._named(text), text, OUTSIDE, self.written)
        return self._items[pk]

    def find(self, text: str) -> int | None:
        """The unit in scope that a text means without a doubt, None for nothing."""
        text = clean_text(text)
        code = CODE_AT_END.search(text)
        for candidate in (code[1] if code else "", text):
            if candidate.casefold() in self._by_code:
                return self._by_code[candidate.casefold()]
        found = self._named(text)
        return found[0] if len(found) == 1 else None

    def _named(self, text: str) -> list[int]:
        return self._by_name.get(fold(text), [])

    def offered(self) -> tuple[str, ...]:
        """The units in scope that stand on the day."""
        return self._offered


class OfUnitReference:
    """Seats, job positions and mandates: each belongs to a unit, and is called by its name within it."""

    def __init__(self, model: type[models.Model], owner: str, label: Callable[[Any], str], joined: str = "") -> None:
        self._model, self._owner, self._label = model, owner, label
        self._joined = [joined] if joined else []
        self._items: dict[int, Any] = {}
        self._of: dict[int, list[Any]] = {}

    def preload(self, ids: Iterable[int], unit_ids: Iterable[int]) -> None:
        """Read the items of some rows, and those that rows of some units may mean, in one query."""
        wanted, units = set(ids) - self._items.keys(), set(unit_ids) - self._of.keys()
        if not wanted and not units:
            return
        found = self._model._default_manager.filter(Q(pk__any=wanted) | Q(**{f"{self._owner}__any": units}))
        self._of |= {unit_id: [] for unit_id in units}
        for item in found.select_related(*self._joined).order_by("pk"):
            self._items[item.pk] = item
            if getattr(item, self._owner) in units:
                self._of[getattr(item, self._owner)].append(item)

    def written(self, pk: int) -> str:
        """The name within the unit."""
        return self._label(self._items[pk]) if pk in self._items else ""

    def item(self, pk: int) -> Any:
        """The item itself."""
        return self._items[pk]

    def meant(self, text: str, row: Mapping[str, Any]) -> Any:
        """By its name, among those of the row's unit; where several bear it, the one in force when the row begins."""
        unit = row.get("unit")
        of_unit = self._of.get(unit.pk, []) if unit is not None else []
        found = [item for item in of_unit if fold(self._label(item)) == fold(text)]
        since = row.get("effective_from")
        first = getattr(since, "value", since)
        if first is not None:
            found = [item for item in found if not hasattr(item, "holds_on") or item.holds_on(first)] or found
        return _only(found, text, "Không có «{text}» ở đơn vị đã chọn.", lambda item: self.written(item.pk))

    def offered(self) -> tuple[str, ...]:
        """Nothing: what may be chosen depends on the row's unit."""
        return ()


class TypedReference:
    """Another long list that is looked up by typing: asked once for each text."""

    def __init__(self, field: TypedField, day: datetime.date) -> None:
        self._field, self._day = field, day
        self._meant: dict[str, Any] = {}

    def written(self, pk: int) -> str:
        """As the list writes it."""
        return self._field.source.written(pk, self._day)

    def item(self, pk: int) -> Any:
        """The item itself."""
        return self._field.source.get(pk)

    def meant(self, text: str, row: Mapping[str, Any]) -> Any:
        """As the form reads it."""
        if text not in self._meant:
            self._meant[text] = self._field.clean(text)
        return self._meant[text]

    def offered(self) -> tuple[str, ...]:
        """Nothing: the list is long."""
        return ()


class References:
    """The lists that a workbook's columns name, for one reader and day."""

    def __init__(self, user: User | None, day: datetime.date) -> None:
        self.user, self.day = user, day
        self._made: dict[Any, Reference] = {}

    def of(self, column: SheetColumn) -> Reference:
        """The list of a column."""
        key = source_of(column)
        if key not in self._made:
            self._made[key] = self._make(column, key)
        return self._made[key]

    @property
    def units(self) -> UnitReference:
        """The units."""
        if Unit not in self._made:
            self._made[Unit] = UnitReference(self.user, self.day)
        found = self._made[Unit]
        assert isinstance(found, UnitReference)
        return found

    def _make(self, column: SheetColumn, key: Any) -> Reference:
        field: Any = column.field
        if key is Unit:
            return self.units
        if key is Commune:
            communes = Commune.objects.select_related("province").order_by("position", "code")
            return ListReference(communes, self.day, lambda one: f"{one.name}, {one.province} ({one.code})", _nothing)
        if isinstance(key, str):
            return TypedReference(field, self.day)
        if key in _OF_UNITS:
            return OfUnitReference(key, *_OF_UNITS[key])
        items = list(key._default_manager.all())
        if field.heading is not None:
            items.sort(key=field.heading_order)
        return ListReference(items, self.day, field.label_from_instance, field.heading or _nothing)


#: Lists whose items belong to a unit: the column that names it, how they are called, what is joined to call them so.
_OF_UNITS: dict[Any, tuple[Any, ...]] = {
    Seat: ("unit_id", lambda seat: str(seat.title), "title"),
    JobPosition: ("unit_id", lambda position: f"{position.code} · {position.name}"),
    Mandate: ("body_id", str),
}


def source_of(column: SheetColumn) -> Any:
    """What stands behind a column: a model, or the key of a list that is looked up by typing."""
    field: Any = column.field
    if isinstance(field, TypedField):
        return {"unit": Unit, "commune": Commune}.get(field.source.key, field.source.key)
    return field.queryset.model


def _nothing(item: Any) -> str:
    return ""


def _repeated(labels: Mapping[int, str]) -> list[int]:
    """Keys whose label another key has too."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for pk, text in labels.items():
        by_label[fold(text)].append(pk)
    return [pk for keys in by_label.values() if len(keys) > 1 for pk in keys]


def _open_on(day: datetime.date) -> Callable[[Any], bool]:
    """Whether an item may be used on a day; what has no days always may."""

    def is_open(item: Any) -> bool:
        since, until = getattr(item, "valid_from", None), getattr(item, "valid_until", None)
        return (since is None or since <= day) and (until is None or day < until)

    return is_open


def _of_row(row: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether an item goes with the kind that its row says."""
    told = {name: row[name] for name in NARROWING if row.get(name)}
    return lambda item: all(getattr(item, name, value) == value for name, value in told.items())


def _only(found: list[Any], text: str, unknown: str, written: Callable[[Any], str]) -> Any:
    """The one that is left; raises ValidationError for none and for several."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(unknown.format(text=text), code="unknown-value")
    named = "; ".join(written(item) for item in found[:NAMED])
    more = "; …" if len(found) > NAMED else ""
    raise ValidationError(f"Có nhiều mục khớp, hãy ghi rõ: {named}{more}.", code="ambiguous")
