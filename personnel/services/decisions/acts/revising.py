"""Decisions about decisions: withdrawal (thu hồi), annulment (hủy bỏ), correction (đính chính)."""

from __future__ import annotations

from personnel.services.decisions.fields import ActField
from personnel.services.decisions.kinds import ActGroup, DecisionAct, register_act

CAUSE = ActField(key="cause", label="Lý do", input="long_text", is_required=True)


class Revision(DecisionAct):
    """Base of kinds whose effect is on another decision, their target; see `revising.apply_revision`."""

    group = ActGroup.REVISION
    fields = (CAUSE,)
    is_revision = True
    template = "revision"


@register_act
class Withdrawal(Revision):
    """Thu hồi: from a day on the target no longer holds."""

    key, code, label, order = "withdrawal", "x-thu-hoi", "Thu hồi quyết định", 10
    effect = "Từ ngày có hiệu lực, những gì quyết định cũ mở ra kết thúc và điều có trước đó trở lại."


@register_act
class Annulment(Revision):
    """Hủy bỏ: from the beginning the target never held."""

    key, code, label, order = "annulment", "x-huy-bo", "Hủy bỏ quyết định", 20
    effect = "Hồ sơ trở lại như trước quyết định cũ, coi như chưa từng có."


@register_act
class Correction(Revision):
    """Đính chính: the target said something wrong; what it says is put right from its own day."""

    key, code, label, order = "correction", "x-dinh-chinh", "Đính chính quyết định", 30
    effect = "Ghi lại hồ sơ theo nội dung đã đính chính, từ ngày hiệu lực của quyết định cũ."
