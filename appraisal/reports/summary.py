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
    Head("Phải xếp loại", "integer", 16),
    Head("Đã duyệt", "integer", 16),
    *(Head(text, "integer", 17) for text in SHORT),
    Head("Không xếp loại", "integer", 16),
    Head("Chưa duyệt", "integer", 16),
    *(Head(f"% {text[0].lower()}{text[1:]}", "percent", 16) for text in SHORT),
)

_UNITS: Final = (
    Head("Đơn vị phải xếp loại", "integer", 28),
    Head("Đã duyệt", "integer", 24),
    *(Head(text, "integer", 26) for text in SHORT),
    Head("Chưa có mức", "integer", 26),
)

HEADS: Final = (
    Head("Nhóm", width=80),
    Head("Cấp xếp loại", width=56),
    Head("Số người", "integer", 18),
    Head("Xuất sắc", "integer", 18),
    Head("Hoàn thành tốt", "integer", 20),
    Head("Xuất sắc tối đa", "integer", 20),
    Head("Vượt", "integer", 16),
    Head("Căn cứ"),
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
        """By unit, by category, members of the Party, units themselves, heads below each authority."""
        found = self.found
        tables = [
            self._table("Theo đơn vị", "Đơn vị", found.by_unit, found.total),
            self._table("Theo đối tượng", "Đối tượng", found.by_category, found.total),
        ]
        if found.party and found.party_total is not None:
            tables.append(self._table("Đảng viên", "Đơn vị", found.party, found.party_total))
        if found.unit_levels:
            tables.append(self._plain("Xếp loại đơn vị", (Head("Loại đơn vị"), *_UNITS), self._unit_rows()))
        if found.heads:
            tables.append(self._plain("Nhóm người đứng đầu", HEADS, self._head_rows()))
        return tables

    def _unit_rows(self) -> tuple[tuple[object, ...], ...]:
        return tuple((one.label, one.units, one.approved, *one.levels, one.without) for one in self.found.unit_levels)

    def _head_rows(self) -> tuple[tuple[object, ...], ...]:
        return tuple(
            (
                group.label,
                self.found.places.get(group.key[1], ""),
                group.people,
                group.excellent,
                group.good,
                "chưa rõ" if group.allowed is None else group.allowed,
                group.too_many or None,
                group.finding.citation.text if group.finding.citation else "",
            )
            for group in self.found.heads
        )

    def _plain(self, name: str, heads: tuple[Head, ...], rows: tuple[tuple[object, ...], ...]) -> ReportTable:
        caption = self.lead if name == "Xếp loại đơn vị" else f"{self.found.cycle.name} · tính mọi kết quả đã nhập"
        return ReportTable(f"{self.title} – {name[0].lower()}{name[1:]}", name, heads, rows, caption=(caption,))

    def _table(self, name: str, first: str, rows: Sequence[SummaryRow], total: SummaryRow) -> ReportTable:
        day = format_date(self.found.cycle.ends_on)
        return ReportTable(
            title=f"{self.title} – {name.lower()}",
            name=name,
            heads=(Head(first), *_COUNTS),
            rows=tuple(_values(row) for row in rows),
            caption=(self.lead, f"Người do đơn vị xếp loại vào ngày {day}"),
            total=_values(total),
        )

    def share(self, row: SummaryRow, place: int) -> str:
        """The share of a level among those rated."""
        return percent_text(row.levels[place] / row.rated) if row.rated else ""


def _values(row: SummaryRow) -> tuple[object, ...]:
    shares = [number / row.rated if row.rated else None for number in row.levels]
    return (row.label, row.people, row.rated, *row.levels, row.excluded, row.waiting, *shares)


LEVEL_KEYS: Final = tuple(LevelChoice.values)
