"""Published yearly levels (kết quả xếp loại đã công khai) in item 35.1 of the unified form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Exists, OuterRef

from appraisal.choices import CycleKind, LevelChoice, SubmissionState
from appraisal.models import Rating, UnitSubmission
from personnel.reports.snapshot import yearly_ratings


class PublishedLevels:
    """What fills «Xếp loại chuyên môn»: levels that their units have published."""

    key = "appraisal"

    def levels(self, cadre_ids: Sequence[int], day: date) -> Mapping[int, Mapping[int, str]]:
        """Levels by year, of cycles that had ended by the day; one query."""
        published = UnitSubmission.objects.filter(
            cycle=OuterRef("cycle"), unit=OuterRef("unit"), state=SubmissionState.PUBLISHED
        )
        rows = Rating.objects.filter(
            Exists(published), cadre_id__any=list(cadre_ids), cycle__kind=CycleKind.YEAR, cycle__ends_on__lte=day
        )
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for cadre_id, ends_on, level in rows.exclude(level="").values_list("cadre_id", "cycle__ends_on", "level"):
            found[cadre_id][ends_on.year] = LevelChoice(level).label
        return found


yearly_ratings.register(PublishedLevels())
