"""Drafts for texts, and reading what was written."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document

from personnel.models import Cadre, Decision, DecisionKind, Unit
from personnel.services.decisions import acts  # noqa: F401  the kinds register themselves
from personnel.services.decisions.kinds import decision_acts
from personnel.services.decisions.register import add_people, draft_decision
from tests.factories.personnel import make_code
from tests.personnel.decisions.making import EFFECTIVE


def draft(
    key: str,
    people: Sequence[Cadre | tuple[Cadre | None, Mapping[str, Any]]],
    *,
    unit: Unit | None = None,
    acting_user: Any = None,
    head: Mapping[str, Any] | None = None,
    **terms: Any,
) -> Decision:
    """A draft of a kind; terms hold for everybody, values beside a person are his own."""
    act = decision_acts[key]
    make_code(DecisionKind, act.code, name=act.label)
    decision = draft_decision(
        act=act,
        unit=unit,
        effective_on=terms.pop("effective_on", EFFECTIVE),
        terms=terms,
        acting_user=acting_user,
        **(head or {}),
    )
    pairs = [person if isinstance(person, tuple) else (person, {}) for person in people]
    add_people(decision=decision, act=act, people=pairs, acting_user=acting_user)
    return decision


def paragraphs(content: bytes) -> list[str]:
    """Every paragraph of a Word file that says something, tables included."""
    document = Document(io.BytesIO(content))
    told: list[str] = []
    for block in document.element.body.iter():
        if block.tag.endswith("}p"):
            text = "".join(node.text or "" for node in block.iter() if node.tag.endswith("}t"))
            told += [text.strip()] if text.strip() else []
    return told
