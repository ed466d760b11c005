"""Cases of reorganisation for the sample province: of each side one open, one rehearsed and one carried out."""

from __future__ import annotations

import datetime
from typing import Any

from personnel.choices import PlacementOutcome, ReorganisationState, StepKind
from personnel.models import (
    Cadre,
    Decision,
    Reorganisation,
    ReorganisationDecision,
    ReorganisationPlacement,
    ReorganisationStep,
    Unit,
)
from tests.factories.personnel import make

#: Tables whose ids begin far away, so that an id is told from any other number on a page.
CASE_MODELS = (Reorganisation, ReorganisationStep, ReorganisationDecision, ReorganisationPlacement)

DAY = datetime.date(2030, 1, 1)

#: What fills the addresses of cases, leading to nothing; by the keys of `case_things`.
NO_CASES: dict[str, tuple[Any, ...]] = {
    "case": (9_999_991,),
    "case_kind": (9_999_991, "merge"),
    "case_step": (9_999_991, 9_999_991),
    "case_step_act": (9_999_991, 9_999_991, "len"),
    "case_person": (9_999_991, 9_999_991),
    "case_basis": (9_999_991, 9_999_991),
    "case_placement": (9_999_991, 9_999_991),
    "case_split": (9_999_991, "KHONG-CO"),
    "case_rehearsed": (9_999_991,),
    "case_applied": (9_999_991,),
}


def case_things(unit: Unit, person: Cadre, decision: Decision) -> dict[str, tuple[Any, ...]]:
    """What fills the addresses of cases of one unit, by the kind of thing."""
    title = f"Sắp xếp theo {decision.number}"
    opened = make(Reorganisation, title=title, day=DAY, unit=unit)
    step = make(
        ReorganisationStep, case=opened, position=1, kind=StepKind.SPLIT, sources=[unit.code], targets=["MOI"],
        values={"keeps": True},
    )  # fmt: skip
    basis = make(ReorganisationDecision, case=opened, decision=decision, position=1)
    said = make(ReorganisationPlacement, case=opened, cadre=person, outcome=PlacementOutcome.FOLLOW, unit_code="MOI")
    rehearsed, applied = (
        make(Reorganisation, title=title, day=DAY, unit=unit, state=state)
        for state in (ReorganisationState.REHEARSED, ReorganisationState.APPLIED)
    )
    return {
        "case": (opened.pk,),
        "case_kind": (opened.pk, "merge"),
        "case_step": (opened.pk, step.pk),
        "case_step_act": (opened.pk, step.pk, "len"),
        "case_person": (opened.pk, person.pk),
        "case_basis": (opened.pk, basis.pk),
        "case_placement": (opened.pk, said.pk),
        "case_split": (opened.pk, unit.code),
        "case_rehearsed": (rehearsed.pk,),
        "case_applied": (applied.pk,),
    }
