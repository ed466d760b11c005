"""The book of parameters of succession planning (quy hoạch)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from hrdb.kernel.parameters import PARAMETER_BOOKS, ParameterBook

#: Đối tượng quy hoạch: the direct feeder of a title, or the next.
PlanningObject = Literal[1, 2]

LAW: Final = PARAMETER_BOOKS.register(
    ParameterBook(
        "planning",
        Path(__file__).parent / "parameters",
        groups={
            "age": "Tuổi quy hoạch",
            "reference_days": "Mốc tính tuổi",
            "places": "Số người, số chức danh",
            "conditions": "Điều kiện quy hoạch",
            "standards": "Tiêu chuẩn chức danh quy hoạch",
            "structure": "Cơ cấu danh sách quy hoạch",
            "votes": "Lấy phiếu quy hoạch",
            "rotation": "Luân chuyển",
            "forms": "Biểu tổng hợp quy hoạch",
        },
    )
)
