"""What a decision does to one record, noted before it is written: the same plan is shown, checked and applied.

The verbs are those of the record (add, succeed, end, amend), kept set-wise: `personnel.services.changes` writes what
many recorders have noted in a few statements.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.db import models

from personnel.choices import ENDED_STATES, AssignmentKind
from personnel.models import Allowance, Assignment, Custody, Decision, Employment, PayStep
from personnel.models.cadres import OfCadre
from personnel.services.changes import RowChanges
from personnel.services.held import HeldRecord
from personnel.services.records import TRACKS

Row = TypeVar("Row", bound=OfCadre)
Verb = Literal["add", "end", "amend"]


#: Rows named in a refusal; the rest are counted.
NAMED = 5
#: What nobody is paid after the work has ended.
PAID: tuple[type[OfCadre], ...] = (PayStep, Allowance)


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
    """Notes what a decision does to one record from `day`; the record in memory follows each note.

    What begins later in the record stands in the way of what would end or change its track, except in the tracks of
    `inserts`, whose history may be entered late.
    """

    held: HeldRecord
    decision: Decision
    day: datetime.date
    changes: RowChanges
    inserts: tuple[type[models.Model], ...] = ()
    differences: list[Difference] = field(default_factory=list)

    def add(self, model: type[Row], **values: Any) -> Row:
        """Add a row that rests on the decision."""
        row = model(cadre=self.held.cadre, **self._decided(model, values))
        self._note_new(row)
        return row

    def succeed(self, model: type[Row], *, is_final: bool = False, **values: Any) -> Row:
        """End what holds on the day and open the next period, which takes over what was left of it.

        On the first day of a period the new fact takes its place, and both decisions stay readable. After a final fact
        nothing of what the ended period had to be followed by comes any more.
        """
        new = model(cadre=self.held.cadre, **{"effective_from": self.day, **self._decided(model, values)})
        same = {name: getattr(new, name) for name in TRACKS[model]}
        holding: Any = self.held.in_force(model, self.day, **same)
        later: list[Any] = [row for row in self.held.track(model, **same) if row.effective_from > self.day]  # type: ignore[attr-defined]
        following = self.following(holding)
        if model is not Custody and model not in self.inserts:
            self.refuse_later(row for row in later if row is not following)
        if holding is not None and is_final and following is not None:
            return self._end_for_good(holding, following, new)  # type: ignore[no-any-return]
        if holding is not None and holding.effective_from == self.day:
            self._replace(holding, new)
            self._follow(holding)
            return holding  # type: ignore[no-any-return]
        if holding is not None:
            new.effective_until = new.effective_until or holding.effective_until  # type: ignore[attr-defined]
            self.amend(holding, "end", effective_until=self.day)
        elif new.effective_until is None:  # type: ignore[attr-defined]
            new.effective_until = min((row.effective_from for row in later), default=None)  # type: ignore[attr-defined]
        self._note_new(new)
        self._follow(new)
        return new

    def following(self, row: Any) -> Any:
        """What the decision of a period itself lets follow at its end (work again after a suspension); None else."""
        if row is None or row.effective_until is None or row.decision_id is None:
            return None
        others = self.held.track(type(row), **{name: getattr(row, name) for name in TRACKS.get(type(row), ())})
        return next(
            (
                other
                for other in others
                if other.effective_from == row.effective_until and other.decision_id == row.decision_id
            ),
            None,
        )

    def refuse_later(self, rows: Iterable[Any]) -> None:
        """Refuse, naming them, when rows of the record begin later than what would be entered before them."""
        later = sorted(rows, key=lambda row: row.effective_from)
        if not later:
            return
        named = "; ".join(_named(row) for row in later[:NAMED])
        more = f" và {len(later) - NAMED} nội dung khác" if len(later) > NAMED else ""
        raise ActRefused(
            f"Sau ngày {self.day:%d/%m/%Y} hồ sơ đã ghi: {named}{more}. Hãy hủy bỏ, thu hồi các quyết định đó hoặc sửa "
            "các nội dung đó trước, hoặc xem lại ngày có hiệu lực."
        )

    def _end_for_good(self, holding: Any, following: Any, new: Any) -> Any:
        """The period that had to follow begins on the day and says the new fact."""
        values = _values_of(new) | {"effective_until": new.effective_until}
        if holding.effective_from == self.day:
            raise ActRefused(f"«{holding}» bắt đầu đúng ngày {self.day:%d/%m/%Y}: hãy hủy bỏ quyết định đó trước.")
        self.amend(holding, "end", effective_until=self.day)
        self.amend(following, **values, effective_from=self.day, decision=self.decision)
        self._follow(following)
        return following

    def end(self, row: Any, day: datetime.date | None = None) -> None:
        """End a period: `day` (else the decision's) is the first on which it no longer holds."""
        last = day or self.day
        if last <= row.effective_from:
            raise ActRefused(
                f"«{row}» bắt đầu ngày {row.effective_from:%d/%m/%Y}, không thể kết thúc từ ngày {last:%d/%m/%Y}."
            )
        self.amend(row, "end", effective_until=last)

    def end_side_post(self, post: Assignment) -> None:
        """End a post beside the main one; the same post taken up again later stands in the way."""
        same = {name: getattr(post, name) for name in ("kind", "unit_id", "title_id")}
        others = self.held.track(Assignment, **same)
        self.refuse_later(row for row in others if row is not post and row.effective_from > self.day)
        self.end(post)

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
        values = _values_of(new)
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
            posts = list(self.held.rows[Assignment])
            paid = [one for model in PAID for one in self.held.rows[model] if one.effective_from > self.day]
            self.refuse_later([*(post for post in posts if post.effective_from >= self.day), *paid])
            for post in posts:
                if post.effective_until is None or post.effective_until > self.day:
                    self.amend(post, "end", effective_until=self.day)

    def _move_custody(self, post: Assignment) -> None:
        holding = self.held.in_force(Custody, self.day)
        if post.effective_until is None and (holding is None or holding.unit_id != post.unit_id):
            self.succeed(Custody, unit=post.unit)


def _values_of(row: models.Model) -> dict[str, Any]:
    """What a period says, without whose it is, when it holds and on what it rests."""
    kept = {"cadre", "effective_from", "effective_until", "basis", "decision"}
    return {
        item.name: getattr(row, item.name)
        for item in type(row)._meta.concrete_fields
        if not item.primary_key and item.name not in kept
    }


def _named(row: Any) -> str:
    """A row in a refusal: what, since when, and by which decision."""
    decision = f" ({row.decision})" if row.decision_id is not None else ""
    return f"{row._meta.verbose_name} «{row}» từ ngày {row.effective_from:%d/%m/%Y}{decision}"
