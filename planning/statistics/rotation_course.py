"""The course of rotations (quá trình luân chuyển): decisions in the register, the clock, benefits that are kept.

A signed decision of rotation about the person that names the same destination and title carries a rotation out; it is
found for many rotations at once, and linked by the services.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hrdb.kernel.findings import Finding
from personnel.choices import DecisionState
from personnel.models import Assignment, Decision
from personnel.rules.mobility import KeptAllowance, allowance_kept, rotation_length
from personnel.statistics.due.terms import ROTATION_CODE
from planning.choices import RotationRuleKind, RotationState
from planning.models import RotationItem, RotationRule

if TYPE_CHECKING:
    from hrdb.kernel.models import User

#: Codes of the kinds of decision that may end a rotation.
ENDING_CODES = (
    "x-ket-thuc-luan-chuyen",
    "x-bo-nhiem",
    "x-dieu-dong",
    "x-luan-chuyen",
    "x-gioi-thieu-ung-cu",
    "x-chi-dinh",
    "x-nghi-huu",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """When a rotation began, when it is to end, and whether it has lasted long enough by a day."""

    began_on: date
    ends_on: date | None
    length: Finding

    @property
    def least_until(self) -> date | None:
        """The first day on which the law lets it end."""
        return self.length.met_from


def clocks(items: Sequence[RotationItem], day: date) -> dict[int, Clock]:
    """The clocks of rotations that a decision carried out, by id: one query.

    The record's post says when it began and is to end; without one the plan's own days stand.
    """
    running = {item.pk: item for item in items if item.decision_id is not None}
    posts = Assignment.objects.filter(
        decision_id__in={item.decision_id for item in running.values()},
        cadre_id__in={item.cadre_id for item in running.values()},
    )
    held = {(row.decision_id, row.cadre_id): row for row in posts} if running else {}
    found = {}
    for key, item in running.items():
        post = held.get((item.decision_id, item.cadre_id))
        began = post.effective_from if post is not None else item.begins_on
        if began is None:
            continue
        ends = (post.term_ends_on if post is not None else None) or item.ends_on
        length = rotation_length(began_on=began, ends_on=item.ended_on or day, day=began)
        found[key] = Clock(began, ends, length)
    return found


def kept_allowance(item: RotationItem, clock: Clock | None, day: date) -> KeptAllowance:
    """Whether the higher allowance of the old title is kept while the rotation lasts."""
    began = clock.began_on if clock is not None else item.begins_on
    ends = item.ended_on or (clock.ends_on if clock is not None else item.ends_on)
    return allowance_kept(
        moved_on=began,
        old=item.from_title.allowance if item.from_title is not None else None,
        new=item.title.allowance,
        day=day,
        rotation_ends_on=ends or date.max,
    )


def own_benefits(day: date) -> QuerySet[RotationRule]:
    """What the province grants on rotation on a day."""
    rules: QuerySet[RotationRule] = RotationRule.objects.in_force(day).filter(kind=RotationRuleKind.BENEFIT)
    return rules.select_related("decision")


def waiting(items: Iterable[RotationItem]) -> list[RotationItem]:
    """Those approved rotations that no decision carries out yet."""
    return [item for item in items if item.state == RotationState.APPROVED and item.decision_id is None]


def decisions_found(items: Sequence[RotationItem]) -> dict[int, Decision]:
    """The decision of the register that carries each waiting rotation out, by id: two queries.

    A signed decision of rotation whose post is the one planned, signed not before the plan's year and linked to no
    other rotation; the latest where there are several.
    """
    asked = waiting(items)
    if not asked:
        return {}
    posts = (
        Assignment.objects.filter(
            cadre_id__in={item.cadre_id for item in asked},
            decision__state=DecisionState.SIGNED,
            decision__kind__code=ROTATION_CODE,
        )
        .select_related("decision")
        .order_by("effective_from", "pk")
    )
    by_post: dict[tuple[int, int | None, int | None], list[Decision]] = defaultdict(list)
    for row in posts:
        if row.decision is not None:
            by_post[row.cadre_id, row.unit_id, row.title_id].append(row.decision)
    ids = {one.pk for found in by_post.values() for one in found}
    taken = set(RotationItem.objects.filter(decision__in=ids).values_list("decision_id", "cadre_id"))
    found = {}
    for item in asked:
        fitting = [
            one
            for one in by_post.get((item.cadre_id, item.to_unit_id, item.title_id), ())
            if (one.pk, item.cadre_id) not in taken and one.signed_on and one.signed_on.year >= item.plan.year
        ]
        if fitting:
            found[item.pk] = fitting[-1]
    return found


def decisions_of(item: RotationItem, user: User | None, *, is_end: bool = False) -> QuerySet[Decision]:
    """Signed decisions about the person that may carry the rotation out, or end it, as far as the reader sees."""
    decisions: QuerySet[Decision] = Decision.objects.visible_to(user).filter(
        state=DecisionState.SIGNED, items__cadre=item.cadre_id
    )
    if not is_end:
        return decisions.filter(kind__code=ROTATION_CODE).order_by("-signed_on", "-pk")
    begun = item.decision.effective_on if item.decision is not None else item.begins_on
    ending = decisions.filter(kind__code__in=ENDING_CODES).exclude(pk=item.decision_id or 0)
    return (ending.filter(effective_on__gt=begun) if begun else ending).order_by("effective_on", "pk")
