"""What a discipline blocks, for how long, and when it may be imposed (kỷ luật), by the law of the decision's day.

    effect_of_discipline(effective_on, party_decided_on, repeated_on, day) -> Lapse
        the day on which the effect lapses by itself; met when it has lapsed on `day`
    not_serving_discipline(effective_on, party_decided_on, repeated_on, purpose, day) -> Finding
        whether no discipline in effect stands against the purpose
    no_pending_procedure(is_pending, purpose, day) -> Finding
        whether no procedure, investigation, prosecution or trial stands against the purpose; planning is not blocked
    higher_title_after_discipline(form, effective_on, day) -> Finding
        whether the months after which a higher title is possible are over
    planning_and_training_after_discipline(form, effective_on, day) -> Finding
        the law from 01/07/2020 to 30/06/2025
    may_lead_after_corruption(form, is_for_corruption, day) -> Finding
        never again after a dismissal for corruption
    form_allowed(form, category, day) -> Finding
        whether the form may be imposed on the category
    within_limitation(form, violated_on, is_without_limit, day) -> Finding
        whether the time in which a breach may be punished still runs
    may_be_disciplined(is_ill, is_on_maternity, has_child, youngest_child_born, is_in_custody, has_asked, day)
        -> Finding: whether nothing makes the procedure wait
    discipline_decided_in_time(detected_on, decided_on, is_complex, day) -> Finding
        whether the decision came within the days after the breach was detected
    findings_of_disciplines(disciplines, is_pending, purpose, is_higher, is_leadership, day) -> tuple[Finding, ...]
        all that apply to one purpose

No reason overrides what a discipline blocks. Source: Luật 80/2025/QH15, Điều 35 to 38; Nghị định 172/2025/NĐ-CP; Nghị
định 170/2025/NĐ-CP, Điều 23 and 29; Quy định 377-QĐ/TW; Luật 52/2019/QH14 for the years before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from hrdb.kernel.dates import PartialDate, add_months
from hrdb.kernel.findings import Finding
from hrdb.kernel.parameters import ParameterUnknown
from personnel.rules.children import child_under
from personnel.rules.judging import Answer, declare, ground_label, judge, judge_grounds, known, since
from personnel.rules.law import LAW

DisciplineForm = Literal[
    "reprimand", "warning", "pay_reduction", "demotion", "dismissal", "recall", "forced_leave", "expulsion"
]

#: What a decision is about, as the rules on discipline divide it.
Purpose = Literal[
    "nomination", "appointment", "transfer", "rotation", "secondment", "training", "planning", "job_upgrade"
]

FORM_LABELS: Final[dict[DisciplineForm, str]] = {
    "reprimand": "Khiển trách",
    "warning": "Cảnh cáo",
    "pay_reduction": "Hạ bậc lương",
    "demotion": "Giáng chức",
    "dismissal": "Cách chức",
    "recall": "Bãi nhiệm",
    "forced_leave": "Buộc thôi việc",
    "expulsion": "Khai trừ",
}

#: The form by its code in the list of the record; a code that is not here (`99`, other) has no rule.
FORM_OF_CODE: Final[dict[str, DisciplineForm]] = {
    "01": "reprimand",
    "02": "warning",
    "03": "dismissal",
    "04": "recall",
    "05": "pay_reduction",
    "06": "demotion",
    "07": "forced_leave",
    "x-dang-khien-trach": "reprimand",
    "x-dang-canh-cao": "warning",
    "x-dang-cach-chuc": "dismissal",
    "x-dang-khai-tru": "expulsion",
}

LAPSED: Final = declare("discipline-lapsed", "Quyết định kỷ luật đã hết hiệu lực", is_overridable=False)
NOT_SERVING: Final = declare(
    "not-serving-discipline", "Không trong thời gian thi hành kỷ luật", is_overridable=False, asks_for_data=True
)
NO_PROCEDURE: Final = declare(
    "no-pending-procedure",
    "Không trong thời gian xem xét kỷ luật, điều tra, truy tố, xét xử",
    is_overridable=False,
    asks_for_data=True,
)
HIGHER_TITLE: Final = declare(
    "higher-title-after-discipline",
    "Đủ thời gian sau kỷ luật để giữ chức vụ cao hơn",
    is_overridable=False,
    asks_for_data=True,
)
PLANNING_TRAINING: Final = declare(
    "planning-training-after-discipline",
    "Đủ thời gian sau kỷ luật để quy hoạch, đào tạo, bồi dưỡng",
    is_overridable=False,
)
CORRUPTION: Final = declare(
    "no-dismissal-for-corruption", "Không bị cách chức do tham nhũng", is_overridable=False, asks_for_data=True
)
FORM_ALLOWED: Final = declare("discipline-form", "Hình thức kỷ luật áp dụng được cho đối tượng", is_overridable=False)
LIMITATION: Final = declare("discipline-limitation", "Còn thời hiệu xử lý kỷ luật", is_overridable=False)
MAY_BE_DISCIPLINED: Final = declare(
    "discipline-may-proceed", "Không thuộc trường hợp chưa xem xét xử lý kỷ luật", is_overridable=False
)
DECIDED_IN_TIME: Final = declare("discipline-decided-in-time", "Quyết định kỷ luật đúng thời hạn xử lý")

FORM_LABEL: Final = "Hình thức kỷ luật"
EFFECTIVE_LABEL: Final = "Ngày quyết định kỷ luật có hiệu lực"
PENDING_LABEL: Final = "Đang bị xem xét kỷ luật, điều tra, truy tố, xét xử"


@dataclass(frozen=True, slots=True)
class Lapse:
    """When the effect of a discipline lapses by itself; None when it is not known or a new breach keeps it alive."""

    lapses_on: date | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class PastDiscipline:
    """A discipline of the record: its form, the day from which it is in effect, and what changes its consequences."""

    form: DisciplineForm | None
    effective_on: date | None
    is_for_corruption: bool | None = False
    party_decided_on: date | None = None
    repeated_on: date | None = None


def effect_of_discipline(
    *,
    effective_on: date | None,
    day: date,
    party_decided_on: date | None = None,
    repeated_on: date | None = None,
) -> Lapse:
    """When a discipline lapses without a document: some months after its effect or the earlier Party decision.

    A new breach before that day (`repeated_on`, tái phạm) keeps it alive.
    """
    lapses: list[date] = []

    def test(months: int) -> Answer:
        start = min(known(effective_on), party_decided_on or known(effective_on))
        end = add_months(start, months)
        if repeated_on is not None and repeated_on < end:
            return Answer(False, facts={"Ngày tái phạm": repeated_on})
        lapses.append(end)
        return since(end, day)

    facts: dict[str, Any] = {EFFECTIVE_LABEL: effective_on}
    if party_decided_on is not None:
        facts["Ngày quyết định kỷ luật của Đảng"] = party_decided_on
    finding = judge(LAPSED, "discipline/effect_months", day, facts, test)
    return Lapse(lapses[0] if lapses else None, finding)


def not_serving_discipline(
    *,
    effective_on: date | None,
    purpose: Purpose,
    day: date,
    party_decided_on: date | None = None,
    repeated_on: date | None = None,
) -> Finding:
    """Whether a discipline does not stand against the purpose on `day` by being still in effect."""
    effect = effect_of_discipline(
        effective_on=effective_on, day=day, party_decided_on=party_decided_on, repeated_on=repeated_on
    )

    facts: dict[str, Any] = {"Việc": _purpose(purpose)}
    if _is_free("discipline/serving_blocks", purpose, day):
        return judge(NOT_SERVING, "discipline/serving_blocks", day, facts, lambda _: True)

    def test(_: Sequence[str], months: int) -> Answer:
        return Answer(effect.finding.is_met, met_from=effect.lapses_on)

    facts |= effect.finding.facts
    return judge(NOT_SERVING, "discipline/serving_blocks", day, facts, test, also=("discipline/effect_months",))


def no_pending_procedure(*, is_pending: bool | None, purpose: Purpose, day: date) -> Finding:
    """Whether no discipline procedure, investigation, prosecution or trial stands against the purpose."""
    facts: dict[str, Any] = {"Việc": _purpose(purpose)}
    if not _is_free("discipline/procedure_blocks", purpose, day):
        facts[PENDING_LABEL] = is_pending
    return judge(NO_PROCEDURE, "discipline/procedure_blocks", day, facts, lambda _: not facts.get(PENDING_LABEL))


def higher_title_after_discipline(*, form: DisciplineForm | None, effective_on: date | None, day: date) -> Finding:
    """Whether the months are over in which no higher title follows a discipline of this form."""
    return _months_after("higher_title", form, effective_on, day)


def planning_and_training_after_discipline(
    *, form: DisciplineForm | None, effective_on: date | None, day: date
) -> Finding:
    """Whether the months are over in which neither planning nor training follows (law of 01/07/2020 to 30/06/2025)."""
    return _months_after("planning_training", form, effective_on, day)


def _months_after(
    kind: Literal["higher_title", "planning_training"],
    form: DisciplineForm | None,
    effective_on: date | None,
    day: date,
) -> Finding:
    rule = HIGHER_TITLE if kind == "higher_title" else PLANNING_TRAINING
    facts = {FORM_LABEL: FORM_LABELS[form] if form else None, EFFECTIVE_LABEL: effective_on}

    def test(months: Any) -> Answer:
        return since(add_months(known(effective_on), months), day)

    return judge(rule, f"discipline/{kind}_months", day, facts, test, row=form)


def may_lead_after_corruption(*, form: DisciplineForm | None, is_for_corruption: bool | None, day: date) -> Finding:
    """Whether someone may lead: never again after a dismissal for corruption."""
    facts: dict[str, Any] = {FORM_LABEL: FORM_LABELS[form] if form else None, "Do tham nhũng": is_for_corruption}
    if is_for_corruption is False:
        del facts[FORM_LABEL]
    elif form is not None and _is_free("discipline/corruption_ban", form, day):
        del facts["Do tham nhũng"]

    def test(forms: Sequence[str]) -> bool:
        return not (is_for_corruption and form in forms)

    return judge(CORRUPTION, "discipline/corruption_ban", day, facts, test)


def form_allowed(*, form: DisciplineForm | None, category: str | None, day: date) -> Finding:
    """Whether a form may be imposed on a category of employment (`cadre`, `civil_servant`) on `day`."""
    facts = {FORM_LABEL: FORM_LABELS[form] if form else None}
    if category is None:
        facts["Đối tượng"] = None
    return judge(FORM_ALLOWED, "discipline/forms", day, facts, lambda forms: form in forms, row=category)


def within_limitation(
    *, form: DisciplineForm | None, violated_on: date | None, day: date, is_without_limit: bool = False
) -> Finding:
    """Whether a breach may still be punished by a form on `day` (thời hiệu).

    `is_without_limit` for expulsion, political protection, the national interest and false diplomas.
    """
    facts = {FORM_LABEL: FORM_LABELS[form] if form else None, "Ngày vi phạm": violated_on}
    if is_without_limit:
        facts = {"Không áp dụng thời hiệu": "có"}
        return judge(LIMITATION, "discipline/limitation_months", day, facts, lambda _: True)

    def test(months: Any) -> Answer:
        end = add_months(known(violated_on), months) + timedelta(days=1)
        return Answer(known(violated_on) <= day < end, met_until=end)

    return judge(LIMITATION, "discipline/limitation_months", day, facts, test, row=form)


def may_be_disciplined(
    *,
    is_ill: bool | None,
    is_on_maternity: bool | None,
    has_child: bool | None,
    youngest_child_born: PartialDate | date | None,
    is_in_custody: bool | None,
    day: date,
    has_asked: bool = False,
) -> Finding:
    """Whether nothing makes the discipline wait: serious illness, pregnancy, maternity, an infant, custody.

    Pregnancy and an infant count no longer when the person has asked in writing (`has_asked`).
    """
    facts: dict[str, Any] = {"Có văn bản đề nghị xem xét": has_asked}
    try:
        months = int(LAW["discipline/infant_months"].require(day).value)
    except ParameterUnknown as error:
        return error.finding(MAY_BE_DISCIPLINED.key, facts)
    infant = child_under(has_child=has_child, youngest_born=youngest_child_born, months=months, day=day)
    grounds = {
        "illness": is_ill,
        "maternity": False if has_asked else is_on_maternity,
        "infant": False if has_asked else infant,
        "custody": is_in_custody,
    }
    return judge_grounds(MAY_BE_DISCIPLINED, "discipline/waiting_grounds", day, grounds, facts=facts)


def discipline_decided_in_time(
    *, detected_on: date | None, decided_on: date | None, day: date, is_complex: bool = False
) -> Finding:
    """Whether a discipline was decided within the days after the breach was detected (thời hạn xử lý kỷ luật)."""

    def test(days: int) -> Answer:
        end = known(detected_on) + timedelta(days=days + 1)
        return Answer(known(decided_on) < end, met_until=end)

    facts = {"Ngày phát hiện vi phạm": detected_on, "Ngày quyết định": decided_on}
    row = "complex" if is_complex else "normal"
    return judge(DECIDED_IN_TIME, "discipline/procedure_days", day, facts, test, row=row)


def findings_of_disciplines(
    *,
    disciplines: Sequence[PastDiscipline],
    is_pending: bool | None,
    purpose: Purpose,
    day: date,
    is_higher: bool = False,
    is_leadership: bool = True,
) -> tuple[Finding, ...]:
    """Every rule on discipline that applies to one purpose: what is pending, then discipline after discipline."""
    found = [no_pending_procedure(is_pending=is_pending, purpose=purpose, day=day)]
    for one in disciplines:
        found.append(
            not_serving_discipline(
                effective_on=one.effective_on,
                purpose=purpose,
                day=day,
                party_decided_on=one.party_decided_on,
                repeated_on=one.repeated_on,
            )
        )
        if is_higher:
            found.append(higher_title_after_discipline(form=one.form, effective_on=one.effective_on, day=day))
        if is_leadership:
            found.append(may_lead_after_corruption(form=one.form, is_for_corruption=one.is_for_corruption, day=day))
    return tuple(found)


def _is_free(parameter: str, code: str, day: date) -> bool:
    """Whether the list of a parameter is known on a day and does not name the code."""
    held = LAW[parameter].at(day)
    return held is not None and held.value is not None and code not in held.value


def _purpose(purpose: Purpose) -> str:
    return ground_label(LAW["discipline/procedure_blocks"].values[-1], purpose)
