"""Completeness of a record (độ đầy đủ của hồ sơ): which rows of the unified form everyone has, and which are empty.

The form prints 93 rows; asked here are those to which every person has an answer, and two that only leaders or holders
of a rank have. What a person may rightly lack (a second title, military service, foreign relatives) is never missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row that a complete record has: its key, its label on the form, the part of the record where it stands.

    `columns` are the columns of the person of which one must be filled; without them the key names a fact of the dated
    rows. `is_of_some` rows are asked only of those whom they concern.
    """

    key: str
    label: str
    part: str
    columns: tuple[str, ...] = ()
    is_of_some: bool = False


def _own(key: str, label: str, *columns: str) -> Requirement:
    """A row that stands in the columns of the person."""
    return Requirement(key, label, "identity", columns or (key,))


#: In the order of the form.
REQUIREMENTS: Final[tuple[Requirement, ...]] = (
    _own("photo", "Ảnh màu 4x6"),
    _own("personal_number", "Số định danh cá nhân"),
    _own("born", "Ngày sinh"),
    _own("sex", "Giới tính"),
    _own("birth_place", "Nơi sinh", "birth_place", "birth_commune_id"),
    _own("home_town", "Quê quán", "home_town", "home_commune_id"),
    _own("ethnicity", "Dân tộc", "ethnicity_id"),
    _own("religion", "Tôn giáo", "religion_id"),
    _own("id_issued_on", "Ngày cấp CCCD"),
    _own("phone", "Số điện thoại"),
    _own("social_insurance_number", "Số BHXH"),
    _own("health_insurance_number", "Số thẻ BHYT"),
    _own("current_residence", "Nơi ở hiện nay"),
    _own("family_background", "Thành phần gia đình xuất thân", "family_background_id"),
    _own("former_occupation", "Nghề nghiệp trước khi được tuyển dụng"),
    _own("first_recruited_on", "Ngày được tuyển dụng lần đầu"),
    _own("recruited_by", "Cơ quan tuyển dụng"),
    _own("joined_agency_on", "Ngày vào cơ quan hiện đang công tác"),
    _own("schooling", "Trình độ giáo dục phổ thông", "schooling_id"),
    Requirement("degree", "Trình độ chuyên môn", "training"),
    Requirement("post", "Chức vụ, vị trí hiện tại", "career"),
    Requirement("appointed_on", "Ngày bổ nhiệm chức vụ hiện tại", "career", is_of_some=True),
    _own("main_work", "Công việc chính được giao"),
    _own("strengths", "Sở trường công tác"),
    _own("longest_work", "Công việc làm lâu nhất"),
    Requirement("employment", "Đối tượng, tình trạng", "employment"),
    Requirement("pay", "Lương đang hưởng", "pay"),
    Requirement("rank_appointed_on", "Ngày bổ nhiệm ngạch, chức danh nghề nghiệp", "pay", is_of_some=True),
    Requirement("health", "Khám sức khỏe", "health"),
    Requirement("relatives", "Quan hệ gia đình", "family"),
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How full a record is: rows filled of rows asked, and those that are missing in the order of the form."""

    filled: int
    asked: int
    missing: tuple[Requirement, ...]

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: only a record that lacks nothing has 100."""
        return self.filled * 100 // self.asked

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def completeness(filled: Mapping[str, bool | None]) -> Completeness:
    """Judge a record by which rows are filled; None says that a row does not concern the person.

    Raises KeyError when a row is not told, ValueError when one that concerns everyone is left out.
    """
    asked = [requirement for requirement in REQUIREMENTS if filled[requirement.key] is not None]
    left_out = [row.key for row in REQUIREMENTS if filled[row.key] is None and not row.is_of_some]
    if left_out:
        raise ValueError(f"rows that concern everyone: {left_out}")
    missing = tuple(requirement for requirement in asked if not filled[requirement.key])
    return Completeness(filled=len(asked) - len(missing), asked=len(asked), missing=missing)
