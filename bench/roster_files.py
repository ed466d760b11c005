"""Rosters of made-up people, as .xlsx: eighteen columns, the units named in one of them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEAD = [
    "TT", "Họ và tên", "Giới tính", "Ngày sinh", "Dân tộc", "Số CCCD", "Đơn vị công tác", "Chức vụ", "Ngày tuyển dụng",
    "Ngày vào Đảng", "Trình độ chuyên môn", "Lý luận chính trị", "Quản lý nhà nước", "Ngoại ngữ", "Mã ngạch", "Bậc",
    "Hệ số", "Quê quán",
]  # fmt: skip
FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Lò", "Vàng", "Giàng", "Tẩn", "Nông"]
MIDDLE = ["Văn", "Thị", "Đức", "Minh", "Thu", "Quang", "Ngọc", "Hữu"]
GIVEN = ["Hòa", "Mai", "Tuấn", "Lan", "Ước", "Đông", "Hằng", "Khoa", "Oanh", "Páo", "Ân", "Thủy"]
FIRST_DAY, SECOND_DAY = datetime.date(2025, 12, 31), datetime.date(2026, 6, 30)
LATEST = datetime.date(2025, 12, 1)


def people(count: int, units: Sequence[str], seed: int = 1) -> list[list[Any]]:
    """Rows of a roster; one seed gives one roster."""
    draw = random.Random(seed)
    return [_person(draw, number, units) for number in range(count)]


def promoted(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The same people with another title and the next pay step."""
    changed = []
    for row in rows:
        later = list(row)
        later[7] = "Phó Trưởng phòng" if row[7] == "Chuyên viên" else "Chuyên viên"
        later[15], later[16] = row[15] + 1, round(row[16] + 0.33, 2)
        changed.append(later)
    return changed


def write_roster_file(path: Path, rows: Sequence[Sequence[Any]], day: datetime.date) -> Path:
    """Write rows as an office would: a title with the day, a head, the rows."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Danh sách")
        sheet.write_string(0, 0, f"DANH SÁCH TRÍCH NGANG (Tính đến ngày {day:%d/%m/%Y})")
        sheet.write_row(2, 0, HEAD)
        for number, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, dates)
                else:
                    sheet.write(number, column, value)
    return path


def _person(draw: random.Random, number: int, units: Sequence[str]) -> list[Any]:
    is_woman = draw.random() < 0.6
    born = datetime.date(1966, 1, 1) + datetime.timedelta(days=draw.randrange(35 * 365))
    recruited = born + datetime.timedelta(days=22 * 366 + draw.randrange(900))
    century = 0 if born.year < 2000 else 2
    joined = recruited + datetime.timedelta(days=500 + draw.randrange(1500))
    step = draw.randint(1, 6)
    return [
        number + 1,
        f"{draw.choice(FAMILY)} {draw.choice(MIDDLE)} {draw.choice(GIVEN)}",
        "Nữ" if is_woman else "Nam",
        born,
        draw.choice(["Kinh", "Tày", "Mông", "Thái", "Dao"]),
        f"010{century + is_woman}{born.year % 100:02d}{number:06d}",
        draw.choice(units),
        draw.choice(["Chuyên viên", "Giáo viên", "Văn thư viên"]),
        min(recruited, LATEST),
        joined if joined < LATEST and draw.random() < 0.7 else "",
        draw.choice(["Đại học", "Thạc sĩ", "Cao đẳng"]),
        draw.choice(["Sơ cấp", "Trung cấp", "Cao cấp", ""]),
        draw.choice(["Chuyên viên", "Chuyên viên chính", ""]),
        draw.choice(["Tiếng Anh B1", ""]),
        "01.003",
        step,
        round(2.34 + 0.33 * (step - 1), 2),
        "Lào Cai",
    ]
