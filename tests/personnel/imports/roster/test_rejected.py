"""The bad rows as a workbook: inert, and understood again as the same rows with the same faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from personnel.imports.report import Fault
from personnel.imports.roster.rejected import REASON, write_rejected
from personnel.imports.roster.results import Understanding
from personnel.imports.roster.understanding import understand
from tests.personnel.imports.roster.known import TODAY, known, read
from tests.personnel.imports.roster.offices import Office, workbook_of

HEAD = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ"]


def rejected(understood: Understanding, folder: Path) -> Path:
    """The workbook of the rows that are not understood."""
    errors = [
        Fault(issue.sheet, issue.row, issue.column, issue.code, str(issue.value), issue.message)
        for issue in understood.errors
    ]
    read_roster = SimpleNamespace(understanding=understood, reference=SimpleNamespace(lookups=known()))
    compared: Any = SimpleNamespace(read=read_roster, report=SimpleNamespace(errors=errors))
    path = folder / "loi.xlsx"
    assert write_rejected(compared, path) == len({(fault.sheet, fault.row) for fault in errors})
    return path


@pytest.mark.parametrize("seed", range(20))
def test_bad_rows_sent_again_unmended_have_the_same_faults(seed: int, tmp_path: Path) -> None:
    content = workbook_of({"Danh sách": Office(seed, with_errors=True).draw()})
    first = understand(content, lookups=known(), today=TODAY)
    again = understand(rejected(first, tmp_path), lookups=known(), today=TODAY)
    bad = [row for row in first.rows if row.has_errors]
    # A contradiction is one with a row that is not bad: alone, the row is fine.
    lone = {row.row for row in bad if {issue.code for issue in row.issues} & {"duplicate-in-file", "swapped-dates"}}
    for before, after in zip(bad, again.rows, strict=True):
        if before.row in lone:
            continue
        told = [sorted(issue.code for issue in row.issues if issue.severity == "error") for row in (before, after)]
        assert told[0] == told[1], (before.row, before.cells, after.cells)
        assert before.fields.keys() == after.fields.keys()
        for name, parsed in before.fields.items():
            assert (name, after.fields[name][1:]) == (name, parsed[1:])


def test_what_looks_like_a_formula_is_text_and_stays_text_when_it_is_edited(tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://a","b")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "=1+1"]
    rows: list[list[Any]] = [[n, "Lê Thị An", "31/02/1985", "Nữ", text, "=1+1"] for n, text in enumerate(evil)]
    understood = read([[*HEAD, "=cmd|x"], *rows, [9, "=2+5", "31/02/1985", "Nữ", "x" * 40_000, ""]])
    sheet = openpyxl.load_workbook(rejected(understood, tmp_path)).active
    texts = [
        cell for line in sheet.iter_rows() for cell in line if str(cell.value or "")[:1] in "=+-@\t" and cell.value
    ]
    assert len(texts) == 1 + 2 * len(evil) + 1
    for cell in texts:
        assert (cell.data_type, cell.quotePrefix) == ("s", True), cell.coordinate
    assert len(sheet["E10"].value) == 32_767


def test_as_above_is_written_out(tmp_path: Path) -> None:
    head = [*HEAD, "Ngày tuyển dụng"]
    rows = [
        [1, "Lê Văn An", "01/02/1985", "Nam", "Giám đốc", date(2001, 2, 3)],
        [2, "Lê Bình", "31/02/1985", "nt", "″", "nt"],
    ]
    sheet = openpyxl.load_workbook(rejected(read([head, *rows]), tmp_path)).active
    values = [cell.value for cell in sheet[4]]
    assert values[:5] == [2, "Lê Bình", "31/02/1985", "Nam", "Giám đốc"]
    assert values[5].date() == date(2001, 2, 3)
    assert sheet[3][-1].value == REASON


def test_what_a_section_or_a_decision_told_goes_with_the_rows(tmp_path: Path) -> None:
    head = ["TT", "Họ và tên", "Ngày sinh", "Giới tính", "Ngày tuyển dụng"]
    rows = [
        head,
        ["SỞ Y TẾ"],
        ["I", "Viên chức"],
        [1, "Lê Văn An", date(1985, 5, 8), "?", date(2001, 3, 2)],
        [2, "Lê Thị Bình", "25/08/1980", "Nữ", date(2001, 3, 15)],
    ]
    first = read(rows, dates="swap", default_unit=None)
    again = understand(rejected(first, tmp_path), lookups=known(), today=TODAY)
    (row,) = again.rows
    assert (row.unit, row.code("category")) == ("UBND.04", "public_employee")
    assert (row.value("birth_date").iso, row.value("recruited_on").iso) == ("1985-08-05", "2001-03-02")
