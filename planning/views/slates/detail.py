"""The page of a slate: its moves with what the rules say of each, their order, what they change, what was drawn up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.formats import date_text, number_text
from hrdb.kernel.screens.links import with_query
from hrdb.kernel.screens.pieces import FindingLine, Tag
from personnel.models import Decision
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.errors import ServiceRefusal, StaleVersion
from personnel.views.decisions.checked import kept_line, line_of
from personnel.views.decisions.rows import state_label as decision_state_label
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.reports.slates import MOST_COMPARED, TEAM_HEADS, MoveLine, SlateReport
from planning.services.slates.writing import order_move
from planning.views.slates.opening import STALE, MoveScreen, SlateScreen, state_label

STATE_TAGS: dict[str, tuple[Any, str]] = {
    "signed": ("good", "badge-check"),
    "fault": ("bad", "circle-alert"),
    "blocked": ("bad", "x"),
    "unknown": ("", "circle-question-mark"),
    "met": ("good", "check"),
}


@dataclass(frozen=True)
class ShownMove:
    """A move as its page shows it."""

    line: MoveLine
    lines: Sequence[FindingLine]

    @property
    def pk(self) -> int:
        """The move's key."""
        return int(self.line.one.move.pk or 0)

    @property
    def url(self) -> str:
        """The profile of the person."""
        return reverse("personnel:cadre-detail", args=[self.line.one.move.cadre_id])

    @property
    def tag(self) -> Tag:
        """How it stands in a word."""
        tone, icon = STATE_TAGS[self.line.state]
        return Tag(label=self.line.verdict, tone=tone, icon=icon)

    @property
    def is_drawn(self) -> bool:
        """Whether it has a decision."""
        return self.line.one.move.decision_id is not None


def shown_moves(report: SlateReport) -> list[ShownMove]:
    """The moves of a report with their findings as lines, what stands in the way first."""
    order = {"not": 0, "from": 1, "unknown": 2, "met": 3}
    found = []
    for line in report.moves:
        planned = line.one.planned
        lines = [line_of(one, report.slate.day) for one in planned.findings] if planned is not None else []
        lines += [kept_line(one) for one in line.one.kept]
        found.append(ShownMove(line, sorted(lines, key=lambda one: order[one.state])))
    return found


@dataclass(frozen=True)
class DrawnDecision:
    """A decision that was drawn up for a slate: which moves it carries out, where it stands."""

    decision: Decision
    places: str
    names: str
    label: SafeString
    may_undraw: bool

    @property
    def url(self) -> str:
        """Its page in the register."""
        return reverse("personnel:decision", args=[self.decision.pk])


def drawn_decisions(report: SlateReport, day: Any) -> list[DrawnDecision]:
    """The decisions of a slate in the order of its moves, each with where it stands on a day."""
    groups: dict[int, list[MoveLine]] = {}
    for line in report.moves:
        if line.one.move.decision_id is not None:
            groups.setdefault(line.one.move.decision_id, []).append(line)
    found = []
    for lines in groups.values():
        decision: Any = lines[0].one.move.decision
        found.append(
            DrawnDecision(
                decision=decision,
                places=", ".join(str(line.place) for line in lines),
                names=", ".join(line.name for line in lines),
                label=decision_state_label(decision, decision.state_on(day)),
                may_undraw=decision.is_open,
            )
        )
    return found


class SlateResults(SlateScreen):
    """What the page and its fragment share."""

    template_name = "planning/slate.html"
    fragments: ClassVar[dict[str, str]] = {"slate": "planning/slate_body.html"}  # type: ignore[misc]

    def get_title(self) -> str:
        """The name."""
        return self.slate.name

    def get_lead(self) -> str:
        """From which day, how it stands."""
        sums = self.report.sums
        told = [f"Dự kiến từ ngày {date_text(self.slate.day)}", f"{number_text(len(self.report.moves))} bước"]
        if sums["fault"] + sums["blocked"]:
            told.append(f"{number_text(sums['fault'] + sums['blocked'])} bước chưa đạt")
        return " · ".join(told)

    def get_crumbs(self) -> Any:
        """The page itself is the last step."""
        return list(super().get_crumbs())[:-1]

    @property
    def may_draw(self) -> bool:
        """Whether drafts may be drawn up now."""
        is_ready = self.slate.is_open and bool(self.report.rehearsed.undrawn)
        return is_ready and not scope_of(self.reader, Action.DECIDE).is_empty

    def get_actions(self) -> Sequence[Button]:
        """What is done with the slate."""
        pk = self.slate.pk
        buttons = [
            Button(label="Xuất Excel", url=reverse("planning:slate-workbook", args=[pk]), icon="download"),
            Button(label="In PDF", url=reverse("planning:slate-print", args=[pk]), icon="printer"),
            Button(label="Sao phương án", url=reverse("planning:slate-copy", args=[pk]), icon="copy"),
        ]
        if self.slate.state == SlateState.DROPPED:
            url = reverse("planning:slate-restore", args=[pk])
            return [*buttons, Button(label="Lấy lại", url=url, icon="undo-2", main=True)]
        buttons.append(
            Button(
                label="Thêm bước",
                url=reverse("planning:slate-move-add", args=[pk]),
                icon="plus",
                main=not self.may_draw,
            )
        )
        if self.may_draw:
            label = "Lập dự thảo các bước còn lại" if self.slate.state == SlateState.CHOSEN else "Chọn phương án"
            url = reverse("planning:slate-choose", args=[pk])
            buttons.append(Button(label=label, url=url, icon="circle-check", main=True))
        return buttons

    def relatives(self) -> list[Slate]:
        """The slate that this one varies and the other copies, as far as the reader may plan them."""
        root = self.slate.copied_from_id or self.slate.pk
        slates = Slate.objects.all().visible_to(self.reader).exclude(pk=self.slate.pk)
        family = Q(pk=root) | Q(copied_from=root) | Q(copied_from=self.slate.pk)
        return list(slates.filter(family).order_by("pk"))

    def context(self, **extra: Any) -> dict[str, Any]:
        """The report; who is shown is logged."""
        self.log_seen()
        relatives = self.relatives()
        compared = ",".join(str(one.pk) for one in [self.slate, *relatives][:MOST_COMPARED])
        return super().context(
            slate=self.slate,
            slate_label=state_label(self.slate),
            version=self.get_version(),
            report=self.report,
            moves=shown_moves(self.report),
            decisions=drawn_decisions(self.report, self.day),
            heads=TEAM_HEADS,
            relatives=[(one, state_label(one)) for one in relatives],
            compare_url=with_query(reverse("planning:slate-compare"), slates=compared) if relatives else "",
            is_open=self.slate.is_open,
            problem=extra.pop("problem", ""),
            **extra,
        )


class SlatePage(SlateResults):
    """One slate; its body is the fragment #slate, judged anew whenever it is asked for."""


class MoveOrder(MoveScreen, SlateResults):
    """Move a move up or down; without scripts one comes back to the page, with them the judged body is sent."""

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Change the order."""
        by = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
        if by is None:
            raise Http404
        problem, status = "", 200
        try:
            order_move(move=self.move, by=by, version=self.sent_number, acting_user=self.reader)
        except StaleVersion:
            problem, status = STALE, 409
        except (Slate.DoesNotExist, SlateMove.DoesNotExist) as error:
            raise Http404 from error
        except ServiceRefusal as refusal:
            problem, status = refusal.message, 422
        if getattr(request, "htmx", None):
            self.__dict__.pop("slate", None)
            return self.respond(status=status, problem=problem)
        if problem:
            messages.error(request, problem)
        return HttpResponseRedirect(self.link(f"{self.slate.get_absolute_url()}#move-{self.move.pk}"))
