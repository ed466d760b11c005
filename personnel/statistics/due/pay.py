"""Pay (lương, phụ cấp): the next step, seniority over the frame, seniority allowances of some callings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hrdb.kernel.parameters import ParameterUnknown, format_number
from personnel.choices import DisciplineRegime, PayScheme
from personnel.models import PayStep
from personnel.rules.pay import PayScale, pay_scales
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told
from personnel.statistics.sources import in_force

_OVER_FRAME: Final = "pay/over_frame"

#: No later step was decided by the day.
_NOT_FOLLOWED: Final = """NOT EXISTS (
  SELECT 1 FROM personnel_paystep later LEFT JOIN personnel_decision decided ON decided.id = later.decision_id
  WHERE later.cadre_id = pay.cadre_id AND later.scheme = pay.scheme AND later.effective_from > %(day)s
    AND (decided.signed_on IS NULL OR decided.signed_on <= %(day)s)
)"""

#: Steps that are held since a day that is known: the time in the step counts from there. A step that is paid in part
#: (a trial year) does not count.
_STEPS: Final = f"""
SELECT person.id, person.unit_id,
  (CASE WHEN pay.step < scale.steps OR COALESCE(pay.over_frame_percent, 0) = 0
        THEN pay.effective_from + make_interval(months => scale.months {{delay}})
        ELSE pay.effective_from + INTERVAL '12 months' END)::date,
  pay.id, CASE WHEN pay.step < scale.steps THEN scale.key ELSE %(over_frame)s END
FROM people person
JOIN personnel_paystep pay ON pay.cadre_id = person.id AND pay.scheme = %(scheme)s AND {in_force("pay")}
JOIN personnel_rank rank ON rank.id = pay.rank_id
JOIN unnest(%(codes)s::text[], %(keys)s::text[], %(steps)s::int[], %(months)s::int[], %(over)s::bool[])
  scale(code, key, steps, months, has_over_frame) ON scale.code = rank.scale
WHERE pay.step IS NOT NULL AND pay.start_precision IN ('day', 'month') AND COALESCE(pay.percent, 100) >= 100
  AND (pay.step < scale.steps OR scale.has_over_frame)
  AND {_NOT_FOLLOWED}
"""

_IN_PART: Final = f"""
SELECT person.id, person.unit_id, pay.effective_until, pay.id, ''
FROM people person
JOIN personnel_paystep pay ON pay.cadre_id = person.id AND pay.scheme = %(scheme)s AND {in_force("pay")}
JOIN personnel_rank rank ON rank.id = pay.rank_id
WHERE pay.percent < 100 AND {_NOT_FOLLOWED}
"""

#: Months that the punishments of the time in the step add, where the parameter has confirmed numbers.
_DELAY: Final = """+ COALESCE((
  SELECT sum(delay.months)::int FROM personnel_discipline punished
  JOIN personnel_disciplineform form ON form.id = punished.form_id AND form.regime = %(regime)s
  JOIN unnest(%(forms)s::text[], %(delays)s::int[]) delay(code, months) ON delay.code = form.code
  WHERE punished.cadre_id = person.id AND punished.effective_from >= pay.effective_from
    AND punished.effective_from <= %(day)s), 0)"""


@DUE_LISTS.register
class NextPayStep(DueList):
    """Nâng bậc lương thường xuyên, and seniority over the frame for who stands on the last step."""

    key, label, order = "pay_step", "Nâng bậc lương, phụ cấp vượt khung", 80
    decision_kind = "pay_step"
    record_tab = "pay"

    @property
    def note(self) -> str:  # type: ignore[override]
        """What is counted, and what is not because nobody confirmed the number."""
        return (
            "Đủ thời gian giữ bậc theo thang lương của ngạch; không gồm người chưa rõ ngày hưởng bậc. "
            "Thời gian kéo dài do kỷ luật hoặc không hoàn thành nhiệm vụ chưa kiểm chứng nên chưa tính."
        )

    def unjudged(self, day: date) -> str:
        """Before the first pay tables that are known."""
        try:
            pay_scales(day)
        except ParameterUnknown as unknown:
            return str(unknown)
        return ""

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Steps in force by the time that their scale asks."""
        scales = pay_scales(day)
        values: dict[str, Any] = {
            "scheme": str(PayScheme.RANK),
            "over_frame": _OVER_FRAME,
            "codes": list(scales),
            "keys": [_parameter_of(code) for code in scales],
            "steps": [scale.steps for scale in scales.values()],
            "months": [scale.step_months for scale in scales.values()],
            "over": [scale.has_over_frame for scale in scales.values()],
        }
        delays = self.delays(day)
        if delays:
            values |= {
                "regime": str(DisciplineRegime.STATE),
                "forms": list(delays),
                "delays": list(delays.values()),
            }
        return _STEPS.replace("{delay}", _DELAY if delays else ""), values

    def delays(self, day: date) -> dict[str, int]:
        """Months by the code of the form of punishment, empty while no number is confirmed."""
        held = self.book["pay/step_delay_months"].at(day)
        return dict(held.value) if held is not None and held.value is not None else {}

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """From which step to which, in which rank."""
        steps = PayStep.objects.filter(pk__any=[row.row_id for row in rows]).select_related("rank")
        found = {step.pk: step for step in steps}
        scales = pay_scales(day)
        return [
            Told(
                _step_text(found[row.row_id], scales) if row.row_id in found else "",
                self.cite(row),
                "over_frame" if row.basis == _OVER_FRAME else self.decision_kind,
            )
            for row in rows
        ]


def _parameter_of(code: str) -> str:
    """The key of the parameter that holds a scale."""
    found = next(
        key for key in NextPayStep.book.keys("pay/scales") if NextPayStep.book[key].attributes["scale"] == code
    )
    return str(found)


def _step_text(pay: PayStep, scales: Mapping[str, PayScale]) -> str:
    """A step and what follows it: «01.003: bậc 3 (3,00) lên bậc 4 (3,33)»."""
    if pay.rank is None or pay.step is None:
        return ""
    code, step, scale = pay.rank.code, pay.step, scales[pay.rank.scale]
    if step < scale.steps:
        held, following = map(format_number, scale.coefficients[step - 1 : step + 1])
        return f"{code}: bậc {step} ({held}) lên bậc {step + 1} ({following})"
    rule = NextPayStep.book[_OVER_FRAME].values[-1].value
    percent: Decimal = pay.over_frame_percent or Decimal(0)
    following_percent = percent + rule["each_year_percent"] if percent else Decimal(rule["first_percent"])
    now = f"vượt khung {_percent(percent)}" if percent else f"bậc cuối ({step})"
    return f"{code}: {now}, lên vượt khung {_percent(following_percent)}"


def _percent(value: Decimal) -> str:
    """A per cent without empty decimals."""
    return f"{format_number(int(value) if value == int(value) else value)} %"


@DUE_LISTS.register
class ProbationEnd(DueList):
    """Hết thời gian tập sự, where the record holds the end of a time that is paid in part."""

    key, label, order = "probation_end", "Hết thời gian tập sự", 70
    decision_kind = "probation_end"
    record_tab = "pay"
    note = "Theo giai đoạn lương hưởng dưới 100 % có ghi ngày kết thúc; công chức không còn chế độ tập sự từ 01/7/2025."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Steps paid in part that end, and nothing follows yet."""
        return _IN_PART, {"scheme": str(PayScheme.RANK)}

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The rank and the per cent."""
        steps = PayStep.objects.filter(pk__any=[row.row_id for row in rows]).select_related("rank")
        words = {
            one.pk: f"{one.rank.code}: hưởng {_percent(one.percent)}"
            for one in steps
            if one.rank is not None and one.percent is not None
        }
        return [
            Told(words.get(row.row_id or 0, ""), "Ngày kết thúc ghi trong hồ sơ", self.decision_kind) for row in rows
        ]


@DUE_LISTS.register
class SeniorityAllowance(DueList):
    """Phụ cấp thâm niên nhà giáo, thanh tra: nothing is reported while nobody confirmed when it grows."""

    key, label, order = "seniority_allowance", "Phụ cấp thâm niên nhà giáo, thanh tra", 90
    decision_kind = "allowance"
    record_tab = "pay"
    needs = ("pay/seniority_allowance",)
    note = "Thời gian và mức hưởng chưa kiểm chứng: chưa nhắc được ai đến hạn."
    #: Kinds of allowances that grow with the years of service.
    codes: Final = ("13", "16")

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Allowances held for the time after which they grow."""
        sql = f"""
SELECT person.id, person.unit_id,
  (allowance.effective_from + make_interval(months => %(months)s))::date, allowance.id, %(basis)s
FROM people person
JOIN personnel_allowance allowance ON allowance.cadre_id = person.id AND {in_force("allowance")}
JOIN personnel_allowancekind kind ON kind.id = allowance.kind_id AND kind.code = ANY(%(codes)s)
"""
        rule = self.book["pay/seniority_allowance"].require(day)
        return sql, {"months": int(rule.value), "basis": "pay/seniority_allowance", "codes": list(self.codes)}
