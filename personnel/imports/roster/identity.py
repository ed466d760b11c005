"""Identity and birth facts: what is missing is filled in, what differs is a correction that waits for consent."""

from __future__ import annotations

import datetime
from typing import Any

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import same_text_key
from personnel.imports.roster.facts import Facts
from personnel.imports.roster.held import HeldRecord
from personnel.imports.roster.verdicts import Comparison, Difference, Verdict
from personnel.models import PARTIAL_DATES, Cadre

#: Texts of identity that are compared loosely: case, blanks and the place of the tone mark do not count.
TEXT_FIELDS = {
    "full_name": "Họ và tên",
    "other_name": "Tên gọi khác",
    "officer_code": "Số hiệu cán bộ",
    "birth_place": "Nơi sinh",
    "home_town": "Quê quán",
    "permanent_residence": "Nơi đăng ký thường trú",
    "current_residence": "Nơi ở hiện nay",
    "phone": "Số điện thoại",
    "email": "Thư điện tử",
    "social_insurance_number": "Số BHXH",
    "health_insurance_number": "Số thẻ BHYT",
    "recruited_by": "Cơ quan tuyển dụng",
    "note": "Ghi chú",
}
#: Coded and plain values of identity.
VALUE_FIELDS = {
    "personal_number": "Số định danh cá nhân",
    "sex": "Giới tính",
    "ethnicity_id": "Dân tộc",
    "religion_id": "Tôn giáo",
    "id_issued_on": "Ngày cấp CCCD",
    "family_background_id": "Thành phần xuất thân",
    "policy_status_id": "Đối tượng chính sách",
    "schooling_id": "Trình độ giáo dục phổ thông",
    "academic_title_id": "Học hàm",
    "joined_agency_on": "Ngày về cơ quan",
}


def set_date(cadre: Cadre, name: str, told: PartialDate | None) -> None:
    """One of the partial dates of a new person."""
    if told is not None:
        setattr(cadre, name, told.value)
        setattr(cadre, PARTIAL_DATES[name], told.precision)


def compare_identity(facts: Facts, held: HeldRecord, compared: Comparison, verdict: Verdict) -> None:
    cadre = held.cadre
    said: dict[str, Any] = {"full_name": facts.name, "personal_number": facts.personal_number, "sex": facts.sex}
    said |= facts.identity
    for name, value in said.items():
        if value in (None, ""):
            continue
        old = getattr(cadre, name)
        if name in TEXT_FIELDS and same_text_key(str(old or "")) == same_text_key(str(value)):
            continue
        if old != value:
            label = TEXT_FIELDS.get(name) or VALUE_FIELDS[name]
            _identity_difference(verdict, compared, facts, cadre, name, label, old, value)
    _compare_date("born", "Ngày sinh", facts.born, facts, cadre, compared, verdict)
    _compare_date("first_recruited_on", "Ngày tuyển dụng", facts.recruited_on, facts, cadre, compared, verdict)


def _identity_difference(
    verdict: Verdict, compared: Comparison, facts: Facts, cadre: Cadre, name: str, label: str, old: Any, value: Any
) -> None:
    is_filled = old in (None, "")
    is_written = is_filled or compared.consents(facts, label)
    verdict.differences.append(
        Difference(
            label,
            _shown(compared, name, old),
            _shown(compared, name, value),
            "fill" if is_filled else "correct",
            is_written,
        )
    )
    if is_written:
        verdict.changes.edit(cadre, **{name: value})
    else:
        verdict.warnings.append(
            (
                label,
                "correction-pending",
                _shown(compared, name, value),
                f"{label} khác hồ sơ ({_shown(compared, name, old)}); chỉ sửa khi xác nhận đính chính.",
            )
        )


def _shown(compared: Comparison, name: str, value: Any) -> str:
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return compared.name(name, value)


def _compare_date(
    name: str,
    label: str,
    told: PartialDate | None,
    facts: Facts,
    cadre: Cadre,
    compared: Comparison,
    verdict: Verdict,
) -> None:
    """A date that is less exact but agrees says nothing new; one that is more exact and agrees completes."""
    old = cadre.partial_date(name)
    if told is None or old == told or (old is not None and agrees(less=told, more=old)):
        return
    completes = old is None or agrees(less=old, more=told)
    is_written = completes or compared.consents(facts, label)
    old_text = old.text if old else ""
    verdict.differences.append(Difference(label, old_text, told.text, "fill" if completes else "correct", is_written))
    if is_written:
        verdict.changes.edit(cadre, **{name: told.value, PARTIAL_DATES[name]: told.precision})
    else:
        words = f"{label} khác hồ sơ ({old_text}); chỉ sửa khi xác nhận đính chính."
        verdict.warnings.append((label, "correction-pending", told.text, words))


def agrees(*, less: PartialDate, more: PartialDate) -> bool:
    """Whether a less exact date is the more exact one with its day (and month) left out."""
    if less.precision == "year":
        return less.value.year == more.value.year and more.precision != "year"
    if less.precision == "month":
        same = (less.value.year, less.value.month) == (more.value.year, more.value.month)
        return same and more.precision == "day"
    return False
