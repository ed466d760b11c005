"""The summary of approved ratings (bảng tổng hợp kết quả xếp loại) as tables for page, workbook and paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from appraisal.choices import LevelChoice
from appraisal.reports.tables import Head, ReportTable
from appraisal.statistics.summary import Summary, SummaryRow
from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.formats import number_text, percent_text

SHORT: Final = ("Xuất sắc", "Hoàn thành tốt", "Hoàn thành", "Không hoàn thành")

_COUNTS: Final = (
    Head("Phải xếp loại", "integer", 20),
    Head("Đã duyệt", "integer", 20),
    *(Head(text, "integer", 24) for text in SHORT),
    Head("Không xếp loại", "integer", 22),
    Head("Chưa duyệt", "integer", 20),
)


class SummaryReport:
    """The summary in words and tables."""

    title = "Tổng hợp kết quả đánh giá, xếp loại"

    def __init__(self, found: Summary) -> None:
        self.found = found

    @property
    def lead(self) -> str:
        """What is counted."""
        found = self.found
        place = f"{found.name} · " if found.name else ""
        return (
            f"{place}{found.cycle.name} · kết quả đã duyệt của {number_text(found.approved)} / "
            f"{number_text(found.units)} đơn vị"
        )

    def tables(self) -> Sequence[ReportTable]:
        """By unit, then by category."""
        return [
            self._table("Theo đơn vị", "Đơn vị", self.found.by_unit),
            self._table("Theo đối tượng", "Đối tượng", self.found.by_category),
        ]

    def _table(self, name: str, first: str, rows: Sequence[SummaryRow]) -> ReportTable:
        day = format_date(self.found.cycle.ends_on)
        return ReportTable(
            title=f"{self.title} – {name.lower()}",
            name=name,
            heads=(Head(first), *_COUNTS),
            rows=tuple(_values(row) for row in rows),
            caption=(self.lead, f"Người do đơn vị xếp loại vào ngày {day}"),
            total=_values(self.found.total),
        )

    def share(self, row: SummaryRow, place: int) -> str:
        """The share of a level among those rated."""
        return percent_text(row.levels[place] / row.rated) if row.rated else ""


def _values(row: SummaryRow) -> tuple[object, ...]:
    return (row.label, row.people, row.rated, *row.levels, row.excluded, row.waiting)


LEVEL_KEYS: Final = tuple(LevelChoice.values)
