"""Reading single values as people type them: dates, personal numbers, coefficients, steps, percentages, marks.

Each reader returns the value and, when something is to be told about it, a flaw; None is an empty value. A value that
cannot be read raises `BadValue`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from hrdb.kernel.dates import PartialDate
from hrdb.kernel.text import clean_text, fold
from personnel.imports.roster.issues import (
    BAD_DATE,
    BAD_NUMBER,
    BAD_PERSONAL_NUMBER,
    CONVERTED_DATE,
    LETTER_FOR_DIGIT,
    RESTORED_ZEROS,
    TWO_DIGIT_YEAR,
    Flaw,
)


class BadValue(ValueError):
    """A cell that cannot be read; holds the flaw."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.flaw = Flaw(code, message)


#: Texts that say that there is nothing.
_NOTHING: Final = frozenset(
    {"", "-", "--", "---", "–", "—", "/", ".", "..", "...", "…", "_", "0", "n/a", "null", "none"}
)
_NO: Final = frozenset({"khong", "chua", "chua co", "khong co", "ko", "k", "kh", "chua vao", "khong vao", "x"})
_MARKS: Final = frozenset(
    {"x", "xx", "v", "co", "+", "*", "✓", "✔", "√", "☑", "1", "þ", "ü", "●", "•", "yes", "y", "có"}
)

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_SERIAL_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(10_000, 80_000)
#: A two-digit year of birth is of this century only if that makes a person of this age: an aid to reading, no rule.
_YOUNGEST_READ: Final = 15
_PAY_TOTALS: Final = frozenset({3, 6, 8, 9, 10, 12})

_SEPARATOR: Final = r"\s*[/.\-\\,\s]\s*"
_TIME: Final = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?(?: ?AM)?)?"
_DMY: Final = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{4}}|\d{{2}}){_TIME}")
_YMD: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}))?{_TIME}")
_MY: Final = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})", re.IGNORECASE)
_MYY: Final = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{2})")
_Y: Final = re.compile(r"(?:năm\s*)?(\d{4})", re.IGNORECASE)
_WORDS: Final = re.compile(r"(?:ngày\s*(\d{1,2})[\s,]*)?tháng\s*(\d{1,2})[\s,]*năm\s*(\d{4})", re.IGNORECASE)
_UNKNOWN_DAY: Final = re.compile(r"(?:[._\-x?…\s]*|0{1,2})[/.\-](?:(\d{1,2})|[._\-x?…\s]*)[/.\-]\s*(\d{4})")
_MONTH_NAME: Final = re.compile(r"(?:(\d{1,2})[\s\-/.]+)?([A-Za-z]{3,9})[\s\-/.,]+(\d{4}|\d{2})")
_MONTHS: Final = {
    name: place
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DIGITS_DATE: Final = re.compile(r"(\d{1,2})(\d{2})(\d{4})")
_DIGITS_YEAR_FIRST: Final = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)")
#: What people write before a date: *Sinh ngày 12/5/1980*.
_DATE_LEAD: Final = re.compile(
    r"^(?:ngày\s+sinh|sinh(?:\s+(?:ngày|năm))?|ngày)\s*:?\s*(?=\d{1,2}\s*[/.\-]|\d{4})", re.IGNORECASE
)
#: A date or number with the letter O in the place of zeros.
_LETTERED: Final = re.compile(r"(?=.*[Oo])(?=.*\d)[\dOo/.\-\s]{6,}")
_TWELVE: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ANY_DATE: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:\d{4}|\d{2})|\d{1,2}\s*[/.\-]\s*\d{4})(?!\d)"
)
_NUMBER_MARKS: Final = re.compile(r"[\s.\-'’‘`,]")
_DECIMAL: Final = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?")
_PERCENT: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%")
_STEP: Final = re.compile(r"(?:bac|b\.?)?\s*(\d{1,2})(?:\s*/\s*(\d{1,2}))?")


def is_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing."""
    return text.lower() in _NOTHING


def is_no(text: str) -> bool:
    """Whether a text says no, none, not yet."""
    return text.lower() in _NOTHING or (fold(text) in _NO and text.lower() != "x")


def is_mark(value: Any) -> bool:
    """Whether a cell is a mark: x, ✓, 1."""
    if isinstance(value, float | int):
        return value == 1
    return isinstance(value, str) and value.strip().lower() in _MARKS


def read_date(value: Any, this_year: int, *, is_birth: bool = False) -> tuple[PartialDate | None, Flaw | None]:
    """A date in any of the styles of rosters; only the known part of it. Raises BadValue."""
    if isinstance(value, date):
        return _date_of_cell(value), None
    if isinstance(value, float | int):
        return _date_of_number(float(value)), None
    text = _DATE_LEAD.sub("", clean_text(value).strip(" .,;'’`*"))
    if is_no(text):
        return None, None
    if _LETTERED.fullmatch(text):
        found, flaw = _date_of_text(with_zeros(text), this_year, is_birth)
        return found, flaw or Flaw(LETTER_FOR_DIGIT, f"«{text}»: chữ O được đọc là số 0.")
    return _date_of_text(text, this_year, is_birth)


def dates_in(text: str) -> list[str]:
    """The dates that a longer text holds, in order."""
    return _ANY_DATE.findall(text)


def read_personal_number(value: Any, *, digits_are_numbers: bool) -> tuple[str | None, Flaw | None]:
    """A personal number, with the zeros that a spreadsheet took away; raises BadValue.

    Where digits typed as text lack leading zeros too, the flaw says so as well: whether they were lost or never there
    the row has to tell.
    """
    if isinstance(value, date):
        raise BadValue(BAD_PERSONAL_NUMBER, "Ô số định danh chứa ngày tháng.")
    is_number = isinstance(value, float | int)
    if is_number:
        if value != int(value) or value <= 0:
            raise BadValue(BAD_PERSONAL_NUMBER, f"«{value:g}» không phải là số định danh.")
        digits = str(int(value))
    else:
        text = clean_text(value)
        if is_no(text):
            return None, None
        digits = _NUMBER_MARKS.sub("", text)
        if re.fullmatch(r"\d[\d.,]*E\+?\d+", text, re.IGNORECASE):
            raise BadValue(
                BAD_PERSONAL_NUMBER,
                f"«{text}»: Excel đã rút gọn số nên mất chữ số; cần nhập lại đủ 12 chữ số dạng chữ.",
            )
        if _LETTERED.fullmatch(digits) and len(digits) == 12:
            return with_zeros(digits), Flaw(LETTER_FOR_DIGIT, f"«{text}»: chữ O được đọc là số 0.")
        if len(digits) > 12 and len(whole := _TWELVE.findall(text)) == 1:
            # An old number (chứng minh nhân dân) beside the new one.
            digits = whole[0]
        if not (digits.isascii() and digits.isdigit()):
            raise BadValue(BAD_PERSONAL_NUMBER, f"«{text}» không phải là số định danh: cần đúng 12 chữ số.")
    return _complete_number(digits, is_number or digits_are_numbers)


def read_coefficient(value: Any) -> tuple[Decimal | None, int | None]:
    """A pay coefficient and, when the cell tells it, the percentage over the frame; raises BadValue."""
    if isinstance(value, date):
        raise BadValue(BAD_NUMBER, "Ô hệ số chứa ngày tháng; không đọc được hệ số.")
    if isinstance(value, float | int):
        number, percent = Decimal(repr(float(value))), None
    else:
        text = clean_text(value)
        if is_no(text):
            return None, None
        over = _PERCENT.search(text)
        percent = round(float(over[1].replace(",", "."))) if over else None
        found = _DECIMAL.search(_PERCENT.sub(" ", text))
        if found is None:
            raise BadValue(BAD_NUMBER, f"«{text}» không đọc được thành hệ số.")
        number = Decimal(found[0].replace(",", "."))
    if not 0 < number < 20:
        raise BadValue(BAD_NUMBER, f"«{value}» không phải là hệ số lương.")
    return number.quantize(Decimal("0.01")), percent


def read_step(value: Any) -> tuple[int | None, Flaw | None]:
    """A pay step: *3*, *3/9*, *bậc 3*; a date is what a spreadsheet makes of *4/9*. Raises BadValue."""
    if isinstance(value, date):
        low, high = sorted((value.day, value.month))
        if high not in _PAY_TOTALS:
            raise BadValue(BAD_NUMBER, "Ô bậc lương chứa ngày tháng; không đọc được bậc.")
        return low, Flaw(CONVERTED_DATE, f"Excel đã đổi bậc lương thành ngày; đọc là bậc {low}/{high}.")
    if isinstance(value, float | int):
        step = int(value)
        if step != value or not 0 < step <= 20:
            raise BadValue(BAD_NUMBER, f"«{value:g}» không phải là bậc lương.")
        return step, None
    text = clean_text(value)
    if is_no(text):
        return None, None
    found = _STEP.fullmatch(fold(text).strip(" ."))
    if found is None or not 0 < int(found[1]) <= int(found[2] or 20):
        raise BadValue(BAD_NUMBER, f"«{text}» không đọc được thành bậc lương.")
    return int(found[1]), None


def read_percent(value: Any) -> int | None:
    """A percentage as a whole number: 6, *6%*, 0.06; raises BadValue."""
    if isinstance(value, float | int):
        number = float(value) * 100 if 0 < value < 1 else float(value)
    elif isinstance(value, str):
        text = clean_text(value)
        if is_no(text):
            return None
        found = re.search(r"\d{1,3}(?:[.,]\d+)?", text)
        if found is None:
            raise BadValue(BAD_NUMBER, f"«{text}» không đọc được thành tỷ lệ phần trăm.")
        number = float(found[0].replace(",", "."))
    else:
        raise BadValue(BAD_NUMBER, "Ô tỷ lệ phần trăm chứa ngày tháng.")
    if not 0 <= number <= 100:
        raise BadValue(BAD_NUMBER, f"«{value}» không phải là tỷ lệ phần trăm.")
    return round(number) or None


def schooling_of_date(value: date) -> str:
    """What a spreadsheet made a date of: *12/12* became 12 December."""
    low, high = sorted((value.day, value.month))
    return f"{low}/{high}"


def with_zeros(text: str) -> str:
    """A text with zeros in the place of the letter O."""
    return text.replace("O", "0").replace("o", "0")


def number_text(value: float) -> str:
    """A number as people write it: no fraction when it is whole."""
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def _complete_number(digits: str, is_number: bool) -> tuple[str, Flaw | None]:
    if len(digits) == 12:
        if digits.strip("0"):
            return digits, None
        raise BadValue(BAD_PERSONAL_NUMBER, f"«{digits}» không phải là số định danh.")
    if len(digits) in (8, 9):
        raise BadValue(
            BAD_PERSONAL_NUMBER, f"«{digits}» là số chứng minh nhân dân cũ; cần số định danh cá nhân 12 chữ số."
        )
    # No province's number begins with three zeros, and digits that begin with a zero have lost none.
    if len(digits) in (10, 11) and (is_number or digits[0] != "0"):
        message = f"Số định danh chỉ còn {len(digits)} chữ số; đã thêm lại số 0 ở đầu."
        return digits.zfill(12), Flaw(RESTORED_ZEROS, message, text="" if is_number else digits)
    raise BadValue(BAD_PERSONAL_NUMBER, f"«{digits}» có {len(digits)} chữ số; số định danh cá nhân có đúng 12 chữ số.")


def _date_of_cell(value: date) -> PartialDate:
    day = value.date() if isinstance(value, datetime) else value
    serial = (day - _SERIAL_ZERO).days
    if _FIRST_YEAR <= serial <= _LAST_YEAR:
        # A year typed into a cell formatted as a date: 1968 shows as 20/05/1905.
        return PartialDate(date(serial, 1, 1), "year")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValue(BAD_DATE, f"Năm {day.year} không thể đúng.")
    return PartialDate(day)


def _date_of_number(number: float) -> PartialDate | None:
    whole = int(number)
    if whole == 0:
        return None
    if _FIRST_YEAR <= whole <= _LAST_YEAR and whole == number:
        return PartialDate(date(whole, 1, 1), "year")
    if whole in _SERIALS:
        return PartialDate(_SERIAL_ZERO + timedelta(days=whole))
    if whole == number and (found := _DIGITS_YEAR_FIRST.fullmatch(str(whole))):
        return _calendar_date(found[3], found[2], found[1], text=str(whole))
    if whole == number and (found := _DIGITS_DATE.fullmatch(str(whole))):
        return _calendar_date(*found.groups(), text=str(whole))
    raise BadValue(BAD_DATE, f"«{number:g}» không đọc được thành ngày. Hãy viết ngày/tháng/năm, ví dụ 05/03/1975.")


def _date_of_text(text: str, this_year: int, is_birth: bool) -> tuple[PartialDate | None, Flaw | None]:
    if found := _DMY.fullmatch(text):
        day, month, year = found.groups()
        flaw = None
        if len(year) == 2:
            year, flaw = _whole_year(year, text, this_year, is_birth)
        return _calendar_date(day, month, year, text=text), flaw
    if found := _YMD.fullmatch(text):
        return _calendar_date(found[3], found[2], found[1], text=text), None
    if found := _MY.fullmatch(text) or _UNKNOWN_DAY.fullmatch(text):
        month = found[1] if found[1] and int(found[1]) else None
        return _calendar_date(None, month, found[2], text=text), None
    if found := _Y.fullmatch(text):
        return _calendar_date(None, None, found[1], text=text), None
    if found := _WORDS.fullmatch(text):
        return _calendar_date(*found.groups(), text=text), None
    if (found := _MONTH_NAME.fullmatch(text)) and (place := _MONTHS.get(found[2][:3].lower())):
        year, flaw = (found[3], None) if len(found[3]) == 4 else _whole_year(found[3], text, this_year, is_birth)
        return _calendar_date(found[1], str(place), year, text=text), flaw
    if (found := _MYY.fullmatch(text)) and int(found[2]) > 12:
        year, flaw = _whole_year(found[2], text, this_year, is_birth)
        return _calendar_date(None, found[1], year, text=text), flaw
    if found := _DIGITS_YEAR_FIRST.fullmatch(text):
        return _calendar_date(found[3], found[2], found[1], text=text), None
    if found := _DIGITS_DATE.fullmatch(text):
        return _calendar_date(*found.groups(), text=text), None
    raise BadValue(BAD_DATE, f"«{text}» không đọc được thành ngày. Hãy viết ngày/tháng/năm, ví dụ 05/03/1975.")


def _whole_year(two_digits: str, text: str, this_year: int, is_birth: bool) -> tuple[str, Flaw]:
    latest = this_year - _YOUNGEST_READ if is_birth else this_year
    year = 2000 + int(two_digits)
    if year > latest:
        year -= 100
    return str(year), Flaw(TWO_DIGIT_YEAR, f"«{text}»: năm viết hai chữ số, đọc là năm {year}.")


def _calendar_date(day: str | None, month: str | None, year: str, *, text: str) -> PartialDate:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise BadValue(BAD_DATE, f"«{text}»: năm {year} không thể đúng.")
    if month is None or int(month) == 0:
        return PartialDate(date(int(year), 1, 1), "year")
    if not 1 <= int(month) <= 12:
        swapped = day is not None and 1 <= int(day) <= 12 and int(month) <= 31
        hint = "; có thể ngày và tháng bị đảo" if swapped else ""
        raise BadValue(BAD_DATE, f"«{text}»: không có tháng {int(month)}{hint}.")
    if day is None or int(day) == 0:
        return PartialDate(date(int(year), int(month), 1), "month")
    try:
        return PartialDate(date(int(year), int(month), int(day)))
    except ValueError:
        raise BadValue(BAD_DATE, f"«{text}» không có trong lịch.") from None
