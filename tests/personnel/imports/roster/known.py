"""The known lists of the tests: the project's own data files, and the units of the sample province."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hrdb.kernel.spreadsheets.reading import MergedRange, Sheet, Workbook, read_workbook
from personnel.imports.roster.lookups import CodeRecord, DictionaryLookups, TitleRecord, UnitRecord
from personnel.imports.roster.results import RosterRow, Understanding
from personnel.imports.roster.understanding import understand

SAMPLES = Path(__file__).parent / "samples"
DATA = Path(__file__).resolve().parents[4] / "personnel" / "data"
TODAY = date(2026, 11, 24)
LEVELS = {"Tỉnh": "province", "Xã": "commune", "Huyện": "district"}
CATEGORIES = (
    CodeRecord("cadre", "Cán bộ", ("CB",)),
    CodeRecord("civil_servant", "Công chức", ("CC",)),
    CodeRecord("public_employee", "Viên chức", ("VC",)),
    CodeRecord("contract_111", "Hợp đồng theo NĐ 111/2022/NĐ-CP", ("Hợp đồng 111", "HĐ 68", "Hợp đồng")),
)


@cache
def known() -> DictionaryLookups:
    """Look-ups over all lists."""
    lists = {"category": list(CATEGORIES)}
    for path in (DATA / "lists").glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        lists[content["list"]] = [
            CodeRecord(item["code"], item["name"], tuple(item["aliases"])) for item in content["items"]
        ]
    titles = json.loads((DATA / "titles.json").read_text(encoding="utf-8"))["items"]
    return DictionaryLookups(
        lists,
        sample_units({record.name: record.code for record in lists["unit_kinds"]}),
        [
            TitleRecord(
                item["code"],
                item["name"],
                tuple(item["aliases"]),
                tuple(item["unit_kinds"]),
                tuple(item["unit_levels"]),
            )
            for item in titles
        ],
    )


def sample_units(kinds: dict[str, str]) -> list[UnitRecord]:
    """The units that stand on the samples' day; one that was dissolved before is not among them."""
    rows = read_workbook(SAMPLES / "units.xlsx").sheets[0].rows[1:]
    return [
        UnitRecord(row[0], row[1], row[2] or None, (), kinds.get(row[3], ""), LEVELS[row[4]])
        for row in rows
        if not row[6]
    ]


def workbook(
    *sheets: tuple[str, list[list[Any]]], merged: tuple[MergedRange, ...] = (), is_text: bool = False
) -> Workbook:
    """A workbook as if it had been read; short rows are filled."""
    made = []
    for name, rows in sheets:
        width = max(map(len, rows))
        made.append(Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], merged))
    return Workbook(made, is_text=is_text)


def read(
    rows: list[list[Any]], *, merged: tuple[MergedRange, ...] = (), is_text: bool = False, **options: Any
) -> Understanding:
    """Understand one sheet of rows, of an office of Sở Nội vụ unless told otherwise."""
    options.setdefault("default_unit", "UBND.02")
    file = workbook(("Danh sách", rows), merged=merged, is_text=is_text)
    return understand(file, lookups=known(), today=TODAY, **options)


def read_one(head: list[Any], cells: list[Any], **options: Any) -> RosterRow:
    """Understand a roster of one person."""
    (row,) = read([head, cells], **options).rows
    return row


def codes(understanding: Understanding, severity: str = "error") -> set[tuple[int, str]]:
    """Row and code of the issues of a severity."""
    return {(issue.row, issue.code) for issue in understanding.all_issues if issue.severity == severity}
