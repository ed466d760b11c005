"""Whole records as a workbook and back, beside openpyxl with the same cells.

Ours: everything for an officer of the province, scope, pick lists, keys, comparison, writing with history, in one
transaction. Beside it: openpyxl writing and reading the same cells and nothing else, streaming, its quickest way.
"""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bench.pages import officer
from hrdb.kernel.models import User
from personnel.exports.workbook.columns import HEADINGS, KEY, PERSON
from personnel.exports.workbook.exporting import export_people
from personnel.imports.workbook.importing import ComparedBook, commit_book, new_batch, read_book
from personnel.models import Cadre

PEOPLE = 2_000
#: Where new numbers begin: nobody of the demonstration province has one of them.
FIRST_NUMBER = 999_000_000_000
Cells = dict[str, list[list[Any]]]


def run(people: int = PEOPLE) -> Iterator[str]:
    """Lines of the comparison; what it writes is rolled back."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        user, ids = officer("bench-workbook"), list(Cadre.objects.order_by("pk").values_list("pk", flat=True)[:people])
        path = Path(folder) / "so-ho-so.xlsx"
        few = _export(path, ids[:50], user)[1]
        seconds, queries = _export(path, ids, user)
        cells = _cells(path)
        count = sum(map(len, cells.values()))
        yield f"{len(ids):,} whole records: {count:,} rows on {len(cells)} sheets, {path.stat().st_size / 1e6:.1f} MB"
        bare = _timed(lambda: _write_openpyxl(Path(folder) / "openpyxl.xlsx", cells))
        yield f"export: {seconds:.1f} s, {queries} queries ({few} for 50 people); openpyxl, cells alone: {bare:.1f} s"
        yield f"ratio export / openpyxl: {seconds / bare:.2f}"
        reading = _timed(lambda: _read_openpyxl(path))
        yield f"openpyxl, reading the cells alone: {reading:.1f} s"
        yield from _import("sent back as it is", path, user, reading)
        edited = Path(folder) / "sua.xlsx"
        _write(edited, _corrected(cells))
        yield from _import("a value of everybody corrected, a row added for each", edited, user, reading)
        _write(edited, _as_new(cells))
        yield from _import("as many new people, whole records", edited, user, reading)
        transaction.set_rollback(True)


def _export(path: Path, ids: list[int], user: User) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as queries:
        seconds = _timed(lambda: export_people(path, ids=ids, day=timezone.localdate(), acting_user=user))
    return seconds, len(queries)


def _import(name: str, path: Path, user: User, reading: float) -> Iterator[str]:
    """One import to the end; taken back."""
    books: list[ComparedBook] = []
    mark = transaction.savepoint()

    def work() -> None:
        read = read_book(path, user=user, reason="đối chiếu hồ sơ giấy")
        books.append(commit_book(read, batch=new_batch(path, user=user)))

    with CaptureQueriesContext(connection) as queries:
        seconds = _timed(work)
    transaction.savepoint_rollback(mark)
    report = books[0].report
    assert report.committed, report.errors[:3]
    yield (
        f"import, {name}: {seconds:.1f} s, {report.rows / seconds:,.0f} rows/s, {len(queries)} queries; "
        f"created {report.created:,}, changed {report.changed:,}, same {report.same:,}"
    )
    yield f"  ratio to openpyxl's reading of the same: {seconds / reading:.2f}"


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _cells(path: Path) -> Cells:
    """Every sheet's cells."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def _write(path: Path, cells: Cells) -> None:
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}
    ) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(number, place, value)
                    elif value != "":
                        (sheet.write_string if isinstance(value, str) else sheet.write_number)(number, place, value)


def _write_openpyxl(path: Path, cells: Cells) -> None:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in cells.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    book.save(path)


def _read_openpyxl(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))


def _corrected(cells: Cells) -> Cells:
    """Another telephone number for everybody, and a certificate more."""
    people, studies = [list(row) for row in cells["Cán bộ"]], [list(row) for row in cells["Đào tạo, bồi dưỡng"]]
    phone, number = (people[0].index(name) for name in ("Số điện thoại", "Số định danh cá nhân *"))
    new = {"Loại *": "Tin học", "Văn bằng, chứng chỉ": "Chứng chỉ chuyển đổi số", "Có từ ngày *": "2025"}
    for row in people[1:]:
        row[phone] = "0900 000 000"
        added = {**new, HEADINGS[PERSON]: row[number] or row[1]}
        studies.append([added.get(heading, "") for heading in studies[0]])
    return {**cells, "Cán bộ": people, "Đào tạo, bồi dưỡng": studies}


def _as_new(cells: Cells) -> Cells:
    """The same records of other people: other numbers, no keys."""
    people = cells["Cán bộ"]
    number = people[0].index("Số định danh cá nhân *")
    others = {row[number]: str(FIRST_NUMBER + place) for place, row in enumerate(people[1:]) if row[number]}
    found: Cells = {}
    for name, rows in cells.items():
        if HEADINGS[KEY] not in rows[0]:
            continue
        of = number if name == "Cán bộ" else rows[0].index(HEADINGS[PERSON])
        kept = [row for row in rows[1:] if row[of] in others]
        found[name] = [rows[0], *([*("", ""), *row[2:]] if name == "Cán bộ" else ["", *row[1:]] for row in kept)]
        for row in found[name][1:]:
            row[of] = others[row[of]]
    return found
