"""The book of parameters of the record: retirement, ages, pay, personal numbers, targets of structure."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from hrdb.kernel.findings import Confidence
from hrdb.kernel.parameters import PARAMETER_BOOKS, ParameterBook

Sex = Literal["male", "female"]
SEXES: Final[tuple[Sex, ...]] = ("male", "female")
SEX_LABELS: Final[dict[Sex, str]] = {"male": "nam", "female": "nữ"}

#: All parameters of this app, by keys such as `retirement/age_male`.
LAW: Final = PARAMETER_BOOKS.register(
    ParameterBook(
        "personnel",
        Path(__file__).parent / "parameters",
        groups={
            "retirement": "Nghỉ hưu",
            "ages": "Độ tuổi tối thiểu",
            "categories": "Đối tượng",
            "age_bands": "Nhóm tuổi thống kê",
            "youth": "Cán bộ trẻ",
            "targets": "Chỉ tiêu cơ cấu cán bộ",
            "pay": "Tiền lương",
            "pay/scales": "Thang bảng lương",
            "personal_number": "Số định danh cá nhân",
            "establishment": "Biên chế, vị trí việc làm",
            "term": "Thời hạn giữ chức vụ",
            "appointment": "Điều kiện bổ nhiệm",
            "discipline": "Kỷ luật",
            "mobility": "Điều động, luân chuyển, biệt phái",
            "leaving": "Thôi giữ chức vụ, nghỉ hưu",
            "procedures": "Quy trình nhân sự",
            "dossiers": "Thành phần hồ sơ nhân sự",
        },
    )
)

_STRENGTH: Final[tuple[Confidence, ...]] = ("unconfirmed", "one source", "two sources")


def weakest(*confidences: Confidence) -> Confidence:
    """How well a result is confirmed that rests on several values: as well as the weakest of them."""
    return min(confidences, key=_STRENGTH.index)
