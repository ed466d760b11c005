"""The four sample rosters are understood as their truth says: every error, no other, and every fact of every person."""

import json
from functools import cache
from typing import Any

import pytest

from personnel.imports.roster.results import RosterRow, Understanding
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import SAMPLES, TODAY, known

ROSTERS = {"a": None, "b": None, "commune": None, "school": "TR.01"}
QUALIFYING = " và tương đương"


@cache
def _understood(name: str) -> Understanding:
    return understand(SAMPLES / f"roster-{name}.xlsx", lookups=known(), today=TODAY, default_unit=ROSTERS[name])


def _truth(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"roster-{name}.truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ROSTERS)
def test_every_error_is_found_and_no_other(name: str) -> None:
    understood, truth = _understood(name), _truth(name)
    assert {(issue.sheet, issue.row, issue.code) for issue in understood.errors} == {
        (sheet, row, code) for sheet, row, code in truth["errors"]
    }
    assert len(list(understood.rows)) == truth["rows"]


@pytest.mark.parametrize("name", ROSTERS)
def test_every_fact_of_every_person_is_understood(name: str) -> None:
    rows = {(row.sheet, row.row): row for row in _understood(name).rows}
    for person in _truth(name)["people"]:
        row = rows[person["sheet"], person["row"]]
        assert not row.has_errors
        for fact, told in _facts(name, row).items():
            assert told == person[fact] or (told, person[fact]) == (None, ""), (person, fact)


def _facts(name: str, row: RosterRow) -> dict[str, Any]:
    facts = {
        "name": row.value("name"),
        "sex": row.value("sex"),
        "born": row.value("birth_date").iso,
        "ethnicity": row.value("ethnicity"),
        "citizen_id": row.value("personal_number"),
        "rank": row.code("rank"),
        "coefficient": float(row.value("coefficient")),
    }
    separators = {"commune": ", " if "," in str(row.fields["title"].raw) else "; "}
    facts["post"] = separators.get(name, "; ").join(part.text for part in row.value("title"))
    if name != "school":
        facts["unit"] = row.value("unit")
        facts["step"] = row.value("pay_step")
    if name != "commune":
        facts["degree"] = row.value("degree")[0].text
        joined = row.value("party_joined_on")
        facts["party_joined"] = joined.iso if joined is not None else None
    if name in ("a", "b"):
        facts["recruited"] = row.value("recruited_on").iso
        facts["politics"] = row.value("political_theory")
        state = row.value("state_management")
        facts["state"] = state.removesuffix(QUALIFYING) if state else None
    return facts


def test_the_day_is_found_where_the_roster_states_it() -> None:
    assert [_understood(name).day.isoformat() for name in ROSTERS] == [
        "2025-12-31",
        TODAY.isoformat(),
        TODAY.isoformat(),
        "2025-12-31",
    ]


def test_notes_tell_states_and_stay_notes() -> None:
    rows = {row.row: row for row in _understood("commune").rows}
    assert [rows[place].code("state") for place in (6, 14, 26, 5)] == [
        "seconded",
        "maternity",
        "awaiting_retirement",
        None,
    ]
    secondment = rows[6].value("secondment")
    assert (secondment.direction, secondment.place, secondment.unit) == ("from", "Sở Nội vụ", "UBND.02")
    assert rows[6].value("note") == "Biệt phái từ Sở Nội vụ"


def test_numbers_that_lost_zeros_are_told() -> None:
    warnings = [issue for issue in _understood("a").warnings if issue.code == "restored-zeros"]
    assert len(warnings) == 162
    assert warnings[0].column == "F"


def test_unknown_values_are_grouped_with_the_nearest_known_ones() -> None:
    unknown = {value.text: value for value in _understood("a").unknown_values}
    assert (unknown["Kinhh"].count, unknown["Kinhh"].nearest[0].name, unknown["Kinhh"].is_error) == (7, "Kinh", True)
    assert unknown["Sở Không Có Thật"].list_name == "units"


def test_an_understanding_goes_through_json_and_back() -> None:
    for name in ROSTERS:
        text = _understood(name).to_json()
        back = Understanding.from_json(text)
        assert back.to_json() == text
        rows = list(_understood(name).rows)
        assert [row.fields.keys() for row in back.rows] == [row.fields.keys() for row in rows]
        assert [row.value("birth_date") for row in back.rows] == [row.value("birth_date") for row in rows]
        assert [row.value("title") for row in back.rows] == [row.value("title") for row in rows]
        assert [row.value("coefficient") for row in back.rows] == [row.value("coefficient") for row in rows]
