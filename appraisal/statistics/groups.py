"""Comparable groups (nhóm tương đồng) with the finding of their cap: of a unit, and the heads below one authority.

Heads are counted across units: all that are entered for who looks, and those approved already for an approval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from appraisal.choices import FROZEN_SUBMISSIONS
from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.rules.caps import MOST, TOO_MANY, excellent_within_cap
from appraisal.rules.law import REGIME_LABELS, Regime, regime_of
from appraisal.statistics.rated import HEADS, Agencies
from hrdb.kernel.findings import Finding
from hrdb.kernel.models import User
from personnel.choices import TitleGroup
from personnel.models import Unit

HEADS_LABEL = "Người đứng đầu các đơn vị"


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """One comparable group with the finding of its cap; `is_own` when all its people are of the unit.

    `key` is the title group, or «heads», and the unit: for heads the authority above them. Under the regime «party» the
    levels counted are those of Party members, which their Party cells decide: it is told and stands against nothing.
    """

    key: tuple[str, int]
    regime: Regime
    people: int
    excellent: int
    good: int
    finding: Finding
    is_own: bool
    #: Whom the group counts as «xuất sắc».
    best: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What the group is called: «Chuyên môn, nghiệp vụ (cán bộ, công chức)»."""
        regime = REGIME_LABELS[self.regime]
        name = HEADS_LABEL if self.is_of_heads else TitleGroup(self.key[0]).label
        return f"{name} ({regime[0].lower()}{regime[1:]})"

    @property
    def is_of_heads(self) -> bool:
        """Whether it is a group of heads across units."""
        return self.key[0] == HEADS

    @property
    def allowed(self) -> int | None:
        """The most «xuất sắc» that the group may have; None where the law of the day gives no number."""
        most = self.finding.facts.get(MOST)
        return None if most is None else int(most)

    @property
    def too_many(self) -> int:
        """How many «xuất sắc» more than allowed."""
        return int(self.finding.facts.get(TOO_MANY, 0) or 0)

    @property
    def excess_text(self) -> str:
        """How many are too many, and by which numbers."""
        return (
            f"{self.excellent} xuất sắc, tối đa {self.allowed} ({self.finding.value}% của {self.good} hoàn thành tốt, "
            f"{self.finding.facts['Cách làm tròn']}), vượt {self.too_many} người"
        )


def group_of(
    key: tuple[str, int], regime: Regime, rows: list[Rating], day: date, is_outstanding: bool, *, is_own: bool
) -> GroupCheck:
    """The group of some ratings with its finding."""
    levels = [row.party_level if regime == "party" else row.level for row in rows]
    excellent, good = levels.count("excellent"), levels.count("good")
    finding = excellent_within_cap(
        excellent=excellent, good=good, regime=regime, day=day, is_outstanding=is_outstanding
    )
    best = tuple(row.cadre_id for row, level in zip(rows, levels, strict=True) if level == "excellent")
    return GroupCheck(key, regime, len(rows), excellent, good, finding, is_own, best)


def heads_groups(
    cycle: RatingCycle,
    agencies: Agencies,
    *,
    authorities: Collection[int] | None = None,
    units: Collection[int] | None = None,
) -> list[GroupCheck]:
    """Groups of heads below some authorities, or all; counted over the heads of `units`, or over all that are entered.

    One query.
    """
    over = {unit_id: agencies.over_head(unit_id) for unit_id in agencies.all()}
    wanted = [unit_id for unit_id, authority in over.items() if authorities is None or authority in authorities]
    if units is not None:
        wanted = [unit_id for unit_id in wanted if unit_id in units]
    counted: dict[tuple[tuple[str, int], Regime], list[Rating]] = defaultdict(list)
    for row in Rating.objects.filter(cycle=cycle, is_head=True, exclusion="", unit_id__in=wanted):
        counted[(HEADS, over[row.unit_id]), regime_of(row.category)].append(row)
    return [
        group_of(key, regime, rows, cycle.ends_on, is_outstanding=False, is_own=False)
        for (key, regime), rows in sorted(counted.items())
    ]


def heads_after_approval(cycle: RatingCycle, agencies: Agencies, unit_id: int) -> list[GroupCheck]:
    """The groups in which the head of a unit stands, over those approved already and this unit: two queries."""
    approved = UnitSubmission.objects.filter(cycle=cycle, state__in=FROZEN_SUBMISSIONS)
    units = {unit_id, *approved.values_list("unit_id", flat=True)}
    return heads_groups(cycle, agencies, authorities={agencies.over_head(unit_id)}, units=units)


def heads_in_excess(groups: Iterable[GroupCheck]) -> list[GroupCheck]:
    """Those of them that exceed their cap."""
    return [group for group in groups if group.too_many]


def heads_seen_by(user: User | None, cycle: RatingCycle, agencies: Agencies) -> list[GroupCheck]:
    """The groups of heads below the authorities that a reader sees: two queries."""
    over = {agencies.over_head(unit_id) for unit_id in agencies.all()}
    seen = set(Unit.objects.visible_to(user).filter(pk__in=over).values_list("pk", flat=True))
    return heads_groups(cycle, agencies, authorities=seen) if seen else []
