"""Decisions by which people leave: retirement and its notice, deferral, leaving, dismissal from service, death."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import ClassVar

from django.db.models import TextChoices

from hrdb.kernel.dates import whole_months
from hrdb.kernel.findings import Finding
from personnel.choices import ENDED_STATES, EmploymentState
from personnel.models import Allowance, Employment, PayStep
from personnel.rules.leaving import deferral_allowed, retirement_decided, retirement_noticed
from personnel.rules.retirement import retired_by
from personnel.services.decisions.case_facts import employment_of, retires_from
from personnel.services.decisions.employments import for_a_time
from personnel.services.decisions.fields import ActField, day_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder


class DeferralReason(TextChoices):
    """Why retirement is put off, as the law lists it."""

    HOLIDAY_OR_LOSS = "holiday_or_loss", "Tết; người thân mất hoặc mất tích; thiên tai, hỏa hoạn"
    SERIOUS_ILLNESS = "serious_illness", "Bệnh nặng hoặc tai nạn có giấy xác nhận của bệnh viện"
    LONG_TREATMENT = "long_treatment", "Bệnh cần chữa trị dài ngày thuộc danh mục"


CAUSE = ActField(key="cause", label="Lý do", input="long_text", of_person=True)


class Leaving(DecisionAct):
    """Base of kinds by which the work ends: from the effective day the person has left; every post ends."""

    group = ActGroup.LEAVING
    effect = "Kết thúc công tác từ ngày quyết định có hiệu lực; mọi chức vụ kết thúc; hồ sơ ở lại đơn vị."
    fields = (CAUSE,)
    parts = (PayStep, Allowance)
    state: ClassVar[EmploymentState] = EmploymentState.LEFT
    template = "leaving"

    def record(self, case: Case, recorder: Recorder) -> None:
        """The state of having left."""
        employment = employment_of(case)
        if employment is None or employment.state in ENDED_STATES:
            raise ActRefused("Người này không đang công tác vào ngày quyết định có hiệu lực.")
        recorder.succeed(
            Employment,
            is_final=True,
            category=employment.category,
            state=self.state,
            note=(case["cause"] or "")[:250],
        )


@register_act
class RetirementNotice(DecisionAct):
    """Thông báo nghỉ hưu: the record does not change; the clock of the notice is answered."""

    key, code, label, group, order = (
        "retirement_notice",
        "x-thong-bao-nghi-huu",
        "Thông báo nghỉ hưu",
        ActGroup.LEAVING,
        10,
    )
    effect = "Chỉ ghi nhận đã thông báo; hồ sơ đổi khi có quyết định nghỉ hưu."
    fields = (day_field("retires_from", "Nghỉ hưu từ ngày", of_person=True, help="Để trống: tính theo luật."),)
    template = "retirement_notice"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the notice comes early enough."""
        yield retirement_noticed(
            retires_from=case["retires_from"] or retires_from(case),
            noticed_on=case.decision.signed_on or case.day,
            day=case.day,
        )


@register_act
class RetirementAct(Leaving):
    """Nghỉ hưu, from the first day of the pension."""

    key, code, label, order = "retirement", "x-nghi-huu", "Nghỉ hưu", 20
    effect = "Nghỉ hưu từ ngày quyết định có hiệu lực; mọi chức vụ kết thúc; hồ sơ ở lại đơn vị."
    state = EmploymentState.RETIRED
    template = "retirement"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the age is reached by the day, and the decision comes early enough."""
        cadre = case.cadre
        if cadre.sex and cadre.birth is not None:
            yield retired_by(sex=cadre.sex, born=cadre.birth, day=case.day)  # type: ignore[arg-type]
        yield retirement_decided(retires_from=case.day, decided_on=case.decision.signed_on or case.day, day=case.day)


@register_act
class EarlyRetirement(RetirementAct):
    """Nghỉ hưu trước tuổi."""

    key, code, label, order = "early_retirement", "x-nghi-huu-truoc-tuoi", "Nghỉ hưu trước tuổi", 30
    fields = (ActField(key="cause", label="Căn cứ nghỉ trước tuổi", of_person=True, is_required=True),)

    def findings(self, case: Case) -> Iterable[Finding]:
        """Each ground has conditions of its own, which the record does not hold."""
        return ()


@register_act
class RetirementDeferral(DecisionAct):
    """Lùi thời điểm nghỉ hưu, for the longest of the grounds that apply."""

    key, code, label, group, order = (
        "retirement_deferral",
        "x-lui-thoi-diem-nghi-huu",
        "Lùi thời điểm nghỉ hưu",
        ActGroup.LEAVING,
        40,
    )
    effect = "Tình trạng là chờ nghỉ hưu đến ngày nghỉ hưu mới."
    fields = (
        day_field("until", "Lùi đến hết ngày", of_person=True, is_required=True),
        ActField(
            key="ground", label="Lý do lùi", input="choice", choices=DeferralReason, of_person=True, is_required=True
        ),
    )
    template = "retirement_deferral"
    inserts = (Employment,)

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether it may be put off so long."""
        start = retires_from(case)
        end = case["until"] + datetime.timedelta(days=1)
        months = None if start is None else whole_months(start, end) + (0 if start.day == end.day else 1)
        yield deferral_allowed(months=months, grounds=[case["ground"]], day=case.day)

    def record(self, case: Case, recorder: Recorder) -> None:
        """Awaiting retirement until the later day."""
        employment = employment_of(case)
        if employment is None or employment.state in ENDED_STATES:
            raise ActRefused("Người này không đang công tác vào ngày quyết định có hiệu lực.")
        for_a_time(case, recorder, employment, EmploymentState.AWAITING_RETIREMENT, case["until"])


@register_act
class LeavingService(Leaving):
    """Thôi việc."""

    key, code, label, order = "leaving", "x-thoi-viec", "Thôi việc", 50


@register_act
class ForcedLeaving(Leaving):
    """Buộc thôi việc."""

    key, code, label, order = "forced_leaving", "x-buoc-thoi-viec", "Buộc thôi việc", 60


@register_act
class Downsizing(Leaving):
    """Tinh giản biên chế."""

    key, code, label, order = "downsizing", "x-tinh-gian-bien-che", "Tinh giản biên chế", 70


@register_act
class Death(Leaving):
    """Từ trần: an entry after the fact."""

    key, code, label, order = "death", "x-tu-tran", "Từ trần", 80
    effect = "Ghi nhận từ trần; mọi chức vụ kết thúc; hồ sơ ở lại đơn vị."
    state = EmploymentState.DIED
    template = ""
