"""The declarations of the parts of a record: what each shows, which form writes it, who may see it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, TextChoices, Value, When
from django.utils.html import format_html

from hrdb.kernel.screens import Column
from hrdb.kernel.screens.formats import date_text, number_text
from personnel.choices import AssetKind, LifeHistoryKind, QualificationKind
from personnel.forms.career import AssignmentForm, CustodyForm, EmploymentForm, PartyForm
from personnel.forms.further import (
    AssetForm,
    CommendationForm,
    DisciplineRecordForm,
    HealthCheckForm,
    LifeHistoryForm,
    PoliticalReviewForm,
    RelativeForm,
)
from personnel.forms.learning_pay import AllowanceForm, PayStepForm, QualificationForm
from personnel.models import (
    Allowance,
    Asset,
    Assignment,
    Commendation,
    Custody,
    Discipline,
    Employment,
    HealthCheck,
    LifeHistory,
    PartyMembership,
    PayStep,
    PoliticalReview,
    Qualification,
    Relative,
)
from personnel.record_parts import RecordPart, record_parts
from personnel.record_rows import NO_DECISION, RecordRow
from personnel.services.reading import SensitivePart

__all__ = ["record_parts"]


def in_order(choices: type[TextChoices], name: str) -> Case:
    """Rows in the order in which a field's choices are listed."""
    whens = [When(**{name: value}, then=Value(place)) for place, value in enumerate(choices.values)]
    return Case(*whens, output_field=IntegerField())


def _ground(row: RecordRow) -> str:
    """What the row rests on, as a cell."""
    if row.lacks_decision:
        return format_html('<span class="tag">{}</span>', NO_DECISION)
    return row.ground


def _period(label: str = "Thời gian") -> Column:
    return Column(key="period", label=label, value="days", second=_standing)


def _standing(row: RecordRow) -> str:
    """A word under the period of what no longer or not yet holds."""
    return "chưa có hiệu lực" if row.is_ahead else ""


GROUND = Column(key="ground", label="Căn cứ", render=_ground)


def _known(name: str) -> Any:
    """Known on a day when the date is not later, or missing."""

    def condition(day: datetime.date) -> Q:
        return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": day})

    return condition


def _rewarded(day: datetime.date) -> Q:
    return Q(decision__isnull=True, year__lte=day.year) | Q(decision__effective_on__lte=day)


def _born(day: datetime.date) -> Q:
    return Q(birth_year__isnull=True) | Q(birth_year__lte=day.year)


def _of(name: str) -> Any:
    """A column of the row itself."""
    return lambda row: getattr(row.row, name)


def _shown(name: str) -> Any:
    """The label of a choice."""
    return lambda row: getattr(row.row, f"get_{name}_display")()


def _dated(name: str) -> Any:
    """A date of the row, unless it lies after a past day."""
    return lambda row: row.dated(getattr(row.row, name))


def _percent(value: Any) -> str:
    return "" if value is None else f"{number_text(value)}%"


def _studied(row: RecordRow) -> str:
    return " – ".join(filter(None, [row.month("studied_from"), row.month("studied_until")]))


def _school(row: RecordRow) -> str:
    return ", ".join(filter(None, [_studied(row), str(row.row.study_form or "").lower()]))


def _level(row: RecordRow) -> str:
    language = row.row.language
    level = row.row.level_name or row.row.certificate
    return " · ".join(filter(None, [str(language or ""), level]))


def _certificate(row: RecordRow) -> str:
    told = row.row.certificate if row.row.level_name else ""
    number = f"số {row.row.certificate_number}" if row.row.certificate_number else ""
    score = f"điểm {row.row.score}" if row.row.score else ""
    return ", ".join(filter(None, [told, number, score]))


def _held_since(row: RecordRow) -> str:
    text = date_text(row.start)
    if row.is_known_from:
        text = f"trước {text}"
    return f"{text}, hết hạn {date_text(row.row.last_day)}" if row.row.last_day else text


def _rank(row: RecordRow) -> str:
    rank = row.row.rank
    return (
        f"{rank.code} · {rank.name}"
        if rank
        else " · ".join(filter(None, [row.row.position_code, row.row.position_name]))
    )


def _over_frame(row: RecordRow) -> str:
    over = row.row.over_frame_percent
    return f"vượt khung {_percent(over)}" if over else ""


def _enjoyed(row: RecordRow) -> str:
    return f"hưởng {_percent(row.row.percent)}" if row.row.percent is not None else ""


def _coefficient(row: RecordRow) -> str:
    held = row.row.coefficient
    return number_text(held, 2) if held is not None else _money(row)


def _money(row: RecordRow) -> str:
    return f"{number_text(row.row.amount)} đồng" if row.row.amount is not None else ""


def _allowance(row: RecordRow) -> str:
    held = row.row
    coefficient = f"hệ số {number_text(held.coefficient)}" if held.coefficient is not None else ""
    return ", ".join(filter(None, [coefficient, _percent(held.percent), _money(row)]))


def _property(row: RecordRow) -> str:
    area = f"{number_text(row.row.area_m2)} m²" if row.row.area_m2 is not None else ""
    told = ", ".join(filter(None, [str(row.row.property_kind or ""), area, row.row.description]))
    return told or row.row.get_kind_display()


def _body(row: RecordRow) -> str:
    height = f"cao {row.row.height_cm} cm" if row.row.height_cm else ""
    weight = f"nặng {number_text(row.row.weight_kg)} kg" if row.row.weight_kg else ""
    blood = f"nhóm máu {row.row.blood_group}" if row.row.blood_group else ""
    return ", ".join(filter(None, [height, weight, blood]))


def _validity(row: RecordRow) -> str:
    until = row.row.valid_until
    if until is None:
        return "không ghi thời hạn"
    return f"đến {date_text(until)}" if until >= row.day else f"hết hiệu lực {date_text(until)}"


def _abroad(row: RecordRow) -> str:
    return "ở nước ngoài" if row.row.is_abroad else ""


def _life_months(row: RecordRow) -> str:
    return " – ".join(filter(None, [row.month("began_on"), row.month("ended_on")]))


def _reward(row: RecordRow) -> str:
    return "; ".join(filter(None, [str(row.row.emulation_title or ""), str(row.row.form or "")]))


for _part in (
    RecordPart(
        key="assignments",
        model=Assignment,
        label="Quá trình công tác",
        noun="giai đoạn",
        tab="career",
        order=20,
        form_class=AssignmentForm,
        related=("title", "decision"),
        ordering=("-effective_from", "kind", "pk"),
        template_name="personnel/cadre/part_career.html",
        empty="Chưa ghi giai đoạn công tác nào.",
        columns=(
            _period(),
            Column(key="title", label="Chức vụ, chức danh", value=_of("title_name")),
            Column(key="place", label="Đơn vị", value="place"),
            Column(key="kind", label="Loại", value=_shown("kind")),
            GROUND,
        ),
    ),
    RecordPart(
        key="qualifications",
        model=Qualification,
        label="Đào tạo, bồi dưỡng",
        noun="trình độ",
        tab="training",
        order=30,
        form_class=QualificationForm,
        related=("level", "language", "study_form", "decision"),
        ordering=(in_order(QualificationKind, "kind"), "-effective_from", "pk"),
        heading=lambda row: row.row.get_kind_display(),
        empty="Chưa ghi văn bằng, chứng chỉ nào.",
        columns=(
            Column(key="level", label="Trình độ", value=_level, second=_of("field")),
            Column(key="school", label="Cơ sở, thời gian, hình thức", value=_of("school"), second=_school),
            Column(key="certificate", label="Văn bằng, chứng chỉ", value=_certificate),
            Column(key="since", label="Có từ", value=_held_since),
        ),
    ),
    RecordPart(
        key="pay-steps",
        model=PayStep,
        label="Diễn biến lương",
        noun="bậc lương",
        tab="pay",
        order=40,
        form_class=PayStepForm,
        related=("rank", "decision"),
        ordering=("-scheme", "-effective_from"),
        heading=lambda row: row.row.get_scheme_display(),
        empty="Chưa ghi bậc lương nào.",
        columns=(
            _period("Thời gian hưởng"),
            Column(key="rank", label="Ngạch, vị trí", value=_rank),
            Column(key="step", label="Bậc", value=_of("step"), align="right"),
            Column(
                key="coefficient",
                label="Hệ số",
                value=_coefficient,
                second=lambda row: ", ".join(filter(None, [_enjoyed(row), _over_frame(row)])),
                align="right",
            ),
            GROUND,
        ),
    ),
    RecordPart(
        key="allowances",
        model=Allowance,
        label="Phụ cấp",
        noun="phụ cấp",
        tab="pay",
        order=41,
        form_class=AllowanceForm,
        related=("kind", "decision"),
        ordering=("-effective_from", "pk"),
        empty="Chưa ghi phụ cấp nào.",
        columns=(
            _period("Thời gian hưởng"),
            Column(key="kind", label="Loại", value=_of("kind")),
            Column(key="amount", label="Mức", value=_allowance, second=_of("payment_form")),
            GROUND,
        ),
    ),
    RecordPart(
        key="party",
        model=PartyMembership,
        label="Đảng viên",
        noun="giai đoạn sinh hoạt",
        tab="party",
        order=50,
        form_class=PartyForm,
        related=("decision",),
        ordering=("-effective_from",),
        empty="Chưa vào Đảng, hoặc chưa ghi.",
        columns=(
            _period("Thời gian sinh hoạt"),
            Column(key="official", label="Ngày chính thức", value=_dated("official_on")),
            Column(key="card", label="Số thẻ", value=_of("card_number")),
            Column(key="cell", label="Chi bộ", value=_of("cell"), second=_of("end_reason")),
            GROUND,
        ),
    ),
    RecordPart(
        key="commendations",
        model=Commendation,
        label="Thi đua, khen thưởng",
        noun="khen thưởng",
        tab="awards",
        order=60,
        form_class=CommendationForm,
        related=("emulation_title", "form", "decision"),
        ordering=("-year", "pk"),
        known_on=_rewarded,
        empty="Chưa ghi khen thưởng nào.",
        columns=(
            Column(key="year", label="Năm", value=lambda row: str(row.row.year)),
            Column(key="reward", label="Danh hiệu, hình thức", value=_reward, second=_of("detail")),
            Column(key="rating", label="Xếp loại chuyên môn", value=_of("professional_rating")),
            GROUND,
        ),
    ),
    RecordPart(
        key="disciplines",
        model=Discipline,
        label="Kỷ luật",
        noun="kỷ luật",
        tab="awards",
        order=61,
        sensitive=SensitivePart.DISCIPLINE,
        form_class=DisciplineRecordForm,
        related=("form", "decision"),
        ordering=("-effective_from", "pk"),
        empty="Không có kỷ luật nào được ghi.",
        columns=(
            _period("Thời gian hiệu lực"),
            Column(key="form", label="Hình thức", value=_of("form"), second=_shown("regime")),
            Column(key="behaviour", label="Hành vi vi phạm chính", value=_of("behaviour")),
            Column(key="authority", label="Cơ quan quyết định", value=_of("authority")),
            GROUND,
        ),
    ),
    RecordPart(
        key="relatives",
        model=Relative,
        label="Quan hệ gia đình",
        noun="người thân",
        tab="family",
        order=70,
        sensitive=SensitivePart.RELATIVES,
        form_class=RelativeForm,
        related=("kind",),
        ordering=("side", "kind__position", "birth_year", "pk"),
        known_on=_born,
        heading=lambda row: row.row.get_side_display(),
        empty="Chưa ghi người thân nào.",
        columns=(
            Column(key="name", label="Họ và tên", value=_of("full_name"), second=_abroad),
            Column(key="kind", label="Quan hệ", value=_of("kind")),
            Column(key="born", label="Năm sinh", value=lambda row: str(row.row.birth_year or ""), align="right"),
            Column(key="details", label="Quê quán, nghề nghiệp, nơi ở", value=_of("details"), wide=True),
        ),
    ),
    RecordPart(
        key="health",
        model=HealthCheck,
        label="Khám sức khỏe",
        noun="lần khám",
        tab="health",
        order=80,
        sensitive=SensitivePart.HEALTH,
        form_class=HealthCheckForm,
        ordering=("-checked_on", "-pk"),
        known_on=_known("checked_on"),
        empty="Chưa ghi lần khám sức khỏe nào.",
        columns=(
            Column(key="day", label="Ngày khám", value=_of("checked_on")),
            Column(key="status", label="Kết luận", value=_of("status")),
            Column(key="body", label="Thể trạng", value=_body),
            Column(key="facility", label="Nơi khám", value=_of("facility")),
        ),
    ),
    RecordPart(
        key="life-history",
        model=LifeHistory,
        label="Đặc điểm lịch sử bản thân",
        noun="mục",
        tab="life",
        order=90,
        sensitive=SensitivePart.LIFE_HISTORY,
        form_class=LifeHistoryForm,
        ordering=(in_order(LifeHistoryKind, "kind"), "began_on", "pk"),
        known_on=_known("began_on"),
        heading=lambda row: row.row.get_kind_display(),
        empty="Không có mục nào được khai.",
        columns=(
            Column(key="period", label="Thời gian", value=_life_months),
            Column(key="details", label="Nội dung", value=_of("details"), wide=True),
        ),
    ),
    RecordPart(
        key="assets",
        model=Asset,
        label="Thu nhập, nhà, đất",
        noun="mục",
        tab="assets",
        order=100,
        sensitive=SensitivePart.ASSETS,
        form_class=AssetForm,
        related=("property_kind",),
        ordering=(in_order(AssetKind, "kind"), "pk"),
        known_on=_known("declared_on"),
        heading=lambda row: row.row.get_kind_display(),
        empty="Chưa kê khai.",
        columns=(
            Column(key="what", label="Nội dung", value=_property),
            Column(key="certificate", label="Giấy chứng nhận", value=_of("certificate")),
            Column(key="amount", label="Số tiền", value=_money, align="right"),
            Column(key="declared", label="Ngày kê khai", value=_of("declared_on")),
        ),
    ),
    RecordPart(
        key="employment",
        model=Employment,
        label="Đối tượng, tình trạng",
        noun="giai đoạn",
        tab="employment",
        order=110,
        form_class=EmploymentForm,
        related=("decision",),
        ordering=("-effective_from",),
        empty="Chưa ghi đối tượng, tình trạng.",
        columns=(
            _period(),
            Column(key="category", label="Đối tượng", value=_shown("category")),
            Column(key="state", label="Tình trạng", value=_shown("state"), second=_of("note")),
            GROUND,
        ),
    ),
    RecordPart(
        key="custody",
        model=Custody,
        label="Đơn vị quản lý hồ sơ",
        noun="giai đoạn quản lý",
        tab="employment",
        order=111,
        form_class=CustodyForm,
        related=("decision",),
        ordering=("-effective_from",),
        may_remove=False,
        empty="Chưa ghi đơn vị quản lý.",
        columns=(_period(), Column(key="unit", label="Đơn vị", value="place"), GROUND),
    ),
    RecordPart(
        key="political-reviews",
        model=PoliticalReview,
        label="Kết luận tiêu chuẩn chính trị",
        noun="kết luận",
        tab="political",
        order=120,
        sensitive=SensitivePart.POLITICAL_REVIEW,
        form_class=PoliticalReviewForm,
        ordering=("-concluded_on", "-pk"),
        known_on=_known("concluded_on"),
        empty="Chưa có kết luận tiêu chuẩn chính trị.",
        columns=(
            Column(key="result", label="Kết quả", value=_shown("result")),
            Column(key="authority", label="Cơ quan kết luận", value=_of("authority")),
            Column(
                key="number",
                label="Văn bản",
                value=_of("number"),
                second=lambda row: f"ngày {date_text(row.row.concluded_on)}",
            ),
            Column(key="valid", label="Hiệu lực", value=_validity),
        ),
    ),
):
    record_parts.register(_part)
