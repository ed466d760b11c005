"""Plans of rotation for the sample province: of each side one open, one submitted, one approved, with one person."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.choices import ManagingLevel
from personnel.models import Cadre, Decision, DecisionItem, DecisionKind, Title, Unit
from planning.choices import RotationOutcome, RotationRuleKind, RotationState
from planning.models import RotationItem, RotationPlan, RotationRule
from planning.services.rounds import hash_of
from tests.factories.personnel import LONG_AGO, make, make_code, make_unit

ROTATION_MODELS = (RotationPlan, RotationItem, RotationRule)
DAY = datetime.date(2025, 12, 1)
NO_ID = 9_999_991

#: What fills the addresses of rotation, leading to nothing; by the keys of `rotation_things`.
NO_ROTATIONS: dict[str, tuple[Any, ...]] = {
    "rotation_plan": (NO_ID,),
    "rotation_submitted": (NO_ID,),
    "rotation_person": (NO_ID, NO_ID),
    "rotation_item": (NO_ID,),
    "rotation_override": (NO_ID, "rotation-in-planning"),
    "rotation_approved": (NO_ID,),
    "rotation_decided": (NO_ID,),
    "rotation_evaluated": (NO_ID, 2025),
    "rotation_ended": (NO_ID,),
}


def rotation_things(unit: Unit, person: Cadre, title: Title) -> dict[str, tuple[Any, ...]]:
    """What fills the addresses of rotation of one unit, by the kind of thing."""
    division = make_unit(parent=unit, name=f"Phòng của {person.full_name}")
    common = {"cadre": person, "from_unit": unit, "to_unit": division, "title": title, "direction": "division"}
    common |= {"begins_on": DAY, "ends_on": datetime.date(2028, 12, 1), "from_post": f"Chức của {person.full_name}"}
    kind = make_code(DecisionKind, "x-luan-chuyen", name="Luân chuyển")
    decision = make(
        Decision, kind=kind, number=f"LC-{unit.code}", signed_on=DAY, issuer="Sở", effective_on=DAY, unit=unit
    )
    make(DecisionItem, decision=decision, cadre=person, position=1)
    opened, submitted = _plan(unit, person, 1), _plan(unit, person, 2, submitted_on=DAY)
    item = make(RotationItem, plan=opened, **common)
    make(RotationItem, plan=submitted, **common)
    approved = make(RotationItem, plan=_approved(unit, person, 3), state=RotationState.APPROVED, **common)
    running = {"decision": decision, "evaluations": [{"year": 2025, "level": "", "text": "Tốt", "is_final": False}]}
    decided = make(RotationItem, plan=_approved(unit, person, 4), state=RotationState.DECIDED, **common, **running)
    ended = make(
        RotationItem,
        plan=_approved(unit, person, 5),
        state=RotationState.ENDED,
        outcome_kind=RotationOutcome.RETURN,
        ended_on=datetime.date(2026, 3, 1),
        **common,
        **running,
    )
    return {
        "rotation_plan": (opened.pk,),
        "rotation_submitted": (submitted.pk,),
        "rotation_person": (opened.pk, person.pk),
        "rotation_item": (item.pk,),
        "rotation_override": (item.pk, "rotation-in-planning"),
        "rotation_approved": (approved.pk,),
        "rotation_decided": (decided.pk,),
        "rotation_evaluated": (decided.pk, 2025),
        "rotation_ended": (ended.pk,),
    }


def rotation_rule() -> RotationRule:
    """A rule of the province, which is everybody's who plans."""
    return make(  # type: ignore[no-any-return]
        RotationRule, kind=RotationRuleKind.BENEFIT, text="Nhà công vụ", basis="Quy định", effective_from=LONG_AGO
    )


def _plan(unit: Unit, person: Cadre, issue: int, **values: Any) -> RotationPlan:
    return make(  # type: ignore[no-any-return]
        RotationPlan,
        year=2026,
        level=ManagingLevel.UNIT,
        unit=unit,
        issue=issue,
        name=f"Luân chuyển {issue} của {person.full_name}",
        **values,
    )


def _approved(unit: Unit, person: Cadre, issue: int) -> RotationPlan:
    content = {"name": "", "unit": "", "aims": "", "items": []}
    frozen = {"is_approved": True, "approved_on": DAY, "content": content, "sha256": hash_of(content)}
    return _plan(unit, person, issue, submitted_on=DAY, **frozen)
