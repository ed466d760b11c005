"""The empty workbook of a reorganisation: sheets with pick lists, and a guide."""

from __future__ import annotations

import io
from collections.abc import Iterator

from hrdb.kernel.spreadsheets.filling import PickList
from hrdb.kernel.spreadsheets.writing import ExportColumn, ExportSheet, write_workbook
from personnel.imports.reorganisation.columns import SHEETS, Column, SheetKind
from personnel.models import Title, UnitKind

FILE_NAME = "mau-sap-xep-don-vi.xlsx"
OPEN_ROWS = 500
GUIDE = (
    "Mỗi dòng của trang «Các bước» là một việc; các bước được thực hiện từ trên xuống, cùng một ngày.",
    "Thành lập: để trống «Mã đơn vị», ghi mã mới ở «Mã đơn vị nhận» và «Tên mới», «Mã đơn vị cấp trên».",
    "Đổi tên: ghi «Mã đơn vị» và «Tên mới». Chuyển đơn vị cấp trên: ghi «Mã đơn vị» và «Mã đơn vị cấp trên».",
    (
        "Sáp nhập, hợp nhất: ghi các mã cách nhau bằng dấu chấm phẩy; «Mã đơn vị nhận» là đơn vị mới (kèm «Tên mới») "
        "hoặc một đơn vị đang có."
    ),
    (
        "Chia, tách: các đơn vị nhận phải đang có hoặc được thành lập ở bước trước; người không nêu ở trang «Nhân sự» "
        "về đơn vị nhận đầu tiên, hoặc ở lại nếu giữ đơn vị cũ."
    ),
    "Giải thể: hồ sơ và người của đơn vị chuyển về «Mã đơn vị nhận»; quyền của tài khoản trên đơn vị kết thúc.",
    (
        "Trang «Lãnh đạo»: nói tên từng người giữ chức lãnh đạo ở đơn vị kết thúc hoạt động. Ai không được nêu thì "
        "chức vụ kết thúc cùng đơn vị và được liệt kê «Cần quyết định riêng»; phần mềm không tự bổ nhiệm ai."
    ),
    (
        "Trang «Nhân sự»: khi chia, tách, ai về đơn vị nào. Biên chế, vị trí việc làm, ghế chức danh, phân quyền đi "
        "theo đơn vị."
    ),
    "Quyết định ghi đủ số, ngày ký, cơ quan ban hành; chưa có thì để trống cả ba ô.",
)


def template() -> bytes:
    """The workbook to be filled in."""
    buffer = io.BytesIO()
    write_workbook(buffer, _sheets())
    return buffer.getvalue()


def _sheets() -> Iterator[ExportSheet]:
    for kind in SHEETS:
        columns = [_column(kind, column) for column in kind.columns]
        yield ExportSheet(kind.name, columns, [], frozen_columns=2, open_rows=OPEN_ROWS)
    rows = [[place, text] for place, text in enumerate(GUIDE, 1)]
    heads = [ExportColumn("STT", "integer"), ExportColumn("Hướng dẫn", width=120, wraps=True)]
    yield ExportSheet("Hướng dẫn", heads, rows)


def _column(kind: SheetKind, column: Column) -> ExportColumn:
    heading = f"{column.heading} *" if column.key in kind.needed and column.key != "sources" else column.heading
    holds = {"date": "date", "mark": "mark", "number": "count"}.get(column.holds, "text")
    return ExportColumn(
        heading,
        holds,  # type: ignore[arg-type]
        width=column.width or (16 if holds in ("date", "mark") else None),
        prompt=column.prompt,
        pick=_pick(column),
    )


def _pick(column: Column) -> PickList | None:
    if column.choices:
        return PickList(column.heading, tuple(label for _, label in column.choices))
    if column.holds == "kind":
        kinds = UnitKind.objects.order_by("position", "code").values_list("name", flat=True)
        return PickList(column.heading, tuple(kinds), is_open=True)
    if column.holds == "title":
        titles = Title.objects.filter(is_leadership=True).values_list("name", flat=True)
        return PickList(column.heading, tuple(dict.fromkeys(titles)), is_open=True)
    return None
