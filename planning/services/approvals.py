"""Approving a list with the decision that carries it, which is written down when the register lacks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hrdb.kernel.models import User
from personnel.models import Decision, Unit
from personnel.models.scope import scope_of
from personnel.policies import Action
from personnel.services.numbers import decision_numbered
from personnel.services.records import save_checked
from planning.models import PlanningRound
from planning.services.acting import planning_event
from planning.services.rounds import approve_round


def approve_with_decision(
    *, planning_round: PlanningRound, values: Mapping[str, Any], acting_user: User | None
) -> PlanningRound:
    """Approve a submitted round; `values` are the day, and number, day of signing and issuer of the decision."""
    with planning_event(acting_user=acting_user, reason=f"Phê duyệt {planning_round.name}"):
        decision = None
        if values.get("number"):
            decision = cited_decision(values, acting_user)
        return approve_round(
            planning_round=planning_round, decision=decision, day=values["day"], acting_user=acting_user
        )


def cited_decision(values: Mapping[str, Any], user: User | None) -> Decision:
    """The decision as the register knows it, else an entry that says nothing of the people."""
    number, signed_on = values["number"].strip(), values["signed_on"]
    issuer = (values.get("issuer") or "").strip()
    found = decision_numbered(number, signed_on, issuer)
    if found is not None:
        return found
    unit = _office_of(user)
    made = Decision(number=number, signed_on=signed_on, issuer=issuer, effective_on=signed_on, unit=unit)
    save_checked(made)
    return made


def _office_of(user: User | None) -> Unit | None:
    roots = scope_of(user, Action.APPROVE).roots
    return Unit.objects.filter(pk=roots[0]).first() if roots else None
