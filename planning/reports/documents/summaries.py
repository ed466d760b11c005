"""Summaries of a round (bảng tổng hợp): by seat, by structure of people, and the forms 12A, 12B, 12C."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from hrdb.kernel.screens.formats import percent_text
from planning.reports.documents.lists import NUMBER
from planning.reports.documents.tables import PaperColumn, PaperRow, PaperTable, RoundPaper
from planning.rules.forms import COLUMNS, FORMS, ROWS, SECTIONS, UNCONFIRMED, column_of, form_of, row_label, rows_of
from planning.statistics.listing import ListedPerson, ListedSeat

_PLANNED: Final = "Trong quy hoạch (lượt người)"
_OF_THEM: Final = "Trong đó"


class SeatSummary(RoundPaper):
    """How many people each seat has, and of which kind."""

    key, label = "tong-hop-chuc-danh", "Tổng hợp theo chức danh"
    icon = "table"
    about = "Mỗi chức danh: số ghế, số người được quy hoạch tối đa, đối tượng 1, 2, tại chỗ, nơi khác, nữ, dân tộc."
    layout = "Mẫu tổng hợp của Hướng dẫn 45-HD/BTCTW chưa được đọc; bố cục do phần mềm lập (chưa kiểm chứng)."

    @property
    def title(self) -> str:
        """What stands over the summary."""
        return "Tổng hợp kết quả quy hoạch theo chức danh"

    def tables(self) -> list[PaperTable]:
        """One line a seat, those without people too, and the sum."""
        ages = tuple(key for key in ROWS if key.startswith("age_") and key != "age_unknown")
        columns = (
            NUMBER,
            PaperColumn("title", "Chức danh", 46),
            PaperColumn("unit", "Cơ quan, đơn vị", 46),
            PaperColumn("number", "Số ghế", 12, "count"),
            PaperColumn("places", "Số người tối đa", 14, "count"),
            PaperColumn("entries", "Tổng số", 13, "count", _PLANNED),
            PaperColumn("first", "Đối tượng 1", 14, "count", _PLANNED),
            PaperColumn("second", "Đối tượng 2", 14, "count", _PLANNED),
            PaperColumn("own", "Tại chỗ", 13, "count", _OF_THEM),
            PaperColumn("elsewhere", "Nơi khác", 13, "count", _OF_THEM),
            PaperColumn("female", "Nữ", 11, "count", _OF_THEM),
            PaperColumn("minority", "Dân tộc thiểu số", 14, "count", _OF_THEM),
            *(PaperColumn(key, row_label(key, self.listing.day), 16, "count", _OF_THEM) for key in ages),
        )
        rows = [
            PaperRow((place, seat.title, seat.unit, seat.number, seat.places, *self._counts(seat, ages)))
            for place, seat in enumerate(self.listing.seats, 1)
        ]
        sums = [
            sum(row.cells[place] or 0 for row in rows) if place not in (4,) else None
            for place in range(3, len(columns))
        ]
        total = PaperRow(("", "Tổng số", "", *sums), is_total=True)
        return [PaperTable("Theo chức danh", columns, (*rows, total) if rows else ())]

    def _counts(self, seat: ListedSeat, ages: tuple[str, ...]) -> tuple[int, ...]:
        objects = Counter(person.object for person in seat.people)
        sources = Counter(person.source for person in seat.people)
        rows = Counter(row for person in seat.people for row in rows_of(person.counts, self.listing.day))
        return (
            len(seat.people),
            objects[1],
            objects[2],
            sources["Tại chỗ"],
            sources["Nơi khác"],
            rows["female"],
            rows["minority"],
            *(rows[key] for key in ages),
        )


class StructureSummary(RoundPaper):
    """Forms 12A, 12B, 12C by the level of the seats' units, and the structure of people counted once each."""

    key, label = "bieu-12", "Biểu 12A, 12B, 12C"
    icon = "chart-column"
    about = "Kết quả quy hoạch theo cơ cấu: lượt người theo chức danh, và cơ cấu khi mỗi người tính một lần."
    layout = UNCONFIRMED

    @property
    def title(self) -> str:
        """What stands over the forms."""
        return "Kết quả quy hoạch theo cơ cấu"

    def tables(self) -> list[PaperTable]:
        """A form for each level that the list has seats of, then people."""
        found = []
        for key, (number, level) in FORMS.items():
            seats = [seat for seat in self.listing.seats if form_of(seat.level) == key]
            if seats:
                found.append(self._form(f"Biểu {number}. {level}", seats))
        return [*found, self._people()]

    def _form(self, title: str, seats: list[ListedSeat]) -> PaperTable:
        counts: Counter[tuple[str, str]] = Counter()
        for seat in seats:
            column = column_of(seat.key[0], seat.branch, seat.group)
            for person in seat.people:
                counts.update((row, column) for row in rows_of(person.counts, self.listing.day))
        columns = (
            PaperColumn("label", "Nội dung", 44),
            PaperColumn("total", "Tổng số", 13, "count"),
            *(PaperColumn(key, words, 14, "count") for key, words in COLUMNS.items()),
        )
        return PaperTable(title, columns, tuple(self._rows(counts, tuple(COLUMNS))), "Đơn vị tính: lượt người")

    def _rows(self, counts: Counter[tuple[str, str]], columns: tuple[str, ...]) -> Iterator[PaperRow]:
        for row in ROWS:
            if row in SECTIONS:
                yield PaperRow(head=SECTIONS[row])
            numbers = [counts[row, column] for column in columns]
            if row == "age_unknown" and not any(numbers):
                continue
            yield PaperRow((row_label(row, self.listing.day), sum(numbers), *numbers), is_total=row == "total")

    def _people(self) -> PaperTable:
        people: dict[int, ListedPerson] = {
            person.cadre_id: person for seat in self.listing.seats for person in seat.people
        }
        counts = Counter(row for person in people.values() for row in rows_of(person.counts, self.listing.day))
        columns = (
            PaperColumn("label", "Nội dung", 60),
            PaperColumn("count", "Số người", 20, "count"),
            PaperColumn("share", "Tỷ lệ", 20),
        )
        rows: list[PaperRow] = []
        for row in ROWS:
            if row in SECTIONS:
                rows.append(PaperRow(head=SECTIONS[row]))
            if row == "age_unknown" and not counts[row]:
                continue
            share = percent_text(counts[row] / len(people)) if people else ""
            rows.append(PaperRow((row_label(row, self.listing.day), counts[row], share), is_total=row == "total"))
        return PaperTable("Cơ cấu danh sách, mỗi người tính một lần", columns, tuple(rows), "Đơn vị tính: người")
