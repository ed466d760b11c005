"""What a revision would do to records, read from its trial before that is taken back."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from personnel.forms.identity import TIER_1_FIELDS
from personnel.models import Cadre, Decision
from personnel.policies import TIER_2_TABLES
from personnel.record_parts import record_parts
from personnel.reports.changes import RowChange, changes_of_signing

#: People of whom a page tells what would change; the rest are counted by the decision itself.
MOST_TOLD = 50

#: People by name with what would be written to their records.
Revised = list[tuple[str, tuple[RowChange, ...]]]


def teller(target: Decision | None, told: Revised) -> Callable[[int], None]:
    """What a trial calls with its event: it fills `told`, without what is tier 2 or closed."""

    def tell(event_id: int) -> None:
        if target is None:
            return
        people = Cadre.objects.filter(decision_items__decision=target).order_by("sort_key", "pk").distinct()
        names = dict(people.values_list("pk", "full_name")[:MOST_TOLD])
        tables: list[type[Model]] = [part.model for part in record_parts]
        plain = [table for table in tables if table._meta.label_lower not in TIER_2_TABLES]
        written = changes_of_signing(event_id, list(names), plain, closed_fields=TIER_1_FIELDS)
        told.extend((names[pk], written[pk]) for pk in names if written.get(pk))

    return tell
