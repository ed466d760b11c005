"""The sheet of one person's result (phiếu kết quả đánh giá, xếp loại) on paper, after its approval."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from appraisal.models import Rating, UnitSubmission
from appraisal.reports.corrections import correction_text, level_text
from appraisal.reports.tables import STYLESHEETS
from appraisal.rules.law import LAW, regime_of
from hrdb.kernel.dates import format_date
from hrdb.kernel.pdf import render_pdf
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.text import nfc


def result_sheet(rating: Rating, submission: UnitSubmission, *, unit_name: str, title: str) -> bytes:
    """The paper: who, by which unit, scores, levels, the law, the approval and its hash; a correction beside."""
    held = next(one for one in (submission.content or {})["people"] if one["cadre"] == rating.cadre_id)
    law = LAW[f"levels/{regime_of(rating.category)}"].at(rating.cycle.ends_on)
    context: dict[str, Any] = {
        "title": "Phiếu kết quả đánh giá, xếp loại chất lượng",
        "cycle": rating.cycle,
        "rows": [
            ("Họ và tên", held["name"]),
            ("Chức vụ, chức danh", title),
            ("Đối tượng", rating.get_category_display()),
            ("Đơn vị xếp loại", unit_name),
            ("Kỳ đánh giá", f"{rating.cycle.name} ({_days(rating)})"),
            ("Điểm tự chấm", _number(rating.self_score)),
            ("Điểm tiêu chí chung", _number(rating.general_score)),
            ("Điểm kết quả thực hiện nhiệm vụ", _number(rating.results_score)),
            ("Điểm", _number(held["score"])),
            ("Ý kiến của tập thể", rating.collective_opinion),
            ("Mức xếp loại chất lượng", level_text(held["level"], held["exclusion"])),
            ("Mức xếp loại đảng viên", level_text(held["party_level"], "")),
            ("Ghi chú", held["note"]),
        ],
        "law": law.citation.text if law else "",
        "approved_on": format_date(submission.approved_on) if submission.approved_on else "",
        "approver": submission.approver,
        "sha256": submission.sha256,
        "corrections": [
            correction_text(one)
            for one in (submission.content or {}).get("corrections", ())
            if one["cadre"] == rating.cadre_id
        ],
    }
    html = render_to_string("appraisal/pdf/result.html", context)
    return render_pdf(nfc(html), stylesheets=STYLESHEETS)


def _days(rating: Rating) -> str:
    return f"{format_date(rating.cycle.begins_on)} – {format_date(rating.cycle.ends_on)}"


def _number(value: Any) -> str:
    return "" if value in (None, "") else number_text(Decimal(value))
