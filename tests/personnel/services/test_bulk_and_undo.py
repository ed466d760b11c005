"""Many rows at once, and undoing what one event wrote."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hrdb.kernel.audit import writing
from hrdb.kernel.history import history_model
from personnel.choices import EmploymentCategory, EmploymentState
from personnel.models import Assignment, Cadre, Custody, Employment
from personnel.services.bulk import COPY_FROM, RowsRefused, create_many, delete_many, update_many
from personnel.services.cadres import derive_keys
from personnel.services.records import add_row, succeed_row
from personnel.services.undo import LaterChangesStand, undo_event
from tests.factories.personnel import make_cadre, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

D = datetime.date


def _people(count: int) -> list[Cadre]:
    people = [Cadre(full_name=f"Lò Văn {n}", born=D(1980, 1, 1), sex="male") for n in range(count)]
    for cadre in people:
        derive_keys(cadre)
    return people


def _table(model: type[Any]) -> list[dict[str, Any]]:
    return list(model.objects.order_by("pk").values())


@pytest.mark.parametrize("count", [3, COPY_FROM + 20])
def test_rows_and_their_history_are_the_same_by_insert_and_by_copy(count: int) -> None:
    with writing(acting_user=None, reason="nhập") as event:
        people = create_many(Cadre, _people(count))
        create_many(
            Employment,
            [Employment(cadre=p, category=EmploymentCategory.CADRE, effective_from=D(2020, 1, 1)) for p in people],
        )
    history = history_model(Cadre).objects.filter(event=event, history_type="+")
    assert (Cadre.objects.count(), history.count(), Employment.objects.count()) == (count, count, count)
    fields = [field.attname for field in Cadre._meta.concrete_fields]
    assert list(history.order_by("id").values_list(*fields)) == list(Cadre.objects.order_by("id").values_list(*fields))


def test_bad_rows_are_named_and_nothing_is_written() -> None:
    people = _people(3)
    people[1].personal_number = "12"
    with pytest.raises(RowsRefused) as refused, writing(acting_user=None, reason="nhập"):
        create_many(Cadre, people)
    assert sorted(refused.value.errors) == [1]
    assert not Cadre.objects.exists()


@pytest.mark.parametrize("count", [3, COPY_FROM + 20])
def test_what_only_the_database_refuses_is_named_by_row(count: int) -> None:
    people = _people(count)
    people[0].personal_number = people[2].personal_number = "010080999991"
    with pytest.raises(RowsRefused) as refused, writing(acting_user=None, reason="nhập"):
        create_many(Cadre, people)
    assert sorted(refused.value.errors) == [2]
    assert not Cadre.objects.exists()


@pytest.mark.parametrize("count", [3, COPY_FROM + 20])
def test_updated_rows_and_their_history_are_the_same_by_values_and_by_copy(count: int) -> None:
    with writing(acting_user=None, reason="nhập"):
        people = list(create_many(Cadre, _people(count)))
    for number, cadre in enumerate(people):
        cadre.home_town, cadre.first_recruited_on = f"Xã số {number}", D(2001, 1, 1)
    people[0].first_recruited_on = None
    with writing(acting_user=None, reason="sửa") as event:
        assert update_many(Cadre, people, ["home_town", "first_recruited_on"]) == count
    history = history_model(Cadre).objects.filter(event=event, history_type="~").order_by("id")
    told = [(cadre.pk, cadre.home_town, cadre.first_recruited_on) for cadre in people]
    assert list(history.values_list("id", "home_town", "first_recruited_on")) == told
    assert list(Cadre.objects.order_by("pk").values_list("pk", "home_town", "first_recruited_on")) == told


def test_undoing_puts_everything_back() -> None:
    unit = make_unit()
    kept = make_cadre(unit=unit, since=D(2010, 1, 1))
    models = (Cadre, Custody, Employment, Assignment)
    before = [_table(model) for model in models]
    with writing(acting_user=None, reason="nhập danh sách") as event:
        new = create_many(Cadre, _people(2))
        create_many(Custody, [Custody(cadre=p, unit=unit, effective_from=D(2020, 1, 1)) for p in new])
        succeed_row(
            cadre=kept,
            model=Employment,
            values={"category": EmploymentCategory.CIVIL_SERVANT, "state": EmploymentState.MATERNITY},
            effective_from=D(2024, 1, 1),
            acting_user=None,
        )
        held = list(Assignment.objects.filter(cadre=kept))
        held[0].note = "sửa"
        update_many(Assignment, held, ["note"])
        delete_many(Custody, [Custody.objects.get(cadre=kept).pk])
    undo_event(event=event, acting_user=None, reason="nhầm tệp", cause=None)
    assert [_table(model) for model in models] == before


def test_undoing_is_refused_by_name_where_later_changes_stand() -> None:
    unit = make_unit()
    with writing(acting_user=None, reason="nhập danh sách") as event:
        (cadre,) = create_many(Cadre, _people(1))
        create_many(Custody, [Custody(cadre=cadre, unit=unit, effective_from=D(2020, 1, 1))])
    add_row(
        cadre=cadre,
        model=Employment,
        values={"category": EmploymentCategory.CADRE, "effective_from": D(2020, 1, 1)},
        acting_user=None,
    )
    with pytest.raises(LaterChangesStand) as refused:
        undo_event(event=event, acting_user=None, reason="nhầm tệp", cause=None)
    assert "Lò Văn 0" in str(refused.value)
    assert Cadre.objects.filter(pk=cadre.pk).exists()
