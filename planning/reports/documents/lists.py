"""Danh sách trích ngang of a round: a line for each person under his seat, in the columns that the reader chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from planning.reports.documents.tables import PaperColumn, PaperRow, PaperTable, RoundPaper
from planning.statistics.listing import ListedPerson, ListedSeat

#: Columns that are always there, before and among the chosen ones.
NUMBER: Final = PaperColumn("number", "STT", 9, "count")
NAME: Final = PaperColumn("name", "Họ và tên", 32)

#: Every other column in its order, with whether it is shown unless the reader chooses, and what it reads.
Reading = Callable[[ListedSeat, ListedPerson], Any]


def _told(key: str) -> Reading:
    return lambda seat, person: person.told.get(key, "")


def _born(sex: str) -> Reading:
    return lambda seat, person: (
        person.told.get("born", "") if (person.counts.get("sex") == "female") == (sex == "female") else ""
    )


_BIRTH: Final = "Ngày, tháng, năm sinh"
_STUDIES: Final = "Trình độ"
_PARTY: Final = "Ngày vào Đảng"

OFFERED: Final[tuple[tuple[PaperColumn, bool, Reading], ...]] = (
    (PaperColumn("born_male", "Nam", 18, group=_BIRTH), True, _born("male")),
    (PaperColumn("born_female", "Nữ", 18, group=_BIRTH), True, _born("female")),
    (PaperColumn("ethnicity", "Dân tộc", 13), True, _told("ethnicity")),
    (PaperColumn("religion", "Tôn giáo", 14), False, _told("religion")),
    (PaperColumn("home_town", "Quê quán", 26), True, _told("home_town")),
    (PaperColumn("party_joined_on", "Dự bị", 18, group=_PARTY), True, _told("party_joined_on")),
    (PaperColumn("party_official_on", "Chính thức", 18, group=_PARTY), False, _told("party_official_on")),
    (PaperColumn("degree", "Chuyên môn", 24, group=_STUDIES), True, _told("degree")),
    (PaperColumn("political_theory", "LLCT", 14, group=_STUDIES), True, _told("political_theory")),
    (PaperColumn("state_management", "QLNN", 15, group=_STUDIES), True, _told("state_management")),
    (PaperColumn("language", "Ngoại ngữ", 16, group=_STUDIES), True, _told("language")),
    (PaperColumn("informatics", "Tin học", 15, group=_STUDIES), False, _told("informatics")),
    (PaperColumn("post", "Chức vụ hiện nay", 28), True, _told("post")),
    (PaperColumn("unit", "Đơn vị công tác", 28), True, _told("unit")),
    (PaperColumn("post_since", "Giữ chức vụ từ ngày", 18), False, _told("post_since")),
    (PaperColumn("rank", "Ngạch, bậc", 18), False, _told("rank")),
    (PaperColumn("recruited_on", "Ngày tuyển dụng", 18), False, _told("recruited_on")),
    (PaperColumn("planned_title", "Chức danh quy hoạch", 34), False, lambda seat, person: seat_name(seat)),
    (PaperColumn("object", "Đối tượng", 12, "count"), True, lambda seat, person: person.object),
    (PaperColumn("source", "Nguồn", 14), False, lambda seat, person: person.source),
    (PaperColumn("ratings", "Xếp loại 3 năm", 28), False, _told("ratings")),
    (PaperColumn("votes", "Số phiếu từng bước", 24), True, lambda seat, person: person.votes),
    (PaperColumn("note", "Ghi chú", 22), True, lambda seat, person: person.note),
)

DEFAULT: Final = tuple(column.key for column, is_shown, _ in OFFERED if is_shown)


def seat_name(seat: ListedSeat) -> str:
    """Title and unit of a seat."""
    return ", ".join(filter(None, (seat.title, seat.unit)))


def chosen_columns(asked: Iterable[str]) -> tuple[str, ...]:
    """The keys of columns among those asked for, in the order of the list; the usual ones when none is known."""
    wanted = {key for text in asked for key in text.split(",")}
    return tuple(column.key for column, _, _ in OFFERED if column.key in wanted) or DEFAULT


def column_label(column: PaperColumn) -> str:
    """A column as it is chosen: with the head that stands over it."""
    return f"{column.group}: {column.label}" if column.group else column.label


class PlannedList(RoundPaper):
    """The list of planned people by seat."""

    key, label = "trich-ngang", "Danh sách trích ngang"
    icon = "list"
    about = "Từng người trong danh sách theo chức danh; chọn được cột."
    layout = (
        "Cột theo nền nếp thường dùng; mẫu danh sách trích ngang của Hướng dẫn 45-HD/BTCTW chưa được đọc "
        "(chưa kiểm chứng)."
    )
    names_people = True

    @property
    def title(self) -> str:
        """What stands over the list."""
        return "Danh sách trích ngang cán bộ quy hoạch"

    def tables(self) -> list[PaperTable]:
        """One table, a head for each seat that has people."""
        keys = set(self.chosen or DEFAULT)
        offered = [(column, reading) for column, _, reading in OFFERED if column.key in keys]
        columns = (NUMBER, NAME, *(column for column, _ in offered))
        rows: list[PaperRow] = []
        number = 0
        for place, seat in enumerate((one for one in self.listing.seats if one.people), 1):
            rows.append(PaperRow(head=f"{place}. {seat_name(seat)}"))
            for person in seat.people:
                number += 1
                cells = (number, person.name, *(reading(seat, person) for _, reading in offered))
                rows.append(PaperRow(cells, person=person.cadre_id))
        return [PaperTable("Danh sách", columns, tuple(rows))]
