"""Decisions for tests: people, a signature, and entering after the fact in one call."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from personnel.models import Cadre, Decision, DecisionKind, Unit
from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.signing import Signature, enter_signed
from tests.factories.personnel import make_code

_serial = itertools.count(1)

D = datetime.date
SIGNED = D(2026, 3, 20)
EFFECTIVE = D(2026, 4, 1)


def signature(**values: Any) -> Signature:
    """A signature with a number of its own."""
    return Signature(
        **{
            "number": f"{next(_serial)}/QĐ-UBND",
            "signed_on": SIGNED,
            "issuer": "UBND tỉnh",
            "signer": "Trần A",
            **values,
        }
    )


def enter(
    key: str,
    people: Sequence[Cadre | tuple[Cadre | None, Mapping[str, Any]]],
    *,
    effective_on: datetime.date = EFFECTIVE,
    acting_user: Any = None,
    signed: Mapping[str, Any] | None = None,
    overrides: Mapping[str, str] | None = None,
    target: Decision | None = None,
    drawn_up_by: Unit | None = None,
    **terms: Any,
) -> Decision:
    """A signed decision of a kind; terms are common, values beside a person are his own."""
    act = decision_acts[key]
    make_code(DecisionKind, act.code, name=act.label)
    pairs: list[tuple[Cadre | None, Mapping[str, Any]]] = [
        person if isinstance(person, tuple) else (person, {}) for person in people
    ]
    common = {item.key for item in act.common_fields}
    own = {name: value for name, value in terms.items() if name not in common}
    head = {"target": target} if target is not None else {}
    return enter_signed(
        act=act,
        unit=drawn_up_by,
        effective_on=effective_on,
        terms={name: value for name, value in terms.items() if name in common},
        people=[(cadre, {**own, **values}) for cadre, values in pairs],
        signature=signature(**(signed or {})),
        acting_user=acting_user,
        overrides=overrides,
        **head,
    )
