"""Opening a slate: 404 for whoever may not plan all of it, its version, the report that its pages show, the log."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.screens import Crumb
from hrdb.kernel.templatetags.hr_screens import label
from personnel.services.decisions.kinds import DecisionAct
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from planning.reports.slates import SlateReport, slate_report
from planning.services.reading import log_seen
from planning.services.slates.rehearsing import slate_act
from planning.views.opening import PlannerScreen

TONES = {SlateState.DRAFT: "act", SlateState.CHOSEN: "good", SlateState.DROPPED: ""}
STALE = "Phương án vừa được người khác sửa; dưới đây là nội dung hiện nay. Hãy xem lại rồi làm tiếp."


def state_label(slate: Slate) -> SafeString:
    """The state of a slate as a label."""
    state = SlateState(slate.state)
    return label(str(state.label), TONES[state])


class SlateScreen(PlannerScreen):
    """A page about one slate: 404 for whoever may not plan everybody of it."""

    @cached_property
    def slate(self) -> Slate:
        """The slate of the address, or 404."""
        slates = Slate.objects.all().visible_to(self.reader).select_related("owner")
        found: Slate = get_object_or_404(slates, pk=self.kwargs["pk"])
        return found

    def may_open(self) -> bool:
        """Who plans; out of scope it is not there."""
        return super().may_open() and bool(self.slate)

    def get_version(self) -> str:
        """The version of the whole slate, which forms carry."""
        return str(version_of(self.slate))

    @property
    def sent_number(self) -> int | None:
        """The version that the form was opened with; none sent is none that ever was."""
        sent = typed_key(self.request.POST.get("record_version", ""))
        return sent if sent is not None else -1

    @cached_property
    def report(self) -> SlateReport:
        """The slate judged now."""
        return slate_report(self.slate, self.reader)

    def log_seen(self, people: Set[int] | None = None) -> None:
        """Log whom the page showed."""
        seen = self.report.people if people is None else people
        log_seen(user=self.reader, people=seen, what=f"Phương án nhân sự {self.slate.pk}", day=self.slate.day)

    def get_crumbs(self) -> Sequence[Crumb]:
        """The lists and the slate."""
        return [
            *super().get_crumbs(),
            Crumb("Phương án nhân sự", reverse("planning:slate-list")),
            Crumb(self.slate.name, self.slate.get_absolute_url()),
        ]

    def get_success_url(self, result: Any) -> str:
        """Back to the slate."""
        return self.slate.get_absolute_url()

    def get_cancel_url(self) -> str:
        """Back to the slate."""
        return self.slate.get_absolute_url()


class OpenSlateScreen(SlateScreen):
    """A page that changes a slate: not there once it was dropped."""

    def may_open(self) -> bool:
        """Of a slate that stands."""
        if not super().may_open():
            return False
        if not self.slate.is_open:
            raise Http404
        return True


class MoveScreen(OpenSlateScreen):
    """A page about one move of a slate."""

    @cached_property
    def move(self) -> SlateMove:
        """The move of the address, or 404."""
        moves = SlateMove.objects.all().visible_to(self.reader).select_related("cadre", "unit", "title")
        found: SlateMove = get_object_or_404(moves, pk=self.kwargs["pk"])
        return found

    @cached_property
    def slate(self) -> Slate:
        """Its slate, or 404 where somebody else of it is out of scope."""
        slates = Slate.objects.all().visible_to(self.reader).select_related("owner")
        found: Slate = get_object_or_404(slates, pk=self.move.slate_id)
        return found

    @property
    def move_act(self) -> DecisionAct | None:
        """The kind of the move."""
        return slate_act(self.move.act)


class UndrawnMoveScreen(MoveScreen):
    """A page that changes a move: not there once a decision has been drawn up."""

    def may_open(self) -> bool:
        """Of a move without a decision."""
        if not super().may_open():
            return False
        if self.move.is_drawn:
            raise Http404
        return True
