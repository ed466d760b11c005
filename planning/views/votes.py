"""Votes of a round: which offices voted, the steps of one, the grid of votes by hand or by sheet, minutes, ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens import ActionScreen, Column, Crumb, Empty, ListScreen
from hrdb.kernel.screens.exports import XLSX
from hrdb.kernel.screens.formats import number_text, percent_text
from hrdb.kernel.spreadsheets.errors import UnreadableFile
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models.access import unit_name
from personnel.services.errors import ServiceRefusal
from personnel.views.cadre_rows import read_shown
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import STANDING, RoundState
from planning.exports.votes import vote_workbook
from planning.forms.rounds import PlainForm
from planning.forms.votes import HEAD_CHOICES, StepForm, VoteGrid, VoteSheetForm, step_values
from planning.imports.votes import read_votes
from planning.models import Candidate, UnitPlan, VoteStep
from planning.models.scope import may_plan
from planning.reports.votes import ballots_pdf, minutes_pdf
from planning.rules.votes import OUTCOME_LABELS, VoteOutcome, default_steps
from planning.services.reading import log_printed, log_seen, log_taken_out
from planning.services.votes import (
    HELD_FIELDS,
    PLANNED_FIELDS,
    add_step,
    change_step,
    drop_step,
    may_enter_votes,
    prepare_steps,
    record_tallies,
)
from planning.statistics.names import unit_names
from planning.statistics.votes import PartVotes
from planning.views.opening import PlanningScreen, RoundScreen

TONES: dict[VoteOutcome, str] = {
    "passed": "good",
    "failed": "bad",
    "tied_head": "warn",
    "tied_revote": "warn",
    "no_quorum": "bad",
    "unknown": "",
}
LARGEST = 50_000_001
MOST_FAULTS = 200


def _voted(row: UnitPlan) -> SafeString | str:
    held, steps = row.held_count, row.step_count  # type: ignore[attr-defined]
    if not steps:
        return label("chưa lập bước", "")
    return label(f"{number_text(held)}/{number_text(steps)} bước", "good" if held == steps else "act")


class VoteList(RoundScreen, ListScreen):
    """Which offices voted, and how far."""

    page_key = "votes"
    title = "Lấy phiếu"
    noun = "đơn vị"
    template_name = "planning/round_list.html"
    default_sort = "unit"
    columns = (
        Column(
            key="unit",
            label="Đơn vị",
            value="unit_label",
            link=lambda row: reverse("planning:vote-part", args=[row.pk]),
            sort="unit_label",
            fixed=True,
            wide=True,
        ),
        Column(key="people", label="Lượt người", value="people_count", align="right", sort="people_count"),
        Column(key="steps", label="Đã tổ chức", value="held_count", render=_voted, sort="held_count"),
    )
    empty = Empty(title="Chưa có đơn vị nào trong đợt", icon="vote")

    def queryset_for(self, request: HttpRequest) -> QuerySet[Any]:
        """The parts that the reader may see, with their steps."""
        standing = Candidate.objects.all().visible_to(self.reader).filter(state__in=STANDING).values("pk")
        steps = VoteStep.objects.filter(round=OuterRef("round_id"), unit=OuterRef("unit_id")).order_by()
        held = steps.filter(held_on__isnull=False)
        return (
            UnitPlan.objects.visible_to(self.reader)
            .filter(round=self.round)
            .annotate(
                unit_label=unit_name("unit_id"),
                people_count=Count("seats__candidates", distinct=True, filter=Q(seats__candidates__in=standing)),
                step_count=_number(steps),
                held_count=_number(held),
            )
        )

    def get_lead(self) -> str:
        """Where the steps come from."""
        usual = default_steps(self.round.day)
        if usual is None:
            return super().get_lead()
        mark = " (chưa kiểm chứng)" if usual.confidence == "unconfirmed" else ""
        return f"Các bước mặc định theo {usual.citation.text}{mark}; sửa được ở từng đơn vị"


def _number(rows: QuerySet[Any]) -> Any:
    counted = rows.values("unit_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class PartScreen(PlanningScreen):
    """A page about the votes of one office: 404 out of scope."""

    @cached_property
    def part(self) -> UnitPlan:
        """The part of the address, or 404."""
        parts = UnitPlan.objects.visible_to(self.reader).select_related("round", "unit")
        found: UnitPlan = get_object_or_404(parts.annotate(unit_label=unit_name("unit_id")), pk=self.kwargs["pk"])
        return found

    @property
    def unit_label(self) -> str:
        """The office by name."""
        return str(self.part.unit_label)  # type: ignore[attr-defined]

    @cached_property
    def may_enter(self) -> bool:
        """Whether the reader enters votes now."""
        is_open = self.part.round.state in (RoundState.OPEN, RoundState.VOTING)
        return is_open and may_plan(self.reader) and may_enter_votes(self.reader, self.part)

    @cached_property
    def votes(self) -> PartVotes:
        """The steps and the candidates whom the reader sees."""
        rows = Candidate.objects.all().visible_to(self.reader).filter(seat__part=self.part, state__in=STANDING)
        steps = VoteStep.objects.filter(round=self.part.round, unit=self.part.unit).select_related("repeats")
        return PartVotes(
            list(steps.order_by("number")),
            list(
                rows.select_related("cadre", "seat__title", "seat__round")
                .defer("seat__round__content")
                .order_by("seat__position", "position", "pk")
            ),
        )

    @cached_property
    def posts(self) -> dict[int, str]:
        """Titles and units of the candidates on the round's day."""
        read = read_shown([row.cadre_id for row in self.votes.rows], self.part.round.day, ())
        return {
            pk: " · ".join(filter(None, [shown.titles, shown.main_post.unit if shown.main_post else ""]))
            for pk, shown in read.items()
        }

    def get_crumbs(self) -> Sequence[Crumb]:
        """The round and its votes."""
        planning_round = self.part.round
        return [
            *super().get_crumbs(),
            Crumb(planning_round.name, reverse("planning:round-detail", args=[planning_round.pk])),
            Crumb("Lấy phiếu", reverse("planning:vote-list", args=[planning_round.pk])),
            Crumb(self.unit_label, reverse("planning:vote-part", args=[self.part.pk])),
        ]

    def step(self, number: int) -> VoteStep:
        """A step by its number, or 404."""
        found = next((step for step in self.votes.steps if step.number == number), None)
        if found is None:
            raise Http404
        return found


class PartEditor(PartScreen):
    """A page for who enters votes of the office; for the others it is not there."""

    def may_open(self) -> bool:
        """Only who plans; where he may not enter votes, 404."""
        if not may_plan(self.reader):
            return False
        if not self.may_enter:
            raise Http404
        return True


@dataclass(frozen=True)
class VoteCell:
    """One cell of the grid: what was counted, its share and outcome, a fault of what was typed."""

    name: str
    head_name: str
    value: str
    share: str
    outcome: str
    tone: str
    asks_head: bool
    head: str
    fault: str
    describes: str


@dataclass(frozen=True)
class VoteRow:
    """One candidate in the grid."""

    candidate: Candidate
    post: str
    cells: Sequence[VoteCell]
    outcome: str
    tone: str
    starts_seat: bool
    seat: str


class VotePart(PartScreen):
    """The steps and the grid of votes of one office."""

    template_name = "planning/votes.html"

    def get_title(self) -> str:
        """Whose votes."""
        return f"Lấy phiếu: {self.unit_label}"

    def get_lead(self) -> str:
        """How the shares are counted."""
        return f"{self.part.round.name} · tỷ lệ tính trên số người được triệu tập"

    def get_crumbs(self) -> Sequence[Crumb]:
        """Up to the votes of the round."""
        return [*super().get_crumbs()[:-1], Crumb(self.unit_label)]

    def get_actions(self) -> Sequence[Button]:
        """The sheet, out and in; another step."""
        if not self.may_enter:
            return ()
        if not self.votes.steps:
            url = reverse("planning:vote-prepare", args=[self.part.pk])
            return (
                Button(label="Thêm một bước", url=reverse("planning:vote-step-add", args=[self.part.pk]), icon="plus"),
                Button(label="Lập các bước mặc định", url=url, icon="list-checks", main=True),
            )
        return (
            Button(label="Thêm bước", url=reverse("planning:vote-step-add", args=[self.part.pk]), icon="plus"),
            Button(
                label="Tải bảng",
                url=reverse("planning:vote-sheet", args=[self.part.pk]),
                icon="download",
                download=True,
            ),
            Button(label="Nhập bảng", url=reverse("planning:vote-import", args=[self.part.pk]), icon="file-up"),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write what was typed; what cannot be keeps its place with the reason."""
        if not self.may_enter:
            raise Http404
        grid = VoteGrid(request.POST, self.votes.rows, self.votes.steps)
        if not grid.is_valid():
            return self.respond(status=422, grid=grid, faults=["Có ô không phải số nguyên."])
        try:
            count = record_tallies(part=self.part, votes=grid.votes, head=grid.head, acting_user=self.reader)
        except ValidationError as error:
            return self.respond(status=422, grid=grid, faults=error.messages)
        except ServiceRefusal as refusal:
            return self.respond(status=422, grid=grid, faults=[refusal.message])
        messages.success(request, f"Đã ghi kết quả của {number_text(count)} người." if count else "Không có gì đổi.")
        return HttpResponseRedirect(self.link(reverse("planning:vote-part", args=[self.part.pk])))

    def context(self, **extra: Any) -> dict[str, Any]:
        """Steps and grid; who is shown is logged."""
        grid: VoteGrid | None = extra.get("grid")
        log_seen(
            user=self.reader,
            people=[row.cadre_id for row in self.votes.rows],
            what=f"Kết quả kiểm phiếu {self.unit_label}, {self.part.round.name}",
            day=self.day,
        )
        steps = [(step, self.votes.results[step.number].has_quorum) for step in self.votes.steps]
        return (
            super().context(
                part=self.part,
                round=self.part.round,
                steps=steps,
                rows=self._rows(grid),
                may_enter=self.may_enter,
                head_choices=HEAD_CHOICES,
                faults=(),
                people=len(self.votes.rows),
            )
            | extra
        )

    def _rows(self, grid: VoteGrid | None) -> list[VoteRow]:
        rows, last = [], None
        names = unit_names({row.seat.unit_id for row in self.votes.rows}, self.part.round.day)
        for row in self.votes.rows:
            result = self.votes.outcomes[row.pk]
            rows.append(
                VoteRow(
                    candidate=row,
                    post=self.posts.get(row.cadre_id, ""),
                    cells=[self._cell(row, step, grid) for step in self.votes.steps],
                    outcome=OUTCOME_LABELS[result.outcome],
                    tone=TONES[result.outcome],
                    starts_seat=row.seat_id != last,
                    seat=f"{row.seat.title.name} · {names[row.seat.unit_id]}",
                )
            )
            last = row.seat_id
        return rows

    def _cell(self, row: Candidate, step: VoteStep, grid: VoteGrid | None) -> VoteCell:
        key, result = (row.pk, step.number), self.votes.results[step.number]
        kept = row.tallies.get(str(step.number), {})
        outcome, share = result.outcomes.get(row.pk), result.shares.get(row.pk)
        typed = grid.typed.get(key) if grid is not None else None
        votes = kept.get("votes")
        head = kept.get("head")
        return VoteCell(
            name=f"v-{row.pk}-{step.number}",
            head_name=f"h-{row.pk}-{step.number}",
            value=typed if typed is not None else "" if votes is None else str(votes),
            share="" if share is None else percent_text(float(share) / 100),
            outcome=OUTCOME_LABELS[outcome] if outcome and votes is not None else "",
            tone=TONES[outcome] if outcome else "",
            asks_head=outcome == "tied_head" or head is not None,
            head="" if head is None else "yes" if head else "no",
            fault=grid.faults.get(key, "") if grid is not None else "",
            describes=f"Số phiếu của {row.cadre.full_name}, bước {step.number}",
        )


class VotePrepare(PartEditor, ServiceFormScreen, ActionScreen):
    """Give the office the usual steps."""

    title, submit_label, success_text = "Lập các bước lấy phiếu", "Lập các bước", "Đã lập các bước."
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    def get_question(self) -> str:
        """Whose."""
        return f"Lập các bước lấy phiếu mặc định cho {self.unit_label}?"

    def get_consequences(self) -> Sequence[str]:
        """Which steps, and how sure they are."""
        usual = default_steps(self.part.round.day)
        if usual is None:
            return ["Chưa có các bước mặc định cho ngày xét của đợt."]
        mark = " (chưa kiểm chứng, sửa được)" if usual.confidence == "unconfirmed" else ""
        told = [f"Bước {place}: {step.name}" for place, step in enumerate(usual.steps, 1)]
        return [*told, f"Đạt khi vượt quá {usual.pass_percent}% số người được triệu tập{mark}."]

    def write(self, form: Any) -> list[VoteStep]:
        """Prepare them."""
        return prepare_steps(part=self.part, acting_user=self.reader)

    def get_success_url(self, result: Any) -> str:
        """The votes of the office."""
        return reverse("planning:vote-part", args=[self.part.pk])

    def get_cancel_url(self) -> str:
        """The votes of the office."""
        return reverse("planning:vote-part", args=[self.part.pk])


class StepForms(PartEditor, ServiceFormScreen):
    """What the forms of steps share."""

    form_class: ClassVar[type[forms.BaseForm]] = StepForm

    def get_success_url(self, result: Any) -> str:
        """The votes of the office."""
        return reverse("planning:vote-part", args=[self.part.pk])

    def get_cancel_url(self) -> str:
        """The votes of the office."""
        return reverse("planning:vote-part", args=[self.part.pk])


class StepAdd(StepForms):
    """One step more, or a re-vote of one (`?repeats=2`)."""

    success_text = "Đã thêm bước."

    @cached_property
    def repeated(self) -> VoteStep | None:
        """The step that is voted again."""
        asked = typed_key(self.request.GET.get("repeats"))
        return self.step(asked) if asked is not None else None

    def get_title(self) -> str:
        """What is added."""
        return f"Lấy phiếu lại bước {self.repeated.number}" if self.repeated else "Thêm bước lấy phiếu"

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """As the step that it repeats, else as the usual ones."""
        if self.repeated is not None:
            values = {name: getattr(self.repeated, name) for name in PLANNED_FIELDS}
            return {**values, "name": f"{self.repeated.name} (lấy phiếu lại)", "summoned": self.repeated.summoned}
        usual = default_steps(self.part.round.day)
        if usual is None:
            return {}
        return {"pass_percent": usual.pass_percent, "quorum_percent": usual.quorum_percent, "tie": usual.tie}

    def write(self, form: Any) -> VoteStep:
        """Add it."""
        values = step_values(form.cleaned_data, (*PLANNED_FIELDS, *HELD_FIELDS))
        return add_step(part=self.part, values=values, repeats=self.repeated, acting_user=self.reader)


class StepChange(StepForms):
    """How a step is held and passed."""

    success_text = "Đã lưu bước."
    read_once: ClassVar[Sequence[str]] = ("votes", "changed")

    @cached_property
    def changed(self) -> VoteStep:
        """The step of the address, or 404."""
        return self.step(self.kwargs["number"])

    def get_title(self) -> str:
        """Which."""
        return str(self.changed)

    def get_initial(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What stands there."""
        return {name: getattr(self.changed, name) for name in (*PLANNED_FIELDS, *HELD_FIELDS)}

    def get_version(self) -> str:
        """The step's version."""
        return str(version_of(self.changed))

    def write(self, form: Any) -> VoteStep:
        """Change it."""
        return change_step(
            step=self.changed,
            values=step_values(form.cleaned_data, (*PLANNED_FIELDS, *HELD_FIELDS)),
            version=self.version_shown,
            acting_user=self.reader,
        )


class StepDrop(StepForms, ActionScreen):
    """Take a step out."""

    title, submit_label, success_text = "Bỏ bước lấy phiếu", "Bỏ bước", "Đã bỏ bước."
    is_destructive = True
    form_class: ClassVar[type[forms.BaseForm]] = PlainForm

    @cached_property
    def dropped(self) -> VoteStep:
        """The step of the address, or 404."""
        return self.step(self.kwargs["number"])

    def get_question(self) -> str:
        """Which."""
        return f"Bỏ «{self.dropped}»?"

    def write(self, form: Any) -> None:
        """Drop it."""
        drop_step(step=self.dropped, acting_user=self.reader)


class VoteSheet(PartEditor):
    """The sheet of votes as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Candidates and steps."""
        title = f"Kết quả kiểm phiếu: {self.unit_label}"
        content = vote_workbook(title, self.votes.rows, self.votes.steps)
        people = [row.cadre_id for row in self.votes.rows]
        log_taken_out(user=self.reader, people=people, what=title, day=self.day)
        headers = {"Content-Disposition": 'attachment; filename="ket-qua-kiem-phieu.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)


class VoteImport(StepForms):
    """The sheet, filled in: all or nothing, every fault by its cell."""

    title = "Nhập kết quả kiểm phiếu"
    template_name = "shapes/sheet.html"
    form_class: ClassVar[type[forms.BaseForm]] = VoteSheetForm
    submit_label = "Kiểm tra và ghi"

    def get_lead(self) -> str:
        """Whose."""
        return f"{self.unit_label} · tải bảng, điền số phiếu, rồi gửi lại"

    def save(self, form: Any) -> Any:
        """Read, and write when nothing is wrong."""
        try:
            content = form.cleaned_data["file"].read(LARGEST)
            read = read_votes(content, rows=self.votes.rows, steps=self.votes.steps)
        except UnreadableFile as error:
            raise ValidationError({"file": str(error)}) from error
        if read.faults:
            return self.refuse(form, faults=read.faults[:MOST_FAULTS], fault_total=len(read.faults))
        if not read.votes:
            raise ValidationError({"file": "Bảng không có số phiếu nào."})
        self.read = read
        return super().save(form)

    def write(self, form: Any) -> int:
        """Record everything."""
        return record_tallies(part=self.part, votes=dict(self.read.votes), acting_user=self.reader)

    def get_success_text(self, result: Any) -> str:
        """How many."""
        return f"Đã ghi kết quả của {number_text(result)} người."

    def context(self, **extra: Any) -> dict[str, Any]:
        """Nothing is wrong yet."""
        url = reverse("planning:vote-sheet", args=[self.part.pk])
        return super().context(faults=(), fault_total=0, sheet_url=url) | extra


class VotePaper(PartScreen):
    """A paper of one step as PDF."""

    what: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The paper, logged as a print."""
        step = self.step(self.kwargs["number"])
        content = self.paper(step)
        log_printed(
            user=self.reader,
            people=[row.cadre_id for row in self.votes.rows],
            what=f"{self.what} {self.unit_label}, {step}",
            day=self.day,
        )
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.kwargs["pk"]}-{step.number}.pdf"'
        return response

    def paper(self, step: VoteStep) -> bytes:
        """The file."""
        raise NotImplementedError


class VoteMinutes(VotePaper):
    """The minutes of the count."""

    what = "Biên bản kiểm phiếu"

    def paper(self, step: VoteStep) -> bytes:
        """What was counted."""
        return minutes_pdf(self.part, step, self.votes, self.posts)


class VoteBallots(VotePaper):
    """The ballot."""

    what = "Phiếu giới thiệu quy hoạch"

    def paper(self, step: VoteStep) -> bytes:
        """Who is voted on."""
        return ballots_pdf(self.part, step, self.votes.rows, self.posts)
