"""Papers of rotation: the plan of a year as a document, and the table by direction (biểu 11-BTCTW)."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hrdb.kernel.dates import format_date
from planning.models import RotationItem, RotationPlan
from planning.reports.papers import paper_pdf
from planning.services.rotation.plans import plan_content
from planning.statistics.rotation_table import BASES, RotationTable

if TYPE_CHECKING:
    from hrdb.kernel.models import User


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One rotation in the document."""

    number: int
    name: str
    born: str
    from_post: str
    to_post: str
    purpose: str
    direction: str
    period: str
    note: str


@dataclass(frozen=True)
class PlanDocument:
    """What page, workbook and paper of a plan say; of an approved plan what was approved."""

    plan: RotationPlan
    name: str
    unit: str
    aims: str
    lines: tuple[PlanLine, ...]
    people: frozenset[int]

    @property
    def told(self) -> str:
        """In which state the document is."""
        if self.plan.is_approved:
            decision = f", {self.plan.decision}" if self.plan.decision is not None else ""
            return f"Phê duyệt ngày {format_date(self.plan.approved_on)}{decision}" if self.plan.approved_on else ""
        return "Dự thảo, chưa phê duyệt"


def plan_document(plan: RotationPlan, user: User | None, day: datetime.date) -> PlanDocument:
    """The document of a plan with the people whom the reader sees; an approved one says what was approved."""
    rows = RotationItem.objects.all().visible_to(user).filter(plan=plan)
    if plan.is_approved and plan.content is not None:
        content = plan.content
        seen: Collection[int] = set(rows.values_list("pk", flat=True))
    else:
        items = list(rows.standing().select_related("cadre", "title", "plan").order_by("pk"))
        content, seen = plan_content(plan, items, day), {item.pk for item in items}
    shown = [one for one in content["items"] if one["item"] in seen]
    lines = tuple(_line(number, one) for number, one in enumerate(shown, 1))
    people = frozenset(one["cadre"] for one in shown)
    return PlanDocument(plan, content["name"], content["unit"], content["aims"], lines, people)


def plan_pdf(document: PlanDocument) -> bytes:
    """The plan on paper."""
    return paper_pdf("rotation_plan.html", {"document": document, "plan": document.plan})


def table_pdf(table: RotationTable, office: str) -> bytes:
    """The table by direction on paper."""
    return paper_pdf(
        "rotation_table.html",
        {"table": table, "basis": BASES[table.basis], "office": office, "sections": sections(table)},
    )


def sections(table: RotationTable) -> list[tuple[str, list[Any]]]:
    """The rows by section, in order; those of no section first."""
    found: dict[str, list[Any]] = {}
    for row in table.rows:
        found.setdefault(row.section, []).append(row)
    return list(found.items())


def _line(number: int, one: dict[str, Any]) -> PlanLine:
    ends = [datetime.date.fromisoformat(one[key]) if one[key] else None for key in ("begins_on", "ends_on")]
    period = " – ".join(format_date(end) if end else "…" for end in ends) if any(ends) else ""
    return PlanLine(
        number=number,
        name=one["name"],
        born=one["born"],
        from_post=", ".join(filter(None, (one["from_post"], one["from_unit"]))),
        to_post=", ".join(filter(None, (one["title"], one["to_unit"]))),
        purpose=one["purpose"],
        direction=one["direction"],
        period=period,
        note="; ".join(filter(None, (one["reason"], one["benefits"]))),
    )
