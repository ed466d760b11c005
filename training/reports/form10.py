"""Form 10 as tables for page, workbook and paper: one computation, the same numbers everywhere."""

from __future__ import annotations

from typing import Final

from appraisal.reports.tables import Head, ReportTable
from hrdb.kernel.dates import format_date
from training.statistics.form10 import COLUMN_LABELS, Form10

TITLE: Final = "Biểu số 10. Kết quả đào tạo, bồi dưỡng cán bộ"
NOTES: Final = (
    "Mẫu biểu theo Biểu số 10-BTCTW (một nguồn, trước năm 2025; mẫu mới chưa tìm thấy).",
    "Đếm lượt người đạt kết quả ở các lớp kết thúc trong kỳ: một người học hai lớp là hai lượt.",
    "Chức vụ và cấp lấy theo ngày kết thúc lớp.",
    "Hồ sơ lớp không ghi đào tạo trong nước, ngoài nước hay liên kết nên biểu không chia theo nơi đào tạo.",
    "Mục không có chương trình nào thì bằng 0.",
)


def form10_table(form: Form10, place: str) -> ReportTable:
    """The form as a table."""
    heads = (
        Head("Nội dung"),
        Head("Số lớp", "integer", 18),
        *(Head(COLUMN_LABELS[column], "integer", 26) for column in form.columns),
    )
    period = form.period
    caption = f"Từ {format_date(period.first)} đến {format_date(period.last)}"
    return ReportTable(
        TITLE,
        "Biểu 10",
        heads,
        tuple(
            (
                row.kind.label if row.kind.is_part else f"– {row.kind.label}",
                row.classes,
                *(row.counts[column] for column in form.columns),
            )
            for row in form.rows
        ),
        caption=(place, caption) if place else (caption,),
        total=(form.total.kind.label, form.total.classes, *(form.total.counts[column] for column in form.columns)),
        notes=NOTES,
    )
