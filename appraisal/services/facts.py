"""What decisions ask of ratings (dữ kiện xét điều kiện): approved yearly results, in words by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef

from appraisal.choices import FROZEN_SUBMISSIONS, CycleKind, LevelChoice
from appraisal.models import Rating, UnitSubmission
from personnel.services.decisions.kinds import Case, FactSource, fact_sources


class Ratings(FactSource):
    """Yearly ratings that were approved, of years that had ended by the decision's day."""

    key: ClassVar[str] = "ratings"

    def facts(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """Words by year, by the place of the case; nothing for whom nothing is approved. One query."""
        approved = UnitSubmission.objects.filter(
            cycle=OuterRef("cycle"), unit=OuterRef("unit"), state__in=FROZEN_SUBMISSIONS
        )
        people = [case.cadre.pk for case in cases if case.cadre.pk is not None]
        rows = Rating.objects.filter(Exists(approved), cadre_id__any=people, cycle__kind=CycleKind.YEAR)
        by_person: dict[int, list[tuple[Any, str]]] = defaultdict(list)
        for cadre_id, ends_on, level in rows.exclude(level="").values_list("cadre_id", "cycle__ends_on", "level"):
            by_person[cadre_id].append((ends_on, LevelChoice(level).label))
        found = {}
        for case in cases:
            known = {ends_on.year: word for ends_on, word in by_person[case.cadre.pk] if ends_on < case.day}
            if known:
                found[case.place] = known
        return found


fact_sources.register(Ratings())
