"""What can be wrong with a roster, each with a stable code, a severity and a Vietnamese sentence."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning"]

MISSING_NAME: Final = "missing-name"
BAD_NAME: Final = "bad-name"
BAD_DATE: Final = "bad-date"
BAD_PERSONAL_NUMBER: Final = "bad-personal-number"
DUPLICATE_IN_FILE: Final = "duplicate-in-file"
TWO_SEXES: Final = "two-sexes"
UNKNOWN_VALUE: Final = "unknown-value"
UNKNOWN_UNIT: Final = "unknown-unit"
CELL_ERROR: Final = "cell-error"
IMPOSSIBLE_ORDER: Final = "impossible-order"
UNDER_AGE: Final = "under-age"
SWAPPED_DATES: Final = "swapped-dates"

RESTORED_ZEROS: Final = "restored-zeros"
LETTER_FOR_DIGIT: Final = "letter-for-digit"
UNKNOWN_TITLE: Final = "unknown-title"
UNMAPPED_VALUE: Final = "unmapped-value"
NUMBER_BIRTH_MISMATCH: Final = "number-birth-mismatch"
UNKNOWN_PREFIX: Final = "unknown-prefix"
TWO_DIGIT_YEAR: Final = "two-digit-year"
BAD_NUMBER: Final = "bad-number"
CONVERTED_DATE: Final = "converted-date"
UNKNOWN_COLUMN: Final = "unknown-column"
LEGACY_ENCODING: Final = "legacy-encoding"
CATEGORY_INFERRED: Final = "category-inferred"

#: What a code is called in lists of faults.
LABELS: Final[dict[str, str]] = {
    MISSING_NAME: "Thiếu họ và tên",
    BAD_NAME: "Không phải họ tên",
    BAD_DATE: "Ngày không đọc được",
    BAD_PERSONAL_NUMBER: "Số định danh sai",
    DUPLICATE_IN_FILE: "Mâu thuẫn trong tệp",
    TWO_SEXES: "Vừa nam vừa nữ",
    UNKNOWN_VALUE: "Giá trị không có trong danh mục",
    UNKNOWN_UNIT: "Không rõ đơn vị",
    CELL_ERROR: "Ô bị lỗi",
    IMPOSSIBLE_ORDER: "Các ngày mâu thuẫn",
    UNDER_AGE: "Chưa đủ tuổi",
    SWAPPED_DATES: "Ngày và tháng bị đảo",
    RESTORED_ZEROS: "Đã thêm lại số 0 ở đầu",
    LETTER_FOR_DIGIT: "Chữ O gõ thay số 0",
    UNKNOWN_TITLE: "Chức danh chưa có trong danh mục",
    UNMAPPED_VALUE: "Giá trị chưa khớp danh mục",
    NUMBER_BIRTH_MISMATCH: "Số định danh không khớp năm sinh, giới tính",
    UNKNOWN_PREFIX: "Mã nơi đăng ký khai sinh lạ",
    TWO_DIGIT_YEAR: "Năm viết hai chữ số",
    BAD_NUMBER: "Số không đọc được",
    CONVERTED_DATE: "Excel đã đổi thành ngày",
    UNKNOWN_COLUMN: "Cột không nhận ra",
    LEGACY_ENCODING: "Phông chữ cũ",
    CATEGORY_INFERRED: "Đối tượng do suy ra",
}

ERRORS: Final = frozenset(
    {
        MISSING_NAME, BAD_NAME, BAD_DATE, BAD_PERSONAL_NUMBER, DUPLICATE_IN_FILE, TWO_SEXES, UNKNOWN_VALUE,
        UNKNOWN_UNIT, CELL_ERROR, IMPOSSIBLE_ORDER, UNDER_AGE, SWAPPED_DATES,
    }
)  # fmt: skip

#: The lists of which the law needs the coded fact: an unknown value of them is an error.
REQUIRED_LISTS: Final = frozenset({"ethnic_groups", "sex", "category", "ranks"})


class Flaw(NamedTuple):
    """What is wrong with one value, before it is known where the value stands."""

    code: str
    message: str
    #: For a value that no list knows: the list and the text, by which equal ones are grouped.
    list_name: str = ""
    text: str = ""


class RowIssue(NamedTuple):
    """An error or warning with its place; `row` is the spreadsheet's row number, `column` its letter (or empty)."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str
    severity: Severity


def severity_of(code: str) -> Severity:
    """Whether a code keeps its row from being written."""
    return "error" if code in ERRORS else "warning"


def unknown_value(list_name: str, text: str) -> Flaw:
    """A value that its list does not know: an error where the law needs the code, else kept as text with a warning."""
    if list_name in REQUIRED_LISTS:
        return Flaw(
            UNKNOWN_VALUE, f"«{text}» không có trong danh mục. Hãy sửa lại hoặc chọn giá trị đúng.", list_name, text
        )
    return Flaw(UNMAPPED_VALUE, f"«{text}» chưa khớp với danh mục; giữ nguyên chữ, chờ khớp.", list_name, text)
