"""The own self score (tự chấm điểm) in a cycle: seen and entered by the person alone, until the unit submits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from appraisal.choices import OPEN_SUBMISSIONS
from appraisal.forms.ratings import SelfScoreForm
from appraisal.models import Rating
from appraisal.services.entering import own_rated, score_oneself
from appraisal.services.submitting import submission_of
from appraisal.views.base import CycleScreen
from hrdb.kernel.history import version_of
from hrdb.kernel.screens import Crumb
from personnel.models import Cadre, Unit
from personnel.views.record_forms import ServiceFormScreen


class OwnScore(CycleScreen, ServiceFormScreen):
    """The own self score; who has no record of his own, is not rated, or whose unit has submitted, has no such page."""

    title = "Tự chấm điểm"
    form_class = SelfScoreForm
    submit_label = "Lưu điểm tự chấm"
    success_text = "Đã lưu điểm tự chấm."
    read_once = ("row",)

    def may_open(self) -> bool:
        """Whoever has a record; it is looked for as the own one."""
        return True

    @cached_property
    def record(self) -> Any:
        """No record of its own; what is not there is told before anything is drawn."""
        unit = Unit.objects.get(pk=self.own[1].unit_id)
        if not self.cycle.is_open or submission_of(self.cycle, unit).state not in OPEN_SUBMISSIONS:
            raise Http404
        return None

    @cached_property
    def own(self) -> Any:
        """The own record with the unit that rates."""
        try:
            return own_rated(self.cycle, self.user)
        except Cadre.DoesNotExist:
            raise Http404 from None

    @cached_property
    def row(self) -> Rating | None:
        """What is entered."""
        return Rating.objects.filter(cycle=self.cycle, cadre=self.own[0]).first()

    def get_lead(self) -> str:
        """Of which cycle, by which unit."""
        return f"{self.cycle.name} · {self.agencies.names.get(self.own[1].unit_id, '')} xếp loại"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Back to the own record."""
        return [Crumb("Hồ sơ của tôi", self.get_cancel_url())]

    def get_initial(self) -> dict[str, Any]:
        """The own score alone."""
        return {"self_score": self.row.self_score if self.row else None}

    def get_version(self) -> str:
        """The version of the row, 0 of none."""
        return str(version_of(self.row)) if self.row else "0"

    def write(self, form: Any) -> Rating:
        """Enter by the service."""
        score = form.cleaned_data["self_score"]
        return score_oneself(cycle=self.cycle, score=score, version=self.version_shown, acting_user=self.user)

    def get_cancel_url(self) -> str:
        """The tab of the own record."""
        return f"{reverse('personnel:cadre-detail', args=[self.own[0].pk])}?tab=rating"

    def get_success_url(self, result: Any) -> str:
        """The same."""
        return self.get_cancel_url()
