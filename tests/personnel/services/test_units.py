"""The tree over time: founding, renaming, closing, and no loops."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from hrdb.kernel.history import version_of
from personnel.choices import UnitSuccessionKind
from personnel.models import Unit, UnitSuccession, UnitVersion
from personnel.policies import Role
from personnel.services.errors import StaleVersion
from personnel.services.units import (
    change_unit,
    close_unit,
    correct_unit,
    found_unit,
    record_succession,
    set_establishment,
)
from tests.factories.personnel import make_unit, make_user

pytestmark = pytest.mark.django_db

D = datetime.date


def test_renaming_keeps_the_old_name_for_the_past() -> None:
    unit = found_unit(code="SO.01", values={"name": "Sở  Nội vụ"}, effective_from=D(2010, 1, 1), acting_user=None)
    change_unit(unit=unit, values={"name": "Sở Nội vụ mới"}, effective_from=D(2025, 3, 1), acting_user=None)
    names = {day: UnitVersion.objects.names_on(day)[unit.pk] for day in (D(2025, 2, 28), D(2025, 3, 1))}
    assert names == {D(2025, 2, 28): "Sở Nội vụ", D(2025, 3, 1): "Sở Nội vụ mới"}


def test_a_closed_unit_keeps_its_last_name_and_does_not_exist_after() -> None:
    unit = found_unit(code="H.01", values={"name": "Huyện A"}, effective_from=D(1992, 1, 1), acting_user=None)
    close_unit(unit=unit, closed_from=D(2025, 7, 1), acting_user=None)
    assert Unit.objects.existing_on(D(2025, 6, 30)).filter(pk=unit.pk).exists()
    assert not Unit.objects.existing_on(D(2025, 7, 1)).filter(pk=unit.pk).exists()
    assert UnitVersion.objects.names_on(D(2026, 1, 1))[unit.pk] == "Huyện A"


def test_a_unit_cannot_be_put_below_itself() -> None:
    top = make_unit()
    middle = make_unit(parent=top)
    bottom = make_unit(parent=middle)
    with pytest.raises(ValidationError, match="không được nằm dưới"):
        change_unit(unit=top, values={"parent": bottom}, effective_from=D(2020, 1, 1), acting_user=None)


def test_an_officer_founds_only_inside_the_scope() -> None:
    mine, other = make_unit(), make_unit()
    officer = make_user(Role.UNIT_OFFICER, unit=mine)
    found_unit(code="A", values={"name": "A", "parent": mine}, effective_from=D(2020, 1, 1), acting_user=officer)
    with pytest.raises(Unit.DoesNotExist):
        found_unit(code="B", values={"name": "B", "parent": other}, effective_from=D(2020, 1, 1), acting_user=officer)
    with pytest.raises(PermissionDenied):
        found_unit(code="C", values={"name": "C"}, effective_from=D(2020, 1, 1), acting_user=officer)


def test_the_same_establishment_again_writes_no_history() -> None:
    unit = make_unit()
    for _ in range(2):
        row = set_establishment(unit=unit, year=2026, category="civil_servant", number=60, acting_user=None)
    assert row.history.count() == 1


def test_a_second_change_on_the_first_day_of_a_period_replaces_it() -> None:
    unit = found_unit(code="SO.02", values={"name": "Sở A"}, effective_from=D(2010, 1, 1), acting_user=None)
    for name in ("Sở B", "Sở C"):
        change_unit(unit=unit, values={"name": name}, effective_from=D(2025, 3, 1), acting_user=None)
    names = list(unit.versions.order_by("effective_from").values_list("name", "effective_from", "effective_until"))
    assert names == [("Sở A", D(2010, 1, 1), D(2025, 3, 1)), ("Sở C", D(2025, 3, 1), None)]
    with pytest.raises(ValidationError, match="không hoạt động"):
        change_unit(unit=unit, values={"name": "Sở D"}, effective_from=D(2009, 1, 1), acting_user=None)


def test_a_correction_keeps_the_period_wants_a_reason_and_notices_another_writer() -> None:
    unit = found_unit(code="SO.03", values={"name": "Sở Tài chinh"}, effective_from=D(2010, 1, 1), acting_user=None)
    version = unit.versions.get()
    shown = version_of(version)
    values = {"name": "Sở Tài chính"}
    with pytest.raises(ValidationError, match="lý do"):
        correct_unit(version=version, values=values, shown=shown, acting_user=None, reason=" ")
    corrected = correct_unit(version=version, values=values, shown=shown, acting_user=None, reason="sai chính tả")
    assert (corrected.name, corrected.search_key, corrected.effective_from) == (
        "Sở Tài chính", "so tai chinh", D(2010, 1, 1),
    )  # fmt: skip
    with pytest.raises(StaleVersion):
        correct_unit(version=version, values=values, shown=shown, acting_user=None, reason="sai chính tả")


def test_a_succession_ties_two_units_of_the_scope() -> None:
    mine, other = make_unit(), make_unit()
    old, new = make_unit(parent=mine), make_unit(parent=mine)
    officer = make_user(Role.UNIT_OFFICER, unit=mine)
    given = {"kind": UnitSuccessionKind.MERGE, "day": D(2025, 7, 1), "acting_user": officer}
    record_succession(predecessor=old, successor=new, **given)
    assert list(UnitSuccession.objects.values_list("predecessor", "successor")) == [(old.pk, new.pk)]
    with pytest.raises(ValidationError, match="đã có"):
        record_succession(predecessor=old, successor=new, **given)
    for predecessor, successor in ((other, new), (old, other)):
        with pytest.raises(Unit.DoesNotExist):
            record_succession(predecessor=predecessor, successor=successor, **given)
