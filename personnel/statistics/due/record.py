"""What a record or its person lacks (trình độ theo tiêu chuẩn chức danh, chứng chỉ, mục của hồ sơ)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hrdb.kernel.findings import Citation
from personnel.choices import KIND_OF_REQUIREMENT, AssignmentKind
from personnel.models import Cadre, Qualification, QualificationLevel, TitleStandard
from personnel.rules.standards import REQUIREMENTS
from personnel.statistics.completeness import completeness_of_many, incomplete_q
from personnel.statistics.due.base import DUE_LISTS, DueList, DueRow, Told
from personnel.statistics.people import with_names
from personnel.statistics.sources import in_force

#: What a complete record holds: the rows of the unified form.
FORM: Final = Citation("06/2023/TT-BNV", date(2023, 5, 4))
#: Missing rows that are named before the others are only counted.
MOST_NAMED: Final = 4

MEMBER: Final = "party_member"

_LACKING: Final = f"""
SELECT DISTINCT person.id, person.unit_id, NULL::date, standard.id, ''
FROM people person
JOIN personnel_assignment post ON post.cadre_id = person.id AND post.kind = ANY(%(posts)s) AND {in_force("post")}
LEFT JOIN personnel_seat seat ON seat.id = post.seat_id
JOIN personnel_titlestandard standard
  ON standard.title_id = COALESCE(post.title_id, seat.title_id) AND {in_force("standard")}
LEFT JOIN unnest(%(requirements)s::text[], %(kinds)s::text[]) asks(requirement, kind)
  ON asks.requirement = standard.requirement
LEFT JOIN personnel_qualificationlevel required
  ON required.kind = asks.kind AND required.code = standard.value #>> '{{}}'
WHERE (required.id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM personnel_qualification held JOIN personnel_qualificationlevel level ON level.id = held.level_id
  WHERE held.cadre_id = person.id AND held.kind = required.kind AND {in_force("held")}
    AND (level.id = required.id OR level.rank <= required.rank)
)) OR (standard.requirement = %(member)s AND standard.value = 'true' AND NOT EXISTS (
  SELECT 1 FROM personnel_partymembership party WHERE party.cadre_id = person.id AND {in_force("party")}
))
"""

#: A certificate that ends is no matter where another one of the same kind holds on the day after.
_EXPIRING: Final = """
SELECT person.id, person.unit_id, held.effective_until, held.id, ''
FROM people person
JOIN personnel_qualification held ON held.cadre_id = person.id AND held.effective_from <= %(day)s
WHERE held.effective_until IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM personnel_qualification other
  WHERE other.cadre_id = person.id AND other.kind = held.kind AND other.id <> held.id
    AND other.language_id IS NOT DISTINCT FROM held.language_id AND other.effective_from <= %(day)s
    AND (other.effective_until IS NULL OR other.effective_until > held.effective_until)
)
"""


@DUE_LISTS.register
class MissingQualification(DueList):
    """Chưa đạt trình độ theo tiêu chuẩn chức danh: of the title held, as far as its standards are entered."""

    key, label, order = "missing_qualification", "Thiếu trình độ theo tiêu chuẩn chức danh", 130
    record_tab = "training"
    is_standing = True
    note = "Theo tiêu chuẩn chức danh đã nhập vào danh mục; chức danh chưa nhập tiêu chuẩn thì không so được."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """A standard that asks for a level, and nothing as high held on the day."""
        return _LACKING, {
            "posts": [str(AssignmentKind.MAIN), str(AssignmentKind.CONCURRENT)],
            "requirements": list(KIND_OF_REQUIREMENT),
            "kinds": [str(kind) for kind in KIND_OF_REQUIREMENT.values()],
            "member": MEMBER,
        }

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """The title and the level that it asks for, by the citation of the standard."""
        found = TitleStandard.objects.filter(pk__any=[row.row_id for row in rows]).select_related("title")
        standards = {one.pk: one for one in found}
        kinds = {
            KIND_OF_REQUIREMENT[one.requirement] for one in standards.values() if one.requirement in KIND_OF_REQUIREMENT
        }
        levels = QualificationLevel.objects.filter(kind__in=kinds).values_list("kind", "code", "name")
        names = {(kind, code): name for kind, code, name in levels}
        return [Told(_asked(standards[row.row_id or 0], names), standards[row.row_id or 0].citation) for row in rows]


def _asked(standard: TitleStandard, names: dict[tuple[str, str], str]) -> str:
    """A standard in words: «Giám đốc Sở: Trình độ lý luận chính trị, Cao cấp»."""
    label = REQUIREMENTS[standard.requirement].label
    if standard.requirement == MEMBER:
        return f"{standard.title}: {label}"
    code = str(standard.value)
    return f"{standard.title}: {label}, {names.get((str(KIND_OF_REQUIREMENT[standard.requirement]), code), code)}"


@DUE_LISTS.register
class CertificateExpiry(DueList):
    """Chứng chỉ hết hạn, where nothing of the same kind holds longer."""

    key, label, order = "certificate_expiry", "Chứng chỉ hết hạn", 140
    record_tab = "training"
    note = "Theo ngày hết hạn ghi trong hồ sơ."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """Certificates with an end."""
        return _EXPIRING, {}

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """What kind, and how it is written."""
        found = Qualification.objects.filter(pk__any=[row.row_id for row in rows]).select_related("level", "language")
        told = {
            one.pk: ": ".join(filter(None, [one.get_kind_display(), one.certificate or one.level_name]))
            for one in found
        }
        return [Told(told.get(row.row_id or 0, ""), "Ngày hết hạn ghi trên chứng chỉ") for row in rows]


@DUE_LISTS.register
class IncompleteRecords(DueList):
    """Hồ sơ còn thiếu mục mà ai cũng có."""

    key, label, order = "incomplete_records", "Hồ sơ còn thiếu", 150
    record_tab = "identity"
    is_standing = True
    note = "Thiếu ít nhất một mục của sơ yếu lý lịch mà người nào cũng có."

    def query(self, day: date, until: date) -> tuple[str, dict[str, Any]]:
        """People of whose form a row is empty."""
        values: dict[str, Any] = {}
        lacking = with_names(Cadre.objects.filter(incomplete_q(day)), values)
        sql = (
            "SELECT person.id, person.unit_id, NULL::date, NULL::bigint, '' "
            f"FROM people person WHERE person.id IN ({lacking})"
        )
        return sql, values

    def tell(self, rows: Sequence[DueRow], day: date) -> list[Told]:
        """Which rows are missing."""
        people = Cadre.objects.filter(pk__any=[row.cadre_id for row in rows])
        found = completeness_of_many(people, day) if rows else {}
        told = []
        for row in rows:
            missing = [one.label for one in found[row.cadre_id].missing] if row.cadre_id in found else []
            more = f" và {len(missing) - MOST_NAMED} mục khác" if len(missing) > MOST_NAMED else ""
            told.append(Told(f"Thiếu: {', '.join(missing[:MOST_NAMED])}{more}" if missing else "", FORM.text))
        return told
