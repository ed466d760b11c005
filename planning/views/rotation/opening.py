"""Opening pages of rotation: who may at all, the plan or rotation of the address, what the pages show of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString

from hrdb.kernel.history import version_of
from hrdb.kernel.models import User
from hrdb.kernel.screens import Crumb
from hrdb.kernel.screens.pieces import FindingLine, Tag
from hrdb.kernel.templatetags.hr_screens import label
from personnel.models import Cadre
from personnel.views.decisions.checked import kept_line, rule_label
from personnel.views.record_forms import ServiceFormScreen
from planning.choices import RotationPlanState, RotationState
from planning.models import RotationItem, RotationPlan
from planning.models.scope import may_plan
from planning.rules.eligibility import Verdict
from planning.rules.rotation import ROTATION_TIER_2
from planning.services.rotation.plans import manages, may_approve
from planning.statistics.names import unit_names
from planning.statistics.rotation import judge_items
from planning.views.lines import ShownFinding, ShownPerson, reasons, shown_findings, shown_people, verdict_tag
from planning.views.opening import PlanningScreen

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PLAN_TONES = {RotationPlanState.DRAFT: "act", RotationPlanState.SUBMITTED: "warn", RotationPlanState.APPROVED: "good"}
ITEM_TONES = {
    RotationState.PROPOSED: "act",
    RotationState.APPROVED: "good",
    RotationState.DECIDED: "good",
    RotationState.ENDED: "",
    RotationState.DROPPED: "bad",
}


def plan_state(plan: RotationPlan) -> SafeString:
    """The state of a plan as a label."""
    return label(str(plan.state.label), PLAN_TONES[plan.state])


def item_state(item: RotationItem) -> SafeString:
    """The state of a rotation as a label."""
    return label(item.get_state_display(), ITEM_TONES[RotationState(item.state)])


class RotationScreen(PlanningScreen):
    """A page for who plans or approves somewhere."""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Below the list of plans."""
        return [Crumb("Luân chuyển", reverse("planning:rotation-list"))]


class PlanScreen(RotationScreen):
    """A page about one plan: 404 out of scope."""

    @cached_property
    def plan(self) -> RotationPlan:
        """The plan of the address, or 404."""
        plans = RotationPlan.objects.visible_to(self.reader).select_related("decision", "unit")
        found: RotationPlan = get_object_or_404(plans, pk=self.kwargs["pk"])
        return found

    @cached_property
    def manages(self) -> bool:
        """Whether the reader prepares the plan."""
        return manages(self.reader, self.plan)

    @cached_property
    def may_approve(self) -> bool:
        """Whether the submitted plan waits for the reader's approval."""
        return self.plan.state == RotationPlanState.SUBMITTED and may_approve(self.reader, self.plan)

    @cached_property
    def items(self) -> QuerySet[Any]:
        """The rotations of the plan that the reader sees."""
        rows = RotationItem.objects.all().visible_to(self.reader).filter(plan=self.plan)
        return rows.select_related("cadre", "title", "from_title", "plan", "decision").order_by("pk")

    @property
    def plan_url(self) -> str:
        """The page of the plan."""
        return reverse("planning:rotation-detail", args=[self.plan.pk])

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list and the plan."""
        return [*super().get_crumbs(), Crumb(self.plan.name, self.plan_url)]

    def get_success_url(self, result: Any) -> str:
        """Back to the plan."""
        return self.plan_url

    def get_cancel_url(self) -> str:
        """Back to the plan."""
        return self.plan_url


class PlannerOfPlanScreen(PlanScreen):
    """A page for who prepares the plan; for the others it is not there."""

    def may_open(self) -> bool:
        """Only who plans; who does not prepare this plan gets 404, and so does an act that its state does not allow."""
        if not may_plan(self.reader):
            return False
        if not self.manages or not self.is_possible():
            raise Http404
        return True

    def is_possible(self) -> bool:
        """Whether the act makes sense in the plan's state."""
        return self.plan.is_open


class ItemScreen(RotationScreen):
    """A page about one rotation: 404 out of scope."""

    @cached_property
    def item(self) -> RotationItem:
        """The rotation of the address, or 404."""
        rows = RotationItem.objects.all().visible_to(self.reader)
        rows = rows.select_related("cadre", "plan", "title", "from_title", "decision__kind", "end_decision")
        found: RotationItem = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @cached_property
    def manages(self) -> bool:
        """Whether the reader prepares it and leads it to its end."""
        return RotationItem.objects.managed_by(self.reader).filter(pk=self.item.pk).exists()

    @cached_property
    def receives(self) -> bool:
        """Whether the reader plans for the receiving unit."""
        return RotationItem.objects.received_by(self.reader).filter(pk=self.item.pk).exists()

    @cached_property
    def places(self) -> tuple[str, str]:
        """Where from and where to, in words."""
        names = unit_names({self.item.from_unit_id, self.item.to_unit_id}, self.day)
        return names.get(self.item.from_unit_id, ""), names.get(self.item.to_unit_id, "")

    @property
    def item_url(self) -> str:
        """The page of the rotation."""
        return reverse("planning:rotation-item", args=[self.item.pk])

    def get_crumbs(self) -> Sequence[Crumb]:
        """The list, the plan, this rotation; the plan is a link only where it is the reader's to read."""
        plan = self.item.plan
        return [
            *super().get_crumbs(),
            Crumb(plan.name, reverse("planning:rotation-detail", args=[plan.pk])),
            Crumb(self.item.cadre.full_name, self.item_url),
        ]


class ItemActScreen(ItemScreen, ServiceFormScreen):
    """A form about one rotation, for who leads it: 404 out of scope."""

    read_once: ClassVar[Sequence[str]] = ("item",)

    def may_open(self) -> bool:
        """Who plans; who does not lead it, or where the act makes no sense, gets 404."""
        if not may_plan(self.reader):
            return False
        if not self.is_led() or not self.is_possible():
            raise Http404
        return True

    def is_led(self) -> bool:
        """Whether the act is this reader's."""
        return self.manages

    def is_possible(self) -> bool:
        """Whether the act makes sense in the state."""
        return True

    def get_lead(self) -> str:
        """Who, from where to where."""
        start, end = self.places
        return f"{self.item.cadre.full_name} · {start} → {end}"

    def get_version(self) -> str | None:
        """The row's version."""
        return str(version_of(self.item))

    def get_success_url(self, result: Any) -> str:
        """Back to the rotation."""
        return self.item_url

    def get_cancel_url(self) -> str:
        """Back to the rotation."""
        return self.item_url


@dataclass(frozen=True)
class ShownItem:
    """A rotation as the pages show it: who, from where to where, the verdict or what was kept of it."""

    item: RotationItem
    person: ShownPerson
    from_place: str
    to_place: str
    verdict: Verdict | None
    day: date

    @property
    def state_tone(self) -> str:
        """The tone of the state's label."""
        return ITEM_TONES[RotationState(self.item.state)]

    @property
    def tag(self) -> Tag | None:
        """The verdict in a word; of an approved rotation how it was found."""
        if self.verdict is not None:
            return verdict_tag(self._left(self.verdict), self.item.begins_on or self.day)
        return _kept_tag(self.item)

    @property
    def reasons(self) -> str:
        """What stands in the way in a few words."""
        return reasons(self._left(self.verdict)) if self.verdict is not None else ""

    def _left(self, verdict: Verdict) -> Verdict:
        """The verdict without what was passed over."""
        left = tuple(one for one in verdict.findings if one.rule not in self.item.overrides)
        return replace(verdict, findings=left)

    @property
    def findings(self) -> list[ShownFinding]:
        """The findings, what stands in the way first."""
        if self.verdict is None:
            return []
        at = self.item.begins_on or self.day
        return shown_findings(self.verdict, at, cadre_id=self.item.cadre_id, overrides=self.item.overrides)

    @property
    def lines(self) -> list[FindingLine]:
        """The findings as lines; those kept at approval as they were kept."""
        if self.verdict is None:
            return [kept_line({**one, "facts": _days(one.get("facts", {}))}) for one in self.item.findings]
        return [one.line for one in self.findings]

    @property
    def failing(self) -> list[ShownFinding]:
        """What is not met and not passed over."""
        return [one for one in self.findings if one.is_failing and not one.reason]

    @property
    def passed(self) -> list[tuple[str, str]]:
        """What was passed over, with the reasons."""
        return [(rule_label(rule), text) for rule, text in self.item.overrides.items()]


def shown_items(items: Sequence[RotationItem], *, user: User | None, day: date) -> list[ShownItem]:
    """Rotations with people, places and verdicts: a constant number of queries.

    What was approved shows the findings that were kept; tier 2 facts only to who reads them of the person.
    """
    listed = list(items)
    people = shown_people([item.cadre_id for item in listed], day)
    names = unit_names({pk for item in listed for pk in (item.from_unit_id, item.to_unit_id)}, day)
    judged = [item for item in listed if item.state == RotationState.PROPOSED]
    verdicts = judge_items(judged, day=day, user=user)
    kept = [item for item in listed if item.findings and item.pk not in verdicts]
    opened = Cadre.objects.filter(pk__in={item.cadre_id for item in kept}).readable_in_tier_2(user) if kept else None
    seen = set(opened.values_list("pk", flat=True)) if opened is not None else set()
    for item in kept:
        if item.cadre_id not in seen:
            item.findings = [
                {**one, "facts": {}, "value": None} if one["rule"] in ROTATION_TIER_2 else one for one in item.findings
            ]
    return [
        ShownItem(
            item,
            people[item.cadre_id],
            names.get(item.from_unit_id, ""),
            names.get(item.to_unit_id, ""),
            verdicts.get(item.pk),
            day,
        )
        for item in listed
    ]


def _days(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Kept facts with their days as days, which are kept in ISO form."""
    found = {}
    for words, fact in facts.items():
        is_day = isinstance(fact, str) and ISO_DAY.fullmatch(fact) is not None
        found[words] = date.fromisoformat(fact) if is_day else fact
    return found


def _kept_tag(item: RotationItem) -> Tag | None:
    if not item.findings:
        return None
    outcomes = [one["outcome"] for one in item.findings if one["rule"] not in item.overrides]
    if unclear := outcomes.count("unknown"):
        return Tag(label=f"{unclear} điều chưa rõ khi duyệt", icon="circle-question-mark")
    passed = f", {len(item.overrides)} điều cho qua" if item.overrides else ""
    return Tag(label=f"đủ điều kiện khi duyệt{passed}", tone="good", icon="check")
