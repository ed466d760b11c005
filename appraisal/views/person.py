"""One person in a cycle: everything that is entered of him; the correction of an approved rating by decision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from appraisal.choices import FROZEN_SUBMISSIONS
from appraisal.forms.ratings import CorrectionForm, PersonForm
from appraisal.models import Rating
from appraisal.services.correcting import correct_rating, correctable_people, fitting_decisions
from appraisal.services.entering import allowed_people, enter_rating
from appraisal.statistics.checking import findings_of, record_grounds
from appraisal.statistics.sheet import ShorterScore, mean_of, shorter_scores
from appraisal.views.base import UnitCycleScreen
from hrdb.kernel.history import version_of
from hrdb.kernel.screens.pieces import FindingLine, finding_line
from personnel.models import Cadre
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.rules.judging import RULES
from personnel.views.record_forms import ServiceFormScreen

#: In the address: the mean of the shorter cycles stands in the form as score.
SUGGESTED: Final = "trung-binh-quy"


class PersonScreen(UnitCycleScreen, ServiceFormScreen):
    """A form about one person whom this unit rates and this reader may rate; anybody else is not there."""

    read_once = ("row",)

    def may_open(self) -> bool:
        """Whoever appraises somewhere."""
        return super().may_open() and self.is_open_to(Action.APPRAISE)

    @cached_property
    def cadre(self) -> Cadre:
        """The person of the address."""
        _ = self.unit
        people = Cadre.objects.visible_to(self.user, Action.APPRAISE)
        found: Cadre = get_object_or_404(people, pk=self.kwargs["pk"])
        rated = allowed_people(self.cycle, [found.pk], acting_user=self.user).get(found.pk)
        if rated is None or rated.unit_id != self.unit.pk:
            raise Http404
        return found

    @cached_property
    def row(self) -> Rating | None:
        """What is entered."""
        return Rating.objects.filter(cycle=self.cycle, cadre=self.cadre).first()

    @cached_property
    def record(self) -> Any:
        """No record of its own; what is not there is told before anything is drawn."""
        _ = self.cadre
        return None

    def get_title(self) -> str:
        """The person."""
        return self.cadre.full_name

    def get_lead(self) -> str:
        """Unit and cycle."""
        return f"{self.unit_name} · {self.cycle.name}"

    def get_cancel_url(self) -> str:
        """Back to the sheet."""
        return self.unit_url()

    def get_success_url(self, result: Any) -> str:
        """The sheet, at the person's row."""
        return f"{reverse('appraisal:unit', args=[self.cycle.code, self.unit.code])}#row-{self.cadre.pk}"


class PersonPage(PersonScreen):
    """Everything that is entered of a person."""

    template_name = "appraisal/person.html"
    form_class = PersonForm
    success_text = "Đã lưu."

    @cached_property
    def cadre(self) -> Cadre:
        """Only while the unit's ratings are open; then they are corrected by decision."""
        if self.submission.state in FROZEN_SUBMISSIONS:
            raise Http404
        found: Cadre = super().cadre
        return found

    def get_initial(self) -> dict[str, Any]:
        """What is entered; where it is asked, with the mean of the shorter cycles as score, which saving writes."""
        initial = PersonForm.initial_of(self.row)
        if self.request.method == "GET" and SUGGESTED in self.request.GET and self.suggestion is not None:
            initial["score"] = self.suggestion
        return initial

    @cached_property
    def shorter(self) -> list[ShorterScore]:
        """Approved scores of the quarters and months of the year."""
        return shorter_scores(self.cycle, self.agencies, self.cadre.pk)

    @property
    def suggestion(self) -> Decimal | None:
        """Their mean, where the score is not the sum of its parts."""
        row = self.row
        has_parts = row is not None and row.general_score is not None and row.results_score is not None
        return None if has_parts else mean_of(self.shorter)

    def get_version(self) -> str:
        """The version of the row, 0 of none."""
        return str(version_of(self.row)) if self.row else "0"

    def write(self, form: Any) -> Rating:
        """Enter by the service."""
        return enter_rating(
            cycle=self.cycle,
            cadre=self.cadre,
            values=form.values(),
            version=self.version_shown,
            acting_user=self.user,
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        """With what the law says of the rating."""
        here = self.unit_url("appraisal:person", self.cadre.pk, **{SUGGESTED: "1"})
        told = {"shorter": self.shorter, "suggestion": self.suggestion, "suggestion_url": here}
        return super().context(lines=self._lines(), **told) | extra

    def _lines(self) -> Sequence[FindingLine]:
        if self.row is None:
            return ()
        own = self.unit.ratings.filter(cycle=self.cycle).first()
        found = findings_of(self.row, self.cycle, own, record_grounds(self.cycle, [self.cadre.pk]))
        return [finding_line(one, RULES[one.rule].label, day=self.cycle.ends_on) for one in found]


class Correct(PersonScreen):
    """Correct an approved rating, by a decision of the register; for who may approve there."""

    form_class = CorrectionForm
    submit_label = "Đính chính"
    success_text = "Đã đính chính theo quyết định; kết quả được giữ lại cùng mã băm mới, kết quả cũ ở bên cạnh."

    def may_open(self) -> bool:
        """Whoever approves somewhere."""
        return not scope_of(self.user, Action.VIEW).is_empty and self.is_open_to(Action.APPROVE)

    @cached_property
    def cadre(self) -> Cadre:
        """Only after the approval, and who was rated; never oneself."""
        if self.submission.state not in FROZEN_SUBMISSIONS:
            raise Http404
        people = correctable_people(self.cycle, self.unit, acting_user=self.user)
        found: Cadre = get_object_or_404(people, pk=self.kwargs["pk"])
        return found

    def get_title(self) -> str:
        """What it is."""
        return f"Đính chính kết quả của {self.cadre.full_name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The decisions that may be chosen."""
        args = (self.cycle, self.unit, self.cadre, self.submission)
        return {"decisions": fitting_decisions(*args, acting_user=self.user)}

    def get_initial(self) -> dict[str, Any]:
        """What stands."""
        return CorrectionForm.initial_of(self.row)

    def get_version(self) -> str:
        """The version of the row."""
        return str(version_of(self.row)) if self.row else "0"

    def write(self, form: Any) -> Rating:
        """Correct by the service."""
        given = form.cleaned_data
        if self.row is None:
            raise Http404
        return correct_rating(
            rating=self.row,
            values=form.values(),
            decision=given["decision"],
            version=self.version_shown,
            acting_user=self.user,
            reason=given["reason"],
        )
