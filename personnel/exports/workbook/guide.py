"""The guide of a workbook (trang «Hướng dẫn»): how it is filled in, and every column of every sheet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hrdb.kernel.dates import format_date
from hrdb.kernel.spreadsheets.filling import LISTS, PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, sheet_name
from personnel.exports.workbook.columns import HEADINGS, NAME, PERSON, RECORD_CODE, REMOVE, SheetColumn
from personnel.exports.workbook.sheets import PERSON_SHEET, Sheet

GUIDE: Final = "Hướng dẫn"
TITLE: Final = "SỔ HỒ SƠ CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"
#: So many values of a closed choice are named in the guide; longer lists stand on the sheet of lists.
_NAMED: Final = 12

_HOW: Final = (
    "Mỗi trang là một phần của hồ sơ; mỗi dòng là một người (trang «Cán bộ») hoặc một mục của người đó.",
    "Sửa: ghi giá trị mới vào đúng ô, khi nhập phải ghi lý do; xóa trắng ô là bỏ giá trị.",
    "Thêm: ghi vào dòng trống, kèm số định danh (hoặc mã hồ sơ) của người đó.",
    "Người mới: thêm dòng ở trang «Cán bộ», ở «Đơn vị quản lý hồ sơ» và ở «Đối tượng, tình trạng».",
    "Xóa một mục: đánh dấu x ở cột «Xóa». Dòng không có trong tệp thì không bị xóa khỏi hồ sơ.",
    "Giá trị đã có quyết định thì không sửa được bằng sổ; chỗ khác quyết định được nêu ra và giữ nguyên.",
    "Giai đoạn mới nối tiếp giai đoạn cũ: ghi ngày cuối cho dòng cũ rồi thêm dòng mới từ ngày hôm sau.",
    "Có thể sắp xếp, lọc, đổi thứ tự cột, bỏ bớt trang, bớt cột. Không sửa cột ẩn «Khóa dòng», không chép từ tệp khác.",
    "Cột có dấu * phải ghi khi thêm dòng.",
    "Cả tệp được kiểm tra trước, cho xem từng thay đổi, rồi mới ghi tất cả hoặc không ghi gì; đợt nhập hoàn tác được.",
)
_HOW_READ_ONLY: Final = (
    "Sổ này lập cho một ngày đã qua, chỉ để đọc; phần mềm không nhập lại.",
    "Mỗi trang là một phần của hồ sơ; mỗi dòng là một người (trang «Cán bộ») hoặc một mục của người đó.",
)

_COLUMNS: Final = (
    ExportColumn("Trang", width=30),
    ExportColumn("Cột", width=34),
    ExportColumn("Bắt buộc", width=12),
    ExportColumn("Cách ghi", width=44, wraps=True),
    ExportColumn("Giá trị được ghi, lưu ý", width=80, wraps=True),
)
_OWN: Final[Mapping[str, tuple[str, str]]] = {
    PERSON: ("12 chữ số, hoặc mã hồ sơ HS-…", "Người có dòng này; người chưa có số định danh thì ghi mã hồ sơ."),
    NAME: ("Một dòng chữ", "Để đối chiếu khi đọc; không ghi vào hồ sơ."),
    REMOVE: ("x, hoặc để trống", "x: xóa mục này khỏi hồ sơ (lịch sử vẫn giữ); cần lý do khi nhập."),
}


def guide_sheet(
    sheets: Mapping[str, tuple[Sheet, Sequence[SheetColumn]]],
    picks: Mapping[tuple[str, str], PickList],
    day: datetime.date,
    *,
    is_read_only: bool,
) -> ExportSheet:
    """The first sheet of a workbook: how it is filled in, and a line for every column."""
    how = _HOW_READ_ONLY if is_read_only else _HOW
    caption = (TITLE, f"Tính đến ngày {format_date(day)}", *how)
    return ExportSheet(GUIDE, _COLUMNS, _rows(sheets, picks), caption=caption)


def _rows(
    sheets: Mapping[str, tuple[Sheet, Sequence[SheetColumn]]], picks: Mapping[tuple[str, str], PickList]
) -> Iterator[tuple[str, str, str, str, str]]:
    for sheet, columns in sheets.values():
        name = sheet_name(sheet.label)
        if sheet is PERSON_SHEET:
            yield name, RECORD_CODE, "", "HS-…", "Phần mềm đặt; người mới để trống."
        else:
            yield name, HEADINGS[PERSON], "có", *_OWN[PERSON]
            yield name, HEADINGS[NAME], "", *_OWN[NAME]
        for column in columns:
            needed = "có" if column.is_needed else ""
            yield name, column.label, needed, column.format_text, _note(column, picks.get((sheet.key, column.key)))
        if sheet.may_remove:
            yield name, HEADINGS[REMOVE], "", *_OWN[REMOVE]


def _note(column: SheetColumn, pick: PickList | None) -> str:
    """What may be written, and the form's own help."""
    told = ""
    if pick is not None and len(pick.values) <= _NAMED:
        told = "; ".join(pick.values)
    elif pick is not None:
        told = f"Cột «{pick.name}» ở trang «{LISTS}»"
    elif column.holds == "relation":
        told = "Mục của đơn vị đã ghi ở cùng dòng"
    return ". ".join(filter(None, [told, str(column.field.help_text or "").rstrip(".")]))
