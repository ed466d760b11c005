"""The dossiers of a decision on the web (thành phần hồ sơ): who lacks what, entering person by person, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.screens.forms import add_errors, focus_first_fault
from personnel.forms.decision_dossiers import DossierForm, PaperForEverybody
from personnel.models import DecisionItem
from personnel.reports.decision_papers import DOSSIER_WHAT, PersonDossier, dossier_pdf, person_dossier
from personnel.rules.dossier import Dossier
from personnel.services.decisions.case_papers import record_dossier
from personnel.services.decisions.cases import cases_with_facts
from personnel.services.decisions.dossiers import EnteredPaper, dossier_of, dossier_verdict, entered_paper
from personnel.services.decisions.kinds import Case
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.services.reading import log_list_reading, log_print
from personnel.views.decisions.opening import DecisionScreen, OpenedDecision
from personnel.views.decisions.papers import DecisionPaper, decision_papers

PEOPLE_PER_PAGE = 50
#: What a reading of the record's dates on these pages is called in the log.
READ_PART = "thành phần hồ sơ"
MOST_PRINTED = 300


class CasePapersScreen(DecisionScreen):
    """Pages of what goes with people of a decision: for who decides or approves in the office that drew it up."""

    def is_open_to(self, opened: OpenedDecision) -> bool:
        """Those two, when they see everybody in it."""
        return opened.is_text_open and not opened.is_stub and (opened.may_write or opened.may_return)

    @property
    def may_enter(self) -> bool:
        """Whether the reader may write here now."""
        return self.opened.may_write and self.decision.state in ("draft", "checked", "signed")

    @cached_property
    def cases(self) -> list[Case]:
        """Everybody of the decision; without a kind of its own there is no such page."""
        if self.opened.act is None:
            raise Http404
        return cases_with_facts(self.decision, acting_user=self.opened.user)

    def keep(self, write: Any) -> str:
        """Call a service; the sentence with which it refuses, else nothing."""
        try:
            write()
        except StaleVersion:
            return "Người khác vừa sửa quyết định này. Trang đã được nạp lại; hãy xem rồi lưu lần nữa."
        except ServiceRefusal as refusal:
            return str(refusal)
        return ""

    def go(self, view: str, *args: Any) -> HttpResponseRedirect:
        """To another page of the decision."""
        return HttpResponseRedirect(self.link(reverse(f"personnel:{view}", args=[self.decision.pk, *args])))

    def pdf(self, content: bytes, name: str) -> HttpResponse:
        """A PDF that the browser shows."""
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
        return response


class DossierScreen(CasePapersScreen):
    """What the pages of dossiers share."""

    @cached_property
    def asked(self) -> Dossier | None:
        """The papers that the kind asks for; 404 for a kind without a dossier."""
        if self.opened.act is None or not self.opened.act.dossier:
            raise Http404
        return dossier_of(self.opened.act, self.decision.effective_on)

    @cached_property
    def people(self) -> list[PersonDossier]:
        """The dossiers of everybody; dates of the record only to who reads tier 2, and then it is logged."""
        _ = self.asked
        ids = [case.item.cadre_id for case in self.cases if case.item.cadre_id is not None]
        opens = self.opened.open_in_tier_2(ids)
        found = []
        for case in self.cases:
            verdict = dossier_verdict(case)
            if verdict is not None:
                found.append(person_dossier(case, verdict, shows_days=case.item.cadre_id in opens))
        if opens and found:
            log_list_reading(
                user=self.opened.user,
                people=opens,
                parts=[READ_PART],
                what=f"quyết định {self.decision.pk}",
                day=self.day,
            )
        return found


class DossierPage(DossierScreen):
    """Everybody of the decision with what he lacks; papers that came for all are entered here at once."""

    title = "Thành phần hồ sơ"
    template_name = "personnel/decision_papers/people.html"

    def get_lead(self) -> str:
        """By whose law."""
        return f"Xét theo quy định và hồ sơ tại ngày có hiệu lực {self.decision.effective_on:%d/%m/%Y}"

    def get_actions(self) -> Sequence[Button]:
        """On paper."""
        address = reverse("personnel:decision-dossier-print", args=[self.decision.pk])
        return [Button(label="In danh mục", url=address, icon="printer")] if self.people else []

    @cached_property
    def page(self) -> Page[Any]:
        """A page of the people."""
        found: Page[Any] = Paginator(self.people, PEOPLE_PER_PAGE).get_page(self.request.GET.get("page"))
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list; of one person at once the page where he is entered."""
        if len(self.people) == 1 and self.asked is not None:
            return self.go("decision-dossier-person", self.people[0].item)
        return self.respond(form=self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Note papers for everybody, beside what each has."""
        if not self.may_enter or self.asked is None:
            raise Http404
        form = PaperForEverybody(request.POST, asked=self.asked)
        if not form.is_valid():
            return self.respond(status=422, form=form)
        told = EnteredPaper(True, form.cleaned_data["day"], form.cleaned_data["note"])
        papers = {
            case.item.pk: {**_entered(case.item, self.asked), **dict.fromkeys(form.cleaned_data["papers"], told)}
            for case in self.cases
            if dossier_verdict(case) is not None
        }
        fault = self.keep(
            lambda: record_dossier(
                decision=self.decision, papers=papers, version=self.sent_version_number, acting_user=self.opened.user
            )
        )
        if fault:
            messages.error(request, fault)
        else:
            messages.success(request, f"Đã ghi cho {number_text(len(papers))} người.")
        return self.go("decision-dossier")

    def form(self) -> PaperForEverybody | None:
        """The form for everybody, where there is anything to enter."""
        return PaperForEverybody(asked=self.asked) if self.may_enter and self.asked is not None else None

    def context(self, **extra: Any) -> dict[str, Any]:
        """People, sums, the form."""
        return (
            super().context(
                decision=self.decision,
                asked=self.asked,
                page=self.page,
                whole=sum(one.verdict.finding.is_met for one in self.people),
                total=len(self.people),
                may_enter=self.may_enter,
                version=self.version,
            )
            | extra
        )


class DossierOfPerson(DossierScreen):
    """The papers of one person, row by row; saving leads to the next."""

    template_name = "personnel/decision_papers/person.html"

    @cached_property
    def place(self) -> int:
        """Where the person stands among those with a dossier; 404 for others."""
        places = [one.item for one in self.people]
        if self.kwargs["item"] not in places or self.asked is None:
            raise Http404
        return places.index(self.kwargs["item"])

    @property
    def person(self) -> PersonDossier:
        """The person's dossier."""
        return self.people[self.place]

    @property
    def item(self) -> DecisionItem:
        """The person's place in the decision."""
        return next(case.item for case in self.cases if case.item.pk == self.kwargs["item"])

    def get_title(self) -> str:
        """Whose."""
        return f"Hồ sơ: {self.person.name}"

    def get_lead(self) -> str:
        """The how manyth of how many."""
        day = f"{self.decision.effective_on:%d/%m/%Y}"
        return f"Người {self.place + 1}/{len(self.people)} của quyết định; xét tại ngày có hiệu lực {day}"

    def get_crumbs(self) -> Sequence[Crumb]:
        """By the list of people, when there are several."""
        register, decision, here = super().get_crumbs()
        between = Crumb(DossierPage.title, reverse("personnel:decision-dossier", args=[self.decision.pk]))
        return [register, decision, *([between] if len(self.people) > 1 else []), here]

    def get_actions(self) -> Sequence[Button]:
        """On paper."""
        address = reverse("personnel:decision-dossier-print", args=[self.decision.pk])
        return [Button(label="In danh mục", url=f"{address}?person={self.person.item}", icon="printer")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rows."""
        return self.respond(form=self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep them and go on."""
        if not self.may_enter:
            raise Http404
        form = self.form(request.POST)
        if not form.is_valid():
            focus_first_fault(form)
            return self.respond(status=422, form=form)
        papers = {self.person.item: form.entered(everything="all" in request.POST)}
        try:
            fault = self.keep(
                lambda: record_dossier(
                    decision=self.decision,
                    papers=papers,
                    version=self.sent_version_number,
                    acting_user=self.opened.user,
                )
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.respond(status=422, form=form)
        if fault:
            form.add_error(None, fault)
            return self.respond(status=409, form=form)
        messages.success(request, f"Đã lưu hồ sơ của {self.person.name}.")
        return self._onward()

    def _onward(self) -> HttpResponseRedirect:
        after = self.place + 1
        if "next" in self.request.POST and after < len(self.people):
            return self.go("decision-dossier-person", self.people[after].item)
        if "next" in self.request.POST and len(self.people) > 1:
            return self.go("decision-dossier")
        return self.go("decision-dossier-person", self.person.item)

    def form(self, data: Any = None) -> DossierForm:
        """The rows as a form."""
        if self.place < 0 or self.asked is None:
            raise Http404
        return DossierForm(data, asked=self.asked, entered=_entered(self.item, self.asked))

    def context(self, **extra: Any) -> dict[str, Any]:
        """The rows beside how each paper stands."""
        form, states = extra["form"], {line.key: line for line in self.person.lines}
        rows = [(fields, states[fields.paper.key]) for fields in form.rows()]
        return (
            super().context(
                decision=self.decision,
                person=self.person,
                rows=rows,
                finding=self.person.verdict.finding,
                may_enter=self.may_enter,
                version=self.version,
                is_last=self.place + 1 == len(self.people),
                list_url=reverse("personnel:decision-dossier", args=[self.decision.pk]),
            )
            | extra
        )


class DossierPrint(DossierScreen):
    """The checklist on paper: of everybody, or of one (`?person=`)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A PDF, logged as a print."""
        asked = request.GET.get("person", "")
        people = [one for one in self.people if not asked or str(one.item) == asked]
        if not people:
            raise Http404
        if len(people) > MOST_PRINTED:
            messages.error(request, f"Bản in nhận nhiều nhất {MOST_PRINTED} người; hãy in từng người.")
            return self.go("decision-dossier")
        chosen = {one.item for one in people}
        ids = [case.item.cadre_id for case in self.cases if case.item.pk in chosen and case.item.cadre_id is not None]
        log_print(user=self.opened.user, what=DOSSIER_WHAT, people=ids, day=self.day)
        return self.pdf(dossier_pdf(self.decision, people), f"ho-so-{self.decision.pk}.pdf")


def _entered(item: DecisionItem, asked: Dossier | None) -> dict[str, EnteredPaper]:
    """What was entered of each paper that is asked for."""
    return (
        {paper.key: entered_paper(item, paper.key) for paper in asked.papers if paper.key in item.dossier}
        if asked
        else {}
    )


@decision_papers.register
class DossierPaper(DecisionPaper):
    """The way to the dossiers."""

    key, label, icon, order, is_download = "dossier", "Hồ sơ nhân sự", "folder-open", 40, False

    def url(self) -> str:
        """Its address."""
        return reverse("personnel:decision-dossier", args=[self.opened.decision.pk])

    def is_offered(self) -> bool:
        """Where the kind asks for papers, to who decides or approves."""
        act = self.opened.act
        return act is not None and bool(act.dossier) and (self.opened.may_write or self.opened.may_return)
