"""The tab «Đánh giá» of the profile: every cycle in which the person was rated, and the confidence votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from appraisal.choices import FROZEN_SUBMISSIONS, OPEN_SUBMISSIONS, CycleState, SubmissionState
from appraisal.models import Rating, RatingCycle, UnitSubmission
from appraisal.services.entering import own_rated
from appraisal.views.cycles import TONES
from hrdb.kernel.screens.links import link
from personnel.models import Cadre, Unit
from personnel.policies import Action
from personnel.record_parts import cadre_tabs
from personnel.reports.unit_names import UnitNames
from personnel.views.tabs import PartsTab


@dataclass(frozen=True)
class ShownRating:
    """A rating as the profile shows it."""

    rating: Rating
    unit_name: str
    unit_url: str
    state: str
    tone: str
    paper_url: str

    @property
    def level(self) -> str:
        """The level, or why there is none."""
        row = self.rating
        return row.get_level_display() or row.get_exclusion_display() or "Chưa xếp loại"


@cadre_tabs.register
class RatingTab(PartsTab):
    """Ratings by cycle, newest first; the person himself sees what was published, and nothing else."""

    key, label, template_name, order = "rating", "Đánh giá", "appraisal/tab.html", 65
    is_of_a_day = False

    def is_shown(self) -> bool:
        """Not for a stub."""
        return not self.opened.is_of_a_day and super().is_shown()

    def context(self) -> dict[str, Any]:
        """Ratings of cycles that had ended by the asked day, or are open today, beside the votes."""
        return super().context() | {"ratings": self._ratings(), "to_score": self._to_score()}

    def _to_score(self) -> list[tuple[str, str]]:
        """Open cycles in which the person himself may still enter the own score: name and address."""
        user = self.opened.user
        if user is None or not self.opened.is_own or self.opened.is_past_day:
            return []
        found = []
        for cycle in RatingCycle.objects.filter(state=CycleState.OPEN):
            try:
                _, rated = own_rated(cycle, user)
            except Cadre.DoesNotExist:
                continue
            sent = UnitSubmission.objects.filter(cycle=cycle, unit_id=rated.unit_id)
            if not sent.exclude(state__in=OPEN_SUBMISSIONS).exists():
                found.append((cycle.name, reverse("appraisal:own-score", args=[cycle.code])))
        return found

    def _ratings(self) -> list[ShownRating]:
        opened = self.opened
        rows = Rating.objects.filter(cadre=self.record.pk).select_related("cycle", "unit", "decision")
        if opened.is_past_day:
            rows = rows.filter(cycle__ends_on__lte=opened.day)
        found = list(rows.order_by("-cycle__ends_on"))
        stands = _submissions(found)
        if opened.is_own:
            found = [row for row in found if _state(stands, row) == SubmissionState.PUBLISHED]
        seen = set(
            Unit.objects.visible_to(opened.user, Action.VIEW)
            .filter(pk__in={row.unit_id for row in found})
            .values_list("pk", flat=True)
        )
        names = UnitNames.read(row.unit_id for row in found)
        return [self._shown(row, stands, seen, names) for row in found]

    def _shown(
        self, row: Rating, stands: dict[tuple[int, int], UnitSubmission], seen: set[int], names: UnitNames
    ) -> ShownRating:
        state = _state(stands, row)
        is_printed = state in FROZEN_SUBMISSIONS
        return ShownRating(
            rating=row,
            unit_name=names.short(row.unit_id, row.cycle.ends_on),
            unit_url=link(self.request, "appraisal:unit", row.cycle.code, row.unit.code) if row.unit_id in seen else "",
            state=SubmissionState(state).label,
            tone=TONES.get(state, ""),
            paper_url=reverse("appraisal:result-sheet", args=[row.cycle.code, self.record.pk]) if is_printed else "",
        )


def _submissions(rows: list[Rating]) -> dict[tuple[int, int], UnitSubmission]:
    found = UnitSubmission.objects.filter(
        cycle_id__in={row.cycle_id for row in rows}, unit_id__in={row.unit_id for row in rows}
    ).defer("content")
    return {(one.cycle_id, one.unit_id): one for one in found}


def _state(stands: dict[tuple[int, int], UnitSubmission], row: Rating) -> str:
    held = stands.get((row.cycle_id, row.unit_id))
    return held.state if held else SubmissionState.DRAFT
