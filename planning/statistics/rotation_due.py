"""Due matters of rotation: heads who have held two terms in one place, and posts that are changed periodically.

Both are there for who plans, of titles at the levels open to him, and never of himself. Which titles are limited says
the law as far as it was read, and beside it the province's dated rules; the months of a periodic change only those.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.dates import format_date
from hrdb.kernel.parameters import NOT_CONFIRMED, ParameterBook
from personnel.models import Title, Unit, UnitVersion
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.rules.law import LAW as PERSONNEL_LAW
from personnel.statistics.due import DUE_LISTS, DueList, DueRow, Told
from personnel.statistics.due.base import cited
from personnel.statistics.due.terms import NOT_FOLLOWED, posts_of, title_of
from personnel.statistics.sources import in_force
from planning.choices import RotationRuleKind
from planning.models import RotationRule
from planning.models.scope import offices_of
from planning.rules.law import LAW
from planning.statistics.rotation import basis_of, held_posts

#: Since when the post's title is held in its unit without a break.
_SINCE: Final = """(
  WITH RECURSIVE back(start) AS (
    SELECT post.effective_from
    UNION
    SELECT earlier.effective_from FROM back JOIN personnel_assignment earlier
      ON earlier.cadre_id = post.cadre_id AND earlier.kind = post.kind AND earlier.effective_until = back.start
      AND earlier.title_id IS NOT DISTINCT FROM post.title_id AND earlier.unit_id IS NOT DISTINCT FROM post.unit_id
  ) SELECT min(start) FROM back
)"""

_TITLES: Final = f"""
SELECT DISTINCT person.id, person.unit_id, ({_SINCE} + make_interval(months => limited.months))::date, post.id,
    limited.basis
FROM people person
JOIN personnel_cadre cadre ON cadre.id = person.id AND cadre.account_id IS DISTINCT FROM %(self)s
JOIN personnel_assignment post ON post.cadre_id = person.id AND post.kind = 'main' AND {in_force("post")}
JOIN personnel_title title ON title.id = post.title_id AND title.managing_level = ANY(%(levels)s)
JOIN unnest(%(titles)s::bigint[], %(units)s::bigint[], %(months)s::int[], %(bases)s::text[])
  AS limited(title_id, unit_id, months, basis)
  ON limited.title_id = post.title_id AND (limited.unit_id IS NULL OR limited.unit_id = post.unit_id)
WHERE (%(is_whole)s OR person.unit_id = ANY(%(scope)s)) AND {NOT_FOLLOWED}
"""

_POSITIONS: Final = f"""
UNION
SELECT person.id, person.unit_id, (post.effective_from + make_interval(months => limited.months))::date, post.id,
  limited.basis
FROM people person
JOIN personnel_cadre cadre ON cadre.id = person.id AND cadre.account_id IS DISTINCT FROM %(self)s
JOIN personnel_assignment post ON post.cadre_id = person.id AND post.kind = 'main' AND {in_force("post")}
JOIN personnel_jobposition position ON position.id = post.job_position_id
LEFT JOIN personnel_title title ON title.id = post.title_id
JOIN unnest(%(codes)s::text[], %(job_units)s::bigint[], %(job_months)s::int[], %(job_bases)s::text[])
  AS limited(code, unit_id, months, basis)
  ON limited.code = position.code AND (limited.unit_id IS NULL OR limited.unit_id = post.unit_id)
WHERE COALESCE(title.managing_level, 'unit') = ANY(%(levels)s)
  AND (%(is_whole)s OR person.unit_id = ANY(%(scope)s)) AND {NOT_FOLLOWED}
"""


class RotationDueList(DueList):
    """A due list of rotation: for who plans, of titles at the levels that are open to him."""

    action = Action.PLAN
    record_tab = "career"

    def levels(self) -> list[str]:
        """The managing levels open to the reader."""
        if self.user is None:
            return sorted(set(Title.objects.values_list("managing_level", flat=True)) | {"unit"})
        return sorted({str(level) for office in offices_of(self.user, Action.PLAN) for level, _ in office.opened})

    def common(self) -> dict[str, Any]:
        """The values that every list of rotation asks with."""
        scope = scope_of(self.user, Action.PLAN)
        units = Unit.objects.none() if scope.is_whole_province else Unit.objects.visible_to(self.user, Action.PLAN)
        return {
            "self": self.user.pk if self.user is not None else 0,
            "levels": self.levels(),
            "is_whole": scope.is_whole_province,
            "scope": list(units.values_list("pk", flat=True)),
        }

    def rules(self, day: date, kind: str) -> list[RotationRule]:
        """What the province rules of one kind on the day."""
        rows = RotationRule.objects.in_force(day).filter(kind=kind)
        return list(rows.select_related("decision").order_by("pk"))

    def words(self, rows: Sequence[DueRow], day: date) -> dict[int, str]:
        """Title and unit of the posts, and since when they are held: three queries."""
        posts, names = posts_of(rows), UnitVersion.objects.names_on(day) if rows else {}
        held = held_posts({row.cadre_id for row in rows if row.cadre_id is not None}, day)
        told = {}
        for key, post in posts.items():
            since = held[post.cadre_id].since if post.cadre_id in held else post.effective_from
            where = names.get(post.unit_id or 0, "")
            told[key] = ", ".join(filter(None, [title_of(post), where, f"từ {format_date(since)}"]))
        return told


@DUE_LISTS.register
class TwoTerms(RotationDueList):
    """Cấp trưởng đã giữ đủ hai nhiệm kỳ liên tiếp ở một nơi."""

    key, label, order = "two_terms", "Cấp trưởng đủ hai nhiệm kỳ liên tiếp", 330
    decision_kind = "rotation"
    book: ParameterBook = PERSONNEL_LAW  # type: ignore[misc]
    needs = ("mobility/head_terms", "term/full_months")
    note = (
        "Chức danh theo Quy định 65-QĐ/TW và quy định của tỉnh; nhiệm kỳ tính theo thời hạn bổ nhiệm, từ ngày giữ liên "
        "tục chức vụ đó tại đơn vị."
    )

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Heads by the day on which they have held so many full terms."""
        months = int(self.book["mobility/head_terms"].require(day).value) * int(
            self.book["term/full_months"].require(day).value
        )
        held = LAW["rotation/limited_heads"].at(day)
        codes = list(held.value) if held is not None and held.value is not None else []
        everywhere = set(Title.objects.filter(code__in=codes).values_list("pk", flat=True))
        named: set[tuple[int | None, int | None]] = {(pk, None) for pk in everywhere}
        for rule in self.rules(day, RotationRuleKind.TWO_TERMS):
            if rule.title_id not in everywhere:
                named.add((rule.title_id, rule.unit_id))
        return _TITLES, self.common() | {
            "titles": [title for title, _ in named],
            "units": [unit for _, unit in named],
            "months": [months] * len(named),
            "bases": ["mobility/head_terms"] * len(named),
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Title, place, since when."""
        told = self.words(rows, day)
        return [Told(told.get(row.row_id or 0, ""), self.cite(row), self.decision_kind) for row in rows]


@DUE_LISTS.register
class PeriodicChange(RotationDueList):
    """Đến hạn định kỳ chuyển đổi vị trí công tác."""

    key, label, order = "periodic_change", "Định kỳ chuyển đổi vị trí công tác", 340
    decision_kind = "transfer"
    book: ParameterBook = LAW  # type: ignore[misc]
    note = (
        "Danh mục vị trí và thời hạn theo quy định của tỉnh; thời hạn của Nghị định 59/2019/NĐ-CP chưa kiểm chứng. "
        "Người giữ chức vụ lãnh đạo thực hiện theo quy định về luân chuyển."
    )

    def unjudged(self, day: date) -> str:
        """Without the province's rule nothing can be said: the law's months are not confirmed."""
        if RotationRule.objects.in_force(day).filter(kind=RotationRuleKind.PERIODIC).exists():
            return ""
        return f"{LAW['rotation/periodic_months'].label}: {NOT_CONFIRMED}, tỉnh chưa khai danh mục vị trí"

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Posts by the day on which they have been held as long as the rule allows."""
        rules = self.rules(day, RotationRuleKind.PERIODIC)
        titles = [rule for rule in rules if rule.title_id is not None]
        jobs = [rule for rule in rules if rule.title_id is None]
        return _TITLES + _POSITIONS, self.common() | {
            "titles": [rule.title_id for rule in titles],
            "units": [rule.unit_id for rule in titles],
            "months": [rule.months for rule in titles],
            "bases": [f"rule:{rule.pk}" for rule in titles],
            "codes": [rule.job_code for rule in jobs],
            "job_units": [rule.unit_id for rule in jobs],
            "job_months": [rule.months for rule in jobs],
            "job_bases": [f"rule:{rule.pk}" for rule in jobs],
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Title or position, place, since when; the province's rule is what is cited."""
        told, rules = self.words(rows, day), {f"rule:{rule.pk}": rule for rule in self._cited(rows)}
        law = cited(LAW["rotation/periodic_months"], day)
        found = []
        for row in rows:
            rule = rules.get(row.basis)
            ground = f"{basis_of(rule)}: {rule.months} tháng" if rule is not None else law
            found.append(Told(told.get(row.row_id or 0, ""), ground, self.decision_kind))
        return found

    def cite(self, row: DueRow) -> str:
        """The law, whose months nobody confirmed."""
        return cited(LAW["rotation/periodic_months"], row.due_on or date.max)

    def _cited(self, rows: Sequence[DueRow]) -> list[RotationRule]:
        keys = {int(row.basis.removeprefix("rule:")) for row in rows if row.basis.startswith("rule:")}
        return list(RotationRule.objects.filter(pk__in=keys).select_related("decision")) if keys else []
