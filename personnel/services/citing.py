"""Facts that rest on a decision (quyết định): a form names it by number, day and issuer; it is found or made."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Max

from hrdb.kernel.audit import writing
from hrdb.kernel.models import User
from personnel.models import Cadre, Decision, DecisionItem, Unit
from personnel.models.cadres import OfCadre
from personnel.services.cadres import create_cadre
from personnel.services.numbers import decision_numbered
from personnel.services.records import add_row, correct_row, save_checked, succeed_row

Row = TypeVar("Row", bound=OfCadre)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDecision:
    """A decision as a form names it; numbers repeat, so number, day and issuer together are the key."""

    number: str
    signed_on: datetime.date
    issuer: str


def cite(
    cited: CitedDecision | None, *, effective_on: datetime.date | None = None, cadre: Cadre | None = None
) -> Decision | None:
    """The decision that is named, written down when it is new; inside an open audit event.

    The register lists the person among those of a decision that is only cited; one that the register itself has
    written keeps the people whom it was signed for.
    """
    if cited is None:
        return None
    found = decision_numbered(cited.number, cited.signed_on, cited.issuer)
    if found is None:
        found = Decision(
            number=cited.number,
            signed_on=cited.signed_on,
            issuer=cited.issuer,
            effective_on=effective_on or cited.signed_on,
        )
        save_checked(found)
    if cadre is not None:
        _list_person(found, cadre)
    return found


def _list_person(decision: Decision, cadre: Cadre) -> None:
    """Put a person among those of a decision that is only cited."""
    if decision.signing_id is not None or decision.items.filter(cadre=cadre).exists():
        return
    last = decision.items.aggregate(last=Max("position"))["last"] or 0
    save_checked(DecisionItem(decision=decision, cadre=cadre, position=last + 1))


def add_cited(
    *,
    cadre: Cadre,
    model: type[Row],
    values: Mapping[str, Any],
    cited: CitedDecision | None,
    acting_user: User | None,
    reason: str = "",
) -> Row:
    """`records.add_row` with the decision that a form names."""
    with writing(acting_user=acting_user, reason=reason, subject=cadre):
        decision = cite(cited, effective_on=values.get("effective_from"), cadre=cadre)
        return add_row(
            cadre=cadre, model=model, values=values, decision=decision, acting_user=acting_user, reason=reason
        )


def create_cited(
    *,
    values: Mapping[str, Any],
    unit: Unit,
    day: datetime.date,
    employment: Mapping[str, Any],
    assignment: Mapping[str, Any] | None,
    cited: CitedDecision | None,
    acting_user: User | None,
    reason: str = "",
) -> Cadre:
    """`cadres.create_cadre` with the decision that a form names."""
    with writing(acting_user=acting_user, reason=reason, subject=unit) as event:
        decision = cite(cited, effective_on=day)
        cadre = create_cadre(
            values=values,
            unit=unit,
            day=day,
            employment=employment,
            assignment=assignment,
            decision=decision,
            acting_user=acting_user,
            reason=reason,
        )
        if decision is not None:
            _list_person(decision, cadre)
        event.details["cadre"] = cadre.pk
        return cadre


def succeed_cited(
    *,
    cadre: Cadre,
    model: type[Row],
    values: Mapping[str, Any],
    cited: CitedDecision | None,
    acting_user: User | None,
    reason: str = "",
) -> Row:
    """`records.succeed_row` with the decision that a form names; `values` holds «effective_from»."""
    rest = dict(values)
    day = rest.pop("effective_from")
    with writing(acting_user=acting_user, reason=reason, subject=cadre):
        decision = cite(cited, effective_on=day, cadre=cadre)
        return succeed_row(
            cadre=cadre,
            model=model,
            values=rest,
            effective_from=day,
            decision=decision,
            acting_user=acting_user,
            reason=reason,
        )


def correct_cited(
    *,
    row: Row,
    values: Mapping[str, Any],
    cited: CitedDecision | None,
    version: int | None,
    acting_user: User | None,
    reason: str,
) -> Row:
    """`records.correct_row` with the decision that a form names; without one the row rests on none."""
    with writing(acting_user=acting_user, reason=reason, subject=row.cadre):
        decision = cite(cited, effective_on=values.get("effective_from"), cadre=row.cadre)
        return correct_row(
            row=row, values=values, version=version, decision=decision, acting_user=acting_user, reason=reason
        )
