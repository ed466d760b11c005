"""A paper that is made of tables: what page, workbook and PDF all draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from hrdb.kernel.dates import format_date
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.spreadsheets.writing import ColumnKind
from planning.statistics.listing import RoundListing

#: What a list says beneath its title of an approved round, and of one that is not.
FROZEN: Final = "Theo danh sách đã phê duyệt ngày {day}; nội dung giữ nguyên như khi phê duyệt."
REFILLED: Final = (
    "Theo danh sách đã phê duyệt ngày {day}; thông tin cá nhân khi phê duyệt chưa được lưu kèm nên lấy từ hồ sơ tính "
    "đến ngày xét của đợt."
)
DRAFT: Final = "Danh sách chưa phê duyệt; thông tin lấy từ hồ sơ tính đến ngày xét của đợt."
PARTLY: Final = "Chỉ gồm các chức danh trong phạm vi được xem của người in."
LEFT: Final = "{count} lượt người đã được đưa ra khỏi quy hoạch sau ngày phê duyệt; tài liệu này không đổi theo."


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: its head, what it holds, its share of the width in millimetres; `group` stands over several."""

    key: str
    label: str
    width: float = 20
    kind: ColumnKind = "text"
    group: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it holds whole numbers."""
        return self.kind in ("integer", "count")

    @property
    def css(self) -> str:
        """How wide it is on the page."""
        if self.is_number:
            return "num"
        return "wide" if self.width >= 40 else "middling" if self.width >= 22 else ""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line; `head` is a line of its own over those that follow, `is_total` one that adds up."""

    cells: tuple[Any, ...] = ()
    head: str = ""
    is_total: bool = False
    person: int | None = None


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Columns and lines under a title."""

    title: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[PaperRow, ...]
    note: str = ""

    @property
    def entries(self) -> int:
        """Lines that are not heads."""
        return sum(not row.head for row in self.rows)

    @property
    def has_groups(self) -> bool:
        """Whether some columns stand under a common head."""
        return any(column.group for column in self.columns)

    def heads(self) -> list[tuple[str, int, bool]]:
        """The first row of heads: words, how many columns, whether it reaches down to the second row."""
        found: list[tuple[str, int, bool]] = []
        for place, column in enumerate(self.columns):
            if not column.group:
                found.append((column.label, 1, True))
            elif place and self.columns[place - 1].group == column.group:
                words, count, _ = found.pop()
                found.append((words, count + 1, False))
            else:
                found.append((column.group, 1, False))
        return found

    def lower_heads(self) -> list[PaperColumn]:
        """The columns of the second row of heads."""
        return [column for column in self.columns if column.group]

    def lines(self) -> list[tuple[PaperRow, list[tuple[str, PaperColumn]]]]:
        """The lines with what each cell shows beside its column."""
        return [
            (row, [(_shown(cell), column) for cell, column in zip(row.cells, self.columns, strict=False)])
            for row in self.rows
        ]

    def widths(self) -> list[float]:
        """Widths in per cent."""
        whole = sum(column.width for column in self.columns)
        return [round(column.width * 100 / whole, 2) for column in self.columns]

    def part(self, first: int, count: int) -> PaperTable:
        """Some of its lines, with the head over the first of them said again."""
        rows = self.rows[first : first + count]
        before = next((row for row in reversed(self.rows[:first]) if row.head), None)
        if rows and not rows[0].head and before is not None:
            rows = (PaperRow(head=f"{before.head} (tiếp)"), *rows)
        return PaperTable(self.title, self.columns, rows, self.note)


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return number_text(cell) if isinstance(cell, int) else str(cell)


class RoundPaper:
    """A paper about the list of a round.

    `key` is its word in the address, `about` one line on what it holds, `layout` says how sure its layout is.
    """

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    about: ClassVar[str] = ""
    icon: ClassVar[str] = "table"
    formats: ClassVar[tuple[str, ...]] = ("xlsx", "pdf")
    layout: ClassVar[str] = ""
    names_people: ClassVar[bool] = False

    def __init__(self, listing: RoundListing, chosen: Sequence[str] = ()) -> None:
        self.listing, self.chosen = listing, tuple(chosen)

    @property
    def title(self) -> str:
        """What stands over the paper."""
        return self.label

    @property
    def subtitle(self) -> str:
        """Of which round and day."""
        planning_round = self.listing.round
        return f"{planning_round.name} (tính đến ngày {format_date(planning_round.day)})"

    @property
    def sources(self) -> list[str]:
        """Where the content comes from and how sure the layout is."""
        listing = self.listing
        told = [source_of(listing)]
        if not listing.is_whole:
            told.append(PARTLY)
        if listing.left_since:
            told.append(LEFT.format(count=number_text(listing.left_since)))
        return [*told, *filter(None, [self.layout])]

    def tables(self) -> list[PaperTable]:
        """The tables."""
        raise NotImplementedError

    @property
    def people(self) -> frozenset[int]:
        """Whom the paper names."""
        return self.listing.people if self.names_people else frozenset()


def source_of(listing: RoundListing) -> str:
    """Where the content of a paper comes from, in a sentence."""
    approved_on = listing.round.approved_on
    if not listing.is_frozen or approved_on is None:
        return DRAFT
    return (REFILLED if listing.is_refilled else FROZEN).format(day=format_date(approved_on))
