"""The people of a unit's sheet of ratings: their order, the version of each row, who came from elsewhere meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import Exists, OuterRef, Q

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind
from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.statistics.checking import UnitCheck
from appraisal.statistics.rated import Agencies, Rated, people_of
from hrdb.kernel.findings import Finding
from hrdb.kernel.history import history_model
from personnel.choices import TitleGroup
from personnel.models import Cadre, Custody

_ORDER: Final = {group: place for place, group in enumerate(TitleGroup.values)}


@dataclass(frozen=True)
class Came:
    """A unit in which somebody worked earlier in the cycle, until when."""

    unit_id: int
    name: str
    until: date | None


@dataclass
class SheetLine:
    """One person of the sheet."""

    cadre: Cadre
    rated: Rated
    rating: Rating | None
    version: int = 0
    came: list[Came] = field(default_factory=list)
    findings: Sequence[Finding] = ()

    @property
    def is_done(self) -> bool:
        """Whether rated, or excluded with a reason."""
        return self.rating is not None and bool(self.rating.level or self.rating.exclusion)

    @property
    def wrong(self) -> list[Finding]:
        """What is not as the law wants it."""
        return [finding for finding in self.findings if finding.outcome == "not_met"]

    @property
    def group_label(self) -> str:
        """The comparable group in words."""
        return str(TitleGroup(self.rated.title_group).label)


def people_in_order(check: UnitCheck) -> list[Cadre]:
    """Everybody of a sheet: heads, deputies, the others; in each group by name."""
    people = people_of(check.rated)
    return sorted(people.values(), key=lambda cadre: _ORDER.get(check.rated[cadre.pk].title_group, len(_ORDER)))


def sheet_lines(cycle: RatingCycle, check: UnitCheck, agencies: Agencies, people: Sequence[Cadre]) -> list[SheetLine]:
    """The lines of some people of a sheet, in two queries."""
    versions = versions_of(row.pk for row in check.ratings.values())
    came = came_from(cycle, agencies, check.unit_id, [cadre.pk for cadre in people])
    lines = []
    for cadre in people:
        row = check.ratings.get(cadre.pk)
        line = SheetLine(cadre, check.rated[cadre.pk], row, versions.get(row.pk, 0) if row else 0, came[cadre.pk])
        line.findings = check.findings.get(cadre.pk, ())
        lines.append(line)
    return lines


def versions_of(rating_ids: Iterable[int]) -> dict[int, int]:
    """The version of each rating, as forms carry it: its newest history row."""
    history = history_model(Rating)._default_manager.filter(id__any=list(rating_ids))
    newest = history.order_by("id", "-history_date", "-history_id").distinct("id")
    return dict(newest.values_list("id", "history_id"))


def came_from(
    cycle: RatingCycle, agencies: Agencies, unit_id: int, cadre_ids: Sequence[int]
) -> defaultdict[int, list[Came]]:
    """Other units in which these people worked during the cycle, the earliest first."""
    kept = Custody.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=cycle.begins_on),
        cadre_id__any=list(cadre_ids),
        effective_from__lte=cycle.ends_on,
    ).order_by("effective_from")
    found: defaultdict[int, list[Came]] = defaultdict(list)
    for cadre_id, kept_in, until in kept.values_list("cadre_id", "unit_id", "effective_until"):
        agency = agencies.rating(kept_in)
        if agency != unit_id:
            found[cadre_id].append(Came(agency, agencies.names.get(agency, ""), until))
    return found


@dataclass(frozen=True)
class ShorterScore:
    """The approved result of a quarter or month inside a year, with the unit that gave it."""

    cycle: str
    unit: str
    score: Decimal
    level: str


def shorter_scores(cycle: RatingCycle, agencies: Agencies, cadre_id: int) -> list[ShorterScore]:
    """Approved scores of somebody in the shorter cycles of a year, the earliest first: one query.

    Who moved during the year has those that the earlier units gave: they are read and not entered again.
    """
    if cycle.kind != CycleKind.YEAR:
        return []
    approved = UnitSubmission.objects.filter(
        cycle=OuterRef("cycle"), unit=OuterRef("unit"), state__in=FROZEN_SUBMISSIONS
    )
    rows = Rating.objects.filter(
        Exists(approved),
        cadre_id=cadre_id,
        score__isnull=False,
        cycle__kind__in=(CycleKind.QUARTER, CycleKind.MONTH),
        cycle__begins_on__gte=cycle.begins_on,
        cycle__ends_on__lte=cycle.ends_on,
    ).select_related("cycle")
    return [
        ShorterScore(row.cycle.name, agencies.names.get(row.unit_id, ""), row.score, row.get_level_display())
        for row in rows.order_by("cycle__ends_on", "cycle_id")
        if row.score is not None
    ]


def mean_of(scores: Sequence[ShorterScore]) -> Decimal | None:
    """Their mean with two places: a suggestion, no rule of the law."""
    if not scores:
        return None
    return (sum((one.score for one in scores), Decimal(0)) / len(scores)).quantize(Decimal("0.01"), ROUND_HALF_UP)
