"""Rosters (danh sách trích ngang) for tests: the usual columns, ordinary rows, and the lists that they name."""

from __future__ import annotations

from typing import Any

from personnel.choices import QualificationKind
from personnel.models import EthnicGroup, QualificationLevel
from tests.factories.personnel import make_code
from tests.factories.workbooks import workbook

HEAD = ("STT", "Họ và tên", "Số định danh", "Ngày sinh", "Giới tính", "Dân tộc", "Chức vụ", "Trình độ", "Đơn vị")
MAI, PAO, TAN = "025185000001", "025085000002", "025090000003"


def line(number: int, name: str, personal_number: str = "", **cells: str) -> tuple[Any, ...]:
    """A row of a roster; what is not given is ordinary."""
    values = {
        "born": "01/02/1985",
        "sex": "Nam",
        "ethnicity": "Kinh",
        "post": "Chuyên viên",
        "degree": "Đại học",
        "unit": "Sở Nội vụ",
    }
    assert cells.keys() <= values.keys()
    return (number, name, personal_number, *(values | cells).values())


def roster(*lines: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    """A workbook with these rows under the usual headers."""
    return workbook([("DANH SÁCH CÁN BỘ, CÔNG CHỨC",), (), head, *lines])


def make_named_lists() -> None:
    """The items of code lists that ordinary rows name."""
    make_code(EthnicGroup, "01", name="Kinh")
    make_code(EthnicGroup, "05", name="Mông", is_minority=True)
    make_code(QualificationLevel, "04", kind=QualificationKind.PROFESSIONAL, name="Đại học", rank=4, aliases=["ĐH"])
    make_code(QualificationLevel, "03", kind=QualificationKind.PROFESSIONAL, name="Thạc sĩ", rank=3)
