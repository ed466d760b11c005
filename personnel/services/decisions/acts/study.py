"""Decisions that send people to study (cử đi đào tạo, bồi dưỡng) and abroad (cử đi công tác, học tập nước ngoài)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from hrdb.kernel.findings import Finding
from personnel.choices import EmploymentState
from personnel.models import Discipline
from personnel.services.decisions.case_facts import employment_of
from personnel.services.decisions.conditions import CLEAR, discipline_findings
from personnel.services.decisions.employments import for_a_time
from personnel.services.decisions.fields import ActField, day_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder

_UNTIL = day_field("until", "Đến hết ngày", of_person=True)


class Sending(DecisionAct):
    """Base of kinds that send somebody away for a time, after which he comes back to his post."""

    group = ActGroup.OTHER
    parts = (Discipline,)
    state: ClassVar[EmploymentState]

    def findings(self, case: Case) -> Iterable[Finding]:
        """Discipline that bars training on the day."""
        yield from discipline_findings(case, "training")

    def record(self, case: Case, recorder: Recorder) -> None:
        """Note the state until the last day, of who is away instead of working; of others nothing changes."""
        if case["until"] is not None and case["until"] < case.day:
            raise ActRefused("Ngày kết thúc phải sau ngày quyết định có hiệu lực.")
        if not case["is_long"]:
            return
        employment = employment_of(case)
        if employment is None:
            raise ActRefused("Người này chưa công tác vào ngày quyết định có hiệu lực.")
        if case["until"] is None:
            raise ActRefused("Cần ghi ngày kết thúc: tình trạng đổi đến hết ngày đó.")
        for_a_time(case, recorder, employment, self.state, case["until"])


@register_act
class StudyAct(Sending):
    """Cử đi đào tạo, bồi dưỡng: the record changes for a long study only; results come later."""

    key, code, label, order = "study", "x-cu-di-dao-tao-boi-duong", "Cử đi đào tạo, bồi dưỡng", 10
    effect = "Khóa dài hạn: tình trạng là đi học đến hết khóa. Khóa khác: chỉ ghi nhận; kết quả ghi khi có văn bằng."
    fields = (
        ActField(key="course", label="Lớp, khóa học", is_required=True),
        ActField(key="organisation", label="Cơ sở đào tạo"),
        _UNTIL,
        ActField(
            key="is_long", label="Đi học dài hạn (thôi làm việc trong thời gian học)", input="flag", of_person=True
        ),
        CLEAR,
    )
    template = "study"
    state = EmploymentState.LONG_STUDY


@register_act
class AbroadAct(Sending):
    """Cử đi công tác, học tập nước ngoài."""

    key, code, label, order = (
        "abroad",
        "x-cu-di-cong-tac-hoc-tap-nuoc-ngoai",
        "Cử đi công tác, học tập nước ngoài",
        20,
    )
    effect = "Đi dài hạn: tình trạng là công tác ở nước ngoài đến hết thời hạn. Đi ngắn hạn: chỉ ghi nhận."
    fields = (
        ActField(key="destination", label="Nước, nơi đến", is_required=True),
        ActField(key="course", label="Nội dung công tác, học tập"),
        _UNTIL,
        ActField(
            key="is_long", label="Đi dài hạn (thôi làm việc ở đơn vị trong thời gian đi)", input="flag", of_person=True
        ),
        CLEAR,
    )
    template = "abroad"
    state = EmploymentState.ABROAD
