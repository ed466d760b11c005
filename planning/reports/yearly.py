"""The yearly summary of planning (số liệu quy hoạch hằng năm): one computation for page, workbook and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from hrdb.kernel.dates import format_date
from planning.reports.documents.tables import PaperColumn, PaperRow, PaperTable
from planning.statistics.yearly import YearCount, YearSpan, figures_in_order, sections, spans

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: What the summary says of itself.
SOURCES: Final = (
    "Số liệu tính theo danh sách đã phê duyệt có hiệu lực vào ngày cuối của mỗi năm, trong phạm vi được xem.",
    "Người trong quy hoạch chỉ tính người đang công tác; lượt người tính mọi dòng của danh sách.",
    "Bố cục do phần mềm lập; mẫu báo cáo hằng năm về quy hoạch chưa được đọc (chưa kiểm chứng).",
)


@dataclass(frozen=True, slots=True)
class YearlyRow:
    """A figure with its number of each year, in the order of the years."""

    label: str
    counts: tuple[YearCount, ...]


@dataclass(frozen=True)
class YearlySummary:
    """The figures of some years, by section."""

    day: date
    years: tuple[YearSpan, ...]
    rows: Mapping[str, tuple[YearlyRow, ...]]

    title = "Số liệu quy hoạch hằng năm"
    sources = SOURCES

    @property
    def subtitle(self) -> str:
        """Of which years."""
        return f"{self.years[0].year}–{self.years[-1].year} (tính đến ngày {format_date(self.day)})"

    def tables(self) -> list[PaperTable]:
        """One table: a column a year."""
        columns = (
            PaperColumn("label", "Nội dung", 70),
            *(PaperColumn(str(span.year), f"Năm {span.year}", 20, "count") for span in self.years),
        )
        lines: list[PaperRow] = []
        for section, rows in self.rows.items():
            lines.append(PaperRow(head=section))
            lines += [PaperRow((row.label, *(one.count for one in row.counts))) for row in rows]
        return [PaperTable("Số liệu", columns, tuple(lines))]


def yearly_summary(user: User | None, day: date) -> YearlySummary:
    """Every registered figure of the last years up to a day, of what a reader may see."""
    years = spans(day)
    rows: dict[str, tuple[YearlyRow, ...]] = {}
    for section, figures in sections(figures_in_order()).items():
        told = []
        for figure in figures:
            counts = figure.counts(years, user)
            told.append(YearlyRow(figure.label_on(day), tuple(counts.get(one.year, YearCount(0)) for one in years)))
        rows[section] = tuple(told)
    return YearlySummary(day, years, rows)
