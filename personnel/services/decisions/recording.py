"""What a decision does to one record, noted before it is written: the same plan is shown, checked and applied.

The verbs are those of the record (add, succeed, end, amend), kept set-wise: `personnel.services.changes` writes what
many recorders have noted in a few statements.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.db import models

from personnel.choices import ENDED_STATES, AssignmentKind
from personnel.models import Assignment, Custody, Decision, Employment
from personnel.models.cadres import OfCadre
from personnel.services.changes import RowChanges
from personnel.services.held import HeldRecord
from personnel.services.records import TRACKS

Row = TypeVar("Row", bound=OfCadre)
Verb = Literal["add", "end", "amend"]


class ActRefused(Exception):
    """The record does not allow what the decision says of this person; `str()` is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that a decision adds, ends or amends, with the values before and after by field name."""

    verb: Verb
    row: models.Model
    values: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class Recorder:
    """Notes what a decision does to one record from `day`; the record in memory follows each note."""

    held: HeldRecord
    decision: Decision
    day: datetime.date
    changes: RowChanges
    differences: list[Difference] = field(default_factory=list)

    def add(self, model: type[Row], **values: Any) -> Row:
        """Add a row that rests on the decision."""
        row = model(cadre=self.held.cadre, **self._decided(model, values))
        self._note_new(row)
        return row

    def succeed(self, model: type[Row], **values: Any) -> Row:
        """End what holds on the day and open the next period, which takes over what was left of it.

        On the first day of a period the new fact takes its place, and both decisions stay readable.
        """
        new = model(cadre=self.held.cadre, **{"effective_from": self.day, **self._decided(model, values)})
        same = {name: getattr(new, name) for name in TRACKS[model]}
        holding: Any = self.held.in_force(model, self.day, **same)
        if holding is not None and holding.effective_from == self.day:
            self._replace(holding, new)
            self._follow(holding)
            return holding  # type: ignore[no-any-return]
        if holding is not None:
            new.effective_until = new.effective_until or holding.effective_until  # type: ignore[attr-defined]
            self.amend(holding, "end", effective_until=self.day)
        elif new.effective_until is None:  # type: ignore[attr-defined]
            later = [row.effective_from for row in self.held.track(model, **same) if row.effective_from > self.day]  # type: ignore[attr-defined]
            new.effective_until = min(later, default=None)  # type: ignore[attr-defined]
        self._note_new(new)
        self._follow(new)
        return new

    def end(self, row: Any, day: datetime.date | None = None) -> None:
        """End a period: `day` (else the decision's) is the first on which it no longer holds."""
        last = day or self.day
        if last <= row.effective_from:
            raise ActRefused(
                f"«{row}» bắt đầu ngày {row.effective_from:%d/%m/%Y}, không thể kết thúc từ ngày {last:%d/%m/%Y}."
            )
        self.amend(row, "end", effective_until=last)

    def amend(self, row: models.Model, verb: Verb = "amend", **values: Any) -> None:
        """Set fields of a stored row, or of one noted before."""
        before = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
        if not before:
            return
        for name, value in values.items():
            setattr(row, name, value)
        if row.pk is not None:
            self.changes.edit(row, **values)
            self.differences.append(Difference(verb, row, before))

    def _note_new(self, row: Any) -> None:
        self.changes.inserts.append(row)
        self.held.rows[type(row)].append(row)
        self.held.rows[type(row)].sort(key=lambda other: getattr(other, "effective_from", datetime.date.min))
        self.differences.append(Difference("add", row))

    def _decided(self, model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of a row, resting on the decision where its model knows decisions."""
        knows = any(item.name == "decision" for item in model._meta.concrete_fields)
        return {**values, "decision": self.decision} if knows else dict(values)

    def _replace(self, holding: Any, new: Any) -> None:
        """A second act on the first day of a period."""
        kept = {"cadre", "effective_from", "effective_until", "basis", "decision"}
        values = {
            item.name: getattr(new, item.name)
            for item in type(new)._meta.concrete_fields
            if not item.primary_key and item.name not in kept
        }
        if new.effective_until is not None:
            values["effective_until"] = new.effective_until
        replaced = holding.decision
        if replaced is not None and replaced.pk != self.decision.pk:
            values["basis"] = f"Thay quyết định {replaced.number} ngày {replaced.signed_on:%d/%m/%Y}"[:250]
        self.amend(holding, **values, decision=self.decision)

    def _follow(self, row: Any) -> None:
        """What a fact entails: custody follows the main post; who has left holds no post any more."""
        if isinstance(row, Assignment) and row.kind == AssignmentKind.MAIN and row.unit_id:
            employment = self.held.in_force(Employment, self.day)
            if employment is None or employment.state not in ENDED_STATES:
                self._move_custody(row)
        if isinstance(row, Employment) and row.state in ENDED_STATES:
            for post in self.held.rows[Assignment]:
                if post.effective_from < self.day and post.effective_until is None:
                    self.amend(post, "end", effective_until=self.day)

    def _move_custody(self, post: Assignment) -> None:
        holding = self.held.in_force(Custody, self.day)
        if post.effective_until is None and (holding is None or holding.unit_id != post.unit_id):
            self.succeed(Custody, unit=post.unit)
