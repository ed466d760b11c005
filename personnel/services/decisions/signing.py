"""Signing a decision: number, day and signer come from paper, and everything is written in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from hrdb.kernel.audit import writing
from hrdb.kernel.models import AuditEvent, User
from personnel.choices import DecisionState
from personnel.models import Cadre, Decision, DecisionItem, Unit
from personnel.policies import Action
from personnel.services.bulk import update_many
from personnel.services.changes import ChangesRefused, confirm_people, write_changes
from personnel.services.decisions.cases import DecisionRefused, Planned, asks_for_word, plan, refusals
from personnel.services.decisions.kinds import DecisionAct
from personnel.services.decisions.register import draw_up, locked_decision
from personnel.services.decisions.revising import apply_revision
from personnel.services.errors import ServiceRefusal
from personnel.services.numbers import refuse_same_number
from personnel.services.records import save_checked

#: Reads what a trial wrote, by the id of its event, before it is taken back.
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the signed paper says: number, day, issuer, signer and, where it came, the scan's stored name."""

    number: str
    signed_on: datetime.date
    issuer: str
    signer: str = ""
    signer_title: str = ""
    file: str = ""


def sign_decision(
    *, decision: Decision, signature: Signature, acting_user: User | None, is_entered: bool = False
) -> Decision:
    """Record that a draft was signed, and write what it says of everybody, from the effective day (it may be to come).

    `is_entered`: it was signed before it came here, so what is not met is entered with its reason.

    Raises DecisionRefused with sentences by place when somebody does not meet what may not be passed over, or
    ValidationError for a number that the register has already. Nothing is written then.
    """
    with writing(acting_user=acting_user, reason=_reason(signature), cause=decision) as event:
        current = locked_decision(decision, acting_user=acting_user)
        if current.is_issued:
            raise ServiceRefusal("Quyết định này đã ký rồi.")
        if signature.signed_on > timezone.localdate():
            raise ValidationError({"signed_on": "Ngày ký không thể sau hôm nay."}, code="ahead")
        for name in ("number", "signed_on", "issuer", "signer", "signer_title", "file"):
            setattr(current, name, getattr(signature, name) or getattr(current, name))
        current.state, current.signing = DecisionState.SIGNED, event
        refuse_same_number(current)
        save_checked(current)
        apply_decision(current, event=event, acting_user=acting_user, is_entered=is_entered)
        return current


def apply_decision(
    decision: Decision, *, event: AuditEvent, acting_user: User | None, is_entered: bool = False
) -> None:
    """Write what a decision says of everybody, inside the open event of its signing."""
    if decision.target_id is not None:
        apply_revision(decision, event=event, acting_user=acting_user, rewrite=_write_again)
    _write_people(decision, acting_user, is_entered=is_entered)


def _write_again(decision: Decision, acting_user: User | None) -> None:
    """What was signed long ago, as it is put right."""
    _write_people(decision, acting_user, is_entered=True)


def _write_people(decision: Decision, acting_user: User | None, *, is_entered: bool) -> None:
    planned = plan(decision, acting_user=acting_user, lock=True, is_entered=is_entered)
    if not planned and decision.target_id is None:
        raise ServiceRefusal("Quyết định chưa có người nào.")
    if found := refusals(planned):
        raise DecisionRefused(found, planned)
    _write(planned, acting_user)


def _write(planned: Sequence[Planned], acting_user: User | None) -> None:
    changes = [one.changes for one in planned]
    try:
        write_changes([change for change in changes if not change.is_empty])
    except ChangesRefused as refused:
        by_place: dict[int, list[str]] = {}
        for place, message in refused.faults:
            by_place.setdefault(place, []).append(message)
        raise DecisionRefused(by_place, planned) from refused
    _freeze(planned)
    confirm_people(changes, acting_user=acting_user)


def _freeze(planned: Sequence[Planned]) -> None:
    """Keep the findings as they were, with the reasons for those not met, and tie newcomers to their new records."""
    rows = []
    for one in planned:
        item = one.case.item
        item.findings = [found.as_json() for found in one.kept]
        answered = {found.key for found in one.findings if found.outcome == "not_met" or asks_for_word(found)}
        item.overrides = {key: reason for key, reason in item.overrides.items() if key in answered}
        if one.changes.cadre is not None:
            item.cadre = one.changes.cadre
        rows.append(item)
    update_many(DecisionItem, rows, ["findings", "overrides", "cadre"])


def enter_signed(
    *,
    act: DecisionAct,
    unit: Unit | None,
    effective_on: datetime.date,
    terms: Mapping[str, Any],
    people: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
    signature: Signature,
    acting_user: User | None,
    overrides: Mapping[str, str] | None = None,
    **head: Any,
) -> Decision:
    """Enter a decision after the fact: register, people and record in one transaction and one event.

    `overrides` pass over conditions by rule key with the reason, for everybody who does not meet them.
    """
    with writing(acting_user=acting_user, reason=_reason(signature)):
        decision = draw_up(
            act=act,
            unit=unit,
            effective_on=effective_on,
            terms=terms,
            people=people,
            overrides=overrides,
            acting_user=acting_user,
            **head,
        )
        return sign_decision(decision=decision, signature=signature, acting_user=acting_user, is_entered=True)


def rehearse(
    *,
    act: DecisionAct,
    unit: Unit | None,
    effective_on: datetime.date,
    terms: Mapping[str, Any],
    people: Sequence[tuple[Cadre | None, Mapping[str, Any]]],
    acting_user: User | None,
    signed_on: datetime.date | None = None,
    is_entered: bool = False,
    overrides: Mapping[str, str] | None = None,
    tell: Tell | None = None,
    **head: Any,
) -> list[Planned]:
    """How everybody of a decision would be checked if it were drawn up so; nothing stays written.

    A revision is carried out for trial: raises what signing would refuse, and hands `tell` the event that holds what it
    did, while that can still be read.
    """
    with transaction.atomic():
        with writing(acting_user=acting_user, reason=f"Kiểm tra {act.label}") as event:
            decision = draw_up(
                act=act,
                unit=unit,
                effective_on=effective_on,
                terms=terms,
                people=people,
                overrides=overrides,
                acting_user=acting_user,
                **head,
            )
            decision.signed_on = signed_on
            planned = _try(decision, event, acting_user, tell, is_entered=is_entered)
        transaction.set_rollback(True)
    return planned


def rehearse_draft(*, decision: Decision, acting_user: User | None, tell: Tell | None = None) -> list[Planned]:
    """The same for a draft as it stands."""
    with transaction.atomic():
        with writing(acting_user=acting_user, reason="Kiểm tra dự thảo") as event:
            current = locked_decision(decision, acting_user=acting_user, actions=(Action.DECIDE, Action.APPROVE))
            planned = _try(current, event, acting_user, tell, is_entered=False)
        transaction.set_rollback(True)
    return planned


def _try(
    decision: Decision, event: AuditEvent, acting_user: User | None, tell: Tell | None, *, is_entered: bool
) -> list[Planned]:
    """Carry a revision out, check everybody, and write what nothing stands against; told and then taken back."""
    if decision.target_id is not None:
        apply_revision(decision, event=event, acting_user=acting_user, rewrite=_write_again)
    planned = plan(decision, acting_user=acting_user, is_entered=is_entered)
    if decision.target_id is not None and not refusals(planned):
        _write(planned, acting_user)
    if decision.target_id is not None and tell is not None:
        tell(event.pk)
    return planned


def _reason(signature: Signature) -> str:
    return f"Quyết định {signature.number} ngày {signature.signed_on:%d/%m/%Y}"
