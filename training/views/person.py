"""One person: what is asked of him with its findings, programmes that would answer it, proposals of his office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.accounts import reader
from hrdb.kernel.findings import Outcome
from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Crumb
from hrdb.kernel.screens.formats import date_text, number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import FindingLine, Tag
from personnel.models import Cadre
from personnel.models.access import unit_name
from personnel.record_parts import ProfileCard, profile_cards
from personnel.views.decisions.checked import line_of
from personnel.views.record_forms import ServiceFormScreen
from planning.services.reading import log_seen as log_plan_seen
from training.choices import NeedState
from training.forms.needs import ProposalForm
from training.models import Programme, ProposedNeed
from training.models.scope import may_train, trained_by
from training.rules.admission import admission, admit
from training.rules.needs import Need
from training.services.needs import propose_for_many, propose_need, withdraw_need
from training.statistics.applying import applicants, conditions_of
from training.statistics.needs import requirements_by_programme
from training.statistics.person_needs import needs_of, strongest_needs
from training.views.needs import TONES, NeedScreen, ground_text
from training.views.programmes import given_text

ADMISSION_TAGS: dict[Outcome, Tag] = {
    "met": Tag(label="đủ điều kiện", tone="good", icon="check"),
    "not_met": Tag(label="không đủ điều kiện", tone="bad", icon="x"),
    "unknown": Tag(label="chưa rõ", icon="circle-question-mark"),
}
#: People who are proposed at once: as many as a page of the list shows.
MOST_AT_ONCE = 50
#: In which order needs stand on a page: what is lacking first.
_ORDER = ("missing", "expiring", "unknown", "held")


@dataclass(frozen=True)
class ShownNeed:
    """A requirement as a row: how it stands, and all that asks it."""

    need: Need
    grounds: list[str]
    day: date

    @property
    def tag(self) -> Tag:
        """How it stands."""
        state = NeedState(self.need.state)
        return Tag(label=str(state.label).lower(), tone=TONES[state])

    @property
    def by(self) -> str:
        """By when; what a post asks is needed now."""
        asked = self.need.asked
        if not self.need.is_open:
            return ""
        if asked.needed_by is not None and asked.needed_by > self.day:
            return date_text(asked.needed_by)
        return "" if asked.needed_by is None and asked.is_of_office else "ngay"

    @property
    def valid(self) -> str:
        """Until when a certificate holds that ends."""
        return f"hết hiệu lực từ {date_text(self.need.valid_until)}" if self.need.valid_until else ""


@dataclass(frozen=True)
class Fitting:
    """A programme that would answer a need, with whether it admits the person."""

    programme: Programme
    gives: str
    tag: Tag
    lines: list[FindingLine]


def shown_needs(needs: Sequence[Need], day: date) -> list[ShownNeed]:
    """One row a requirement, what is lacking first."""
    grounds: dict[str, list[str]] = {}
    for need in needs:
        grounds.setdefault(need.asked.requirement, []).append(ground_text(need))
    rows = [ShownNeed(need, grounds[need.asked.requirement], day) for need in strongest_needs(needs)]
    return sorted(rows, key=lambda row: _ORDER.index(row.need.state))


class PersonScreen(NeedScreen):
    """A page about one person's training: 404 out of scope."""

    @cached_property
    def cadre(self) -> Cadre:
        """The person, whom the reader trains."""
        found: Cadre = get_object_or_404(trained_by(self.reader), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who trains him."""
        return may_train(reader(self.request)) and bool(self.cadre)

    @property
    def is_own(self) -> bool:
        """Whether it is the reader himself, who sends others, not himself."""
        return self.cadre.account_id == self.reader.pk

    def person_url(self) -> str:
        """This person's needs."""
        return reverse("training:person-needs", args=[self.cadre.pk])

    def get_crumbs(self) -> Sequence[Crumb]:
        """The matrix and the people."""
        people = with_query(reverse("training:need-people"), state=None)
        return [*super().get_crumbs(), Crumb("Danh sách người", people)]


class PersonNeeds(PersonScreen):
    """What somebody needs, and what would give it."""

    template_name = "training/person.html"

    def get_title(self) -> str:
        """Whose."""
        return f"Nhu cầu đào tạo: {self.cadre.full_name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show it."""
        return self.respond()

    def get_actions(self) -> Sequence[Button]:
        """The profile; a proposal."""
        profile = with_query(reverse("personnel:cadre-detail", args=[self.cadre.pk]), tab="training")
        buttons = [Button(label="Hồ sơ", url=profile, icon="user-round")]
        if not self.is_own:
            url = reverse("training:need-propose", args=[self.cadre.pk])
            buttons.append(Button(label="Đề nghị đào tạo", url=url, icon="plus", main=True))
        return buttons

    def context(self, **extra: Any) -> dict[str, Any]:
        """Needs with their findings, programmes with theirs, proposals."""
        needs = needs_of([self.cadre.pk], self.day, self.reader).get(self.cadre.pk, [])
        if any(need.asked.is_planned for need in needs):
            log_plan_seen(user=self.reader, people=[self.cadre.pk], what="Nhu cầu đào tạo", day=self.day)
        proposals = ProposedNeed.objects.filter(cadre=self.cadre).select_related("programme")
        return (
            super().context(
                cadre=self.cadre,
                needs=(shown := shown_needs(needs, self.day)),
                lines=[self._line(row.need) for row in shown if not row.need.is_held],
                fitting=self._fitting(needs),
                proposals=list(proposals.annotate(unit_label=unit_name("unit_id"))),
                is_own=self.is_own,
            )
            | extra
        )

    def _line(self, need: Need) -> FindingLine:
        line = line_of(need.finding, self.day)
        return FindingLine(
            state=line.state,
            label=need.asked.label,
            fact=line.fact,
            citation=line.citation,
            verdict=line.verdict,
            supply_url=line.supply_url,
        )

    def _fitting(self, needs: Sequence[Need]) -> list[Fitting]:
        """Open programmes that give what is lacking."""
        lacking = {need.asked.requirement for need in strongest_needs(needs) if need.is_open}
        if not lacking:
            return []
        offered = list(Programme.objects.filter(is_open=True).select_related("level", "language"))
        answered = requirements_by_programme(offered)
        programmes = [one for one in offered if not lacking.isdisjoint(answered[one.pk])]
        conditions = conditions_of(programmes, self.day)
        applicant = applicants([self.cadre.pk], self.day, self.reader)[self.cadre.pk]
        return [
            Fitting(
                programme=one,
                gives=given_text(one),
                tag=ADMISSION_TAGS[admission(applicant, conditions[one.pk], self.day)],
                lines=[line_of(found, self.day) for found in admit(applicant, conditions[one.pk], self.day)],
            )
            for one in programmes
        ]


class NeedPropose(PersonScreen, ServiceFormScreen):
    """The office proposes a programme for somebody."""

    submit_label, success_text = "Đề nghị", "Đã ghi đề nghị đào tạo."
    lead = "Đề nghị được tính vào nhu cầu đào tạo cho đến khi người này đạt trình độ đó hoặc đơn vị rút đề nghị."
    form_class: ClassVar[type[forms.BaseForm]] = ProposalForm

    def get_title(self) -> str:
        """Whom."""
        return f"Đề nghị đào tạo: {self.cadre.full_name}"

    def may_open(self) -> bool:
        """Not for oneself."""
        return super().may_open() and not self.is_own

    def write(self, form: Any) -> ProposedNeed:
        """Propose it."""
        return propose_need(cadre=self.cadre, acting_user=self.reader, **form.cleaned_data)

    def get_success_url(self, result: Any) -> str:
        """The person."""
        return self.person_url()

    def get_cancel_url(self) -> str:
        """The person."""
        return self.person_url()


class NeedProposeMany(NeedScreen, ServiceFormScreen):
    """The office proposes a programme for those whom it marked in a list."""

    title, submit_label = "Đề nghị đào tạo", "Đề nghị"
    template_name = "training/propose_many.html"
    form_class: ClassVar[type[forms.BaseForm]] = ProposalForm

    @cached_property
    def asked(self) -> list[int]:
        """The keys of the address."""
        return typed_keys(self.request.GET.getlist("people"))[:MOST_AT_ONCE]

    @cached_property
    def people(self) -> list[Cadre]:
        """Those of the address whom the reader trains, never himself; 404 when there is nobody."""
        chosen = trained_by(self.reader).filter(pk__in=self.asked).exclude(account_id=self.reader.pk)
        found = list(chosen.order_by("sort_key", "pk"))
        if not found:
            raise Http404
        return found

    def may_open(self) -> bool:
        """Who trains somebody of them."""
        return super().may_open() and (not self.asked or bool(self.people))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; back to the list when nobody was marked."""
        if not self.asked:
            messages.warning(request, "Chưa chọn ai: hãy đánh dấu người ở đầu dòng rồi bấm lại.")
            return redirect(self.link(self.get_cancel_url()))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same."""
        return super().post(request, *args, **kwargs) if self.asked else self.get(request, *args, **kwargs)

    def get_lead(self) -> str:
        """How many."""
        return f"Cho {number_text(len(self.people))} người đã chọn; ai đã được đề nghị chương trình này thì bỏ qua."

    def get_crumbs(self) -> Sequence[Crumb]:
        """The matrix and the people."""
        return [*super().get_crumbs(), Crumb("Danh sách người", reverse("training:need-people"))]

    def write(self, form: Any) -> list[ProposedNeed]:
        """Propose it."""
        people = [cadre.pk for cadre in self.people]
        return propose_for_many(people=people, acting_user=self.reader, **form.cleaned_data)

    def get_success_url(self, result: Any) -> str:
        """Those who were proposed for the programme."""
        passed = len(self.people) - len(result)
        told = f"; {number_text(passed)} người đã được đề nghị từ trước" if passed else ""
        messages.success(self.request, f"Đã đề nghị {number_text(len(result))} người{told}.")
        return self.get_cancel_url()

    def get_cancel_url(self) -> str:
        """The list."""
        return reverse("training:need-people")

    def context(self, **extra: Any) -> dict[str, Any]:
        """Whom."""
        return super().context(people=self.people) | extra


class NeedWithdraw(NeedScreen, ServiceFormScreen, ActionScreen):
    """Take a proposal back."""

    title, submit_label, success_text = "Rút đề nghị đào tạo", "Rút đề nghị", "Đã rút đề nghị."

    @cached_property
    def proposal(self) -> ProposedNeed:
        """The proposal of the address, of somebody whom the reader trains, not himself."""
        people = trained_by(self.reader).exclude(account_id=self.reader.pk)
        rows = ProposedNeed.objects.filter(withdrawn_on__isnull=True, cadre__in=people.order_by().values("pk"))
        found: ProposedNeed = get_object_or_404(rows.select_related("cadre", "programme"), pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who trains him."""
        if not super().may_open():
            return False
        if not self.proposal:
            raise Http404
        return True

    def get_question(self) -> str:
        """Which."""
        return f"Rút đề nghị cho {self.proposal.cadre.full_name} học «{self.proposal.programme.name}»?"

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [f"Từ ngày {date_text(timezone.localdate())} đề nghị này không tính vào nhu cầu; lịch sử vẫn giữ."]

    def write(self, form: Any) -> ProposedNeed:
        """Take it back."""
        return withdraw_need(proposal=self.proposal, reason=form.cleaned_data["reason"], acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The person."""
        return reverse("training:person-needs", args=[self.proposal.cadre_id])

    def get_cancel_url(self) -> str:
        """The person."""
        return self.get_success_url(None)


@profile_cards.register
class NeedsCard(ProfileCard):
    """Nhu cầu đào tạo beside the record's qualifications: for who trains the person, and for himself."""

    key, tab, order = "training-needs", "training", 20
    template_name = "training/needs_card.html"

    def is_shown(self) -> bool:
        """To who trains him in scope; to himself where anything is asked."""
        opened = self.record.opened
        if opened.is_of_a_day or opened.is_stub:
            return False
        return bool(self._needs) if opened.is_own else self._trains()

    def _trains(self) -> bool:
        user = reader(self.request)
        return may_train(user) and trained_by(user).filter(pk=self.record.pk).exists()

    @cached_property
    def _needs(self) -> list[Need]:
        user = reader(self.request)
        return needs_of([self.record.pk], self.record.opened.day, user).get(self.record.pk, [])

    def context(self) -> dict[str, Any]:
        """What is held, missing, needed by when; a plan that is shown to another is logged."""
        user, opened = reader(self.request), self.record.opened
        if not opened.is_own and any(need.asked.is_planned for need in self._needs):
            log_plan_seen(user=user, people=[self.record.pk], what="Nhu cầu đào tạo của hồ sơ", day=opened.day)
        may_open = not opened.is_own and may_train(user)
        url = reverse("training:person-needs", args=[self.record.pk]) if may_open else ""
        return {"needs": shown_needs(self._needs, opened.day), "url": url}
