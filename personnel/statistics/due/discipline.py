"""Discipline (kỷ luật) that lapses by itself: tier 2, so only for those who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from personnel.choices import DisciplineRegime
from personnel.models import Discipline
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told, later
from personnel.statistics.sources import in_force

EFFECT: Final = "discipline/effect_months"

_LAPSES: Final = """
SELECT person.id, person.unit_id, lapse.day, punished.id,
  CASE WHEN punished.regime = %(regime)s THEN %(basis)s ELSE '' END
FROM people person
JOIN personnel_discipline punished ON punished.cadre_id = person.id AND {in_force}
CROSS JOIN LATERAL (SELECT COALESCE(
  punished.effective_until, CASE WHEN punished.regime = %(regime)s THEN {effect} END) AS day) lapse
WHERE lapse.day >= %(day)s
"""


@DUE_LISTS.register
class DisciplineLapse(DueList):
    """Kỷ luật hết hiệu lực: automatic on its day, no document is asked for."""

    key, label, order = "discipline_lapse", "Kỷ luật hết hiệu lực", 100
    note = "Tự hết hiệu lực đúng ngày nếu không có vi phạm mới; không cần quyết định."
    record_tab = "awards"
    is_tier_2 = True
    sensitive_part = "kỷ luật"

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Punishments in effect, by the end on record, else by the law of the State's discipline."""
        sql = _LAPSES.format(in_force=in_force("punished"), effect=later(self.book[EFFECT], "punished.effective_from"))
        return sql, {"regime": str(DisciplineRegime.STATE), "basis": EFFECT}

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The form of punishment."""
        found = Discipline.objects.filter(pk__any=[row.row_id for row in rows]).select_related("form")
        forms = {one.pk: f"{one.get_regime_display()}: {one.form}" for one in found}
        return [Told(forms.get(row.row_id or 0, ""), self.cite(row), self.decision_kind) for row in rows]

    def cite(self, row: DueRow) -> str:
        """The law of the State's discipline; of the Party's the day on record alone is used."""
        return super().cite(row) if row.basis else "Quyết định kỷ luật của Đảng"
