"""Writing what a record workbook (sổ hồ sơ) brings: decisions that its rows name, then the rows, in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from hrdb.kernel.models import AuditEvent, User
from personnel.models import Decision, ImportBatch, Unit
from personnel.services.bulk import create_many
from personnel.services.changes import RowChanges
from personnel.services.citing import CitedDecision
from personnel.services.rosters import write_batch


@dataclass
class Citation:
    """A decision that rows name: known, or to be written down; with the new rows and the edits that rest on it."""

    decision: Decision
    rows: list[models.Model] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)

    def settle(self) -> None:
        """Let the rows rest on the decision, which is written by now."""
        for row in self.rows:
            row.decision_id = self.decision.pk  # type: ignore[attr-defined]
        for values in self.edits:
            values["decision_id"] = self.decision.pk


def citations_for(cited: Mapping[CitedDecision, datetime.date]) -> dict[CitedDecision, Citation]:
    """The decisions that rows name, each with the first day for which one names it; one query for all."""
    numbers = [one.number for one in cited]
    known = {_key(one): one for one in Decision.objects.filter(number__any=numbers)} if numbers else {}
    return {
        one: Citation(
            known.get((one.number, one.signed_on, one.issuer))
            or Decision(number=one.number, signed_on=one.signed_on, issuer=one.issuer, effective_on=day)
        )
        for one, day in cited.items()
    }


def _key(decision: Decision) -> tuple[Any, ...]:
    return decision.number, decision.signed_on, decision.issuer


def write_workbook(
    *,
    batch: ImportBatch,
    changes: Sequence[RowChanges],
    citations: Iterable[Citation],
    reason: str,
    acting_user: User | None,
    unit: Unit | None,
) -> AuditEvent:
    """Write the changes of a workbook in one transaction with the batch as cause; all or nothing.

    A reason is needed for whatever changes or takes away what stands in the record. Raises ValidationError without one,
    ChangesRefused with the lines that the record's rules refuse, ServiceRefusal for a batch that is written.
    """
    if not reason.strip() and any(change.edits or change.removals for change in changes):
        raise ValidationError({"reason": "Hãy ghi lý do đính chính."}, code="required")
    named = list(citations)

    def write_decisions() -> None:
        create_many(Decision, [one.decision for one in named if one.decision.pk is None])
        for one in named:
            one.settle()

    return write_batch(
        batch=batch,
        changes=changes,
        acting_user=acting_user,
        unit=unit,
        reason=": ".join(filter(None, [f"Nhập sổ hồ sơ {batch.file_name}", reason.strip()])),
        before=write_decisions,
    )
