"""Forms 12A, 12B, 12C-BTCTW (kết quả quy hoạch): their rows and columns, and where a title and a person fall.

Rows and columns are those of the set before 01/07/2025, as one program had rebuilt it; the set after the district level
ended was not found. The forms count rows of lists (lượt người), not people.

    form_of(level) -> str
        which of the three forms tells of units of a level
    column_of(code, branch, group) -> str
        the column of a title
    rows_of(counts, ages) -> tuple[str, ...]
        the rows under which somebody counts
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hrdb.kernel.findings import Citation, Confidence
from planning.rules.law import LAW

#: The forms by the level of the units that they tell of.
FORMS: Final[dict[str, tuple[str, str]]] = {
    "province": ("12A-BTCTW", "Cấp tỉnh"),
    "district": ("12B-BTCTW", "Cấp huyện (đến 30/6/2025)"),
    "commune": ("12C-BTCTW", "Cấp xã"),
}

UNCONFIRMED: Final = (
    "Bố cục theo bộ biểu 12-BTCTW trước ngày 01/7/2025, dựng lại từ một nguồn (chưa kiểm chứng); "
    "biểu sau khi bỏ cấp huyện chưa được đọc. Đơn vị tính: lượt người."
)

COLUMNS: Final[dict[str, str]] = {
    "committee": "Ủy viên BCH",
    "standing": "Ủy viên BTV",
    "inspection": "Ủy viên UBKT",
    "secretary": "Bí thư",
    "deputy_secretary": "Phó bí thư",
    "council_head": "Chủ tịch HĐND",
    "council_deputy": "Phó chủ tịch HĐND",
    "government_head": "Chủ tịch UBND",
    "government_deputy": "Phó chủ tịch UBND",
    "assembly": "Trưởng, phó đoàn ĐBQH",
    "party_head": "Ban đảng, MTTQ, đoàn thể: cấp trưởng",
    "party_deputy": "Ban đảng, MTTQ, đoàn thể: cấp phó",
    "agency_head": "Sở, ngành: cấp trưởng",
    "agency_deputy": "Sở, ngành: cấp phó",
    "service_head": "Đơn vị sự nghiệp: cấp trưởng",
    "service_deputy": "Đơn vị sự nghiệp: cấp phó",
    "other": "Chức danh khác",
}

ROWS: Final[dict[str, str]] = {
    "total": "Tổng số",
    "female": "Nữ",
    "minority": "Dân tộc thiểu số",
    "age_first": "Đến {first} tuổi",
    "age_second": "Trên {first} đến {second} tuổi",
    "age_third": "Trên {second} tuổi",
    "age_unknown": "Chưa rõ tuổi",
    "degree_doctor": "Tiến sĩ",
    "degree_master": "Thạc sĩ",
    "degree_university": "Đại học",
    "degree_lower": "Dưới đại học hoặc chưa rõ",
    "professor": "Giáo sư",
    "associate": "Phó giáo sư",
    "theory_bachelor": "Cử nhân",
    "theory_senior": "Cao cấp",
    "theory_intermediate": "Trung cấp",
    "theory_lower": "Sơ cấp, chưa qua đào tạo hoặc chưa rõ",
}

#: Heads over rows, by the first row below each.
SECTIONS: Final[dict[str, str]] = {
    "age_first": "Độ tuổi",
    "degree_doctor": "Trình độ chuyên môn",
    "professor": "Học hàm",
    "theory_bachelor": "Lý luận chính trị",
}

_BEGINNINGS: Final[tuple[tuple[str, str], ...]] = (
    ("UVBCH-", "committee"),
    ("UVBTV-", "standing"),
    ("UV-UBKT-", "inspection"),
    ("BT-CB", "other"),
    ("PBT-CB", "other"),
    ("BT-", "secretary"),
    ("PBT-", "deputy_secretary"),
    ("CT-HDND-", "council_head"),
    ("PCT-HDND-", "council_deputy"),
    ("CT-UBND-", "government_head"),
    ("PCT-UBND-", "government_deputy"),
    ("TD-DBQH", "assembly"),
    ("PTD-DBQH", "assembly"),
)
_BRANCHES: Final = {
    "party": "party",
    "front": "party",
    "council": "agency",
    "government": "agency",
    "public_service": "service",
}
_DEGREES: Final = frozenset({"doctor", "master", "university"})
_THEORIES: Final = frozenset({"bachelor", "senior", "intermediate"})
_ACADEMIC: Final = {"01": "professor", "02": "associate"}


def form_of(level: str) -> str:
    """The form of a level of units, as its key; what has no level is the province's."""
    return level if level in FORMS else "province"


def column_of(code: str, branch: str, group: str) -> str:
    """The column of a title by its code, else by its branch and whether it is a head or a deputy."""
    for beginning, column in _BEGINNINGS:
        if code.startswith(beginning):
            return column
    if group not in ("head", "deputy") or branch not in _BRANCHES:
        return "other"
    return f"{_BRANCHES[branch]}_{group}"


def ages(day: date) -> tuple[int, int, Citation, Confidence] | None:
    """Up to which ages the first and second group reach, with what they rest on; None where it is not known."""
    held = LAW["forms/summary_ages"].at(day)
    if held is None or held.value is None:
        return None
    return int(held.value["until_first"]), int(held.value["until_second"]), held.citation, held.confidence


def rows_of(counts: Mapping[str, Any], day: date) -> tuple[str, ...]:
    """The rows under which somebody counts."""
    rows = ["total", _age_row(counts.get("age"), day)]
    if counts.get("sex") == "female":
        rows.append("female")
    if counts.get("is_minority"):
        rows.append("minority")
    degree, theory = counts.get("degree"), counts.get("theory")
    rows.append(f"degree_{degree}" if degree in _DEGREES else "degree_lower")
    rows.append(f"theory_{theory}" if theory in _THEORIES else "theory_lower")
    if counts.get("academic") in _ACADEMIC:
        rows.append(_ACADEMIC[counts["academic"]])
    return tuple(rows)


def _age_row(age: int | None, day: date) -> str:
    bounds = ages(day)
    if age is None or bounds is None:
        return "age_unknown"
    return "age_first" if age <= bounds[0] else "age_second" if age <= bounds[1] else "age_third"


def row_label(key: str, day: date) -> str:
    """The words of a row, with the ages of the day."""
    bounds = ages(day)
    first, second = (bounds[0], bounds[1]) if bounds else ("…", "…")
    return ROWS[key].format(first=first, second=second)
