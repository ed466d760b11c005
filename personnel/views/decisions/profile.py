"""Decisions on the profile (quyết định trên trang hồ sơ): a tab of the person's decisions, a button to draw one up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.screens import Action as Button
from hrdb.kernel.screens.links import with_day, with_query
from personnel.models import Decision
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.record_parts import ProfileAction, cadre_tabs, profile_actions
from personnel.views.decisions.rows import CLOSED_TEXT, state_label
from personnel.views.opening import OpenedRecord
from personnel.views.tabs import CadreTab


@dataclass(frozen=True)
class DecisionOfPerson:
    """A decision as the profile lists it."""

    decision: Decision
    text: str
    kind: str
    state: SafeString
    url: str


@cadre_tabs.register
class DecisionsTab(CadreTab):
    """The decisions about a person: signed ones, and the drafts of the reader's own office."""

    key, label, order = "decisions", "Quyết định", 85
    template_name = "personnel/decision/of_person.html"

    def is_shown(self) -> bool:
        """Of a stub there is nothing to tell."""
        return not self.opened.is_stub

    def context(self) -> dict[str, Any]:
        """The newest first; who has no register sees them without their pages."""
        opened = self.opened
        seen: Any = Decision.objects.visible_to(opened.user).known_on(opened.day, is_past=opened.is_past_day)
        about = seen.filter(items__cadre=self.record.pk).with_sight(opened.user).select_related("kind")
        has_register = not scope_of(opened.user, Action.VIEW).is_empty
        rows = about.order_by(F("signed_on").desc(nulls_first=True), "-pk")
        return {"decisions": [self._drawn(decision, has_register) for decision in rows]}

    def _drawn(self, decision: Any, has_register: bool) -> DecisionOfPerson:
        kind = decision.kind.name if decision.kind and not decision.is_stub else ""
        text = CLOSED_TEXT if decision.is_stub else (decision.summary if decision.is_text_open else "") or kind
        url = with_day(self.request, reverse("personnel:decision", args=[decision.pk])) if has_register else ""
        state = state_label(decision, decision.state_on(self.opened.day))
        return DecisionOfPerson(decision, text, "" if kind == text else kind, state, url)


@profile_actions.register
class DecideAction(ProfileAction):
    """Draw up a decision about the person."""

    key, order = "decide", 20

    def action(self) -> Button | None:
        """For whoever decides there."""
        opened: OpenedRecord = self.record.opened
        if not opened.may_edit or opened.is_stub or scope_of(opened.user, Action.DECIDE).is_empty:
            return None
        url = with_query(reverse("personnel:decision-choose"), signed=1, cadre=self.record.pk)
        return Button(label="Ra quyết định", url=url, icon="file-text")
