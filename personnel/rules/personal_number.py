"""The personal number (số định danh cá nhân): three digits of the place of birth registration, one of century and sex,
two of the birth year, six at random. What does not fit warns; it never rejects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from personnel.rules.law import LAW, Sex

NUMBER_BIRTH_MISMATCH: Final = "number-birth-mismatch"
UNKNOWN_PREFIX: Final = "unknown-prefix"

WARNING_MESSAGES: Final[dict[str, str]] = {
    NUMBER_BIRTH_MISMATCH: "Số định danh cá nhân không khớp với giới tính hoặc năm sinh.",
    UNKNOWN_PREFIX: "Ba chữ số đầu của số định danh cá nhân không có trong danh mục mã tỉnh, thành phố.",
}

_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")


def is_personal_number(number: str) -> bool:
    """Whether a text has the form of a personal number: twelve digits, leading zeros included."""
    return _TWELVE_DIGITS.fullmatch(number) is not None


def birth_of_number(number: str) -> tuple[Sex, int]:
    """The sex and birth year that a personal number tells; raises ValueError for another form."""
    if not is_personal_number(number):
        raise ValueError("Số định danh cá nhân phải có đúng 12 chữ số.")
    told = _newest("personal_number/century_digits")[number[3]]
    return told["sex"], told["first_year"] + int(number[4:6])


def check_personal_number(number: str, sex: Sex | None = None, birth_year: int | None = None) -> list[str]:
    """The warning codes of a number against what is known of the person; raises ValueError for another form."""
    told_sex, told_year = birth_of_number(number)
    warnings = []
    if (sex is not None and sex != told_sex) or (birth_year is not None and birth_year != told_year):
        warnings.append(NUMBER_BIRTH_MISMATCH)
    if number[:3] not in _newest("personal_number/province_prefixes"):
        warnings.append(UNKNOWN_PREFIX)
    return warnings


def province_prefixes() -> dict[str, str]:
    """Province names by the first three digits; numbers given before 01/07/2025 keep the 63 old provinces for ever."""
    return dict(_newest("personal_number/province_prefixes"))


def _newest(key: str) -> Mapping[str, Any]:
    """Numbers are never given anew, so the newest table, which keeps all older rows, serves every day."""
    table: Mapping[str, Any] = LAW[key].values[-1].value
    return table
