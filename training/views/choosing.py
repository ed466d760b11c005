"""Choosing for one class: quotas, the ranked list with its sentences, costs, confirming, taking back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from appraisal.reports.tables import ReportTable, paper, workbook
from appraisal.views.base import ServiceAct
from hrdb.kernel.keys import typed_keys
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.text import fold
from personnel.models import Cadre
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal
from personnel.services.reading import SensitivePart, log_export, log_list_reading, log_print
from planning.models.scope import may_plan
from training.choices import ClassState, MemberState
from training.forms.choosing import AskedForm, as_fields
from training.models import ClassMember, TrainingClass
from training.reports.cohort import proposed_tables, settled_tables
from training.rules.barring import NEUTRAL
from training.rules.priority import weights_on
from training.services.choosing import (
    CHOOSABLE,
    choice_of,
    choice_version,
    confirm_choices,
    save_asked,
    seal,
    undo_choice,
    unseal,
)
from training.services.classes import manages_class
from training.services.reading import log_seen
from training.statistics.choosing.asking import Asked, asked_of
from training.statistics.choosing.people import posts_and_units
from training.statistics.choosing.proposal import Cost, Line, Proposal, costs, propose
from training.views.opening import ArrangerScreen

ROWS_PER_PAGE = 50
#: Chosen people shown on the page; the whole of a longer list is in the workbook.
MOST_SHOWN = 200
PDF = "application/pdf"
#: How a reason tells the place of somebody; who has none comes last.
PLACE, LAST = re.compile(r"(?:Dự bị số|đứng thứ) (\d+)"), 1_000_000
#: Members of a settled list, in the order in which they are shown.
SHOWN_STATES = (
    MemberState.CHOSEN,
    MemberState.PASSED,
    MemberState.FAILED,
    MemberState.RESERVE,
    MemberState.DECLINED,
)


@dataclass(frozen=True)
class ShownLine:
    """One person of the list as the reader may read it: the sentence, the points part by part."""

    line: Line
    sentence: str
    points: str


class ClassScreen(ArrangerScreen):
    """A page about choosing for one class: 404 for who does not arrange it as a whole."""

    page_key = "classes"

    @cached_property
    def training_class(self) -> TrainingClass:
        """The class of the address, or 404."""
        classes = TrainingClass.objects.visible_to(self.reader).select_related("programme")
        found: TrainingClass = get_object_or_404(classes, pk=self.kwargs["pk"])
        if not manages_class(self.reader, found):
            raise Http404
        return found

    @property
    def today(self) -> date:
        """The day of choosing: an act of today, whatever day the reader looks at."""
        return timezone.localdate()

    @property
    def url(self) -> str:
        """The page of choosing."""
        return reverse("training:cohort", args=[self.training_class.pk])

    def get_crumbs(self) -> Sequence[Crumb]:
        """The classes, the class."""
        one = self.training_class
        return [*super().get_crumbs(), Crumb(one.name, one.get_absolute_url())]


class CohortPage(ClassScreen):
    """Whom to send: proposed by the solver, changed by what is asked, written when it is confirmed."""

    template_name = "training/cohort.html"
    title = "Chọn học viên"
    refusal = ""

    def get_lead(self) -> str:
        """Which class, when, how many places."""
        one = self.training_class
        when = f" · {one.begins_on:%d/%m/%Y} – {one.ends_on:%d/%m/%Y}" if one.begins_on and one.ends_on else ""
        programme = "" if one.name.startswith(one.programme.name) else f" · {one.programme.name}"
        return f"{one.name}{programme}{when} · {one.capacity} chỗ"

    @property
    def is_choosable(self) -> bool:
        """Whether the list may still be chosen."""
        return self.training_class.state in CHOOSABLE

    @cached_property
    def given(self) -> QueryDict:
        """What the page was asked with; a refused confirmation brings it in the body."""
        return QueryDict(self.request.POST.get("query", "")) if self.request.method == "POST" else self.request.GET

    @cached_property
    def form(self) -> AskedForm:
        """The quotas that are asked, or as they were saved."""
        kept = as_fields(asked_of(self.training_class))
        data = self.given if "capacity" in self.given else None
        return AskedForm(data=data, initial=kept, day=self.today)

    @cached_property
    def asked(self) -> Asked | None:
        """What is asked, None before anything was asked and where something is wrong."""
        if not self.is_choosable or not self.form.is_bound or not self.form.is_valid():
            return None
        pinned = typed_keys(self.given.getlist("pin"))
        return self.form.asked(pinned, typed_keys(self.given.getlist("out")))

    @cached_property
    def proposal(self) -> Proposal | None:
        """What the solver proposes; nothing is written."""
        if self.asked is None:
            return None
        return propose(self.training_class, self.asked, user=self.reader, day=self.today)

    def get_actions(self) -> Sequence[Button]:
        """Excel and paper of what is shown."""
        many = Button(label="Chọn cho nhiều lớp", url=reverse("training:cohort-many"), icon="layers")
        if self.proposal is None and self.is_choosable:
            return (many,)
        here = with_query(self.request.get_full_path(), page=None, costs=None)
        return (
            *((many,) if self.is_choosable else ()),
            Button(label="Xuất Excel", url=with_query(here, export="xlsx"), icon="download", download=True),
            Button(label="In PDF", url=with_query(here, export="pdf"), icon="printer"),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the list, or send it as a workbook or on paper."""
        kind = request.GET.get("export")
        if kind is not None:
            return self.file(kind)
        status = 422 if self.form.is_bound and not self.form.is_valid() else 200
        return self.respond(status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Confirm the list that was shown, or keep its quotas; a refusal shows the list anew."""
        one = self.training_class
        try:
            if request.POST.get("do") == "save":
                return self.save()
            choices = unseal(request.POST.get("choice", ""), self.reader)
            if [choice.class_id for choice in choices] != [one.pk]:
                raise Http404
            confirm_choices(choices=choices, acting_user=self.reader, day=self.today)
        except ServiceRefusal as refusal:
            self.refusal = str(refusal)
            self.__dict__.pop("training_class", None)
            return self.respond(status=409)
        messages.success(request, f"Đã chốt danh sách {len(choices[0].picked)} học viên.")
        return HttpResponseRedirect(self.link(self.url))

    def save(self) -> HttpResponseBase:
        """Keep quotas, pins and exclusions without choosing."""
        if self.asked is None:
            raise ServiceRefusal("Chỉ tiêu chưa đúng nên chưa lưu được: hãy sửa rồi bấm «Gợi ý danh sách».")
        version = self.request.POST.get("version")
        save_asked(training_class=self.training_class, asked=self.asked, version=version, acting_user=self.reader)
        messages.success(self.request, "Đã lưu chỉ tiêu, người ấn định và người loại khỏi danh sách.")
        return HttpResponseRedirect(self.link(f"{self.url}?{self.given.urlencode()}"))

    def context(self, **extra: Any) -> dict[str, Any]:
        """The form; the proposal or the settled list."""
        proposal = self.proposal
        drawn = self.proposed(proposal) if proposal is not None else {}
        if not self.is_choosable:
            drawn = self.settled()
        return (
            super().context(
                form=self.form,
                training_class=self.training_class,
                is_choosable=self.is_choosable,
                proposal=proposal,
                refusal=self.refusal,
                weights=weights_on(self.today),
                nominated=self.training_class.members.filter(state=MemberState.NOMINATED).count(),
                page_url=self.url,
                **drawn,
            )
            | extra
        )

    def proposed(self, proposal: Proposal) -> dict[str, Any]:
        """The lines of a proposal, what they cost, how it is confirmed."""
        asked, words = proposal.asked, fold(self.given.get("q", "").strip())
        others = [line for line in proposal.others if words in fold(line.person.name)]
        page: Page[Line] = Paginator(others, ROWS_PER_PAGE).get_page(self.given.get("page"))
        first = proposal.chosen[:MOST_SHOWN]
        shown = self.shown([*first, *page.object_list], proposal)
        on_page = {one.line.person.cadre_id for one in shown}
        version = choice_version(self.training_class)
        return {
            "chosen": shown[: len(first)],
            "chosen_count": len(proposal.chosen),
            "others": shown[len(first) :],
            "others_page": page,
            "words": self.given.get("q", ""),
            "kept_pins": sorted(asked.pinned - on_page),
            "kept_outs": sorted(asked.excluded - on_page),
            "nearest_url": self.nearest_url(proposal),
            "costs": self.costs(proposal),
            "choice": seal([choice_of(proposal, version)], self.reader) if proposal.is_feasible else "",
            "version": version,
            "query": self.given.urlencode(),
        }

    def costs(self, proposal: Proposal) -> list[Cost] | None:
        """What each quota costs, when that is asked."""
        return costs(proposal, self.today) if self.given.get("costs") and proposal.is_feasible else None

    def nearest_url(self, proposal: Proposal) -> str:
        """The page with quotas lowered to what the nearest list keeps, where what was asked contradicts itself."""
        if proposal.is_feasible or not proposal.picked:
            return ""
        nearest = proposal.nearest()
        fields = [(name, value) for name, value in as_fields(nearest).items()]
        fields += [("pin", key) for key in sorted(nearest.pinned)] + [("out", key) for key in sorted(nearest.excluded)]
        return self.link(f"{self.url}?{urlencode(fields)}")

    def shown(self, lines: Sequence[Line], proposal: Proposal) -> list[ShownLine]:
        """Lines as the reader may read them; what they tell of discipline and of plans is logged."""
        ids = [line.person.cadre_id for line in lines]
        barred = {line.person.cadre_id for line in lines if any(bar.why == "discipline" for bar in line.person.bars)}
        opened = set(
            Cadre.objects.filter(pk__any=sorted(barred)).readable_in_tier_2(self.reader).values_list("pk", flat=True)
        )
        sees_plans = may_plan(self.reader)
        what = f"Chọn học viên cho {self.training_class.name}"
        tells_plans = sees_plans and any("planned" in line.person.case.sources for line in lines)
        log_seen(
            user=self.reader,
            people=ids,
            what=what,
            day=self.today,
            needs=Action.PLAN if tells_plans else Action.TRAIN,
        )
        if opened:
            log_list_reading(
                user=self.reader, people=sorted(opened), parts=[SensitivePart.DISCIPLINE], what=what, day=self.today
            )
        found = []
        for line in lines:
            hidden = line.person.cadre_id in barred - opened
            priority = line.person.priority if sees_plans else line.person.priority.folded()
            found.append(ShownLine(line, NEUTRAL if hidden else told(line), priority.text))
        return found

    def settled(self) -> dict[str, Any]:
        """The list as it was confirmed."""
        rows = settled_members(self.training_class)
        page: Page[ClassMember] = Paginator(rows, ROWS_PER_PAGE * 4).get_page(self.request.GET.get("page"))
        people = [row.cadre_id for row in page.object_list]
        posts, units = posts_and_units(people, self.today)
        log_seen(user=self.reader, people=people, what=f"Danh sách học viên {self.training_class.name}", day=self.today)
        return {
            "settled": [(row, posts.get(row.cadre_id, ""), units.get(row.unit_id, "")) for row in page.object_list],
            "settled_page": page,
            "may_undo": self.training_class.state == ClassState.CHOSEN,
            "undo_url": reverse("training:cohort-undo", args=[self.training_class.pk]),
        }

    def tables(self) -> tuple[list[ReportTable], list[int]]:
        """What workbook and paper draw, and whom they name."""
        if self.proposal is not None:
            named = [line.person.cadre_id for line in (*self.proposal.chosen, *self.proposal.reserves)]
            return proposed_tables(self.proposal, self.today), named
        if self.is_choosable:
            raise Http404
        rows = [row for row in settled_members(self.training_class) if row.state != MemberState.DECLINED]
        people = [row.cadre_id for row in rows]
        posts, units = posts_and_units(people, self.today)
        return settled_tables(self.training_class, rows, posts, units), people

    def file(self, kind: str) -> HttpResponseBase:
        """The list as a file, logged."""
        if kind not in ("xlsx", "pdf"):
            raise Http404
        tables, people = self.tables()
        what = f"Danh sách học viên {self.training_class.name}"
        if kind == "xlsx":
            content, content_type = workbook(tables), XLSX
            log_export(user=self.reader, people=people, what=what, day=self.today)
        else:
            content, content_type = paper(tables), PDF
            log_print(user=self.reader, people=people, what=what, day=self.today)
        place = "attachment" if kind == "xlsx" else "inline"
        name = f"hoc-vien-lop-{self.training_class.pk}.{kind}"
        return HttpResponse(
            content, content_type=content_type, headers={"Content-Disposition": f'{place}; filename="{name}"'}
        )


class CohortUndo(ClassScreen, ServiceAct):
    """Take a confirmed list back to nominations."""

    title, submit_label = "Bỏ chốt danh sách", "Bỏ chốt danh sách"
    success_text = "Đã bỏ chốt, lớp trở lại bước cử người."
    is_destructive = True

    def get_question(self) -> str:
        """Of which class."""
        return f"Bỏ chốt danh sách học viên của «{self.training_class.name}»?"

    def get_consequences(self) -> Sequence[str]:
        """What follows."""
        return [
            "Người được cử trở lại trạng thái «Được cử»; người do bước chọn thêm vào thì không còn trong lớp.",
            "Danh sách đã chốt vẫn còn trong lịch sử; chỉ tiêu, người ấn định và người loại ra được giữ.",
        ]

    def get_version(self) -> str:
        """What the reader saw."""
        return choice_version(self.training_class)

    def write(self, form: Any) -> TrainingClass:
        """Take it back; the reason stands in the history of the act."""
        return undo_choice(
            training_class=self.training_class,
            version=self.sent_version,
            reason=form.cleaned_data["reason"],
            acting_user=self.reader,
        )

    def get_success_url(self, result: TrainingClass) -> str:
        """Back to choosing."""
        return self.url


def told(line: Line) -> str:
    """The sentence before it is decided: not taken yet."""
    return line.sentence.replace("Không chọn vì", "Chưa chọn vì", 1)


def settled_members(training_class: TrainingClass) -> list[ClassMember]:
    """The members of a settled class: chosen by points, reserves in their order, the others."""
    rows = list(
        training_class.members.filter(state__in=SHOWN_STATES)
        .select_related("cadre")
        .order_by("-priority", "cadre__sort_key", "pk")
    )
    places: Mapping[str, int] = {state: place for place, state in enumerate(SHOWN_STATES)}
    groups = {MemberState.PASSED: MemberState.CHOSEN, MemberState.FAILED: MemberState.CHOSEN}
    return sorted(
        rows,
        key=lambda row: (
            places[groups.get(MemberState(row.state), row.state)],
            -(row.priority or 0) if row.state != MemberState.RESERVE else 0,
            told_place(row.reason),
        ),
    )


def told_place(reason: str) -> int:
    """The place that a reason tells: among those who stand by, or in the order of priority."""
    found = PLACE.search(reason)
    return int(found.group(1)) if found else LAST
