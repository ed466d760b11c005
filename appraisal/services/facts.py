"""What decisions ask of ratings (dữ kiện xét điều kiện): yearly results approved by then, in words by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import OuterRef, Subquery

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, LevelChoice
from appraisal.models import Rating, UnitSubmission
from personnel.services.decisions.kinds import Case, FactSource, fact_sources


class Ratings(FactSource):
    """Yearly ratings that were approved by the decision's day; they belong to the year of their cycle."""

    key: ClassVar[str] = "ratings"

    def facts(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """Words by year, by the place of the case; nothing for whom nothing is approved. One query."""
        approved = UnitSubmission.objects.filter(
            cycle=OuterRef("cycle"), unit=OuterRef("unit"), state__in=FROZEN_SUBMISSIONS
        )
        approved_on = Subquery(approved.values("approved_on")[:1])
        people = [case.cadre.pk for case in cases if case.cadre.pk is not None]
        rows = Rating.objects.filter(cadre_id__any=people, cycle__kind=CycleKind.YEAR).exclude(level="")
        rows = rows.annotate(approved_on=approved_on).filter(approved_on__isnull=False)
        by_person: dict[int, list[tuple[Any, int, str]]] = defaultdict(list)
        for cadre_id, day, ends_on, level in rows.values_list("cadre_id", "approved_on", "cycle__ends_on", "level"):
            by_person[cadre_id].append((day, ends_on.year, LevelChoice(level).label))
        found = {}
        for case in cases:
            known = {year: word for day, year, word in by_person[case.cadre.pk] if day <= case.day}
            if known:
                found[case.place] = known
        return found


fact_sources.register(Ratings())
