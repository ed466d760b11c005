"""Opening a decision: whether this reader sees it, what of it, and what may be done with it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from hrdb.kernel.accounts import reader
from hrdb.kernel.history import version_of
from hrdb.kernel.keys import typed_key
from hrdb.kernel.models import User
from hrdb.kernel.screens import Crumb, Screen
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision
from personnel.models.decisions import SENSITIVE_KINDS
from personnel.models.scope import scope_of
from personnel.policies import TIER_2_TABLES, Action
from personnel.services.decisions.kinds import DecisionAct, act_of

JOINED = ("kind", "unit", "drafted_by", "target", "rests_on", "signing__user")


@dataclass(frozen=True)
class OpenedDecision:
    """A decision in the hands of one reader.

    `may_write` is the office that drew it up and decides; `may_return` also who approves there; `is_text_open` says
    that summary, terms and scan may be read, which may name anybody of the decision.
    """

    decision: Decision
    user: User | None
    day: datetime.date
    is_text_open: bool
    may_write: bool
    may_return: bool

    @cached_property
    def act(self) -> DecisionAct | None:
        """The class of its kind."""
        return act_of(self.decision)

    @property
    def is_stub(self) -> bool:
        """Whether only a stub with a pointer to the paper is kept."""
        return self.decision.is_stub

    @property
    def may_change(self) -> bool:
        """Whether the reader may change the draft."""
        return self.may_write and self.decision.is_open

    @property
    def is_only_cited(self) -> bool:
        """Whether facts cite it and the register has not written it."""
        return self.decision.is_issued and self.decision.signing_id is None

    @cached_property
    def may_revise(self) -> bool:
        """Whether the reader may withdraw, annul or correct it."""
        found = Decision.objects.filter(pk=self.decision.pk).revisable_by(self.user, self.day)
        return bool(self.may_write and found.exists())

    @cached_property
    def why_not_revised(self) -> str:
        """Why a standing decision takes no withdrawal, annulment, correction or replacement; empty when it does."""
        if self.decision.state != DecisionState.SIGNED or self.may_revise:
            return ""
        if self.is_only_cited:
            return (
                "Quyết định này chỉ được viện dẫn: các sự việc trong hồ sơ đã có từ trước khi lập sổ. "
                "Cần thay đổi thì sửa sự việc trong hồ sơ, hoặc vào sổ quyết định mới."
            )
        return (
            "Chỉ cơ quan đã lập quyết định và hiện quản lý mọi người trong quyết định "
            "mới thu hồi, hủy bỏ, đính chính được."
        )

    @property
    def tells_discipline(self) -> bool:
        """Whether values and texts are tier 2 data."""
        return self.decision.kind is not None and self.decision.kind.code in SENSITIVE_KINDS

    @property
    def judges_by_tier_2(self) -> bool:
        """Whether its findings and what it writes may tell tier 2 data."""
        parts = self.act.parts if self.act is not None else ()
        return self.tells_discipline or any(part._meta.label_lower in TIER_2_TABLES for part in parts)

    def open_in_tier_2(self, cadre_ids: Sequence[int]) -> set[int]:
        """Those of some people whose tier 2 data the reader may read."""
        people = Cadre.objects.filter(pk__any=list(cadre_ids)).readable_in_tier_2(self.user)
        return set(people.values_list("pk", flat=True))

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("personnel:decision", args=[self.decision.pk])


def open_decision(request: HttpRequest, pk: int) -> OpenedDecision:
    """The decision for the page of a request; Http404 out of scope."""
    user = reader(request)
    day: datetime.date = getattr(request, "day", timezone.localdate())
    today: datetime.date = getattr(request, "today", day)
    is_past = day < today
    found: Any = Decision.objects.visible_to(user).with_sight(user).select_related(*JOINED).filter(pk=pk)
    decision = found.first()
    if decision is None:
        raise Http404
    if is_past:
        known: Any = Decision.objects.filter(pk=pk).known_on(day, is_past=True)
        then = known.first()
        if then is None:
            raise Http404
        decision.state_then = then.state_then
    own = Decision.objects.filter(pk=pk)
    return OpenedDecision(
        decision=decision,
        user=user,
        day=day,
        is_text_open=bool(decision.is_text_open),
        may_write=not is_past and own.kept_by(user, Action.DECIDE).exists(),
        may_return=not is_past and own.kept_by(user, Action.APPROVE).exists(),
    )


class DecisionScreen(Screen):
    """What the pages of one decision share: 404 out of scope, 403 for who may not do what the page is for."""

    @cached_property
    def opened(self) -> OpenedDecision:
        """The decision in this reader's hands."""
        return open_decision(self.request, self.kwargs["pk"])

    @property
    def decision(self) -> Decision:
        """The decision."""
        return self.opened.decision

    def may_open(self) -> bool:
        """Whoever has the register."""
        if scope_of(reader(self.request), Action.VIEW).is_empty:
            return False
        return self.is_open_to(self.opened)

    def is_open_to(self, opened: OpenedDecision) -> bool:
        """Whether the reader may do what the page is for."""
        return True

    def get_crumbs(self) -> Sequence[Crumb]:
        """The register, the decision, this page."""
        return [
            Crumb("Sổ quyết định", reverse("personnel:decision-list")),
            Crumb(str(self.decision), self.opened.url),
            Crumb(self.get_title()),
        ]

    @property
    def version(self) -> int:
        """The version that forms carry."""
        return version_of(self.decision)

    @property
    def sent_version_number(self) -> int | None:
        """The version that the form was opened with."""
        return typed_key(self.request.POST.get("record_version"))
