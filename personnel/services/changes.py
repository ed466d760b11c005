"""Plain changes of many records: made by who compares, checked and written set-wise, with errors by place.

A reader (a roster, a workbook) or a decision hands over what shall be added and edited; one transaction writes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction

from hrdb.kernel.constraints import boundaries_may_move, check_rows
from hrdb.kernel.models import User
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.bulk import RowsRefused, create_many, delete_many, update_many
from personnel.services.cadres import derive_keys
from personnel.services.errors import ServiceRefusal


@dataclass
class RowChanges:
    """What one line writes: a new person, rows to add, fields to set on stored rows, stored rows to take away.

    `place` is the line's place in the list of its maker, by which refusals are reported.
    """

    place: int
    cadre: Cadre | None = None
    #: The new person whom an earlier row of the same list brought, when this one is about the same one.
    of: Cadre | None = None
    inserts: list[models.Model] = field(default_factory=list)
    edits: dict[tuple[type[models.Model], int], dict[str, Any]] = field(default_factory=dict)
    removals: set[tuple[type[models.Model], int]] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether the row writes nothing."""
        return self.cadre is None and not self.inserts and not self.edits and not self.removals

    def edit(self, row: models.Model, **values: Any) -> None:
        """Set fields of a stored row, or of a new one that an earlier line of the same list brings."""
        if row.pk is None:
            for name, value in values.items():
                setattr(row, name, value)
            return
        self.edits.setdefault((type(row), row.pk), {}).update(values)

    def remove(self, row: models.Model) -> None:
        """Take a stored row away; its history stays."""
        self.removals.add((type(row), row.pk))


class ChangesRefused(ServiceRefusal):
    """Lines that the record's own rules refuse; `faults` are (place, message) pairs. Nothing was written."""

    code = "changes-refused"

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} dòng không ghi được; chưa ghi dòng nào.")
        self.faults = faults


def lock_people(ids: Iterable[int]) -> None:
    """Lock the rows of people in order, so that what is compared next is what will be written upon."""
    list(Cadre.objects.filter(pk__any=ids).select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def write_changes(changes: Sequence[RowChanges]) -> None:
    """Write all changes inside an open audit event; raises ChangesRefused with the places that the rules refuse."""
    try:
        with transaction.atomic():
            _write(changes, check_first=False)
    except IntegrityError:
        _write(changes, check_first=True)


class LineFault(NamedTuple):
    """One thing that the record's rules refuse of a line; `field` is empty where it is about the whole row."""

    place: int
    field: str
    code: str
    message: str


def faults_of(changes: Sequence[RowChanges]) -> list[LineFault]:
    """What the record's own rules would refuse, all of it at once, in the order of the lines.

    Nothing stays written: rows that go are taken away inside a savepoint, the others are put beside the tables.
    """
    with transaction.atomic(), _numbered([change.cadre for change in changes if change.cadre is not None]):
        edited, inserted = _edits_by_model(changes), _inserts_by_model(changes)
        for model, ids in _removals_by_model(changes).items():
            model._default_manager.filter(pk__any=ids)._raw_delete(connection.alias)
        inserted[Cadre] = [(change.cadre, change.place) for change in changes if change.cadre is not None]
        found: list[LineFault] = []
        for model in {**edited, **inserted}:
            pairs = [(row, edited[model][row.pk][1]) for row in _edited_rows(model, edited.get(model, {}))]
            found += _faults_at(model, [*pairs, *inserted.get(model, [])])
        transaction.set_rollback(True)
    return sorted(found)


@contextmanager
def _numbered(people: Sequence[Cadre]) -> Iterator[None]:
    """New people with numbers below zero, which tell their rows apart before anything is written."""
    for number, cadre in enumerate(people, 1):
        derive_keys(cadre)
        cadre.pk = -number
    yield
    for cadre in people:
        cadre.pk = None


def _faults_at(model: type[models.Model], pairs: Sequence[tuple[models.Model, int]]) -> Iterator[LineFault]:
    """What the rules of one table refuse of rows, each given with the place of its line."""
    for place, refused in check_rows(model, [row for row, _ in pairs]).items():
        for name, errors in refused.error_dict.items():
            for error in errors:
                field = "" if name == NON_FIELD_ERRORS else name
                yield LineFault(pairs[place][1], field, str(error.code or "refused"), error.messages[0])


def _write(changes: Sequence[RowChanges], *, check_first: bool) -> None:
    """New people, removals, edits, rows; the database judges periods at the end, unless each step is checked first.

    What only the end refuses names no row: who meets that writes again with `check_first`, which does.
    """
    arriving = [(change.cadre, change.place) for change in changes if change.cadre is not None]
    for cadre, _ in arriving:
        derive_keys(cadre)
    _create(Cadre, arriving, check_first)
    edited, inserted, removed = _edits_by_model(changes), _inserts_by_model(changes), _removals_by_model(changes)
    with boundaries_may_move(*{*edited, *inserted}):
        for model, ids in removed.items():
            delete_many(model, sorted(ids))
        for model, edits in edited.items():
            _edit(model, edits, check_first)
        for model, pairs in inserted.items():
            _create(model, pairs, check_first)


def confirm_people(changes: Sequence[RowChanges], *, acting_user: User | None) -> None:
    """Ask the scope again for everyone written, in the transaction."""
    touched = {change.cadre.pk for change in changes if change.cadre is not None and change.cadre.pk}
    touched |= {row.cadre_id for change in changes for row in change.inserts}  # type: ignore[attr-defined]
    reachable = Cadre.objects.visible_to(acting_user, Action.EDIT).filter(pk__any=touched).count()
    if reachable != len(touched):
        raise PermissionDenied("Việc ghi này đưa hồ sơ ra ngoài phạm vi quản lý của bạn.")


def _edits_by_model(
    changes: Iterable[RowChanges],
) -> dict[type[models.Model], dict[int, tuple[dict[str, Any], int]]]:
    edited: dict[type[models.Model], dict[int, tuple[dict[str, Any], int]]] = defaultdict(dict)
    for change in changes:
        for (model, key), values in change.edits.items():
            earlier, place = edited[model].get(key, ({}, change.place))
            edited[model][key] = ({**earlier, **values}, place)
    return edited


def _inserts_by_model(changes: Iterable[RowChanges]) -> dict[type[models.Model], list[tuple[models.Model, int]]]:
    inserted: dict[type[models.Model], list[tuple[models.Model, int]]] = defaultdict(list)
    for change in changes:
        for row in change.inserts:
            owner = change.cadre or change.of
            if owner is not None:
                row.cadre_id = owner.id  # type: ignore[attr-defined]
            inserted[type(row)].append((row, change.place))
    return inserted


def _removals_by_model(changes: Iterable[RowChanges]) -> dict[type[models.Model], set[int]]:
    removed: dict[type[models.Model], set[int]] = defaultdict(set)
    for change in changes:
        for model, key in change.removals:
            removed[model].add(key)
    return removed


def _edited_rows(
    model: type[models.Model], edits: dict[int, tuple[dict[str, Any], int]], *, lock: bool = False
) -> list[models.Model]:
    """Stored rows in order with their new values."""
    stored = model._default_manager.select_for_update(of=("self",)) if lock else model._default_manager
    rows = list(stored.filter(pk__any=edits).order_by("pk")) if edits else []
    for row in rows:
        for name, value in edits[row.pk][0].items():
            setattr(row, name, value)
        if isinstance(row, Cadre):
            derive_keys(row)
    return rows


def _edit(model: type[models.Model], edits: dict[int, tuple[dict[str, Any], int]], check_first: bool) -> None:
    """Lock the rows in order, set their fields and write them with history."""
    rows = _edited_rows(model, edits, lock=True)
    names = {name for values, _ in edits.values() for name in values}
    names |= {"search_key", "sort_key"} if model is Cadre else set()
    with _refused_at([edits[row.pk][1] for row in rows]):
        update_many(model, rows, sorted(names), check_first=check_first)


def _create(model: type[models.Model], pairs: Sequence[tuple[models.Model, int]], check_first: bool) -> None:
    """Write new rows, each given with the place of the line that it comes from."""
    with _refused_at([place for _, place in pairs]):
        create_many(model, [row for row, _ in pairs], check_first=check_first)


@contextmanager
def _refused_at(places: Sequence[int]) -> Iterator[None]:
    """Refused rows as faults of the lines that they come from."""
    try:
        yield
    except RowsRefused as refused:
        raise ChangesRefused(_faults(refused, places)) from refused


def _faults(refused: RowsRefused, places: Sequence[int]) -> list[tuple[int, str]]:
    return [(places[place], "; ".join(_messages(error))) for place, error in sorted(refused.errors.items())]


def _messages(error: ValidationError) -> list[str]:
    return list(dict.fromkeys(error.messages))
