"""Yearly plans as workbooks, from the same reports as the pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from training.choices import ClassState
from training.statistics.planned import PlanReport, ProgrammeLine, YearCell, YearsRow


def plan_workbook(report: PlanReport) -> bytes:
    """The plan: foreseen classes, and by programme need, plan and what was done."""
    plan = report.plan
    caption = (plan.name, plan.get_state_display())
    lines = ExportSheet(
        "Lớp dự kiến",
        [
            ExportColumn("Chương trình", width=48),
            ExportColumn("Loại", width=30),
            ExportColumn("Tháng", kind="count", width=8),
            ExportColumn("Số chỗ", kind="integer"),
            ExportColumn("Kinh phí (đồng)", kind="integer", width=18),
            ExportColumn("Lớp đã mở", width=40),
            ExportColumn("Ghi chú", width=34),
        ],
        _lines(report),
        caption=caption,
        frozen_columns=1,
    )
    done = ExportSheet(
        "Kế hoạch và thực hiện",
        [
            ExportColumn("Chương trình", width=48),
            ExportColumn("Nhu cầu (người)", kind="integer", width=12),
            ExportColumn("Lớp dự kiến", kind="integer"),
            ExportColumn("Chỗ dự kiến", kind="integer"),
            ExportColumn("Kinh phí dự kiến (đồng)", kind="integer", width=18),
            ExportColumn("Lớp đã mở", kind="integer"),
            ExportColumn("Lớp kết thúc", kind="integer"),
            ExportColumn("Học viên", kind="integer"),
            ExportColumn("Đạt", kind="integer"),
            ExportColumn("Kinh phí thực hiện (đồng)", kind="integer", width=18),
        ],
        _done(report),
        caption=caption,
        footer=("Nhu cầu, học viên, số người đạt tính trong phạm vi của người xuất.",),
        frozen_columns=1,
    )
    return _book([lines, done])


def years_workbook(years: Sequence[int], rows: Sequence[YearsRow], totals: Sequence[YearCell]) -> bytes:
    """Programmes over some years."""
    columns = [ExportColumn("Chương trình", width=48)]
    for year in years:
        columns += [
            ExportColumn(f"{year}: lớp", kind="integer"),
            ExportColumn(f"{year}: chỗ", kind="integer"),
            ExportColumn(f"{year}: kinh phí (đồng)", kind="integer", width=18),
            ExportColumn(f"{year}: đạt", kind="integer"),
        ]
    table = [[row.programme.name, *_cells(row.cells)] for row in rows]
    table.append(["Tổng cộng", *_cells(totals)])
    caption = (f"Kế hoạch đào tạo, bồi dưỡng {years[0]}-{years[-1]}",)
    return _book([ExportSheet("Nhiều năm", columns, table, caption=caption, frozen_columns=1)])


def _book(sheets: Sequence[ExportSheet]) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, sheets)
    return buffer.getvalue()


def _lines(report: PlanReport) -> Iterator[list[Any]]:
    for row in report.rows:
        for line in row.lines:
            planned = line.planned
            opened = "; ".join(one.name for one in line.classes if one.state != ClassState.CANCELLED)
            kind = row.programme.get_kind_display()
            yield [row.programme.name, kind, planned.month, planned.seats, planned.budget, opened, planned.note]
        for one in row.beside:
            note = "Ngoài kế hoạch"
            month = one.begins_on.month if one.begins_on else None
            kind = row.programme.get_kind_display()
            yield [row.programme.name, kind, month, one.capacity, one.cost, one.name, note]


def _done(report: PlanReport) -> Iterator[list[Any]]:
    for row in report.rows:
        yield _figures(row.programme.name, row)
    yield _figures("Tổng cộng", report.total)


def _figures(name: str, row: ProgrammeLine | Any) -> list[Any]:
    done = row.done
    planned = [row.need, row.classes, row.seats, row.budget]
    return [name, *planned, done.opened, done.finished, done.members, done.passed, done.cost]


def _cells(cells: Sequence[YearCell | None]) -> Iterator[Any]:
    for cell in cells:
        yield from (None, None, None, None) if cell is None else (cell.classes, cell.seats, cell.budget, cell.passed)
