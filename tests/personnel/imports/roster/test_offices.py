"""Many offices, many habits: whatever a roster looks like, the same facts and the same faults are understood."""

from typing import Any

import pytest

from personnel.imports.roster.results import RosterRow, Understanding
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import TODAY, codes, known
from tests.personnel.imports.roster.offices import Drawn, Office, text_of, workbook_of
from tests.personnel.imports.roster.people import DAY, NOTES, Person

SEEDS = range(40)
DEGREE_CODES = {"02": "Tiến sĩ", "03": "Thạc sĩ", "04": "Đại học", "06": "Cao đẳng", "07": "Trung cấp"}


def _understood(content: bytes) -> Understanding:
    return understand(content, lookups=known(), today=TODAY)


def _told(row: RosterRow) -> dict[str, Any]:
    joined = row.value("party_joined_on")
    return {
        "name": row.value("name"),
        "sex": row.value("sex"),
        "born": row.value("birth_date").iso,
        "number": row.value("personal_number"),
        "ethnicity": row.value("ethnicity"),
        "unit": row.unit,
        "titles": [part.text for part in row.value("title")],
        "recruited": row.value("recruited_on").iso,
        "joined": joined.iso if joined else None,
        "degrees": {DEGREE_CODES[part.code] for part in row.value("degree")},
        "politics": row.value("political_theory") or "",
        "state": (row.value("state_management") or "").removesuffix(" và tương đương"),
        "rank": row.code("rank"),
        "step": row.value("pay_step"),
        "coefficient": float(row.value("coefficient")),
        "employment": row.code("state"),
    }


def _true(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": person.sex,
        "born": person.born.isoformat(),
        "number": person.number,
        "ethnicity": person.ethnicity,
        "unit": person.unit[0],
        "titles": person.titles,
        "recruited": person.recruited.isoformat(),
        "joined": person.joined.isoformat() if person.joined else None,
        "degrees": set(person.degrees),
        "politics": person.politics,
        "state": person.state,
        "rank": person.rank,
        "step": person.step,
        "coefficient": person.coefficient,
        "employment": NOTES.get(person.note),
    }


def _check(understood: Understanding, drawn: Drawn) -> None:
    assert codes(understood) == drawn.errors, drawn.habits
    rows = {row.row: row for row in understood.rows}
    assert rows.keys() == drawn.people.keys(), drawn.habits
    spoiled = {row for row, _ in drawn.errors}
    for number, person in drawn.people.items():
        if number not in spoiled:
            assert _told(rows[number]) == _true(person), drawn.habits
    (table,) = understood.tables
    assert table.day == DAY
    assert len(table.unknown_columns) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_every_office_is_understood(seed: int) -> None:
    drawn = Office(seed).draw()
    _check(_understood(workbook_of({"Danh sách": drawn})), drawn)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mistake_is_found_and_no_other(seed: int) -> None:
    drawn = Office(seed, with_errors=True).draw()
    assert drawn.errors
    _check(_understood(workbook_of({"Danh sách": drawn})), drawn)


@pytest.mark.parametrize("seed", range(100, 108))
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_same_roster_saved_as_text_says_the_same(seed: int, delimiter: str) -> None:
    drawn = Office(seed, with_errors=True, as_text=True).draw()
    _check(_understood(text_of(drawn, delimiter).encode("utf-8-sig")), drawn)


def test_one_sheet_for_each_office_in_one_file() -> None:
    sheets = {f"DS {seed}": Office(seed).draw() for seed in (3, 4, 5)}
    understood = _understood(workbook_of(sheets))
    # The people of the offices are invented independently: only contradictions between them may be found.
    assert {issue.code for issue in understood.errors} <= {"duplicate-in-file"}
    assert [table.sheet for table in understood.tables] == list(sheets)
    for table, drawn in zip(understood.tables, sheets.values(), strict=True):
        assert {row.row for row in table.rows} == drawn.people.keys()


def test_hidden_columns_and_rows_change_nothing() -> None:
    drawn = Office(7).draw()
    drawn.hidden_columns = [2, 4]
    _check(_understood(workbook_of({"Danh sách": drawn})), drawn)
