"""Many rows at once: made as the model makes them, found by one array."""

from __future__ import annotations

import gc

import pytest

from hrdb.kernel.history import tracked_models
from hrdb.kernel.many import collection_paused, new_row
from personnel.models import Cadre, Custody
from tests.factories.personnel import make_cadre


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_a_new_row_is_as_the_model_makes_it(model: type) -> None:
    plain, quick = dict(model().__dict__), dict(new_row(model).__dict__)
    assert type(plain.pop("_state")) is type(quick.pop("_state"))
    assert plain == quick


def test_values_are_given_by_column() -> None:
    row = new_row(Custody, unit_id=7, basis="theo danh sách")
    assert (row.unit_id, row.basis, row.pk, row._state.adding) == (7, "theo danh sách", None, True)
    with pytest.raises(TypeError, match="unit_identity"):
        new_row(Custody, unit_identity=7)


def test_rows_share_no_state() -> None:
    one, other = new_row(Custody), new_row(Custody)
    one.unit_id, one._state.adding = 7, False
    assert (other.unit_id, other._state.adding) == (None, True)


@pytest.mark.django_db
def test_any_finds_what_in_finds() -> None:
    wanted = [make_cadre(), make_cadre()]
    make_cadre()
    keys = [cadre.pk for cadre in wanted]
    for found in (
        Cadre.objects.filter(pk__any=keys),
        Cadre.objects.filter(personal_number__any={cadre.personal_number for cadre in wanted}),
        Cadre.objects.filter(custody_set__cadre__any=keys),
    ):
        assert sorted(cadre.pk for cadre in found) == sorted(keys)
    assert not Cadre.objects.filter(pk__any=[]).exists()
    assert Cadre.objects.exclude(pk__any=keys).count() == 1


def test_the_collector_goes_on_after_a_pause() -> None:
    def fail() -> None:
        with collection_paused():
            assert not gc.isenabled()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.isenabled()
