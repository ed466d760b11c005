"""Plain changes of many records: every fault of all of them at once, and what is taken away."""

from __future__ import annotations

import datetime

import pytest

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from hrdb.kernel.many import new_row
from personnel.models import Cadre, Custody, Employment, PayStep
from personnel.services.changes import RowChanges, faults_of, write_changes
from tests.factories.personnel import make_cadre, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = datetime.date(2020, 1, 1)
LATER = datetime.date(2023, 1, 1)


def step(cadre: Cadre, since: datetime.date, until: datetime.date | None = None, **values: object) -> PayStep:
    """An unsaved pay step."""
    return new_row(PayStep, cadre_id=cadre.pk, effective_from=since, effective_until=until, **values)


def test_every_fault_of_every_table_is_told_and_nothing_is_written() -> None:
    cadre = make_cadre()
    person = new_row(Cadre, full_name="", personal_number=cadre.personal_number)
    unit = make_unit()
    changes = [
        RowChanges(place=3, inserts=[step(cadre, DAY), step(cadre, LATER)]),
        RowChanges(place=5, inserts=[step(cadre, LATER, DAY, coefficient=-1)]),
        RowChanges(
            place=7,
            cadre=person,
            inserts=[
                new_row(Custody, unit_id=unit.pk, effective_from=DAY),
                new_row(Custody, unit_id=unit.pk, effective_from=LATER),
                new_row(Employment, category="x", effective_from=DAY),
            ],
        ),
    ]
    found = faults_of(changes)
    told = list(dict.fromkeys((fault.place, fault.field) for fault in found))
    assert {fault.code for fault in found if fault.place == 3} == {"period-conflict"}
    assert told == [(3, ""), (5, ""), (7, ""), (7, "category"), (7, "full_name"), (7, "personal_number")]
    assert (person.pk, Cadre.objects.count(), PayStep.objects.count()) == (None, 1, 0)


def test_what_goes_makes_place_for_what_comes() -> None:
    cadre = make_cadre()
    with writing(acting_user=None, reason="thử"):
        old = PayStep.objects.create(cadre=cadre, effective_from=DAY)
    new = RowChanges(place=0, inserts=[step(cadre, DAY)])
    gone = RowChanges(place=1)
    gone.remove(old)
    assert [fault.place for fault in faults_of([new])] == [0]
    assert faults_of([new, gone]) == []
    assert PayStep.objects.get().pk == old.pk
    assert not gone.is_empty
    with writing(acting_user=None, reason="thử"):
        write_changes([new, gone])
    assert PayStep.objects.get().pk != old.pk
    kinds = history_model(PayStep).objects.order_by("history_id").values_list("history_type", flat=True)
    assert list(kinds) == ["+", "-", "+"]
