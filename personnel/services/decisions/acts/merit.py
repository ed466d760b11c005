"""Decisions of commendation (khen thưởng) and discipline (kỷ luật)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from hrdb.kernel.findings import Finding
from personnel.choices import DisciplineRegime
from personnel.models import Commendation, CommendationForm, Discipline, DisciplineForm, HonourTitle
from personnel.rules.discipline import FORM_OF_CODE, effect_of_discipline, form_allowed, within_limitation
from personnel.services.decisions.case_facts import employment_of
from personnel.services.decisions.fields import ActField, code_field, day_field
from personnel.services.decisions.kinds import ActGroup, Case, DecisionAct, register_act
from personnel.services.decisions.recording import ActRefused, Recorder


@register_act
class CommendationAct(DecisionAct):
    """Khen thưởng."""

    key, code, label, group, order = (
        "commendation",
        "x-khen-thuong",
        "Khen thưởng",
        ActGroup.REWARD_DISCIPLINE,
        10,
    )
    effect = "Thêm một lần khen thưởng."
    fields = (
        ActField(key="year", label="Năm thành tích", input="number", help="Để trống: năm của quyết định."),
        code_field("form", "Hình thức khen thưởng", CommendationForm, of_person=True),
        code_field("emulation_title", "Danh hiệu thi đua", HonourTitle, of_person=True),
        ActField(key="detail", label="Nội dung", of_person=True),
    )
    parts = (Commendation,)
    template = "commendation"

    def record(self, case: Case, recorder: Recorder) -> None:
        """Add the commendation."""
        if not case.given("form", "emulation_title", "detail"):
            raise ActRefused("Cần chọn hình thức khen thưởng, danh hiệu, hoặc ghi nội dung.")
        recorder.add(
            Commendation, year=case["year"] or case.day.year, **case.given("form", "emulation_title", "detail")
        )


@register_act
class DisciplineAct(DecisionAct):
    """Kỷ luật; its effect lapses on its day without a document."""

    key, code, label, group, order = "discipline", "x-ky-luat", "Kỷ luật", ActGroup.REWARD_DISCIPLINE, 20
    effect = "Thêm một lần kỷ luật; hết hiệu lực tự động đúng ngày."
    fields = (
        ActField(key="regime", label="Loại", input="choice", choices=DisciplineRegime, is_required=True),
        code_field("form", "Hình thức kỷ luật", DisciplineForm, is_required=True, of_person=True),
        ActField(key="behaviour", label="Hành vi vi phạm chính", input="long_text", of_person=True),
        ActField(key="is_for_corruption", label="Do tham nhũng", input="flag", of_person=True),
        day_field("violated_on", "Ngày vi phạm", of_person=True),
        day_field(
            "lapses_on",
            "Hết hiệu lực từ ngày",
            of_person=True,
            help="Để trống: tính theo luật của ngày quyết định có hiệu lực.",
        ),
    )
    parts = (Discipline,)
    template = "discipline"

    def findings(self, case: Case) -> Iterable[Finding]:
        """Whether the form fits the category and the breach may still be punished."""
        if case["regime"] != DisciplineRegime.STATE:
            return
        employment, form = employment_of(case), FORM_OF_CODE.get(case["form"].code)
        yield form_allowed(form=form, category=employment.category if employment else None, day=case.day)
        yield within_limitation(form=form, violated_on=case["violated_on"], day=case.day)

    def _lapse(self, case: Case) -> datetime.date | None:
        """The day of the lapse by the law of the decision's day; None where it is not known."""
        return effect_of_discipline(effective_on=case.day, day=case.day).lapses_on

    def record(self, case: Case, recorder: Recorder) -> None:
        """Add the discipline with the day of its lapse."""
        if case["form"].regime != case["regime"]:
            raise ActRefused(f"Hình thức «{case['form']}» không thuộc loại kỷ luật đã chọn.")
        recorder.add(
            Discipline,
            regime=case["regime"],
            effective_from=case.day,
            effective_until=case["lapses_on"] or self._lapse(case),
            authority=case.decision.issuer,
            is_for_corruption=bool(case["is_for_corruption"]),
            **case.given("form", "behaviour"),
        )
