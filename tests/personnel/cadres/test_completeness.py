"""Completeness: one rule, asked of one record in Python and of many in SQL, with the same answer."""

from __future__ import annotations

import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hrdb.kernel.audit import writing
from personnel.models import Assignment, Cadre, PayStep, Unit
from personnel.record_parts import cadre_tabs
from personnel.rules.completeness import REQUIREMENTS, completeness
from personnel.statistics.completeness import completeness_of, completeness_of_many, incomplete_q, percent_of
from personnel.views.tabs import CadreTab
from tests.factories.personnel import make_cadre
from tests.personnel.cadres.records import make_full_cadre

D = datetime.date
TODAY = D(2026, 6, 1)
ALL_FILLED = {one.key: True for one in REQUIREMENTS}


def test_only_a_record_that_lacks_nothing_has_a_hundred() -> None:
    whole = completeness(ALL_FILLED)
    assert (whole.percent, whole.missing, whole.is_complete) == (100, (), True)
    lacking = completeness({**ALL_FILLED, "phone": False})
    assert lacking.percent < 100
    assert [one.key for one in lacking.missing] == ["phone"]
    assert completeness(dict.fromkeys(ALL_FILLED, False)).percent == 0


def test_a_row_that_does_not_concern_a_person_is_not_missed() -> None:
    found = completeness({**ALL_FILLED, "appointed_on": None, "rank_appointed_on": None})
    assert (found.percent, found.asked) == (100, len(REQUIREMENTS) - 2)
    with pytest.raises(ValueError, match="phone"):
        completeness({**ALL_FILLED, "phone": None})
    with pytest.raises(KeyError):
        completeness({})


def test_every_requirement_leads_to_a_tab_of_the_profile() -> None:
    assert issubclass(cadre_tabs["identity"], CadreTab)
    assert {one.part for one in REQUIREMENTS} <= set(cadre_tabs.keys())


@pytest.mark.django_db
def test_a_full_record_lacks_nothing(cadre: Cadre) -> None:
    found = completeness_of(cadre, TODAY)
    assert [one.label for one in found.missing] == []
    assert found.asked == len(REQUIREMENTS)


@pytest.mark.django_db
def test_each_row_that_is_taken_away_is_missed(cadre: Cadre) -> None:
    for one in REQUIREMENTS:
        if not one.columns:
            continue
        emptied = {
            name.removesuffix("_id"): "" if Cadre._meta.get_field(name.removesuffix("_id")).empty_strings_allowed
            and not Cadre._meta.get_field(name.removesuffix("_id")).null else None
            for name in one.columns
        }  # fmt: skip
        before = {name: getattr(cadre, name) for name in emptied}
        Cadre.objects.filter(pk=cadre.pk).update(**emptied)
        assert [lack.key for lack in completeness_of(cadre, TODAY).missing] == [one.key]
        Cadre.objects.filter(pk=cadre.pk).update(**before)


@pytest.mark.django_db
def test_the_day_decides_what_is_missing(cadre: Cadre) -> None:
    assert "health" in {one.key for one in completeness_of(cadre, D(2026, 1, 9)).missing}
    assert "health" not in {one.key for one in completeness_of(cadre, D(2026, 1, 10)).missing}
    assert "pay" in {one.key for one in completeness_of(cadre, D(2021, 12, 31)).missing}


@pytest.mark.django_db
def test_the_list_counts_as_the_profile_does(unit: Unit) -> None:
    dice = random.Random(7)
    make_full_cadre(unit)
    for number in range(6):
        one = make_full_cadre(unit, name=f"Nông Thị Thử {number}", personal_number=None)
        with writing(acting_user=None):
            for name in dice.sample(["phone", "recruited_by", "strengths", "photo", "birth_place"], number % 5):
                setattr(one, name, "")
            one.save()
            for model in dice.sample([Assignment, PayStep], 1):
                for row in model.objects.filter(cadre=one):
                    row.delete()
    make_cadre(unit=unit)
    with CaptureQueriesContext(connection) as queries:
        listed = dict(Cadre.objects.annotate(full=percent_of(TODAY)).values_list("pk", "full"))
        told = completeness_of_many(Cadre.objects.all(), TODAY)
    assert len(queries) == 2
    assert listed == {pk: found.percent for pk, found in told.items()}
    lacking = set(Cadre.objects.filter(incomplete_q(TODAY)).values_list("pk", flat=True))
    assert lacking == {pk for pk, found in told.items() if not found.is_complete}
    assert len(set(listed.values())) > 3
