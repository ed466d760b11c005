"""Slates for the sample province: of each side one that stands, one dropped, one whose move has a draft."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, Unit
from planning.choices import SlateState
from planning.models import Slate, SlateMove
from tests.factories.personnel import make, make_code

SLATE_MODELS = (Slate, SlateMove)
DAY = datetime.date(2026, 12, 1)
NO_ID = 9_999_991

#: What fills the addresses of slates, leading to nothing; by the keys of `slate_things`.
NO_SLATES: dict[str, tuple[Any, ...]] = {
    "plan_slate": (NO_ID,),
    "plan_slate_dropped": (NO_ID,),
    "plan_slate_drawn": (NO_ID, NO_ID),
    "plan_slate_move": (NO_ID,),
}


def slate_things(unit: Unit, person: Cadre) -> dict[str, tuple[Any, ...]]:
    """What fills the addresses of slates of one unit, by the kind of thing."""
    kind = make_code(DecisionKind, "x-dieu-dong", name="Điều động")
    draft = make(Decision, kind=kind, unit=unit, effective_on=DAY, state=DecisionState.DRAFT)
    make(DecisionItem, decision=draft, cadre=person)
    standing = _slate(unit, person, SlateState.DRAFT)
    dropped = _slate(unit, person, SlateState.DROPPED)
    drawn = _slate(unit, person, SlateState.CHOSEN, decision=draft)
    return {
        "plan_slate": (standing.slate_id,),
        "plan_slate_dropped": (dropped.slate_id,),
        "plan_slate_drawn": (drawn.slate_id, draft.pk),
        "plan_slate_move": (standing.pk,),
    }


def _slate(unit: Unit, person: Cadre, state: str, **values: Any) -> SlateMove:
    """A slate in a state that moves the person within the unit."""
    slate = make(Slate, name=f"Phương án cho {person.full_name}", day=DAY, state=state)
    return make(SlateMove, slate=slate, cadre=person, act="transfer", unit=unit, position=1, **values)  # type: ignore[no-any-return]
