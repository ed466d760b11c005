"""The columns that a roster (danh sách trích ngang) may have, one declaration each.

Spellings of their headers stand in `spellings.json`: a list by column key; for x marks a list of headers above
(`groups`) and one of headers below (`marks`). A spelling may name the header above it: "trình độ > tin học". Spellings
are compared without case, diacritics and marks; an administrator adds more at run time. How to add one:
docs/how-to/add-a-roster-column.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

#: How the cells of a column are read; each kind has one reader in `cells.py`.
Kind = Literal[
    "ignored", "text", "name", "sex", "date", "date_part", "number", "code", "mark", "titles", "title_and_unit",
    "degrees", "languages", "rank", "step", "coefficient", "percent", "personal_number", "phone", "unit", "member",
    "study_year", "schooling", "state", "note",
]  # fmt: skip

#: What a difference from the record means: a mistake put right, a new fact from the roster's day, one more fact.
Change = Literal["correct", "succeed", "add", "none"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rosters: its field, label and reader, and how a difference changes the record."""

    field: str
    label: str
    kind: Kind
    #: The code list of the values.
    list_name: str = ""
    #: What the column adds to its field: the value that a mark stands for, or which part of a date it holds.
    argument: str = ""
    #: Whether two columns of one roster may feed the field.
    may_repeat: bool = False
    change: Change = "correct"

    @property
    def key(self) -> str:
        """Field and argument in one word, as mappings store it."""
        return f"{self.field}:{self.argument}" if self.argument else self.field


_SPELLINGS: Final = json.loads(Path(__file__).with_name("spellings.json").read_text(encoding="utf-8"))


def _marks(field: str, label: str) -> tuple[Column, ...]:
    """The columns of x marks of a field, one for each value."""
    return tuple(
        Column(field, f"{label}: {value}", "mark", argument=value, may_repeat=True, change="add")
        for value in _SPELLINGS["marks"][field]
    )


COLUMNS: Final[tuple[Column, ...]] = (
    Column("ordinal", "Số thứ tự", "ignored"),
    Column("name", "Họ và tên", "name"),
    Column("family_name", "Họ và chữ đệm", "name"),
    Column("other_name", "Tên gọi khác", "text"),
    Column("officer_code", "Số hiệu cán bộ", "text"),
    Column("sex", "Giới tính", "sex"),
    Column("sex_mark", "Giới tính: Nam", "mark", argument="male"),
    Column("sex_mark", "Giới tính: Nữ", "mark", argument="female"),
    Column("birth_date", "Ngày sinh", "date"),
    Column("birth_date", "Ngày sinh (nam)", "date", argument="male"),
    Column("birth_date", "Ngày sinh (nữ)", "date", argument="female"),
    Column("birth_part", "Ngày sinh: ngày", "date_part", argument="day"),
    Column("birth_part", "Ngày sinh: tháng", "date_part", argument="month"),
    Column("birth_part", "Ngày sinh: năm", "date_part", argument="year"),
    Column("birth_place", "Nơi sinh", "text", may_repeat=True),
    Column("home_town", "Quê quán", "text", may_repeat=True),
    Column("permanent_residence", "Nơi đăng ký thường trú", "text", may_repeat=True),
    Column("current_residence", "Nơi ở hiện nay", "text", may_repeat=True),
    Column("personal_number", "Số định danh cá nhân", "personal_number"),
    Column("id_issued_on", "Ngày cấp CCCD", "date"),
    Column("ethnicity", "Dân tộc", "code", list_name="ethnic_groups"),
    Column("religion", "Tôn giáo", "code", list_name="religions"),
    Column("phone", "Số điện thoại", "phone"),
    Column("email", "Thư điện tử", "text"),
    Column("social_insurance_number", "Số BHXH", "text"),
    Column("health_insurance_number", "Số thẻ BHYT", "text"),
    Column("family_background", "Thành phần xuất thân", "code", list_name="family_backgrounds"),
    Column("policy_status", "Đối tượng chính sách", "code", list_name="policy_statuses"),
    Column("unit", "Đơn vị công tác", "unit", change="succeed"),
    Column("division", "Phòng, ban, bộ phận", "text", change="succeed"),
    Column("title", "Chức vụ, chức danh", "titles", may_repeat=True, change="succeed"),
    Column("title_and_unit", "Chức vụ, đơn vị công tác", "title_and_unit", change="succeed"),
    Column("party_title", "Chức vụ Đảng", "titles", may_repeat=True, change="succeed"),
    Column("concurrent_title", "Chức vụ kiêm nhiệm", "titles", may_repeat=True, change="succeed"),
    Column("job_position", "Vị trí việc làm", "text", change="succeed"),
    Column("appointed_on", "Ngày bổ nhiệm", "date", change="succeed"),
    Column("category", "Đối tượng", "code", list_name="category", change="succeed"),
    *_marks("category", "Đối tượng"),
    Column("state", "Tình trạng", "state", change="succeed"),
    Column("recruited_on", "Ngày tuyển dụng", "date"),
    Column("recruited_by", "Cơ quan tuyển dụng", "text"),
    Column("joined_agency_on", "Ngày về cơ quan", "date"),
    Column("party_joined_on", "Ngày vào Đảng", "member"),
    Column("party_member", "Đảng viên", "member"),
    Column("party_official_on", "Ngày chính thức vào Đảng", "member"),
    Column("schooling", "Trình độ giáo dục phổ thông", "schooling", list_name="schooling"),
    Column("academic_title", "Học hàm", "code", list_name="academic_titles"),
    Column("degree", "Trình độ chuyên môn", "degrees", list_name="degree_levels", may_repeat=True, change="add"),
    *_marks("degree", "Chuyên môn"),
    Column("study_field", "Chuyên ngành", "text", change="add"),
    Column("school", "Cơ sở đào tạo", "text", change="add"),
    Column("study_form", "Hình thức đào tạo", "code", list_name="study_forms", change="add"),
    Column("graduated_on", "Năm tốt nghiệp", "study_year", change="add"),
    Column("political_theory", "Lý luận chính trị", "code", list_name="political_theory_levels", change="add"),
    *_marks("political_theory", "Lý luận chính trị"),
    Column("state_management", "Quản lý nhà nước", "code", list_name="state_management_levels", change="add"),
    *_marks("state_management", "Quản lý nhà nước"),
    Column("foreign_language", "Ngoại ngữ", "languages", may_repeat=True, change="add"),
    Column(
        "foreign_language", "Ngoại ngữ: Tiếng Anh", "languages", argument="Tiếng Anh", may_repeat=True, change="add"
    ),
    Column("ethnic_language", "Tiếng dân tộc", "languages", may_repeat=True, change="add"),
    Column("informatics", "Tin học", "code", list_name="informatics_levels", change="add"),
    Column("defence", "Quốc phòng, an ninh", "code", list_name="defence_levels", change="add"),
    Column("rank", "Ngạch, chức danh nghề nghiệp", "rank", list_name="ranks", change="succeed"),
    Column("rank_name", "Tên ngạch", "text", change="none"),
    Column("pay_step", "Bậc lương", "step", change="succeed"),
    Column("coefficient", "Hệ số lương", "coefficient", change="succeed"),
    Column("over_frame", "Phụ cấp thâm niên vượt khung", "percent", change="succeed"),
    Column("pay_from", "Ngày hưởng lương", "date", change="succeed"),
    Column("position_allowance", "Phụ cấp chức vụ", "coefficient", change="succeed"),
    Column("note", "Ghi chú", "note", change="none"),
)

#: The parts of a record in which columns are offered to choose from, each with its fields.
PARTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Họ tên, nhân thân", (
        "ordinal", "name", "family_name", "other_name", "officer_code", "sex", "sex_mark", "birth_date", "birth_part",
        "birth_place", "home_town", "personal_number", "id_issued_on", "ethnicity", "religion", "family_background",
        "policy_status",
    )),
    ("Nơi ở, liên hệ, bảo hiểm", (
        "permanent_residence", "current_residence", "phone", "email", "social_insurance_number",
        "health_insurance_number",
    )),
    ("Đơn vị, chức vụ", (
        "unit", "division", "title", "title_and_unit", "party_title", "concurrent_title", "job_position",
        "appointed_on",
    )),
    ("Tuyển dụng, đối tượng, tình trạng", (
        "category", "state", "recruited_on", "recruited_by", "joined_agency_on",
    )),
    ("Đảng", ("party_joined_on", "party_member", "party_official_on")),
    ("Trình độ", (
        "schooling", "academic_title", "degree", "study_field", "school", "study_form", "graduated_on",
        "political_theory", "state_management", "foreign_language", "ethnic_language", "informatics", "defence",
    )),
    ("Ngạch, lương", (
        "rank", "rank_name", "pay_step", "coefficient", "over_frame", "pay_from", "position_allowance",
    )),
    ("Khác", ("note",)),
)  # fmt: skip

BY_KEY: Final[dict[str, Column]] = {column.key: column for column in COLUMNS}

#: The field of every column, with its label.
LABELS: Final[dict[str, str]] = {column.field: column.label for column in reversed(COLUMNS) if column.kind != "mark"}

#: What lists of values are called where a value of them is asked about.
LIST_LABELS: Final[dict[str, str]] = {
    **{column.list_name: column.label for column in reversed(COLUMNS) if column.list_name},
    "sex": "Giới tính",
    "units": "Đơn vị",
    "titles": "Chức vụ, chức danh",
    "states": "Tình trạng",
    "languages": "Ngoại ngữ",
    "language_levels": "Trình độ ngoại ngữ",
    "category_basis": "Đối tượng",
}


def column_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every column by part of the record, as keys and labels, in the order of the record."""
    return [
        (part, [(column.key, column.label) for field in fields for column in COLUMNS if column.field == field])
        for part, fields in PARTS
    ]


def spellings() -> list[tuple[str, str]]:
    """Every known header: column key and spelling, the more exact ones (with a header above) included."""
    known = [(key, text) for key, texts in _SPELLINGS["columns"].items() for text in texts]
    for field, values in _SPELLINGS["marks"].items():
        for value, texts in values.items():
            key = f"{field}:{value}"
            known += [(key, f"{group} > {text}") for group in _SPELLINGS["groups"][field] for text in texts]
    return known
