"""The kind of decision by which an approved rating is corrected (điều chỉnh kết quả đánh giá, xếp loại)."""

from __future__ import annotations

from typing import Final

from appraisal.choices import LevelChoice
from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import ActGroup, DecisionAct, register_act

#: The kind's item of the list of kinds; a correction rests on a decision of it alone.
CORRECTION_KIND: Final = "x-dieu-chinh-xep-loai"
CORRECTION_KEY: Final = "rating-correction"


@register_act
class RatingCorrection(DecisionAct):
    """Điều chỉnh kết quả đánh giá, xếp loại: the result itself is written on the sheet of the unit that rated."""

    key, code, label, group, order = (
        CORRECTION_KEY,
        CORRECTION_KIND,
        "Điều chỉnh kết quả đánh giá, xếp loại",
        ActGroup.OTHER,
        10,
    )
    effect = "Là căn cứ để người duyệt điều chỉnh kết quả đã duyệt trên bảng xếp loại của đơn vị."
    fields = (
        ActField(key="rating_cycle", label="Kỳ đánh giá", is_required=True, help="Ví dụ: năm 2026."),
        ActField(
            key="rating_level", label="Mức xếp loại sau điều chỉnh", input="choice", choices=LevelChoice, of_person=True
        ),
        ActField(key="detail", label="Nội dung điều chỉnh", input="long_text", of_person=True),
    )
    template = "decision"
