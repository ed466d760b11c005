"""What lists of decisions read beside them, set-wise: who they are about, whether their texts are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.safestring import SafeString

from hrdb.kernel.models import User
from hrdb.kernel.screens.formats import number_text
from hrdb.kernel.templatetags.hr_screens import label
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, DecisionItem

TONES = {
    DecisionState.DRAFT: "",
    DecisionState.CHECKED: "act",
    DecisionState.SUBMITTED: "warn",
    DecisionState.SIGNED: "good",
    DecisionState.WITHDRAWN: "bad",
    DecisionState.ANNULLED: "bad",
    DecisionState.REPLACED: "warn",
}
ICONS = {
    DecisionState.DRAFT: "pencil",
    DecisionState.CHECKED: "check",
    DecisionState.SUBMITTED: "clock-3",
    DecisionState.SIGNED: "badge-check",
    DecisionState.WITHDRAWN: "undo-2",
    DecisionState.ANNULLED: "x",
    DecisionState.REPLACED: "arrow-right",
}
#: What stands in place of a summary that the reader may not see.
CLOSED_TEXT = "Chỉ lưu phiếu chỉ dẫn"


@dataclass(frozen=True, slots=True)
class About:
    """The people of a decision whom the reader sees: the first by name, how many, and whether texts are open."""

    first: str = ""
    count: int = 0
    is_text_open: bool = False

    @property
    def more(self) -> str:
        """How many besides the first."""
        return f"và {number_text(self.count - 1)} người khác" if self.count > 1 else ""

    @property
    def text(self) -> str:
        """In a few words."""
        return " ".join(filter(None, (self.first, self.more)))


def visible_items(user: User | None) -> QuerySet[Any]:
    """People of decisions whom a reader may see; who has no record yet is seen with the draft."""
    people = Cadre.objects.visible_to(user).order_by().values("pk")
    return DecisionItem.objects.filter(Q(cadre__isnull=True) | Q(cadre__in=people))


def read_about(decision_ids: Iterable[int], user: User | None) -> dict[int, About]:
    """Who decisions are about, by id; the number of statements does not depend on how many they are."""
    ids = list(decision_ids)
    items = visible_items(user).filter(decision_id__any=ids)
    counted = items.order_by().values("decision").annotate(count=Count("pk"), first=Min("position"))
    counts = {row["decision"]: (row["first"], row["count"]) for row in counted}
    firsts = items.order_by("decision_id", "position", "pk").distinct("decision_id").select_related("cadre")
    names = {item.decision_id: str(item) for item in firsts}
    seen: Any = Decision.objects.filter(pk__any=ids).with_sight(user).only("pk")
    return {one.pk: About(names.get(one.pk, ""), counts.get(one.pk, (0, 0))[1], one.is_text_open) for one in seen}


def state_label(decision: Decision, text: str) -> SafeString:
    """The state as a label."""
    state = DecisionState(getattr(decision, "state_then", decision.state))
    return label(text, TONES[state], ICONS[state])
