"""Sơ yếu lý lịch cán bộ, công chức, mẫu 2C-BNV/2008 (Quyết định 02/2008/QĐ-BNV): items 1 to 32."""

from __future__ import annotations

from personnel.choices import AssignmentKind, LifeHistoryKind, PayScheme, QualificationKind
from personnel.reports.layout import Across, Heading, Layout, Pages, Part, Value, form_rows
from personnel.reports.record import RecordSnapshot, Study
from personnel.reports.values import (
    closed_rows,
    health_values,
    identity_values,
    kin_values,
    life_sentence,
    pay_values,
)
from personnel.reports.wording import (
    certificate_words,
    joined,
    language_words,
    month_words,
    number,
    post_title,
    span,
    study_months,
)

ROWS = "form_2c_2008"
HEAD_LEFT, HEAD_RIGHT = ("managing_agency", "employing_unit"), ("officer_code",)
PHOTO_SIDE = (("full_name",), ("other_name",), ("born", "sex"), ("birth_place",), ("home_town",))
WAR_INVALID = "x-thuong-binh"
ENTRIES_ACROSS = 8


def form_2c_values(record: RecordSnapshot) -> dict[str, Value]:
    """The value of each row by key: what the unified form has too, and what this form words in its own way."""
    parts = (
        identity_values(record),
        pay_values(record, form_rows(ROWS)),
        health_values(record),
        kin_values(record),
        _levels(record),
        _honours(record),
        _processes(record),
    )
    return {key: value for part in parts for key, value in part.items() if key in form_rows(ROWS)}


def _levels(record: RecordSnapshot) -> dict[str, Value]:
    """Items 12 and 15: posts and levels on the day."""
    kinds, posts = QualificationKind, AssignmentKind
    political, management = record.highest_study(kinds.POLITICAL_THEORY), record.highest_study(kinds.STATE_MANAGEMENT)
    informatics = record.highest_study(kinds.INFORMATICS)
    held = record.held_posts(posts.MAIN) + record.held_posts(posts.CONCURRENT, posts.ACTING, posts.PARTY)
    languages = record.studies_of(kinds.FOREIGN_LANGUAGE)
    return {
        "current_title": joined(post_title(post) for post in held),
        "political_theory": political.level if political else "",
        "state_management": management.level if management else "",
        "foreign_language": joined(language_words(study) for study in languages if study.is_valid),
        "informatics": informatics.level if informatics else "",
    }


def _honours(record: RecordSnapshot) -> dict[str, Value]:
    """Items 21, 22, 24: the highest commendation and penalty; war invalids and families of merit."""
    person = record.identity
    praised = [praise for praise in record.praises if praise.form]
    praise = min(praised, key=lambda p: (p.form_position or 0, -p.year), default=None)
    penalty = max(record.penalties, key=lambda p: p.severity, default=None)
    is_invalid = person.policy_status_code == WAR_INVALID
    year = str(penalty.period.first_day.year) if penalty and penalty.period.first_day else ""
    return {
        "highest_commendation": joined((praise.form, str(praise.year)), ", ") if praise else "",
        "highest_discipline": joined((penalty.form, year), ", ") if penalty else "",
        "war_invalid_grade": (person.policy_note or person.policy_status) if is_invalid else "",
        "policy_status": "" if is_invalid else joined((person.policy_status, person.policy_note), ", "),
    }


def _processes(record: RecordSnapshot) -> dict[str, Value]:
    """Items 27 to 29 and 31; the career of this form tells the times of study too."""
    kinds = LifeHistoryKind
    studied = [(s.period, joined((_study_words(s), s.school), ", ")) for s in record.studies if s.period.first_day]
    held = [(post.period, joined((post_title(post), post.place), ", ")) for post in record.posts]
    career = sorted(held + studied, key=lambda entry: entry[0].first_day.toordinal() if entry[0].first_day else 0)
    abroad = [(joined((kin.kind, kin.full_name, kin.details), ", "),) for kin in record.kin if kin.is_abroad]
    return {
        "training": [
            (
                s.school,
                joined((s.language, s.field), ", "),
                " - ".join(filter(None, study_months(s))),
                s.study_form,
                certificate_words(s),
            )
            for s in record.studies
        ],
        "career": [(span(period), words) for period, words in career],
        "arrests": [(life_sentence(note),) for note in record.life_notes(kinds.ARREST, kinds.OLD_REGIME)],
        "foreign_organisations": [(life_sentence(note),) for note in record.life_notes(kinds.FOREIGN_ORGANISATION)],
        "foreign_relatives": [(life_sentence(note),) for note in record.life_notes(kinds.FOREIGN_RELATIVE)] + abroad,
        "pay_history": [
            (
                month_words(pay.period.first_day, pay.period.precision),
                "/".join(filter(None, (pay.code, number(pay.step)))),
                number(pay.coefficient, 2),
            )
            for pay in record.pays
            if pay.scheme == PayScheme.RANK
        ],
    }


def _study_words(study: Study) -> str:
    """What was studied, as an entry of the career."""
    return joined((f"Học {joined((study.language, study.field), ', ')}".strip(), certificate_words(study)), ", ")


class Form2C2008:
    """Sơ yếu lý lịch cán bộ, công chức (mẫu 2C-BNV/2008)."""

    key = "2c2008"
    label = "Mẫu 2C-BNV/2008"
    file_name = "So yeu ly lich 2C-2008"
    title = "SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC"
    issued_by = "Mẫu 2C-BNV/2008 ban hành kèm theo Quyết định số 02/2008/QĐ-BNV ngày 06/10/2008 của Bộ trưởng Bộ Nội vụ"
    template = "personnel/forms/curriculum.html"

    signers = ("Người khai", "Thủ trưởng cơ quan, đơn vị quản lý và sử dụng CBCC")

    def lay_out(self, record: RecordSnapshot) -> Pages:
        """The form filled with one record."""
        layout = Layout(form_rows(ROWS), form_2c_values(record), closed_rows(record))
        return Pages(
            left=tuple(map(layout.field, HEAD_LEFT)),
            right=tuple(map(layout.field, HEAD_RIGHT)),
            beside_photo=tuple(layout.line(*keys) for keys in PHOTO_SIDE),
            parts=(
                *_person(layout),
                *_service(layout),
                layout.table("training", mark=") "),
                layout.table("career", mark=") "),
                Heading("29) Đặc điểm lịch sử bản thân", 4),
                *(layout.note(key, number="- ") for key in ("arrests", "foreign_organisations", "foreign_relatives")),
                Heading("30) Quan hệ gia đình", 4),
                layout.table("own_relatives", number="a) "),
                layout.table("spouse_relatives", number="b) "),
                _pay_across(layout),
                layout.note("agency_remark", lines=6, mark=") "),
            ),
        )


def _person(layout: Layout) -> list[Part]:
    """Items 6 to 13."""
    return [
        layout.numbered_line("ethnicity", "religion"),
        *layout.lines("permanent_residence", "current_residence", "former_occupation"),
        layout.line("first_recruited_on", "recruited_by"),
        *layout.lines("current_title", "main_work"),
    ]


def _service(layout: Layout) -> list[Part]:
    """Items 14 to 26."""
    return [
        layout.line("rank", "rank_code", blank="long"),
        layout.line("pay_step", "pay_coefficient", "pay_from", blank="short"),
        layout.line("title_allowance", "other_allowance"),
        *layout.lines("schooling", "highest_degree"),
        layout.numbered_line("political_theory", "state_management"),
        *layout.lines("foreign_language", "informatics"),
        layout.line("party_joined_on", "party_official_on"),
        layout.line("organisation_joined_on"),
        layout.line("enlisted_on", "discharged_on", "highest_military_rank"),
        *layout.lines("honour", "strengths", "highest_commendation", "highest_discipline"),
        layout.line("health_status", "height_cm", "weight_kg", "blood_group", blank="short"),
        layout.line("war_invalid_grade", "policy_status", blank="short"),
        layout.line("identity_number", "identity_issued_on"),
        layout.line("social_insurance_number"),
    ]


def _pay_across(layout: Layout) -> Across:
    """Item 31: pay over time from left to right, a block of columns below a block."""
    row, entries = layout.rows["pay_history"], list(layout.values["pay_history"])
    blocks = [entries[i : i + ENTRIES_ACROSS] for i in range(0, len(entries), ENTRIES_ACROSS)] or [[]]
    padded = [[*block, *[("", "", "")] * (ENTRIES_ACROSS - len(block))] for block in blocks]
    turned = tuple(tuple(tuple(entry[i] for entry in block) for i in range(3)) for block in padded)
    heads = tuple(label for _, label in row.columns)
    return Across("pay_history", f"{layout.number(row.item)}{row.label}", heads, turned)
