"""Decisions by which people enter: recruitment, receiving, end of probation, labour contract, rank."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hrdb.kernel.findings import Finding
from personnel.choices import AssignmentKind, EmploymentCategory, EmploymentState, PayScheme, Sex
from personnel.models import Assignment, Custody, Employment, PayStep, Rank
from personnel.services.decisions.acts.pay import coefficient_finding, coefficient_of
from personnel.services.decisions.case_facts import employment_of
from personnel.services.decisions.fields import ActField, code_field, day_field, position_field, title_field, unit_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import Recorder

CATEGORY = ActField(
    key="category", label="Đối tượng", input="choice", choices=EmploymentCategory, is_required=True, of_person=True
)
PAY = (
    code_field("rank", "Ngạch, chức danh nghề nghiệp", Rank, of_person=True),
    ActField(key="step", label="Bậc", input="number", of_person=True),
    ActField(key="coefficient", label="Hệ số", input="decimal", of_person=True),
)
IDENTITY = (
    ActField(key="full_name", label="Họ và tên", of_person=True),
    day_field("born", "Ngày sinh", of_person=True),
    ActField(key="sex", label="Giới tính", input="choice", choices=Sex, of_person=True),
    ActField(key="personal_number", label="Số định danh cá nhân", of_person=True),
)


class Entering(DecisionAct):
    """Base of kinds that open a career: employment, the main post and the pay, for somebody new or known."""

    group = ActGroup.ENTRY
    fields = (*IDENTITY, CATEGORY, unit_field(is_required=True), title_field(), position_field(), *PAY)
    parts = (PayStep,)
    is_of_newcomers = True

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether a table confirms the coefficient."""
        return coefficient_finding(case, case["rank"], case["step"])

    def record(self, case: Case, recorder: Recorder) -> None:
        """Employment, post and pay from the effective day; the record is opened with them for somebody new."""
        if recorder.changes.cadre is not None:
            recorder.add(Custody, unit=case["unit"], effective_from=case.day)
        recorder.succeed(Employment, category=case["category"], state=EmploymentState.WORKING)
        recorder.succeed(Assignment, kind=AssignmentKind.MAIN, unit=case["unit"], **case.given("title", "job_position"))
        pay_step(case, recorder, rank_appointed_on=case.day)


def pay_step(case: Case, recorder: Recorder, **more: Any) -> None:
    """The pay step that the decision gives, when it names a rank."""
    if case["rank"] is not None:
        given = case.given("rank", "step", "percent")
        paid = coefficient_of(case["rank"], case["step"], case.day, case["coefficient"])
        recorder.succeed(PayStep, scheme=PayScheme.RANK, **given, coefficient=paid, **more)


@register_act
class Recruitment(Entering):
    """Tuyển dụng."""

    key, code, label, order = "recruitment", "x-tuyen-dung", "Tuyển dụng", 10
    effect = "Mở hồ sơ, đối tượng, vị trí công tác và lương."
    template = "recruitment"


@register_act
class Receiving(Entering):
    """Tiếp nhận from outside the province's units."""

    key, code, label, order = "receiving", "x-tiep-nhan", "Tiếp nhận", 20
    effect = "Mở hồ sơ của người từ nơi khác đến: đối tượng, vị trí công tác và lương."
    template = "receiving"


@register_act
class LabourContract(Entering):
    """Hợp đồng lao động."""

    key, code, label, order = "labour_contract", "x-hop-dong-lao-dong", "Hợp đồng lao động", 30
    effect = "Mở hồ sơ theo hợp đồng lao động."


@register_act
class ProbationEnd(DecisionAct):
    """Hết tập sự: appointed to the rank."""

    key, code, label, group, order = "probation_end", "x-tap-su-het-tap-su", "Hết tập sự", ActGroup.ENTRY, 40
    effect = "Ghi ngạch và bậc lương sau tập sự."
    fields = PAY
    parts = (PayStep,)

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether a table confirms the coefficient."""
        return coefficient_finding(case, case["rank"], case["step"])

    def record(self, case: Case, recorder: Recorder) -> None:
        """The pay step in full."""
        pay_step(case, recorder, rank_appointed_on=case.day)


@register_act
class RankAppointment(ProbationEnd):
    """Bổ nhiệm ngạch, chức danh nghề nghiệp."""

    key, code, label, order = (
        "rank_appointment",
        "x-bo-nhiem-ngach-chuc-danh-nghe-nghiep",
        "Bổ nhiệm ngạch, chức danh nghề nghiệp",
        50,
    )
    effect = "Mở giai đoạn lương theo ngạch, chức danh nghề nghiệp mới."


@register_act
class CategoryChange(DecisionAct):
    """Thay đổi đối tượng (viên chức thành công chức, ...)."""

    key, code, label, group, order = (
        "category_change",
        "x-thay-doi-doi-tuong",
        "Thay đổi đối tượng",
        ActGroup.ENTRY,
        60,
    )
    effect = "Mở giai đoạn đối tượng mới; tình trạng giữ nguyên."
    fields = (CATEGORY,)

    def record(self, case: Case, recorder: Recorder) -> None:
        """Another category, the same state."""
        employment = employment_of(case)
        state = employment.state if employment else EmploymentState.WORKING
        following = recorder.following(employment)
        recorder.succeed(Employment, category=case["category"], state=state)
        if following is not None:
            recorder.amend(following, category=case["category"])
