"""What a user would otherwise have: django-import-export, into one model with history.

One table instead of seven, no comparison with what is dated, no scope: its best case. `bulk` writes no history.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Sequence
from typing import Any

import tablib
from django.db import transaction
from import_export import fields, resources, widgets

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from personnel.models import Cadre, EthnicGroup
from personnel.services.cadres import derive_keys

#: Its speed a row does not depend on how many there are; so many give it.
SAMPLE = 1_000
COLUMNS = {
    "full_name": 1,
    "sex": 2,
    "born": 3,
    "ethnicity": 4,
    "personal_number": 5,
    "first_recruited_on": 8,
    "home_town": 17,
}


class _Resource(resources.ModelResource):
    """A cadre as a resource of the library, identified by the personal number."""

    ethnicity = fields.Field("ethnicity", "ethnicity", widgets.ForeignKeyWidget(EthnicGroup, "name"))

    class Meta:
        model = Cadre
        fields = tuple(COLUMNS)
        import_id_fields = ("personal_number",)
        skip_unchanged = True
        use_transactions = True

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Keys that search and order need, as our services derive them."""
        derive_keys(instance)


class _BulkResource(_Resource):
    class Meta(_Resource.Meta):
        use_bulk = True
        batch_size = 1_000


def measure(listed: Sequence[Sequence[Any]], ours: float) -> Iterator[str]:
    """Lines: rows a second of the library, and how many times longer than `ours` (seconds a row) it takes."""
    for name, resource in (("default", _Resource), ("bulk", _BulkResource)):
        seconds, history = _import(resource, listed[:SAMPLE])
        yield (
            f"django-import-export, {name}, one model: {1 / seconds:,.0f} rows/s, {history} rows of history; "
            f"ratio to ours: {seconds / ours:.1f}"
        )


def _import(resource: type[_Resource], listed: Sequence[Sequence[Any]]) -> tuple[float, int]:
    data = tablib.Dataset(*(_row(person) for person in listed), headers=list(COLUMNS))
    mark = transaction.savepoint()
    start = time.perf_counter()
    with writing(acting_user=None, reason="django-import-export") as event:
        result = resource().import_data(data, raise_errors=True)
    seconds = time.perf_counter() - start
    history = history_model(Cadre)._default_manager.filter(event=event).count()
    transaction.savepoint_rollback(mark)
    assert result.totals["new"] == len(listed), result.totals
    return seconds / len(listed), history


def _row(person: Sequence[Any]) -> list[str]:
    told = {name: person[place] for name, place in COLUMNS.items()}
    told["sex"] = "female" if told["sex"] == "Nữ" else "male"
    return [value.isoformat() if isinstance(value, datetime.date) else str(value) for value in told.values()]
