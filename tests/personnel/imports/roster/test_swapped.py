"""A column in which a spreadsheet swapped days and months is asked about once; nothing else is."""

from datetime import date
from typing import Any

import pytest

from personnel.imports.roster.mapping import RosterMapping
from tests.personnel.imports.roster.known import codes, read, workbook
from tests.personnel.imports.roster.known import known as lookups

HEAD = ["TT", "Họ và tên", "Ngày sinh", "Ngày tuyển dụng"]
SWAPPED = [
    [1.0, "Nguyễn Văn An", date(1975, 3, 5), "01/09/1999"],
    [2.0, "Nguyễn Văn Bình", "25/08/1976", "15/09/1999"],
    [3.0, "Nguyễn Văn Chi", date(1977, 7, 9), date(2001, 9, 20)],
]


def _birth(understood: Any) -> list[str]:
    return [row.value("birth_date").iso for row in understood.rows]


def test_a_swapped_column_is_asked_about_once() -> None:
    understood = read([HEAD, *SWAPPED])
    assert [(issue.row, issue.column, issue.code) for issue in understood.errors] == [(1, "C", "swapped-dates")]
    assert understood.needs_decision
    (question,) = understood.swapped
    assert (question.column_key, question.examples[0]) == ("birth_date", "05/03/1975 có thể là 03/05/1975")


def test_the_decision_swaps_the_real_dates_or_leaves_them() -> None:
    as_is, swapped = read([HEAD, *SWAPPED], dates="as-is"), read([HEAD, *SWAPPED], dates="swap")
    assert _birth(as_is) == ["1975-03-05", "1976-08-25", "1977-07-09"]
    assert _birth(swapped) == ["1975-05-03", "1976-08-25", "1977-09-07"]
    assert [row.value("recruited_on").iso for row in swapped.rows][2] == "2001-09-20"
    for understood in (as_is, swapped):
        assert not understood.errors
        assert not understood.needs_decision


def test_a_decision_for_one_column_goes_before_that_for_all() -> None:
    mapping = RosterMapping(dates={"birth_date": "swap"})
    assert _birth(read([HEAD, *SWAPPED], mapping=mapping, dates="as-is"))[0] == "1975-05-03"


@pytest.mark.parametrize(
    "cells",
    [
        [date(1975, 3, 5), date(1976, 8, 12)],
        ["25/08/1976", "13/01/1980"],
        [date(1975, 3, 25), "25/08/1976"],
        [date(1975, 3, 5), "25/08/1976", "05/08/1976"],
        [date(1975, 3, 5), "31/02/1980x"],
    ],
)
def test_other_columns_are_not_asked_about(cells: list[Any]) -> None:
    rows = [[float(place), f"Nguyễn Văn {'ABCDE'[place]}n", cell, ""] for place, cell in enumerate(cells, start=1)]
    assert "swapped-dates" not in {code for _, code in codes(read([HEAD, *rows]))}


def test_texts_with_dots_do_not_speak_for_or_against_it() -> None:
    rows = [*SWAPPED, [4.0, "Nguyễn Văn Dũng", "05.08.1976", ""]]
    assert ("swapped-dates") in {code for _, code in codes(read([HEAD, *rows]))}


def test_sheets_of_one_file_are_judged_together() -> None:
    from personnel.imports.roster.understanding import understand
    from tests.personnel.imports.roster.known import TODAY

    late = [[1.0, "Lê Văn An", date(1980, 3, 25), ""]]
    file = workbook(("Sở Nội vụ", [HEAD, *SWAPPED]), ("Sở Tài chính", [HEAD, *late]))
    assert not understand(file, lookups=lookups(), today=TODAY).swapped
