"""Invented people: accounts of the kernel carry the names, everything else follows from the number of the row."""

from __future__ import annotations

from datetime import date
from typing import Any

from hrdb.kernel.models.user import User

NAMES = (
    "Nông Thị Ái|Nguyễn Đức Ân|Giàng Minh Ánh|Trần Quang Đạt|Lò Thị Thu Hà|Hoàng Thị Bích Hằng|Triệu Văn Hòa|"
    "Vàng Seo Páo|Lý Thị Mỷ|Đặng Thị Ngọc Yến|Phạm Hữu Nghĩa|Lương Thị Thúy Quỳnh|Má A Sử|Vũ Đình Thưởng"
)
TITLES = ("Phó Giám đốc", "Trưởng phòng Tổ chức – Cán bộ", "Chuyên viên", "Phó Trưởng phòng", "Chuyên viên chính")
PLACES = ("Sở Nội vụ", "Sở Nội vụ · Phòng Nghiệp vụ", "Sở Nội vụ · Văn phòng", "Sở Nội vụ · Phòng Kế hoạch")
PEOPLES = ("Tày", "Kinh", "Mông", "Thái", "Dao", "Giáy")
DEGREES = ("Thạc sĩ", "Đại học", "Tiến sĩ", "Cao đẳng")
THEORY = ("Cao cấp", "Trung cấp", "Sơ cấp", "")


def make_people(count: int, since: int = 0) -> None:
    """So many accounts with Vietnamese names."""
    names = NAMES.split("|")
    User.objects.bulk_create(
        [
            User(username=f"nguoi{place:04d}", full_name=names[place % len(names)])
            for place in range(since, since + count)
        ]
    )


def pick(values: tuple[str, ...], row: Any) -> str:
    """The value of a row, always the same."""
    return values[row.pk % len(values)]


def born(row: Any) -> date:
    """An invented birth date."""
    return date(1970 + row.pk % 28, 1 + row.pk % 12, 1 + row.pk % 27)


def completeness(row: Any) -> int:
    """How full the record is, in per cent."""
    return 52 + row.pk * 7 % 49
