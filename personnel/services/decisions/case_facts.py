"""Facts of a case that the rules ask for, read from the record in memory: posts, retirement, discipline, family."""

from __future__ import annotations

import datetime

from hrdb.kernel.parameters import ParameterUnknown
from personnel.choices import AssignmentKind
from personnel.models import Assignment, Employment, Title
from personnel.rules.retirement import Retirement, retirement
from personnel.services.decisions.kinds import Case


def main_post(case: Case) -> Assignment | None:
    """The main post on the decision's day."""
    return case.held.in_force(Assignment, case.day, kind=AssignmentKind.MAIN)


def employment_of(case: Case) -> Employment | None:
    """Category and state on the decision's day."""
    return case.held.in_force(Employment, case.day)


def posts_held(case: Case, kind: str | None = None, title: Title | None = None) -> list[Assignment]:
    """Posts in force on the decision's day, of a kind and a title where given."""
    return [
        post
        for post in case.held.rows[Assignment]
        if post.holds_on(case.day)
        and (kind is None or post.kind == kind)
        and (title is None or post.title_id == title.pk)
    ]


def retirement_of(case: Case) -> Retirement | None:
    """When the person retires by age; None when sex or birth are missing, or the law of that day is not known."""
    if "retirement" not in case.facts:
        case.facts["retirement"] = _retirement(case)
    found: Retirement | None = case.facts["retirement"]
    return found


def retires_from(case: Case) -> datetime.date | None:
    """The first day of the pension by age."""
    found = retirement_of(case)
    return found.retired_from if found else None


def _retirement(case: Case) -> Retirement | None:
    cadre = case.cadre
    if not cadre.sex or cadre.birth is None:
        return None
    try:
        return retirement(sex=cadre.sex, born=cadre.birth)  # type: ignore[arg-type]
    except ParameterUnknown:
        return None
