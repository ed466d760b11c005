"""The unified sơ yếu lý lịch of 2023 (Thông tư 06/2023/TT-BNV): 93 rows in their order."""

from __future__ import annotations

from personnel.reports.layout import Heading, Layout, Pages, Part, Value, form_rows
from personnel.reports.record import RecordSnapshot
from personnel.reports.values import (
    closed_rows,
    economy_values,
    health_values,
    identity_values,
    kin_values,
    pay_values,
    process_values,
    title_values,
    training_values,
)

ROWS = "unified_2023"
HEAD_LEFT, HEAD_RIGHT = ("managing_agency", "employing_unit"), ("officer_code", "personal_number")
PHOTO_SIDE = (
    ("full_name",),
    ("other_name",),
    ("born", "sex"),
    ("birth_place",),
    ("home_town",),
    ("ethnicity",),
    ("religion",),
)


def unified_values(record: RecordSnapshot) -> dict[str, Value]:
    """The value of each row by key."""
    parts = (
        identity_values(record),
        title_values(record),
        pay_values(record, form_rows(ROWS)),
        health_values(record),
        training_values(record),
        process_values(record),
        kin_values(record),
        economy_values(record),
    )
    return {key: value for part in parts for key, value in part.items() if key in form_rows(ROWS)}


class UnifiedForm:
    """Sơ yếu lý lịch cán bộ, công chức, viên chức (mẫu thống nhất năm 2023)."""

    key = "unified"
    label = "Sơ yếu lý lịch (TT 06/2023/TT-BNV)"
    file_name = "So yeu ly lich"
    title = "SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"
    issued_by = "Mẫu theo Thông tư số 06/2023/TT-BNV ngày 04/5/2023 của Bộ trưởng Bộ Nội vụ"
    template = "personnel/forms/curriculum.html"

    signers = ("Người khai", "Thủ trưởng cơ quan, tổ chức, đơn vị sử dụng cán bộ, công chức, viên chức")

    def lay_out(self, record: RecordSnapshot) -> Pages:
        """The form filled with one record."""
        layout = Layout(form_rows(ROWS), unified_values(record), closed_rows(record))
        return Pages(
            left=tuple(map(layout.field, HEAD_LEFT)),
            right=tuple(map(layout.field, HEAD_RIGHT)),
            beside_photo=tuple(layout.line(*keys) for keys in PHOTO_SIDE),
            parts=(
                *_person(layout),
                *_office(layout),
                *_pay(layout),
                *_health(layout),
                *_training(layout),
                *_processes(layout),
                *_economy(layout),
                layout.note("agency_remark", lines=6, mark=") ", is_section=True),
            ),
        )


def _person(layout: Layout) -> list[Part]:
    """Items 8 to 22."""
    return [
        layout.line("identity_number", "identity_issued_on", "phone", blank="number"),
        layout.line("social_insurance_number", "health_insurance_number"),
        *layout.lines("current_residence", "family_background", "former_occupation"),
        layout.line("first_recruited_on", "recruited_by"),
        layout.line("joined_agency_on"),
        layout.line("party_joined_on", "party_official_on"),
        layout.line("organisation_joined_on"),
        layout.line("enlisted_on", "discharged_on", "highest_military_rank"),
        *layout.lines("policy_status", "schooling", "highest_degree", "academic_title", "honour"),
    ]


def _office(layout: Layout) -> list[Part]:
    """Items 23 to 29."""
    return [
        layout.line("current_title"),
        layout.line("appointed_on"),
        layout.line("reappointed_on"),
        *layout.lines("planned_titles", "concurrent_title", "party_title", "concurrent_party_title", "main_work"),
        layout.line("strengths"),
        layout.line("longest_work"),
    ]


def _pay(layout: Layout) -> list[Part]:
    """Item 30."""
    return [
        Heading("30) Tiền lương", 3),
        layout.line("rank", "rank_code", blank="long"),
        layout.line("rank_appointed_on"),
        layout.line("pay_step", "pay_coefficient", "pay_from", blank="short"),
        layout.line("pay_percent", "over_frame_percent", "over_frame_from", blank="short"),
        layout.line("title_allowance", "concurrent_allowance", "other_allowance", blank="short"),
        layout.line("position_name", "position_code", blank="long"),
        layout.line("position_step", "position_amount", "position_pay_from", blank="short"),
        layout.line("position_pay_percent", "position_over_frame_percent", "position_over_frame_from", blank="short"),
    ]


def _health(layout: Layout) -> list[Part]:
    """Item 31."""
    return [layout.line("health_status"), layout.line("height_cm", "weight_kg", "blood_group", blank="short")]


def _training(layout: Layout) -> list[Part]:
    """Item 32."""
    keys = (
        "professional_training",
        "political_theory_training",
        "state_management_training",
        "defence_training",
        "informatics_training",
        "language_training",
    )
    return [Heading("32) QUÁ TRÌNH ĐÀO TẠO, BỒI DƯỠNG"), *map(layout.table, keys)]


def _processes(layout: Layout) -> list[Part]:
    """Items 33 to 36."""
    return [
        layout.section_table("career"),
        Heading("34) ĐẶC ĐIỂM LỊCH SỬ BẢN THÂN"),
        layout.note("arrests"),
        layout.table("old_regime"),
        layout.table("foreign_organisations"),
        Heading("35) KHEN THƯỞNG, KỶ LUẬT"),
        layout.table("commendations"),
        layout.table("disciplines"),
        Heading("36) QUAN HỆ GIA ĐÌNH"),
        layout.table("own_relatives"),
        layout.table("spouse_relatives"),
    ]


def _economy(layout: Layout) -> list[Part]:
    """Item 37."""
    source, salary = layout.rows["income_salary"].label.split(" - ")
    return [
        Heading("37) HOÀN CẢNH KINH TẾ GIA ĐÌNH"),
        layout.table("pay_history"),
        layout.table("other_allowances", kind=52, coefficient=16),
        Heading(f"{layout.number('37.3', '- ').strip()} {source}:", 4),
        layout.line("income_salary", income_salary=f"- {salary}"),
        layout.line("income_other", income_other="- Các nguồn khác"),
        Heading("- Nhà ở:", 4),
        layout.line("houses_granted", houses_granted="+ Được cấp, được thuê (loại nhà)"),
        layout.line("houses_bought", houses_bought="+ Nhà tự mua, tự xây (loại nhà)"),
        Heading("- Đất ở:", 4),
        layout.line("land_granted", land_granted="+ Đất được cấp"),
        layout.line("land_bought", land_bought="+ Đất tự mua"),
        layout.line("land_business", land_business="- Đất sản xuất kinh doanh"),
    ]
