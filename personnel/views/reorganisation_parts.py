"""The parts of a case: adding, changing and taking out resolutions, steps and what is said of people by name."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from hrdb.kernel.accounts import reader
from hrdb.kernel.screens.formats import number_text
from personnel.choices import PlacementOutcome, StepKind
from personnel.forms.reorganisations import PlacementForm, ResolutionForm, SendForm, StepForm
from personnel.models import Assignment, Cadre, Decision, ReorganisationPlacement, ReorganisationStep, Unit
from personnel.services.reorganisation.cases import (
    add_resolution,
    founded_by,
    move_step,
    people_of_case,
    place_person,
    remove_placement,
    remove_resolution,
    remove_step,
    save_step,
    send_people,
)
from personnel.views.reorganisation_lines import CaseNames
from personnel.views.reorganisations import PER_PAGE, CasePartScreen, CaseScreen

KINDS = dict(StepKind.choices)


class ResolutionAdd(CasePartScreen):
    """One more resolution on which the case rests."""

    title = "Thêm căn cứ"
    part = "basis"
    form_class = ResolutionForm
    submit_label = "Thêm"
    success_text = "Đã thêm căn cứ."

    def write(self, form: Any) -> Any:
        """Add it."""
        return add_resolution(case=self.case, cited=form.cited(), acting_user=reader(self.request))


class StepScreen(CasePartScreen):
    """A step, new or changed."""

    form_class = StepForm
    success_text = "Đã lưu bước."

    @cached_property
    def step(self) -> ReorganisationStep | None:
        """The step of the address, None for a new one."""
        if "row" not in self.kwargs:
            return None
        return get_object_or_404(self.case.steps.all(), pk=self.kwargs["row"])

    @property
    def kind(self) -> str:
        """What the step does."""
        kind = self.step.kind if self.step else self.kwargs["kind"]
        if kind not in KINDS:
            raise Http404
        return str(kind)

    @property
    def record(self) -> Any:
        """The step, for the shape of the form."""
        return self.step

    def get_title(self) -> str:
        """What the step does."""
        return f"{'Sửa bước' if self.step else 'Thêm bước'}: {KINDS[self.kind].lower()}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The kind, the case and what it founds so far."""
        founded = founded_by(self.case)
        return {
            "kind": self.kind,
            "case": self.case,
            "user": reader(self.request),
            "founded": founded,
            "step": self.step,
        }

    def write(self, form: Any) -> Any:
        """Save the step."""
        chosen = form.cleaned_data.get("decision")
        return save_step(
            case=self.case,
            step=self.step,
            kind=self.kind,
            sources=form.codes(form.source_names),
            targets=form.codes(form.target_names),
            values=form.values(),
            decision=Decision.objects.filter(pk=chosen).first() if chosen else None,
            acting_user=reader(self.request),
        )


class PartAct(CaseScreen):
    """An act on one row of an open case: only sent, never looked at."""

    http_method_names = ["post"]
    part = "steps"

    def act(self, row: int) -> None:
        """Do it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it while the case is open, and go back."""
        if not self.is_open:
            messages.error(request, "Phương án đang được xử lý hoặc đã thực hiện, không sửa được.")
            return self.back(part=self.part)
        try:
            self.act(kwargs["row"])
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))
        return self.back(part=self.part)


class ResolutionRemove(PartAct):
    """Take a resolution out."""

    part = "basis"

    def act(self, row: int) -> None:
        """Through the service; what is gone already is gone."""
        resolution = self.case.resolutions.filter(pk=row).first()
        if resolution is not None:
            remove_resolution(resolution=resolution, acting_user=reader(self.request))


class StepAct(PartAct):
    """Move a step up or down, or take it out."""

    def act(self, row: int) -> None:
        """Through the service; what is gone already is gone."""
        step = self.case.steps.filter(pk=row).first()
        user = reader(self.request)
        asked = self.kwargs["act"]
        if step is None:
            return
        if asked == "bo":
            remove_step(step=step, acting_user=user)
        elif asked in ("len", "xuong"):
            move_step(step=step, up=asked == "len", acting_user=user)
        else:
            raise Http404


class PlacementRemove(PartAct):
    """Say nothing of somebody any more."""

    part = "people"

    def act(self, row: int) -> None:
        """Through the service; what is gone already is gone."""
        placement = self.case.placements.filter(pk=row).first()
        if placement is not None:
            remove_placement(placement=placement, acting_user=reader(self.request))


class PlacePerson(CasePartScreen):
    """What becomes of one person by name."""

    part = "people"
    form_class = PlacementForm
    success_text = "Đã ghi bố trí."

    @cached_property
    def cadre(self) -> Cadre:
        """The person of the address, 404 when he is not in the reach of the case or of the reader."""
        found: Cadre = get_object_or_404(people_of_case(self.case, reader(self.request)), pk=self.kwargs["cadre"])
        return found

    @cached_property
    def placement(self) -> ReorganisationPlacement | None:
        """What the case says of him so far."""
        said = self.case.placements.filter(cadre=self.cadre).select_related("title", "decision")
        kind = self.request.GET.get("kind")
        return (said.filter(kind=kind) if kind else said).first()

    @cached_property
    def posts(self) -> list[Assignment]:
        """The posts that he holds on the eve."""
        eve = self.case.day - datetime.timedelta(days=1)
        held = Assignment.objects.in_force(eve).filter(cadre=self.cadre).select_related("title", "unit")
        return list(held.order_by("kind"))

    def get_title(self) -> str:
        """Who."""
        return f"Bố trí: {self.cadre.full_name}"

    def get_lead(self) -> str:
        """What he holds now."""
        names = CaseNames(self.case, [post.unit.code for post in self.posts if post.unit])
        places = [names.of(post.unit.code) if post.unit else post.organisation for post in self.posts]
        told = [f"{post}, {place}" for post, place in zip(self.posts, places, strict=True)]
        return "Đang giữ: " + "; ".join(told) if told else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case, and what was said."""
        return {
            "case": self.case,
            "user": reader(self.request),
            "founded": founded_by(self.case),
            "placement": self.placement,
        }

    def get_initial(self) -> dict[str, Any]:
        """What was said."""
        said = self.placement
        if said is None:
            return {}
        decision = said.decision
        return {
            "outcome": said.outcome,
            "kind": said.kind,
            "unit_code": said.unit_code,
            "title": said.title_id,
            "title_text": said.title_text,
            "term_ends_on": said.term_ends_on,
            "decision_number": decision.number if decision else "",
            "decision_signed_on": decision.signed_on if decision else None,
            "decision_issuer": decision.issuer if decision else "",
        }

    def write(self, form: Any) -> Any:
        """Say it."""
        return place_person(
            case=self.case,
            cadre=self.cadre,
            values=form.values(),
            cited=form.cited(),
            acting_user=reader(self.request),
        )


class SendPeople(CasePartScreen):
    """Who goes where when a unit is divided: people of the unit, ticked and sent to one of the heirs."""

    part = "people"
    template_name = "personnel/reorganisation/send.html"
    form_class = SendForm
    submit_label = "Ghi"
    success_text = ""

    @cached_property
    def step(self) -> ReorganisationStep:
        """The division of the unit of the address, or 404."""
        steps = self.case.steps.filter(kind=StepKind.SPLIT, sources__contains=[self.kwargs["code"]])
        found = steps.first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def names(self) -> CaseNames:
        """Names of the unit and its heirs."""
        return CaseNames(self.case, [self.kwargs["code"], *self.step.targets])

    def get_title(self) -> str:
        """Which unit."""
        return f"Chia người của {self.names.of(self.kwargs['code'])}"

    def get_lead(self) -> str:
        """What becomes of those who are not named."""
        rest = self.names.of(self.kwargs["code"] if self.step.values.get("keeps") else self.step.targets[0])
        return f"Người không được chọn về {rest}."

    @cached_property
    def people(self) -> Any:
        """Those whom the unit keeps on the eve and who lead nothing there, as far as the reader sees them."""
        eve = self.case.day - datetime.timedelta(days=1)
        unit = get_object_or_404(Unit.objects.visible_to(reader(self.request)), code=self.kwargs["code"])
        leading = Assignment.objects.in_force(eve).filter(unit=unit, title__is_leadership=True).values("cadre")
        people = people_of_case(self.case, reader(self.request)).kept_by([unit.pk], eve)
        return people.exclude(pk__in=leading).order_by("sort_key", "pk")

    @cached_property
    def page(self) -> Any:
        """The people of one page."""
        words = self.request.GET.get("q", "").strip()
        found = self.people.search(words, reader(self.request)) if words else self.people
        return Paginator(found, PER_PAGE * 2).get_page(self.request.GET.get("page"))

    @property
    def heirs(self) -> list[tuple[str, str]]:
        """Where they may go."""
        codes = [*self.step.targets, *([self.kwargs["code"]] if self.step.values.get("keeps") else [])]
        return [(code, self.names.of(code)) for code in codes]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people of the page and the heirs."""
        return {"people": [one.pk for one in self.page.object_list], "heirs": self.heirs}

    def write(self, form: Any) -> Any:
        """Send those who are ticked."""
        count = send_people(
            case=self.case,
            cadre_ids=form.cleaned_data["people"],
            unit_code=form.cleaned_data["unit_code"],
            outcome=PlacementOutcome.FOLLOW,
            acting_user=reader(self.request),
        )
        where = self.names.of(form.cleaned_data["unit_code"])
        messages.success(self.request, f"{number_text(count)} người về {where}.")
        return self.case

    def get_success_url(self, result: Any) -> str:
        """This page again."""
        return self.request.get_full_path()

    def context(self, **extra: Any) -> dict[str, Any]:
        """People with where the case sends them."""
        ids = [one.pk for one in self.page.object_list]
        said = {one.cadre_id: one for one in self.case.placements.filter(cadre__in=ids)}
        rows: Sequence[tuple[Cadre, str]] = [
            (one, self.names.of(said[one.pk].unit_code) if one.pk in said else "") for one in self.page.object_list
        ]
        return super().context(page=self.page, rows=rows, heirs=self.heirs, words=self.request.GET.get("q", "")) | extra
