"""The table agrees with counting people one by one, adds up, and tells the past as it was."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hrdb.kernel.models import User
from personnel.choices import QualificationKind
from personnel.models import Assignment, Cadre, QualificationLevel, Unit, UnitVersion
from personnel.policies import Role
from personnel.statistics import DIMENSIONS, UNKNOWN, StructureTable, UnitNotFound, structure
from personnel.statistics.tables import Row
from tests.factories.personnel import (
    add_party,
    add_qualification,
    make,
    make_cadre,
    make_unit,
    make_user,
    minority,
    move_cadre,
)
from tests.personnel.statistics import naive

DAYS = (date(2025, 12, 31), date(2024, 3, 15), date(2025, 7, 1))
ROWS = (
    "unit",
    *(dimension.key for dimension in DIMENSIONS if dimension.may_be_rows and dimension.key in naive.ANSWERS),
)


def numbers(table: StructureTable, row: Row) -> dict[str, int]:
    """The counts of a row by the key of the column."""
    return {column.key: count for column, count in zip(table.columns, row.counts, strict=True)} | {"total": row.total}


def row_of(table: StructureTable, key: str) -> dict[str, int]:
    """The counts of the row of a key."""
    return numbers(table, next(row for row in table.rows if row.key == key))


def counted_slowly(table: StructureTable, people: list[dict[str, str]]) -> dict[str, int]:
    """What the columns of a table should say of people whose keys are known."""
    expected = {"total": len(people)}
    tallies = {column.dimension: Counter(one[column.dimension] for one in people) for column in table.columns}
    return expected | {column.key: tallies[column.dimension][column.member] for column in table.columns}


def row_key_slowly(table: StructureTable, cadre: Cadre) -> str:
    """The key of the unit's row that should hold a person."""
    above = naive.units_above(naive.unit_of(cadre, table.day), table.day)  # type: ignore[arg-type]
    place = above.index(table.unit.code if table.unit else above[-1])
    return above[place - 1] if place else above[0]


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_agrees_with_counting_one_by_one(province: None, day: date) -> None:
    people = [cadre for cadre in naive.everybody() if naive.is_present(cadre, day)]
    answers = naive.answers_of(people, day)
    assert len(people) > 300
    for rows in ROWS:
        table = structure(user=None, day=day, rows=rows)
        grouped: dict[str, list[dict[str, str]]] = {}
        for cadre in people:
            key = row_key_slowly(table, cadre) if rows == "unit" else answers[cadre.pk][rows]
            grouped.setdefault(key, []).append(answers[cadre.pk])
        assert numbers(table, table.total) == counted_slowly(table, list(answers.values()))
        assert {row.key for row in table.rows if row.total} == set(grouped)
        for row in table.rows:
            assert numbers(table, row) == counted_slowly(table, grouped.get(row.key, [])), (rows, row.key)


@pytest.mark.django_db
def test_pyramid_and_unknown_cover_everyone(province: None) -> None:
    day = DAYS[0]
    people = list(Cadre.objects.present_on(day).select_related("ethnicity"))
    table = structure(user=None, day=day)
    for step in table.pyramid:
        low, high = {"over_60": (61, 200), "up_to_30": (0, 30)}.get(step.key) or tuple(map(int, step.key.split("_")))
        aged = [one for one in people if one.born and low <= naive.age_on(one.born, day) <= high]
        assert (step.male, step.female) == tuple(sum(one.sex == sex for one in aged) for sex in ("male", "female"))
    unknown = {column.dimension: count for column, count in table.unknown}
    assert unknown == {
        "sex": sum(not one.sex for one in people),
        "ethnic_minority": sum(one.ethnicity is None for one in people),
    }
    assert all(unknown.values())


@pytest.mark.django_db
@pytest.mark.parametrize("rows", ROWS)
def test_rows_add_up_to_the_total_and_groups_to_the_row(province: None, rows: str) -> None:
    table = structure(user=None, day=DAYS[0], rows=rows)
    assert table.total.total == sum(row.total for row in table.rows)
    for place, column in enumerate(table.columns):
        assert table.total.counts[place] == sum(row.counts[place] for row in table.rows), column.key
    for row in table.all_rows():
        by_key = numbers(table, row)
        for group in table.groups:
            assert sum(by_key[column.key] for column in group.columns) == row.total, (row.key, group.key)


@pytest.mark.django_db
def test_unit_table_has_children_and_those_kept_at_the_unit_itself(code_lists: None) -> None:
    root = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    department = make_unit("SNV", parent=root, name="Sở Nội vụ", position=2)
    make_unit("SYT", parent=root, name="Sở Y tế", position=1)
    division = make_unit("SNV.01", parent=department)
    make_cadre(unit=division)
    make_cadre(unit=department)
    chairman = make_cadre(unit=root)

    table = structure(user=None, day=date(2025, 12, 31))
    assert table.unit is not None
    assert table.unit.code == "UBND"
    assert [(row.key, row.label, row.total) for row in table.rows] == [
        ("UBND", "Trực thuộc Ủy ban nhân dân tỉnh", 1),
        ("SYT", "Sở Y tế", 0),
        ("SNV", "Sở Nội vụ", 2),
    ]
    move_cadre(chairman, department, date(2026, 1, 1))
    later = structure(user=None, day=date(2026, 1, 1))
    assert [(row.key, row.total) for row in later.rows] == [("SYT", 0), ("SNV", 3)]
    inside = structure(user=None, day=date(2025, 12, 31), unit="SNV")
    assert [(row.key, row.total) for row in inside.rows] == [("SNV", 1), ("SNV.01", 1)]
    leaf = structure(user=None, day=date(2025, 12, 31), unit="SNV.01")
    assert [(row.key, row.label, row.total) for row in leaf.rows] == [("SNV.01", "Đơn vị SNV.01", 1)]


@pytest.mark.django_db
def test_several_tops_all_have_their_rows(code_lists: None) -> None:
    government = make_unit("UBND", name="Ủy ban nhân dân tỉnh")
    party = make_unit("TU", name="Tỉnh ủy")
    council = make_unit("HDND", name="Hội đồng nhân dân tỉnh")
    department = make_unit("SNV", parent=government)
    make_unit("SNV.01", parent=department)
    for unit in (department, make_unit("BTC", parent=party), party, council):
        make_cadre(unit=unit)
    table = structure(user=None, day=date(2025, 12, 31))
    assert table.unit is None
    assert [(row.key, row.total, row.part_of) for row in table.rows] == [
        ("SNV", 1, "Ủy ban nhân dân tỉnh"),
        ("TU", 1, "Tỉnh ủy"),
        ("BTC", 1, "Tỉnh ủy"),
        ("HDND", 1, ""),
    ]
    assert table.total.total == 4


@pytest.mark.django_db
def test_the_past_is_told_as_it_was(code_lists: None) -> None:
    root = make_unit("UBND")
    first, second = make_unit("A", parent=root), make_unit("B", parent=root)
    master = QualificationLevel.objects.get(kind=QualificationKind.PROFESSIONAL, group="master")
    university = QualificationLevel.objects.get(kind=QualificationKind.PROFESSIONAL, group="university")
    cadre = make_cadre(unit=first, born=date(1985, 6, 30), sex="female", ethnicity=minority())
    add_qualification(cadre, QualificationKind.PROFESSIONAL, university)
    add_qualification(cadre, QualificationKind.PROFESSIONAL, master, effective_from=date(2024, 9, 1))
    add_party(cadre, date(2024, 2, 3))
    move_cadre(cadre, second, date(2024, 9, 1))

    before = structure(user=None, day=date(2024, 8, 31))
    there = row_of(before, "A")
    assert (there["total"], there["degree.university"], there["degree.master"], there["party"]) == (1, 1, 0, 1)
    assert row_of(before, "B")["total"] == 0
    after = row_of(structure(user=None, day=date(2024, 9, 1)), "B")
    assert (after["degree.university"], after["degree.master"], after["young"]) == (0, 1, 1)
    assert row_of(structure(user=None, day=date(2024, 2, 2)), "A")["party"] == 0
    assert row_of(structure(user=None, day=date(2025, 6, 29)), "B")["young"] == 1
    assert row_of(structure(user=None, day=date(2025, 6, 30)), "B")["young"] == 0
    assert row_of(structure(user=None, day=date(2025, 6, 30), youth="under-42"), "B")["young"] == 1


@pytest.mark.django_db
def test_units_that_moved_count_where_they_stood(code_lists: None) -> None:
    root = make_unit("UBND")
    first, second = make_unit("A", parent=root), make_unit("B", parent=root)
    school = make_unit("A.01", parent=first, effective_until=date(2025, 7, 1))
    make(UnitVersion, unit=school, parent=second, name="Trường", search_key="truong", effective_from=date(2025, 7, 1))
    make_cadre(unit=school)
    was, now = structure(user=None, day=date(2025, 6, 30)), structure(user=None, day=date(2025, 7, 1))
    assert [(row.key, row.total) for row in was.rows] == [("A", 1), ("B", 0)]
    assert [(row.key, row.total) for row in now.rows] == [("A", 0), ("B", 1)]
    assert structure(user=None, day=date(2025, 6, 30), unit="A").total.total == 1
    assert structure(user=None, day=date(2025, 7, 1), unit="A").total.total == 0


@pytest.mark.django_db
def test_a_closed_unit_has_a_row_only_while_it_keeps_people(code_lists: None) -> None:
    root = make_unit("UBND")
    closed = make_unit("HUYEN", parent=root, effective_until=date(2025, 7, 1))
    make_unit("XA", parent=root)
    cadre = make_cadre(unit=closed)
    day = date(2025, 8, 1)
    assert [(row.key, row.total) for row in structure(user=None, day=day).rows] == [("HUYEN", 1), ("XA", 0)]
    move_cadre(cadre, Unit.objects.get(code="XA"), date(2025, 7, 1))
    assert [(row.key, row.total) for row in structure(user=None, day=day).rows] == [("XA", 1)]


@pytest.mark.django_db
def test_a_unit_officer_counts_only_the_own_units(province: None) -> None:
    unit = Unit.objects.get(code="G.003")
    officer = make_user(Role.UNIT_OFFICER, unit=unit)
    day = date(2025, 12, 31)
    own = structure(user=officer, day=day)
    assert own.unit is not None
    assert own.unit.code == "G.003"
    whole = structure(user=None, day=day, unit="G.003")
    assert (own.rows, own.total.counts) == (whole.rows, whole.total.counts)
    assert 0 < own.total.total < structure(user=None, day=day).total.total
    for stranger in ("G.004", "UBND", "KHONG-CO"):
        with pytest.raises(UnitNotFound):
            structure(user=officer, day=day, unit=stranger)


@pytest.mark.django_db
def test_guests_are_counted_where_their_record_is_kept(code_lists: None) -> None:
    root = make_unit("UBND")
    home, host = make_unit("A", parent=root), make_unit("B", parent=root)
    guest = make_cadre(unit=home)
    make(Assignment, cadre=guest, unit=host, kind="secondment", effective_from=date(2020, 1, 1))
    today = timezone.localdate()
    assert Cadre.objects.held_on(make_user(Role.UNIT_OFFICER, unit=host), today).count() == 1
    assert structure(user=make_user(Role.UNIT_OFFICER, unit=host), day=today).total.total == 0
    assert structure(user=make_user(Role.UNIT_OFFICER, unit=home), day=today).total.total == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CADRE])
def test_who_has_no_unit_in_scope_counts_nobody(province: None, role: Role) -> None:
    table = structure(user=make_user(role), day=date(2025, 12, 31))
    assert (table.rows, table.total.total, table.unit) == ((), 0, None)


@pytest.mark.django_db
def test_what_is_not_known_is_said_so(code_lists: None) -> None:
    cadre = make_cadre(unit=make_unit("UBND"), personal_number=None)
    Cadre.objects.filter(pk=cadre.pk).update(born=None, sex="")
    table = structure(user=None, day=date(2025, 12, 31))
    row = row_of(table, "UBND")
    for group in table.groups:
        assert row[f"{group.key}.{UNKNOWN}"] == 1
    assert (row["female"], row["young"], row["retiring"], row["party"]) == (0, 0, 0, 0)
    assert [count for _, count in table.unknown] == [1, 1]
    by_title = structure(user=None, day=date(2025, 12, 31), rows="title_group")
    assert [(one.key, one.label, one.total) for one in by_title.rows][-1] == (UNKNOWN, "Chưa rõ", 1)


def queries(**asked: Any) -> int:
    """How many queries a table takes."""
    with CaptureQueriesContext(connection) as caught:
        structure(**asked)
    return len(caught)


@pytest.mark.django_db
def test_the_same_number_of_queries_for_3_people_and_for_30(code_lists: None) -> None:
    root = make_unit("UBND")
    officer = make_user(Role.UNIT_OFFICER, unit=root)
    taken = []
    for more in (3, 27):
        for _ in range(more):
            make_cadre(unit=make_unit(parent=root))
        users = (None, User.objects.get(pk=officer.pk))
        taken.append([queries(user=user, day=date(2025, 12, 31), rows=rows) for user in users for rows in ROWS])
    assert taken[0] == taken[1]
    assert max(taken[0]) <= 5
