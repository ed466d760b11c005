"""Every registered population, dimension and source keeps its promises."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date

import pytest
from django.db import connection

from personnel.models import Cadre
from personnel.statistics import DIMENSIONS, POPULATIONS, SOURCES, UNKNOWN, structure
from personnel.statistics.people import counted, narrow, part, text_of
from personnel.statistics.sources import joins
from tests.personnel.statistics import naive

DAY = date(2025, 12, 31)


def test_what_statistics_ask_for_is_registered() -> None:
    assert set(DIMENSIONS.keys()) >= {
        *("sex", "ethnic_minority", "ethnic_group", "age_band", "party", "degree", "political_theory"),
        *("state_management", "rank_group", "rank", "title", "title_group", "category", "managing_level"),
        *("own_unit", "level", "bloc", "state", "retirement"),
        *(f"young-under-{age}" for age in (35, 40, 42, 45)),
    }
    assert set(POPULATIONS.keys()) >= {"present", "leaders", "civil_servants", "public_employees"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", DIMENSIONS.keys())
def test_a_dimension_divides_everyone_once(standing_province: None, key: str) -> None:
    dimension = DIMENSIONS[key]
    members = dimension.members(DAY)
    keys = [member.key for member in members]
    assert len(keys) == len(set(keys))
    assert UNKNOWN not in keys
    for text in (dimension.label, *(member.label for member in members)):
        assert text.strip()
        assert unicodedata.is_normalized("NFC", text)
    everyone = counted(POPULATIONS["present"], user=None, day=DAY)
    text = text_of(POPULATIONS["present"], [])
    found = Counter()
    for member in (*keys, UNKNOWN):
        of_member = narrow(Cadre.objects.all(), text + part(key, member), DAY, None)
        found.update(of_member.values_list("pk", flat=True))
    assert set(found) == set(everyone.values_list("pk", flat=True))
    assert set(found.values()) == {1}
    assert dimension.label_of(UNKNOWN, DAY) == "Chưa rõ"
    assert dimension.label_of(keys[0], DAY) == members[0].label


@pytest.mark.django_db
@pytest.mark.parametrize("key", POPULATIONS.keys())
def test_a_population_is_counted_whole(standing_province: None, key: str) -> None:
    population = POPULATIONS[key]
    people = counted(population, user=None, day=DAY)
    table = structure(user=None, day=DAY, population=key)
    assert table.total.total == people.count()
    is_own = population.narrow.__module__.startswith("personnel.") and not population.needs
    assert people.exists() or not is_own, "what upper apps keep (rounds, classes) has nobody in this province"
    assert people.count() == people.distinct().count()
    present = {cadre.pk for cadre in naive.everybody() if naive.is_present(cadre, DAY)}
    assert set(people.values_list("pk", flat=True)) <= present


@pytest.mark.django_db
def test_populations_hold_whom_their_name_says(standing_province: None) -> None:
    people = [cadre for cadre in naive.everybody() if naive.is_present(cadre, DAY)]
    answers = naive.answers_of(people, DAY)
    leads = {cadre.pk for cadre in people if getattr(naive.title_of(cadre, DAY), "is_leadership", False)}
    expected = {
        "present": set(answers),
        "leaders": leads,
        "provincial_leaders": {pk for pk in leads if answers[pk]["level"] == "province"},
        "cadres": {pk for pk, one in answers.items() if one["category"] == "cadre"},
        "civil_servants": {pk for pk, one in answers.items() if one["category"] == "civil_servant"},
        "public_employees": {pk for pk, one in answers.items() if one["category"] == "public_employee"},
        "contracts": {pk for pk, one in answers.items() if one["category"] == "contract_111"},
    }
    for key, pks in expected.items():
        assert set(counted(POPULATIONS[key], user=None, day=DAY).values_list("pk", flat=True)) == pks, key


@pytest.mark.django_db
@pytest.mark.parametrize("key", SOURCES.keys())
def test_a_source_never_doubles_a_person(standing_province: None, key: str) -> None:
    sql = (
        "WITH people AS MATERIALIZED (SELECT id FROM personnel_cadre)"
        f" SELECT count(*), count(DISTINCT cadre.id) FROM personnel_cadre cadre {joins([key])}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": DAY})
        rows, people = cursor.fetchone()
    assert rows == people > 0
    assert re.search(rf"\b{key}\b", SOURCES[key].join)
