"""Procedures of a decision on the web (quy trình nhân sự): step by step for each seat, the verdict while one types.

Confidential by role: only who decides or approves in the office that drew the decision up sees votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.findings import Finding
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.forms import add_errors, focus_first_fault
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import FindingLine, finding_line
from personnel.forms.decision_procedures import ProcedureForm, StepForm, first_values
from personnel.models import UnitVersion
from personnel.reports.decision_papers import VOTES_WHAT, result_of, step_lines, votes_pdf
from personnel.rules.judging import RULES
from personnel.rules.law import LAW
from personnel.rules.procedure import BadTally, ProcedureVerdict, StepVerdict, judge_procedure, judge_step
from personnel.rules.procedure_data import Procedure, Step
from personnel.services.decisions.case_papers import record_procedure
from personnel.services.decisions.cases import label_of
from personnel.services.decisions.kinds import Case
from personnel.services.decisions.procedures import (
    RecordedProcedure,
    RecordedStep,
    candidate_names,
    groups_of,
    known_procedure,
    procedure_findings,
    recorded_procedure,
)
from personnel.services.reading import log_print
from personnel.views.decision_dossiers import CasePapersScreen
from personnel.views.decisions.opening import OpenedDecision
from personnel.views.decisions.papers import DecisionPaper, decision_papers

#: Results of steps by the tone of their label.
TONES = {"next": "good", "finished": "good", "stopped": "bad", "no_quorum": "bad", "head_decides": "warn"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the bar: whether it is recorded, what it led to."""

    step: Step
    url: str
    is_open: bool
    held: RecordedStep | None
    result: str
    tone: str


@dataclass(frozen=True, slots=True)
class LiveVerdict:
    """What the step leads to with the numbers as they stand in the form."""

    result: str
    tone: str
    lines: Sequence[tuple[str, str]]
    missing: Sequence[str]
    fault: str
    next_label: str
    citation: str


class ProcedureScreen(CasePapersScreen):
    """What the pages of procedures share."""

    @cached_property
    def groups(self) -> list[list[Case]]:
        """Who is voted on together; 404 where the kind has no procedure."""
        if self.opened.act is None or not self.opened.act.procedures:
            raise Http404
        return groups_of(self.cases)

    def seat_name(self, group: Sequence[Case]) -> str:
        """For which title in which unit, or that it is everybody of the decision."""
        case = group[0]
        if not case.act.is_voted_by_seat or case["title"] is None:
            return case.act.label
        unit = case["unit"]
        version = UnitVersion.objects.standing_on(case.day).filter(unit=unit).first() if unit is not None else None
        return ", ".join(filter(None, [f"{case.act.label}: {case['title']}", version.name if version else ""]))


class ProcedurePage(ProcedureScreen):
    """The seats of a decision, each with its procedure; of one seat at once its page."""

    title = "Quy trình nhân sự"
    template_name = "personnel/decision_papers/seats.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list."""
        if len(self.groups) == 1:
            return self.go("decision-procedure", self.groups[0][0].item.pk)
        return self.respond()

    def context(self, **extra: Any) -> dict[str, Any]:
        """Seats with their people and how far they are."""
        rows = []
        for group in self.groups:
            recorded = recorded_procedure(group[0].item)
            url = reverse("personnel:decision-procedure", args=[self.decision.pk, group[0].item.pk])
            names = ", ".join(case.cadre.full_name for case in group[:6])
            more = f" và {len(group) - 6} người khác" if len(group) > 6 else ""
            rows.append((self.seat_name(group), url, names + more, len(recorded.steps) if recorded else 0))
        return super().context(decision=self.decision, rows=rows) | extra


class ProcedureOfSeat(ProcedureScreen):
    """The procedure of one seat: its beginning, its steps, and the step that is open in a form."""

    template_name = "personnel/decision_papers/procedure.html"
    fragments = {"verdict": "personnel/decision_papers/verdict.html"}

    @cached_property
    def group(self) -> list[Case]:
        """The people who are voted on together; named by the first of them."""
        found = next((group for group in self.groups if group[0].item.pk == self.kwargs["item"]), None)
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        """For which seat."""
        return self.seat_name(self.group)

    def get_lead(self) -> str:
        """Who sees it."""
        return "Kết quả phiếu chỉ người lập quyết định và lãnh đạo phê duyệt xem được."

    def get_crumbs(self) -> Sequence[Crumb]:
        """By the list of seats, when there are several."""
        register, decision, here = super().get_crumbs()
        address = reverse("personnel:decision-procedures", args=[self.decision.pk])
        return [register, decision, *([Crumb(ProcedurePage.title, address)] if len(self.groups) > 1 else []), here]

    def get_actions(self) -> Sequence[Button]:
        """On paper."""
        if self.recorded is None or not self.recorded.steps:
            return []
        address = reverse("personnel:decision-procedure-print", args=[self.decision.pk, self.group[0].item.pk])
        return [Button(label="In tổng hợp kiểm phiếu", url=address, icon="printer")]

    @cached_property
    def recorded(self) -> RecordedProcedure | None:
        """What is recorded for the seat."""
        return recorded_procedure(self.group[0].item)

    @cached_property
    def usual(self) -> str:
        """The procedure that fits the case."""
        return self.group[0].act.usual_procedure(self.group[0])

    @cached_property
    def asked(self) -> Procedure | None:
        """The procedure with its steps, where they are known on the decision's day."""
        return known_procedure(self.recorded.procedure if self.recorded else self.usual, self.decision.effective_on)

    @cached_property
    def names(self) -> dict[str, int]:
        """The people of the seat as ballots name them, to their places in the decision."""
        return {name: item for item, name in candidate_names(self.group).items()}

    @cached_property
    def judged(self) -> ProcedureVerdict | None:
        """What the recorded steps led to."""
        if self.asked is None or self.recorded is None:
            return None
        known = {step.key for step in self.asked.steps}
        tallies = [tally for tally in self.recorded.tallies() if tally.step in known]
        try:
            return judge_procedure(procedure=self.asked, tallies=tallies, candidate=None, seats=self.recorded.seats)
        except BadTally:
            return None

    @property
    def verdicts(self) -> Mapping[str, StepVerdict]:
        """The same by step."""
        return self.judged.steps if self.judged is not None else {}

    @cached_property
    def open_step(self) -> Step | None:
        """The step in the form: the asked one, else the first that is not recorded, else the last."""
        if self.asked is None:
            return None
        keys = [step.key for step in self.asked.steps]
        if (wanted := self.request.GET.get("step", "")) in keys:
            return self.asked.step(wanted)
        held = {step.step for step in self.recorded.steps} if self.recorded else set()
        return next((step for step in self.asked.steps if step.key not in held), self.asked.steps[-1])

    def previous(self, step: Step) -> tuple[str, ...] | None:
        """Who passed the step before; None at the first, or where it is not recorded."""
        assert self.asked is not None
        place = self.asked.steps.index(step)
        verdict = self.verdicts.get(self.asked.steps[place - 1].key) if place else None
        return verdict.passed if verdict is not None else None

    # Forms ------------------------------------------------------------------------------------------------------------

    def settings_form(self, data: Any = None) -> ProcedureForm:
        """Which procedure, and its beginning."""
        act = self.group[0].act
        choices = [(key, LAW[f"procedures/{key}"].label) for key in act.procedures]
        return ProcedureForm(data, choices=choices, initial=first_values(self.recorded, self.usual))

    def step_form(self, step: Step, data: Any = None) -> StepForm:
        """What the step counted; candidates are those who went on."""
        assert self.asked is not None
        held = self.recorded.step(step.key) if self.recorded else None
        went_on = self.previous(step)
        told = [vote.name for vote in held.votes] if held else list(went_on if went_on is not None else self.names)
        return StepForm(
            data,
            asked=self.asked,
            step=step,
            held=held,
            names={name: self.names.get(name) for name in told} | ({} if data is None else self.names),
            ties=self._ties(step, held),
        )

    def _ties(self, step: Step, held: RecordedStep | None) -> tuple[str, ...]:
        """Who waits for the head by the votes alone."""
        if held is None:
            return ()
        return self.live(step, replace(held, head_chose=None))[1]

    def live(self, step: Step, held: RecordedStep) -> tuple[LiveVerdict, tuple[str, ...]]:
        """What the step leads to, and who waits for the head."""
        assert self.asked is not None
        seats = self.recorded.seats if self.recorded else 1
        try:
            verdict = judge_step(
                procedure=self.asked, step=step.key, tally=held.tally(), previous=self.previous(step), seats=seats
            )
        except BadTally as fault:
            return LiveVerdict("", "bad", (), (), str(fault), "", ""), ()
        facts = [(label, str(fact)) for label, fact in verdict.finding.facts.items() if fact is not None]
        return (
            LiveVerdict(
                result=result_of(verdict),
                tone=TONES.get(verdict.move or "", "warn"),
                lines=[fact for fact in facts if fact[0] not in ("Bước", "Thành phần", "Kết quả")],
                missing=verdict.finding.missing if verdict.move is None else (),
                fault="",
                next_label=verdict.next_step.label if verdict.next_step else "",
                citation=verdict.finding.citation.text if verdict.finding.citation else "",
            ),
            verdict.for_the_head,
        )

    # Requests ---------------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The open step."""
        return self.respond()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """While one types, the verdict alone; else keep the beginning or the step."""
        htmx = getattr(request, "htmx", None)
        step = self._sent_step()
        if htmx and htmx.target == "verdict":
            return self._verdict_of_form(step)
        if not self.may_enter:
            raise Http404
        if "settings" in request.POST:
            return self._keep_settings()
        if step is None or self.recorded_or_usual is None:
            raise Http404
        if "clear" in request.POST:
            return self._write(self.recorded_or_usual.without_step(step.key), step)
        form = self.step_form(step, request.POST)
        if not form.is_valid():
            focus_first_fault(form)
            return self.respond(status=422, form=form)
        assert self.asked is not None
        return self._write(self.recorded_or_usual.with_step(form.recorded(), self.asked), step, form)

    @property
    def recorded_or_usual(self) -> RecordedProcedure | None:
        """What is recorded, else the usual procedure without a step yet."""
        return self.recorded or (RecordedProcedure(self.usual) if self.asked is not None else None)

    def _sent_step(self) -> Step | None:
        key = self.request.POST.get("step", "")
        return next((step for step in self.asked.steps if step.key == key), None) if self.asked else None

    def _verdict_of_form(self, step: Step | None) -> HttpResponse:
        if step is None:
            raise Http404
        form = self.step_form(step, self.request.POST)
        verdict = self.live(step, form.recorded())[0] if form.is_valid() else None
        return self.respond(form=form, verdict=verdict)

    def _keep_settings(self) -> HttpResponseBase:
        form = self.settings_form(self.request.POST)
        if not form.is_valid():
            return self.respond(status=422, settings=form)
        return self._write(form.recorded(self.recorded), None, form, key="settings")

    def _write(
        self, recorded: RecordedProcedure, step: Step | None, form: Any = None, key: str = "form"
    ) -> HttpResponseBase:
        """Keep it for everybody of the seat; a fault comes back on the form."""
        items = [case.item.pk for case in self.group]
        try:
            fault = self.keep(
                lambda: record_procedure(
                    decision=self.decision,
                    items=items,
                    recorded=recorded,
                    version=self.sent_version_number,
                    acting_user=self.opened.user,
                )
            )
        except ValidationError as error:
            if form is None:
                messages.error(self.request, " ".join(error.messages))
                return self._onward(step)
            add_errors(form, error)
            return self.respond(status=422, **{key: form})
        if fault:
            messages.error(self.request, fault)
            return self._onward(step)
        messages.success(self.request, "Đã lưu.")
        return self._onward(self._next_step(recorded, step))

    def _next_step(self, recorded: RecordedProcedure, step: Step | None) -> Step | None:
        """The step that follows, unless this one waits or stops."""
        if step is None or self.asked is None or recorded.step(step.key) is None:
            return step
        held = recorded.step(step.key)
        assert held is not None
        verdict, _ = self.live(step, held)
        return self.asked.after(step) or step if verdict.next_label else step

    def _onward(self, step: Step | None) -> HttpResponseBase:
        response = self.go("decision-procedure", self.group[0].item.pk)
        if step is not None:
            response["Location"] = with_query(response["Location"], step=step.key)
        return response

    def context(self, **extra: Any) -> dict[str, Any]:
        """The bar of steps, the forms, the verdicts."""
        step = self.open_step
        form = extra.get("form") or (self.step_form(step) if step is not None else None)
        held = self.recorded.step(step.key) if self.recorded and step else None
        if "verdict" not in extra:
            extra["verdict"] = self.live(step, held)[0] if step is not None and held is not None else None
        return (
            super().context(
                decision=self.decision,
                settings=self.settings_form(),
                asked=self.asked,
                steps=self.step_lines(),
                step=step,
                held=held,
                findings=self.findings(),
                may_enter=self.may_enter,
                version=self.version,
                form=form,
            )
            | extra
        )

    def step_lines(self) -> list[StepLine]:
        """The bar of steps."""
        lines, here = [], reverse("personnel:decision-procedure", args=[self.decision.pk, self.group[0].item.pk])
        for step in self.asked.steps if self.asked else ():
            held, verdict = self.recorded.step(step.key) if self.recorded else None, self.verdicts.get(step.key)
            lines.append(
                StepLine(
                    step=step,
                    url=with_query(here, step=step.key),
                    is_open=step == self.open_step,
                    held=held,
                    result=result_of(verdict) if held is not None else "",
                    tone=TONES.get((verdict.move if verdict else None) or "", "warn"),
                )
            )
        return lines

    def findings(self) -> list[FindingLine]:
        """What the procedure says of each person of the seat."""
        told: list[FindingLine] = []
        for case in self.group:
            for found in procedure_findings(case):
                name = f"{case.cadre.full_name}: " if len(self.group) > 1 else ""
                told.append(finding_line(found, name + _label(found), day=case.day))
        return told


def _label(found: Finding) -> str:
    return RULES[found.rule].label if found.rule in RULES else label_of(found)


class ProcedurePrint(ProcedureOfSeat):
    """The summary of the votes of one seat on paper."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A PDF, logged as a print."""
        if self.asked is None or self.recorded is None or not self.recorded.steps:
            raise Http404
        ids = [case.item.cadre_id for case in self.group if case.item.cadre_id is not None]
        log_print(user=self.opened.user, what=VOTES_WHAT, people=ids, day=self.day)
        passed = self.judged.passed if self.judged is not None else ()
        is_complete = self.judged is not None and self.judged.finding.is_met
        content = votes_pdf(
            self.decision,
            title=self.get_title(),
            seats=self.recorded.seats,
            asked=self.asked,
            steps=step_lines(self.asked, self.recorded, self.verdicts),
            conclusion=f"nhân sự đạt qua các bước: {', '.join(passed)}."
            if is_complete and passed
            else "quy trình chưa hoàn thành.",
        )
        return self.pdf(content, f"kiem-phieu-{self.decision.pk}.pdf")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Paper takes nothing."""
        return self.http_method_not_allowed(request)


@decision_papers.register
class ProcedurePaper(DecisionPaper):
    """The way to the votes."""

    key, label, icon, order, is_download = "procedure", "Quy trình, kiểm phiếu", "list-checks", 50, False

    def url(self) -> str:
        """Its address."""
        return reverse("personnel:decision-procedures", args=[self.opened.decision.pk])

    def is_offered(self) -> bool:
        """Where a procedure precedes the kind, to who decides or approves."""
        return _has_procedure(self.opened) and (self.opened.may_write or self.opened.may_return)


def _has_procedure(opened: OpenedDecision) -> bool:
    return opened.act is not None and bool(opened.act.procedures)
