"""The plan of a year on paper: foreseen classes, need and what was done, from the same report as the page."""

from __future__ import annotations

from training.reports.papers import paper_pdf
from training.statistics.planned import PlanReport


def plan_pdf(report: PlanReport) -> bytes:
    """The plan as PDF."""
    return paper_pdf("plan.html", {"report": report, "plan": report.plan, "approved": report.plan.approved_on})
